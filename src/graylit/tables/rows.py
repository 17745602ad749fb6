"""Rows of tables as cells of text, before they get types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Cells = Mapping[str, str]  # one row, not to be changed: cells by column
Row = dict[str, str]  # one row, as it is being made


@dataclass(frozen=True)
class Rows:
    """The rows of one file as read, with the row numbers a spreadsheet shows (the header is row 1)."""

    file: str
    cells: list[dict[str, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (row number, cells by column)."""
        return iter(zip(self.numbers, self.cells, strict=True))


_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def defuse_cell(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: with an apostrophe in front if it starts like one."""
    return "'" + cell if cell.startswith(_FORMULA) else cell
