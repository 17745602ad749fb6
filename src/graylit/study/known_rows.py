"""The rows that were known at the last run: rows are only ever added, so none of them may vanish or change.

Of rows that settle the same, the last is in force, so they keep their order; the place of others says nothing.
Content decides, never dates. What was known lies in the study's folder and not in git: rows of several people are
merged there, and an earlier state of a study has fewer of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping
from dataclasses import dataclass
from pathlib import Path

from graylit.study.state import list_settled
from graylit.study.study import Study, list_peoples, name_plain
from graylit.tables.columns import TYPED_COUNT
from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault, name_command
from graylit.tables.files import replace_file
from graylit.tables.quoted import QUOTED
from graylit.tables.rows import Cells, Rows

KNOWN_ROWS = ".graylit.rows"  # beside the locks: data/ may be taken from another state of the study
# Rows of these may be corrected where they stand, and a source may give its place to another.
EDITED = ("sources", "candidates", "criteria", "checklist")
# What rows do not decide: counts typed by hand, and where a coding stands, which programs fill in and find again.
UNDECIDED = {TYPED_COUNT.name, "segment_id", "start", "end", "exact_sha256", "normal_sha256", "fingerprint", *QUOTED}
SHOWN = 5  # faults of one kind and table, and ids in one: if a program rewrote a table, all have one reason. Chosen
RULE = 3  # by which rows are digested: what another rule digested says nothing of rows now
DIGITS = 16  # of a row's digest: chosen, far more than tells the rows of one study apart

Known = Mapping[str, list[tuple[str, str]]]  # by file: the key and the digest of each row, in their order


@dataclass(frozen=True)
class Watched:
    """A table whose rows are watched, as it is now."""

    rows: Rows
    contract: Contract

    @property
    def is_edited(self) -> bool:
        """Return whether its rows may be corrected where they stand."""
        return self.contract.name in EDITED

    def list_rows(self) -> list[tuple[str, str]]:
        """Return the key and the digest of each row."""
        return [(name_row(cells, self.contract), digest_row(cells)) for cells in self.rows.cells]


def name_row(cells: Cells, contract: Contract) -> str:
    """Return the key of a row in words."""
    return " ".join(filter(None, (cells.get(name, "") for name in contract.key)))


def digest_row(cells: Cells) -> str:
    """Return the digest of what a row decides, whatever the order of its columns."""
    said = sorted((name, cell) for name, cell in cells.items() if cell and name not in UNDECIDED)
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:DIGITS]


def list_watched(study: Study) -> list[Watched]:
    """Return the tables of a study that rows are added to."""
    return [Watched(rows, contract) for rows, contract in list_peoples(study)]


def read_known(folder: Path) -> tuple[Known, list[Fault]]:
    """Return the rows that were known at the last run, none if there was none, and a fault if they cannot be read."""
    try:
        found = json.loads((folder / KNOWN_ROWS).read_bytes())
        tables = {file: [(str(key), str(digest)) for key, digest in rows] for file, rows in found["tables"].items()}
        return (tables if found["rule"] == RULE else {}), []
    except FileNotFoundError:
        return {}, []
    except (OSError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        remedy = f"restore it from a copy, or take the tables as they are: {name_command('check --accept')}"
        return {}, [Fault(KNOWN_ROWS, "cannot be read", "the rows known at the last run", remedy)]


def write_known(folder: Path, study: Study) -> None:
    """Write down which rows a study has, for the next run to hold its tables against."""
    _write(
        folder, {name_plain(table.rows.file): table.list_rows() for table in list_watched(study) if table.rows.cells}
    )


def _write(folder: Path, known: Known) -> None:
    content = (
        json.dumps({"rule": RULE, "tables": known}, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"
    )
    path = folder / KNOWN_ROWS
    if not path.exists() or path.read_bytes() != content.encode():
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, content)


def check_known(folder: Path, study: Study, unread: Container[str] = ()) -> list[Fault]:
    """Return a fault for what became of rows that were known at the last run; tables `unread` are left out."""
    known, faults = read_known(folder)
    tables = {name_plain(table.rows.file): table for table in list_watched(study)}
    for file, rows in known.items():
        table = tables.get(file)
        if (table.rows.file if table else file) in unread:
            continue
        if table is None:
            faults.append(_lose_rows(file, [key for key, _ in rows]))
        elif (folder / table.rows.file).exists():  # a table that a study may do without was taken away on purpose
            faults += _check_table(table, rows, is_replaced=table.rows is study.sources)
    return faults


def _check_table(table: Watched, before: list[tuple[str, str]], is_replaced: bool) -> list[Fault]:
    now = table.list_rows()
    if now[: len(before)] == before:
        return []
    digests, keys = dict(now), {key for key, _ in before}
    gone = [key for key, _ in before if key not in digests]
    n_new = sum(key not in keys for key in digests)
    # A source may be taken out or give its place to another; a table that was cut off lacks its end.
    is_meant = is_replaced and (before[-1][0] in digests or n_new >= len(gone))
    faults = [_lose_rows(table.rows.file, gone)] if gone and not is_meant else []
    if table.is_edited:
        return faults
    changed = {key for key, digest in before if digests.get(key, digest) != digest}
    places = [(number, key) for number, (key, _) in zip(table.rows.numbers, now, strict=True)]
    faults += [_change_row(table, number, key) for number, key in places if key in changed][:SHOWN]
    if len(changed) > SHOWN:
        faults.append(Fault(table.rows.file, f"has {len(changed) - SHOWN} more such rows", "none", _name_remedy()))
    return faults + _check_order(table, {key: place for place, (key, _) in enumerate(before)})


def _check_order(table: Watched, before: Mapping[str, int]) -> list[Fault]:
    """Return a fault for the first row that went behind another one of those that settle the same."""
    last: dict[str, int] = {}
    for number, cells in table.rows:
        key = name_row(cells, table.contract)
        for settled in list_settled(cells, table.contract) if key in before else ():
            if before[key] < last.get(settled, 0):
                expected = "the order in which rows were added: the last one is in force"
                problem = f"is the key of a row that stood before another one of {settled} at the last run"
                return [Fault(table.rows.file, problem, expected, _name_remedy(), number, table.contract.key[0], key)]
            last[settled] = before[key]
    return []


def _lose_rows(file: str, keys: list[str]) -> Fault:
    shown = ", ".join(keys[:SHOWN]) + (f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else "")
    which = f"{len(keys)} rows that were" if len(keys) > 1 else "a row that was"
    problem = f"lacks {which} there at the last run: {shown}"
    return Fault(file, problem, "all rows: they are added, and never removed", _name_remedy())


def _change_row(table: Watched, number: int, key: str) -> Fault:
    problem = "is the key of a row that is not as it was at the last run"
    expected = "rows that are added, and never edited"
    return Fault(table.rows.file, problem, expected, _name_remedy(), number, table.contract.key[0], key)


def _name_remedy() -> str:
    return f"put it back (git diff shows it), or, if it is a correction, accept it: {name_command('check --accept')}"
