"""What is wrong with the groups of publishers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graylit.tables.faults import Fault
from graylit.tables.sources import names_publisher

if TYPE_CHECKING:
    from graylit.study.study import Study


def check_groups(study: Study) -> list[Fault]:
    """Return a fault for each source whose publisher has another group elsewhere, is unknown, or is in a chain."""
    first: dict[str, tuple[int, str]] = {}
    faults = []
    rows = [(number, row.get("publisher", ""), row.get("publisher_group", "")) for number, row in study.sources]
    for number, publisher, group in rows:
        row, other = first.setdefault(publisher, (number, group))
        problem = expected = remedy = ""
        if group and not names_publisher(publisher):
            problem, expected = "is the group of a publisher that nobody knows", "an empty cell"
            remedy = "leave it empty, or name the publisher"
        elif group != other and names_publisher(publisher):
            problem = f"differs from row {row}, {f'{other!r}' if other else 'which is empty'}, of the same publisher"
            expected, remedy = "one group for each publisher", f"write the same in all rows of {publisher}"
        if problem:
            faults.append(
                Fault(study.sources.file, problem, expected, remedy, number, "publisher_group", group or publisher)
            )
    return faults + _check_chains(study, rows)


def _check_chains(study: Study, rows: list[tuple[int, str, str]]) -> list[Fault]:
    """Return a fault for each group that is itself a publisher of another group."""
    group_of = {publisher: group for _, publisher, group in rows}
    return [
        Fault(
            study.sources.file,
            f"is a publisher of another group, {group_of[group]!r}",
            "who stands behind both",
            f"write {group_of[group]!r} here too",
            number,
            "publisher_group",
            group,
        )
        for number, _, group in rows
        if group and group_of.get(group, "") not in ("", group)
    ]
