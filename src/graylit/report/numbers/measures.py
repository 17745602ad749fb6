"""Measures of agreement by name: of the one pair that was compared, or of all who were, each with its interval."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from graylit.pages.number_forms import Number, interval, measure
from graylit.tables.numbers import COEFFICIENT, INTERVAL, SHARE, SHARE_INTERVAL
from graylit.tables.rows import list_rows

ALL = "all"


def list_agreement(table: pd.DataFrame, prefix: str, who: str, meaning: str) -> list[Number]:
    """Return each measure in rows of one scope, under `prefix`, with its interval under the same name.

    `who` is the column that says who was compared: rows of all count, or those of the only pair.
    """
    named = sorted(set(table[who]))
    chosen = ALL if ALL in named else named[0] if len(named) == 1 else None
    rows = list_rows(table[table[who] == chosen]) if chosen else []
    return [number for row in rows for number in _name_measure(row, prefix, f"{meaning}, {row['measure']}")]


def _name_measure(row: dict[str, float | str], prefix: str, meaning: str) -> Iterable[Number]:
    name = f"{prefix}.{row['measure']}"
    is_share = "share" in str(row["measure"])
    value, low, high = (float(row[column]) for column in ("value", "low", "high"))
    yield measure(name, SHARE if is_share else COEFFICIENT, value, meaning)
    kind = SHARE_INTERVAL if is_share else INTERVAL
    yield interval(f"{name}.interval", kind, low, high, f"{meaning}: 95 % interval")
