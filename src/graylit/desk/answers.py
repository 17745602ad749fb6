"""What the routes of every task share: the files of their pages, what a page sends, and what a refusal is answered."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from graylit.desk.tasks import DecisionError, StaleError
from graylit.pages.templates import make_environment
from graylit.runs.places import TEMPLATES
from graylit.tables.faults import InputError

NO_DECISION = "The page asked for something that is no decision; load it again."


def route_files(files: Mapping[str, str]) -> list[Route]:
    """Return the routes of files of the templates, by their addresses below a task; '' is its page, in its frame."""
    environment = make_environment(TEMPLATES)

    def make_route(address: str, name: str) -> Route:
        page = environment.get_template(name).render() if name.endswith(".html") else None

        async def file(request: Request) -> Response:
            return FileResponse(TEMPLATES / name) if page is None else HTMLResponse(page)

        return Route(f"/{address}", file)

    return [make_route(address, name) for address, name in files.items()]


async def read_asked(request: Request) -> dict[str, object]:
    """Return what a page sends. Raises DecisionError if it is no JSON object, or holds what no file can."""
    try:
        asked = json.loads(await request.body())
        json.dumps(asked, ensure_ascii=False).encode("utf-8")  # half a sign of two units is no text
    except (ValueError, RecursionError):
        raise DecisionError(NO_DECISION) from None
    if not isinstance(asked, dict):
        raise DecisionError(NO_DECISION)
    return asked


async def read_words(request: Request) -> dict[str, str]:
    """Return what a page sends, words by their names. Raises DecisionError if anything of it is no words."""
    asked = await read_asked(request)
    words = {name: value for name, value in asked.items() if isinstance(value, str)}
    if len(words) < len(asked):
        raise DecisionError(NO_DECISION)
    return words


def _say_stale(request: Request, error: StaleError) -> Response:
    message = (
        f"This {error} was changed elsewhere (another tab, or a program). It is shown anew; decide again: nothing was "
        "saved."
    )
    return JSONResponse({"message": message}, 409)


def _say_why_not(request: Request, error: DecisionError) -> Response:
    return JSONResponse({"message": str(error)}, 422)


def _say_faults(request: Request, error: InputError) -> Response:
    return JSONResponse({"message": "Nothing was saved. " + " ".join(map(str, error.faults))}, 500)


def _say_unwritten(request: Request, error: OSError) -> Response:
    return JSONResponse({"message": f"Nothing was saved: {error.strerror or error} ({error.filename or 'disk'})."}, 500)


ANSWERS: Mapping[type[Exception], Callable[..., Response]] = {
    StaleError: _say_stale,
    DecisionError: _say_why_not,
    InputError: _say_faults,
    OSError: _say_unwritten,
}
