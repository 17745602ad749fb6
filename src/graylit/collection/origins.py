"""The origins of captures, one function each, in the order in which they are asked.

A new origin is a word in graylit.tables.collection, a function here or in a module of its own, and a line in
LOCAL_ORIGINS or WEB_ORIGINS. The function yields an attempt for each page it looked for.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graylit.captures.archive_index import index_archives
from graylit.captures.choosing import choose_captures, group_captures, is_held, name_page
from graylit.captures.groups import read_before
from graylit.captures.warcs import Before
from graylit.collection.archives import take_from_archive
from graylit.collection.attempts import (
    Attempt,
    ask_if_changed,
    fail_attempt,
    start_row,
    take_from_web,
    take_rendered,
    utc_now,
)
from graylit.collection.keeper import Keeper
from graylit.collection.mementos import fetch_memento, read_datetime
from graylit.collection.rendering import open_browser
from graylit.collection.turns import spread_over_hosts
from graylit.collection.visits import Web
from graylit.collection.web import fetch_page
from graylit.runs.seams import Mishap, try_apart
from graylit.tables.collection import SUBSTITUTES
from graylit.tables.rows import Row

When = Callable[[Row], datetime.datetime]


@dataclass(frozen=True)
class Search:
    """What origins look with: the study's settings, what was captured before, and what this run was asked for.

    `distinct` are the addresses declared to be pages of their own; `note` takes what the log should hold.
    """

    settings: Mapping[str, Any]
    captures: Sequence[Row]
    raw: Path
    coded_at: When
    archives: Sequence[str] = ()
    browser: bool = False
    distinct: frozenset[str] = frozenset()
    note: Callable[[str], object] = str


def _attempt(page: Row, origin: str, take: Callable[[Row], Attempt]) -> Attempt:
    """Return the attempt to take a page from an origin, also if the program fails at it."""
    taken = try_apart(take, page)
    return fail_attempt(start_row(page, origin, utc_now()), taken) if isinstance(taken, Mishap) else taken


def look_in_archives(pages: list[Row], search: Search) -> Iterator[Attempt]:
    """Yield the attempt to find each page in local archives: the answer nearest to the last coding of its source."""
    if not pages or not search.archives:
        return
    index = index_archives([Path(path) for path in search.archives], search.distinct)
    if index.n_odd:
        search.note(f"answers of the archives left out, since no program can read their addresses: {index.n_odd}")

    def take(page: Row) -> Attempt:
        return take_from_archive(page, index, search.settings["max_bytes"], utc_now(), search.coded_at(page))

    for page in pages:
        yield _attempt(page, "archive", take)


def ask_live(pages: list[Row], search: Search, web: Web) -> Iterator[Attempt]:
    """Yield the attempt to capture each page from its address, then those that a browser renders, if asked for.

    An unchanged page is not sent again.
    """
    captures = dict(group_captures(search.captures))

    def ask(page: Row) -> Attempt:
        before = find_before(page, captures.get(page["source_id"], []), search.raw)
        fetch = fetch_page(web, page["url"], ask_if_changed(before))
        return take_from_web(page, fetch, "live", utc_now(), before)

    shells = []
    asked = spread_over_hosts(pages, lambda page: page["url"], lambda page: _attempt(page, "live", ask), web.turns)
    for page, attempt in asked:
        if attempt.row["outcome"] == "needs_browser" and page["source_id"] not in search.settings["taken_as_is"]:
            shells.append(page)
        yield attempt
    if search.browser and shells:
        yield from _render(shells, web)


def _render(pages: list[Row], web: Web) -> Iterator[Attempt]:
    with open_browser(web) as browser:
        for page in pages:
            yield _attempt(page, "live", lambda page: take_rendered(page, browser.render(page["url"]), utc_now()))


def find_before(page: Row, captures: list[Row], raw: Path) -> Before | None:
    """Return the last live capture that holds a page, if it is whole."""
    live = [row for row in captures if row["origin"] == "live" and is_held(row)]
    row = choose_captures([page], live).get(page["source_id"])
    return read_before(row, raw) if row else None


def ask_web_archive(pages: list[Row], search: Search, web: Web) -> Iterator[Attempt]:
    """Yield the attempt to capture each page from a web archive: its copy nearest to the last coding of the source."""
    timegate = search.settings["timegate"]

    def ask(page: Row) -> Attempt:
        fetch = fetch_memento(web, timegate, page["url"], search.coded_at(page))
        archived_at = read_datetime(fetch.hops[-1]) if fetch.hops else ""
        return take_from_web(page, fetch, "memento", utc_now(), captured_at=archived_at)

    sought = pages if timegate else []
    asked = spread_over_hosts(sought, lambda _: timegate, lambda page: _attempt(page, "memento", ask), web.turns)
    yield from (attempt for _, attempt in asked)


def ask_for_pinned(pages: list[Row], search: Search, web: Web) -> Iterator[Attempt]:
    """Yield the attempt to capture the unchanging copy of each page that has one."""
    pinned = [page for page in pages if page.get("pinned_url")]

    def ask(page: Row) -> Attempt:
        return take_from_web(page, fetch_page(web, page["pinned_url"]), "pinned", utc_now())

    asked = spread_over_hosts(
        pinned, lambda page: page["pinned_url"], lambda page: _attempt(page, "pinned", ask), web.turns
    )
    yield from (attempt for _, attempt in asked)


# Asked from the first to the last, until one gives the page.
LOCAL_ORIGINS: dict[str, Callable[[list[Row], Search], Iterator[Attempt]]] = {"archive": look_in_archives}
WEB_ORIGINS: dict[str, Callable[[list[Row], Search, Web], Iterator[Attempt]]] = {
    "live": ask_live,
    "memento": ask_web_archive,
    "pinned": ask_for_pinned,
}


def look_everywhere(keeper: Keeper, search: Search, web: Web | None) -> None:
    """Look for each page origin by origin, until one gives it; without a web, in local origins only."""
    held_before = {page for page, row in keeper.served.items() if is_held(row)}
    for look in LOCAL_ORIGINS.values():
        keeper.keep_copies(look(keeper.left, search))
    if web is None:
        return
    for name, ask in WEB_ORIGINS.items():
        # A page that is captured already keeps its capture if its address no longer answers: it needs no substitute.
        spared = held_before if name in SUBSTITUTES else ()
        keeper.keep_answers(ask([page for page in keeper.left if name_page(page) not in spared], search, web), web)
