"""Asking a model about many units: several calls at once, retries, a budget, and every answer in the log at once."""

from __future__ import annotations

import heapq
import itertools
import queue
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from graylit.models.calls import Asker, Job, Outcome, judge_reply
from graylit.models.decisions import ANSWERED, FAILED
from graylit.models.endpoint import Endpoint, Reply
from graylit.models.tasks import AskedTask
from graylit.study.model_log import Call

FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 600.0  # before a call is repeated; the wait doubles: chosen
MOST_LOST = 10  # units in a row that are lost before a run ends: chosen; then the server is gone
Sent = tuple[Job, bytes, float]  # a job, its body, and the most that the call can cost


@dataclass
class Budget:
    """What a run may spend; None is without end. `reserved` is the most that calls on their way can cost."""

    max_calls: int | None = None
    max_cost: float | None = None
    n_calls: int = 0
    spent: float = 0.0
    reserved: float = 0.0

    def allows(self, most: float) -> bool:
        """Return whether a call that costs at most this much may begin."""
        has_calls = self.max_calls is None or self.n_calls < self.max_calls
        return has_calls and (self.max_cost is None or self.spent + self.reserved + most <= self.max_cost)


@dataclass
class Tally:
    """What a run has come to so far."""

    n_answered: int = 0
    n_refused: int = 0
    n_failed: int = 0
    n_units_lost: int = 0
    n_lost_in_a_row: int = 0
    stopped: str = ""  # why it ended early, as the end of a sentence
    tokens: list[int] = field(default_factory=lambda: [0, 0])
    why: dict[str, int] = field(default_factory=dict)  # calls without a usable answer, by why


class Asking:
    """A run: takes jobs as they come, and hands each call to `record` in the order in which answers arrive."""

    def __init__(
        self,
        asker: Asker,
        task: AskedTask,
        budget: Budget,
        record: Callable[[list[Call]], None],
        read_clock: Callable[[], str],
        n_known: int,
    ) -> None:
        self._asker, self._task, self._budget, self._record, self._clock = asker, task, budget, record, read_clock
        self._endpoint = Endpoint(asker.settings)
        self._done: queue.SimpleQueue[Future[Reply]] = queue.SimpleQueue()
        self._later: list[tuple[float, int, Job]] = []  # a heap of jobs that are asked again, by when
        self._numbers, self._ties = itertools.count(n_known + 1), itertools.count()
        self._under_way: dict[Future[Reply], Sent] = {}
        self._paused_until = 0.0
        self.tally = Tally()

    def run(self, jobs: Iterator[Job], note: Callable[[Tally], None]) -> Tally:
        """Ask all jobs, as far as the budget goes; return what came of them. Ctrl+C lets calls under way end."""
        n_at_once = self._asker.settings.at_once
        with ThreadPoolExecutor(n_at_once) as pool:
            try:
                self._work(jobs, pool, 2 * n_at_once, note)
            except KeyboardInterrupt:
                self.tally.stopped = "you stopped it"
            finally:  # whatever ends a run, calls that are under way are waited for: their answers are worth keeping
                self._drain()
        return self.tally

    def _drain(self) -> None:
        """Take the answers of all calls that have gone out; begin none."""
        for future in list(self._under_way):
            future.cancel()
        while self._under_way:
            self._take_answers(wait_s=None)

    def _work(self, jobs: Iterator[Job], pool: ThreadPoolExecutor, n_most: int, note: Callable[[Tally], None]) -> None:
        """Keep as many calls waiting as are under way, so that no thread waits for the next job to be made."""
        following = self._find_next(jobs)
        while following or self._under_way or self._later:
            while following and not self.tally.stopped and len(self._under_way) < n_most:
                if time.monotonic() < self._paused_until or not self._submit(following, pool):
                    break
                following = self._find_next(jobs)
            if self.tally.stopped and not self._under_way:
                return
            self._take_answers(self._find_wait())
            following = following or self._find_next(jobs)
            note(self.tally)

    def _find_next(self, jobs: Iterator[Job]) -> Job | None:
        """Return a job that is due to be asked again, else a new one; None if there is none now."""
        if self._later and self._later[0][0] <= time.monotonic():
            return heapq.heappop(self._later)[2]
        return next(jobs, None)

    def _find_wait(self) -> float | None:
        """Return for how long answers may be waited for; None until one comes."""
        times = [self._later[0][0]] if self._later else []
        times += [self._paused_until] if self._paused_until > time.monotonic() else []
        return max(0.001, min(times) - time.monotonic()) if times else None

    def _submit(self, job: Job, pool: ThreadPoolExecutor) -> bool:
        body = job.format(self._asker.settings, self._task.name)
        most = self._asker.bound_cost(body)
        if not self._budget.allows(most):
            self.tally.stopped = "the budget is spent"
            return False
        self._budget.n_calls += 1
        self._budget.reserved += most
        future = pool.submit(self._endpoint.call, body)
        self._under_way[future] = (job, body, most)
        future.add_done_callback(self._done.put)
        return True

    def _take_answers(self, wait_s: float | None) -> None:
        """Wait for an answer, take all that are there, and record them together."""
        try:
            done = [self._done.get(timeout=wait_s)]
        except queue.Empty:
            return
        while not self._done.empty():
            done.append(self._done.get())
        judged: list[tuple[Job, bytes, Reply, Outcome]] = []
        for future in done:
            job, body, most = self._under_way.pop(future)
            self._budget.reserved -= most
            if not future.cancelled():
                reply = future.result()
                judged.append((job, body, reply, judge_reply(reply, job, self._task, self._asker.settings)))
        if judged:
            at = self._clock()
            self._record([self._asker.describe(next(self._numbers), *one, at) for one in judged])
        for job, _, reply, outcome in judged:
            self._follow(job, reply, outcome)

    def _follow(self, job: Job, reply: Reply, outcome: Outcome) -> None:
        """Count what came of a call, and put the job back if it is to be asked again."""
        tally, settings = self.tally, self._asker.settings
        if outcome.said:
            tally.tokens[0] += outcome.said.tokens_in
            tally.tokens[1] += outcome.said.tokens_out
            self._budget.spent += self._asker.find_cost(outcome.said) or 0.0
        if outcome.kind == ANSWERED:
            tally.n_answered += 1
            tally.n_lost_in_a_row = 0
            return
        tally.why[outcome.why] = tally.why.get(outcome.why, 0) + 1
        if outcome.kind == FAILED:
            self._follow_failure(job, reply)
            return
        tally.n_lost_in_a_row = 0
        job.n_refused, job.refused = job.n_refused + 1, outcome.detail
        if job.n_refused % settings.asks:
            self._put_back(job, 0.0)
        else:
            tally.n_refused += 1

    def _follow_failure(self, job: Job, reply: Reply) -> None:
        tally = self.tally
        tally.n_failed += 1
        may_pass = reply.may_pass or not reply.failure  # a body that is no answer may be one the next time
        if may_pass and job.n_failed < self._asker.settings.retries:
            wait = reply.retry_after_s if reply.retry_after_s is not None else FIRST_WAIT_S * 2**job.n_failed
            job.n_failed += 1
            self._put_back(job, min(wait, LONGEST_WAIT_S))
            if reply.retry_after_s is not None:
                self._paused_until = time.monotonic() + min(reply.retry_after_s, LONGEST_WAIT_S)
            return
        tally.n_units_lost += 1
        tally.n_lost_in_a_row += 1
        if tally.n_lost_in_a_row >= MOST_LOST:
            tally.stopped = f"{MOST_LOST} units in a row had no answer"

    def _put_back(self, job: Job, wait_s: float) -> None:
        heapq.heappush(self._later, (time.monotonic() + wait_s, next(self._ties), job))
