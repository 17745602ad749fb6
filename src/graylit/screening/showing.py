"""Which candidate a screener is shown next, while the model learns in the background.

A model takes up to a second to learn, and no answer waits for it: candidates come from the order at hand until the
next one is made. Each candidate is handed out with what its row keeps of its order.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from graylit.screening.ranking import Order, Ranker
from graylit.screening.stopping import list_decided
from graylit.tables.rows import Cells
from graylit.tables.screening import DRAWN, LISTED, RANKED


@dataclass(frozen=True)
class Shown:
    """A candidate, and how it came before the screener: the cells of its row that say so."""

    candidate_id: str
    order: Order

    @property
    def cells(self) -> dict[str, str]:
        """What a row of `screenings` keeps of the order."""
        return {
            "shown": self.order.shown,
            "rank": str(self.order.ranks[self.candidate_id]),
            "n_learnt": str(self.order.n_learnt),
            "order_sha256": self.order.sha256,
            "n_pages": str(self.order.n_pages or ""),
        }


class Showing:
    """What one screener is shown in one round; `own` are always this screener's rows of the round, and no others."""

    def __init__(self, ranker: Ranker, screener: str, own: Sequence[Cells]) -> None:
        """Begin with the candidates as they are listed; the model begins to learn at once."""
        self.ranker, self.screener = ranker, screener
        self._changed = threading.Condition()
        self._asked: list[Cells] | None = None
        self._is_learning, self._n_given = False, -1
        self._ranked = self._make(LISTED, own)
        self._drawn: Order | None = None
        threading.Thread(target=self._learn_on, name="ranking", daemon=True).start()
        self.learn(own)

    @property
    def order(self) -> Order:
        """The order in which candidates are shown now."""
        return self._drawn or self._ranked

    @property
    def is_drawing(self) -> bool:
        """Whether candidates are drawn at random."""
        return self._drawn is not None

    def learn(self, own: Sequence[Cells]) -> None:
        """Have the model learn from these rows as soon as it is done with those before; nothing waits for it.

        Rows are only ever added, so as many rows as before are the same rows.
        """
        with self._changed:
            if len(own) != self._n_given:
                self._n_given, self._asked = len(own), list(own)
                self._changed.notify_all()

    def choose(self, left: Collection[str]) -> Shown | None:
        """Return the first candidate of the order among those that are left; None if it has none of them."""
        order, left = self.order, frozenset(left)
        candidate_id = next((name for name in order.candidate_ids if name in left), None)
        return Shown(candidate_id, order) if candidate_id else None

    def draw(self, own: Sequence[Cells]) -> None:
        """Draw what is shown at random from now on, from all that is left."""
        self._drawn = self._make(DRAWN, own)

    def end_drawing(self) -> None:
        """Go back to the ranked order."""
        self._drawn = None

    def await_order(self, timeout_s: float) -> bool:
        """Wait until the model has learnt from all that it was given; return whether it has."""
        with self._changed:
            return self._changed.wait_for(lambda: self._asked is None and not self._is_learning, timeout_s)

    def _make(self, shown: str, own: Sequence[Cells]) -> Order:
        return self.ranker.make(shown, _list_words(own), len(own), self.screener)

    def _learn_on(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked is not None)
                own, self._asked, self._is_learning = self._asked or [], None, True
            order = self._make(RANKED, own)
            with self._changed:
                self._ranked, self._is_learning = order, False
                self._changed.notify_all()


def _list_words(own: Sequence[Cells]) -> Mapping[str, str]:
    """Return what is decided on each candidate."""
    return {candidate_id: row["decision"] for candidate_id, row in list_decided(own).items()}
