"""What hosts ask of robots: robots.txt by RFC 9309, read once per host and run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from graylit.collection.robots_text import cut_whole_lines, decode_robots, pick_group, write_group
from graylit.tables.addresses import read_address

AGENT = "Graylit"
MAX_BYTES = 512_000  # RFC 9309, 2.5: at least 500 KiB are read; the rest may be left
MAX_DELAY_S = 60.0  # ASSUME: a longer Crawl-delay is not meant for the few pages of a review; chosen, not measured


@dataclass(frozen=True)
class RobotsAnswer:
    """How asking for a robots.txt ended: status and body, or status 0 and what went wrong (outcome and note)."""

    status: int
    body: bytes = b""
    failure: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Rules:
    """What a host allows: `parsed` rules, or the decision for all its pages, with the outcome it leads to."""

    standing: str = ""
    parsed: Protego | None = None
    failure: tuple[str, str] = ("refused_by_robots", "robots.txt forbids it")

    def decide(self, url: str) -> str:
        """Return the decision on an address: allowed, disallowed, no rules or unavailable (which disallows)."""
        if self.parsed is None:
            return self.standing
        return "allowed" if self.parsed.can_fetch(url, AGENT) else "disallowed"

    @property
    def delay_s(self) -> float:
        """Return the delay that the host asks for; 0 if it asks for none."""
        asked = self.parsed.crawl_delay(AGENT) if self.parsed else None
        return min(float(asked or 0), MAX_DELAY_S)


def read_rules(answer: RobotsAnswer) -> Rules:
    """Return the rules an answer stands for (RFC 9309, 2.3.1): a client error allows all, a server's forbids all."""
    if 200 <= answer.status < 300:
        group = pick_group(decode_robots(cut_whole_lines(answer.body, MAX_BYTES)), AGENT)
        return Rules(parsed=Protego.parse(write_group(group)))
    if 400 <= answer.status < 500 and answer.status != 429:
        return Rules("no rules")
    if answer.status:
        return Rules("unavailable", failure=("refused_by_robots", f"robots.txt answers {answer.status}"))
    return Rules("unavailable", failure=(answer.failure[0], f"robots.txt: {answer.failure[1]}"))


class RobotsBook:
    """The rules of every host met in this run; each host's robots.txt is asked for once, by whoever comes first."""

    def __init__(self, fetch: Callable[[str], RobotsAnswer]) -> None:
        self._fetch = fetch
        self._rules: dict[str, Rules] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def rules_for(self, url: str) -> Rules:
        """Return the rules that hold for an address."""
        address = read_address(url)
        if address is None:
            return Rules("unavailable", failure=("bad_answer", f"{url[:200]!r} is no address"))
        place = f"{address.scheme}://{address.place}"
        with self._lock:
            lock = self._locks.setdefault(place, threading.Lock())
        with lock:
            if place not in self._rules:
                self._rules[place] = read_rules(self._fetch(f"{place}/robots.txt"))
            return self._rules[place]
