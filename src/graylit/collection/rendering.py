"""Pages as a browser shows them: Chromium renders, and we ask for everything that it needs, within our manners."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graylit.collection.turns import RunOverError
from graylit.collection.visits import Fetch, Web
from graylit.collection.web import fetch_page
from graylit.tables.addresses import is_of_web
from graylit.tables.faults import Fault, InputError

if TYPE_CHECKING:
    from playwright.sync_api import Browser as Chromium
    from playwright.sync_api import Page, Route

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Nothing leaves the browser but through us: names lead nowhere, addresses to a port that is never open.
SEALED = ["--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=127.0.0.1:9", "--disable-background-networking"]
SKIPPED = ("image", "media", "font", "ping")  # what a page's text does not need


@dataclass(frozen=True)
class Rendered:
    """A page as rendered: how its address answered, the page, and what made it ('' if nothing did)."""

    fetch: Fetch
    page: bytes = b""
    software: str = ""


class Browser:
    """A Chromium whose requests are answered by our own, checked and bounded as every other."""

    def __init__(self, chromium: Chromium, web: Web) -> None:
        self._chromium, self._web = chromium, web

    def render(self, url: str) -> Rendered:
        """Return a page after its scripts have run and the line has been quiet for half a second."""
        from playwright.sync_api import Error

        context = self._chromium.new_context(service_workers="block", accept_downloads=False)
        try:
            page = context.new_page()
            answers: list[Fetch] = []
            context.route("**/*", lambda route: self._answer(route, answers))
            page.route_web_socket("**/*", lambda socket: socket.close())
            return self._show(page, url, answers)
        except Error as error:
            return Rendered(Fetch("unreachable", note=f"browser: {error.message.splitlines()[0]}"[:300]))
        finally:
            context.close()

    def _show(self, page: Page, url: str, answers: list[Fetch]) -> Rendered:
        from playwright.sync_api import TimeoutError as NotQuietError

        limit_ms = self._web.limits["source_limit_s"] * 1000
        try:
            page.goto(url, timeout=limit_ms, wait_until="networkidle")
        except NotQuietError:
            if not answers:
                raise
        shown = page.content().encode("utf-8", errors="replace")
        if len(shown) > self._web.limits["max_bytes"]:
            return Rendered(Fetch("too_large", note=f"more than {self._web.limits['max_bytes']:g} bytes once rendered"))
        return Rendered(answers[0], shown, f"Chromium {self._chromium.version}")

    def _answer(self, route: Route, answers: list[Fetch]) -> None:
        """Answer a request of the browser by one of our own."""
        asked = route.request
        if asked.resource_type in SKIPPED or asked.method != "GET" or not is_of_web(asked.url):
            route.abort()
            return
        try:
            fetch = fetch_page(self._web, asked.url)
        except RunOverError:
            route.abort()
            return
        answers.append(fetch)
        if not fetch.hops:
            route.abort()
            return
        last = fetch.hops[-1]
        kept = {n: v for n, v in last.headers.items() if n in ("content-type", "access-control-allow-origin")}
        route.fulfill(status=last.status, headers=kept, body=last.page)


@contextmanager
def open_browser(web: Web) -> Iterator[Browser]:
    """Start a Chromium, and close it when the block ends. Raises InputError if there is none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        path = None
    if path is None:
        remedy = "install Chromium with your system, and Playwright beside Graylit: python -m pip install playwright"
        raise InputError([Fault("--browser", "cannot be used", "Chromium and Playwright", remedy)])
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=SEALED, chromium_sandbox=os.geteuid() != 0)
        try:
            yield Browser(chromium, web)
        finally:
            chromium.close()
