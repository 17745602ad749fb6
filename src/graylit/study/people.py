"""Who decides in a study: the deciders in force, who made which rows, and what is wrong with the table of people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from graylit.study.state import latest_rows
from graylit.study.study import ALL_TABLES
from graylit.tables.faults import Fault, name_command, suggest_name
from graylit.tables.kinds import KINDS, split_ids
from graylit.tables.people import MAKERS, MODEL, OF_MODELS, ROLES, UNKNOWN
from graylit.tables.rows import Cells, Rows

if TYPE_CHECKING:
    from graylit.study.study import Study

OF_KIND = {"prompt_sha256": "digest", "from": "when", "to": "when"}  # what the cells of models hold, if they are known


class Made(NamedTuple):
    """The rows that one decider made in one table."""

    decider: str
    file: str
    column: str  # that names the decider; '' if the table does
    role: str
    number: int | None  # the first of the rows
    n_rows: int


def list_made(study: Study) -> list[Made]:
    """Return who made how many rows of which table; rows that name nobody are left out."""
    coded = {coder: rows for coder, rows in study.codings.items() if rows.cells}
    made = [Made(coder, rows.file, "", "coder", None, len(rows.cells)) for coder, rows in coded.items()]
    for rows in _list_tables(study):
        for column, role in MAKERS.items():
            counts = Counter(cells.get(column, "") for cells in rows.cells)
            first = {cells.get(column, ""): number for number, cells in reversed(list(rows))} if counts else {}
            made += [Made(who, rows.file, column, role, first[who], n) for who, n in counts.items() if who]
    return made


def _list_tables(study: Study) -> list[Rows]:
    return [getattr(study, name) for name in ALL_TABLES if name != "people"]


def list_people(study: Study) -> dict[str, Cells]:
    """Return the row in force of each decider that is listed."""
    return latest_rows((row for row in study.people.cells if row.get("decider")), "decider")


def list_models(people: Iterable[Cells]) -> frozenset[str]:
    """Return which deciders are models, by their rows in force."""
    return frozenset(row["decider"] for row in people if row.get("kind") == MODEL)


def name_deciders(people: Mapping[str, Cells], role: str) -> list[str]:
    """Return the deciders with a role, in the order in which they were listed."""
    return [name for name, row in people.items() if role in split_ids(row["roles"])]


def name_awaited(people: Mapping[str, Cells], role: str) -> list[str]:
    """Return those with a role for whom others wait: people, or models if no person has it.

    What a model was asked is blind in any case, and may never be complete: an answer can be refused for good.
    """
    named = name_deciders(people, role)
    return [name for name in named if people[name].get("kind") != MODEL] or named


def list_unlisted(study: Study) -> dict[str, list[Made]]:
    """Return what those made who stand in tables and are not listed, by their names, in order."""
    listed = list_people(study)
    unlisted: dict[str, list[Made]] = {}
    for made in list_made(study):
        if made.decider not in listed:
            unlisted.setdefault(made.decider, []).append(made)
    return dict(sorted(unlisted.items()))


def check_people(study: Study) -> list[Fault]:
    """Return the faults of the table of people, and of rows whose maker it does not list; none if it lists nobody."""
    if not study.people.cells:
        return []
    faults = [fault for number, cells in study.people for fault in check_row(study.people.file, number, cells)]
    listed = list_people(study)
    for makes in list_unlisted(study).values():
        for made in makes:
            rows = f"{made.n_rows} rows" if made.n_rows != 1 else "a row"
            problem = f"made {rows}, and is not in {study.people.file}{suggest_name(made.decider, listed)}"
            remedy = f"list it there, as {name_command('desk --as')} with your name asks for, or correct the name"
            faults.append(Fault(made.file, problem, "who is listed", remedy, made.number, made.column, made.decider))
    return faults


def check_row(file: str, number: int, cells: Cells) -> list[Fault]:
    """Return what is wrong with a row of the table of people, beyond its contract."""
    faults = []
    for role in split_ids(cells.get("roles", "")):
        if role not in ROLES:
            problem, remedy = f"is no role{suggest_name(role, ROLES)}", "correct it"
            faults.append(Fault(file, problem, f"one of {', '.join(ROLES)}", remedy, number, "roles", role))
    for name in OF_MODELS:
        cell = cells.get(name, "")
        if cells.get("kind") != MODEL:
            if cell:
                remedy = f"leave it empty, or write {MODEL} under kind"
                faults.append(Fault(file, "is said of what is no model", "an empty cell", remedy, number, name, cell))
        elif not cell:
            remedy = f"write {UNKNOWN} if nobody recorded it"
            faults.append(Fault(file, "is empty for a model", f"what it was, or {UNKNOWN}", remedy, number, name, cell))
        elif name in OF_KIND and cell != UNKNOWN and not KINDS[OF_KIND[name]].is_valid(cell):
            expected = f"{KINDS[OF_KIND[name]].expected}, or {UNKNOWN}"
            faults.append(Fault(file, "is not valid", expected, "correct it", number, name, cell))
    return faults
