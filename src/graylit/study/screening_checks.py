"""Faults of the screening that show only when its tables are compared with each other and with the sources."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from graylit.captures.page_keys import explain_distinct, list_distinct
from graylit.pages.wording import count_things, name_some
from graylit.screening.deciding import decide_candidate, find_settlements, group_pages, list_current, page_or_blank
from graylit.screening.outranking import leave_outranked
from graylit.study.blindness import hide_candidates
from graylit.study.decision_rows import list_free_ids, write_decision
from graylit.study.duplicate_checks import name_stand_ins
from graylit.study.ids import list_unknown
from graylit.study.people import list_models, list_people
from graylit.study.repeated_screenings import check_replacing, check_twice
from graylit.tables.faults import Fault, name_command
from graylit.tables.kinds import read_count, split_ids
from graylit.tables.rows import Cells, Rows
from graylit.tables.screening import DECISIONS

if TYPE_CHECKING:
    from graylit.study.study import Study


MAKING = "find config/sources.csv"
NOT_LISTED = "is included but not in sources.csv"
NOT_INCLUDED = "is not an included candidate"
INCLUDING = f"add it to sources.csv: {name_command('find --include')}"


def check_screening(study: Study) -> list[Fault]:
    """Return the faults of candidates, criteria and screenings; none if the study has no such tables."""
    faults = _check_candidates(study.candidates)
    faults += _check_known(study.screenings, "candidate_id", study.candidates, "candidate_id")
    faults += _check_known(study.screenings, "criterion_id", study.criteria, "criterion_id")
    faults += _check_known(study.screenings, "settles", study.screenings, "screening_id")
    faults += _check_known(study.screenings, "replaces", study.screenings, "screening_id")
    faults += check_replacing(study.screenings)
    faults += _check_exclusions(study.screenings) + check_twice(study.screenings)
    faults += _check_settlements(study.screenings)
    if study.config.get("has_texts", True):  # as in sources.csv: without captures an address is a reference only
        faults += _check_same_page(study, _list_declared(study))
    is_readable = all(
        read_count(cells["round"]) is not None and cells.get("decision", "") in ("", *DECISIONS)
        for _, cells in study.screenings
    )  # otherwise who is included is not known
    return faults + (_check_sources(study) if study.candidates.cells and is_readable else [])


def _check_known(rows: Rows, column: str, table: Rows, id_column: str) -> list[Fault]:
    known = {cells.get(id_column, "") for _, cells in table}
    return list_unknown(rows, column, known, table.file.rsplit("/", 1)[-1])


def _check_candidates(candidates: Rows) -> list[Fault]:
    faults = _check_known(candidates, "duplicate_of", candidates, "candidate_id")
    duplicates = {cells.get("candidate_id"): cells.get("duplicate_of") for _, cells in candidates}
    expected = "a candidate that is no duplicate itself"
    for number, cells in candidates:
        first = cells.get("duplicate_of", "")
        if first and first == cells.get("candidate_id"):
            problem, remedy = "is the candidate itself", "name another candidate, or leave the cell empty"
        elif first and duplicates.get(first):
            problem, remedy = f"is a duplicate of {duplicates[first]}", f"name {duplicates[first]}"
        else:
            continue
        faults.append(Fault(candidates.file, problem, expected, remedy, number, "duplicate_of", first))
    return faults


def _list_declared(study: Study) -> frozenset[str]:
    return list_distinct(study.candidates.cells, study.sources.cells)


def _check_same_page(study: Study, distinct: frozenset[str]) -> list[Fault]:
    candidates, stand_ins, faults = study.candidates, name_stand_ins(study), []
    seen: dict[str, tuple[int, str, str]] = {}
    for number, cells in candidates:
        page = page_or_blank(cells, distinct)
        candidate_id = cells.get("candidate_id", "")
        if not page or cells.get("duplicate_of") or stand_ins.get(candidate_id, candidate_id) != candidate_id:
            continue
        if page in seen:
            row, first, url = seen[page]
            problem = f"is the same page as row {row} ({first})"
            remedy = f"fill duplicate_of with {first}{explain_distinct(cells['url'], url)}"
            expected = "a page that no other candidate stands for"
            faults.append(Fault(candidates.file, problem, expected, remedy, number, "url", cells["url"]))
        seen.setdefault(page, (number, candidate_id, cells["url"]))
    return faults


def _check_exclusions(screenings: Rows) -> list[Fault]:
    remedy = "name the criterion that it rests on"
    return [
        Fault(screenings.file, "is empty for an exclusion", "an id of criteria.csv", remedy, number, "criterion_id", "")
        for number, cells in screenings
        if cells.get("decision") == "exclude" and not cells.get("criterion_id")
    ]


def _check_settlements(screenings: Rows) -> list[Fault]:
    candidate_of = {cells.get("screening_id"): cells.get("candidate_id") for _, cells in screenings}
    number_of = {cells.get("screening_id"): number for number, cells in screenings}
    by_candidate: dict[str, list[Cells]] = {}
    faults = []
    for number, cells in screenings:
        by_candidate.setdefault(cells.get("candidate_id", ""), []).append(cells)
        if cells["settles"] and cells.get("decision") == "unsure":
            remedy = "settle it, or leave it open"
            faults.append(
                Fault(screenings.file, "settles nothing", "include or exclude", remedy, number, "decision", "unsure")
            )
        for screening_id in split_ids(cells["settles"]):
            theirs = candidate_of.get(screening_id)
            if theirs and theirs != cells.get("candidate_id"):
                problem, remedy = f"is a decision on {theirs}", "name decisions on the same candidate"
                expected = f"decisions on {cells.get('candidate_id')}"
                faults.append(Fault(screenings.file, problem, expected, remedy, number, "settles", screening_id))
    for rows in by_candidate.values():
        faults += _check_final(screenings.file, rows, number_of)
    return faults


def _check_final(file: str, rows: list[Cells], number_of: dict[str | None, int]) -> list[Fault]:
    """Return a fault if the settlements of one candidate do not lead to a single final one."""
    rows = list_current(rows)
    settlements = [row for row in rows if row["settles"]]
    final = find_settlements(rows)
    if not settlements or len(final) == 1:
        return []
    last = (final or settlements)[-1]
    others = ", ".join(str(row.get("screening_id")) for row in (final or settlements)[:-1])
    problem = f"settles a candidate that {others} settles too" if final else "is settled by what it settles"
    remedy = "let the later settlement name the earlier one, and not the other way round"
    return [Fault(file, problem, "one final settlement", remedy, number_of[last.get("screening_id")], "settles",
                  last["settles"])]  # fmt: skip


def _check_sources(study: Study) -> list[Fault]:
    """Return the faults of included candidates that are no source, and of sources that are no included candidate.

    Before the first source is listed, none of them is missing; before the screening has included one of the sources,
    they are from before the search: `remark_unlisted` says what to do. What counts as open until all screeners are
    through is no fault either.
    """
    candidates, sources, screenings = study.candidates, study.sources, group_screenings(study)
    distinct, free_ids, pages = _list_declared(study), list_free_ids(study.screenings), _group_candidates(study)
    hidden = hide_candidates(study)
    included, faults = _choose_included(study, pages, hidden), []
    for number, cells in _list_missing(study, included) if sources.cells else ():
        candidate_id = cells["candidate_id"]
        row = write_decision(next(free_ids), candidate_id, "exclude", study.screenings, screenings[candidate_id])
        remedy = f"{INCLUDING}, or add the row '{row}' to {study.screenings.file}"
        expected, url = "a page of sources.csv", cells.get("url", "")
        faults.append(Fault(candidates.file, NOT_LISTED, expected, remedy, number, "url", url))
    of_included = set().union(*included.values())
    candidate_of = {page: candidate_id for candidate_id, mine in pages.items() for page in mine}
    waiting = set().union(*(mine for candidate_id, mine in pages.items() if candidate_id in hidden))
    for number, cells in sources if _holds_any(sources, of_included, distinct) else ():
        page = page_or_blank(cells, distinct)
        if page and page not in of_included | waiting:
            own_id = cells.get("source_id", "")
            candidate_id = candidate_of.get(page) or ("(candidate)" if own_id in pages else own_id)
            own = screenings.get(candidate_id, [])
            row = write_decision(next(free_ids), candidate_id, "include", study.screenings, own)
            first = "" if page in candidate_of else f"add it to {candidates.file} as {candidate_id}, and "
            remedy = f"{first}add the row '{row}' to {study.screenings.file}, or remove the source"
            expected = "a page that the screening included"
            faults.append(Fault(sources.file, NOT_INCLUDED, expected, remedy, number, "url", cells["url"]))
    return faults


def group_screenings(study: Study) -> dict[str, list[Cells]]:
    """Return the decisions on each candidate, in their order."""
    screenings: dict[str, list[Cells]] = {}
    for cells in study.screenings.cells:
        screenings.setdefault(cells.get("candidate_id", ""), []).append(cells)
    return screenings


def _group_candidates(study: Study) -> dict[str, set[str]]:
    """Return the pages of each candidate, with those of its duplicates."""
    named = [cells for cells in study.candidates.cells if cells.get("candidate_id")]
    return group_pages(named, _list_declared(study), name_stand_ins(study))


def _choose_included(
    study: Study, pages: Mapping[str, set[str]], hidden: Collection[str] | None = None
) -> dict[str, set[str]]:
    """Return those of the pages that the screening included, by candidate; none that is hidden yet."""
    screenings, hidden = group_screenings(study), hide_candidates(study) if hidden is None else hidden
    models = list_models(list_people(study).values())
    shown = {name: mine for name, mine in pages.items() if name not in hidden}
    deciding = {name: leave_outranked(screenings.get(name, []), models) for name in shown}
    return {name: mine for name, mine in shown.items() if decide_candidate(deciding[name])[0] == "include"}


def list_unlisted(study: Study) -> list[tuple[int, Cells]]:
    """Return the included candidates that are no source yet, with their row numbers."""
    return _list_missing(study, _choose_included(study, _group_candidates(study)))


def _list_missing(study: Study, included: Mapping[str, set[str]]) -> list[tuple[int, Cells]]:
    distinct = _list_declared(study)
    known = {page_or_blank(cells, distinct) for cells in study.sources.cells}
    return [
        (number, cells)
        for number, cells in study.candidates
        if (mine := included.get(cells.get("candidate_id", ""))) and not mine & known
    ]


def _holds_any(sources: Rows, pages: Collection[str], distinct: frozenset[str]) -> bool:
    """Return whether one of the pages is that of a source."""
    return any(page_or_blank(cells, distinct) in pages for cells in sources.cells)


def _remark_earlier(study: Study) -> list[Fault]:
    """Return a remark if the sources are from before the search, so that the screening included none of them."""
    included = set().union(*_choose_included(study, _group_candidates(study)).values())
    has_both = study.candidates.cells and study.sources.cells
    if not has_both or _holds_any(study.sources, included, _list_declared(study)):
        return []
    problem = f"lists {count_things(len(study.sources.cells), 'source')} that the screening did not include"
    remedy = f"to count them in the flow, make candidates of them and screen those: {name_command(MAKING)}"
    return [Fault(study.sources.file, problem, "sources from before the search, or included candidates", remedy)]


def remark_unlisted(study: Study) -> list[Fault]:
    """Return a remark if candidates are included while no source is listed yet, or if no source was one of them."""
    if earlier := _remark_earlier(study):
        return earlier
    unlisted = [cells["candidate_id"] for _, cells in list_unlisted(study)] if not study.sources.cells else []
    if not unlisted:
        return []
    problem = f"lists none of the included candidates yet: {name_some(unlisted)}"
    return [Fault(study.sources.file, problem, "a source for each of them", f"when all is settled, {INCLUDING}")]
