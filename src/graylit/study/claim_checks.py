"""Faults of claims and their readings that show only when tables are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graylit.study.evidence import list_readings
from graylit.study.ids import list_unknown
from graylit.synthesis.readings import list_current
from graylit.tables.claims import ACCEPTED, READINGS, WITHDRAWN
from graylit.tables.faults import Fault
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells, Rows

if TYPE_CHECKING:
    from graylit.study.study import Study

OF_ONE_READING = ("claim_id", "coding_id", "reader")
OF_ONE_PAIR = ("claim_id", "coding_id")


def check_claims(study: Study) -> list[Fault]:
    """Return the faults of claims and of readings; a study may lack both."""
    guidelines = {cells["guideline_id"]: cells for cells in study.guidelines.cells if cells.get("guideline_id")}
    codings = {cells.get("coding_id", "") for rows in study.codings.values() for _, cells in rows}
    readings = study.claim_readings
    moved = replace(readings, cells=[dict(row) for row in list_readings(study)])
    faults = list_unknown(study.claims, "guideline_id", guidelines, "guidelines.csv")
    faults += _check_withdrawn(study.claims, {key for key, row in guidelines.items() if row.get("status") == WITHDRAWN})
    faults += _check_accepted(study.claims)
    faults += list_unknown(readings, "claim_id", _ids(study.claims, "claim_id"), "claims.csv")
    faults += list_unknown(readings, "coding_id", codings, "config/coding/codings")
    for column in ("replaces", "settles"):
        faults += list_unknown(readings, column, _ids(readings, "reading_id"), "claim_readings.csv")
    return faults + _check_replacing(moved) + _check_settled(moved) + _check_twice(readings)


def _ids(rows: Rows, column: str) -> set[str]:
    return {cells[column] for _, cells in rows if cells.get(column)}


def _check_withdrawn(claims: Rows, withdrawn: set[str]) -> list[Fault]:
    latest = {cells.get("claim_id", ""): number for number, cells in claims}
    remedy = "add a later row of the same claim that withdraws it, or gives it another guideline"
    return [
        Fault(
            claims.file, "is withdrawn", "a guideline in force", remedy, number, "guideline_id", cells["guideline_id"]
        )
        for number, cells in claims
        if number in latest.values() and cells.get("status") != WITHDRAWN and cells.get("guideline_id") in withdrawn
    ]


def _check_accepted(claims: Rows) -> list[Fault]:
    remedy = "say why the claim stays although it has so little support"
    return [
        Fault(claims.file, "is empty for an accepted claim", "a reason", remedy, number, "reason", "")
        for number, cells in claims
        if cells.get("status") == ACCEPTED and not cells.get("reason")
    ]


def _check_replacing(readings: Rows) -> list[Fault]:
    """Return the faults of rows that replace others, and of rows that say nothing and take nothing back."""
    faults: list[Fault] = []
    row_of = {cells.get("reading_id"): cells for _, cells in readings}
    taken: dict[str, int] = {}
    for number, cells in readings:
        before = cells.get("replaces", "")
        if not before and not cells.get("reading"):
            remedy = "write the reading, or name in replaces the reading that the row takes back"
            faults.append(
                Fault(readings.file, "is empty", f"one of {', '.join(READINGS)}", remedy, number, "reading", "")
            )
        if before in taken:
            problem, remedy = f"was replaced in row {taken[before]} already", "name the row that is in force"
            faults.append(Fault(readings.file, problem, "each once", remedy, number, "replaces", before))
        if before:
            taken.setdefault(before, number)
        if differing := _tell_differing(row_of.get(before, cells), cells):
            problem, remedy = f"has another {differing}", "name a reading of the same reader, claim and coding"
            faults.append(Fault(readings.file, problem, "the same ones", remedy, number, "replaces", before))
    return faults


def _tell_differing(theirs: Cells, cells: Cells) -> str:
    # Whoever settles may take back what another has settled.
    names = OF_ONE_PAIR if theirs.get("settles") else OF_ONE_READING
    return ", ".join(name for name in names if theirs.get(name) != cells.get(name))


def _check_settled(readings: Rows) -> list[Fault]:
    """Return the faults of settlements of other pairs, and of pairs with two settlements in force."""
    faults = []
    row_of = {cells.get("reading_id"): cells for _, cells in readings}
    current = {id(cells) for cells in list_current(_filled(readings))}
    resettled = {
        row_id for _, cells in readings if id(cells) in current for row_id in split_ids(cells.get("settles", ""))
    }
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in readings:
        for row_id in split_ids(cells.get("settles", "")):
            theirs = row_of.get(row_id, cells)
            if differing := ", ".join(name for name in OF_ONE_PAIR if theirs.get(name) != cells.get(name)):
                problem, remedy = f"has another {differing}", "name readings of the same claim and coding"
                faults.append(Fault(readings.file, problem, "the same ones", remedy, number, "settles", row_id))
        if not cells.get("settles") or id(cells) not in current or cells["reading_id"] in resettled:
            continue
        pair = tuple(cells.get(name, "") for name in OF_ONE_PAIR)
        if pair in seen:
            problem = f"was settled in row {seen[pair]} already"
            remedy = "name the earlier settlement in settles or replaces, or remove the row"
            columns, shown = ", ".join(OF_ONE_PAIR), ", ".join(pair)
            faults.append(Fault(readings.file, problem, "one settlement of a pair", remedy, number, columns, shown))
        seen.setdefault(pair, number)
    return faults


def _check_twice(readings: Rows) -> list[Fault]:
    """Return a fault for each reading of a pair by somebody of whom another reading of it is in force."""
    faults = []
    seen: dict[tuple[str, ...], int] = {}
    current = {id(cells) for cells in list_current(_filled(readings))}
    for number, cells in readings:
        key = tuple(cells.get(name, "") for name in OF_ONE_READING)
        if cells.get("settles") or not all(key) or id(cells) not in current:
            continue
        if key in seen:
            problem = f"was read in row {seen[key]} already by this reader"
            remedy = "name the earlier row in replaces, or remove the row"
            columns, shown = ", ".join(OF_ONE_READING), ", ".join(key)
            faults.append(Fault(readings.file, problem, "each pair once", remedy, number, columns, shown))
        seen.setdefault(key, number)
    return faults


def _filled(readings: Rows) -> list[Cells]:
    """Return the rows that have an id; what they lack is reported with the file."""
    return [cells for cells in readings.cells if "reading_id" in cells]
