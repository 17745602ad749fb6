"""Tables that a desk reads again after they have changed, so that a page that stays open for days stays current."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from graylit.tables.contracts import Contract
from graylit.tables.faults import InputError
from graylit.tables.files import find_table
from graylit.tables.rows import Row

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


def stamp_file(path: Path) -> tuple[int, ...]:
    """Return what is different after every change of a table; nothing if it is missing."""
    try:
        found = find_table(path).stat()
    except FileNotFoundError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def read_peoples(folder: Path, file: str, contract: Contract) -> list[Row]:
    """Return the rows of a table that people wrote, or none if it is missing. Raises InputError with its faults."""
    path = find_table(folder / file)
    if not path.exists():
        return []
    rows, faults = contract.read_rows(path, path.relative_to(folder).as_posix())
    if faults:
        raise InputError(faults)
    return rows.cells
