"""Faults of rows on what the same screener decided on before: replaced by what they may not, or decided twice."""

from __future__ import annotations

from graylit.screening.deciding import list_current
from graylit.tables.faults import Fault
from graylit.tables.rows import Rows
from graylit.tables.screening import DECISIONS

OF_ONE_DECISION = ("candidate_id", "screener", "round")


def check_replacing(screenings: Rows) -> list[Fault]:
    """Return the faults of rows that replace others, and of rows that decide nothing and take nothing back."""
    faults = []
    row_of = {cells.get("screening_id"): cells for _, cells in screenings}
    taken: dict[str, int] = {}
    for number, cells in screenings:
        before = cells.get("replaces", "")
        if not before and not cells.get("decision"):
            remedy = "write the decision, or name in replaces the decision that the row takes back"
            problem, expected = "is empty", f"one of {', '.join(DECISIONS)}"
            faults.append(Fault(screenings.file, problem, expected, remedy, number, "decision", ""))
        if before in taken:
            problem, remedy = f"was replaced in row {taken[before]} already", "name the row that is in force"
            faults.append(Fault(screenings.file, problem, "each once", remedy, number, "replaces", before))
        if before:
            taken.setdefault(before, number)
        theirs = row_of.get(before, cells)
        if differing := [name for name in OF_ONE_DECISION if theirs.get(name) != cells.get(name)]:
            problem = f"has another {', '.join(differing)}"
            remedy = "name a decision of the same screener on the same candidate in the same round"
            faults.append(Fault(screenings.file, problem, "the same ones", remedy, number, "replaces", before))
    return faults


def check_twice(screenings: Rows) -> list[Fault]:
    """Return a fault for each decision of a screener on what the screener has decided on in the same round already."""
    faults = []
    seen: dict[tuple[str, ...], int] = {}
    names = OF_ONE_DECISION
    current = {id(cells) for cells in list_current(screenings.cells)}
    for number, cells in screenings:
        key = tuple(cells.get(name, "") for name in names)
        if cells.get("settles") or not all(key) or id(cells) not in current:
            continue
        if key in seen:
            problem = f"was screened in row {seen[key]} already by this screener in this round"
            remedy = "name the earlier row in replaces, or remove the row"
            expected, shown = "each candidate once for a screener and round", ", ".join(key)
            faults.append(Fault(screenings.file, problem, expected, remedy, number, ", ".join(names), shown))
        seen.setdefault(key, number)
    return faults
