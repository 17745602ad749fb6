"""Decisions that rest on a criterion as it was worded before, said by `graylit check`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from graylit.pages.wording import agree, count_things
from graylit.screening.deciding import list_current
from graylit.tables.faults import Fault
from graylit.tables.rows import Cells

if TYPE_CHECKING:
    from graylit.study.study import Study

WORDED = ("kind", "name", "definition")


def find_rewordings(criteria: Iterable[Cells]) -> dict[str, str]:
    """Return when each criterion was last worded otherwise; those that never were, or without a date, are left out."""
    reworded: dict[str, str] = {}
    last: dict[str, Cells] = {}
    for row in criteria:
        before = last.get(row["criterion_id"])
        if before and row["decided_at"] and any(before[name] != row[name] for name in WORDED):
            reworded[row["criterion_id"]] = row["decided_at"]
        last[row["criterion_id"]] = row
    return reworded


def remark_criteria(study: Study) -> list[Fault]:
    """Return a remark for each criterion that was reworded after decisions which rest on it."""
    current = list_current(study.screenings.cells)
    remarks = []
    for criterion_id, at in find_rewordings(study.criteria.cells).items():
        resting = [row for row in current if row["criterion_id"] == criterion_id]
        n_before = sum(_is_before(row["screened_at"], at) for row in resting)
        if n_before:
            words = f"{count_things(n_before, 'decision')} {agree(n_before, 'rests', 'rest')} on its earlier wording"
            expected, remedy = (
                "decisions by its wording now",
                "look at them again, or say in the protocol why they stand",
            )
            file = study.criteria.file
            remarks.append(Fault(file, words, expected, remedy, column="criterion_id", value=criterion_id))
    return remarks


def _is_before(when: str, at: str) -> bool:
    n = min(len(when), len(at))
    return bool(when) and when[:n] < at[:n]
