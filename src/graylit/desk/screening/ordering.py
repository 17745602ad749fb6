"""Which candidate comes next: the seam at which an order may be learnt from a screener's own decisions.

An order learns from nothing but the decisions of the screener whom it serves: what others decided must not show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from graylit.desk.screening.screenings import Screenings
from graylit.desk.tasks import DecisionError
from graylit.preparation.candidate_words import read_pages, read_ranker
from graylit.screening.showing import Showing
from graylit.screening.stopping import is_ranked
from graylit.study.study import Study
from graylit.tables.rows import Cells
from graylit.tables.screening import LISTED


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
        return Choice(left[0], {"shown": LISTED})


class RankedOrder:
    """The order that a model learns from the screener's own rows, or the random order of a sample of what is left."""

    def __init__(self, showing: Showing, own: Callable[[], Sequence[Cells]]) -> None:
        """Take the rows from `own`: those of the screener in the round, and no others."""
        self.showing, self._list_own = showing, own

    def choose(self, left: Sequence[str], decided: Mapping[str, Cells]) -> Choice:
        """Return the first one that is left in the order at hand; candidates that came later are as they are listed."""
        self.showing.learn(self._list_own())
        shown = self.showing.choose(left)
        return Choice(shown.candidate_id, shown.cells) if shown else Choice(left[0], {"shown": LISTED})

    def switch(self, kind: str) -> None:
        """Draw at random from now on, or go back to the ranked order."""
        if kind not in ("draw", "rank"):
            raise DecisionError("What is left is ranked, or drawn at random.")
        if kind == "rank":
            self.showing.end_drawing()
        elif not self.showing.is_drawing:
            self.showing.draw(self._list_own())


def open_order(folder: Path, study: Study, screenings: Screenings, screener: str, number: int) -> Order:
    """Return the order in which a screener goes through the candidates: ranked if the study asks for it."""
    if not is_ranked(study.config):
        return TableOrder()

    def list_own() -> Sequence[Cells]:
        return screenings.rows[screener, number]

    return RankedOrder(Showing(read_ranker(study, read_pages(folder, study)), screener, list_own()), list_own)
