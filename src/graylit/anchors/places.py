"""Places of anchors, as they were found or not found."""

from __future__ import annotations

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
