"""Workbooks (xlsx, ods) saved in the place of a table: the cells of their one sheet, as a CSV file would hold them."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from graylit.tables.faults import Fault
from graylit.tables.files import name_column
from graylit.tables.kinds import DATED, KINDS, Column
from graylit.tables.workbook_marks import MAX_CELLS, Marks, read_marks

Value = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta
AS_TEXT = "give the column the format Text, and write again what was meant"
N_DIGITS = 15  # of a number that spreadsheets keep


@dataclass(frozen=True)
class Book:
    """A workbook: its sheets, and what its cells say besides their values."""

    sheets: dict[str, CalamineSheet]
    marks: Marks


def open_book(content: bytes, file: str) -> tuple[Book | None, list[Fault]]:
    """Return the workbook that a file holds; None if it cannot be read, and its faults."""
    try:
        book = CalamineWorkbook.from_object(io.BytesIO(content))
        marks = read_marks(content, book.sheet_names)
        if wide := [name for name in book.sheet_names if marks.count_cells(name) > MAX_CELLS]:
            problem = f"has a cell far from the others on sheet {wide[0]!r} ({marks.last[wide[0]]})"
            return None, [Fault(file, problem, "cells beside each other", "remove what stands there")]
        return Book({name: book.get_sheet_by_name(name) for name in book.sheet_names}, marks), []
    except PasswordError:
        return None, [Fault(file, "asks for a password", "a workbook without one", "save it without a password")]
    except (CalamineError, ValueError, OSError) as error:
        problem, remedy = (
            f"cannot be read as a workbook ({error})",
            "open it and save it again, as .xlsx, .ods or CSV UTF-8",
        )
        return None, [Fault(file, problem, "an .xlsx or .ods file", remedy)]


def read_workbook(content: bytes, file: str, columns: Sequence[Column]) -> tuple[list[list[str]] | None, list[Fault]]:
    """Return the rows of the only sheet of a workbook that holds anything, and its faults."""
    book, faults = open_book(content, file)
    if book is None:
        return None, faults
    filled = [sheet for sheet in book.sheets.values() if sheet.start is not None]
    if len(filled) != 1:
        return None, [_refuse_sheets(file, filled)]
    return _read_sheet(filled[0], file, columns, book.marks)


def _refuse_sheets(file: str, filled: Sequence[CalamineSheet]) -> Fault:
    if not filled:
        return Fault(file, "is empty", "at least the header row", "restore it; config/TABLES.md has the header")
    names = ", ".join(repr(sheet.name) for sheet in filled)
    problem = f"has {len(filled)} sheets with cells: {names}"
    return Fault(file, problem, "one sheet with cells", "move the others to a workbook elsewhere")


def _read_sheet(
    sheet: CalamineSheet, file: str, columns: Sequence[Column], marks: Marks
) -> tuple[list[list[str]], list[Fault]]:
    values = sheet.to_python(skip_empty_area=False)
    header = next((row for row in values if any(cell != "" for cell in row)), [])
    known = {column.name: column for column in columns}
    asked = [known.get(str(name)) for name in header]
    faults = _check_marks(file, marks, sheet, [str(name) for name in header])
    rows = []
    for number, row in enumerate(values, start=1):
        cells = [_read_value(value, column) for value, column in zip(row, asked, strict=True)]
        faults += _check_row(file, number, row, asked, marks.parts.get(sheet.name, {}))
        rows.append(cells)
    return rows, faults


def _check_marks(file: str, marks: Marks, sheet: CalamineSheet, header: list[str]) -> list[Fault]:
    """Return the faults of cells that say nothing of what was in them: errors, lone formulas, merged ones."""
    faults = []
    for row, at, problem, remedy in marks.unsaid.get(sheet.name, []):
        name = header[at] if at < len(header) else name_column(at)
        faults.append(Fault(file, problem, "what the cell says", remedy, row, name))
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        problem = f"is merged with others, to {name_column(right)}{bottom + 1}"
        name = header[left] if left < len(header) else name_column(left)
        faults.append(Fault(file, problem, "each cell alone", "unmerge the cells, and fill each", top + 1, name))
    return faults


def _read_value(value: Value, column: Column | None) -> str:
    """Return a cell as text; a number of a spreadsheet has fifteen digits."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return _read_number(float(value), column)
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time() and column is not None and column.kind in DATED
        return value.date().isoformat() if is_day else value.isoformat(" ")
    return value.isoformat() if isinstance(value, (datetime.date, datetime.time)) else str(value)


def _read_number(value: float, column: Column | None) -> str:
    if column is not None and KINDS[column.kind].dtype == "float64":
        return str(int(value)) if value.is_integer() and abs(value) < 10**N_DIGITS else repr(value)
    plain = Decimal(f"{value:.{N_DIGITS}g}")
    return f"{plain:f}"


def _check_row(
    file: str, number: int, row: Iterable[Value], asked: Iterable[Column | None], parts: Mapping[tuple[int, int], str]
) -> list[Fault]:
    """Return a fault for each cell that a spreadsheet turned into a date, or shows as a month or a year."""
    faults = []
    for at, (value, column) in enumerate(zip(row, asked, strict=True)):
        if column is None or isinstance(value, (str, int, float)):
            continue
        is_dated = column.kind in DATED and isinstance(value, datetime.date)
        if not is_dated:
            kind = "a date" if isinstance(value, datetime.date) else "a time of day"
            problem = f"is {kind}, which a spreadsheet made of what was typed"
            faults.append(Fault(file, problem, column.expected, AS_TEXT, number, column.name, str(value)))
        elif part := parts.get((number, at)):
            problem = f"is shown as a {part}, and held as the day {str(value)[:10]}"
            remedy = f"{AS_TEXT}: the {part} ({str(value)[: 7 if part == 'month' else 4]}) or the day"
            faults.append(Fault(file, problem, column.expected, remedy, number, column.name))
    return faults
