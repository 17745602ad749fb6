"""What is known of a page that a search found, and how likely two of them are one page."""

from __future__ import annotations

from typing import NamedTuple

# From which score a pair is shown to people. Measured with benchmarks/bench_duplicates.py on half of the hosts.
MIN_SCORE = 0.7
SURE = 1.0
SAME_TITLE = 0.8  # from which two titles speak for one page


class Hit(NamedTuple):
    """What is known of a page before anybody has read it."""

    candidate_id: str
    url: str
    title: str = ""


class Verdict(NamedTuple):
    """How likely two hits are one page, by which sign, and what it rests on; a score of 1 needs no decision."""

    sign: str
    score: float
    detail: str
