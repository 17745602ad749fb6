"""The live web: pages asked for with requests, politely and within limits; every hop kept as it came."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy

import requests

from graylit.captures.page_keys import page_key
from graylit.captures.records import explain_part
from graylit.collection.asking import BadAnswerError, Hop, name_failure, read_start, read_whole
from graylit.collection.gate import ForbiddenAddressError, Gate, GatedAdapter, open_gate, strip_credentials
from graylit.collection.page_signs import judge_body
from graylit.collection.refreshes import read_refresh
from graylit.collection.robots import AGENT, MAX_BYTES, RobotsAnswer, RobotsBook, Rules
from graylit.collection.turns import Turns
from graylit.collection.visits import FAILURES, Fetch, Visit, Web
from graylit.runs.seams import Mishap, try_apart
from graylit.tables.addresses import hide_users, host_of, is_of_web, join_address

MAX_REDIRECTS = 10  # chosen, not measured: an end to chains that turn in a circle
MAX_ROBOTS_REDIRECTS = 5  # RFC 9309, 2.3.1.2
STATUS_OUTCOMES = {404: "gone", 410: "gone", 401: "refused", 402: "refused", 403: "refused", 407: "refused"} | {
    451: "refused",
    429: "busy",
    503: "busy",
}


def open_web(collection: Mapping, gate: Gate | None = None) -> Web:
    """Return the web as a study's config lets it be asked: an honest name, no cookies, no passwords."""
    session = requests.Session()
    session.trust_env = False  # no passwords from .netrc; proxies and certificates are read below
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or True
    session.headers.update(
        {
            "User-Agent": f"{AGENT}/0.1 (gray-literature review; contact: {collection['contact']})",
            "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,text/*;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip, deflate, br, zstd",
            "Connection": "close",  # every request opens its own connection, whose address is checked
        }
    )
    session.cookies.set_policy(_NoCookies())
    adapter = GatedAdapter(gate or open_gate(collection["allowed_addresses"]))
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    turns = Turns(collection["delay_s"], collection["hosts_at_once"])
    web = Web(session, turns, collection, ends_at=time.monotonic() + collection["run_limit_s"])
    web.robots = RobotsBook(lambda url: fetch_robots(web, url))
    return web


class _NoCookies(DefaultCookiePolicy):
    def set_ok(self, cookie: object, request: object) -> bool:
        return False


def fetch_page(
    web: Web, url: str, headers: Mapping[str, str] | None = None, locate: Callable[[str], str] = str
) -> Fetch:
    """Return what the web answers for an address, redirects followed; every failure is an outcome.

    `locate` returns the address under which the target of a redirect is asked for.
    Raises RunOverError if the run ended before the page was asked for.
    """
    return _fetch(web, url, dict(headers or {}), _Manner(locate, _read_page, ask_robots))


def fetch_answer(web: Web, url: str, headers: Mapping[str, str]) -> Fetch:
    """Return what a service of the web answers to a program: as `fetch_page`, but no look of a page is expected."""
    return _fetch(web, url, headers, _Manner(str, _read_answer, ask_robots))


def fetch_permitted(web: Web, url: str, headers: Mapping[str, str]) -> Fetch:
    """Return what a service answers whose operator lets programs ask it, so that its robots.txt does not count."""
    return _fetch(web, url, headers, _Manner(str, _read_answer, lambda visit, _: Rules("no rules")))


@dataclass(frozen=True)
class _Manner:
    """How an address is asked for: where targets are looked for, what an answer stands for, which rules hold."""

    locate: Callable[[str], str]
    read: Callable[[Hop, str], tuple[str, str, str]]
    ask_rules: Callable[[Visit, str], Rules]


def _fetch(web: Web, url: str, headers: Mapping[str, str], manner: _Manner) -> Fetch:
    visit = Visit(web)
    try:
        return _follow(visit, strip_credentials(url), headers, manner)
    except (*FAILURES, ForbiddenAddressError) as error:
        return visit.end(*name_failure(error))


def _follow(visit: Visit, url: str, headers: Mapping[str, str], manner: _Manner) -> Fetch:
    asked = url
    while len(visit.hops) <= MAX_REDIRECTS:
        if not is_of_web(url):
            return visit.end("forbidden_address", f"sent to {url[:200]}, which is not http")
        rules = manner.ask_rules(visit, url)
        if visit.robots in ("disallowed", "unavailable"):
            return visit.end(*rules.failure)
        hop = visit.ask(url, {} if visit.hops else headers, int(visit.web.limits["max_bytes"]), read_whole)
        visit.hops.append(hop)
        target = find_location(hop)
        if not target:
            judged = try_apart(manner.read, hop, asked)
            if isinstance(judged, Mishap):
                return visit.fail(judged)
            target, outcome, note = judged
            if not target:
                return visit.end(outcome, note)
        url = manner.locate(strip_credentials(target))
    return visit.end("too_many_redirects", f"more than {MAX_REDIRECTS} redirects")


def ask_robots(visit: Visit, url: str) -> Rules:
    """Return the rules that hold for an address; the visit keeps the decision, the host the delay it asks for."""
    rules = visit.web.robots.rules_for(url)
    visit.web.turns.slow_down(host_of(url), rules.delay_s)
    visit.robots = rules.decide(url)
    return rules


def find_location(hop: Hop) -> str:
    """Return the address to which a redirect sends its reader; '' for other answers.

    Raises BadAnswerError if no program can read that address.
    """
    location = hop.headers.get("location", "").strip()
    if not (300 <= hop.status < 400 and location):
        return ""
    target = join_address(hop.url, location)
    if not target:
        raise BadAnswerError(f"sent to {hide_users(location)[:200]!r}, which is no address")
    return target


def _read_page(hop: Hop, asked: str) -> tuple[str, str, str]:
    """Return where a page sends its reader, or '' and what it stands for: an outcome and a note."""
    if 200 <= hop.status < 300 and (target := read_refresh(hop.page, hop.headers, hop.url)):
        return target, "", ""
    return "", *judge_hop(hop, asked)


def _read_answer(hop: Hop, asked: str) -> tuple[str, str, str]:
    """Return, as `_read_page` does, what the answer of a service stands for; its content is for others to judge."""
    outcome, note = _judge_status(hop)
    return "", outcome or "captured", note


def _judge_status(hop: Hop) -> tuple[str, str]:
    if not 200 <= hop.status < 300:
        return STATUS_OUTCOMES.get(hop.status, "http_error"), f"status {hop.status}"
    part = explain_part(hop.status, hop.headers.get("content-range", ""))
    return ("cut_off", part) if part else ("", "")


def judge_hop(hop: Hop, asked: str) -> tuple[str, str]:
    """Return the outcome that the last answer to a request for an address stands for, and a note."""
    if hop.status == 304 and hop.is_conditional:
        return "unchanged", "the server says so"
    outcome, note = _judge_status(hop)
    if not outcome:
        outcome, note = judge_body(hop.page, hop.headers, asked, hop.url)
    if outcome:
        return outcome, note
    return ("captured", "") if page_key(hop.url) == page_key(asked) else ("moved", "")


def fetch_robots(web: Web, url: str) -> RobotsAnswer:
    """Return a host's robots.txt, or status 0 if no answer came. Raises ForbiddenAddressError and RunOverError."""
    visit = Visit(web)
    try:
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            if not is_of_web(url):
                break
            hop = visit.ask(url, {"Accept-Encoding": "identity"}, MAX_BYTES, read_start)
            web.robots_hops.append(hop)
            target = find_location(hop)
            if not target:
                return RobotsAnswer(hop.status, hop.page)
            url = strip_credentials(target)
    except FAILURES as error:
        return RobotsAnswer(0, failure=name_failure(error))
    return RobotsAnswer(404)  # RFC 9309, 2.3.1.2: more than five redirects are as none
