"""Columns that several tables have."""

from __future__ import annotations

from graylit.tables.contracts import Column

DECIDED = (
    Column("decided_at", "when", "when the row was decided; the last row of an id is in force", is_required=False),
    Column("decided_by", "text", "who decided", is_required=False, is_name=True),
    Column("reason", "text", "why it was changed", is_required=False),
)
TYPED_COUNT = Column("n_sources", "count", "sources, typed by hand: checked against the rows", is_required=False)
MEASURED = (
    Column("measure", "id", "name of the measure"),
    Column("value", "number", "its value; empty if it is undefined", is_required=False),
    Column("meaning", "text", "what it says"),
)
