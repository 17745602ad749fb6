"""Other people's tables as they left them: CSV with any of the usual signs, and sheets of spreadsheets."""

from __future__ import annotations

import csv
import datetime
import fnmatch
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from graylit.tables.charsets import decode_windows
from graylit.tables.faults import Fault, InputError, suggest_name
from graylit.tables.files import name_column, row_at
from graylit.tables.names import strip_blanks

SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
SIGNS = ",;\t|"  # what separates cells, the likeliest first


@dataclass(frozen=True)
class ForeignTable:
    """A table of theirs: the names of its columns, and its rows that hold anything, by the number people see."""

    file: str
    sheet: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    remark: str = ""  # how it was read, if that is not sure

    @property
    def place(self) -> str:
        """Return the file, and the sheet if it is one of a spreadsheet."""
        return f"{self.file} ({self.sheet})" if self.sheet else self.file


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
    if path.suffix.lower() in SPREADSHEETS:
        return [
            make_table(file, sheet, rows, header) for sheet, rows in _choose_sheets(path, file, tuple(sheets)).items()
        ]
    content = _read_bytes(path, file)
    text = _decode_as(content, file, encoding) if encoding else decode(content, file)
    table = make_table(file, "", _read_csv(text, file), header)
    is_sure = (
        encoding
        or content.startswith((b"\xff\xfe", b"\xfe\xff"))
        or text.encode("utf-8") == content.removeprefix(b"\xef\xbb\xbf")
    )
    return [table if is_sure else replace(table, remark=f"{file}: bytes that are no UTF-8 were read as Windows-1252")]


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
        names = _tell_apart(_join_headings([cleaned[number - 1] for number in header]))
    kept = tuple((number, row) for number, row in enumerate(cleaned[last:], start=last + 1) if any(row))
    return ForeignTable(file, sheet, tuple(names), kept)


def _join_headings(rows: list[tuple[str, ...]]) -> list[str]:
    """Return the names of columns in one or more rows; an upper one stands for the columns to its right as well."""
    *upper, lower = [[" ".join(cell.split()) for cell in row] for row in rows]
    for row in upper:
        for at in range(1, len(row)):
            row[at] = row[at] or row[at - 1]
    return [" / ".join(filter(None, parts)) for parts in zip(*upper, lower, strict=True)]


def _tell_apart(names: list[str]) -> list[str]:
    """Return names of columns: the second of one name is called `name (2)`, one without a name by its letters."""
    seen: Counter[str] = Counter()
    told = []
    for number, name in enumerate(names):
        seen[name] += 1
        called = name or f"(column {name_column(number)})"
        told.append(called if seen[name] == 1 or not name else f"{name} ({seen[name]})")
    return told


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
    named = re.match(r"sep=(.)\r?\n", text)  # as Excel writes it
    text = text[named.end() :] if named else text
    sign = named[1] if named else _find_sign(text)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        return list(rows)
    except csv.Error as error:
        remedy = "close the quotes; write a quote inside a quoted cell as two quotes"
        raise InputError(
            [Fault(file, f"cannot be read as CSV ({error})", "whole rows", remedy, rows.line_num)]
        ) from error


def _decode_as(content: bytes, file: str, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        problem, remedy = f"is not {encoding} ({error})", "correct `encoding` in the mapping"
        raise InputError([Fault(file, problem, encoding, remedy)]) from error


def decode(content: bytes, file: str) -> str:
    """Return the text of a table: by its mark, else UTF-8, else Windows-1252."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if not content.strip():
        raise InputError([Fault(file, "is empty", "a table of theirs", "name another file")])
    if b"\x00" in content:
        problem, remedy = "is no table of text", "save it as CSV in UTF-8, or as XLSX"
        raise InputError([Fault(file, problem, "CSV, TSV, XLSX or ODS", remedy)])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode_bytes(content, file)


def _decode_bytes(content: bytes, file: str) -> str:
    """Return a text in Windows-1252, or one in UTF-8 with cells in Windows-1252 that were pasted into it.

    Raises InputError if a byte is nothing in Windows-1252 either, or if the text may be in other character sets.
    """
    text = content.decode("utf-8", errors="surrogateescape")
    if content.decode("utf-8", errors="ignore").isascii():  # no UTF-8 at all
        read = decode_windows(content)
        if isinstance(read, str):
            return read
        shown = " or ".join(f"{words!r} ({charset})" for charset, words in list(read.readings.items())[:4])
        problem = f"is not UTF-8, and could be {shown}" if shown else "is neither UTF-8 nor Windows-1252 for sure"
        remedy = "say `encoding` in the mapping, such as cp1252"
        raise InputError([Fault(file, problem, "UTF-8", remedy, row_at(content, read.start))])
    strange = re.compile("[\udc80-\udcff]")
    for found in strange.finditer(text):
        byte = ord(found[0]) - 0xDC00
        if bytes([byte]).decode("cp1252", errors="ignore") == "":
            row = text[: found.start()].count("\n") + 1
            problem = f"is neither UTF-8 nor Windows-1252 (byte 0x{byte:02x})"
            raise InputError([Fault(file, problem, "UTF-8", "save it again as 'CSV UTF-8'", row=row)])
    return strange.sub(lambda found: bytes([ord(found[0]) - 0xDC00]).decode("cp1252"), text)


def _find_sign(text: str) -> str:
    """Return what separates the cells: the sign that stands as often in each of the first rows, outside quotes."""
    lines = list(_list_lines(text, 20))
    best, best_share = ",", 0.0
    for sign in SIGNS:
        counts = [line.count(sign) for line in lines]
        usual, n_usual = Counter(counts).most_common(1)[0] if counts else (0, 0)
        share = n_usual / len(counts) if usual else 0.0
        if share > best_share:
            best, best_share = sign, share
    return best


def _list_lines(text: str, n_most: int) -> Iterator[str]:
    """Yield the first rows of a table that are not empty, without what stands between quotes."""
    outside = "".join(text[:100_000].split('"')[::2])
    lines = [line for line in outside.splitlines() if line.strip()]
    yield from lines[:n_most]


def _choose_sheets(path: Path, file: str, asked: tuple[str, ...]) -> dict[str, list[list[str]]]:
    """Return the rows of the sheets asked for by name; of a file with one sheet, of this."""
    from python_calamine import CalamineError, CalamineWorkbook

    content = _read_bytes(path, file)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, ValueError, OSError) as error:
        problem, remedy = f"cannot be read as a spreadsheet ({error})", "open it and save it again, or save it as CSV"
        raise InputError([Fault(file, problem, "XLSX or ODS", remedy)]) from error
    names = list(book.sheet_names)
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
    sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in chosen}
    return {name: [[_write_cell(cell) for cell in row] for row in rows] for name, rows in sheets.items()}


def _write_cell(value: object) -> str:
    """Return a cell of a spreadsheet as people see it: whole numbers without a point, dates as 2026-08-24."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat()
    return str(value)
