"""Faults of decisions on which candidates are one page: a candidate with itself, and decisions that contradict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from graylit.screening.same_pages import Pair, choose_stand_ins, group_declared, make_pair, settle_pairs
from graylit.tables.faults import Fault
from graylit.tables.rows import Cells, Rows

if TYPE_CHECKING:
    from graylit.study.study import Study


def list_readable(duplicates: Rows) -> list[Cells]:
    """Return the decisions that name two candidates, whatever faults the table has."""
    return [cells for _, cells in duplicates if _is_readable(cells)]


def _is_readable(cells: Cells) -> bool:
    one, other = cells.get("candidate_id"), cells.get("other_id")
    return bool(one and other and one != other and cells.get("decision"))


def name_stand_ins(study: Study) -> dict[str, str]:
    """Return the candidate that stands for each one's page: by what people decided, and what the last review merged."""
    rows = [cells for _, cells in study.candidates if cells.get("candidate_id")]
    screened = {cells.get("candidate_id", "") for _, cells in study.screenings}
    return choose_stand_ins(rows, list_readable(study.duplicates), study.merged, screened)


def check_duplicates(study: Study) -> list[Fault]:
    """Return the faults of decisions on pairs of candidates; none if the study has no such table."""
    duplicates, faults = study.duplicates, []
    for number, cells in duplicates:
        if cells.get("candidate_id") and cells.get("candidate_id") == cells.get("other_id"):
            problem, expected = "is the candidate itself", "another candidate"
            remedy = "name two candidates, or remove the row"
            faults.append(Fault(duplicates.file, problem, expected, remedy, number, "other_id", cells["other_id"]))
    settled = settle_pairs(list_readable(duplicates))
    candidates = [cells for _, cells in study.candidates if cells.get("candidate_id")]
    groups = group_declared(candidates, settled)
    for number, cells in duplicates:
        if not _is_readable(cells) or cells["decision"] != "different":
            continue
        pair = make_pair(cells["candidate_id"], cells["other_id"])
        if settled[pair] is cells and groups.find(pair.first) == groups.find(pair.second):
            problem = f"contradicts what else is decided: {_tell_way(pair, settled, candidates)}"
            remedy = "correct one of them; add a later row about a pair, or empty duplicate_of"
            expected = "candidates that no other rows make one page"
            faults.append(Fault(duplicates.file, problem, expected, remedy, number, "decision", "different"))
    return faults


def _tell_way(pair: Pair, settled: Mapping[Pair, Cells], candidates: Sequence[Cells]) -> str:
    """Return by which candidates two are one page, the shortest way, such as 'H1 = H2 (D1), H2 = H3 (duplicate_of)'."""
    ways: dict[str, dict[str, str]] = {}
    links = [
        (row["candidate_id"], row["duplicate_of"], "duplicate_of") for row in candidates if row.get("duplicate_of")
    ]
    same = [(one, other, row) for (one, other), row in settled.items() if row["decision"] == "same"]
    links += [(one, other, row.get("duplicate_id", "")) for one, other, row in same]
    for one, other, reason in links:
        ways.setdefault(one, {})[other] = ways.setdefault(other, {})[one] = reason
    start, end = pair
    came_from: dict[str, str] = {start: ""}
    waiting = [start]
    for here in waiting:
        new = [there for there in ways.get(here, {}) if there not in came_from]
        came_from.update(dict.fromkeys(new, here))
        waiting += new
    steps = []
    while came_from.get(end):
        steps.append(f"{came_from[end]} = {end} ({ways[end][came_from[end]]})")
        end = came_from[end]
    return ", ".join(reversed(steps))
