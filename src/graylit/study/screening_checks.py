"""Faults of the screening that show only when its tables are compared with each other and with the sources."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from graylit.captures.page_keys import explain_distinct, list_distinct
from graylit.screening.deciding import decide_candidate, find_settlements, group_pages, page_or_blank
from graylit.study.duplicate_checks import name_stand_ins
from graylit.study.ids import list_unknown
from graylit.tables.faults import Fault
from graylit.tables.kinds import read_count, split_ids
from graylit.tables.rows import Cells, Rows
from graylit.tables.screening import DECISIONS

if TYPE_CHECKING:
    from graylit.study.study import Study


def check_screening(study: Study) -> list[Fault]:
    """Return the faults of candidates, criteria and screenings; none if the study has no such tables."""
    faults = _check_candidates(study.candidates)
    faults += _check_known(study.screenings, "candidate_id", study.candidates, "candidate_id")
    faults += _check_known(study.screenings, "criterion_id", study.criteria, "criterion_id")
    faults += _check_known(study.screenings, "settles", study.screenings, "screening_id")
    faults += _check_exclusions(study.screenings) + _check_twice(study.screenings)
    faults += _check_settlements(study.screenings)
    if study.config.get("has_texts", True):  # as in sources.csv: without captures an address is a reference only
        faults += _check_same_page(study, _list_declared(study))
    is_readable = all(
        read_count(cells["round"]) is not None and cells.get("decision") in DECISIONS for _, cells in study.screenings
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


def _check_twice(screenings: Rows) -> list[Fault]:
    faults = []
    seen: dict[tuple[str, ...], int] = {}
    names = ("candidate_id", "screener", "round")
    for number, cells in screenings:
        key = tuple(cells.get(name, "") for name in names)
        if cells.get("settles") or not all(key):
            continue
        if key in seen:
            problem = f"was screened in row {seen[key]} already by this screener in this round"
            remedy = "remove the row; a change of mind is a new round, or a settlement that names the earlier row"
            expected, shown = "each candidate once for a screener and round", ", ".join(key)
            faults.append(Fault(screenings.file, problem, expected, remedy, number, ", ".join(names), shown))
        seen.setdefault(key, number)
    return faults


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
    """Return the faults of included candidates that are no source, and of sources that are no included candidate."""
    candidates, sources = study.candidates, study.sources
    screenings: dict[str, list[Cells]] = {}
    for _, cells in study.screenings:
        screenings.setdefault(cells.get("candidate_id", ""), []).append(cells)
    distinct = _list_declared(study)
    stand_ins = name_stand_ins(study)
    pages = group_pages((cells for _, cells in candidates if cells.get("candidate_id")), distinct, stand_ins)
    known = {page_or_blank(cells, distinct) for _, cells in sources}
    free_ids = list_free_ids(study.screenings)
    included: set[str] = set()
    faults = []
    for number, cells in candidates:
        candidate_id = cells.get("candidate_id", "")
        if (
            stand_ins.get(candidate_id, candidate_id) != candidate_id
            or decide_candidate(screenings.get(candidate_id, []))[0] != "include"
        ):
            continue
        mine = pages.get(candidate_id, set())
        included |= mine
        if mine and not mine & known:
            row = write_decision(next(free_ids), candidate_id, "exclude", screenings[candidate_id])
            remedy = f"add it to sources.csv, or add the row '{row}' to {study.screenings.file}"
            problem, url = "is included but not in sources.csv", cells.get("url", "")
            faults.append(Fault(candidates.file, problem, "a page of sources.csv", remedy, number, "url", url))
    candidate_of = {page: candidate_id for candidate_id, mine in pages.items() for page in mine}
    for number, cells in sources:
        page = page_or_blank(cells, distinct)
        if page and page not in included:
            own_id = cells.get("source_id", "")
            candidate_id = candidate_of.get(page) or ("(candidate)" if own_id in pages else own_id)
            row = write_decision(next(free_ids), candidate_id, "include", screenings.get(candidate_id, []))
            first = "" if page in candidate_of else f"add it to {candidates.file} as {candidate_id}, and "
            remedy = f"{first}add the row '{row}' to {study.screenings.file}, or remove the source"
            problem, expected = "is not an included candidate", "a page that the screening included"
            faults.append(Fault(sources.file, problem, expected, remedy, number, "url", cells["url"]))
    return faults


def list_free_ids(screenings: Rows) -> Iterator[str]:
    """Yield the ids that come after the last decision's, in its form: after N0386 come N0387 and N0388."""
    numbered = [re.fullmatch(r"(.*?)([0-9]{1,15})", cells.get("screening_id", "")) for _, cells in screenings]
    last = max((match.groups() for match in numbered if match), key=lambda parts: int(parts[1]), default=("N", "0000"))
    for number in itertools.count(int(last[1]) + 1):
        yield f"{last[0]}{number:0{len(last[1])}}"


def write_decision(screening_id: str, candidate_id: str, decision: str, screenings: list[Cells]) -> str:
    """Return a row of screenings.csv, in the manual's order of columns, that settles what is in force for a candidate.

    What is in brackets people fill in; the contract refuses a row in which they did not.
    """
    deciding = decide_candidate(screenings)[1]
    number = max((int(row["round"]) for row in deciding), default=1)
    criterion = "(criterion)" if decision == "exclude" else ""
    settles = "; ".join(row["screening_id"] for row in deciding)
    cells = [screening_id, candidate_id, "(who)", str(number), decision, criterion, "(why)", "(date)", settles]
    return ",".join(cells)
