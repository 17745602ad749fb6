"""How the screening goes as a page of the desk, and the action by which included candidates become sources."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words, route_files
from graylit.desk.progress.figures import describe_figures, describe_screeners, read_unlisted, tell_version
from graylit.desk.screening.room import WAITING, Room, enter_room
from graylit.desk.tasks import DecisionError, Left, StaleError, Visit
from graylit.search.including import describe_included, include_candidates, list_unsettled, tell_next
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.tables.kinds import split_ids

FILES = {"": "progress.html", "progress.js": "progress.js"}
UNSETTLED = "as soon as all screeners are through and what they differ on is settled"


class ProgressTask:
    """The page that shows how the screening goes: nothing is left to do on it."""

    name, title = "progress", "How the screening goes"
    only_shows = True

    def __init__(self, title: str, room: Room, can_include: bool) -> None:
        self._title, self._room, self._can_include = title, room, can_include

    def count_left(self) -> Left:
        """Return how many candidates have an outcome; nothing before that may be seen."""
        room = self._room
        if not room.may_see():
            return Left("candidates", 0, 0, waits_for=WAITING)
        room.require_seeing()
        pages = set(room.candidates.choose_stand_ins(room.screenings.of_candidate.keys()).values())
        n_decided = sum(candidate_id in pages for candidate_id in room.screenings.list_decided())
        return Left("candidates", len(pages) - n_decided, n_decided)

    def list_lines(self) -> Sequence[str]:
        """Return nothing: the first page says it."""
        return []

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, of its figures, and of the action."""
        room = self._room

        async def study(request: Request) -> Response:
            who = {
                "title": self._title,
                "person": room.visit.person,
                "can_include": self._can_include,
                "unsettled": UNSETTLED,
            }
            return JSONResponse(who)

        async def figures(request: Request) -> Response:
            room.require_seeing()
            screeners = describe_screeners(room)
            described = await run_in_threadpool(describe_figures, room)
            return JSONResponse(described | {"screeners": screeners})

        async def include(request: Request) -> Response:
            asked = await read_words(request)
            room.require_seeing()
            if not self._can_include:
                raise DecisionError("Whoever settles makes included candidates sources.")
            study, unlisted = read_unlisted(room)
            if list_unsettled(study):
                raise DecisionError(f"Included candidates become sources {UNSETTLED}.")
            if asked.get("version", "") != tell_version(unlisted):
                raise StaleError("list of included candidates")
            included = include_candidates(room.visit.folder)
            return JSONResponse({"lines": describe_included(included), "next": tell_next(included)})

        return [
            *route_files(FILES),
            Route("/study", study),
            Route("/figures", figures),
            Route("/include", include, methods=["POST"]),
        ]


def open_progress(visit: Visit, study: Study) -> ProgressTask | None:
    """Return the page for those who screen or settle, and for observers; None for others, or without candidates."""
    roles = split_ids(list_people(study).get(visit.person, {}).get("roles", ""))
    is_theirs = visit.is_read_only or "screener" in roles or "settler" in roles
    if not study.candidates.cells or not is_theirs:
        return None
    return ProgressTask(study.config["title"], enter_room(visit, study), can_include="settler" in roles)
