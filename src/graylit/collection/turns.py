"""Manners towards hosts: one request at a time with its delay, few hosts at once, waits that a host asks for."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from graylit.runs.seams import StopError
from graylit.tables.addresses import host_of

# Threads mostly wait for their host's next turn, and the config bounds the hosts asked at once. Enough for the 48 hosts
# of the default study, whose collection took 1.03 times what manners allow (docs/decisions/0011).
MAX_THREADS = 64


class RunOverError(StopError):
    """The run's time is over, or it was stopped: nothing new begins."""


@dataclass
class _Lane:
    """One host: who talks to it, and when it may be asked again (monotonic seconds)."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0
    delay_s: float = 0.0


class Turns:
    """Hands out turns to ask hosts, and ends all waiting when `stop` is set."""

    def __init__(self, delay_s: float, hosts_at_once: int) -> None:
        self.stop = threading.Event()
        self._delay_s = delay_s
        self._slots = threading.Semaphore(hosts_at_once)
        self._lanes: dict[str, _Lane] = {}
        self._lock = threading.Lock()

    def _lane(self, host: str) -> _Lane:
        with self._lock:
            return self._lanes.setdefault(host, _Lane(delay_s=self._delay_s))

    @contextmanager
    def take(self, host: str) -> Iterator[None]:
        """Wait for a host's turn, and hold it. Raises RunOverError if the run ends first.

        The delay counts from one request to the next. A host that takes long to answer gets as long a pause
        again, up to the delay.
        """
        lane = self._lane(host)
        with lane.lock:
            self.wait(lane.next_at - time.monotonic())
            with self._slots:
                began = time.monotonic()
                try:
                    yield
                finally:
                    ended = time.monotonic()
                    pause = min(ended - began, lane.delay_s)
                    lane.next_at = max(lane.next_at, began + lane.delay_s, ended + pause)

    def postpone(self, host: str, seconds: float) -> None:
        """Ask a host again in so many seconds at the earliest; for the one who holds its turn."""
        lane = self._lane(host)
        lane.next_at = max(lane.next_at, time.monotonic() + seconds)

    def slow_down(self, host: str, delay_s: float) -> None:
        """Keep a longer delay that a host asks for."""
        lane = self._lane(host)
        lane.delay_s = max(lane.delay_s, delay_s)

    def wait(self, seconds: float) -> None:
        """Wait. Raises RunOverError if the run ends first."""
        if self.stop.wait(max(seconds, 0)):
            raise RunOverError


@contextmanager
def end_in_time(turns: Turns | None, seconds: float) -> Iterator[None]:
    """Stop all waiting for turns after so many seconds, and when the block ends."""
    if turns is None:
        yield
        return
    timer = threading.Timer(seconds, turns.stop.set)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        turns.stop.set()


def spread_over_hosts(
    sources: Iterable[dict[str, str]], address: Callable[[dict[str, str]], str], work: Callable, turns: Turns
) -> Iterator[tuple]:
    """Yield (source, what `work` returned for it), as answers come; each host's sources one after the other.

    Hosts with most sources begin first: the last answer comes from one of them. When `turns` stop, the rest is left.
    """
    by_host: dict[str, list[dict[str, str]]] = {}
    for source in sources:
        by_host.setdefault(host_of(address(source)), []).append(source)
    answers: queue.SimpleQueue[tuple | None] = queue.SimpleQueue()

    def work_through(host_sources: list[dict[str, str]]) -> None:
        for source in host_sources:
            try:
                answers.put((source, work(source)))
            except RunOverError:
                return

    queues = sorted(by_host.values(), key=len, reverse=True)
    with ThreadPoolExecutor(max_workers=max(1, min(len(queues), MAX_THREADS))) as pool:
        jobs = [pool.submit(work_through, host_sources) for host_sources in queues]
        for job in jobs:
            job.add_done_callback(lambda _: answers.put(None))
        is_done = False
        try:
            yield from _drain(answers, jobs)
            is_done = True
        finally:
            if not is_done:  # whoever takes the answers has stopped: nobody waits for the rest
                turns.stop.set()


def _drain(answers: queue.SimpleQueue[tuple | None], jobs: list[Future]) -> Iterator[tuple]:
    n_open = len(jobs)
    while n_open:
        answer = answers.get()
        if answer is not None:
            yield answer
            continue
        n_open -= 1
        for job in jobs:
            if job.done():
                job.result()  # a mistake in a thread ends the run instead of hiding
