"""Models in the table of people: the row that says which model decided, with what, from when to when."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from graylit.pages.wording import name_some
from graylit.study.model_log import Call
from graylit.study.model_settings import PROMPTS_FOLDER
from graylit.study.people import list_people, list_unlisted
from graylit.study.study import OPTIONAL_TABLES, Study, read_tables
from graylit.study.writing import extend_table
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.kinds import split_ids
from graylit.tables.models import APPRAISE, CHECK_CLAIMS, CODE, SCREEN, SETTLE
from graylit.tables.people import MODEL, PERSON, UNKNOWN
from graylit.tables.rows import Cells, Row

PEOPLE_FILE, PEOPLE = OPTIONAL_TABLES["people"]
HEADER = ",".join(PEOPLE.names) + "\n"
IDENTITY = ("model", "version", "settings", "prompt_file", "prompt_sha256")
ROLES_OF = {SCREEN: "screener", APPRAISE: "appraiser", CODE: "coder", SETTLE: "adjudicator", CHECK_CLAIMS: "reader"}


def require_model(study: Study, name: str) -> None:
    """Raise InputError if a person decides under a name, or if people are not listed yet among whom it will stand."""
    row = list_people(study).get(name)
    if row and row["kind"] == PERSON:
        problem, remedy = "is a person in config/people.csv", "name the model, and its file in config/models, otherwise"
        raise InputError([Fault("--as", problem, "the name of a model", remedy, value=name)])
    if unlisted := [other for other in list_unlisted(study) if other != name]:
        problem = f"does not list {name_some(unlisted)}, who made rows: with the model in it, all have to be there"
        remedy = f"say who they are: {name_command('desk --as')} with your name"
        raise InputError([Fault(PEOPLE_FILE, problem, "all who decided", remedy)])


def describe_settings(settings: Mapping[str, Any]) -> str:
    """Return the settings of a model as one cell."""
    return "; ".join(f"{name} {value}" for name, value in settings.items() if name != "model")


def describe_decider(call: Call) -> Row:
    """Return what a call says of the model that answered, as the table of people has it."""
    return {
        "decider": call["decider"],
        "kind": MODEL,
        "model": call["returned_model"],
        "version": call["fingerprint"] or call["weights_sha256"] or UNKNOWN,
        "settings": describe_settings(call["settings"]),
        "prompt_file": f"{PROMPTS_FOLDER}/{call['task']}.md",
        "prompt_sha256": call["template_sha256"],
    }


class Deciders:
    """Keeps the rows of models true: a model is listed before a row names it, and its last decision is dated."""

    def __init__(self, folder: Path, read_clock: Callable[[], str]) -> None:
        self._folder, self._clock = folder, read_clock
        self._listed: dict[str, Row] = {}

    def note(self, call: Call) -> None:
        """List the model of an answer, if it is not listed as it is now."""
        described = describe_decider(call)
        if self._listed.get(call["decider"]) != described:
            self._write(described, call)
            self._listed[call["decider"]] = described

    def close(self, call: Call) -> None:
        """Say when a model decided last."""
        self._write(describe_decider(call), call)

    def _write(self, described: Row, call: Call) -> None:
        study, _ = read_tables(self._folder, ("people",))
        before: Cells = list_people(study).get(call["decider"], {})
        is_same = all(before.get(name, "") == described[name] for name in IDENTITY) and before["from"] != UNKNOWN
        roles = dict.fromkeys([*split_ids(before.get("roles", "")), ROLES_OF[call["task"]]])
        row = {**described, "roles": "; ".join(roles), "note": before.get("note", "")}
        row |= {
            "from": before["from"] if is_same else call["at"],
            "to": max(before["to"] if is_same else "", call["at"]),
        }
        if any(before.get(name, "") != cell for name, cell in row.items()):
            extend_table(self._folder, PEOPLE_FILE, [row | {"decided_at": self._find_time(before)}], PEOPLE, HEADER)

    def _find_time(self, before: Mapping[str, str]) -> str:
        now = self._clock()
        while now == before.get("decided_at"):
            time.sleep(0.05)  # times are whole seconds, and no two rows of a name may have the same one
            now = self._clock()
        return now
