"""Where codings sit: from a segment, or from quoted words, to place, digests and fingerprint."""

from __future__ import annotations

import contextlib
import csv
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import is_not
from pathlib import Path

from graylit.anchors.fingerprints import Words, digest_exact
from graylit.anchors.quotes import Found, Quote, QuotedText, is_quoted
from graylit.pages.wording import agree, count_things
from graylit.study.checking import require_study
from graylit.study.locks import hold_table
from graylit.study.missing_texts import Reason, explain_textless
from graylit.study.state import current_codings
from graylit.study.study import (
    CODINGS_FOLDER,
    Study,
    find_codings,
    list_peoples,
    list_published,
    name_plain,
    read_plain,
)
from graylit.study.writing import PLACE, drop_words, fill_place, guard_table, require_tidy
from graylit.tables.coding import CODINGS
from graylit.tables.faults import Fault, InputError, describe_faults
from graylit.tables.files import is_table, replace_file
from graylit.tables.preparation import SEGMENTS
from graylit.tables.records import format_record, join_records, split_records
from graylit.tables.rows import Row, Rows

SETTLE = "withdraw it by a row that replaces it, or empty its quote to code the whole source"
UNFOUND = f"correct or lengthen the quote, add prefix or suffix, or give start and end; else {SETTLE}"

Segments = Mapping[str, tuple[str, int, int]]  # source_id, start and end, by segment_id


def find_span(row: Row, text: QuotedText, segments: Segments) -> Found | str:
    """Return the place a row means, or what is wrong with it."""
    source_id, start, end = segments.get(row["segment_id"], (row["source_id"], 0, len(text.text)))
    if row["start"]:
        return _check_span(row, text)
    if row["segment_id"] and row["segment_id"] not in segments:
        return f"there is no segment {row['segment_id']}"
    if source_id != row["source_id"]:
        return f"segment {row['segment_id']} is of {source_id}, the row of {row['source_id']}"
    if not row["exact"]:
        return Found(start, end, "")
    return text.find(Quote(row["exact"], row["prefix"], row["suffix"], (start, end) if row["segment_id"] else None))


def _check_span(row: Row, text: QuotedText) -> Found | str:
    """Return the place that was typed, or what is wrong with it."""
    start, end = int(row["start"]), int(row["end"])
    if end > len(text.text):
        return f"{start}-{end} lies beyond the text, which has {len(text.text)} characters"
    words = text.text[start:end]
    if row["exact"] and words != row["exact"] and not is_quoted(words, row["exact"]):
        there = text.find(Quote(row["exact"], row["prefix"], row["suffix"]))
        elsewhere = "" if isinstance(there, str) else f", which stand at {there.start}-{there.end}"
        return f"the words at {start}-{end} are not those quoted{elsewhere}"
    if row["exact_sha256"] and digest_exact(words) != row["exact_sha256"]:
        return f"the words at {start}-{end} are not those of exact_sha256"
    return Found(start, end, "" if row["exact"] in ("", words) else "white space, marks or case")


@dataclass(frozen=True)
class Anchored:
    """Each coder's rows with the places that were found, what was changed in quotes, and the rows that are left."""

    tables: dict[str, list[Row]]
    rewritten: list[str]
    left: list[Fault]


def anchor_rows(rows: Rows, texts: TextsOf, segments: Segments) -> tuple[list[Row], list[str], list[Fault]]:
    """Return the rows with the places that are found, what was changed in quotes, and a fault for each that is left."""
    filled, rewritten, left = [], [], []
    in_force = {row["coding_id"] for row in current_codings(rows.cells)}
    for number, row in rows:
        has_wish = row["segment_id"] or row["exact"] or row["start"]
        if row["fingerprint"] or not has_wish:
            filled.append(row)
            continue
        text = texts.of(row["source_id"])
        found = find_span(row, text, segments) if text else texts.explain(row["source_id"])
        if text and isinstance(found, Found):
            filled.append(_place_row(row, found, text))
            rewritten += [f"{row['coding_id']} ({found.differs})"] if found.differs else []
        else:
            filled.append(row)
            left += [_fault_row(rows.file, number, row, found)] if row["coding_id"] in in_force else []
    return filled, rewritten, left


def _fault_row(file: str, number: int, row: Row, why: Found | str | Reason) -> Fault:
    problem, remedy = (f"its source has {why[0]}", why[1]) if isinstance(why, tuple) else (str(why), UNFOUND)
    value = (row["exact"] or row["segment_id"] or row["start"])[:60]
    return Fault(file, problem, "exactly one place", remedy, number, row["coding_id"], value)


def _place_row(row: Row, found: Found, text: QuotedText) -> Row:
    """Return a row with its place filled in, and its quote as the text has it."""
    words = text.text[found.start : found.end].strip()
    quoted = {"exact": f"'{words}" if words[:1] in ("=", "@") else words} if row["exact"] else {}
    return fill_place({**row, **quoted}, (found.start, found.end), text.words)


def list_columns(records: list[str]) -> tuple[list[str], list[str]]:
    """Return the columns that a table has, and the same with the missing columns of the place added."""
    header = next(csv.reader(records[:1]))
    at = header.index("source_id") + 1
    return header, header[:at] + [name for name in PLACE if name not in header] + header[at:]


def format_anchored(rows: list[Row], before: list[Row], records: list[str]) -> str:
    """Return a coder's table as CSV; rows that are as before stay as they were written, unless columns were added."""
    header, names = list_columns(records)
    if names != header:
        return join_records(map(format_record, [names, *([row[name] for name in names] for row in rows)]))
    lines = [
        record if row is old else format_record(row[name] for name in names)
        for row, old, record in zip(rows, before, records[1:], strict=True)
    ]
    return join_records([records[0], *lines])


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


class TextsOf:
    """The texts of a study's sources, each read once."""

    def __init__(self, folder: Path, explain: Callable[[str], Reason]) -> None:
        self._folder, self.explain = folder / "data/processed/texts", explain
        self._known: dict[str, QuotedText | None] = {}

    def of(self, source_id: str) -> QuotedText | None:
        """Return the text of a source; None if it has none, for the reason that `explain` gives."""
        if source_id not in self._known:
            path = self._folder / f"{source_id}.txt"
            text = QuotedText(Words(path.read_bytes().decode("utf-8"))) if path.exists() else None
            self._known[source_id] = text
        return self._known[source_id]


def place_codings(folder: Path, study: Study) -> Anchored:
    """Return every coder's rows with the places that can be found."""
    segments = read_segments(folder / "data/processed/segments.csv")
    texts = TextsOf(folder, explain_textless(folder, study, "anchor"))
    anchored = Anchored({}, [], [])
    for coder, rows in study.codings.items():
        anchored.tables[coder], rewritten, left = anchor_rows(rows, texts, segments)
        anchored.rewritten.extend(rewritten)
        anchored.left.extend(left)
    return anchored


def format_tables(folder: Path, study: Study, tables: Mapping[str, list[Row]]) -> dict[str, str]:
    """Return the content of each coder's table, by coder."""
    return {
        coder: format_anchored(
            rows, study.codings[coder].cells, split_records(CODINGS.read_plain(folder / study.codings[coder].file))
        )
        for coder, rows in tables.items()
    }


def anchor_codings(folder: Path) -> Anchored:
    """Fill in the places of codings in the coders' tables, as far as they can be found; return what was done."""
    with contextlib.ExitStack() as locks:  # until the end: nobody adds rows between reading and writing
        for coder in find_codings(folder):
            locks.enter_context(hold_table(folder, coder))
        study = require_study(folder)
        anchored = place_codings(folder, study)
        changed = [
            coder for coder, rows in study.codings.items() if any(map(is_not, anchored.tables[coder], rows.cells))
        ]
        require_tidy(study.codings[coder] for coder in changed)
        for coder, content in format_tables(folder, study, anchored.tables).items():
            if coder in changed:
                replace_file(folder / CODINGS_FOLDER / f"{coder}.csv", content)
    return anchored


def seal_codings(folder: Path, target: Path) -> str:
    """Copy config/ with the places of codings and without quoted words; return what was done, in words."""
    if (target / "config").exists():
        problem, remedy = "is there already", "name another folder; nothing was written"
        raise InputError([Fault(f"{target}/config", problem, "a folder without config/", remedy)])
    study = require_study(folder)
    anchored = place_codings(folder, study)
    if anchored.left:  # without their words they would be lost
        raise InputError(anchored.left)
    tables = anchored.tables
    for path in list_published(folder):
        if is_table(path):
            continue  # quoted words are not even for a moment in a folder that is to be published
        copy = target / path.relative_to(folder)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    sealed = {f"{CODINGS_FOLDER}/{coder}.csv": text for coder, text in format_tables(folder, study, tables).items()}
    plain = read_plain(folder)
    for rows, contract in list_peoples(study):
        file = name_plain(rows.file)
        if file in plain:
            content = drop_words(sealed.get(file, plain[file]), contract)
            (target / file).parent.mkdir(parents=True, exist_ok=True)
            replace_file(target / file, guard_table(content, contract.worded))
    return describe_anchored(anchored, target)


def describe_anchored(anchored: Anchored, folder: Path) -> str:
    """Return how many codings in force have which place now, and which quotes were changed, in words."""
    codings = [row for rows in anchored.tables.values() for row in current_codings(rows)]
    n_placed = sum(bool(row["start"]) for row in codings)
    n_whole = sum(not (row["start"] or row["exact"] or row["segment_id"]) for row in codings)
    n_left = len(codings) - n_placed - n_whole
    ends = [f"{n_placed:,} with place and fingerprint"] if n_placed else []
    ends += [f"{n_whole:,} of a whole source"] if n_whole else []
    ends += [f"{n_left:,} without a place"] if n_left else []
    counts = f"{count_things(len(codings), 'coding')} by {count_things(len(anchored.tables), 'coder')}"
    lines = [f"{counts} in {folder / CODINGS_FOLDER}: {', '.join(ends) or 'nothing to place'}"]
    if anchored.rewritten:
        n = len(anchored.rewritten)
        heading = f"{count_things(n, 'quote')} {agree(n, 'was', 'were')} written as the text has the words"
        lines.append(f"{heading}: {', '.join(anchored.rewritten)}")
    return "\n".join(lines)


def describe_left(left: Sequence[Fault]) -> str:
    """Return the rows that have no place, each with the reason and what to do, under a line that counts them."""
    n, faults = len(left), describe_faults(left).split("\n", 1)[1]
    heading = f"{count_things(n, 'row')} {agree(n, 'has', 'have')} no place and {agree(n, 'is', 'are')} no evidence"
    return f"{heading}; the others were placed:\n{faults}"
