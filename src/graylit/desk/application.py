"""The desk as a whole: its first page, what is left for a person, and every task below its own address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from graylit.desk.answers import ANSWERS, read_asked, route_files
from graylit.desk.opening import open_tasks
from graylit.desk.people import describe_people, list_asked, save_people
from graylit.desk.remaining import list_remaining, tell_open
from graylit.desk.tasks import Shared, Task, Visit
from graylit.pages.serving import LOOPBACK, make_application, make_token, open_socket, serve
from graylit.study.checking import require_screened
from graylit.study.people import list_people

SHARED = (
    *("desk.js", "desk.css", "candidate.js", "candidate.css", "place.js", "place.css", "left.js", "left.css"),
    *("forms.js", "places.js", "places.css", "pages.js", "style.css"),
)
FILES = {"": "left.html"} | {name: name for name in SHARED}


class Desk:
    """One person's desk: an application that is made anew when it turns out who decides, and so what is theirs."""

    def __init__(self, visit: Visit, token: str) -> None:
        self.visit, self.token = visit, token
        self.open()

    def open(self) -> None:
        """Open the tasks that are the person's; none as long as it is not known who decides."""
        visit, study = self.visit, require_screened(self.visit.folder)
        self.title: str = study.config["title"]
        self.has_role = bool(list_people(study).get(visit.person, {}).get("roles"))
        self.is_asking = bool(not visit.is_read_only and list_asked(study, visit.person))
        self.tasks = [] if self.is_asking else open_tasks(visit, study)
        self.application = self._make_application()

    def close(self) -> None:
        """End what runs beside the desk."""
        for part in self.visit.shared.values():
            if isinstance(part, Shared):
                part.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the application of now."""
        await self.application(scope, receive, send)

    def _make_application(self) -> Starlette:
        tasks = [Mount(f"/{task.name}", routes=self._choose(task.list_routes())) for task in self.tasks]
        own = [
            Route("/left", self._answer_left),
            Route("/others", self._answer_others),
            Route("/people", self._answer_people),
            Route("/people", self._save_people, methods=["POST"]),
        ]
        routes: list[BaseRoute] = [*route_files(FILES), *self._choose(own), *tasks]
        return make_application(routes, self.token, ANSWERS)

    def _choose(self, routes: Iterable[Route]) -> list[Route]:
        """Return the routes of this desk; one that only shows has none that decides."""
        return [route for route in routes if not self.visit.is_read_only or "GET" in (route.methods or ())]

    async def _answer_left(self, request: Request) -> Response:
        who = {"title": self.title, "person": self.visit.person, "is_read_only": self.visit.is_read_only}
        tasks = [describe_left(task) for task in self.tasks]
        return JSONResponse({**who, "is_asking": self.is_asking, "has_role": self.has_role, "tasks": tasks})

    async def _answer_others(self, request: Request) -> Response:
        visit = self.visit
        study = require_screened(visit.folder)
        found = [] if self.is_asking else list_remaining(visit.folder, study, visit.read_clock, but=visit.person)
        others = [{"person": one.person, "title": one.title, "told": tell_open(one)} for one in found]
        return JSONResponse({"others": others})

    async def _answer_people(self, request: Request) -> Response:
        return JSONResponse(describe_people(self.visit.folder, self.visit.person))

    async def _save_people(self, request: Request) -> Response:
        asked = await read_asked(request)
        names = save_people(self.visit.folder, self.visit.person, asked, self.visit.read_clock)
        self.open()
        return JSONResponse({"names": names})


def describe_left(task: Task) -> dict[str, object]:
    """Return what the first page shows of a task."""
    return {"name": task.name, "title": task.title} | asdict(task.count_left())


def describe_desk(desk: Desk, address: str) -> str:
    """Return the lines for the terminal: who sits at the desk, what is to do there, and its address."""
    lines = [line for task in desk.tasks for line in task.list_lines()]
    if desk.is_asking:
        lines = [f"{desk.title}: the first page asks who decides before {desk.visit.person} does."]
    last = "This desk only shows." if desk.visit.is_read_only else "Every decision is saved at once."
    nothing = [f"{desk.title}: no task is open."]
    return "\n".join([*(lines or nothing), f"Open  {address}", f"{last} Ctrl+C ends."])


def serve_desk(visit: Visit, port: int) -> None:
    """Serve the desk until the program is told to end."""
    listening, token = open_socket(port), make_token()
    desk = Desk(visit, token)
    print(describe_desk(desk, f"http://{LOOPBACK}:{listening.getsockname()[1]}/{token}/"), flush=True)
    try:
        serve(desk, listening)
    finally:
        desk.close()
