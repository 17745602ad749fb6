"""Numbers that a page takes from a table itself: `guideline_support[G05].n_sources`, `crosswalk_gaps[kind=…]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from graylit.tables.catalogue import CONTRACTS
from graylit.tables.contracts import Contract
from graylit.tables.faults import suggest_name
from graylit.tables.numbers import COEFFICIENT, COUNT, DECIMAL, IDS, SHARE
from graylit.tables.rows import Cells

CELL = re.compile(r"(?P<table>\w+)\[(?P<conditions>[^\]]*)\](?:\.(?P<column>\w+))?")
KINDS_OF = {"count": COUNT, "share": SHARE, "id": IDS, "ids": IDS}
Reader = Callable[[Contract], Sequence[Cells]]


class CellError(Exception):
    """A page asks for a cell that no table has; `expected` says what it might have asked for."""

    def __init__(self, problem: str, expected: str) -> None:
        self.problem, self.expected = problem, expected
        super().__init__(problem)


def is_cell(name: str) -> bool:
    """Return whether a name asks for a table's cell or for how many of its rows there are."""
    return "[" in name


def read_cell(name: str, read: Reader) -> Mapping[str, str]:
    """Return kind and value of what a name asks for; `read` reads a table that the review made.

    Raises
    ------
    CellError
        The table, a column or the row is not there, or the cell holds no number.
    """
    asked = CELL.fullmatch(name)
    if not asked:
        raise CellError("is no cell of a table", "table[id].column, table[column=value].column or table[column=value]")
    contract = CONTRACTS.get(asked["table"])
    if contract is None:
        hint = suggest_name(asked["table"], CONTRACTS)
        raise CellError(f"asks for a table that no review makes{hint}", "a table of data/processed")
    rows = [row for row in read(contract) if _meets(row, _split_conditions(asked["conditions"], contract))]
    column = asked["column"]
    if not column:
        return {"kind": COUNT, "value": str(len(rows))}
    kind = next((known.kind for known in contract.columns if known.name == column), None)
    if kind is None:
        hint = suggest_name(column, contract.names)
        raise CellError(f"asks for a column that {contract.name} has not{hint}", ", ".join(contract.names))
    if len(rows) != 1:
        raise CellError(f"asks for a cell of {len(rows)} rows", f"conditions that one row of {contract.name} meets")
    return {"kind": _choose_kind(kind, rows[0][column], column), "value": rows[0][column]}


def _split_conditions(conditions: str, contract: Contract) -> dict[str, str]:
    """Return what columns must hold: `column=value` after commas, or values of the key in its order."""
    parts = [part.strip() for part in conditions.split(",") if part.strip()]
    if len(parts) > len(contract.key) and not all("=" in part for part in parts):
        raise CellError(f"gives more values than the key of {contract.name} has", ", ".join(contract.key))
    wanted = {}
    for place, part in enumerate(parts):
        column, found, value = part.partition("=")
        wanted[column.strip() if found else contract.key[place]] = value.strip() if found else part
    if unknown := next((column for column in wanted if column not in contract.names), None):
        hint = suggest_name(unknown, contract.names)
        raise CellError(f"asks for a column that {contract.name} has not{hint}", ", ".join(contract.names))
    return wanted


def _meets(row: Cells, wanted: Mapping[str, str]) -> bool:
    return all(row[column] == value for column, value in wanted.items())


def _choose_kind(kind: str, cell: str, column: str) -> str:
    if kind == "number":
        return COEFFICIENT if not cell or abs(float(cell)) <= 1 else DECIMAL
    if kind not in KINDS_OF:
        raise CellError(f"asks for {column}, which holds no number", "a column of numbers or ids")
    return KINDS_OF[kind]
