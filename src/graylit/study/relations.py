"""How guidelines relate: the relations in force, what is wrong with them, and practices of which nothing became yet."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import TYPE_CHECKING

from graylit.study.ids import list_unknown
from graylit.study.state import latest_rows
from graylit.tables.faults import Fault
from graylit.tables.relating import RELATION_WORDS
from graylit.tables.rows import Cells, Rows

if TYPE_CHECKING:
    from graylit.study.study import Study

Pair = tuple[str, str]


def list_relations(rows: Iterable[Cells], guidelines: Container[str]) -> list[Cells]:
    """Return the relations in force between guidelines, in the order of their ids: of each pair the last row."""
    latest: dict[Pair, Cells] = {(row["guideline_id"], row["other_guideline_id"]): row for row in rows}
    return [
        row
        for pair, row in sorted(latest.items())
        if row.get("status") != "withdrawn" and all(guideline_id in guidelines for guideline_id in pair)
    ]


def tell_relations(relations: Iterable[Cells], guideline_id: str) -> list[tuple[str, str, str]]:
    """Return (words, the other guideline, reason) for each relation of a guideline, as read from its side."""
    told = []
    for row in relations:
        words = RELATION_WORDS[row["relation"]]
        if row["guideline_id"] == guideline_id:
            told.append((words[0], row["other_guideline_id"], row["reason"]))
        elif row["other_guideline_id"] == guideline_id:
            told.append((words[1], row["guideline_id"], row["reason"]))
    return told


def check_relations(study: Study) -> list[Fault]:
    """Return the faults of relations, and of the log of places read."""
    known = {cells["guideline_id"] for cells in study.guidelines.cells if cells.get("guideline_id")}
    faults = _check_selves(study.relations)
    for column in ("guideline_id", "other_guideline_id"):
        faults += list_unknown(study.relations, column, known, "guidelines.csv")
        faults += _check_withdrawn(study, column)
    codings = {cells.get("coding_id", "") for rows in study.codings.values() for cells in rows.cells}
    return faults + list_unknown(study.places_read, "coding_id", codings, "config/coding/codings")


def _check_selves(relations: Rows) -> list[Fault]:
    remedy = "name another guideline, or take the row back by a later one with status withdrawn"
    return [
        Fault(relations.file, "is the guideline itself", "another guideline", remedy, number, "other_guideline_id", one)
        for number, cells in relations
        if (one := cells.get("other_guideline_id")) and one == cells.get("guideline_id")
    ]


def _check_withdrawn(study: Study, column: str) -> list[Fault]:
    """Return a fault for each relation in force that names a guideline which is no longer."""
    filled = [cells for cells in study.guidelines.cells if {"guideline_id", "decided_at", "status"} <= set(cells)]
    latest = latest_rows(filled, "guideline_id")
    withdrawn = {guideline_id for guideline_id, cells in latest.items() if cells["status"] == "withdrawn"}
    last = {
        (cells.get("guideline_id"), cells.get("other_guideline_id")): (number, cells)
        for number, cells in study.relations
    }
    remedy = "add a later row of the same two guidelines with status withdrawn"
    return [
        Fault(
            study.relations.file, "is withdrawn", "a guideline in force", remedy, number, column, cells.get(column, "")
        )
        for number, cells in last.values()
        if cells.get("status") != "withdrawn" and cells.get(column) in withdrawn
    ]


def remark_practices(study: Study) -> list[Fault]:
    """Return a remark for each practice that was neither merged nor dropped yet."""
    latest = latest_rows(study.practices.cells, "practice_id")
    remedy = "merge it into a guideline, or drop it with a reason"
    return [
        Fault(study.practices.file, "is neither merged nor dropped", "what became of it", remedy, None, "status", key)
        for key, row in sorted(latest.items())
        if row["status"] == "open"
    ]
