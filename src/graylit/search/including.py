"""Included candidates become sources: rows at the end of sources.csv, and captures that serve them.

Nothing is decided here: what screeners agreed on, or a settlement, is carried out. Doing it twice adds nothing.
"""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graylit.captures.choosing import choose_captures, is_held
from graylit.captures.page_keys import list_distinct
from graylit.collection.capture_files import CaptureWriter
from graylit.collection.capture_table import CaptureTable, hold_captures
from graylit.collection.taking_over import find_served, take_over
from graylit.pages.wording import agree, count_things, name_some
from graylit.screening.deciding import page_or_blank
from graylit.search.cells import Spellings
from graylit.study.blindness import queue_screeners
from graylit.study.candidate_pages import list_candidate_pages
from graylit.study.checking import require_screened
from graylit.study.config import sources_contract
from graylit.study.extending import extend_tables, hold_tables
from graylit.study.open_screenings import remark_open
from graylit.study.screening_checks import list_unlisted
from graylit.study.study import CAPTURES, PEOPLES_TABLES, Study, read_captures
from graylit.study.writing import require_tidy
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.kinds import number_ids
from graylit.tables.rows import Cells, Row
from graylit.tables.sources import NOT_STATED

SOURCES_FILE = PEOPLES_TABLES["sources"][0]
COPIED = ("url", "title", "published", "is_distinct")


@dataclass(frozen=True)
class Included:
    """The sources that were added, how many there were before, and those of the added that no capture serves yet."""

    added: list[Row]
    n_before: int
    uncaptured: list[str]


def include_candidates(folder: Path) -> Included:
    """Add the included candidates that are no sources yet to a study's sources.csv; return what was added.

    Raises InputError, before anything is written, if the study has faults, if not all screeners are through or agree,
    or if sources.csv is not in the form in which programs add rows.
    """
    with hold_tables(folder):
        study, rows = plan_sources(folder)
        if rows:
            require_tidy([study.sources])
            extend_tables(folder, {SOURCES_FILE: rows})
    return _describe(study, rows, serve_captured(folder, study, rows))


def plan_inclusion(folder: Path) -> Included:
    """Return what `include_candidates` would add; nothing is written."""
    study, rows = plan_sources(folder)
    return _describe(study, rows, read_captures(folder / CAPTURES))


def plan_sources(folder: Path) -> tuple[Study, list[Row]]:
    """Return a study, and the rows that sources.csv lacks: one for each included candidate that is no source yet."""
    study = require_screened(folder)
    if unsettled := list_unsettled(study):
        raise InputError(unsettled)
    candidates = [cells for _, cells in list_unlisted(study)]
    spellings = {name: Spellings(row[name] for row in study.sources.cells) for name in ("publisher", "source_type")}
    blank = dict.fromkeys(sources_contract(study.config).names, "")
    return study, [
        blank
        | {"source_id": source_id}
        | {name: row.get(name, "") for name in COPIED}
        | {name: known.find(row.get(name, "") or NOT_STATED) for name, known in spellings.items()}
        for source_id, row in zip(name_sources(study, candidates), candidates, strict=True)
    ]


def list_unsettled(study: Study) -> list[Fault]:
    """Return why candidates cannot become sources yet: some of several screeners are not through, or differ.

    What one of them included would become a source, and tell the others; once they have decided, it may be none. Who
    screens alone is read as far as they are, and so are studies that list no screeners.
    """
    return remark_open(study) if len(queue_screeners(study)) > 1 else []


def name_sources(study: Study, candidates: Sequence[Cells]) -> list[str]:
    """Return ids of new sources: those of their candidates, or the next numbers if the study's sources have their own.

    An id is never that of another page.
    """
    sources = study.sources.cells
    distinct = list_distinct(study.candidates.cells, sources)
    page_of = {row["candidate_id"]: page_or_blank(row, distinct) for row in study.candidates.cells}
    known = {row["source_id"] for row in sources}
    is_shared = all(page_of.get(row["source_id"]) == page_or_blank(row, distinct) for row in sources)
    if is_shared and not known & {row["candidate_id"] for row in candidates}:
        return [row["candidate_id"] for row in candidates]
    taken = [*sorted(study.former), *(row["source_id"] for row in sources)]
    return number_ids(taken, len(candidates), first="S001")


def serve_captured(folder: Path, study: Study, added: Sequence[Row]) -> list[Row]:
    """Have captures of candidates serve the sources that were added; return all captures.

    If a collection is at work, or a record is damaged, the next collection does it, or says why not.
    """
    table, candidates = CaptureTable(folder / CAPTURES), list_candidate_pages(study.candidates.cells)
    if find_served(added, candidates, read_captures(table.path)):
        with contextlib.suppress(InputError), hold_captures(table.path):
            writer = CaptureWriter(table.path.parent, datetime.datetime.now(datetime.UTC))
            with contextlib.closing(writer):
                table.add(*take_over(added, candidates, table.read(), writer))
    return read_captures(table.path)


def _describe(study: Study, added: list[Row], captures: list[Row]) -> Included:
    served = find_served(added, list_candidate_pages(study.candidates.cells), captures)
    held = {row["source_id"] for rows in served.values() for row in rows}
    held |= {source_id for source_id, capture in choose_captures(added, captures).items() if is_held(capture)}
    uncaptured = [row["source_id"] for row in added if row["source_id"] not in held]
    return Included(added, len(study.sources.cells), uncaptured)


def describe_included(included: Included) -> list[str]:
    """Return the lines that say which sources were added, and what is still to be captured."""
    n_added = len(included.added)
    if not n_added:
        n_known = count_things(included.n_before, "source")
        return [f"{SOURCES_FILE}: nothing to add; every included candidate is among its {n_known}."]
    lines = [f"{SOURCES_FILE}: {count_things(n_added, 'source')} added to {included.n_before:,}"]
    lines += [f"  {row['source_id']}  {row['title']}  {row['url']}" for row in included.added]
    if included.uncaptured:
        n_left = len(included.uncaptured)
        lines.append(f"{name_some(included.uncaptured)} {agree(n_left, 'has', 'have')} no capture yet.")
    return [*lines, tell_next(included)]


def tell_next(included: Included) -> str:
    """Return the commands that come next."""
    names = ["collect", "review"] if included.uncaptured else ["review"]
    return f"Next: {', then '.join(map(name_command, names))}"
