"""When one screener may stop: the curve of what was found, the estimate of recall, and the protocol's rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graylit.measures.recall import Recall, Sample, estimate_recall, plan_sample, reject_below, reject_by_order
from graylit.screening.deciding import list_current
from graylit.tables.rows import Cells
from graylit.tables.screening import DRAWN, LISTED, RANKED

DEFAULTS = {"recall": 0.95, "confidence": 0.95}  # what Callaghan and Müller-Hansen (2020) measure their rule with
MOST_POINTS = 200  # of a curve: more cannot be told apart on a screen
HINT = 0.5  # of the p-value by the order: from here on its authors begin to draw at random


@dataclass(frozen=True)
class StopRule:
    """Stop if recall is shown to be at least `recall`, with this confidence."""

    recall: float
    confidence: float

    @property
    def alpha(self) -> float:
        """The p-value at which the rule holds, free of the last digits that a subtraction leaves."""
        return round(1 - self.confidence, 12)


@dataclass(frozen=True)
class Standing:
    """How far one screener is: what was decided, in order, of how many candidates, and what that says of the rest."""

    marks: tuple[bool, ...]  # in the order of screening: whether it may be relevant (included, or unsure)
    n_shown: Mapping[str, int]  # by how candidates were shown; '' for rows that do not say
    n_all: int
    rule: StopRule
    sample: Sample | None
    estimate: Recall | None
    p_sample: float | None  # that recall is below the rule's, by the sample
    p_order: float  # by the order, if it is no worse than chance

    @property
    def holds(self) -> bool:
        """Whether the rule holds: by a sample drawn at random, or since nothing is left."""
        return len(self.marks) == self.n_all or (self.p_sample is not None and self.p_sample <= self.rule.alpha)

    @property
    def n_planned(self) -> int:
        """How many must be drawn in all until the rule can hold, if no more of them are relevant."""
        start = self.sample or Sample(sum(self.marks), self.n_all - len(self.marks), 0, 0)
        return plan_sample(start, self.rule.recall, self.rule.alpha)


def is_ranked(config: Mapping[str, Any]) -> bool:
    """Return whether a study ranks what is left to screen."""
    return bool(config.get("screening", {}).get("rank"))


def read_stop_rule(config: Mapping[str, Any]) -> StopRule:
    """Return the protocol's rule to stop."""
    stated = {**DEFAULTS, **config.get("stopping", {})}
    return StopRule(stated["recall"], stated["confidence"])


def list_own(screenings: Iterable[Cells], screener: str, number: str) -> list[Cells]:
    """Return the rows that a screener decided in a round, in the order of the table; all that settles is left aside."""
    settling: set[str] = set()
    own = []
    for row in screenings:
        if row["settles"] or row.get("replaces") in settling:
            settling.add(row.get("screening_id", ""))
        elif row["screener"] == screener and row["round"] == number:
            own.append(row)
    return own


def list_decided(own: Iterable[Cells]) -> dict[str, Cells]:
    """Return the row in force of each candidate, in the order in which they were first decided."""
    own = list(own)
    decided = {row["candidate_id"]: row for row in list_current(own)}
    return {name: decided[name] for name in dict.fromkeys(row["candidate_id"] for row in own) if name in decided}


def find_sample(decided: Sequence[Cells], n_all: int) -> Sample | None:
    """Return the random sample that a screening ends in; None if it does not end in one."""
    first = len(decided)
    while first and decided[first - 1].get("shown") == DRAWN:
        first -= 1
    if first == len(decided):
        return None
    n_before, n_found = (sum(map(may_be_relevant, part)) for part in (decided[:first], decided[first:]))
    return Sample(n_before, n_all - first, len(decided) - first, n_found)


def may_be_relevant(row: Cells) -> bool:
    """Return whether a decision may lead to a source; an unsure one counts as found, which delays the rule."""
    return row["decision"] in ("include", "unsure")


def take_stock(own: Iterable[Cells], candidate_ids: Iterable[str], rule: StopRule) -> Standing:
    """Return how far a screener is with the candidates that are asked for; `own` are their rows in order."""
    asked = set(candidate_ids)
    decided = [row for candidate_id, row in list_decided(own).items() if candidate_id in asked]
    marks = tuple(map(may_be_relevant, decided))
    shown = [row.get("shown", "") for row in decided]
    sample = find_sample(decided, len(asked))
    return Standing(
        marks=marks,
        n_shown={how: shown.count(how) for how in (LISTED, RANKED, DRAWN, "") if how in shown},
        n_all=len(asked),
        rule=rule,
        sample=sample,
        estimate=estimate_recall(sample, rule.confidence) if sample else None,
        p_sample=reject_below(sample, rule.recall) if sample and sample.n_known else None,
        p_order=reject_by_order(marks, len(asked), rule.recall),
    )


def draw_curve(marks: Sequence[bool]) -> list[tuple[int, int]]:
    """Return how many were found after how many were screened, thinned to what a screen can show."""
    points, n_found = [(0, 0)], 0
    step = max(1, len(marks) // MOST_POINTS)
    for number, mark in enumerate(marks, start=1):
        n_found += mark
        if number % step == 0 or number == len(marks):
            points.append((number, n_found))
    return points
