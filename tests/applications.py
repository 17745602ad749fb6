"""A desk asked in this process: every route of it, as a browser or a stranger would ask."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from starlette.routing import Mount, Route

from desks import Clock
from graylit.desk.application import Desk
from graylit.desk.tasks import Visit

TOKEN = "token"
HOST = "127.0.0.1:8000"
SAMPLES = {"candidate_id": "H00001", "key": "1:S001-002", "coding_id": "A-0001", "source_id": "S001", "file": "x"}


def open_desk(folder: Path, name: str, **more: object) -> Desk:
    """Return the desk of a person with a clock of its own, not served."""
    return Desk(Visit(folder, name, Clock(), **more), TOKEN)


def list_asked(desk: Desk) -> list[tuple[str, str]]:
    """Return the method and the path of every route of a desk, from the application itself."""
    return [(method, path) for route in desk.application.routes for method, path in _list_below(route, "")]


def list_told(desk: Desk) -> list[str]:
    """Return the paths that tell a person anything, but for the one that counts what others have left."""
    paths = [path for method, path in list_asked(desk) if method == "GET"]
    return [path for path in paths if path != f"/{TOKEN}/others"]


def _list_below(route: Route | Mount, above: str) -> list[tuple[str, str]]:
    if isinstance(route, Mount):
        return [one for below in route.routes for one in _list_below(below, above + route.path)]
    path = above + route.path
    for name in route.param_convertors:
        path = path.replace(f"{{{name}}}", SAMPLES[name])
    return [(method, path) for method in sorted(route.methods - {"HEAD"})]


@dataclass
class Answer:
    """What an application answered."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def content(self) -> dict:
        """Return what it says, as JSON."""
        return json.loads(self.body)


def ask(desk: Desk, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """Return the answer to a request with the headers of the desk's own page, or those given; '' sends none."""
    own = {
        "host": HOST,
        "origin": f"http://{HOST}",
        "content-type": "application/json",
        "content-length": str(len(body)),
    }
    sent = own | {name.replace("_", "-"): value for name, value in headers.items()}
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items() if value],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
    }
    answer = Answer()
    # A browser of a test has a loop of its own in this thread, and of these a thread has one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(_call(desk, scope, body, answer))).result()
    return answer


async def _call(desk: Desk, scope: dict, body: bytes, answer: Answer) -> None:
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            answer.body += message.get("body", b"")

    await desk(scope, receive, send)


def get(desk: Desk, path: str) -> dict:
    """Return what a route tells."""
    answer = ask(desk, "GET", f"/{TOKEN}/{path}", origin="")
    assert answer.status == 200, answer.body
    return answer.content


def post(desk: Desk, path: str, **content: object) -> tuple[int, dict]:
    """Return the status and the answer to a decision of the desk's own page."""
    answer = ask(desk, "POST", f"/{TOKEN}/{path}", json.dumps(content).encode())
    return answer.status, answer.content


def decide_at(desk: Desk, task: str, about: dict, kind: str, **asked: str) -> tuple[int, dict]:
    """Take a decision on what a page was shown."""
    return post(desk, f"{task}/candidates/{about['candidate_id']}", kind=kind, version=about["version"], **asked)
