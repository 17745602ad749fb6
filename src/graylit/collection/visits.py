"""One page asked for: its requests in turn and in time, the answers so far, and how it ended."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException

import requests
import urllib3
from urllib3.util import Retry

from graylit.collection.asking import BadAnswerError, CutOffError, Hop, Limits, Read, ask_once
from graylit.collection.deadlines import Deadline
from graylit.collection.gate import strip_credentials
from graylit.collection.robots import RobotsBook
from graylit.collection.turns import Turns
from graylit.runs.seams import Mishap
from graylit.tables.addresses import host_of
from graylit.tables.collection import PROGRAM_ERROR

MAX_BACKOFF_S = 60.0  # chosen, not measured: the time left for the source bounds waits anyhow
# What asking can end in: errors of the line and of what came over it. OSError includes those of requests.
FAILURES = (OSError, urllib3.exceptions.HTTPError, HTTPException, ValueError, CutOffError, BadAnswerError)
RETRIED = (429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Fetch:
    """How asking for a page ended: an outcome word, the hops in order, what went wrong and who had a say.

    `trace` is for the log, if the program failed.
    """

    outcome: str
    hops: list[Hop] = field(default_factory=list)
    note: str = ""
    robots: str = ""
    via: str = ""
    n_requests: int = 0
    trace: str = ""


@dataclass
class Web:
    """Everything that asking needs: who asks, which addresses may be asked, manners and limits."""

    session: requests.Session
    turns: Turns
    limits: Mapping[str, float]
    ends_at: float
    robots: RobotsBook = field(init=False)
    robots_hops: list[Hop] = field(default_factory=list)


class Visit:
    """One source asked for: its hops so far, the requests made, and the time that is left for it."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.left_s = float(web.limits["source_limit_s"])
        self.hops: list[Hop] = []
        self.n_requests = 0
        self.robots = ""
        self.via = ""

    def end(self, outcome: str, note: str = "", trace: str = "") -> Fetch:
        """Return how the visit ended."""
        if self.n_requests > max(len(self.hops), 1):
            note = f"{note}; {self.n_requests} requests".lstrip("; ")
        return Fetch(outcome, self.hops, note[:300], self.robots, self.via, self.n_requests, trace)

    def fail(self, mishap: Mishap) -> Fetch:
        """Return that the visit ended in a mistake of the program."""
        return self.end(PROGRAM_ERROR, mishap.note, mishap.trace)

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
