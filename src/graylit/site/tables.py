"""The tables of a study as the site has them: which it publishes, and which of them have a page of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from graylit.audit.tables import list_columns
from graylit.exports.data_package import PackagedTable, format_rows
from graylit.site.links import Guide
from graylit.study.mementos import MEMENTOS_FILE
from graylit.study.study import ALL_TABLES, list_files
from graylit.tables.catalogue import CONTRACTS
from graylit.tables.contracts import Column, Contract
from graylit.tables.kinds import split_ids
from graylit.tables.mementos import MEMENTOS
from graylit.tables.numbers import NUMBERS, NUMBERS_FILE
from graylit.tables.rows import Cells
from graylit.tables.store import Table

IN_DATA_ONLY = ("card_similarity", "crosswalk", "saturation")  # long, and drawn in the report
# Figures of texts and of pairs, which only a replay or a drawing reads, and rows of which another table has the sum.
LEFT_OUT = ("code_pairs", "places_read", "segments", "term_counts", "topic_segments", "vocabulary")
FROM_PAGES = {"texts": ("title", "author", "site")}  # columns of what pages say of themselves; sources have the titles
SUMS = ("texts", "people", "searches")  # tables whose digests a reader may want to check
# What a page other than the table's own shows row by row.
SHOWN_ELSEWHERE = {
    "adjudications": "decisions.html",
    "agreement": "codes.html",
    "candidates": "screening.html",
    "checklist": "",
    "claim_evidence": "claims.html",
    "claims": "claims.html",
    "codebook": "codes.html",
    "codings": "sources.html",
    "disagreements": "codes.html",
    "evidence": "index.html",
    "guidelines": "index.html",
    "impacts": "index.html",
    "located_codings": "sources.html",
    "passes": "sources.html",
    "screening_decisions": "screening.html",
    "quality": "sources.html",
    "screenings": "screening.html",
    "sources": "sources.html",
    "texts": "sources.html",
}
OTHERS = {NUMBERS.name: NUMBERS_FILE, MEMENTOS.name: MEMENTOS_FILE}  # tables that are neither written nor processed
MAX_BYTES = 3_000  # of rows on a table's page, as CSV: with all of them the site would be twice as large
MAX_LINKED = 150  # rows of a table whose ids are links: in a longer one these would be most of the page
MAX_CHOICES = 40  # different values of a column to choose from. Chosen, not measured
_LINKED = (  # columns whose ids lead to the page of what they name
    (re.compile("code_ids?$"), "codes/{}.html"),
    (re.compile("guideline_ids?$|^guideline_id$|^left$|^right$"), "guidelines/{}.html"),
    (re.compile("^source_id$|^sources_gained$|^sources_lost$"), "sources/{}.html"),
    (re.compile("^theme_id$"), "codes.html#{}"),
    (re.compile("candidate_id$|^other_id$"), "screening.html#{}"),
    (re.compile("^coding_ids?$"), "tables/codings.html#{}"),
    (re.compile("^adjudication_id$"), "decisions.html#{}"),
)


@dataclass(frozen=True)
class Listed:
    """A table of the site: its rows, the file that it is of, and where its rows are shown."""

    packed: PackagedTable
    file: str
    page: str  # '' if only the data have its rows
    is_left_out: bool = False  # whether only the replication package has its rows

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.packed.name


def list_inputs(folder: Path) -> list[Path]:
    """Return the files of the tables that the site is made of: what people wrote, and what the review made of it.

    What a run says of itself and of captures is left out, since the site is the same wherever it is made.
    """
    decided = [path for path, _ in list_files(folder)]
    others = [folder / file for file in OTHERS.values()]
    return [*decided, *sorted((folder / "data/processed").glob("*.csv")), *filter(Path.exists, others)]


def list_tables(tables: Mapping[str, Table], sources: Contract, files: Mapping[str, str]) -> list[Listed]:
    """Return the tables of a study, those without rows too; `sources` has the study's own variables."""
    coder = Column("coder", "person", "who coded: the name of the coder's table")
    own = {"sources": sources, "codings": CONTRACTS["codings"].with_columns([coder])}
    listed = []
    for name in sorted({*files, *ALL_TABLES, "codings"}):
        contract = own.get(name) or CONTRACTS.get(name)
        if contract and name in tables:
            shown = replace(contract, columns=tuple(_list_published(contract)))
            packed = PackagedTable(shown, [] if name in LEFT_OUT else [*tables[name]])
            page = choose_page(packed) if packed.rows else ""
            listed.append(Listed(packed, name_file(name, files), page, name in LEFT_OUT))
    return listed


def _list_published(contract: Contract) -> list[Column]:
    columns = list_columns(contract)
    hidden, is_checked = FROM_PAGES.get(contract.name, ()), contract.name in SUMS
    shown = [column for column in columns if column.name not in hidden]
    return [column for column in shown if is_checked or column.kind not in ("digest", "sketch")]


def name_file(name: str, files: Mapping[str, str]) -> str:
    """Return the path of a table's file below the study's folder."""
    if name in ALL_TABLES:
        return ALL_TABLES[name][0]
    if name in OTHERS:
        return OTHERS[name]
    return f"data/processed/{name}.csv" if name in files else "config/coding/codings"


def choose_page(packed: PackagedTable) -> str:
    """Return the page that shows the rows of a table; '' if they are in the data only."""
    if packed.name in SHOWN_ELSEWHERE:
        return SHOWN_ELSEWHERE[packed.name]
    is_shown = packed.name not in IN_DATA_ONLY and len(format_rows(packed)) <= MAX_BYTES
    return f"tables/{packed.name}.html" if is_shown else ""


def describe_rows(listed: Listed) -> dict[str, Any]:
    """Describe a table for its page: its columns, and its rows with links to what they name."""
    packed = listed.packed
    columns = [_describe_column(column, packed.rows) for column in packed.columns]
    is_linked = len(packed.rows) <= MAX_LINKED
    key = packed.contract.key[0]
    last = {row[key]: number for number, row in enumerate(packed.rows)} if key.endswith("_id") else {}
    rows = [
        {
            "id": row[key] if last.get(row[key]) == number else "",
            "cells": [[*_link(column.name if is_linked else "", row[column.name])] for column in packed.columns],
        }
        for number, row in enumerate(packed.rows)
    ]
    return {"columns": columns, "rows": rows}


def _describe_column(column: Column, rows: Iterable[Cells]) -> dict[str, Any]:
    values = {row[column.name] for row in rows}
    is_number = column.kind in ("count", "number", "share")
    is_choice = not is_number and column.kind not in ("when", "time") and 1 < len(values) <= MAX_CHOICES
    is_long = max((len(value) for value in values), default=0) > MAX_CHOICES and column.kind in ("text", "page_text")
    return {
        "name": column.name,
        "meaning": column.meaning,
        "number": is_number,
        "long": is_long,
        "filter": is_choice and not is_long,
    }


def _link(column: str, cell: str) -> Iterator[tuple[str, str]]:
    """Yield the parts of a cell: words, and the page that they lead to, '' if to none."""
    target = next((page for pattern, page in _LINKED if pattern.search(column)), "")
    if not target or not cell:
        yield cell, ""
        return
    for row_id in split_ids(cell):
        is_known = bool(re.fullmatch("[A-Za-z][A-Za-z0-9_.-]*", row_id))
        yield row_id, target.format(row_id) if is_known else ""


def make_guide(tables: Mapping[str, Table], listed: Iterable[Listed]) -> Guide:
    """Return what the links of the site need to know."""
    return Guide(
        source_of={row["coding_id"]: row["source_id"] for row in tables["located_codings"]},
        superseded={row["coding_id"] for row in tables["located_codings"] if row["standing"] == "superseded"},
        guideline_of={row["claim_id"]: row["guideline_id"] for row in tables["claim_support"]},
        candidate_of={row["screening_id"]: row["candidate_id"] for row in tables["screenings"]},
        shown={one.name for one in listed if one.page.startswith("tables/")},
    )
