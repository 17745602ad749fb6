"""Faults of searches and hits that show only when their tables are compared with each other and with candidates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graylit.study.ids import list_unknown
from graylit.tables.faults import Fault

if TYPE_CHECKING:
    from graylit.study.study import Study


def check_search(study: Study) -> list[Fault]:
    """Return the faults of searches, hits and duplicates; none if the study has no such tables."""
    searches = {cells.get("search_id", "") for cells in study.searches.cells}
    candidates = {cells.get("candidate_id", "") for cells in study.candidates.cells}
    faults = list_unknown(study.hits, "search_id", searches, "searches.csv")
    faults += list_unknown(study.hits, "candidate_id", candidates, "candidates.csv")
    sources = {cells.get("source_id", "") for cells in study.sources.cells} | study.former
    faults += list_unknown(study.hits, "cited_by", sources, "sources.csv")
    for column in ("candidate_id", "other_id"):
        faults += list_unknown(study.duplicates, column, candidates, "candidates.csv")
    return faults
