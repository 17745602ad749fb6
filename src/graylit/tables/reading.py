"""Reading tables that steps made, which may be missing, unfinished or of another version."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.rows import Row


def read_finished(path: Path, contract: Contract) -> list[Row]:
    """Return the rows of a table that a step made; none if it was not made yet or is of another version.

    A last line that a killed run left unfinished is left out. Columns that the contract does not require may be
    missing: they came later, and their cells are empty.
    """
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1].decode("utf-8")
    records = csv.reader(io.StringIO(whole, newline=""))
    header, blank = next(records, []), dict.fromkeys(contract.names, "")
    required = {column.name for column in contract.columns if column.is_required}
    is_ours = set(contract.names) >= set(header) >= required
    return [blank | dict(zip(header, record, strict=False)) for record in records if record] if is_ours else []


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
        return list(table)
