"""The table of captures while it is written: rows are only ever added, by one collection at a time."""

from __future__ import annotations

import csv
import fcntl
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from glr.faults import Fault, InputError
from glr.tables import CAPTURES

Row = dict[str, str]


@dataclass
class CaptureTable:
    """captures.csv, to which rows are only ever added; each row is on disk when `add` returns."""

    path: Path

    def read(self) -> list[Row]:
        """Return all rows. A last line that a killed run left unfinished is cut off first."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab+") as table:
            table.seek(0)
            n_whole = table.read().rfind(b"\n") + 1
            table.truncate(n_whole)  # in place: being killed here loses nothing that was whole
            if not n_whole:
                table.write((",".join(CAPTURES.names) + "\n").encode("utf-8"))
        with self.path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))

    def add(self, row: Row) -> None:
        """Add one attempt."""
        with self.path.open("a", encoding="utf-8", newline="") as lines:
            csv.DictWriter(lines, CAPTURES.names, lineterminator="\n").writerow(row)


def hold_table(path: Path) -> TextIO:
    """Return the table of captures as a file that no other collection can hold until it is closed.

    The run's own lock goes when Snakemake is killed, but this script may live on for a while.
    Raises InputError where another collection holds the table.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    held = path.open("a", encoding="utf-8")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.close()
        problem, remedy = "is in use by another collection", "wait until it has ended"
        raise InputError([Fault(str(path), problem, "one collection at a time", remedy)]) from error
    return held


def find_archives(asked: str, base: str) -> list[str]:
    """Return the paths of the archives asked for (separated by commas), relative ones as seen from `base`.

    Raises InputError where one is not there.
    """
    paths = [Path(base) / part.strip() for part in asked.split(",") if part.strip()]
    remedy = "correct ARCHIVE=…; several files are separated by commas"
    missing = [Fault(str(path), "is missing", "a WARC file", remedy) for path in paths if not path.is_file()]
    if missing:
        raise InputError(missing)
    return [str(path) for path in paths]
