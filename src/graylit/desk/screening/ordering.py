"""Which candidate comes next: the seam at which an order may be learnt from a screener's own decisions.

An order learns from nothing but the decisions of the screener whom it serves: what others decided must not show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from graylit.desk.screening.candidates import Candidates
from graylit.desk.tasks import Visit
from graylit.study.study import Study
from graylit.tables.rows import Cells


@dataclass(frozen=True)
class Choice:
    """The candidate that comes next, and the cells of screenings.csv that say how it came to be (none, in order)."""

    candidate_id: str
    kept: Cells = field(default_factory=dict)


class Order(Protocol):
    """What puts the candidates that are left in order; asked for each one, so it answers within milliseconds."""

    def choose(self, left: Sequence[str], decided: Mapping[str, Cells]) -> Choice:
        """Return which of the candidates that are left (in the order of the table, at least one) comes next.

        `decided` are the screener's own decisions in force, by candidate.
        """


class TableOrder:
    """The order of the table of candidates."""

    def choose(self, left: Sequence[str], decided: Mapping[str, Cells]) -> Choice:
        """Return the first one that is left."""
        return Choice(left[0])


def open_order(visit: Visit, study: Study, candidates: Candidates) -> Order:
    """Return the order in which a screener goes through the candidates."""
    return TableOrder()
