"""The page of a screener: what it shows, and its routes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words, route_files
from graylit.desk.screening.captured_pages import list_text_routes
from graylit.desk.screening.ordering import Order, RankedOrder
from graylit.desk.screening.screener import Screener
from graylit.desk.tasks import DecisionError
from graylit.screening.stopping import StopRule, take_stock
from graylit.screening.stopping_words import describe_progress

FILES = {"": "screen.html", "screen.js": "screen.js", "screen.css": "screen.css"}
N_RECENT = 12  # of the screener's decisions that are listed: chosen, what fits beside the criteria
DECIDED = ("candidate_id", "decision", "criterion_id", "reason")


class ScreeningPage:
    """What a screener is shown, and what becomes of decisions."""

    def __init__(self, title: str, screener: Screener, order: Order, rule: StopRule) -> None:
        self.title, self.screener, self.order, self.rule = title, screener, order, rule

    def describe_study(self) -> dict[str, object]:
        """Return what does not change from candidate to candidate: who screens, and by which criteria."""
        shown = ("criterion_id", "kind", "name", "definition")
        criteria = [{name: row[name] for name in shown} for row in self.screener.candidates.list_criteria()]
        who = {"title": self.title, "person": self.screener.name, "round": self.screener.round}
        who["is_ranked"] = isinstance(self.order, RankedOrder)
        return who | {"criteria": criteria}

    def describe_standing(self, left: Sequence[str]) -> dict[str, object]:
        """Return how much is left, what can be undone, and the screener's last decisions."""
        screener = self.screener
        step = screener.last_step
        rows = itertools.islice(reversed(screener.own.values()), N_RECENT)
        known = screener.candidates.by_id()
        return {
            "n_left": len(left),
            "n_done": len(screener.list_pages()) - len(left),
            "undo": self._name(step.row["candidate_id"]) if step else None,
            "recent": [
                {name: row[name] for name in DECIDED} | {"title": known[row["candidate_id"]]["title"]}
                for row in rows
                if row["candidate_id"] in known
            ],
        }

    def _name(self, candidate_id: str) -> dict[str, str]:
        return {"candidate_id": candidate_id, "version": self.screener.tell_version(candidate_id)}

    def describe_progress(self) -> dict[str, object]:
        """Return the curve, the estimate of recall and the rule to stop, from the screener's own rows."""
        screener = self.screener
        screener.screenings.refresh()
        own = screener.screenings.rows[screener.name, screener.round]
        is_drawing = isinstance(self.order, RankedOrder) and self.order.showing.is_drawing
        return {**describe_progress(take_stock(own, screener.list_pages(), self.rule)), "is_drawing": is_drawing}

    def switch_order(self, kind: str) -> dict[str, object]:
        """Draw a sample of what is left, or go back to the ranked order; return what comes next."""
        if not isinstance(self.order, RankedOrder):
            raise DecisionError("This study does not rank what is left: `screening: {rank: true}` in its config does.")
        self.screener.screenings.refresh()
        self.order.switch(kind)
        return self.describe_next()

    def describe_candidate(self, candidate_id: str) -> dict[str, object]:
        """Return a candidate with the screener's own decision on it, if there is one."""
        own = self.screener.own.get(candidate_id)
        described = self.screener.candidates.describe(candidate_id) | self._name(candidate_id)
        return described | {"decided": {name: own[name] for name in DECIDED} if own else None}

    def describe_next(self) -> dict[str, object]:
        """Return how much is left, and the candidate that comes next; None if none is left."""
        left = self.screener.list_left()
        candidate_id = self.screener.choose_next(self.order, left)
        standing = self.describe_standing(left)
        return standing | {"candidate": self.describe_candidate(candidate_id) if candidate_id else None}

    def decide(self, candidate_id: str, asked: dict[str, str]) -> dict[str, object]:
        """Take a decision, and return what it was and what comes next; after an undo, the same candidate."""
        row = self.screener.decide(candidate_id, asked)
        saved = {"saved": {name: row[name] for name in DECIDED}}
        if asked["kind"] != "undo":
            return saved | self.describe_next()
        return saved | self.describe_one(candidate_id)

    def describe_one(self, candidate_id: str) -> dict[str, object]:
        """Return how much is left, and a candidate that was asked for."""
        standing = self.describe_standing(self.screener.list_left())
        return standing | {"candidate": self.describe_candidate(candidate_id)}


def list_routes(page: ScreeningPage) -> list[Route]:
    """Return the routes of the page, of its files, and of its questions and decisions."""

    def with_candidate(request: Request) -> str:
        candidate_id: str = request.path_params["candidate_id"]
        page.screener.screenings.refresh()
        if candidate_id not in page.screener.list_pages():
            raise DecisionError(f"There is no candidate {candidate_id!r} to screen.")
        return candidate_id

    async def study(request: Request) -> Response:
        return JSONResponse(page.describe_study())

    async def following(request: Request) -> Response:
        return JSONResponse(page.describe_next())

    async def candidate(request: Request) -> Response:
        candidate_id = with_candidate(request)
        return JSONResponse(page.describe_one(candidate_id))

    async def decide(request: Request) -> Response:
        asked = await read_words(request)
        # From here to the answer nothing else runs: decisions are taken one after another.
        return JSONResponse(page.decide(with_candidate(request), asked))

    async def progress(request: Request) -> Response:
        return JSONResponse(page.describe_progress())

    async def switch(request: Request) -> Response:
        asked = await read_words(request)
        return JSONResponse(page.switch_order(asked.get("kind", "")))

    return [
        *route_files(FILES),
        Route("/study", study),
        Route("/next", following),
        Route("/progress", progress),
        Route("/order", switch, methods=["POST"]),
        Route("/candidates/{candidate_id}", candidate),
        Route("/candidates/{candidate_id}", decide, methods=["POST"]),
        *list_text_routes(page.screener.room.pages, with_candidate),
    ]
