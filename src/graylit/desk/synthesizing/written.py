"""What authors have written so far, as the tables say now, and what would be wrong with rows before they are added."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from graylit.desk.adjudicating.room import enter_coding_room
from graylit.desk.roles import Roles
from graylit.desk.tasks import DecisionError, Visit
from graylit.desk.watching import Watched, read_peoples
from graylit.study.claim_checks import check_claims
from graylit.study.extending import extend_tables, finish_interrupted, hold_tables
from graylit.study.impact_checks import check_impacts
from graylit.study.references import check_references
from graylit.study.relations import check_relations
from graylit.study.state import follow_ids, latest_rows
from graylit.study.study import ALL_TABLES, CODINGS_FOLDER, Study
from graylit.study.synthesis_checks import check_synthesis
from graylit.study.writing import append_rows
from graylit.tables.faults import Fault
from graylit.tables.people import ROLES
from graylit.tables.rows import Cells, Row, Rows

Added = Mapping[str, Sequence[Row]]  # rows by the name of their table
TABLES = ("themes", "practices", "guidelines", "relations", "impacts")
READ = ("codebook", "attributes", "claims", "categories")
CHECKS = (check_references, check_synthesis, check_claims, check_relations, check_impacts)
SHOWN = 3  # faults of a row that are told at once: chosen, one is usually the cause of the others
PAUSE_S = 0.05  # between looks at a clock of whole seconds: no two rows of an id may have one time


class Written:
    """The tables of the synthesis in force, and the only way in which the desk adds to them."""

    def __init__(self, visit: Visit, study: Study) -> None:
        self.visit, self._study, self._roles = visit, study, Roles(visit.folder)
        self._room = enter_coding_room(visit, study)
        if not visit.is_read_only:
            finish_interrupted(visit.folder)
        self._tables = {name: self._watch(name) for name in (*TABLES, *READ)}

    def _watch(self, name: str) -> Watched[list[Row]]:
        file, contract = ALL_TABLES[name]
        return Watched(self.visit.folder / file, lambda: read_peoples(self.visit.folder, file, contract))

    def rows(self, name: str) -> list[Row]:
        """Return all rows of a table, as it is now."""
        return self._tables[name].get()

    def latest(self, name: str) -> dict[str, Cells]:
        """Return the last row of each id of a table, withdrawn ones too."""
        return latest_rows(self.rows(name), ALL_TABLES[name][1].key[0])

    def in_force(self, name: str) -> dict[str, Cells]:
        """Return the rows in force of a table by id, in the order of the ids."""
        return {key: row for key, row in sorted(self.latest(name).items()) if row["status"] != "withdrawn"}

    def require(self, name: str, row_id: str, thing: str) -> Cells:
        """Return the row in force of an id. Raises DecisionError if there is none."""
        row = self.in_force(name).get(row_id)
        if row is None:
            raise DecisionError(f"There is no {thing} {row_id!r} now; load the page again.")
        return row

    @property
    def has_shared_codes(self) -> bool:
        """Return whether themes of the study may share codes."""
        return self._study.config.get("has_shared_codes") is True

    def follow(self, cell: str) -> list[str]:
        """Return the codes in force that a cell of code ids means."""
        return follow_ids(cell, self.latest("codebook"))

    def list_roles(self) -> list[str]:
        """Return the roles of the person at the desk."""
        return [role for role in ROLES if self._roles.has(self.visit.person, role)]

    def list_authors(self) -> list[str]:
        """Return who writes guidelines, as the table of people says."""
        return self._roles.name("synthesizer")

    def tell_version(self) -> str:
        """Return what is new after every row that is added to one of the tables."""
        state = [[len(table.get()), table.get()[-1:]] for table in self._tables.values()]
        return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]

    def add(self, make: Callable[[], Added]) -> Added:
        """Add the rows that `make` returns, all or none; return them as they are on disk.

        `make` is asked while nobody else can add rows, so that ids are new. Raises DecisionError with what would be
        wrong with them; nothing was written then.
        """
        with hold_tables(self.visit.folder):
            added = {name: [self._sign(name, row) for row in rows] for name, rows in make().items() if rows}
            if faults := self._find_faults(added):
                raise DecisionError(" ".join(map(tell_fault, faults[:SHOWN])))
            extend_tables(self.visit.folder, {ALL_TABLES[name][0]: rows for name, rows in added.items()})
        return added

    def _sign(self, name: str, row: Row) -> Row:
        """Return a row with its maker and a time that no other row of its id has."""
        contract = ALL_TABLES[name][1]
        ids = [key for key in contract.key if key != "decided_at"]
        taken = {old["decided_at"] for old in self.rows(name) if all(old[key] == row[key] for key in ids)}
        while (now := self.visit.read_clock()) in taken:
            time.sleep(PAUSE_S)
        cells = {column: row.get(column, "") for column in contract.names}
        return cells | {"decided_at": now, "decided_by": self.visit.person}

    def _find_faults(self, added: Added) -> list[Fault]:
        """Return the faults that the study would have with these rows, and does not have now."""
        faults: list[Fault] = []
        tables: dict[str, Any] = {}
        for name, rows in added.items():
            file, contract = ALL_TABLES[name]
            header = ",".join(contract.names) + "\n"
            parsed, more = contract.parse_rows(append_rows(header, rows, contract), file)
            faults += more
            before = self.rows(name)
            tables[name] = Rows(file, [*before, *parsed.cells], list(range(2, len(before) + len(parsed.cells) + 2)))
        if faults:
            return faults
        current: dict[str, Any] = {name: _as_rows(name, self.rows(name)) for name in self._tables}
        codings = {
            coder: _count_rows(f"{CODINGS_FOLDER}/{coder}.csv", rows)
            for coder, rows in self._room.list_codings().items()
        }
        now = replace(self._study, **current, codings=codings)
        known = {_sum_up(fault) for fault in _check(now)}
        return [fault for fault in _check(replace(now, **tables)) if _sum_up(fault) not in known]


def _as_rows(name: str, cells: list[Row]) -> Rows:
    return _count_rows(ALL_TABLES[name][0], cells)


def _count_rows(file: str, cells: list[Row]) -> Rows:
    return Rows(file, cells, list(range(2, len(cells) + 2)))


def _check(study: Study) -> list[Fault]:
    return [fault for check in CHECKS for fault in check(study)]


def _sum_up(fault: Fault) -> tuple[str, str, str | None, str]:
    return fault.file, fault.column, fault.value, fault.problem


def tell_fault(fault: Fault) -> str:
    """Return what is wrong with a row that somebody is about to add, in words for that person."""
    what = f"{fault.value} " if fault.value else f"The {fault.column.replace('_', ' ')} "
    return f"{what}{fault.problem}: {fault.remedy}."


def enter_written(visit: Visit, study: Study) -> Written:
    """Return what a study's authors have written, which all tasks of writing of a visit share."""
    written = visit.shared.get("written")
    if not isinstance(written, Written):
        written = visit.shared["written"] = Written(visit, study)
    return written
