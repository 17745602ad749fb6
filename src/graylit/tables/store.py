"""Tables on disk: who needs a few rows of a large table at a time keeps none of it in memory.

A store is a database (SQLite) in a temporary file without a name, which vanishes with the process. Cells are text,
and rows come in the order in which they were added.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from graylit.tables.rows import Cells

N_KEPT = 200  # rows kept of those asked for by id, so that frequent ones are read once: chosen, not measured


class Store:
    """Tables on disk, by name."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.execute("PRAGMA journal_mode = OFF")  # nothing in it outlives the process

    def add(self, name: str, columns: Sequence[str], rows: Iterable[Cells] = ()) -> Table:
        """Return a new table of rows, without any other columns that the rows have."""
        self._database.execute(f'CREATE TABLE "{name}" ({_list_columns(len(columns))})')
        table = Table(self._database, name, tuple(columns))
        table.add(rows)
        return table


def _list_columns(n_columns: int) -> str:
    """Return the database's names of columns: a study's may differ by case only, or mean something in SQL."""
    return ", ".join(f"c{number}" for number in range(n_columns))


@dataclass(frozen=True)
class Table:
    """The rows of a table, read again each time they are iterated over."""

    database: sqlite3.Connection
    name: str
    columns: tuple[str, ...]
    order: str = "rowid"

    def add(self, rows: Iterable[Cells]) -> None:
        """Add rows after the others."""
        marks = ", ".join("?" * len(self.columns))
        cells = ([row[column] for column in self.columns] for row in rows)
        self.database.executemany(f'INSERT INTO "{self.name}" VALUES ({marks})', cells)

    def __iter__(self) -> Iterator[dict[str, str]]:
        """Yield the rows in order."""
        return self.select("")

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.database.execute(f'SELECT count(*) FROM "{self.name}"').fetchone()[0]

    def select(self, condition: str, *values: str) -> Iterator[dict[str, str]]:
        """Yield the rows that meet a condition, in order."""
        listed = _list_columns(len(self.columns))
        found = self.database.execute(f'SELECT {listed} FROM "{self.name}" {condition} ORDER BY {self.order}', values)
        return (dict(zip(self.columns, cells, strict=True)) for cells in found)

    def name_column(self, column: str) -> str:
        """Return what the database calls a column."""
        return f"c{self.columns.index(column)}"

    def sort(self, column: str) -> Table:
        """Return the table in the order of a column, empty cells last."""
        sorted_by = self.name_column(column)
        return Table(self.database, self.name, self.columns, f"{sorted_by} = '', {sorted_by}, rowid")

    def group(self, column: str) -> Groups:
        """Return the rows by the values of a column."""
        return Groups(self, column)

    def key(self, column: str) -> Keyed:
        """Return the rows by a column whose values do not repeat."""
        return Keyed(self, column)


class Groups(Mapping[str, list[dict[str, str]]]):
    """The rows of a table by the values of a column, read when asked for."""

    def __init__(self, table: Table, column: str) -> None:
        self.table, self.column = table, table.name_column(column)
        index = f"{table.name} {self.column}"
        table.database.execute(f'CREATE INDEX IF NOT EXISTS "{index}" ON "{table.name}" ({self.column})')

    def __getitem__(self, value: str) -> list[dict[str, str]]:
        """Return the rows with a value, in order."""
        rows = list(self.table.select(f"WHERE {self.column} = ?", value))
        if not rows:
            raise KeyError(value)
        return rows

    def __iter__(self) -> Iterator[str]:
        """Yield the values in the order in which they first occur."""
        values = f'SELECT {self.column} FROM "{self.table.name}" GROUP BY {self.column} ORDER BY min(rowid)'
        return (value for (value,) in self.table.database.execute(values))

    def __len__(self) -> int:
        """Return the number of values."""
        counted = self.table.database.execute(f'SELECT count(DISTINCT {self.column}) FROM "{self.table.name}"')
        return counted.fetchone()[0]


class Keyed(Mapping[str, dict[str, str]]):
    """The rows of a table by their ids, read when asked for; if ids repeat, the last row."""

    def __init__(self, table: Table, column: str) -> None:
        self._groups = Groups(table, column)
        self._find = lru_cache(maxsize=N_KEPT)(lambda value: self._groups[value][-1])

    def __getitem__(self, value: str) -> dict[str, str]:
        """Return the row of an id; it is kept and returned again, so nobody may change it."""
        return self._find(value)

    def __iter__(self) -> Iterator[str]:
        """Yield the ids in the order in which they first occur."""
        return iter(self._groups)

    def __len__(self) -> int:
        """Return the number of ids."""
        return len(self._groups)
