"""Rows of tables as cells of text, before they get types, and as values, before they are written."""

from __future__ import annotations

import math
import re
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
    ways: tuple[str, ...] = ()  # in which the form of the file differs from the canonical one
    header: tuple[str, ...] = field(default=(), compare=False)  # names of its columns, in its order

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield (row number, cells by column)."""
        return iter(zip(self.numbers, self.cells, strict=True))


_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def defuse_cell(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: with an apostrophe in front if it starts like one."""
    return "'" + cell if cell.startswith(_FORMULA) else cell


# A cell that a spreadsheet would run, or that has an apostrophe against it, in tables that steps make. In those that
# people write, = and @ are refused, so an apostrophe before them is theirs.
_RUN = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_RUN_TYPED = re.compile(r"'*[+\-\t\r\n＝＋－＠]")


def guard_cell(cell: str) -> str:
    """Return a cell as tables that steps make hold it: `unguard_cell` gives back what it was.

    A carriage return becomes a line feed: the csv module does not quote it, and then the row would end there.
    """
    if "\r" in cell:
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + cell if _RUN.match(cell) else cell


def unguard_cell(cell: str) -> str:
    """Return what a cell of a table that a step made says."""
    return cell[1:] if cell[:1] == "'" and _RUN.match(cell) else cell


def guard_typed(cell: str) -> str:
    """Return a cell of a table that people wrote as it is published, with the apostrophe that they may have typed."""
    return "'" + cell if cell[:1] != "'" and _RUN_TYPED.match(cell) else cell


def unguard_typed(cell: str) -> str:
    """Return what a cell of a table that people wrote says, published or not."""
    return cell[1:] if cell[:1] == "'" and _RUN_TYPED.match(cell) else cell


# What XML cannot hold or a terminal would obey.
_REFUSED = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean_words(words: str) -> str:
    """Return words without characters that XML cannot hold or a terminal would obey; lines end in LF."""
    return _REFUSED.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def store_words(words: str) -> str:
    """Return words as a cell of a table that people keep: clean, with an apostrophe before a formula."""
    cleaned = clean_words(words).strip()
    return "'" + cleaned if cleaned.startswith(("=", "@")) else cleaned


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
