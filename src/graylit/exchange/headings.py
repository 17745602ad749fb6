"""The names of the columns of other people's tables, and rows that have more cells than there are names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from graylit.tables.files import name_column


def join_headings(rows: list[tuple[str, ...]]) -> list[str]:
    """Return the names of columns in one or more rows; an upper one stands for the columns to its right as well."""
    *upper, lower = [[" ".join(cell.split()) for cell in row] for row in rows]
    for row in upper:
        for at in range(1, len(row)):
            row[at] = row[at] or row[at - 1]
    return [" / ".join(filter(None, parts)) for parts in zip(*upper, lower, strict=True)]


def tell_apart(names: list[str]) -> list[str]:
    """Return names of columns: the second of one name is called `name (2)`, one without a name by its letters."""
    seen: Counter[str] = Counter()
    told = []
    for number, name in enumerate(names):
        seen[name] += 1
        called = name or f"(column {name_column(number)})"
        told.append(called if seen[name] == 1 or not name else f"{name} ({seen[name]})")
    return told


def remark_long(file: str, rows: Sequence[Sequence[str]], last: int) -> tuple[str, ...]:
    """Return a remark on rows with words beyond the last name; `last` is the row of the names, counted from 1."""
    width = len(rows[last - 1])
    long = [number for number, row in enumerate(rows[last:], start=last + 1) if any(map(str.strip, row[width:]))]
    if not long:
        return ()
    more = f" and {len(long) - 1} more" if len(long) > 1 else ""
    n_cells = len(rows[long[0] - 1])
    return (
        f"{file}: row {long[0]}{more}: more cells ({n_cells}) than names of columns ({width}); cells with commas "
        "may lack their quotes",
    )
