"""Places of anchors, as they were found or not found."""

from __future__ import annotations

import bisect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True)
class Place:
    """Where an anchor is now: `start` and `end` (None for an orphan), how it was found, score 0 to 1, and why not."""

    start: int | None
    end: int | None
    method: str
    score: float
    note: str = ""

    @property
    def span(self) -> Span | None:
        """Return start and end, or None if there is no place."""
        return None if self.start is None or self.end is None else (self.start, self.end)


OUTSIDE = "no word of it is in a segment; it counts in the next one"


def assign_segments(
    places: Mapping[str, Place], segments: Sequence[Span], text: str | None
) -> tuple[dict[str, int], set[str]]:
    """Return the number of the segment with the first coded word of each place, and the codings without such a word.

    `segments` are those of one source, in order, as start and end. A selection may begin in the gap before its segment,
    or with the full stop before it: programs take the blank line along (ccbogel/QualCoder#1207). Without the text
    (None), what it begins with is taken for a word.
    """
    ends = [end for _, end in segments]
    numbers, outside = {}, set()
    for coding_id, place in places.items():
        if place.span is None or not ends:
            continue
        first = _find_word(place.span, text)
        number = min(bisect.bisect_right(ends, place.span[0] if first is None else first), len(ends) - 1)
        numbers[coding_id] = number
        inside = max(place.span[0], segments[number][0]), min(place.span[1], ends[number])
        if first is None or _find_word(inside, text) is None:
            outside.add(coding_id)
    return numbers, outside


def _find_word(span: Span, text: str | None) -> int | None:
    """Return the first character of a span that belongs to a word; its start if there is no text."""
    start, end = span
    found = re.search(r"\w", text[start:end]) if text is not None and start < end else None
    if text is None:
        return start if start < end else None
    return start + found.start() if found else None
