"""Save Page Now, the Internet Archive's interface for capture requests (SPN2): one request, one answer, no loop.

What an answer says is held to be a claim: only the service that was named is asked, no redirect is followed, and the
address of a copy is made here, of the archive's own address, a time and the address of the page.

References
----------
Internet Archive, Save Page Now 2 Public API Docs (July 2026): POST /save, GET /save/status/<job_id>. Errors come with
status 200, from either of the two; a job is named like `spn2-…` or by a UUID; of one that ended an hour ago, nothing
may be known any more.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from requests.utils import get_environ_proxies

from graylit.collection.asking import Hop, Limits, ask_once, name_failure, read_start, read_whole
from graylit.collection.deadlines import Deadline
from graylit.collection.gate import ForbiddenAddressError
from graylit.collection.mementos import find_raw, read_datetime
from graylit.collection.visits import FAILURES, Web
from graylit.tables.addresses import hide_users

MAX_BYTES = 2_000_000  # of an answer in JSON, which lists up to 500 addresses: chosen
ANSWER_S = 90.0  # that an answer may take: requests for captures take several seconds, longer under load. Chosen
# Errors that are about the page: asking again changes nothing. All others are about the service or the moment.
LASTING = frozenset(
    ("bad-request", "blocked", "blocked-url", "filesize-limit", "ftp-access-denied", "http-version-not-supported")
    + ("invalid-url-syntax", "invalid-url", "invalid-host-resolution", "method-not-allowed", "not-implemented")
    + ("network-authentication-required", "no-access", "not-found", "too-many-redirects", "unauthorized", "gone")
)
# Errors after which no page of this run will fare better.
ENDING = frozenset(("max-daily-bandwidth", "max-daily-bandwidth-from-ip", "blocked-client-ip", "too-many-captures"))
SAME_SNAPSHOT = "same snapshot"  # of what is said if the page was copied within the span


class KeysRefusedError(Exception):
    """The archive does not take the keys."""


@dataclass(frozen=True)
class Keys:
    """The keys of an account. They show nowhere: not in a message, not in a log."""

    access: str
    secret: str

    def __repr__(self) -> str:
        return "Keys(…)"

    def hide(self, words: str) -> str:
        """Return words of a server without these keys, which it may repeat."""
        for key in filter(None, (self.access, self.secret)):
            words = words.replace(key, "…")
        return words


@dataclass(frozen=True)
class Reply:
    """What the archive said: a word, and what goes with it.

    `asked`, `pending`, `success`, `same` (it was copied within the span), `refused` (for good), `failed` (this time),
    `broken` (no answer that can be read), `wait` (come back in `wait_s` seconds), `over` (nothing more today),
    `unknown` (no such job).
    """

    word: str
    note: str = ""
    job_id: str = ""
    stamp: str = ""
    original_url: str = ""
    wait_s: float = 0.0


class SavePageNow:
    """An archive with this interface, asked with the keys of an account; `take_turn` keeps its pace."""

    def __init__(self, web: Web, archive: str, keys: Keys, take_turn: Callable[[bool], None]) -> None:
        self.archive = archive.rstrip("/")
        self._web, self._keys, self._take_turn = web, keys, take_turn

    def offer(self, url: str, within_days: int) -> Reply:
        """Ask for a capture of a page, unless there is one of the last days."""
        form = {"url": url, "if_not_archived_within": f"{within_days}d", "skip_first_archive": "1"}
        found = self._ask(f"{self.archive}/save", form)
        return found if isinstance(found, Reply) else self._read_offer(found)

    def ask_status(self, job_id: str) -> Reply:
        """Ask what became of a job."""
        found = self._ask(f"{self.archive}/save/status/{quote(job_id, safe='')}")
        return found if isinstance(found, Reply) else self._read_status(found)

    def _read_offer(self, found: Mapping[str, Any]) -> Reply:
        job_id, said = _read_words(found, "job_id"), self._say(found)
        if _read_words(found, "status") == "error" or (not job_id and _read_words(found, "status_ext")):
            return _judge_error(found, said)
        if job_id:
            return Reply("asked", said, job_id)
        return Reply("same" if SAME_SNAPSHOT in said else "failed", said or "no job was named")

    def _read_status(self, found: Mapping[str, Any]) -> Reply:
        status, said = _read_words(found, "status"), self._say(found)
        if status == "success":
            stamp, original = _read_words(found, "timestamp"), _read_words(found, "original_url")
            return Reply("success", said, stamp=stamp, original_url=original)
        if status == "pending":
            return Reply("pending", said)
        if status == "error":
            return _judge_error(found, said)
        return Reply("unknown", said or f"the status {status!r}")

    def _say(self, found: Mapping[str, Any]) -> str:
        told = (_read_words(found, name) for name in ("status_ext", "message"))
        return self._keys.hide(" ".join(": ".join(filter(None, told)).split()))[:300]

    def _ask(self, url: str, form: Mapping[str, str] | None = None) -> Mapping[str, Any] | Reply:
        """Return the object in JSON that was answered; else what the answer stands for.

        Raises KeysRefusedError, and RunOverError if the run ends before the turn.
        """
        headers = {"Accept": "application/json", "Authorization": f"LOW {self._keys.access}:{self._keys.secret}"}
        hop = self._request(url, headers, form)
        if isinstance(hop, Reply):
            return hop
        if hop.status in (401, 403):
            raise KeysRefusedError
        if hop.status == 429 or hop.status == 503:
            return Reply("wait", f"status {hop.status}", wait_s=hop.retry_after_s or 0.0)
        if 300 <= hop.status < 400:
            target = hide_users(self._keys.hide(hop.headers.get("location", "")))[:200]
            return Reply("broken", f"status {hop.status}, sent to {target!r}: not followed with keys")
        if hop.status == 404 and form is None:
            return Reply("unknown", "status 404: no such job")
        if not 200 <= hop.status < 300:
            return Reply("broken", f"status {hop.status}")
        try:
            found = json.loads(hop.page)
        except (ValueError, RecursionError):
            what = "a page in the place of JSON" if re.match(rb"\s*<", hop.page) else "no JSON, or not all of it"
            return Reply("broken", what)
        return found if isinstance(found, dict) else Reply("broken", f"JSON of another form: {type(found).__name__}")

    def _request(self, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None) -> Hop | Reply:
        self._take_turn(form is not None)
        limits = Limits(min(self._web.limits["timeout_s"], ANSWER_S), MAX_BYTES)
        try:
            with Deadline(ANSWER_S):
                return ask_once(self._web.session, url, headers, get_environ_proxies(url), limits, read_whole, form)
        except (*FAILURES, ForbiddenAddressError) as error:
            outcome, said = name_failure(error)
            return Reply("broken", self._keys.hide(f"{outcome.replace('_', ' ')}: {said}"))

    def look_at(self, stamp: str, url: str) -> str:
        """Return why the archive does not show the copy of a page of a time under its address; '' if it does.

        No keys are sent. A redirect leads to another copy, and is not followed.
        """
        hop = self._look(self.name_memento(stamp, url, raw=True))
        if isinstance(hop, str):
            return hop
        if 300 <= hop.status < 400:
            return f"its address leads elsewhere (status {hop.status})"
        if hop.status != 200:
            return f"its address answers with status {hop.status}"
        shown = read_datetime(hop)
        return "" if shown in ("", _read_stamp(stamp)) else f"its address shows a copy of {shown}"

    def find_copy(self, url: str, now: str) -> tuple[str, str]:
        """Return the time of the copy of a page nearest to now, in 14 digits; else '' and why there is none."""
        stamp = re.sub(r"[^0-9]", "", now)
        hop = self._look(self.name_memento(stamp, url, raw=False))
        if isinstance(hop, str):
            return "", hop
        raw = find_raw(hop)
        start = f"{self.archive}/web/"
        found = re.match(r"(\d{14})id_/", raw.removeprefix(start)) if raw.startswith(start) else None
        return (found[1], "") if found else ("", f"status {hop.status}, no copy named")

    def _look(self, url: str) -> Hop | str:
        self._take_turn(False)
        limits = Limits(self._web.limits["timeout_s"], 1_000)
        try:
            with Deadline(ANSWER_S):
                # As it is sent: a thousand bytes of a packed page could not be unpacked.
                headers = {"Accept-Encoding": "identity"}
                return ask_once(self._web.session, url, headers, get_environ_proxies(url), limits, read_start)
        except (*FAILURES, ForbiddenAddressError) as error:
            outcome, said = name_failure(error)
            return f"{outcome.replace('_', ' ')}: {said}"

    def name_memento(self, stamp: str, url: str, raw: bool = False) -> str:
        """Return the address of the copy of a page that was made at a time."""
        return f"{self.archive}/web/{stamp}{'id_' if raw else ''}/{url}"


def _read_words(found: Mapping[str, Any], name: str) -> str:
    words = found.get(name)
    return words.strip() if isinstance(words, str) else ""


def _judge_error(found: Mapping[str, Any], said: str) -> Reply:
    kind = _read_words(found, "status_ext").removeprefix("error:")
    if kind in LASTING:
        return Reply("refused", said)
    if kind in ENDING:
        return Reply("over", said)
    return Reply("wait" if kind == "user-session-limit" else "failed", said or "an error without a name")


def _read_stamp(stamp: str) -> str:
    try:
        return datetime.datetime.strptime(stamp, "%Y%m%d%H%M%S").strftime("%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return ""


def read_stamp(stamp: str, now: str) -> str:
    """Return the time of 14 digits as tables hold it; '' if it is none, or lies ahead."""
    when = _read_stamp(stamp) if re.fullmatch(r"[0-9]{14}", stamp) else ""
    ahead = datetime.datetime.fromisoformat(now) + datetime.timedelta(days=1)
    return when if when and datetime.datetime.fromisoformat(when) <= ahead else ""
