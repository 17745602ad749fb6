"""Ids that tables use of one another."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from graylit.tables.faults import Fault, suggest_name
from graylit.tables.kinds import split_ids

if TYPE_CHECKING:
    from graylit.tables.rows import Rows


def list_unknown(rows: Rows, column: str, known: Collection[str], table: str) -> list[Fault]:
    """Return a fault for each id of a column that is not among the `known` ones of `table`."""
    faults = []
    for number, cells in rows:
        for row_id in split_ids(cells.get(column, "")):
            if row_id not in known:
                problem = f"is not in {table}{suggest_name(row_id, known)}"
                remedy = f"correct the id, or add the row to {table}"
                faults.append(Fault(rows.file, problem, f"an id of {table}", remedy, number, column, row_id))
    return faults
