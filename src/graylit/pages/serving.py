"""Pages served on this machine, for one person: on the loopback interface, behind a token, deaf to other sites."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from graylit.tables.faults import Fault, InputError

LOOPBACK = "127.0.0.1"
MAX_BODY = 100_000  # bytes; a decision with a long memo has a few thousand. Chosen, not measured
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# Pages of a folder state a stricter policy of their own, with digests of what stands in them.
FOLDER_POLICY = (
    "default-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # the token is part of the address
    "X-Content-Type-Options": "nosniff",
}
# A name that another site points at this machine is refused.
OWN_NAME = Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"], www_redirect=False)


def make_shown(folder: Path, token: str) -> Starlette:
    """Return an application that shows the files of a folder behind a token, and changes nothing."""
    return make_application([Mount("/", StaticFiles(directory=folder, html=True))], token, {}, FOLDER_POLICY)


def make_application(
    routes: Iterable[BaseRoute],
    token: str,
    handlers: Mapping[type[Exception], Callable[..., Response]],
    policy: str = POLICY,
) -> Starlette:
    """Return an application whose every page lies behind a token and answers to nobody else's page.

    The name asked for must be that of this machine, and what changes anything must come from a page of this very
    server.
    """

    async def guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        response = _refuse(request) or await answer(request)
        response.headers.update(HEADERS | {"Content-Security-Policy": policy})
        return response

    guards = [Middleware(BaseHTTPMiddleware, dispatch=guard), OWN_NAME]
    return Starlette(routes=[Mount(f"/{token}", routes=list(routes))], middleware=guards, exception_handlers=handlers)


def _refuse(request: Request) -> Response | None:
    """Return the refusal of a request that is not from a page of this server; None if it may pass.

    Browsers ask for an icon beside every page: there is none, which is no fault.
    """
    is_read = request.method in ("GET", "HEAD")
    own = f"http://{request.headers.get('host', '')}"
    if request.headers.get("origin", own if is_read else "") != own:  # an address that was typed has none
        return PlainTextResponse("Only a page of this server may do that.", 403)
    if is_read:
        return Response(status_code=204) if request.url.path == "/favicon.ico" else None
    length = request.headers.get("content-length", "")
    if request.headers.get("content-type") != "application/json":
        return PlainTextResponse("What is sent must be JSON.", 415)
    if not length.isdecimal() or int(length) > MAX_BODY:
        return PlainTextResponse(f"At most {MAX_BODY} bytes are taken.", 413)
    return None


def make_token() -> str:
    """Return a token that nobody can guess."""
    return secrets.token_urlsafe(24)


def open_socket(port: int) -> socket.socket:
    """Return a listening socket of the loopback interface; port 0 is any free one.

    Raises InputError if it cannot be used.
    """
    try:
        return socket.create_server((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        problem = f"cannot be used ({getattr(error, 'strerror', None) or error})"
        remedy = "name another with --port, or leave it out"
        raise InputError([Fault("--port", problem, "a free port", remedy, value=str(port))]) from None


def serve(application: ASGIApp, listening: socket.socket) -> None:
    """Serve until the program is told to end; an interrupt is passed on as KeyboardInterrupt."""
    config = uvicorn.Config(application, log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listening])
