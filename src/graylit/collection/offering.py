"""Addresses of sources offered to a web archive, page by page, until it is known of each what came of it.

Each step is a row on disk before the next one: a run that is killed goes on with the jobs that the archive was given.
"""

from __future__ import annotations

import datetime
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from graylit.captures.choosing import list_pages
from graylit.captures.page_keys import page_key
from graylit.collection.offered_pages import is_public, tell_state
from graylit.collection.pacing import Pace
from graylit.collection.save_page_now import Reply, SavePageNow, read_stamp
from graylit.collection.turns import RunOverError
from graylit.runs.steps import Progress
from graylit.tables.growing import GrowingTable
from graylit.tables.mementos import (
    ARCHIVED,
    ASKED,
    CONFIRMED,
    FAILED,
    KEPT,
    NOT_CONFIRMED,
    NOT_OFFERED,
    REFUSED,
)
from graylit.tables.rows import Cells, Row

# Chosen: captures take 10 to 60 s, and end after two minutes; of a job that ended an hour ago nothing may be known.
FIRST_LOOK_S, NEXT_LOOK_S, JOB_S = 12.0, 15.0, 240.0
KNOWN_FOR = datetime.timedelta(minutes=55)
MAX_OPEN = 5  # jobs at once: chosen, under the sessions that an account has
MAX_WAIT_S = 300.0  # that the archive may ask for; after that, the rest is for another run. Chosen
WAIT_S = 20.0  # if it asks to wait and does not say how long: doubled each time. Chosen
MAX_TRIES = 4  # of one step of a page: chosen
MAX_FAILED = 3  # pages in a row of which nothing came, after which the archive is taken to be out of order: chosen
NEW_S = 300.0  # a copy is new if it was made no longer before it was asked for: clocks differ. Chosen


@dataclass
class _Work:
    """A page under way: the job that it has, if any, when to ask next, and how often a step failed."""

    page: Row
    job_id: str = ""
    due: float = 0.0
    began: float = 0.0
    asked_at: str = ""
    stamp: str = ""
    original: str = ""
    n_tries: int = 0


class Offering:
    """One run: pages to be offered, jobs under way, and the table that keeps what came of them."""

    def __init__(
        self,
        saver: SavePageNow,
        table: GrowingTable,
        pace: Pace,
        within_days: int,
        clocks: tuple[Callable[[], str], Callable[[], float]],
        known: Mapping[tuple[str, str], frozenset[str]],
    ) -> None:
        self._saver, self._table, self._pace, self._within = saver, table, pace, datetime.timedelta(days=within_days)
        self._read_now, self._read_clock = clocks
        self._known = known
        rows = table.read()
        self._n_rows, self.state = len(rows), tell_state(rows)
        self._waiting: deque[_Work] = deque()
        self._jobs: list[_Work] = []
        self._n_failed = 0
        self.why_stopped = ""

    def run(self, sources: Iterable[Cells]) -> None:
        """Offer the pages of sources. Raises KeysRefusedError if the archive does not take the keys."""
        pages = [page for source in sources for page in list_pages(source)]
        for page in pages:
            self._plan(page)
        progress = Progress("offer_sources", len(self._waiting) + len(self._jobs))
        try:
            while (self._waiting or self._jobs) and not self.why_stopped:
                n_before = len(self._waiting) + len(self._jobs)
                url = self._step()
                for _ in range(n_before - len(self._waiting) - len(self._jobs)):
                    progress.advance(url)
        except RunOverError:
            self.why_stopped = "the time of the run was over"

    @property
    def n_left(self) -> int:
        """The pages of which it is not known yet what comes of them."""
        return len(self._waiting) + len(self._jobs)

    def _plan(self, page: Row) -> None:
        last, now = self.state.get((page["source_id"], page["url"])), self._read_now()
        if not is_public(page["url"]):
            if last is None or last["outcome"] != NOT_OFFERED:
                self._write(page, NOT_OFFERED, note="no address of the public web")
            return
        if last and last["archive"] == self._saver.archive:
            when = last["memento_at"] if last["outcome"] in KEPT else last["at"]
            age = datetime.datetime.fromisoformat(now) - datetime.datetime.fromisoformat(when)
            if last["outcome"] in (*KEPT, REFUSED) and age < self._within:
                return
            if last["outcome"] == ASKED and age < KNOWN_FOR:
                self._jobs.append(_Work(page, last["job_id"], began=self._read_clock(), asked_at=last["at"]))
                return
        self._waiting.append(_Work(page))

    def _step(self) -> str:
        """Do what is next: ask for a job that is due, offer a page, or wait. Return the address it was about."""
        now = self._read_clock()
        due = min(self._jobs, key=lambda work: work.due, default=None)
        if due and (due.due <= now or not self._waiting or len(self._jobs) >= MAX_OPEN):
            if due.due > now:
                self._pace.rest(due.due - now)
            self._jobs.remove(due)
            self._follow(due)
            return due.page["url"]
        work = self._waiting.popleft()
        self._offer(work)
        return work.page["url"]

    def _offer(self, work: _Work) -> None:
        reply = self._saver.offer(work.page["url"].partition("#")[0], self._within.days)
        if reply.word == "asked":
            self._n_failed = 0
            asked_at = self._write(work.page, ASKED, job_id=reply.job_id, note=reply.note)
            now = self._read_clock()
            self._jobs.append(_Work(work.page, reply.job_id, now + FIRST_LOOK_S, now, asked_at))
        elif reply.word == "same":
            stamp, why = self._saver.find_copy(work.page["url"], self._read_now())
            self._conclude(work, Reply("success", why or reply.note, stamp=stamp, original_url=work.page["url"]))
        else:
            self._take_setback(work, reply, self._waiting.appendleft)

    def _follow(self, work: _Work) -> None:
        if work.stamp:
            self._look(work, "")
            return
        reply = self._saver.ask_status(work.job_id)
        if reply.word == "success":
            self._conclude(work, reply)
        elif reply.word == "pending":
            work.due = self._read_clock() + NEXT_LOOK_S
            if self._read_clock() - work.began < JOB_S:
                self._jobs.append(work)  # else it stays asked, and the next run asks for it
        elif reply.word == "unknown":
            self._fail(work, f"the archive does not know the job any more ({reply.note})")
        else:
            self._take_setback(work, reply, self._jobs.append)

    def _conclude(self, work: _Work, reply: Reply) -> None:
        """Hold what the archive says of a copy against what is known, and look at the copy."""
        when = read_stamp(reply.stamp, self._read_now())
        known = self._known.get((work.page["source_id"], work.page["url"]), frozenset()) | {page_key(work.page["url"])}
        if not when:
            said = f"no copy of a time is named: {reply.stamp or reply.note or 'nothing'}"
            self._write(work.page, NOT_CONFIRMED, job_id=work.job_id, note=said)
        elif page_key(reply.original_url) not in known:
            said = f"the archive says that it copied {reply.original_url[:200] or 'no address'}, which is another page"
            self._write(work.page, NOT_CONFIRMED, job_id=work.job_id, note=said)
        elif _age(when, self._read_now()) > self._within + datetime.timedelta(days=1):
            self._write(work.page, NOT_CONFIRMED, job_id=work.job_id, note=f"the copy that is named is of {when}")
        else:
            work.stamp, work.original, work.n_tries = reply.stamp, reply.original_url.partition("#")[0], 0
            self._look(work, reply.note)

    def _look(self, work: _Work, note: str) -> None:
        """Look at the copy under its address: a new one may take a while to be there."""
        why = self._saver.look_at(work.stamp, work.original)
        when = read_stamp(work.stamp, self._read_now())
        memento = self._saver.name_memento(work.stamp, work.original)
        if not why:
            self._n_failed = 0
            is_new = bool(work.asked_at) and _age(when, work.asked_at).total_seconds() < NEW_S
            outcome = CONFIRMED if is_new else ARCHIVED
            named = {"job_id": work.job_id, "memento": memento, "memento_at": when}
            self._write(work.page, outcome, note=note, **named)
            return
        work.n_tries += 1
        if work.n_tries < MAX_TRIES:
            work.due = self._read_clock() + NEXT_LOOK_S
            self._jobs.append(work)
        else:
            self._write(work.page, NOT_CONFIRMED, job_id=work.job_id, note=f"{memento}: {why}")

    def _take_setback(self, work: _Work, reply: Reply, put_back: Callable[[_Work], None]) -> None:
        """Do what is to be done if the archive did not do what it was asked for."""
        if reply.word == "refused":
            self._n_failed = 0
            self._write(work.page, REFUSED, job_id=work.job_id, note=reply.note)
            return
        work.n_tries += 1
        wait_s = reply.wait_s or WAIT_S * 2 ** (work.n_tries - 1)
        if reply.word == "over" or (reply.word == "wait" and wait_s > MAX_WAIT_S):
            asked = (
                f"the archive asks to wait {wait_s:.0f} s" if reply.word == "wait" else "nothing more is taken today"
            )
            self.why_stopped = f"{asked} ({reply.note})"
            self._write(work.page, FAILED, job_id=work.job_id, note=self.why_stopped)
        elif work.n_tries < MAX_TRIES and not (reply.word == "failed" and work.job_id):
            self._pace.postpone(wait_s if reply.word == "wait" else min(wait_s, WAIT_S) / 4)
            put_back(work)
        else:
            self._fail(work, reply.note)

    def _fail(self, work: _Work, note: str) -> None:
        self._write(work.page, FAILED, job_id=work.job_id, note=note)
        self._n_failed += 1
        if self._n_failed >= MAX_FAILED:
            self.why_stopped = f"{self._n_failed} addresses in a row failed, the last one: {note}"

    def _write(self, page: Row, outcome: str, **more: str) -> str:
        """Add a row, which is on disk at return; return its time."""
        self._n_rows += 1
        row = {"number": str(self._n_rows), "source_id": page["source_id"], "url": page["url"], "at": self._read_now()}
        row |= {"outcome": outcome, "archive": self._saver.archive} | more
        self._table.add(row)
        blank = dict.fromkeys(self._table.contract.names, "")
        self.state[page["source_id"], page["url"]] = blank | row
        return row["at"]


def _age(when: str, now: str) -> datetime.timedelta:
    return datetime.datetime.fromisoformat(now) - datetime.datetime.fromisoformat(when)
