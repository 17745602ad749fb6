"""What the page of a guideline shows of how it was written: its relations, places opened before, second readings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from graylit.study.impact_readings import list_current_readings
from graylit.study.relations import list_relations, tell_relations
from graylit.tables.rows import Cells
from graylit.tables.store import Table


class Writing:
    """How the guidelines in force were written, by the tables of a study."""

    def __init__(self, tables: Mapping[str, Table], guidelines: Collection[str]) -> None:
        self._relations = list_relations(tables["relations"], guidelines)
        self._opened = {(row["kind"], row["written_id"]): row for row in tables["places_opened"]}
        readings = list_current_readings(list(tables["impacts"]), list(tables["impact_readings"]))
        self._read: dict[str, list[Cells]] = {}
        for (impact_id, _), row in readings.items():
            self._read.setdefault(impact_id, []).append(row)

    def describe(self, guideline_id: str) -> dict[str, Any]:
        """Return the relations of a guideline, and how many places were opened before it was written."""
        relations = tell_relations(self._relations, guideline_id)
        return {"relations": relations, "opened": self._opened.get(("guideline", guideline_id))}

    def add_readings(self, impacts: Iterable[Cells]) -> list[dict[str, Any]]:
        """Return impacts, each with what second readers saw in its places."""
        return [{**row, "readings": self._read.get(row["impact_id"], [])} for row in impacts]

    def add_opened(self, practices: Iterable[Cells]) -> list[dict[str, Any]]:
        """Return practices, each with how many places were opened before it was written."""
        return [{**row, "opened": self._opened.get(("practice", row["practice_id"]))} for row in practices]
