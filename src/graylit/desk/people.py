"""Who decides: what the first page asks before anything is decided, and the rows that the answers become."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from graylit.desk.answers import NO_DECISION
from graylit.desk.tasks import DecisionError, StaleError
from graylit.study.checking import require_screened
from graylit.study.people import Made, check_row, list_people, list_unlisted
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.study.writing import append_rows, extend_table, read_coder
from graylit.tables.faults import InputError
from graylit.tables.people import OF_MODELS, ROLES, UNKNOWN
from graylit.tables.rows import Cells, Row, store_words

PEOPLE_FILE, PEOPLE = OPTIONAL_TABLES["people"]
HEADER = ",".join(PEOPLE.names) + "\n"
# The role of those who decided in tables whose column of makers names no role.
PROVEN = {
    "searches.csv": "searcher",
    "criteria.csv": "editor",
    "codebook.csv": "editor",
    "adjudications.csv": "adjudicator",
    **dict.fromkeys(("themes.csv", "practices.csv", "guidelines.csv", "claims.csv"), "synthesizer"),
}
NO_ROLE = "Say what you do here: with no role, nothing is yours to decide."
ASKED = [name for name in PEOPLE.names if name != "decided_at"]


def list_asked(study: Study, person: str) -> list[dict[str, object]]:
    """Return who must be described before anything is decided: the person, and whoever stands in tables unlisted.

    How many rows they made is not said: it would tell a screener what others have done.
    """
    unlisted = list_unlisted(study)
    names = [person] if person not in list_people(study) else []
    asked: list[dict[str, object]] = []
    for name in dict.fromkeys([*names, *unlisted]):
        made = unlisted.get(name, [])
        tables = list(dict.fromkeys(one.file.rpartition("/")[2] for one in made))
        roles = list(dict.fromkeys(filter(None, map(tell_role, made))))
        asked.append({"decider": name, "tables": tables, "roles": roles, "is_you": name == person})
    return asked


def tell_role(made: Made) -> str:
    """Return the role that rows prove; '' if they prove none."""
    return made.role or PROVEN.get(made.file.rpartition("/")[2], "")


def describe_people(folder: Path, person: str) -> dict[str, object]:
    """Return what the form asks, and who is listed already."""
    study = require_screened(folder)
    listed = [{name: row.get(name, "") for name in ASKED} for row in list_people(study).values()]
    asked = list_asked(study, person)
    kinds = {"roles": list(ROLES), "of_models": list(OF_MODELS), "unknown": UNKNOWN}
    return kinds | {"version": _tell_version(study), "person": person, "listed": listed, "asked": asked}


def _tell_version(study: Study) -> str:
    return hashlib.sha256(json.dumps(study.people.cells).encode()).hexdigest()[:16]


def save_people(folder: Path, person: str, asked: dict[str, object], read_clock: Callable[[], str]) -> list[str]:
    """Add a row for each decider that was described or changed: all of them or none; return their names.

    Raises
    ------
    StaleError
        The table has changed since the form was shown.
    DecisionError
        Somebody is left out, or what is said of somebody cannot be.
    """
    study = require_screened(folder)
    if asked.get("version") != _tell_version(study):
        raise StaleError("list of deciders")
    listed = list_people(study)
    rows = [_fill_row(one) for one in _read_rows(asked.get("rows"))]
    rows = [row for row in rows if any(row[name] != listed.get(row["decider"], {}).get(name, "") for name in ASKED)]
    names = [row["decider"] for row in rows]
    _require_all(study, person, names)
    now = read_clock()
    if any(listed.get(name, {}).get("decided_at") == now for name in names):
        raise DecisionError("That was just said; try again in a second.")
    rows = [row | {"decided_at": now} for row in rows]
    _require_valid(study, person, rows)
    extend_table(folder, PEOPLE_FILE, rows, PEOPLE, HEADER)
    return names


def _read_rows(said: object) -> list[dict[str, str]]:
    if not isinstance(said, list) or not all(isinstance(row, dict) for row in said):
        raise DecisionError(NO_DECISION)
    if not all(isinstance(cell, str) for row in said for cell in row.values()):
        raise DecisionError(NO_DECISION)
    return said


def _fill_row(said: Cells) -> Row:
    return {name: store_words(said.get(name, "")) for name in ASKED}


def _require_all(study: Study, person: str, names: list[str]) -> None:
    if not names:
        raise DecisionError("Nothing was changed.")
    if len(set(names)) < len(names):
        raise DecisionError("A decider is described twice.")
    if missing := [str(one["decider"]) for one in list_asked(study, person) if one["decider"] not in names]:
        raise DecisionError(f"Say also what {', '.join(missing)} is: all who decided are listed at once.")


def _require_valid(study: Study, person: str, rows: list[Row]) -> None:
    """Raise DecisionError with every fault that the table would have with these rows."""
    if any(row["decider"] == person and not row["roles"] for row in rows):
        raise DecisionError(NO_ROLE)
    known = [*study.codings, *list_people(study)]
    try:
        for row in rows:
            read_coder(row["decider"], [name for name in known if name != row["decider"]], "the name")
    except InputError as error:
        raise DecisionError(" ".join(map(str, error.faults))) from None
    parsed, faults = PEOPLE.parse_rows(append_rows(HEADER, rows, PEOPLE), "the form")
    faults += [fault for number, cells in parsed for fault in check_row("the form", number, cells)]
    if faults:
        raise DecisionError(" ".join(map(str, faults)))
