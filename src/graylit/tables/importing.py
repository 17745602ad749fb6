"""Tables of an import: what became of each row of somebody's tables, and what their things are called in the study."""

from __future__ import annotations

from graylit.tables.contracts import Column, Contract

IMPORTED_ROWS = Contract(
    "imported_rows",
    (
        Column("place", "count", "place of the line, in the order of their tables"),
        Column("part", "text", "the part of the mapping that read the row, such as codings"),
        Column("file", "page_text", "their file"),
        Column("sheet", "page_text", "its sheet, if it is a spreadsheet", is_required=False),
        Column("row", "count", "the row, as a spreadsheet numbers it"),
        Column("heading", "page_text", "in a wide table, the column of the cell", is_required=False),
        Column("n_cells", "count", "cells of the row that the line is about; 1 unless a wide table has empty ones"),
        Column("became", "page_text", "what was made of it: an id, or a key; empty if nothing was", is_required=False),
        Column("reason", "page_text", "why nothing was made of it, or a remark", is_required=False),
    ),
    key=("place",),
)
IMPORTED_IDS = Contract(
    "imported_ids",
    (
        Column("thing", "text", "what is called so, such as source, code or person"),
        Column("theirs", "page_text", "what it is called in their tables"),
        Column("ours", "page_text", "its id in the study"),
    ),
    key=("thing", "theirs"),
)
