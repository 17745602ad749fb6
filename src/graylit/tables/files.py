"""Files of tables: their text, what is wrong with their bytes, and equal cells kept once in memory."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from graylit.tables.faults import Fault

WORKBOOKS = (".xlsx", ".ods")
ENDINGS = (".csv", *WORKBOOKS)  # of tables that people keep, in any case
TEMPORARY = (".", "~")  # begin the names of files that spreadsheets and systems keep beside open ones


class SharedCells:
    """Equal cells of a table share one string, as long as the different ones are no more than `n_most`."""

    def __init__(self, n_most: int = 50_000) -> None:
        self._known: dict[str, str] = {}
        self._n_most = n_most

    def share(self, cells: list[str]) -> list[str]:
        """Return equal cells, as the strings that are known already."""
        keep = self._known.setdefault if len(self._known) < self._n_most else self._known.get
        return [keep(cell, cell) for cell in cells]


def find_table(path: Path) -> Path:
    """Return where a table is, be it named in capitals or a workbook in its place; else `path`."""
    return path if path.exists() else next(iter(list_forms(path)), path)


def list_forms(path: Path) -> list[Path]:
    """Return the files beside one another that are a table of this name by their endings."""
    beside = sorted(path.parent.iterdir()) if path.parent.is_dir() else []
    return [other for other in beside if other.stem == path.stem and is_table(other)]


def is_table(path: Path) -> bool:
    """Return whether a file is a table by its ending."""
    return path.suffix.casefold() in ENDINGS and not path.name.startswith(TEMPORARY)


def read_content(path: Path, file: str, is_growing: bool = False) -> tuple[bytes, list[Fault]]:
    """Return what a file holds, or the fault that nothing can be read there.

    The unfinished last line of a growing table is left out.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return b"", [Fault(file, "is missing", "a file of this name", "create it; config/TABLES.md describes it")]
    except OSError as error:
        return b"", [Fault(file, f"cannot be read ({error.strerror})", "a readable file", "look at its permissions")]
    if is_growing and b"\n" in content:
        content = content[: content.rindex(b"\n") + 1]
    return (content, []) if content.strip() else (b"", [say_empty(file)])


def say_empty(file: str) -> Fault:
    """Return the fault of a table without anything in it, not even a header."""
    return Fault(file, "is empty", "at least the header row", "restore it; config/TABLES.md has the header")


def read_text(path: Path, file: str, is_growing: bool = False) -> tuple[str | None, list[Fault]]:
    """Return the text of a table that no person writes, None if there is none to read, and the faults of its bytes.

    The unfinished last line of a growing table is left out.
    """
    content, faults = read_content(path, file, is_growing)
    if faults:
        return None, faults
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        remedy = "save it again as 'CSV UTF-8'"
        row = row_at(content, content.find(b"\x00")) if b"\x00" in content else None
        return None, [Fault(file, "is not UTF-8 (it looks like UTF-16 or a binary file)", "UTF-8", remedy, row=row)]
    faults = []
    if content.startswith(b"\xef\xbb\xbf"):
        remedy = "save it without the mark, or run: sed -i '1s/^\\xEF\\xBB\\xBF//' FILE"
        faults.append(Fault(file, "starts with a byte order mark (BOM)", "UTF-8 without one", remedy, row=1))
        content = content[3:]
    if b"\r" in content:
        row = row_at(content, content.index(b"\r"))
        what = "mixes line ends" if re.search(rb"(?<!\r)\n", content) else "has Windows line ends (CRLF)"
        remedy = "save it with Unix line ends, or run: sed -i 's/\\r$//' FILE"
        faults.append(Fault(file, what, "lines that end in LF", remedy, row=row))
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        return content.decode("utf-8"), faults
    except UnicodeDecodeError as error:
        row = row_at(content, error.start)
        problem = f"is not UTF-8 (byte 0x{content[error.start]:02x}; it may be Windows-1252 or Latin-1)"
        return None, [*faults, Fault(file, problem, "UTF-8", "save it again as 'CSV UTF-8'", row=row)]


def replace_file(path: Path, content: str) -> None:
    """Write a file so that the old or the new one is whole, whatever happens; the new one is on disk at return.

    A link stays a link: the file that it leads to is written. The new file may be read and written by whom the old one
    could.
    """
    target = Path(os.path.realpath(path))
    beside = target.with_name(target.name + ".new")
    with beside.open("wb") as written:
        written.write(content.encode("utf-8"))
        written.flush()
        os.fsync(written.fileno())
    switch_files(beside, target)


def switch_files(new: Path, target: Path) -> None:
    """Have a new file that is on disk take the place of another one in one step, with its permissions."""
    if target.exists():
        shutil.copymode(target, new)
    new.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def name_column(at: int) -> str:
    """Return the letters that a spreadsheet shows for a column; the first is 0."""
    return (name_column(at // 26 - 1) if at >= 26 else "") + chr(ord("A") + at % 26)


def row_at(content: bytes, position: int) -> int:
    """Return the row a spreadsheet shows for a position: line breaks between quotes do not count."""
    outside = content[:position].split(b'"')[::2]
    return sum(part.count(b"\n") for part in outside) + 1
