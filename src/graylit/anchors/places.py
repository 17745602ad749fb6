"""Places of anchors, as they were found or not found."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where an anchor is now: `start` and `end` (None for an orphan), how it was found, score 0 to 1, and why not."""

    start: int | None
    end: int | None
    method: str
    score: float
    note: str = ""

    @property
    def span(self) -> tuple[int, int] | None:
        """Return start and end, or None if there is no place."""
        return None if self.start is None or self.end is None else (self.start, self.end)


def tell_segment(start: int, ends: Sequence[int]) -> int:
    """Return the number, from 0, of the segment with the first coded word, from where segments end, in order.

    A selection may begin in the gap before its segment: programs take the blank line along (ccbogel/QualCoder#1207).
    """
    return min(bisect.bisect_right(ends, start), len(ends) - 1)
