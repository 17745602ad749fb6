"""The page of a settler: decisions that differ, side by side, and its routes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words, route_files
from graylit.desk.screening.captured_pages import list_text_routes
from graylit.desk.settling.settler import Settler
from graylit.desk.tasks import DecisionError

FILES = {"": "settle.html", "settle.js": "settle.js"}


class SettlingPage:
    """What a settler is shown, and what becomes of decisions."""

    def __init__(self, title: str, settler: Settler) -> None:
        self.title, self.settler = title, settler

    def describe_study(self) -> dict[str, object]:
        """Return who settles, and by which criteria."""
        shown = ("criterion_id", "kind", "name", "definition")
        criteria = [{name: row[name] for name in shown} for row in self.settler.room.candidates.list_criteria()]
        return {"title": self.title, "person": self.settler.name, "criteria": criteria}

    def describe_next(self, is_named: bool, candidate_id: str = "") -> dict[str, object]:
        """Return how much is left, and the candidate asked for, else the first that is to be settled."""
        settler = self.settler
        waiting = settler.list_open()
        chosen = candidate_id or next(iter(waiting), "")
        undone = settler.last_settled
        return {
            "n_left": len(waiting),
            "n_done": len(settler.list_settled()),
            "undo": {"candidate_id": undone, "version": settler.tell_version(undone)} if undone else None,
            "candidate": self._describe(chosen, is_named) if chosen else None,
        }

    def _describe(self, candidate_id: str, is_named: bool) -> dict[str, object]:
        shown = ("decision", "criterion_id", "reason", *(("screener",) if is_named else ()))
        sides = [{name: row[name] for name in shown} for row in self.settler.list_deciding(candidate_id)]
        described = self.settler.room.candidates.describe(candidate_id)
        return described | {"version": self.settler.tell_version(candidate_id), "sides": sides}


def list_routes(page: SettlingPage) -> list[Route]:
    """Return the routes of the page, of its files, and of its questions and decisions.

    None but the page itself answers a screener who is not through, or whose fellows are not.
    """
    room = page.settler.room

    def with_candidate(request: Request) -> str:
        candidate_id: str = request.path_params["candidate_id"]
        room.require_seeing()
        if candidate_id not in room.candidates.by_id():
            raise DecisionError(f"There is no candidate {candidate_id!r}.")
        return candidate_id

    def is_named(request: Request) -> bool:
        return request.query_params.get("names") == "yes"

    async def study(request: Request) -> Response:
        return JSONResponse(page.describe_study())

    async def following(request: Request) -> Response:
        room.require_seeing()
        return JSONResponse(page.describe_next(is_named(request)))

    async def decide(request: Request) -> Response:
        asked = await read_words(request)
        # From here to the answer nothing else runs: decisions are taken one after another.
        candidate_id = with_candidate(request)
        row = page.settler.decide(candidate_id, asked)
        saved = {name: row[name] for name in ("candidate_id", "decision", "criterion_id")}
        again = candidate_id if asked.get("kind") == "undo" else ""
        return JSONResponse({"saved": saved} | page.describe_next(is_named(request), again))

    return [
        *route_files(FILES),
        Route("/study", study),
        Route("/next", following),
        Route("/candidates/{candidate_id}", decide, methods=["POST"]),
        *list_text_routes(room.pages, with_candidate),
    ]
