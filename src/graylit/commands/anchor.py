"""Fill in where codings sit: from a segment, or from quoted words, to place, digests and fingerprint (`make anchor`).

With --seal the tables are copied without quoted words, ready for publication (`make seal`); nothing else changes.
"""

import argparse
import contextlib
import csv
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from graylit.anchors.fingerprints import Words, digest_exact
from graylit.study.checking import require_study
from graylit.study.locks import hold_table
from graylit.study.study import CODINGS_FOLDER
from graylit.study.writing import PLACE, drop_words, fill_place, replace_file
from graylit.tables.faults import Fault, InputError, describe_faults
from graylit.tables.preparation import SEGMENTS
from graylit.tables.records import format_record, join_records, split_records
from graylit.tables.rows import Row


def find_span(row: Row, text: str, segments: Mapping[str, tuple[str, int, int]]) -> tuple[int, int] | str:
    """Return the place a row means, or what is wrong with it."""
    if row["start"]:
        start, end = int(row["start"]), int(row["end"])
        if end > len(text):
            return f"{start}-{end} lies beyond the text, which has {len(text)} characters"
        if row["exact"] and text[start:end] != row["exact"]:
            return f"the words at {start}-{end} are not those quoted"
        if row["exact_sha256"] and digest_exact(text[start:end]) != row["exact_sha256"]:
            return f"the words at {start}-{end} are not those of exact_sha256"
        return (start, end)
    source_id, start, end = segments.get(row["segment_id"], (row["source_id"], 0, len(text)))
    if row["segment_id"] and row["segment_id"] not in segments:
        return f"there is no segment {row['segment_id']}"
    if source_id != row["source_id"]:
        return f"segment {row['segment_id']} is of {source_id}, the row of {row['source_id']}"
    return find_quote(row, text, start, end) if row["exact"] else (start, end)


def find_quote(row: Row, text: str, start: int, end: int) -> tuple[int, int] | str:
    """Return the only place of a quote between `start` and `end`, or what is wrong: it is nowhere, or not alone."""
    wanted = row["prefix"] + row["exact"] + row["suffix"]
    places, at = [], text.find(wanted, start, end)
    while at >= 0:
        places.append((at + len(row["prefix"]), at + len(row["prefix"]) + len(row["exact"])))
        at = text.find(wanted, at + 1, end)
    if len(places) == 1:
        return places[0]
    if not places:
        return "the quote stands nowhere in the text"
    shown = ", ".join(f"{first}-{last}" for first, last in places[:5])
    return f"the quote stands at {len(places)} places: {shown}"


def anchor_rows(
    rows: list[Row], file: str, read_words: Callable[[str], Words | None], segments: Mapping[str, tuple[str, int, int]]
) -> tuple[list[Row], list[Fault]]:
    """Return the rows with places filled in where they lack one, and a fault for each that cannot be placed."""
    filled, faults = [], []
    for number, row in enumerate(rows, start=2):
        has_wish = row["segment_id"] or row["exact"] or row["start"]
        if row["fingerprint"] or not has_wish:
            filled.append(row)
            continue
        words = read_words(row["source_id"])
        span = "its source has no text" if words is None else find_span(row, words.text, segments)
        if isinstance(span, str):
            filled.append(row)
            value = (row["exact"] or row["segment_id"] or row["start"])[:60]
            remedy = "lengthen the quote, add prefix or suffix, or give start and end"
            faults.append(Fault(file, span, "exactly one place", remedy, number, row["coding_id"], value))
        else:
            filled.append(fill_place(row, span, words))
    return filled, faults


def list_columns(records: list[str]) -> tuple[list[str], list[str]]:
    """Return the columns that a table has, and the same with those of the place where they were missing."""
    header = next(csv.reader(records[:1]))
    at = header.index("source_id") + 1
    return header, header[:at] + [name for name in PLACE if name not in header] + header[at:]


def format_anchored(rows: list[Row], given: list[Row], records: list[str]) -> str:
    """Return a coder's table as CSV; rows that are as given stay as they were written, unless columns were added."""
    header, names = list_columns(records)
    if names != header:
        return _format_rows(rows, names)
    lines = [
        record if row is old else format_record(row[name] for name in names)
        for row, old, record in zip(rows, given, records[1:], strict=True)
    ]
    return join_records([records[0], *lines])


def _format_rows(rows: list[Row], names: list[str]) -> str:
    return join_records(map(format_record, [names, *([row[name] for name in names] for row in rows)]))


def read_segments(path: Path) -> dict[str, tuple[str, int, int]]:
    """Return (source_id, start, end) of each segment."""
    if not path.exists():
        return {}
    table = SEGMENTS.read(path)
    return {row.segment_id: (row.source_id, int(row.start), int(row.end)) for row in table.itertuples()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", nargs="?", type=Path, default=Path())
    parser.add_argument("--seal", type=Path, help="copy config/ to this folder, without quoted words")
    arguments = parser.parse_args()
    folder = arguments.study / "data/processed/texts"
    known: dict[str, Words | None] = {}

    def read_words(source_id: str) -> Words | None:
        """Return the words of a source's text, None where it has none."""
        if source_id not in known:
            path = folder / f"{source_id}.txt"
            known[source_id] = Words(path.read_bytes().decode("utf-8")) if path.exists() else None
        return known[source_id]

    held = contextlib.ExitStack()  # until the end: nobody adds rows between reading and writing
    try:
        for path in [] if arguments.seal else sorted((arguments.study / CODINGS_FOLDER).glob("*.csv")):
            held.enter_context(hold_table(arguments.study, path.stem))
        study = require_study(arguments.study)
        segments = read_segments(arguments.study / "data/processed/segments.csv")
        tables, faults = {}, []
        for coder, rows in study.codings.items():
            tables[coder], more = anchor_rows(rows.cells, rows.file, read_words, segments)
            faults += more
        if faults:
            raise InputError(faults)
    except InputError as error:
        sys.exit(describe_faults(error.faults))
    target = arguments.study
    if arguments.seal:
        target = arguments.seal
        if (target / "config").exists():
            sys.exit(f"{target}/config is there already; name another folder, nothing was written")
        shutil.copytree(arguments.study / "config", target / "config")
    for coder, rows in tables.items():
        given = (arguments.study / CODINGS_FOLDER / f"{coder}.csv").read_bytes().decode("utf-8")
        records = split_records(given)
        content = format_anchored(rows, study.codings[coder].cells, records)
        if arguments.seal:
            replace_file(target / CODINGS_FOLDER / f"{coder}.csv", drop_words(content))
        elif any(row is not old for row, old in zip(rows, study.codings[coder].cells, strict=True)):
            replace_file(target / CODINGS_FOLDER / f"{coder}.csv", content)
    n_rows = sum(map(len, tables.values()))
    print(f"{n_rows} codings of {len(tables)} coders in {target / CODINGS_FOLDER}: each has its place and fingerprint")
