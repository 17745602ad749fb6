"""Rows of tables as cells of text, before they get types, and as values, before they are written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pandas as pd

Cells = Mapping[str, str]  # one row, not to be changed: cells by column
Row = dict[str, str]  # one row, as it is being made
Value = str | int | float | None  # what is written in a cell: None and nan leave it empty
Values = Mapping[str, Value]  # one row to be written: values by column
Mapped = TypeVar("Mapped", Cells, Values, Row)


@dataclass(frozen=True)
class Rows:
    """The rows of one file as read, with the row numbers a spreadsheet shows (the header is row 1)."""

    file: str
    cells: list[dict[str, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    is_whole: bool = True  # whether every row and every column that is needed could be read

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (row number, cells by column)."""
        return iter(zip(self.numbers, self.cells, strict=True))


_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def defuse_cell(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: with an apostrophe in front if it starts like one."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


def group_rows(rows: Iterable[Mapped], column: str) -> dict[Value, list[Mapped]]:
    """Return rows by their value in a column, in order."""
    groups: dict[Value, list[Mapped]] = {}
    for row in rows:
        groups.setdefault(row[column], []).append(row)
    return groups


def list_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame, by column."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def format_value(value: Value) -> str:
    """Return the cell of a value, as pandas writes it with `%.6g`."""
    if isinstance(value, float):
        return "" if math.isnan(value) else f"{value:.6g}"
    return "" if value is None else str(value)


def order_values(value: Value, is_number: bool) -> tuple[bool, str | float]:
    """Return what a cell of a key is sorted by: numbers by size, text by code points, empty numbers last."""
    if not is_number:
        return (False, str(value))
    is_missing = value is None or value == "" or value != value
    return (is_missing, 0.0 if is_missing else float(value or 0))
