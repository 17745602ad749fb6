"""Recoding as a task of the desk: whose it is, its page, and its routes."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words, route_files
from graylit.desk.coding.page import describe_codes
from graylit.desk.coding.task import enter_desk
from graylit.desk.context import describe_place
from graylit.desk.recoding.recoder import Recoder
from graylit.desk.tasks import Left, Visit
from graylit.pages.templates import web_address
from graylit.pages.wording import agree, count_things
from graylit.study.people import list_people
from graylit.study.restating import WORDING, Waiting
from graylit.study.study import Study
from graylit.tables.kinds import split_ids

FILES = {"": "recode.html", "recode.js": "recode.js"}
SHOWN = ("code_id", "name", *WORDING, "decided_at", "decided_by", "reason")


class RecodingTask:
    """The codings of a coder that wait since the codebook has changed."""

    name, title = "recode", "Recode after changes of the codebook"

    def __init__(self, recoder: Recoder) -> None:
        self.recoder = recoder

    def count_left(self) -> Left:
        """Return how many codings wait."""
        waiting, codes = self.recoder.list_waiting(), self.recoder.desk.codes.in_force()
        since = min((codes[one.before["code_id"]]["decided_at"] for one in waiting), default="")
        return Left("codings", len(waiting), self.recoder.n_done, since=since)

    def list_lines(self) -> Sequence[str]:
        """Return how many codings wait, if any do."""
        desk, n = self.recoder.desk, len(self.recoder.list_waiting())
        words = f"{count_things(n, 'coding')} {agree(n, 'waits', 'wait')} to be looked at again"
        return [f"{desk.title}: coder {desk.coder}, {words}"] if n else []

    def describe_study(self) -> dict[str, object]:
        """Return whose queue it is, and the codes that can be given."""
        desk = self.recoder.desk
        return {"title": desk.title, "person": desk.coder} | describe_codes(desk)

    def describe_next(self, coding_id: str = "") -> dict[str, object]:
        """Return how many wait, and the coding asked for, else the first; None if none waits."""
        waiting = self.recoder.list_waiting()
        chosen = next((one for one in waiting if one.coding["coding_id"] == coding_id), None)
        chosen = chosen or next(iter(waiting), None)
        return {
            "n_left": len(waiting),
            "n_done": self.recoder.n_done,
            "undo": self.recoder.last,
            "coding": self._describe(chosen) if chosen else None,
        }

    def _describe(self, one: Waiting) -> dict[str, object]:
        desk, coding = self.recoder.desk, one.coding
        source = desk.shelf.sources[coding["source_id"]]
        place = desk.own.look_at(coding["source_id"]).places.get(coding["coding_id"])
        return {
            **{name: coding[name] for name in ("coding_id", "source_id", "memo", "confidence", "coded_at")},
            **{name: source[name] for name in ("title", "publisher")},
            "url": web_address(source["url"]),
            "why": one.why,
            "before": {name: one.before[name] for name in SHOWN},
            "now": [{name: row[name] for name in SHOWN} for row in one.now],
            "change": self._describe_change(one),
            "place": describe_place(desk.shelf, coding["source_id"], place),
            "version": self.recoder.tell_version(one),
        }

    def _describe_change(self, one: Waiting) -> dict[str, str]:
        """Return who changed the code when and why, as its row in force says it."""
        row = self.recoder.desk.codes.in_force()[one.before["code_id"]]
        return {name: row[name] for name in ("decided_at", "decided_by", "reason")}

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, of its files, and of its questions and decisions."""

        async def study(request: Request) -> Response:
            return JSONResponse(self.describe_study())

        async def following(request: Request) -> Response:
            return JSONResponse(self.describe_next())

        async def decide(request: Request) -> Response:
            coding_id: str = request.path_params["coding_id"]
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            saved = self.recoder.decide(coding_id, asked)
            again = "" if asked.get("kind") != "undo" else coding_id
            return JSONResponse({"saved": saved} | self.describe_next(again))

        return [
            *route_files(FILES),
            Route("/study", study),
            Route("/next", following),
            Route("/codings/{coding_id}", decide, methods=["POST"]),
        ]


def open_recoding(visit: Visit, study: Study) -> RecodingTask | None:
    """Return the task of a person who codes; None if it is not theirs, or if the study has no sources yet."""
    roles = split_ids(list_people(study).get(visit.person, {}).get("roles", ""))
    if not study.sources.cells or not ("coder" in roles or visit.person in study.codings):
        return None
    return RecodingTask(Recoder(enter_desk(visit), visit.read_clock))
