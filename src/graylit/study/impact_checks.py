"""Faults of impacts that show only when tables are compared: attributes that are none, and second readers' rows."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from graylit.study.ids import list_unknown
from graylit.tables.faults import Fault, suggest_name
from graylit.tables.impacts import list_attributes
from graylit.tables.rows import Cells, Rows

if TYPE_CHECKING:
    from graylit.study.study import Study


def check_impacts(study: Study) -> list[Fault]:
    """Return the faults of the attributes that impacts name, and of the rows of second readers."""
    attributes = list_attributes(study.attributes.cells)
    is_own = bool(study.attributes.cells)
    faults = []
    for rows in (study.impacts, study.impact_readings):
        faults += _check_attributes(rows, attributes, study.attributes.file if is_own else "ISO/IEC 25010:2023")
    known = {cells["impact_id"] for cells in study.impacts.cells if cells.get("impact_id")}
    faults += list_unknown(study.impact_readings, "impact_id", known, "impacts.csv")
    return faults + _check_readers(study) + _check_filled(study.impact_readings)


def _check_attributes(rows: Rows, attributes: Collection[str], where: str) -> list[Fault]:
    remedy = "correct it, or add the attribute to config/attributes.csv with all others that the study uses"
    return [
        Fault(
            rows.file,
            f"is no attribute of this study{suggest_name(attribute, attributes)}",
            f"an attribute of {where}: {', '.join(attributes)}",
            remedy,
            number,
            "quality_attribute",
            attribute,
        )
        for number, cells in rows
        if (attribute := cells.get("quality_attribute")) and attribute not in attributes
    ]


def _check_readers(study: Study) -> list[Fault]:
    """Return a fault for each row of a second reader who wrote the impact."""
    written = {(cells.get("impact_id"), cells.get("decided_by")) for cells in study.impacts.cells}
    expected, remedy = "somebody who did not write it", "have somebody else read it"
    return [
        Fault(study.impact_readings.file, "wrote this impact", expected, remedy, number, "reader", cells["reader"])
        for number, cells in study.impact_readings
        if cells.get("reader") and (cells.get("impact_id"), cells["reader"]) in written
    ]


def _check_filled(readings: Rows) -> list[Fault]:
    return [fault for number, cells in readings for fault in _check_reading(readings.file, number, cells)]


def _check_reading(file: str, number: int, cells: Cells) -> list[Fault]:
    is_shown = cells.get("reading") == "shown"
    problem = "is empty for an impact that is shown" if is_shown else "is filled though no impact is shown"
    expected, remedy = ("what the reader saw" if is_shown else "an empty cell"), "add a later row that is right"
    return [
        Fault(file, problem, expected, remedy, number, column, cells.get(column, ""))
        for column in ("quality_attribute", "effect")
        if cells.get("reading") and bool(cells.get(column)) != is_shown
    ]
