"""Where codings sit: from a segment, or from quoted words, to place, digests and fingerprint."""

import contextlib
import csv
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from graylit.anchors.fingerprints import Words, digest_exact
from graylit.pages.wording import count_things
from graylit.study.checking import require_study
from graylit.study.locks import hold_table
from graylit.study.study import CODINGS_FOLDER, Study, list_peoples, list_published
from graylit.study.writing import PLACE, drop_words, fill_place, guard_table
from graylit.tables.faults import Fault, InputError
from graylit.tables.files import replace_file
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
    """Return the rows with missing places filled in, and a fault for each that cannot be placed."""
    filled, faults = [], []
    for number, row in enumerate(rows, start=2):
        has_wish = row["segment_id"] or row["exact"] or row["start"]
        if row["fingerprint"] or not has_wish:
            filled.append(row)
            continue
        words = read_words(row["source_id"])
        placed = "its source has no text" if words is None else _place_row(row, words, segments)
        if isinstance(placed, str):
            filled.append(row)
            value = (row["exact"] or row["segment_id"] or row["start"])[:60]
            remedy = "lengthen the quote, add prefix or suffix, or give start and end"
            faults.append(Fault(file, placed, "exactly one place", remedy, number, row["coding_id"], value))
        else:
            filled.append(placed)
    return filled, faults


def _place_row(row: Row, words: Words, segments: Mapping[str, tuple[str, int, int]]) -> Row | str:
    """Return a row with its place filled in, or why it has none."""
    span = find_span(row, words.text, segments)
    return span if isinstance(span, str) else fill_place(row, span, words)


def list_columns(records: list[str]) -> tuple[list[str], list[str]]:
    """Return the columns that a table has, and the same with the missing columns of the place added."""
    header = next(csv.reader(records[:1]))
    at = header.index("source_id") + 1
    return header, header[:at] + [name for name in PLACE if name not in header] + header[at:]


def format_anchored(rows: list[Row], before: list[Row], records: list[str]) -> str:
    """Return a coder's table as CSV; rows that are as before stay as they were written, unless columns were added."""
    header, names = list_columns(records)
    if names != header:
        return _format_rows(rows, names)
    lines = [
        record if row is old else format_record(row[name] for name in names)
        for row, old, record in zip(rows, before, records[1:], strict=True)
    ]
    return join_records([records[0], *lines])


def _format_rows(rows: list[Row], names: list[str]) -> str:
    return join_records(map(format_record, [names, *([row[name] for name in names] for row in rows)]))


def read_segments(path: Path) -> dict[str, tuple[str, int, int]]:
    """Return (source_id, start, end) of each segment."""
    if not path.exists():
        return {}
    table = SEGMENTS.read(path)
    columns = (table[name] for name in ("segment_id", "source_id", "start", "end"))
    return {
        segment_id: (source_id, int(start), int(end))
        for segment_id, source_id, start, end in zip(*columns, strict=True)
    }


class WordsOf:
    """The words of a study's sources, each read once."""

    def __init__(self, study: Path) -> None:
        self._folder = study / "data/processed/texts"
        self._known: dict[str, Words | None] = {}

    def __call__(self, source_id: str) -> Words | None:
        """Return the words of a source's text; None if it has none."""
        if source_id not in self._known:
            path = self._folder / f"{source_id}.txt"
            self._known[source_id] = Words(path.read_bytes().decode("utf-8")) if path.exists() else None
        return self._known[source_id]


def place_codings(folder: Path, study: Study) -> dict[str, list[Row]]:
    """Return every coder's rows with their places. Raises InputError for rows that cannot be placed."""
    segments = read_segments(folder / "data/processed/segments.csv")
    read_words = WordsOf(folder)
    tables, faults = {}, []
    for coder, rows in study.codings.items():
        tables[coder], more = anchor_rows(rows.cells, rows.file, read_words, segments)
        faults += more
    if faults:
        raise InputError(faults)
    return tables


def format_tables(folder: Path, study: Study, tables: Mapping[str, list[Row]]) -> dict[str, str]:
    """Return the content of each coder's table, by coder."""
    return {
        coder: format_anchored(rows, study.codings[coder].cells, _read_records(folder, coder))
        for coder, rows in tables.items()
    }


def _read_records(folder: Path, coder: str) -> list[str]:
    return split_records((folder / CODINGS_FOLDER / f"{coder}.csv").read_bytes().decode("utf-8"))


def anchor_codings(folder: Path) -> str:
    """Fill in the places of codings in the coders' tables; return what was done, in words."""
    with contextlib.ExitStack() as locks:  # until the end: nobody adds rows between reading and writing
        for path in sorted((folder / CODINGS_FOLDER).glob("*.csv")):
            locks.enter_context(hold_table(folder, path.stem))
        study = require_study(folder)
        tables = place_codings(folder, study)
        for coder, content in format_tables(folder, study, tables).items():
            if any(row is not old for row, old in zip(tables[coder], study.codings[coder].cells, strict=True)):
                replace_file(folder / CODINGS_FOLDER / f"{coder}.csv", content)
    return describe_anchored(tables, folder)


def seal_codings(folder: Path, target: Path) -> str:
    """Copy config/ with the places of codings and without quoted words; return what was done, in words."""
    if (target / "config").exists():
        problem, remedy = "is there already", "name another folder; nothing was written"
        raise InputError([Fault(f"{target}/config", problem, "a folder without config/", remedy)])
    study = require_study(folder)
    tables = place_codings(folder, study)
    with_words = {folder / rows.file for rows in study.codings.values()}
    for path in list_published(folder):
        if path in with_words:
            continue  # not even for a moment in a folder that is to be published
        copy = target / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    sealed = {f"{CODINGS_FOLDER}/{coder}.csv": text for coder, text in format_tables(folder, study, tables).items()}
    for rows, contract in list_peoples(study):
        if (folder / rows.file).exists():
            is_sealed = rows.file in sealed
            content = drop_words(sealed[rows.file]) if is_sealed else (folder / rows.file).read_bytes().decode("utf-8")
            (target / rows.file).parent.mkdir(parents=True, exist_ok=True)
            replace_file(target / rows.file, guard_table(content, contract.worded))
    return describe_anchored(tables, target)


def describe_anchored(tables: Mapping[str, list[Row]], folder: Path) -> str:
    """Return how many codings have which place now, in words; rows that only withdraw others are no codings."""
    codings = [row for rows in tables.values() for row in rows if row["code_id"]]
    n_placed = sum(bool(row["start"]) for row in codings)
    ends = [f"{n_placed:,} with place and fingerprint"] if n_placed else []
    ends += [f"{len(codings) - n_placed:,} of a whole source"] if n_placed < len(codings) else []
    counts = f"{count_things(len(codings), 'coding')} by {count_things(len(tables), 'coder')}"
    return f"{counts} in {folder / CODINGS_FOLDER}: {', '.join(ends) or 'nothing to place'}"
