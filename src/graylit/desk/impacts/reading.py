"""Reading impacts a second time: component, decision and places, without what their author saw in them."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.adjudicating.room import WAITING
from graylit.desk.answers import NO_DECISION, read_words, route_files
from graylit.desk.impacts.task import READINGS, READINGS_FILE, watch_readings
from graylit.desk.synthesizing.evidence import Evidence, enter_evidence, name_place
from graylit.desk.synthesizing.places_log import PlacesLog, enter_log
from graylit.desk.synthesizing.written import PAUSE_S, Written, enter_written
from graylit.desk.tasks import DecisionError, Left, StaleError, Visit
from graylit.pages.wording import count_things
from graylit.study.impact_readings import SHOWN, list_current_readings
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import extend_table, require_tidy
from graylit.tables.impacts import EFFECTS, list_attributes
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells, Row, store_words

FILES = {"": "read_impacts.html", "read_impacts.js": "read_impacts.js", "read_impacts.css": "read_impacts.css"}
HEADER = ",".join(READINGS.names) + "\n"
BLANK = ("reading", "quality_attribute", "effect", "reason")


class ReadingTask:
    """The impacts of others that a second reader reads, in an order drawn for that reader."""

    name, title = "read-impacts", "Read impacts a second time"

    def __init__(self, study: Study, written: Written, evidence: Evidence, log: PlacesLog) -> None:
        self.visit, self._written, self._evidence, self._log = written.visit, written, evidence, log
        self._study_title, self._seed = study.config["title"], study.config["seed"]
        self._readings = watch_readings(written.visit)
        self._done: list[tuple[Row, Cells | None]] = []

    # What is to be read ------------------------------------------------------------------------------------------

    def list_impacts(self) -> list[str]:
        """Return the impacts in force that the person did not write, in an order drawn for the person."""
        rows, person = self._written.rows("impacts"), self.visit.person
        own = {row["impact_id"] for row in rows if row["decided_by"] == person}
        kept = [impact_id for impact_id in self._written.in_force("impacts") if impact_id not in own]
        return sorted(kept, key=lambda impact_id: _digest(self._seed, person, impact_id))

    def list_own(self) -> dict[str, Cells]:
        """Return the person's readings in force, by impact; nobody else's are looked at."""
        own = [row for row in self._readings.get() if row["reader"] == self.visit.person]
        return {key[0]: row for key, row in list_current_readings(self._written.rows("impacts"), own).items()}

    def list_left(self) -> list[str]:
        """Return the impacts that the person has not read, or that were changed since."""
        own = self.list_own()
        return [impact_id for impact_id in self.list_impacts() if impact_id not in own]

    def tell_version(self, impact_id: str) -> str:
        """Return what is new if what the reader sees of an impact was changed, or the person has read it."""
        impact, own = self._written.in_force("impacts").get(impact_id, {}), self.list_own().get(impact_id)
        return _digest([impact.get(name, "") for name in SHOWN], own and own["read_at"])[:16]

    def describe_impact(self, impact_id: str) -> dict[str, object]:
        """Return what the reader sees of an impact: neither its guideline nor what its author saw."""
        impact = self._written.require("impacts", impact_id, "impact")
        named = set(split_ids(impact["coding_ids"]))
        rows = [row for coding_id, row in self._evidence.located.by_id.items() if coding_id in named]
        places = list(dict.fromkeys(name_place(row) for row in rows))
        return {
            **{name: impact[name] for name in ("impact_id", "component", "decision")},
            "places": [self._evidence.open_place(place_id, named) for place_id in sorted(places)],
            "version": self.tell_version(impact_id),
        }

    def describe(self) -> dict[str, object]:
        """Return the next impact, what can be undone, and how many are left."""
        self._log.require_seeing()
        left, impacts = self.list_left(), self.list_impacts()
        undo = self._done[-1][0]["impact_id"] if self._done else ""
        return {
            "n_left": len(left),
            "n_done": len(impacts) - len(left),
            "impact": self.describe_impact(left[0]) if left else None,
            "undo": {"impact_id": undo, "version": self.tell_version(undo)} if undo else None,
        }

    def describe_study(self) -> dict[str, object]:
        """Return the attributes that the reader chooses from."""
        attributes = list_attributes(self._written.rows("attributes")).items()
        active = [[name, row["definition"]] for name, row in attributes if row["status"] != "retired"]
        who = {"title": self._study_title, "person": self.visit.person}
        return {**who, "attributes": active, "effects": list(EFFECTS)}

    # What the reader decides -------------------------------------------------------------------------------------

    def decide(self, impact_id: str, asked: Mapping[str, str]) -> str:
        """Take a reading, or take the last one back, as a row that is on disk at return; return it in words."""
        self._log.require_seeing()
        if asked.get("version") != self.tell_version(impact_id):
            raise StaleError("impact")
        if asked.get("kind") == "undo":
            return self._undo(impact_id)
        if impact_id not in self.list_impacts():
            raise DecisionError(f"{impact_id!r} is no impact that you are to read.")
        row = self._fill(asked) | {"impact_id": impact_id}
        before = self.list_own().get(impact_id)
        self._done.append((self._add(row), before))
        return " ".join(filter(None, (row["quality_attribute"], row["effect"]))) or "not shown"

    def _fill(self, asked: Mapping[str, str]) -> Row:
        reason = store_words(asked.get("reason", ""))
        if asked.get("kind") == "not_shown":
            return {"reading": "not_shown", "quality_attribute": "", "effect": "", "reason": reason}
        if asked.get("kind") != "shown":
            raise DecisionError(NO_DECISION)
        attribute, effect = asked.get("quality_attribute", ""), asked.get("effect", "")
        if attribute not in list_attributes(self._written.rows("attributes")):
            raise DecisionError("Choose the attribute first.")
        if effect not in EFFECTS:
            raise DecisionError(f"An impact is one of {', '.join(EFFECTS)}.")
        return {"reading": "shown", "quality_attribute": attribute, "effect": effect, "reason": reason}

    def _undo(self, impact_id: str) -> str:
        if not self._done or self._done[-1][0]["impact_id"] != impact_id:
            raise DecisionError("There is nothing to undo here.")
        row, before = self._done[-1]
        if self.list_own().get(impact_id) != row:
            self._done.pop()
            raise DecisionError(f"Your reading of {impact_id} was changed elsewhere meanwhile, so it is left as it is.")
        again = {name: before[name] if before else "" for name in BLANK}
        self._add(again | {"impact_id": impact_id, "reading": again["reading"] or "withdrawn"})
        self._done.pop()
        return "undone"

    def _add(self, row: Row) -> Row:
        taken = {old["read_at"] for old in self._readings.get() if old["impact_id"] == row["impact_id"]}
        while (now := self.visit.read_clock()) in taken:
            time.sleep(PAUSE_S)
        added = dict.fromkeys(READINGS.names, "") | row | {"reader": self.visit.person, "read_at": now}
        extend_table(self.visit.folder, READINGS_FILE, [added], READINGS, HEADER)
        return added

    # The task ----------------------------------------------------------------------------------------------------

    def count_left(self) -> Left:
        """Return how many impacts the person has still to read."""
        if not self._log.may_see():
            return Left("impacts", 0, 0, waits_for=WAITING)
        n_left, last = len(self.list_left()), [row["read_at"] for row in self.list_own().values()]
        return Left("impacts", n_left, len(self.list_impacts()) - n_left, max(last, default=""))

    def list_lines(self) -> Sequence[str]:
        """Return how many impacts are left."""
        left = self.count_left()
        of = left.waits_for or f"{left.n_left:,} of {count_things(left.n_left + left.n_done, 'impact')} left"
        return [f"{self._study_title}: second reader {self.visit.person}, {of}"]

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, the next impact and the decisions."""

        async def study(request: Request) -> Response:
            return JSONResponse(self.describe_study())

        async def following(request: Request) -> Response:
            return JSONResponse(self.describe())

        async def decide(request: Request) -> Response:
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            impact_id = asked.get("impact_id", "")
            said = self.decide(impact_id, asked)
            return JSONResponse({"said": said, "impact_id": impact_id} | self.describe())

        return [
            *route_files(FILES),
            Route("/study", study),
            Route("/next", following),
            Route("/next", decide, methods=["POST"]),
        ]


def _digest(*values: object) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def open_reading_impacts(visit: Visit, study: Study) -> ReadingTask | None:
    """Return the task of a second reader; None if it is not theirs, or if there are no sources yet."""
    roles = split_ids(list_people(study).get(visit.person, {}).get("roles", ""))
    if not study.sources.cells or "reader" not in roles:
        return None
    require_tidy([study.impact_readings])
    return ReadingTask(study, enter_written(visit, study), enter_evidence(visit, study), enter_log(visit, study))
