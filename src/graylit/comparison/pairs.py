"""Two states side by side: what stands under the same key before and now, and in which columns it differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from graylit.tables.rows import Cells

if TYPE_CHECKING:
    from _typeshed import SupportsRichComparison

K = TypeVar("K", bound="SupportsRichComparison")
V = TypeVar("V")


def pair(before: Mapping[K, V], now: Mapping[K, V]) -> list[tuple[K, V | None, V | None]]:
    """Return what stands under each key before and now, sorted by key; None if nothing does."""
    return [(key, before.get(key), now.get(key)) for key in sorted({*before, *now})]


def pair_both(before: Mapping[K, V], now: Mapping[K, V]) -> list[tuple[K, V, V]]:
    """Return what stands under each key that is there before and now, sorted by key."""
    return [(key, before[key], now[key]) for key in sorted(before.keys() & now.keys())]


def differing_cells(before: Cells, now: Cells, columns: Iterable[str]) -> list[tuple[str, str, str]]:
    """Return (column, before, now) for each of the columns whose cells differ; a missing cell is an empty one."""
    cells = [(name, before.get(name) or "", now.get(name) or "") for name in columns]
    return [(name, was, became) for name, was, became in cells if was != became]


def by_columns(columns: Iterable[str], rows: Iterable[Cells]) -> dict[tuple[str, ...], Cells]:
    """Return rows by the cells of their key columns."""
    names = tuple(columns)
    return {tuple(row.get(name, "") for name in names): row for row in rows}


def by_column(column: str, rows: Iterable[Cells]) -> dict[str, Cells]:
    """Return rows by the cell of their key column."""
    return {row[column]: row for row in rows}
