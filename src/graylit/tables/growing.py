"""Tables that grow while a program works: each row is on disk before the next, and a killed program loses none."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault, InputError
from graylit.tables.records import format_record
from graylit.tables.rows import Row, guard_cell

LINE_ENDS = dict.fromkeys(map(ord, "\r\n\0"), " ")  # servers send some; a row must stay one line


@dataclass(frozen=True)
class GrowingTable:
    """A table to which one program at a time adds rows; they are on disk when `add` returns."""

    path: Path
    contract: Contract

    def read(self) -> list[Row]:
        """Return all whole rows; a last line that a killed program left unfinished is no row.

        Raises InputError if the file is not such a table.
        """
        if not self.path.exists() or not self.path.stat().st_size:
            return []
        rows, faults = self.contract.read_rows(self.path, str(self.path))
        if faults:
            raise InputError(faults)
        return [dict(row) for row in rows.cells]

    def add(self, *rows: Row) -> None:
        """Add rows, after an unfinished last line was cut off. Raises InputError if the disk takes no more."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("ab+") as file:
                file.seek(0)
                n_whole = file.read().rfind(b"\n") + 1
                file.truncate(n_whole)  # in place: being killed here loses nothing that was whole
                opening = "" if n_whole else ",".join(self.contract.names) + "\n"
                file.write((opening + "".join(map(self._format, rows))).encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            problem = f"cannot be written ({error.strerror}); the rows before this one are kept"
            remedy = "make room, and run the same command again: it goes on where it stopped"
            raise InputError([Fault(str(self.path), problem, "room on the disk", remedy)]) from error

    def _format(self, row: Row) -> str:
        """Return a row as one line, none of whose words a spreadsheet would run."""
        cells = {name: row.get(name, "").translate(LINE_ENDS) for name in self.contract.names}
        return format_record(guard_cell(cell) if name in self.contract.worded else cell for name, cell in cells.items())
