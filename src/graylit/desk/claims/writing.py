"""Writing claims as a task of the desk: the statement of each guideline, split into claims, and how these fare."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import NO_DECISION, read_words, route_files
from graylit.desk.claims.room import CLAIMS, CLAIMS_FILE, MOST_SIGNS, Room, enter_room
from graylit.desk.tasks import DecisionError, Left, StaleError, Visit
from graylit.languages.words import list_words
from graylit.pages.wording import count_things
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import extend_table, require_tidy
from graylit.synthesis.claims import count_claims, link_claims
from graylit.tables.claims import ACCEPTED, ACTIVE, WITHDRAWN
from graylit.tables.kinds import number_ids, split_ids
from graylit.tables.names import name_ids
from graylit.tables.rows import Cells, Row, Values, store_words

FILES = {"": "write_claims.html", "write_claims.js": "write_claims.js", "claims.css": "claims.css"}
HEADER = ",".join(CLAIMS.names) + "\n"
OF_GUIDELINE = ("guideline_id", "name", "statement", "intent", "applicability")
OF_CLAIM = ("claim_id", "wording", "status", "reason")
COUNTS = ("n_pairs", "n_unread", "n_disputed", "n_supports", "n_partly", "n_against", "n_sources", "n_publishers")
STATUS_OF = {"add": ACTIVE, "reword": ACTIVE, "withdraw": WITHDRAWN, "accept": ACCEPTED, "open": ACTIVE}


@dataclass(frozen=True)
class Step:
    """A row that was added, and the one in force before it (None if none was), to undo it."""

    row: Row
    before: Cells | None


class WritingTask:
    """The guidelines whose statements a synthesizer splits into claims."""

    name, title = "claims", "Write claims"

    def __init__(self, room: Room, title: str) -> None:
        self.room, self.study_title = room, title
        self._done: list[Step] = []

    def _list_latest(self) -> dict[str, Cells]:
        return {row["claim_id"]: row for row in self.room.claim_rows}

    def count_left(self) -> Left:
        """Return how many guidelines have no claim yet."""
        guidelines = self.room.places.guidelines
        split = {row["guideline_id"] for row in self.room.look().claims.values()}
        own = [row["decided_at"] for row in self.room.claim_rows if row["decided_by"] == self.room.visit.person]
        return Left("guidelines", len(guidelines.keys() - split), len(split), last_at=max(own, default=""))

    def list_lines(self) -> Sequence[str]:
        """Return how many guidelines are to be split."""
        left = self.count_left()
        return [f"{self.study_title}: {count_things(left.n_left, 'guideline')} without a claim"]

    def describe_all(self) -> dict[str, object]:
        """Return every guideline in force with its claims, and how these were read if the person may see that."""
        latest = self._list_latest()
        counted = self._count() if self.room.may_see() else None
        step = self._done[-1].row["claim_id"] if self._done else None
        return {
            "title": self.study_title,
            "person": self.room.visit.person,
            "min_publishers": self.room.min_publishers,
            "has_counts": counted is not None,
            "undo": step,
            "guidelines": [
                {name: row[name] for name in OF_GUIDELINE}
                | {"claims": [self._describe(one, counted) for one in latest.values() if _is_of(one, guideline_id)]}
                for guideline_id, row in self.room.places.guidelines.items()
            ],
        }

    def _describe(self, claim: Cells, counted: Mapping[str, Values] | None) -> dict[str, object]:
        counts = (counted or {}).get(claim["claim_id"])
        shown = {name: claim[name] for name in OF_CLAIM} | {"version": self.tell_version(claim["claim_id"])}
        return {**shown, "counts": {name: counts[name] for name in (*COUNTS, "has_floor")} if counts else None}

    def _count(self) -> dict[str, Values]:
        stand = self.room.look()
        linked = link_claims(stand.claims, stand.rows, self.room.places.list_links())
        return {str(row["claim_id"]): row for row in count_claims(stand.claims, linked, self.room.min_publishers)}

    def tell_version(self, claim_id: str) -> str:
        """Return what is different after each row on a claim."""
        return str(sum(row["claim_id"] == claim_id for row in self.room.claim_rows))

    def decide(self, asked: Mapping[str, str]) -> Row:
        """Add, reword, withdraw or accept a claim, or undo that; return its row, which is on disk.

        Raises
        ------
        StaleError
            Somebody has changed the claim since it was shown.
        DecisionError
            The decision is refused.
        """
        kind, claim_id = asked.get("kind", ""), asked.get("claim_id", "")
        if kind == "undo":
            return self._undo()
        if kind not in STATUS_OF:
            raise DecisionError(NO_DECISION)
        before = self._list_latest().get(claim_id)
        if kind == "add":
            return self._write(self._start(asked.get("guideline_id", "")), kind, asked, None)
        if before is None or before["guideline_id"] not in self.room.places.guidelines:
            raise DecisionError(f"There is no claim {claim_id!r} to decide on.")
        if asked.get("version", "") != self.tell_version(claim_id):
            raise StaleError("claim")
        return self._write(dict(before), kind, asked, before)

    def _start(self, guideline_id: str) -> Row:
        if guideline_id not in self.room.places.guidelines:
            raise DecisionError(f"There is no guideline {guideline_id!r} in force.")
        known = [row["claim_id"] for row in self.room.claim_rows]
        start = f"{name_ids(self.room.visit.person)}-L"  # two people on two machines never give the same id
        mine = [claim_id for claim_id in known if claim_id.startswith(start)]
        (claim_id,) = number_ids(mine, 1, first=f"{start}01")
        return dict.fromkeys(CLAIMS.names, "") | {"claim_id": claim_id, "guideline_id": guideline_id}

    def _write(self, row: Row, kind: str, asked: Mapping[str, str], before: Cells | None) -> Row:
        words = {name: store_words(asked.get(name, "")) for name in ("wording", "reason")}
        if any(len(cell) > MOST_SIGNS for cell in words.values()):
            raise DecisionError(f"A claim and a reason have {MOST_SIGNS:,} signs at most.")
        if kind in ("add", "reword"):
            if not list_words(words["wording"]):
                raise DecisionError("A claim has words.")
            self._require_new(words["wording"], row)
            row["wording"] = words["wording"]
        elif kind in ("withdraw", "accept") and not words["reason"]:
            raise DecisionError("Say why: a claim that is withdrawn or accepted has a reason.")
        row |= {"status": STATUS_OF[kind], "reason": words["reason"]}
        self._done.append(Step(self._add(row), before))
        return self._done[-1].row

    def _require_new(self, wording: str, row: Cells) -> None:
        """Raise DecisionError if a claim of the same guideline says the same in these very words."""
        for claim in self.room.look().claims.values():
            if claim["guideline_id"] == row["guideline_id"] and claim["wording"] == wording:
                raise DecisionError(f"{claim['claim_id']} says that already.")

    def _undo(self) -> Row:
        if not self._done:
            raise DecisionError("Nothing was decided since the desk was opened; change the claim instead.")
        step = self._done.pop()
        claim_id = step.row["claim_id"]
        if self._list_latest().get(claim_id) != step.row:
            raise DecisionError(f"{claim_id} was changed elsewhere meanwhile, so it is left as it is.")
        if step.before:
            return self._add(dict(step.before) | {"status": step.before["status"] or ACTIVE})
        return self._add(step.row | {"status": WITHDRAWN, "reason": "taken back at once"})

    def _add(self, row: Row) -> Row:
        """Add a row, and return it as it stands at the end of the table."""
        row = row | {"decided_by": self.room.visit.person, "decided_at": self.room.visit.read_clock()}
        taken = {one["decided_at"] for one in self.room.claim_rows if one["claim_id"] == row["claim_id"]}
        while row["decided_at"] in taken:
            time.sleep(0.05)  # times are whole seconds, and no two rows on a claim may have the same one
            row["decided_at"] = self.room.visit.read_clock()
        extend_table(self.room.visit.folder, CLAIMS_FILE, [row], CLAIMS, HEADER)
        return dict.fromkeys(CLAIMS.names, "") | row

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, its list and its decisions."""

        async def guidelines(request: Request) -> Response:
            return JSONResponse(self.describe_all())

        async def decide(request: Request) -> Response:
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            row = self.decide(asked)
            return JSONResponse({"saved": {name: row[name] for name in OF_CLAIM}} | self.describe_all())

        return [*route_files(FILES), Route("/guidelines", guidelines), Route("/guidelines", decide, methods=["POST"])]


def _is_of(claim: Cells, guideline_id: str) -> bool:
    return claim["guideline_id"] == guideline_id and claim["status"] != WITHDRAWN


def open_writing_claims(visit: Visit, study: Study) -> WritingTask | None:
    """Return the task of a person who writes claims; None if it is not theirs, or if there are no sources yet."""
    row = list_people(study).get(visit.person, {})
    if not study.sources.cells or "synthesizer" not in split_ids(row.get("roles", "")):
        return None
    require_tidy([study.claims])
    return WritingTask(enter_room(visit, study), study.config["title"])
