"""The tables of the site as one SQLite file, which Datasette and any program that knows SQLite open.

References
----------
SQLite database file format, https://www.sqlite.org/fileformat.html. Datasette metadata, https://docs.datasette.io.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graylit.exports.citation import About
from graylit.exports.data_package import LEADS_TO, PackagedTable
from graylit.study.authors import SPDX
from graylit.tables.contracts import Column

NAME = "review"  # of the file without ending, by which Datasette calls the database
TYPES = {"count": "INTEGER", "number": "REAL", "share": "REAL"}
# Rows that the CSV files have, and of which another table of the database has the sum: most of it otherwise.
SUMMED = ("claim_readings", "numbers", "quality")
MAX_ROW = 300  # characters of a row on average: longer ones waste space in a table that is ordered by its key
_PAGE = 4096  # bytes, SQLite's own choice of today: said, so that a later one makes the same file
_VERSION = slice(96, 100)  # where the file says which version of SQLite wrote it last
_WRITTEN_BY = (3_040_000).to_bytes(4, "big")  # said instead, since the rest of the file does not depend on it


def write_database(tables: Iterable[PackagedTable]) -> bytes:
    """Return a database of tables; the same rows give the same bytes."""
    kept = sorted((table for table in tables if table.name not in SUMMED), key=lambda table: table.name)
    packed = {table.name: table for table in kept}
    database = sqlite3.connect(":memory:")
    database.execute(f"PRAGMA page_size = {_PAGE}")
    for table in packed.values():
        _add_table(database, table, packed)
    database.commit()
    database.execute("VACUUM")
    content = bytearray(database.serialize())
    database.close()
    content[_VERSION] = _WRITTEN_BY
    return bytes(content)


def _add_table(database: sqlite3.Connection, table: PackagedTable, packed: Mapping[str, PackagedTable]) -> None:
    columns = table.columns
    key = find_key(table)
    lines = [f"{_quote(column.name)} {TYPES.get(column.kind, 'TEXT')}" for column in columns]
    lines += [f"PRIMARY KEY ({', '.join(map(_quote, key))})"] if key else []
    lines += [
        f"FOREIGN KEY ({_quote(column)}) REFERENCES {_quote(other)} ({_quote(target)})"
        for column, other, target in list_links(table, packed)
    ]
    size = sum(len(row[column.name]) for row in table.rows for column in columns)
    is_short = size <= MAX_ROW * len(table.rows)
    ending = " WITHOUT ROWID" if key and is_short else ""
    database.execute(f"CREATE TABLE {_quote(table.name)} ({', '.join(lines)}){ending}")
    marks = ", ".join("?" * len(columns))
    rows = ([_value(row[column.name], column, column.name in key) for column in columns] for row in table.rows)
    database.executemany(f"INSERT INTO {_quote(table.name)} VALUES ({marks})", rows)


def find_key(table: PackagedTable) -> tuple[str, ...]:
    """Return the columns of a table's key; none if its rows do not keep to it, as those of a table not checked."""
    key, names = table.contract.key, {column.name for column in table.columns}
    values = [tuple(row[name] for name in key) for row in table.rows] if set(key) <= names else [(), ()]
    numbers = {column.name for column in table.columns if column.kind in TYPES}
    is_whole = all(cell for value in values for name, cell in zip(key, value, strict=False) if name in numbers)
    return key if is_whole and len(set(values)) == len(values) else ()


def list_links(table: PackagedTable, packed: Mapping[str, PackagedTable]) -> list[tuple[str, str, str]]:
    """Return the foreign keys of a table: (column, table, column there), as far as every row has its counterpart.

    Tables whose rows repeat an id, since later rows take the place of earlier ones, are led to by none.
    """
    links = []
    for column in table.columns:
        name, target = LEADS_TO.get(column.name, ("", ""))
        other = packed.get(name)
        if other is None or (name == table.name and column.name == target) or find_key(other) != (target,):
            continue
        if {row[column.name] for row in table.rows} - {""} <= {row[target] for row in other.rows}:
            links.append((column.name, name, target))
    return links


def _value(cell: str, column: Column, is_key: bool) -> str | int | float | None:
    if not cell:
        return "" if is_key else None
    if column.kind == "count":
        return int(cell)
    return float(cell) if column.kind in TYPES else cell


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def describe_database(about: About, tables: Sequence[PackagedTable]) -> dict[str, Any]:
    """Return what Datasette says of the database: title, licence, and the meaning of every column."""
    described = {
        table.name: {"columns": {column.name: column.meaning for column in table.columns}}
        for table in sorted(tables, key=lambda table: table.name)
        if table.name not in SUMMED
    }
    return {
        "title": about.title,
        "license": about.licence,
        "license_url": SPDX + about.licence,
        "databases": {NAME: {"tables": described}},
    }
