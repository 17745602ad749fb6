"""How much of what is relevant was found, told by a sample of what is left.

References
----------
Callaghan and Müller-Hansen 2020, Statistical stopping criteria for automated screening in systematic reviews,
doi:10.1186/s13643-020-01521-4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

MOST_FOUND = 200  # of the last found, each is tried as the start of a sample; earlier starts never gave the lowest p


@dataclass(frozen=True)
class Sample:
    """A random sample of what was left: `n_drawn` of `n_left`, with `n_found` relevant ones; `n_before` were known."""

    n_before: int
    n_left: int
    n_drawn: int
    n_found: int

    @property
    def n_known(self) -> int:
        """The relevant ones that are known by now."""
        return self.n_before + self.n_found


@dataclass(frozen=True)
class Recall:
    """The share of the relevant that was found, with its interval; `n_missed` are expected among the unread."""

    value: float
    low: float
    high: float
    n_missed: float
    n_missed_most: int


def sum_hypergeometric(n_found: int, n_all: int, n_relevant: int, n_drawn: int) -> float:
    """Return how likely at most `n_found` of the `n_relevant` are among `n_drawn` of `n_all`, drawn at random."""
    least, most = max(0, n_drawn + n_relevant - n_all), min(n_found, n_drawn, n_relevant)
    if most < least:
        return 0.0
    whole = _log_choose(n_all, n_drawn)
    terms = [
        _log_choose(n_relevant, k) + _log_choose(n_all - n_relevant, n_drawn - k) - whole
        for k in range(least, most + 1)
    ]
    return min(1.0, math.fsum(map(math.exp, terms)))


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def count_needed(sample: Sample, target: float) -> int:
    """Return how many relevant ones there were at least among those left, if recall is now below the target."""
    all_at_target = Fraction(sample.n_known) / Fraction(str(target))
    return math.floor(all_at_target) - sample.n_before + 1


def reject_below(sample: Sample, target: float) -> float:
    """Return the p-value of the hypothesis that recall is below the target; 0 if no room is left for what that needs.

    A sample with so few relevant ones, or fewer, is as likely as that if just as many were left as a recall below the
    target needs, and less likely if more were.
    """
    needed = count_needed(sample, target)
    if needed - sample.n_found > sample.n_left - sample.n_drawn:
        return 0.0
    return sum_hypergeometric(sample.n_found, sample.n_left, needed, sample.n_drawn)


def estimate_recall(sample: Sample, confidence: float) -> Recall | None:
    """Return recall after a sample with its exact two-sided interval; None if nothing relevant or nothing was drawn."""
    if not sample.n_drawn or not sample.n_known:
        return None
    tail = (1 - confidence) / 2
    most = _find_most(sample, tail)
    least = _find_least(sample, tail)
    expected = sample.n_found * sample.n_left / sample.n_drawn
    low, value, high = (sample.n_known / (sample.n_before + n) for n in (most, expected, least))
    return Recall(value, low, high, expected - sample.n_found, most - sample.n_found)


def _find_most(sample: Sample, tail: float) -> int:
    """Return the largest number of relevant ones left that does not make so few in the sample too unlikely."""
    low, high = sample.n_found, sample.n_left - sample.n_drawn + sample.n_found
    while low < high:
        middle = (low + high + 1) // 2
        likely = sum_hypergeometric(sample.n_found, sample.n_left, middle, sample.n_drawn) > tail
        low, high = (middle, high) if likely else (low, middle - 1)
    return low


def _find_least(sample: Sample, tail: float) -> int:
    """Return the smallest number of relevant ones left that does not make so many in the sample too unlikely."""
    low, high = sample.n_found, sample.n_left - sample.n_drawn + sample.n_found
    while low < high:
        middle = (low + high) // 2
        fewer = sum_hypergeometric(sample.n_found - 1, sample.n_left, middle, sample.n_drawn) if sample.n_found else 0.0
        low, high = (low, middle) if 1 - fewer > tail else (middle + 1, high)
    return low


def reject_by_order(marks: Sequence[bool], n_all: int, target: float) -> float:
    """Return the p-value that recall is below the target if the end of an order is taken for a random sample.

    `marks` say in the order of screening what was relevant. It holds if what was screened last was no less likely
    relevant than what is left, as after a ranking that is no worse than chance. Of all samples that end at the last
    decision, the one with the lowest p-value is taken, as its authors do; each starts after a relevant one, since a
    longer sample with as many relevant ones has a lower p-value.
    """
    starts = [0, *(number for number, mark in enumerate(marks, start=1) if mark)][-MOST_FOUND:]
    n_known, n_read = sum(marks), len(marks)
    p_values = []
    for n_found, start in enumerate(reversed(starts)):
        sample = Sample(n_known - n_found, n_all - start, n_read - start, n_found)
        p_values.append(reject_below(sample, target))
    return min(p_values) if n_known else 1.0


def plan_sample(sample: Sample, target: float, alpha: float) -> int:
    """Return how many must be drawn in all until recall can be shown to reach the target.

    `sample` says what is known; it is taken that no more of what is drawn is relevant.
    """
    low, high = sample.n_found, sample.n_left
    while low < high:
        middle = (low + high) // 2
        drawn = Sample(sample.n_before, sample.n_left, middle, sample.n_found)
        low, high = (low, middle) if reject_below(drawn, target) <= alpha else (middle + 1, high)
    return low
