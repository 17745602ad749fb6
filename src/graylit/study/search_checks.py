"""Faults of searches and hits that show only when their tables are compared with each other and with candidates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from graylit.study.ids import list_unknown
from graylit.study.state import latest_rows
from graylit.tables.faults import Fault, name_command
from graylit.tables.rows import Cells

if TYPE_CHECKING:
    from graylit.study.study import Study

# What a reader of a review must be told of a search, and the option of `graylit find` that fills it.
ASKED_FOR = {"engine": "--engine", "query": "--query", "searched_at": "--at", "searched_by": "--by"}


def check_search(study: Study) -> list[Fault]:
    """Return the faults of searches, hits and duplicates; none if the study has no such tables."""
    searches = {cells.get("search_id", "") for cells in study.searches.cells}
    candidates = {cells.get("candidate_id", "") for cells in study.candidates.cells}
    faults = list_unknown(study.hits, "search_id", searches, "searches.csv")
    faults += list_unknown(study.hits, "candidate_id", candidates, "candidates.csv")
    sources = {cells.get("source_id", "") for cells in study.sources.cells} | study.former
    faults += list_unknown(study.hits, "cited_by", sources, "sources.csv")
    faults += _check_same_id(study)
    for column in ("candidate_id", "other_id"):
        faults += list_unknown(study.duplicates, column, candidates, "candidates.csv")
    return faults


def _check_same_id(study: Study) -> list[Fault]:
    """Return a fault for each id that two searches have: git keeps both if two people added one."""
    first: dict[str, tuple[int, str, str]] = {}
    faults = []
    for number, cells in study.searches:
        row, digest, query = first.setdefault(cells["search_id"], (number, cells["file_sha256"], cells["query"]))
        if cells["file_sha256"] != digest and query and cells["query"] and cells["query"] != query:
            problem = f"is the id of another search in row {row}, which asked {query!r}"
            remedy = "give one of them the next free id, here, in hits.csv, and as found_by in candidates.csv"
            shown = cells["search_id"]
            faults.append(Fault(study.searches.file, problem, "one search an id", remedy, number, "search_id", shown))
    return faults


def list_unknown_facts(search: Cells) -> list[str]:
    """Return which facts that a reader must be told are not known of a search."""
    return [name for name in ASKED_FOR if not search.get(name)]


def name_filling(search_id: str, missing: Iterable[str]) -> str:
    """Return the command that fills what is not known of a search."""
    return name_command(f"find --search {search_id} " + " ".join(f"{ASKED_FOR[name]} …" for name in missing))


def remark_searches(study: Study) -> list[Fault]:
    """Return a remark for each search of which something is not known that a reader must be told.

    A row that gives a `reason` has told them: what nobody recorded cannot be filled any more.
    """
    numbers = {cells["search_id"]: number for number, cells in study.searches}
    remarks = []
    for search_id, cells in latest_rows(study.searches.cells, "search_id").items():
        missing = list_unknown_facts(cells)
        if missing and not cells.get("reason"):
            problem, expected = f"has no {', no '.join(missing)}", "what was asked where, when and by whom"
            remedy = f"run: {name_filling(search_id, missing)}"
            row = numbers[search_id]
            remarks.append(Fault(study.searches.file, problem, expected, remedy, row, "search_id", search_id))
    return remarks
