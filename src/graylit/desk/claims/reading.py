"""Checking claims as a task of the desk: one claim and one place at a time, read by one key."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words, route_files
from graylit.desk.claims.reader import Reader
from graylit.desk.claims.room import Room, enter_room
from graylit.desk.tasks import Left, Visit
from graylit.pages.wording import count_things
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import require_tidy
from graylit.synthesis.readings import Pair
from graylit.tables.kinds import split_ids

FILES = {
    "": "read_claims.html",
    "read_claims.js": "read_claims.js",
    "claims.js": "claims.js",
    "claims.css": "claims.css",
}
N_RECENT = 12  # of the reader's readings that are listed: chosen, what fits beside the buttons
DECIDED = ("claim_id", "coding_id", "reading", "reason")


class ReadingTask:
    """The pairs of a claim and a place that a reader reads."""

    name, title = "check-claims", "Check claims"

    def __init__(self, room: Room, title: str, since: str) -> None:
        self.room, self.reader, self.study_title, self._since = room, Reader(room), title, since

    def count_left(self) -> Left:
        """Return how many places are left to read."""
        n_left, n_all = len(self.reader.list_left()), len(self.reader.list_assigned())
        last_at = max((row["read_at"] for row in self.reader.list_recent(1)), default="")
        return Left("places", n_left, n_all - n_left, last_at, self._since)

    def list_lines(self) -> Sequence[str]:
        """Return who reads, and how much."""
        left = self.count_left()
        of = f"{left.n_left:,} of {count_things(left.n_left + left.n_done, 'place')} left"
        return [f"{self.study_title}: reader {self.reader.name}, {of}"]

    def describe_study(self) -> dict[str, object]:
        """Return who reads what."""
        return {"title": self.study_title, "person": self.reader.name}

    def describe_next(self) -> dict[str, object]:
        """Return how much is left, and the pair that comes next; None if none is left."""
        left = self.reader.list_left()
        return self._describe_standing() | {"pair": self._describe_pair(left[0]) if left else None}

    def describe_one(self, pair: Pair) -> dict[str, object]:
        """Return how much is left, and a pair that was asked for."""
        return self._describe_standing() | {"pair": self._describe_pair(pair)}

    def _describe_standing(self) -> dict[str, object]:
        left, step = self.count_left(), self.reader.last_step
        recent = [{name: row[name] for name in DECIDED} for row in self.reader.list_recent(N_RECENT)]
        undo = self._name(step[0].pair) if step else None
        return {"n_left": left.n_left, "n_done": left.n_done, "recent": recent, "undo": undo}

    def _name(self, pair: Pair) -> dict[str, str]:
        return {"claim_id": pair[0], "coding_id": pair[1], "version": self.reader.tell_version(pair)}

    def _describe_pair(self, pair: Pair) -> dict[str, object]:
        own = self.reader.find_own(pair)
        decided = {name: own[name] for name in DECIDED} | {"is_of_now": self.reader.is_of_now(own)} if own else None
        twins = [coding_id for _, coding_id in self.room.look().list_twins(pair)]
        return self.room.describe_pair(pair) | self._name(pair) | {"decided": decided, "twins": twins}

    def decide(self, pair: Pair, asked: dict[str, str]) -> dict[str, object]:
        """Take a reading, and return what it was and what comes next; after an undo, the same pair."""
        row = self.reader.decide(pair, asked)
        saved = {"saved": {name: row[name] for name in DECIDED}}
        return saved | (self.describe_one(pair) if asked["kind"] == "undo" else self.describe_next())

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, of its files, and of its questions and decisions."""

        async def study(request: Request) -> Response:
            return JSONResponse(self.describe_study())

        async def following(request: Request) -> Response:
            return JSONResponse(self.describe_next())

        async def one(request: Request) -> Response:
            asked = request.query_params
            return JSONResponse(
                self.describe_one(self.room.require_pair(asked.get("claim", ""), asked.get("coding", "")))
            )

        async def decide(request: Request) -> Response:
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            pair = self.room.require_pair(asked.get("claim_id", ""), asked.get("coding_id", ""))
            return JSONResponse(self.decide(pair, asked))

        return [
            *route_files(FILES),
            Route("/study", study),
            Route("/next", following),
            Route("/pairs", one),
            Route("/pairs", decide, methods=["POST"]),
        ]


def open_reading(visit: Visit, study: Study) -> ReadingTask | None:
    """Return the task of a person who reads; None if it is not theirs, or if there are no sources yet."""
    row = list_people(study).get(visit.person, {})
    if not study.sources.cells or "reader" not in split_ids(row.get("roles", "")):
        return None
    require_tidy([study.claim_readings])
    return ReadingTask(enter_room(visit, study), study.config["title"], since=row["decided_at"])
