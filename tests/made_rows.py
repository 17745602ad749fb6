"""Rows as steps and collection write them, for tests."""

import csv
from dataclasses import replace

from graylit.runs.made import RECORD, Making, digest_path, read_record, write_record
from graylit.tables.collection import CAPTURES


def write_made(path, contract, rows):
    """Write rows of a table that a step makes; cells not given are empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, contract.names, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def record_made(folder):
    """Have the tables in data/processed count as made the way they are."""
    makers = read_record(folder)
    for table in (folder / "data/processed").glob("*.csv"):
        path = table.relative_to(folder).as_posix()
        makers[path] = replace(makers.get(path, Making("", {}, {})), outputs={path: digest_path(table)})
    (folder / RECORD).parent.mkdir(exist_ok=True)
    write_record(folder, makers)
    return folder


def capture(number, outcome, url="https://example.org/barrels", source_id="S001"):
    return {"capture_id": f"{source_id}-{number}", "source_id": source_id, "url": url, "outcome": outcome}


def write_captures(folder, *captures):
    known = {"origin": "live", "attempted_at": "2026-03-02T09:00:00Z"}
    write_made(folder / "data/raw/captures.csv", CAPTURES, [known | row for row in captures])
    return folder / "data/raw/captures.csv"
