"""Settling readings as a task of the desk: what readers differ on, side by side, and the reading that is final."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words, route_files
from graylit.desk.claims.room import WAITING, Room, enter_room, fill_reading
from graylit.desk.tasks import DecisionError, Left, StaleError, Visit
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import require_tidy
from graylit.synthesis.readings import Pair, digest_wording, find_settlement, judge_pair
from graylit.tables.claims import CLAIM_READINGS, DISPUTED
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells

FILES = {
    "": "settle_readings.html",
    "settle_readings.js": "settle_readings.js",
    "claims.js": "claims.js",
    "claims.css": "claims.css",
}
DECIDED = ("claim_id", "coding_id", "reading", "reason")


class SettlingTask:
    """The pairs of a claim and a place on which readers differ."""

    name, title = "settle-readings", "Settle readings"

    def __init__(self, room: Room, title: str) -> None:
        self.room, self.study_title = room, title
        self._done: list[list[Cells]] = []  # settlements that can be undone: the rows of each

    def list_open(self) -> list[Pair]:
        """Return the pairs that are to be settled, in the order of claims and codings."""
        stand = self.room.look()
        of_pair = stand.of_pair
        return [pair for pair in stand.links if judge_pair(of_pair.get(pair, ())).reading == DISPUTED]

    def _count_settled(self) -> int:
        stand = self.room.look()
        return sum(pair in stand.links and find_settlement(rows) is not None for pair, rows in stand.of_pair.items())

    def count_left(self) -> Left:
        """Return how many pairs are to be settled, and how many were; nothing before that may be seen."""
        if not self.room.may_see():
            return Left("places", 0, 0, waits_for=WAITING)
        self.room.require_seeing()
        own = [row for row in self.room.look().current if row["settles"] and row["reader"] == self.room.visit.person]
        last_at = max((row["read_at"] for row in own), default="")
        return Left("places", len(self.list_open()), self._count_settled(), last_at)

    def list_lines(self) -> Sequence[str]:
        """Return nothing: what is left to settle is told on the page, once all are through."""
        return []

    def tell_version(self, pair: Pair) -> str:
        """Return what is different after each row on a pair, and once its claim is reworded."""
        stand = self.room.look()
        ids = [row["reading_id"] for row in stand.rows if (row["claim_id"], row["coding_id"]) == pair]
        state = [digest_wording(stand.claims[pair[0]]["wording"]), *ids]
        return hashlib.sha256(" ".join(state).encode()).hexdigest()[:16]

    def describe_next(self, is_named: bool, asked: Pair | None = None) -> dict[str, object]:
        """Return how much is left, and the pair asked for, else the first that is to be settled."""
        self.room.require_seeing()
        waiting, undone = self.list_open(), self._done[-1][0] if self._done else None
        chosen = asked or next(iter(waiting), None)
        return {
            "title": self.study_title,
            "person": self.room.visit.person,
            "n_left": len(waiting),
            "n_done": self._count_settled(),
            "undo": self._name(_pair_of(undone)) if undone else None,
            "pair": self._describe(chosen, is_named) if chosen else None,
        }

    def _name(self, pair: Pair) -> dict[str, str]:
        version = self.tell_version(pair) if pair in self.room.look().links else ""
        return {"claim_id": pair[0], "coding_id": pair[1], "version": version}

    def _describe(self, pair: Pair, is_named: bool) -> dict[str, object]:
        shown = ("reading", "reason", *(("reader",) if is_named else ()))
        sides = [{name: row[name] for name in shown} for row in self._list_sides(pair)]
        return self.room.describe_pair(pair) | self._name(pair) | {"sides": sides}

    def _list_sides(self, pair: Pair) -> list[Cells]:
        """Return the readers' readings in force of a pair, in an order that gives no name away."""
        own = [row for row in self.room.look().of_pair.get(pair, []) if not row["settles"]]
        return sorted(own, key=lambda row: hashlib.sha256(" ".join((*pair, row["reader"])).encode()).digest())

    def decide(self, pair: Pair, asked: Mapping[str, str]) -> Cells:
        """Settle a pair, or take a settlement back; return its row, which is on disk.

        Raises
        ------
        StaleError
            Somebody has read or settled it since it was shown, or the claim was worded anew.
        DecisionError
            The decision is refused.
        """
        self.room.require_seeing()
        if asked.get("version", "") != self.tell_version(pair):
            raise StaleError("place")
        if asked.get("kind") == "undo":
            return self._undo(pair)
        row = fill_reading(asked.get("kind", ""), asked.get("note", ""))
        if pair not in self.list_open():
            raise DecisionError("Here nobody differs, or it was settled already.")
        row |= {"wording_sha256": digest_wording(self.room.look().claims[pair[0]]["wording"])}
        given = [(one, row | {"settles": self._name_sides(one)}) for one in (pair, *self._list_companions(pair))]
        self._done.append(self.room.add(given))
        return self._done[-1][0]

    def _name_sides(self, pair: Pair) -> str:
        return "; ".join(sorted(side["reading_id"] for side in self._list_sides(pair)))

    def _list_companions(self, pair: Pair) -> list[Pair]:
        """Return the open pairs of the same claim and the very same words, which everybody read in the same way."""
        waiting = set(self.list_open())
        twins = [twin for twin in self.room.look().list_twins(pair) if twin in waiting]
        return [twin for twin in twins if self._tell_sides(twin) == self._tell_sides(pair)]

    def _tell_sides(self, pair: Pair) -> set[tuple[str, str]]:
        return {(side["reader"], side["reading"]) for side in self._list_sides(pair)}

    def _undo(self, pair: Pair) -> Cells:
        if not self._done or _pair_of(self._done[-1][0]) != pair:
            raise DecisionError("There is nothing to undo here.")
        settled, of_pair = self._done.pop(), self.room.look().of_pair
        if any(find_settlement(of_pair.get(_pair_of(row), ())) is not row for row in settled):
            raise DecisionError(f"{settled[0]['reading_id']} was replaced elsewhere meanwhile, so it is left as it is.")
        blank = dict.fromkeys(CLAIM_READINGS.names, "")
        return self.room.add([(_pair_of(row), blank | {"replaces": row["reading_id"]}) for row in settled])[0]

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, its question and its decisions; before all may see, the page alone answers."""

        def is_named(request: Request) -> bool:
            return request.query_params.get("names") == "yes"

        async def following(request: Request) -> Response:
            return JSONResponse(self.describe_next(is_named(request)))

        async def decide(request: Request) -> Response:
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            self.room.require_seeing()
            pair = self.room.require_pair(asked.get("claim_id", ""), asked.get("coding_id", ""))
            row = self.decide(pair, asked)
            saved = {"saved": {name: row[name] for name in DECIDED}}
            again = pair if asked.get("kind") == "undo" else None
            return JSONResponse(saved | self.describe_next(is_named(request), again))

        return [*route_files(FILES), Route("/next", following), Route("/pairs", decide, methods=["POST"])]


def _pair_of(row: Cells) -> Pair:
    return row["claim_id"], row["coding_id"]


def open_settling_readings(visit: Visit, study: Study) -> SettlingTask | None:
    """Return the task of a person who settles readings; None if it is not theirs, or if there are no sources yet."""
    row = list_people(study).get(visit.person, {})
    if not study.sources.cells or "adjudicator" not in split_ids(row.get("roles", "")):
        return None
    require_tidy([study.claim_readings])
    return SettlingTask(enter_room(visit, study), study.config["title"])
