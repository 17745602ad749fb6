"""The live web: pages asked for with requests, politely and within limits; every hop kept as it came."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from urllib3.util import Retry

from graylit.captures.page_keys import page_key
from graylit.collection.asking import (
    BadAnswerError,
    CutOffError,
    Hop,
    Limits,
    Read,
    ask_once,
    name_failure,
    read_start,
    read_whole,
)
from graylit.collection.deadlines import Deadline
from graylit.collection.gate import ForbiddenAddressError, Gate, GatedAdapter, open_gate, strip_credentials
from graylit.collection.page_signs import judge_body
from graylit.collection.refreshes import read_refresh
from graylit.collection.robots import AGENT, MAX_BYTES, RobotsAnswer, RobotsBook, Rules
from graylit.collection.turns import Turns
from graylit.tables.addresses import host_of

MAX_REDIRECTS = 10  # chosen, not measured: an end to chains that turn in a circle
MAX_ROBOTS_REDIRECTS = 5  # RFC 9309, 2.3.1.2
MAX_BACKOFF_S = 60.0  # chosen, not measured: the time left for the source bounds waits anyhow
# What asking can end in: errors of the line and of what came over it. OSError includes those of requests.
FAILURES = (OSError, urllib3.exceptions.HTTPError, HTTPException, ValueError, CutOffError, BadAnswerError)
RETRIED = (429, 500, 502, 503, 504)
STATUS_OUTCOMES = {404: "gone", 410: "gone", 401: "refused", 402: "refused", 403: "refused", 407: "refused"} | {
    451: "refused",
    429: "busy",
    503: "busy",
}


@dataclass(frozen=True)
class Fetch:
    """How asking for a page ended: an outcome word, the hops in order, what went wrong and who had a say."""

    outcome: str
    hops: list[Hop] = field(default_factory=list)
    note: str = ""
    robots: str = ""
    via: str = ""
    n_requests: int = 0


@dataclass
class Web:
    """Everything that asking needs: who asks, which addresses may be asked, manners and limits."""

    session: requests.Session
    turns: Turns
    limits: Mapping[str, float]
    ends_at: float
    robots: RobotsBook = field(init=False)
    robots_hops: list[Hop] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Let robots.txt be asked for like any page."""
        self.robots = RobotsBook(lambda url: fetch_robots(self, url))


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
    return Web(session, turns, collection, ends_at=time.monotonic() + collection["run_limit_s"])


class _NoCookies(DefaultCookiePolicy):
    def set_ok(self, cookie: object, request: object) -> bool:
        return False


class Visit:
    """One source asked for: its hops so far, the requests made, and the time that is left for it."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.left_s = float(web.limits["source_limit_s"])
        self.hops: list[Hop] = []
        self.n_requests = 0
        self.robots = ""
        self.via = ""

    def end(self, outcome: str, note: str = "") -> Fetch:
        """Return how the visit ended."""
        if self.n_requests > max(len(self.hops), 1):
            note = f"{note}; {self.n_requests} requests".lstrip("; ")
        return Fetch(outcome, self.hops, note[:300], self.robots, self.via, self.n_requests)

    def ask(self, url: str, headers: Mapping[str, str], max_bytes: int, read: Read) -> Hop:
        """Return the answer to a request, repeated if that can help: after errors of the server or the line."""
        n_retries, delay_s = self.web.limits["n_retries"], self.web.limits["delay_s"]
        retry = Retry(int(n_retries), backoff_factor=delay_s, backoff_max=MAX_BACKOFF_S)
        while True:
            hop, failure = self._try(url, headers, max_bytes, read)
            if hop is not None and hop.status not in RETRIED:
                return hop
            try:
                retry = retry.increment("GET", url)
            except urllib3.exceptions.MaxRetryError:
                return _either(hop, failure)
            wait_s = hop.retry_after_s if hop and hop.retry_after_s is not None else retry.get_backoff_time()
            self.web.turns.postpone(host_of(url), wait_s)
            if wait_s >= self.left_s or wait_s >= self.web.ends_at - time.monotonic():
                return _either(hop, failure)
            self.left_s -= wait_s

    def _try(
        self, url: str, headers: Mapping[str, str], max_bytes: int, read: Read
    ) -> tuple[Hop | None, BaseException | None]:
        """Return an answer, or the failure after which asking again can help. Raises other failures."""
        try:
            return self.request(url, headers, max_bytes, read), None
        except (requests.exceptions.SSLError, requests.exceptions.InvalidURL):
            raise
        except (OSError, urllib3.exceptions.HTTPError, CutOffError) as error:
            return None, error

    def request(self, url: str, headers: Mapping[str, str], max_bytes: int, read: Read) -> Hop:
        """Return the answer to one request in the host's turn."""
        proxies = requests.utils.get_environ_proxies(url)
        self.via = strip_credentials(requests.utils.select_proxy(url, proxies) or "")
        with self.web.turns.take(host_of(url)):
            seconds = min(self.left_s, self.web.ends_at - time.monotonic())
            began = time.monotonic()
            self.n_requests += 1
            try:
                with Deadline(seconds):
                    limits = Limits(min(self.web.limits["timeout_s"], seconds), max_bytes)
                    return ask_once(self.web.session, url, headers, proxies, limits, read)
            finally:
                self.left_s -= time.monotonic() - began


def _either(hop: Hop | None, failure: BaseException | None) -> Hop:
    """Return the answer; raise the failure if there is none."""
    if hop is not None:
        return hop
    raise failure or CutOffError("no answer, and no failure either")


def fetch_page(
    web: Web, url: str, headers: Mapping[str, str] | None = None, locate: Callable[[str], str] = str
) -> Fetch:
    """Return what the web answers for an address, redirects followed; every failure is an outcome.

    `locate` returns the address under which the target of a redirect is asked for.
    Raises RunOverError if the run ended before the page was asked for.
    """
    visit = Visit(web)
    try:
        return _follow(visit, strip_credentials(url), dict(headers or {}), locate)
    except (*FAILURES, ForbiddenAddressError) as error:
        return visit.end(*name_failure(error))


def _follow(visit: Visit, url: str, headers: Mapping[str, str], locate: Callable[[str], str]) -> Fetch:
    asked = url
    while len(visit.hops) <= MAX_REDIRECTS:
        if urlsplit(url).scheme not in ("http", "https"):
            return visit.end("forbidden_address", f"sent to {url[:200]}, which is not http")
        rules = ask_robots(visit, url)
        if visit.robots in ("disallowed", "unavailable"):
            return visit.end(*rules.failure)
        hop = visit.ask(url, {} if visit.hops else headers, int(visit.web.limits["max_bytes"]), read_whole)
        visit.hops.append(hop)
        target = find_target(hop)
        if not target:
            return visit.end(*judge_hop(hop, asked))
        url = locate(strip_credentials(target))
    return visit.end("too_many_redirects", f"more than {MAX_REDIRECTS} redirects")


def ask_robots(visit: Visit, url: str) -> Rules:
    """Return the rules that hold for an address; the visit keeps the decision, the host the delay it asks for."""
    rules = visit.web.robots.rules_for(url)
    visit.web.turns.slow_down(host_of(url), rules.delay_s)
    visit.robots = rules.decide(url)
    return rules


def find_target(hop: Hop) -> str:
    """Return the address to which an answer sends its reader, by Location or a refresh; '' if it does not."""
    if 300 <= hop.status < 400 and hop.headers.get("location"):
        return urljoin(hop.url, hop.headers["location"].strip())
    if 200 <= hop.status < 300:
        target = read_refresh(hop.page, hop.headers, hop.url)
        return target if target and page_key(target) != page_key(hop.url) else ""
    return ""


def judge_hop(hop: Hop, asked: str) -> tuple[str, str]:
    """Return the outcome that the last answer to a request for an address stands for, and a note."""
    if hop.status == 304:
        return "unchanged", "the server says so"
    if not 200 <= hop.status < 300:
        return STATUS_OUTCOMES.get(hop.status, "http_error"), f"status {hop.status}"
    outcome, note = judge_body(hop.page, hop.headers, asked, hop.url)
    if outcome:
        return outcome, note
    return ("captured", "") if page_key(hop.url) == page_key(asked) else ("moved", "")


def fetch_robots(web: Web, url: str) -> RobotsAnswer:
    """Return a host's robots.txt, or status 0 if no answer came. Raises ForbiddenAddressError and RunOverError."""
    visit = Visit(web)
    try:
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            if urlsplit(url).scheme not in ("http", "https"):
                break
            hop = visit.ask(url, {"Accept-Encoding": "identity"}, MAX_BYTES, read_start)
            web.robots_hops.append(hop)
            if not (300 <= hop.status < 400 and hop.headers.get("location")):
                return RobotsAnswer(hop.status, hop.page)
            url = strip_credentials(urljoin(url, hop.headers["location"]))
    except FAILURES as error:
        return RobotsAnswer(0, failure=name_failure(error))
    return RobotsAnswer(404)  # RFC 9309, 2.3.1.2: more than five redirects are as none
