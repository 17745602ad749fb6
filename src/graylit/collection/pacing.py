"""The pace that a service sets: so many requests in a minute, so many of them for captures, and waits it asks for."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from graylit.collection.turns import Turns

MINUTE_S = 60.0
# An account may send twelve requests a minute, failed ones included, and its captures are fewer since July 2026.
MOST_A_MINUTE, MOST_CAPTURES_A_MINUTE = 12, 7


class Pace:
    """Hands out turns to ask one service; each is noted when it is given, however the request ends."""

    def __init__(
        self,
        turns: Turns,
        n_most: int = MOST_A_MINUTE,
        n_captures: int = MOST_CAPTURES_A_MINUTE,
        read_clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._turns, self._read_clock = turns, read_clock
        self._all: deque[float] = deque(maxlen=n_most)
        self._captures: deque[float] = deque(maxlen=n_captures)
        self._not_before = 0.0

    def take(self, is_capture: bool) -> None:
        """Wait until a request may be sent. Raises RunOverError if the run ends first."""
        kept = [self._all, *([self._captures] if is_capture else [])]
        while (wait_s := self._tell_wait(kept)) > 0:
            self._turns.wait(wait_s)
        for times in kept:
            times.append(self._read_clock())

    def _tell_wait(self, kept: list[deque[float]]) -> float:
        full = [times[0] + MINUTE_S for times in kept if len(times) == times.maxlen]
        return max([self._not_before, *full]) - self._read_clock()

    def postpone(self, seconds: float) -> None:
        """Send nothing for so many seconds."""
        self._not_before = max(self._not_before, self._read_clock() + seconds)

    def rest(self, seconds: float) -> None:
        """Wait. Raises RunOverError if the run ends first."""
        self._turns.wait(seconds)
