"""Candidates as pages to be captured: each like a source of a single page, whose id is the candidate's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graylit.tables.faults import Fault, InputError, suggest_name
from graylit.tables.rows import Cells, Row
from graylit.tables.sources import SOURCES

ALL = "all"


def list_candidate_pages(candidates: Iterable[Cells]) -> list[Row]:
    """Return candidates as sources of one page each; those without an address are left out.

    A source made of a candidate keeps its id as a rule, so that the candidate's captures are the source's.
    """
    blank = dict.fromkeys(SOURCES.names, "")
    return [
        blank
        | {"source_id": row["candidate_id"]}
        | {name: row.get(name, "") for name in ("url", "title", "is_distinct")}
        for row in candidates
        if row.get("url")
    ]


def choose_candidates(candidates: Sequence[Cells], asked: str) -> list[Row]:
    """Return the pages of the candidates asked for: ids separated by spaces, or `all` that are no duplicates.

    Raises InputError if an id is of no candidate with an address.
    """
    pages = {page["source_id"]: page for page in list_candidate_pages(candidates)}
    if asked.strip() == ALL:
        doubled = {row["candidate_id"] for row in candidates if row.get("duplicate_of")}
        return [page for candidate_id, page in pages.items() if candidate_id not in doubled]
    wanted = list(dict.fromkeys(asked.split()))
    if unknown := [candidate_id for candidate_id in wanted if candidate_id not in pages]:
        problem = f"is no candidate{suggest_name(unknown[0], pages)}"
        remedy = "name candidates of config/screening/candidates.csv, or all"
        raise InputError([Fault("--candidates", problem, "ids separated by spaces", remedy, value=" ".join(unknown))])
    return [pages[candidate_id] for candidate_id in wanted]
