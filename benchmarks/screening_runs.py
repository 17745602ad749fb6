"""Screenings by a script that decides as a review's authors did: in ranked order, and until a rule to stop holds."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from graylit.measures.recall import Sample, reject_below, reject_by_order
from graylit.screening.ranking import CandidateWords, Ranker, draw_order
from graylit.screening.stopping import HINT

ALPHA = 0.05
N_EXACT = 50  # decisions after each of which the model learns anew in the runs of the rule; then ever more rarely


class Screening(NamedTuple):
    """The records of a published review, and whether its authors included each."""

    name: str
    texts: list[CandidateWords]
    included: list[bool]


def screen_ranked(screening: Screening, ranker: Ranker, priors: Sequence[int], *, is_slow: bool = True) -> list[int]:
    """Return the records in the order in which they are read, until all that are relevant were found.

    If it need not be slow, several records are taken from one order once there are many decisions.
    """
    place_of = {text.candidate_id: at for at, text in enumerate(screening.texts)}
    read, n_relevant = list(priors), sum(screening.included)
    while sum(screening.included[at] for at in read) < n_relevant:
        decided = {screening.texts[at].candidate_id: "include" if screening.included[at] else "exclude" for at in read}
        order = ranker.rank(decided, len(read))
        n_taken = 1 if is_slow else max(1, (len(read) - N_EXACT) // 10)
        read += [place_of[name] for name in order.candidate_ids[:n_taken]]
    return read[len(priors) :]


def measure_loss(marks: Sequence[bool]) -> float:
    """Return ASReview's loss of an order: 0 if all relevant ones come first, 1 if they come last."""
    n_relevant, n_all = sum(marks), len(marks)
    area = sum(itertools.accumulate(marks))
    return (n_relevant * (n_all - (n_relevant - 1) / 2) - area) / (n_relevant * (n_all - n_relevant))


def measure_saved(marks: Sequence[bool], recall: float) -> float:
    """Return the work saved over sampling at a recall (WSS): the share not read, less what chance would save."""
    needed = math.ceil(recall * sum(marks) - 1e-9)
    n_read = next(n for n, found in enumerate(itertools.accumulate(marks), start=1) if found >= needed)
    return (len(marks) - n_read) / len(marks) - (1 - recall)


def stop_by_order(
    screening: Screening, ranker: Ranker, order: Sequence[int], recall: float, alpha: float = ALPHA
) -> tuple[float, float]:
    """Return recall and share screened where the end of the ranked order, taken for a sample, shows the recall."""
    marks = [screening.included[at] for at in complete(screening, order)]
    n_read = find_stop(marks, recall, alpha)
    return sum(marks[:n_read]) / sum(marks), n_read / len(marks)


def find_stop(marks: Sequence[bool], recall: float, alpha: float) -> int:
    """Return after how many the end of an order first shows a recall."""
    steps = range(2, len(marks), max(1, len(marks) // 200))
    return next((n for n in steps if reject_by_order(marks[:n], len(marks), recall) <= alpha), len(marks))


def complete(screening: Screening, order: Sequence[int]) -> list[int]:
    """Return an order with the records after its end; none of them is relevant."""
    known = set(order)
    return [*order, *(at for at in range(len(screening.texts)) if at not in known)]


def stop_by_rule(screening: Screening, ranker: Ranker, order: Sequence[int], recall: float) -> tuple[float, float]:
    """Return recall and share screened where the rule holds: ranked until the hint, then drawn at random."""
    whole = complete(screening, order)
    marks = [screening.included[at] for at in whole]
    start = find_stop(marks, recall, HINT)
    n_before, n_left = sum(marks[:start]), len(marks) - start
    n_found = n_drawn = 0
    for mark in draw_marks(screening, ranker, whole[:start]):
        if reject_below(Sample(n_before, n_left, n_drawn, n_found), recall) <= ALPHA:
            break
        n_drawn, n_found = n_drawn + 1, n_found + mark
    return (n_before + n_found) / sum(marks), (start + n_drawn) / len(marks)


def draw_marks(screening: Screening, ranker: Ranker, read: Sequence[int]) -> Iterator[bool]:
    """Yield whether each record is relevant of those left, in the random order of the seed."""
    place_of = {text.candidate_id: at for at, text in enumerate(screening.texts)}
    decided = {screening.texts[at].candidate_id: "exclude" for at in read}
    order = draw_order(ranker.candidate_ids, decided, len(read), seed=ranker.seed, screener="bench")
    for name in order.candidate_ids:
        yield screening.included[place_of[name]]
