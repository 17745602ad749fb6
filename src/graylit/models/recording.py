"""Rows of decisions that the log gives, held beside the tables: missing ones are added, others are named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graylit.models.decisions import Decisions
from graylit.study.study import CODINGS_FOLDER, OPTIONAL_TABLES
from graylit.study.writing import NEW_TABLE, extend_table
from graylit.tables.coding import CODINGS
from graylit.tables.contracts import Contract
from graylit.tables.faults import InputError
from graylit.tables.files import find_table
from graylit.tables.rows import Cells, Row

# The column that names the maker of a row, by table; a table of codings is its coder's.
MAKER_COLUMNS = {
    "screenings": "screener",
    "quality": "appraiser",
    "readings": "coder",
    "passes": "coder",
    "adjudications": "decided_by",
    "claim_readings": "reader",
    "asked": "decider",
}
CONTRACTS: dict[str, Contract] = {OPTIONAL_TABLES[name][0]: OPTIONAL_TABLES[name][1] for name in MAKER_COLUMNS}
COLUMNS = {OPTIONAL_TABLES[name][0]: column for name, column in MAKER_COLUMNS.items()}


@dataclass
class Standing:
    """How the rows of one model in one table stand to the log."""

    file: str
    n_made: int  # that the log gives
    missing: list[Row] = field(default_factory=list)  # of these, not in the table
    differing: list[str] = field(default_factory=list)  # rows that are in both and not the same, in words
    unknown: list[str] = field(default_factory=list)  # rows of the model that the log does not give

    @property
    def is_same(self) -> bool:
        """Return whether table and log say the same."""
        return not (self.missing or self.differing or self.unknown)


def find_contract(file: str) -> Contract:
    """Return the contract of a table to which models add rows."""
    return CODINGS if file.startswith(CODINGS_FOLDER) else CONTRACTS[file]


def read_own_rows(folder: Path, file: str, decider: str) -> list[Cells]:
    """Return the rows of a table that a model made. Raises InputError if the table has faults."""
    path = find_table(folder / file)
    if not path.exists():
        return []
    rows, faults = find_contract(file).read_rows(path, file)
    if faults:
        raise InputError(faults)
    column = COLUMNS.get(file, "")
    return [row for row in rows.cells if not column or row[column] == decider]


def compare_rows(file: str, made: Sequence[Row], known: Iterable[Cells]) -> Standing:
    """Return how rows that the log gives stand to those of the table."""
    contract = find_contract(file)
    blank = dict.fromkeys(contract.names, "")
    by_key = {_key(row, contract): row for row in known}
    standing = Standing(file, len(made))
    for row in made:
        whole = blank | row
        there = by_key.pop(_key(whole, contract), None)
        if there is None:
            standing.missing.append(row)
        elif cells := [name for name in contract.names if there.get(name, "") != whole[name]]:
            standing.differing.append(
                f"{' '.join(_key(whole, contract))}: {cells[0]} is {there.get(cells[0], '')!r}, "
                f"and {whole[cells[0]]!r} by the log"
            )
    standing.unknown = [" ".join(key) for key in by_key]
    return standing


def _key(row: Mapping[str, str], contract: Contract) -> tuple[str, ...]:
    return tuple(row.get(name, "") for name in contract.key)


def compare_all(folder: Path, decisions: Decisions, deciders: Iterable[str]) -> dict[str, list[Standing]]:
    """Return how every table stands to the log, by model; tables in which a model has nothing are left out."""
    found: dict[str, list[Standing]] = {}
    for decider in deciders:
        files = [*COLUMNS, f"{CODINGS_FOLDER}/{decider}.csv"]
        standings = [
            compare_rows(file, decisions.rows.get((decider, file), []), read_own_rows(folder, file, decider))
            for file in files
        ]
        found[decider] = [one for one in standings if one.n_made or not one.is_same]
    return found


class Recorder:
    """Adds the rows of one model to the tables as the log gives them, some at a time."""

    def __init__(self, folder: Path, decisions: Decisions, decider: str) -> None:
        self._folder, self._decisions, self._decider = folder, decisions, decider
        self._n_written = {
            file: len(rows) for (name, file), rows in decisions.rows.items() if name == decider
        }  # after what was missing has been added

    def write(self) -> int:
        """Add the rows that came since the last time; return how many."""
        n_added = 0
        for (decider, file), rows in self._decisions.rows.items():
            n_known = self._n_written.get(file)
            if decider == self._decider and (n_known is None or n_known < len(rows)):
                added = rows[n_known or 0 :]
                add_rows(self._folder, file, added)
                self._n_written[file] = len(rows)
                n_added += len(added)
        return n_added


def add_rows(folder: Path, file: str, rows: Sequence[Row]) -> None:
    """Add rows at the end of a table; they are on disk at return."""
    contract = find_contract(file)
    header = NEW_TABLE if contract is CODINGS else ",".join(contract.names) + "\n"
    extend_table(folder, file, rows, contract, header)
