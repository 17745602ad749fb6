"""What an xlsx file says of its cells besides their values: errors, formulas without a value, dates without a day.

The library that reads workbooks gives an empty cell for the first two, and some day of the month or year for the last.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

MAX_CELLS = 20_000_000  # of the rectangle from the first to the last cell, which is held in memory: chosen
MAX_BYTES = 500_000_000  # of an unpacked part: chosen, far more than a table that people keep
MONTH_FORMAT = "17"  # mmm-yy, which Excel gives to a month and a year
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINKS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_QUOTED = re.compile(r'"[^"]*"|\[[^]]*\]|\\.')


@dataclass
class Marks:
    """By the name of a sheet: cells that say nothing of what was in them, dates shown in part, and the last cell."""

    unsaid: dict[str, list[tuple[int, int, str, str]]] = field(default_factory=dict)  # row, column, problem, remedy
    errors: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)  # of formulas, such as #REF!
    parts: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)  # of a date: what is shown
    last: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def count_cells(self, name: str) -> int:
        """Return how many cells the rectangle has that holds all cells of a sheet; 0 if it is not known."""
        return self.sizes.get(name, 0)


def read_marks(content: bytes, names: Sequence[str]) -> Marks:
    """Return the marks of an xlsx file; none of another one. Raises ValueError if a part is damaged or too large."""
    marks = Marks()
    if not content.startswith(b"PK"):  # .xls
        return marks
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if max((part.file_size for part in parts.infolist()), default=0) > MAX_BYTES:
                raise ValueError("a part of it is too large")
            if "xl/workbook.xml" not in parts.namelist():
                return marks
            shown = _list_part_styles(parts)
            for name, place in _list_sheets(parts).items():
                if name in names and place in parts.namelist():
                    _read_cells(parts, place, name, shown, marks)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, NotImplementedError, RuntimeError) as error:
        raise ValueError(str(error)) from error
    return marks


def _parse(parts: zipfile.ZipFile, place: str) -> etree._Element:
    return etree.fromstring(parts.read(place), etree.XMLParser(resolve_entities=False, no_network=True))


def _list_sheets(parts: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of each sheet, by its name."""
    targets = {link.get("Id", ""): link.get("Target", "") for link in _parse(parts, "xl/_rels/workbook.xml.rels")}
    sheets = _parse(parts, "xl/workbook.xml").iter(f"{_MAIN}sheet")
    return {
        sheet.get("name", ""): posixpath.normpath(posixpath.join("/xl", targets.get(sheet.get(_LINKS, ""), "")))[1:]
        for sheet in sheets
    }


def _list_part_styles(parts: zipfile.ZipFile) -> dict[str, str]:
    """Return the part that each style shows of a date without its day, by the style's number."""
    if "xl/styles.xml" not in parts.namelist():
        return {}
    styles = _parse(parts, "xl/styles.xml")
    formats = {style.get("numFmtId", ""): style.get("formatCode", "") for style in styles.iter(f"{_MAIN}numFmt")}
    shown = {number: part for number, code in formats.items() if (part := _name_part(code))} | {MONTH_FORMAT: "month"}
    used = styles.find(f"{_MAIN}cellXfs")
    numbers = [] if used is None else [style.get("numFmtId", "") for style in used]
    return {str(at): shown[number] for at, number in enumerate(numbers) if number in shown}


def _name_part(code: str) -> str:
    """Return which part of a date a format shows if it shows no day; '' of another format."""
    plain = _QUOTED.sub("", code).lower()
    if "y" not in plain or "d" in plain or "h" in plain:
        return ""
    return "month" if "m" in plain else "year"


def _read_cells(parts: zipfile.ZipFile, place: str, name: str, parts_shown: Mapping[str, str], marks: Marks) -> None:
    """Note the marks of one sheet's cells."""
    unsaid, shown, n_rows, n_columns = [], {}, 0, 0
    errors = marks.errors.setdefault(name, {})
    with parts.open(place) as part:
        for _, cell in etree.iterparse(part, tag=f"{_MAIN}c", resolve_entities=False, no_network=True):
            value, row, at = cell.findtext(f"{_MAIN}v") or None, *_read_place(cell.get("r", "A1"))
            if value is not None or cell.get("t") == "inlineStr":
                n_rows, n_columns = max(n_rows, row), max(n_columns, at + 1)
            if cell.get("t") == "e":
                errors[row, at] = value or ""
                unsaid.append((row, at, f"holds the error {value} of a formula", "write what the cell should say"))
            elif value is None and cell.find(f"{_MAIN}f") is not None:
                remedy = "open the workbook in a spreadsheet and save it, or write what the cell should say"
                unsaid.append((row, at, "holds a formula without its value", remedy))
            elif value is not None and cell.get("s", "") in parts_shown:
                shown[row, at] = parts_shown[cell.get("s", "")]
            cell.clear()
    marks.unsaid[name], marks.parts[name] = unsaid, shown
    marks.sizes[name], marks.last[name] = n_rows * n_columns, f"row {n_rows}, or column {n_columns}"


def _read_place(reference: str) -> tuple[int, int]:
    """Return the row, counted from 1, and the column, counted from 0, of a cell such as B5."""
    letters = reference.rstrip("0123456789")
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :] or 1), at - 1
