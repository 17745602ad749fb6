"""Adding rows to several tables of a study at once: all of them or none, whenever the program is killed.

The rows are written down first, in a file of their own. Then each table gets those that it lacks, in one step. What a
killed program left is finished by the next one that adds rows, or asks for it.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from graylit.runs.locking import await_lock
from graylit.study.study import ALL_TABLES
from graylit.study.writing import append_rows, read_own
from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.files import replace_file
from graylit.tables.rows import Cells

PENDING = ".graylit.pending.new"  # git leaves it out, as every *.new
LOCK = ".graylit.tables.lock"
CONTRACTS = dict(ALL_TABLES.values())


@contextlib.contextmanager
def hold_tables(folder: Path) -> Iterator[None]:
    """Keep other programs from adding rows to a study's tables until the block ends; finish what a killed one began."""
    with await_lock(folder / LOCK):
        finish_pending(folder)
        yield


def extend_tables(folder: Path, added: Mapping[str, Sequence[Cells]]) -> None:
    """Add rows at the end of tables of a study, in the order in which these are named; whoever calls it holds them.

    A table that is missing is made with its header. Raises InputError, before anything is written, if one is not in
    the canonical form.
    """
    for file in added:
        read_own(folder, file, CONTRACTS[file], header="")
    replace_file(folder / PENDING, json.dumps({file: list(rows) for file, rows in added.items()}))
    finish_pending(folder)


def finish_interrupted(folder: Path) -> bool:
    """Add the rows that a killed program was about to add to a study; return whether there were any."""
    if not (folder / PENDING).exists():
        return False
    with hold_tables(folder):
        return True


def finish_pending(folder: Path) -> bool:
    """Add the rows that were written down and are not in their tables yet; return whether there were any."""
    path = folder / PENDING
    if not path.exists():
        return False
    for file, rows in _read_pending(path).items():
        _extend(folder, file, rows, CONTRACTS[file])
    path.unlink()
    return True


def remark_pending(folder: Path) -> list[Fault]:
    """Return a remark if a program was killed while it added rows, and none has finished that since."""
    if not (folder / PENDING).exists():
        return []
    problem, expected = "holds rows that an interrupted import was about to add", "rows in their tables"
    return [Fault(PENDING, problem, expected, f"have them added: {name_command('find')}")]


def _read_pending(path: Path) -> dict[str, list[dict[str, str]]]:
    try:
        pending: dict[str, list[dict[str, str]]] = json.loads(path.read_bytes())
    except ValueError as error:
        remedy = "remove it, and repeat the command that added the rows"
        raise InputError([Fault(path.name, "cannot be read", "rows to be added to tables", remedy)]) from error
    return pending


def _extend(folder: Path, file: str, rows: Sequence[Cells], contract: Contract) -> None:
    content = read_own(folder, file, contract, header=",".join(contract.names) + "\n")
    records = csv.DictReader(io.StringIO(content, newline=""))
    known = {tuple(record.get(name) or "" for name in contract.key) for record in records}
    missing = [dict(row) for row in rows if tuple(row.get(name, "") for name in contract.key) not in known]
    if missing:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        replace_file(folder / file, append_rows(content, missing, contract))
