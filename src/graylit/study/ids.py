"""Ids that tables use of one another."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from graylit.tables.faults import Fault, suggest_name
from graylit.tables.kinds import split_ids

if TYPE_CHECKING:
    from graylit.tables.rows import Rows


def list_unknown(rows: Rows, column: str, known: Collection[str], where: str) -> list[Fault]:
    """Return a fault for each id of a column that is not among the `known` ones of the table `where`."""
    faults = []
    for number, cells in rows:
        for one in split_ids(cells.get(column, "")):
            if one not in known:
                problem = f"is not in {where}{suggest_name(one, known)}"
                remedy = f"correct the id, or add the row to {where}"
                faults.append(Fault(rows.file, problem, f"an id of {where}", remedy, number, column, one))
    return faults
