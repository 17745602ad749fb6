"""What became of each row of somebody's tables: the row that was made of it, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Where a row stands in somebody's tables; `heading` names the column of a cell in a wide table."""

    file: str
    sheet: str
    row: int
    heading: str = ""

    @property
    def line(self) -> tuple[str, str, int]:
        """Return the row as a whole, whichever column of a wide table."""
        return (self.file, self.sheet, self.row)

    @property
    def place(self) -> str:
        """Return the file, and the sheet if it is one of a spreadsheet."""
        return f"{self.file} ({self.sheet})" if self.sheet else self.file

    def __str__(self) -> str:
        """Return the place in words."""
        return f"{self.place}, row {self.row}" + (f", column {self.heading}" if self.heading else "")


@dataclass(frozen=True)
class Record:
    """A row of theirs, or, in a wide table, one cell of a row."""

    origin: Origin
    cells: tuple[str, ...]
    heading: str = ""
    cell: str = ""


@dataclass(frozen=True)
class Draft:
    """What a row of theirs says in our columns; `known_as` are other names of what it is about."""

    record: Record
    cells: dict[str, str]
    known_as: tuple[str, ...] = ()
    remark: str = ""
    time: int = 0  # a cell that says how often gives as many codings

    @property
    def origin(self) -> Origin:
        """Return where the row stands."""
        return self.record.origin


@dataclass(frozen=True)
class Outcome:
    """What became of a row, or of `n` cells of one: the ids of what was made of it, or why nothing was."""

    part: str
    origin: Origin
    became: str = ""
    reason: str = ""
    n: int = 1
