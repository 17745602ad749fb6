"""The criteria by which candidates are screened, as they are in force."""

from __future__ import annotations

from collections.abc import Iterable

from graylit.tables.rows import Cells


def list_active(criteria: Iterable[Cells]) -> list[Cells]:
    """Return the criteria that screeners may use as they are worded now, in the order in which they came."""
    latest = {row["criterion_id"]: row for row in criteria}
    return [row for row in latest.values() if row["status"] == "active"]
