"""Other people's tables as they left them: CSV with any of the usual signs, and sheets of spreadsheets.

Bytes and workbooks are read as those of our own tables are. What differs: a mapping may name the character set, bytes
of Windows-1252 may stand among UTF-8, and a workbook may hold anything in cells that the mapping does not read.
"""

from __future__ import annotations

import csv
import datetime
import fnmatch
import io
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from graylit.exchange.headings import join_headings, remark_long, tell_apart
from graylit.tables.faults import Fault, InputError, suggest_name
from graylit.tables.files import name_column
from graylit.tables.forms import WINDOWS, decode_text, take_separator
from graylit.tables.names import strip_blanks

SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
SIGNS = ",;\t|"  # what separates cells, the likeliest first


Cell = tuple[int, int]  # its row, counted from 1, and its column, counted from 0


@dataclass(frozen=True)
class ForeignTable:
    """A table of theirs: the names of its columns, and its rows that hold anything, by the number people see."""

    file: str
    sheet: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    remarks: tuple[str, ...] = ()  # how it was read, if that is not sure
    unsaid: dict[Cell, tuple[str, str]] = field(default_factory=dict)  # formulas without a value, and what to do
    dated: frozenset[Cell] = frozenset()  # what a spreadsheet holds as dates

    @property
    def place(self) -> str:
        """Return the file, and the sheet if it is one of a spreadsheet."""
        return f"{self.file} ({self.sheet})" if self.sheet else self.file

    def find(self, name: str) -> int | None:
        """Return the place of a column; None if there is none of this name."""
        return next((at for at, one in enumerate(self.header) if one == " ".join(name.split())), None)


def find_files(folder: Path, name: str) -> list[Path]:
    """Return the files that a name stands for, sorted; `*` and `?` stand for anything in it."""
    if not any(sign in name for sign in "*?["):
        return [folder / name]
    return sorted(path for path in folder.glob(name) if path.is_file() and not path.name.startswith((".", "~")))


def read_tables(
    path: Path, file: str, sheets: Iterable[str], header: tuple[int, ...], encoding: str = ""
) -> list[ForeignTable]:
    """Return the tables in a file: one, or one for each sheet that is asked for; `file` is the name to show for it.

    Raises InputError if the file cannot be read, or a sheet is missing or not said.
    """
    content = _read_bytes(path, file)
    if path.suffix.lower() in SPREADSHEETS:
        return _read_sheets(content, file, tuple(sheets), header)
    if encoding:
        return [make_table(file, "", _read_csv(_decode_as(content, file, encoding), file), header)]
    text, is_sure = decode(content, file)
    table = make_table(file, "", _read_csv(text, file), header)
    unsure = () if is_sure else (f"{file}: bytes that are no UTF-8 were read as Windows-1252",)
    return [replace(table, remarks=(*table.remarks, *unsure))]


def make_table(file: str, sheet: str, rows: list[list[str]], header: tuple[int, ...]) -> ForeignTable:
    """Return a table of rows as they were read; without a header its columns are named as spreadsheets name them."""
    last = max(header, default=0)
    width = max(map(len, rows), default=0)
    cleaned = [tuple(strip_blanks(cell) for cell in row) + ("",) * (width - len(row)) for row in rows]
    if not header:
        names = [name_column(number) for number in range(width)]
    else:
        if len(cleaned) < last or not any(cleaned[last - 1]):
            problem, remedy = f"has no row {last} with names of columns", "say `header` in the mapping"
            raise InputError([Fault(file, problem, "the names of the columns", remedy, row=last)])
        names = tell_apart(join_headings([cleaned[number - 1] for number in header]))
    kept = tuple((number, row) for number, row in enumerate(cleaned[last:], start=last + 1) if any(row))
    long = remark_long(file, rows, last) if header and not sheet else ()
    return ForeignTable(file, sheet, tuple(names), kept, long)


def _read_bytes(path: Path, file: str) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        near = [other.name for other in path.parent.iterdir()] if path.parent.is_dir() else []
        hint = suggest_name(path.name, near)
        problem, remedy = f"is missing{hint}", "correct the mapping, or the folder after --from"
        raise InputError([Fault(file, problem, "a table of theirs", remedy)]) from error
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise InputError([Fault(file, problem, "a table of theirs", "name a file that can be read")]) from error


def _read_csv(text: str, file: str) -> list[list[str]]:
    named, text = take_separator(text)
    sign = named or find_sign(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        read = list(rows)
        return _unwrap(read, sign if any(len(row) > 1 for row in read) else ",")
    except csv.Error as error:
        remedy = "close the quotes; write a quote inside a quoted cell as two quotes"
        raise InputError(
            [Fault(file, f"cannot be read as CSV ({error})", "whole rows", remedy, rows.line_num)]
        ) from error


def _unwrap(rows: list[list[str]], sign: str) -> list[list[str]]:
    """Return rows with the cells of those that are one cell, as a German Excel saves lines of a file with commas."""
    inner = {at: next(csv.reader([row[0]], delimiter=sign), []) for at, row in enumerate(rows) if len(row) == 1}
    width = max(map(len, rows if len(inner) < len(rows) else inner.values()), default=0)
    return [inner[at] if at in inner and len(inner[at]) == width else row for at, row in enumerate(rows)]


def _decode_as(content: bytes, file: str, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        problem, remedy = f"is not {encoding} ({error})", "correct `encoding` in the mapping"
        raise InputError([Fault(file, problem, encoding, remedy)]) from error


def decode(content: bytes, file: str) -> tuple[str, bool]:
    """Return a text of theirs, by its mark, else in UTF-8 or Windows-1252, and whether it is one of the first two.

    Raises InputError if that is not sure.
    """
    if not content.strip():
        raise InputError([Fault(file, "is empty", "a table of theirs", "name another file")])
    is_mixed = b"\0" not in content and not content.decode("utf-8", errors="ignore").isascii()
    text, ways, faults = decode_text(content, file)
    if faults and is_mixed:  # Windows-1252 was pasted into UTF-8
        return _decode_pasted(content, file), False
    if faults:
        remedy = "say `encoding` in the mapping, such as cp1252"
        raise InputError(replace(fault, remedy=remedy) for fault in faults)
    return text, WINDOWS not in ways


def _decode_pasted(content: bytes, file: str) -> str:
    """Return a text in UTF-8 into which Windows-1252 was pasted. Raises InputError for a byte that is neither."""
    text = content.decode("utf-8", errors="surrogateescape")
    strange = re.compile("[\udc80-\udcff]")
    for found in strange.finditer(text):
        byte = ord(found[0]) - 0xDC00
        if bytes([byte]).decode("cp1252", errors="ignore") == "":
            row = text[: found.start()].count("\n") + 1
            problem = f"is neither UTF-8 nor Windows-1252 (byte 0x{byte:02x})"
            raise InputError([Fault(file, problem, "UTF-8", "save it again as 'CSV UTF-8'", row=row)])
    return strange.sub(lambda found: bytes([ord(found[0]) - 0xDC00]).decode("cp1252"), text)


def find_sign(text: str) -> str:
    """Return what separates the cells: the sign that stands as often in each of the first rows, outside quotes."""
    outside = "".join(text[:100_000].split('"')[::2])
    lines = [line for line in outside.splitlines() if line.strip()][:20]
    best, best_share = ",", 0.0
    for sign in SIGNS:
        counts = [line.count(sign) for line in lines]
        usual, n_usual = Counter(counts).most_common(1)[0] if counts else (0, 0)
        share = n_usual / len(counts) if usual else 0.0
        if share > best_share:
            best, best_share = sign, share
    return best


def _read_sheets(content: bytes, file: str, asked: tuple[str, ...], header: tuple[int, ...]) -> list[ForeignTable]:
    """Return the sheets of a workbook that are asked for by name; of a file with one sheet, this."""
    from graylit.tables.workbooks import open_book  # its library takes time to load, and is seldom needed

    book, faults = open_book(content, file)
    if book is None:
        raise InputError(faults)
    tables = []
    for name in _choose_sheets(list(book.sheets), file, asked):
        rows = book.sheets[name].to_python(skip_empty_area=False)
        errors = book.marks.errors.get(name, {})  # as a CSV file would have them
        cells = [
            [errors.get((row, at)) or write_cell(cell) for at, cell in enumerate(values)]
            for row, values in enumerate(rows, start=1)
        ]
        lone = [mark for mark in book.marks.unsaid.get(name, []) if mark[:2] not in errors]
        unsaid = {(row, at): (problem, remedy) for row, at, problem, remedy in lone}
        dated = {(row, at) for row, values in enumerate(rows, 1) for at, cell in enumerate(values) if _is_day(cell)}
        tables.append(replace(make_table(file, name, cells, header), unsaid=unsaid, dated=frozenset(dated)))
    return tables


def _choose_sheets(names: list[str], file: str, asked: tuple[str, ...]) -> list[str]:
    """Return the names of the sheets that are asked for; if none is, of the only one."""
    if not asked and len(names) > 1:
        problem = f"has {len(names)} sheets: {', '.join(names)}"
        raise InputError([Fault(file, problem, "which of them", "say `sheet` in the mapping")])
    chosen = [] if asked else names
    for wanted in asked:
        found = [name for name in names if name == wanted] or fnmatch.filter(names, wanted)
        if not found:
            problem = f"has no sheet {wanted!r}{suggest_name(wanted, names)}"
            raise InputError([Fault(file, problem, ", ".join(names), "correct the mapping")])
        chosen += [name for name in found if name not in chosen]
    return chosen


def _is_day(value: object) -> bool:
    return isinstance(value, (datetime.date, datetime.time, datetime.timedelta))


def write_cell(value: object) -> str:
    """Return a cell of a spreadsheet as people see it: whole numbers without a point, dates as 2026-08-24."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    return str(value)
