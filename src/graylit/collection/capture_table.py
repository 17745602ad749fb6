"""The table of captures while it is written: rows are only ever added, by one collection at a time."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from graylit.captures.choosing import LINE_SIGNS, read_rows
from graylit.runs.locking import lock_now
from graylit.tables.collection import CAPTURES
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.files import switch_files
from graylit.tables.rows import Row, guard_cell


@dataclass
class CaptureTable:
    """captures.csv, to which rows are only ever added; they are on disk when `add` returns."""

    path: Path

    def read(self) -> list[Row]:
        """Return all rows. A last line that a killed run left unfinished is cut off first.

        A table of an earlier version gets the columns that it lacks. Raises InputError, and leaves the file as it is,
        if it is not the table that collection wrote.
        """
        rows = read_rows(self.path)  # refuses what is not ours before anything is changed
        self.path.parent.mkdir(parents=True, exist_ok=True)
        names = (",".join(CAPTURES.names) + "\n").encode("utf-8")
        with self.path.open("ab+") as table:
            table.seek(0)
            content = table.read()
            n_whole = content.rfind(b"\n") + 1
            table.truncate(n_whole)  # in place: being killed here loses nothing that was whole
            if not n_whole:
                table.write(names)
        if n_whole and not content.startswith(names):
            self._rewrite(rows)
        return rows

    def _rewrite(self, rows: list[Row]) -> None:
        """Write the table anew, in one step."""
        target = Path(os.path.realpath(self.path))  # a link stays a link
        fresh = target.with_name(target.name + ".new")
        with fresh.open("w", encoding="utf-8", newline="") as lines:
            table = csv.DictWriter(lines, CAPTURES.names, lineterminator="\n")
            table.writeheader()
            table.writerows(map(_format_row, rows))
            lines.flush()
            os.fsync(lines.fileno())
        switch_files(fresh, target)

    def add(self, *rows: Row) -> None:
        """Add attempts. Raises InputError if the disk takes no more."""
        try:
            with self.path.open("a", encoding="utf-8", newline="") as lines:
                table = csv.DictWriter(lines, CAPTURES.names, lineterminator="\n", restval="")
                table.writerows(map(_format_row, rows))
                lines.flush()
                os.fsync(lines.fileno())
        except OSError as error:
            raise explain_full_disk(self.path, error) from error


def _format_row(row: Row) -> Row:
    """Return a row as one line, none of whose words a spreadsheet would run: servers send some of them."""
    cells = {name: cell.translate(LINE_SIGNS) for name, cell in row.items()}
    return cells | {name: guard_cell(cells[name]) for name in cells.keys() & CAPTURES.worded}


def explain_full_disk(path: Path, error: OSError) -> InputError:
    """Return what to say if a file cannot be written; what was kept before it stays."""
    problem = f"cannot be written ({error.strerror}); all captures before this one are kept"
    remedy = f"make room, then run `{name_command('collect')}` again: it goes on where it stopped"
    return InputError([Fault(str(path), problem, "room on the disk", remedy)])


@contextmanager
def hold_captures(path: Path) -> Iterator[None]:
    """Keep every other collection away from the folder of the captures until the block ends.

    The run's own lock goes when Snakemake is killed, but this script may live on for a while.
    Raises InputError if another collection is at work there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        if not lock_now(folder, path.parent):
            problem, remedy = "is in use by another collection", "wait until it has ended"
            raise InputError([Fault(str(path), problem, "one collection at a time", remedy)])
        yield
    finally:
        os.close(folder)


def find_archives(asked: str | list[str], base: str) -> list[str]:
    """Return the paths of the archives asked for (a list, or separated by commas), relative ones as seen from `base`.

    Raises InputError if one is not there.
    """
    names = asked.split(",") if isinstance(asked, str) else asked
    paths = [Path(base) / name.strip() for name in names if name.strip()]
    remedy = "correct --archive"
    missing = [Fault(str(path), "is missing", "a WARC or WACZ file", remedy) for path in paths if not path.is_file()]
    if missing:
        raise InputError(missing)
    return [str(path) for path in paths]
