"""Changes of the rows of one table: those that were added, removed or edited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graylit.comparison.pairs import by_columns, differing_cells, pair
from graylit.tables.coding import CODINGS
from graylit.tables.contracts import Contract
from graylit.tables.quoted import QUOTED
from graylit.tables.rows import Cells

Change = dict[str, str]
PLACE = ("segment_id", "start", "end", "exact_sha256", "normal_sha256", "fingerprint")
WHEN_AND_WHY = ("decided_at", "decided_by", "reason", "n_sources")


def change_row(subject: str, subject_id: str, change: str, column: str, before: str = "", after: str = "") -> Change:
    """Return one change as a row of the comparison, except the file it is in."""
    cells = {"subject": subject, "subject_id": subject_id, "change": change, "column": column}
    return {**cells, "before": before, "after": after}


def in_file(file: str, changes: Iterable[Change]) -> list[Change]:
    """Return changes with the file they are in."""
    return [{"file": file, **change} for change in changes]


def tell_coming(before: object, now: object) -> str:
    """Return whether something was added or removed; '' if it is in both states."""
    return "added" if before is None else "removed" if now is None else ""


def list_differences(before: Cells, after: Cells, left_out: Sequence[str] = ()) -> list[tuple[str, str, str]]:
    """Return (column, before, after) for each column that differs."""
    # Other people's words are not compared, and shown nowhere.
    columns = [name for name in dict.fromkeys([*after, *before]) if name not in (*QUOTED, *left_out)]
    return differing_cells(before, after, columns)


def _by_key(contract: Contract, rows: Iterable[Cells]) -> dict[str, Cells]:
    """Return rows by their key, as a reader is shown it."""
    return {" ".join(filter(None, key)): row for key, row in by_columns(contract.key, rows).items()}


def compare_history(subject: str, contract: Contract, before: Iterable[Cells], after: Iterable[Cells]) -> list[Change]:
    """Return the existing rows that were removed or edited."""
    changes = []
    for key, old, now in pair(_by_key(contract, before), _by_key(contract, after)):
        if now is None:
            changes.append(change_row(subject, key, "removed", "row"))
        elif old is not None:
            changes += _describe_edit(subject, key, contract, old, now)
    return changes


def _describe_edit(subject: str, key: str, contract: Contract, old: Cells, now: Cells) -> list[Change]:
    """Return how a row was edited; filling in the place of a coding that had none is no edit."""
    edited = list_differences(old, now)
    if contract is CODINGS and not old["fingerprint"] and {column for column, *_ in edited} <= set(PLACE):
        return [change_row(subject, key, "anchored", *cells) for cells in edited if cells[0] == "fingerprint"]
    return [change_row(subject, key, "edited", *cells) for cells in edited]


def list_added(subject: str, contract: Contract, before: Iterable[Cells], after: Iterable[Cells]) -> list[Change]:
    """Return the added rows, each with what it says."""
    columns = [name for name in contract.names if name not in (*contract.key, *WHEN_AND_WHY)]
    return [
        change_row(subject, key, "added", "row", "", "; ".join(filter(None, (now.get(name, "") for name in columns))))
        for key, old, now in pair(_by_key(contract, before), _by_key(contract, after))
        if old is None and now is not None
    ]


def keep_known(contract: Contract, before: Iterable[Cells], after: Iterable[Cells]) -> list[Cells]:
    """Return the current version of every row that already existed."""
    # In the order of now, on which it depends which row of an id is the last.
    known = _by_key(contract, before)
    return [row for key, row in _by_key(contract, after).items() if key in known]
