"""Rows that may be corrected where they stand, such as those of sources: one row is written anew, all others stay."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from graylit.runs.locking import await_lock
from graylit.study.writing import read_own
from graylit.tables.contracts import Contract
from graylit.tables.files import replace_file
from graylit.tables.records import format_record, join_records, split_records
from graylit.tables.rows import Cells


def correct_row(folder: Path, file: str, contract: Contract, row_id: str, cells: Cells) -> None:
    """Write cells of the row with an id, the first column; on disk at return. A column is added if it is needed.

    Raises InputError if the table is not in the canonical form, and LookupError if it has no such row any more.
    """
    with await_lock(folder / ".graylit.tables.lock"):
        header, *records = split_records(read_own(folder, file, contract, header=""))
        names = _read_record(header)
        more = [name for name in contract.names if name not in names and cells.get(name)]
        if more:
            names += more
            records = [format_record([*_read_record(record), *[""] * len(more)]) for record in records]
        at = next((at for at, record in enumerate(records) if _read_record(record)[:1] == [row_id]), None)
        if at is None:
            raise LookupError(row_id)
        known = dict(zip(names, _read_record(records[at]), strict=True))
        records[at] = format_record([cells.get(name, known[name]) for name in names])
        replace_file(folder / file, join_records([format_record(names), *records]))


def _read_record(record: str) -> list[str]:
    return next(csv.reader(io.StringIO(record, newline="")), [])
