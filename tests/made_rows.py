"""Rows as steps and collection write them, for tests."""

import csv

from graylit.tables.collection import CAPTURES


def write_made(path, contract, rows):
    """Write rows of a table that a step makes; cells not given are empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, contract.names, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def capture(number, outcome, url="https://example.org/barrels", source_id="S001"):
    return {"capture_id": f"{source_id}-{number}", "source_id": source_id, "url": url, "outcome": outcome}


def write_captures(folder, *captures):
    known = {"origin": "live", "attempted_at": "2026-03-02T09:00:00Z"}
    write_made(folder / "data/raw/captures.csv", CAPTURES, [known | row for row in captures])
    return folder / "data/raw/captures.csv"
