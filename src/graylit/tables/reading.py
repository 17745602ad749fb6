"""Reading tables that steps made, which may be missing, unfinished or of another version."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.rows import Row, unguard_cell


def read_finished(path: Path, contract: Contract) -> list[Row]:
    """Return the rows of a table that a step made; none if it was not made yet or is of another version.

    A last line that a killed run left unfinished is left out. Columns that the contract does not require may be
    missing: they came later, and their cells are empty.
    """
    if not path.exists():
        return []
    content = path.read_bytes()
    try:
        whole = content[: content.rfind(b"\n") + 1].decode("utf-8")
    except UnicodeDecodeError:  # no table of ours
        return []
    records = csv.reader(io.StringIO(whole, newline=""))
    header, blank = next(records, []), dict.fromkeys(contract.names, "")
    required = {column.name for column in contract.columns if column.is_required}
    is_ours = set(contract.names) >= set(header) >= required
    if not is_ours:
        return []
    return [_unguard(blank | dict(zip(header, record, strict=False)), contract) for record in records if record]


def _unguard(row: Row, contract: Contract) -> Row:
    return row | {name: unguard_cell(row[name]) for name in contract.worded if row[name][:1] == "'"}


def name_remedy() -> str:
    """Return what to do about a made table that is missing or old."""
    return f"run `{name_command('review')}` first"


def require_made(path: Path) -> Path:
    """Return the path of a table that a step made. Raises InputError if it is missing."""
    if not path.exists():
        raise InputError([Fault(str(path), "is missing", "the table that a review makes", name_remedy())])
    return path


def read_made(folder: Path, file: str, contract: Contract) -> list[dict[str, str]]:
    """Return the cells of a table that a step made. Raises InputError if it is missing or of another version."""
    path = require_made(folder / file)
    with path.open(encoding="utf-8", newline="") as lines:
        table = csv.DictReader(lines)
        if table.fieldnames != contract.names:
            raise InputError([Fault(str(path), "is of another version", ", ".join(contract.names), name_remedy())])
        return [_unguard(row, contract) for row in table]
