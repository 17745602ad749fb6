"""The forms in which spreadsheets save tables, all of them read as the same rows of cells.

The canonical form is UTF-8, commas, lines that end in LF, and quotes only around cells that need them. In another form
nothing may be lost and nothing guessed: what cannot be told for sure is a fault.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graylit.tables.charsets import Doubt, decode_windows
from graylit.tables.conflicts import take_out_conflicts
from graylit.tables.faults import Fault
from graylit.tables.files import ENDINGS, WORKBOOKS, name_column, read_content, row_at
from graylit.tables.kinds import KINDS, Column

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
WINDOWS = "Windows-1252 characters"
SAVE_AS = "save it again as 'CSV UTF-8', or as a workbook (.xlsx or .ods) in its place"
_DECIMAL = re.compile(r"-?[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2},[0-9]{3}")


@dataclass
class Sheet:
    """The rows of a table as its file holds them, and in which ways that is not the canonical form.

    `ways` and `faults` are complete once all rows were read.
    """

    file: str
    rows: Iterable[list[str]]
    columns: Sequence[Column]
    ways: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    text: str = ""  # what a CSV file holds, in Unicode and with LF
    is_ragged: bool = False  # whether empty cells at the end of a row may be left out, as Excel does
    is_whole: bool = True  # whether no rows were left out, as those of a conflict are

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the header and the rows with the numbers that a spreadsheet shows; what is empty is left out."""
        header: list[str] = []
        for number, row in enumerate(self.rows, start=1):
            if not any(row):
                self._note("empty rows")
            elif not header:
                header = self._unwrap(row, 0) if len(row) == 1 else row
                kept = [at for at, name in enumerate(header) if name]
                if len(kept) < len(header):
                    self._note("empty columns")
                numeric = [at for at, name in enumerate(header) if name in self._numeric]
                yield number, [header[at] for at in kept]
            else:
                row = row if len(row) == len(header) else self._fit(row, len(header))
                for at in numeric:
                    row = self._read_decimal(row, at)
                yield number, row if len(kept) == len(row) else self._drop_nameless(number, row, header)

    @property
    def _numeric(self) -> set[str]:
        return {column.name for column in self.columns if KINDS[column.kind].dtype == "float64"}

    def _note(self, way: str) -> None:
        if way not in self.ways:
            self.ways.append(way)

    def _unwrap(self, row: list[str], n_cells: int) -> list[str]:
        """Return the cells of a row that a spreadsheet took for one cell, since it expects another separator."""
        inner = next(csv.reader(io.StringIO(row[0], newline="")), [])
        is_row = len(inner) == n_cells if n_cells else any(column.name in inner for column in self.columns)
        if len(inner) < 2 or not is_row:
            return row
        self._note("rows that are one cell each")
        return inner

    def _fit(self, row: list[str], n_cells: int) -> list[str]:
        """Return a row with as many cells as the header has, if what is too much or too little is empty."""
        while len(row) > n_cells and not row[-1]:
            row = row[:-1]
            self._note("empty columns")
        if len(row) == 1 and n_cells > 1:
            row = self._unwrap(row, n_cells)
        if len(row) < n_cells and self.is_ragged:
            row = row + [""] * (n_cells - len(row))
        return row

    def _read_decimal(self, row: list[str], at: int) -> list[str]:
        cell = row[at] if at < len(row) else ""
        if "," not in cell or not _DECIMAL.fullmatch(cell) or _THOUSANDS.fullmatch(cell):
            return row
        self._note("decimal commas")
        return [*row[:at], cell.replace(",", ".").replace("E", "e").replace("e+", "e"), *row[at + 1 :]]

    def _drop_nameless(self, number: int, row: list[str], header: list[str]) -> list[str]:
        """Return a row without its cells in columns that have no name; a fault tells of one that is not empty."""
        if len(row) != len(header):
            return row
        for at in (at for at, name in enumerate(header) if not name and row[at]):
            problem = f"stands in column {name_column(at)}, which has no name"
            remedy = "name the column in row 1, or remove the cell"
            self.faults.append(Fault(self.file, problem, "cells below a name", remedy, number, value=row[at]))
        return [cell for cell, name in zip(row, header, strict=True) if name]


def open_sheet(path: Path, file: str, columns: Sequence[Column]) -> tuple[Sheet | None, list[Fault]]:
    """Return the rows of a table that people wrote, in whatever form; None if it cannot be read, and its faults."""
    content, faults = read_content(path, file)
    if faults:
        return None, faults
    if path.suffix.casefold() in WORKBOOKS:
        from graylit.tables.workbooks import read_workbook  # its library takes time to load, and is seldom needed

        rows, faults = read_workbook(content, file, columns)
        ways = [f"the form of a workbook ({path.suffix[1:].lower()})"]
        sheet = None if rows is None else Sheet(file, rows, columns, ways)
    else:
        sheet, faults = open_text(content, file, columns)
    if sheet and path.suffix not in ENDINGS:
        sheet.ways.append(f"the ending {path.suffix}")
    return sheet, faults


def open_text(content: bytes, file: str, columns: Sequence[Column]) -> tuple[Sheet | None, list[Fault]]:
    """Return the rows of a CSV file in whatever character set, and its faults."""
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        expected, remedy = "a CSV file", "give it the ending of its kind (.xlsx or .ods), or save it as 'CSV UTF-8'"
        return None, [Fault(file, "is a workbook under the name of a CSV file", expected, remedy)]
    names = {column.name for column in columns}
    text, ways, faults = decode_text(content, file, names)
    if faults:
        return None, faults
    is_ragged = bool(ways)
    if "\r" in text:
        ways.append("line ends of Windows (CRLF)" if "\r\n" in text else "line ends of old Macs (CR)")
        text, is_ragged = text.replace("\r\n", "\n").replace("\r", "\n"), True
    text = text.replace("\n\ufeff", "\n")  # where one file was put behind another
    text, conflicts, faults = take_out_conflicts(text, file)
    if conflicts and 1 in conflicts[0]:
        return None, faults
    named, text = take_separator(text)
    if named:
        ways.append("a line that names the separator")
    separator = named if named in SEPARATORS else choose_separator(text, names)
    if separator != ",":
        ways.append(f"{SEPARATORS[separator]} between cells")
        is_ragged = True
    rows = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    return Sheet(file, rows, columns, ways, faults, text, is_ragged, not conflicts), []


def take_separator(text: str) -> tuple[str, str]:
    """Return the sign that the line `sep=;` of Excel names, '' if there is no such line, and the text below it."""
    named = re.match(r'"?sep=(.)"?[;,\t]*(?:\r\n|\r|\n)', text, re.IGNORECASE)
    return (named[1], text[named.end() :]) if named else ("", text)


def choose_separator(text: str, names: Collection[str]) -> str:
    """Return the sign that separates most of the names known in the first row that holds anything."""
    start = next((line for line in text.split("\n") if line.strip(',;\t "')), "")
    counts = {sign: sum(cell.strip('" ') in names for cell in start.split(sign)) for sign in SEPARATORS}
    return max(SEPARATORS, key=lambda sign: counts[sign])


def decode_text(content: bytes, file: str, names: Collection[str] = ()) -> tuple[str, list[str], list[Fault]]:
    """Return the text of a CSV file, in which ways its bytes are not those of UTF-8, and its faults."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError:
            text = "\0"
        return (text, ["UTF-16"], []) if "\0" not in text else ("", [], [_name_binary(content, file)])
    if b"\0" in content:
        return "", [], [_name_binary(content, file)]
    ways = ["a byte order mark (BOM)"] if content.startswith(b"\xef\xbb\xbf") else []
    while content.startswith(b"\xef\xbb\xbf"):  # some programs add another one
        content = content[3:]
    try:
        return content.decode("utf-8"), ways, []
    except UnicodeDecodeError:
        found = decode_windows(content)
    if isinstance(found, str):
        return found, [*ways, WINDOWS], []
    return "", [], [_name_doubt(content, file, found, names)]


def _name_binary(content: bytes, file: str) -> Fault:
    problem = "is not UTF-8 (it looks like UTF-16 without its mark, or like a binary file)"
    return Fault(file, problem, "text", SAVE_AS, row=row_at(content, max(content.find(b"\0"), 0)))


def _name_doubt(content: bytes, file: str, doubt: Doubt, names: Collection[str]) -> Fault:
    """Return the fault of a cell whose bytes mean different words in different character sets."""
    shown = " or ".join(f"{words!r} ({charset})" for charset, words in list(doubt.readings.items())[:4])
    problem = f"is not UTF-8, and could be {shown}" if shown else "is neither UTF-8 nor Windows-1252 for sure"
    column, value = _find_cell(content, doubt.start, names)
    before = content[: doubt.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Fault(
        file, problem, "characters that can be told for sure", SAVE_AS, row_at(before, len(before)), column, value
    )


def _find_cell(content: bytes, start: int, names: Collection[str]) -> tuple[str, str | None]:
    """Return the column and the value of the cell at a place, as far as the row can be read."""
    text = content.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n")
    mark = content[start:].decode("latin-1")[:8]
    try:
        header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=choose_separator(text, names))
    except (csv.Error, ValueError):
        return "", None
    cells = ((name, cell) for row in rows for name, cell in zip(header, row, strict=False))
    return next(
        ((name, _mask(cell)) for name, cell in cells if not cell.isascii() and mark.split("\n")[0] in cell), ("", None)
    )


def _mask(cell: str) -> str:
    return "".join(sign if sign.isascii() else "?" for sign in cell)


def format_records(records: Iterable[Iterable[str]]) -> str:
    """Return rows in the canonical form."""
    lines = io.StringIO()
    csv.writer(lines, lineterminator="\n").writerows(records)
    return lines.getvalue()
