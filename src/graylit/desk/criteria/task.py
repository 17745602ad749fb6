"""The criteria of a study for who edits them: a form for each change, which is a row, and so is its undo."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import NO_DECISION, read_words, route_files
from graylit.desk.roles import Roles
from graylit.desk.tasks import DecisionError, Left, StaleError, Visit
from graylit.desk.watching import Watched, read_peoples
from graylit.pages.wording import count_things
from graylit.study.extending import extend_tables, hold_tables
from graylit.study.people import list_people
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.study.writing import append_rows, require_tidy
from graylit.tables.kinds import number_ids, split_ids
from graylit.tables.names import name_ids
from graylit.tables.rows import Cells, Row, store_words

FILE, CRITERIA = OPTIONAL_TABLES["criteria"]
FILES = {"": "criteria.html", "criteria.js": "criteria.js", "criteria.css": "criteria.css"}
KINDS = next(column.choices for column in CRITERIA.columns if column.name == "kind")
HEADER = ",".join(CRITERIA.names) + "\n"
WORDS = ("name", "definition", "reason")
PAUSE_S = 0.05  # between looks at a clock of whole seconds


class CriteriaTask:
    """The criteria of a study, and one person who edits them."""

    name, title = "criteria", "Edit the criteria"

    def __init__(self, visit: Visit, title: str) -> None:
        self.visit, self._study_title, self._roles = visit, title, Roles(visit.folder)
        self._table: Watched[list[Row]] = Watched(
            visit.folder / FILE, lambda: read_peoples(visit.folder, FILE, CRITERIA)
        )
        self._done: list[tuple[Row, Cells | None]] = []

    def list_latest(self) -> dict[str, Cells]:
        """Return the row in force of each criterion, retired ones too, in the order in which they came."""
        return {row["criterion_id"]: row for row in self._table.get()}

    def tell_version(self) -> str:
        """Return what is new after every row."""
        return hashlib.sha256(json.dumps(self._table.get()).encode()).hexdigest()[:16]

    def describe(self) -> dict[str, object]:
        """Return the criteria, each with its earlier wordings; `version` is sent back with the next decision."""
        history: dict[str, list[Cells]] = {}
        for row in self._table.get():
            history.setdefault(row["criterion_id"], []).append(row)
        return {
            "title": self._study_title,
            "person": self.visit.person,
            "version": self.tell_version(),
            "can_undo": bool(self._done),
            "kinds": list(KINDS),
            "criteria": [{**row, "earlier": history[key][:-1]} for key, row in self.list_latest().items()],
        }

    def decide(self, asked: Mapping[str, str]) -> str:
        """Add, reword, retire or reinstate a criterion, or take that back; return its id. The row is on disk."""
        if asked.get("version") != self.tell_version():
            raise StaleError("list of criteria")
        if asked.get("kind") == "undo":
            return self._undo()
        changes = {"save": self._save, "retire": self._turn, "reinstate": self._turn}
        if asked.get("kind") not in changes:
            raise DecisionError(NO_DECISION)
        with hold_tables(self.visit.folder):
            row = changes[asked["kind"]](asked)
            before = self.list_latest().get(row["criterion_id"])
            self._done.append((self._add(row), before))
        return row["criterion_id"]

    def _save(self, asked: Mapping[str, str]) -> Row:
        criterion_id = asked.get("criterion_id", "")
        before = self._require(criterion_id) if criterion_id else {"status": "active"}
        row = dict(before) | {name: store_words(asked.get(name, "")) for name in WORDS}
        row["kind"] = asked.get("criterion_kind", "")
        if criterion_id and all(row[name] == before[name] for name in ("name", "definition", "kind")):
            raise DecisionError("Nothing was changed.")
        return row | {"criterion_id": criterion_id or self._number_next(row["kind"])}

    def _turn(self, asked: Mapping[str, str]) -> Row:
        before = self._require(asked.get("criterion_id", ""))
        status = "retired" if asked["kind"] == "retire" else "active"
        if before["status"] == status:
            raise DecisionError("Nothing was changed.")
        return dict(before) | {"status": status, "reason": store_words(asked.get("reason", ""))}

    def _require(self, criterion_id: str) -> Cells:
        row = self.list_latest().get(criterion_id)
        if row is None:
            raise DecisionError(f"There is no criterion {criterion_id!r}; load the page again.")
        return row

    def _number_next(self, kind: str) -> str:
        """Return the id of a new criterion: two editors on two machines never give the same one."""
        letter = kind[:1].upper() or "E"
        prefix = letter if len(self._roles.name("editor")) < 2 else f"{letter}-{name_ids(self.visit.person)}-"
        taken = [key for key in self.list_latest() if key.startswith(prefix) and key[len(prefix) :].isdecimal()]
        return number_ids(taken, 1, f"{prefix}1")[0]

    def _undo(self) -> str:
        if not self._done:
            raise DecisionError("Nothing was changed here since the desk was opened.")
        row, before = self._done[-1]
        if self.list_latest().get(row["criterion_id"]) != row:
            self._done.pop()
            raise DecisionError(f"{row['criterion_id']} was changed elsewhere meanwhile, so it is left as it is.")
        again = dict(before) if before else row | {"status": "retired", "reason": "taken back"}
        with hold_tables(self.visit.folder):
            added = self._add(again)
        self._done.pop()
        self._done = [(added if one == before else one, earlier) for one, earlier in self._done]
        return row["criterion_id"]

    def _add(self, row: Row) -> Row:
        taken = {old["decided_at"] for old in self._table.get() if old["criterion_id"] == row["criterion_id"]}
        while (now := self.visit.read_clock()) in taken:
            time.sleep(PAUSE_S)
        added = dict.fromkeys(CRITERIA.names, "") | row | {"decided_at": now, "decided_by": self.visit.person}
        _, faults = CRITERIA.parse_rows(append_rows(HEADER, [added], CRITERIA), FILE)
        if faults:
            raise DecisionError(" ".join(f"The {fault.column} {fault.problem}." for fault in faults))
        extend_tables(self.visit.folder, {FILE: [added]})
        return added

    # The task ----------------------------------------------------------------------------------------------------

    def count_left(self) -> Left:
        """Return how many criteria there are; none is ever left."""
        own = [row["decided_at"] for row in self._table.get() if row["decided_by"] == self.visit.person]
        return Left("criteria", 0, len(self.list_latest()), max(own, default=""))

    def list_lines(self) -> Sequence[str]:
        """Return how many criteria are in use."""
        n = sum(row["status"] == "active" for row in self.list_latest().values())
        return [f"{self._study_title}: editor {self.visit.person}, {count_things(n, 'criterion')} in use"]

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, its list and its decisions."""

        async def criteria(request: Request) -> Response:
            return JSONResponse(self.describe())

        async def decide(request: Request) -> Response:
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            criterion_id = self.decide(asked)
            return JSONResponse({"criterion_id": criterion_id} | self.describe())

        return [*route_files(FILES), Route("/criteria", criteria), Route("/criteria", decide, methods=["POST"])]


def open_criteria(visit: Visit, study: Study) -> CriteriaTask | None:
    """Return the task of an editor; None if it is not this person's."""
    if "editor" not in split_ids(list_people(study).get(visit.person, {}).get("roles", "")):
        return None
    require_tidy([study.criteria])
    return CriteriaTask(visit, study.config["title"])
