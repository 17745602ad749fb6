"""The desk as a whole: its first page, what is left for a person, and every task below its own address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from graylit.desk.answers import ANSWERS, route_files
from graylit.desk.tasks import Task, Visit
from graylit.pages.serving import LOOPBACK, make_application, make_token, open_socket, serve

FILES = {name: name for name in ("desk.js", "desk.css", "left.js", "left.css", "pages.js", "style.css")}


def describe_left(task: Task) -> dict[str, object]:
    """Return what the first page shows of a task."""
    return {"name": task.name, "title": task.title} | asdict(task.count_left())


def make_desk(visit: Visit, title: str, tasks: Sequence[Task], token: str) -> Starlette:
    """Return the application of a desk; one that only shows has no route that decides."""

    async def left(request: Request) -> Response:
        who = {"title": title, "person": visit.person, "is_read_only": visit.is_read_only}
        return JSONResponse({**who, "tasks": [describe_left(task) for task in tasks]})

    mounts = [Mount(f"/{task.name}", routes=_choose(task.list_routes(), visit)) for task in tasks]
    routes: list[BaseRoute] = [*route_files({"": "left.html", **FILES}), Route("/left", left), *mounts]
    return make_application(routes, token, ANSWERS)


def _choose(routes: Iterable[Route], visit: Visit) -> list[Route]:
    return [route for route in routes if not visit.is_read_only or "GET" in (route.methods or ())]


def describe_desk(visit: Visit, title: str, tasks: Iterable[Task], address: str) -> str:
    """Return the lines for the terminal: who sits at the desk, what is to do there, and its address."""
    lines = [line for task in tasks for line in task.list_lines()] or [f"{title}: nothing is left to decide."]
    last = "This desk only shows." if visit.is_read_only else "Every decision is saved at once."
    return "\n".join([*lines, f"Open  {address}", f"{last} Ctrl+C ends."])


def serve_desk(visit: Visit, title: str, tasks: Sequence[Task], port: int) -> None:
    """Serve the desk until the program is told to end."""
    listening, token = open_socket(port), make_token()
    address = f"http://{LOOPBACK}:{listening.getsockname()[1]}/{token}/"
    print(describe_desk(visit, title, tasks, address), flush=True)
    serve(make_desk(visit, title, tasks, token), listening)
