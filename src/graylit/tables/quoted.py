"""Columns that hold words of pages, whatever the table: they are their publishers', and nothing published has them."""

from __future__ import annotations

from graylit.tables.coding import CODINGS
from graylit.tables.search import HITS

QUOTED = tuple(column.name for contract in (CODINGS, HITS) for column in contract.columns if column.is_quoted)
