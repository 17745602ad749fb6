"""Tables that a desk reads again after they have changed, so that a page that stays open for days stays current."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from graylit.study.writing import stamp_file
from graylit.tables.contracts import Contract
from graylit.tables.faults import InputError
from graylit.tables.files import find_table
from graylit.tables.rows import Row, Rows

T = TypeVar("T")


class Watched(Generic[T]):
    """A value read from a file, read again when the file has changed."""

    def __init__(self, path: Path, read: Callable[[], T]) -> None:
        self._path, self._read = path, read
        self._stamp: tuple[int, ...] | None = None
        self._value: T | None = None

    def get(self) -> T:
        """Return the value of the file as it is now."""
        stamp = stamp_file(self._path)
        if self._value is None or stamp != self._stamp:
            self._value, self._stamp = self._read(), stamp
        return self._value


def read_peoples(folder: Path, file: str, contract: Contract) -> list[Row]:
    """Return the rows of a table that people wrote, or none if it is missing. Raises InputError with its faults."""
    path = find_table(folder / file)
    if not path.exists():
        return []
    rows, faults = contract.read_rows(path, path.relative_to(folder).as_posix())
    if faults:
        raise InputError(faults)
    return rows.cells


class Growing:
    """A table that people add rows to: of one that has only grown, the new rows alone are read."""

    def __init__(self, folder: Path, file: str, contract: Contract) -> None:
        self._folder, self._file, self._contract = folder, file, contract
        self._stamp: tuple[int, ...] | None = None
        self._content = b""  # as it was read; empty if the table is missing or not in the canonical form

    def read_new(self) -> tuple[bool, list[Row]]:
        """Return whether the table is read from its start, and the rows. Raises InputError with its faults."""
        stamp = stamp_file(self._folder / self._file)
        if stamp == self._stamp:
            return False, []
        path = find_table(self._folder / self._file)
        content = path.read_bytes() if path.exists() else b""
        shown = path.relative_to(self._folder).as_posix()
        has_grown = bool(self._content) and content.startswith(self._content)
        if has_grown:
            header = self._content[: self._content.index(b"\n") + 1]
            text = (header + content[len(self._content) :]).decode("utf-8")
            rows, faults = self._contract.parse_rows(text, shown)
        else:
            rows, faults = self._contract.read_rows(path, shown) if path.exists() else (Rows(shown), [])
        if faults:
            raise InputError(faults)
        self._stamp = stamp
        self._content = content if content.endswith(b"\n") and not rows.ways else b""
        return not has_grown, rows.cells
