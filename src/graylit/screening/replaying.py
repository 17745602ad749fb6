"""Orders of screening made again, and decisions whose place in theirs does not follow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from graylit.screening.ranking import Order, Ranker
from graylit.screening.stopping import list_decided, list_own
from graylit.tables.rows import Cells


class Place(NamedTuple):
    """The place that a decision's row states, the one it has in the order made again, and whether inputs are alike."""

    screening_id: str
    candidate_id: str
    shown: str
    stated: str
    found: int | None  # None if the candidate is not in the order
    is_alike: bool  # whether the order was made of the same decisions, texts, seed and versions

    @property
    def follows(self) -> bool:
        """Whether the row has the place that the order gives it."""
        return self.found is not None and self.stated == str(self.found)


def list_queues(screenings: Sequence[Cells]) -> list[tuple[str, str]]:
    """Return each screener and round with rows that state a place in an order, sorted."""
    return sorted({(row["screener"], row["round"]) for row in screenings if row.get("rank")})


def replay_orders(screenings: Sequence[Cells], make_ranker: Callable[[int], Ranker]) -> Iterator[Place]:
    """Yield the place of each decision that states one, each order made again from the rows that were before it.

    `make_ranker` returns what ranks with the words of so many pages, those that were captured first.
    """
    rankers: dict[int, Ranker] = {}
    for screener, number in list_queues(screenings):
        own = list_own(screenings, screener, number)
        made: dict[tuple[str, str, int], Order] = {}
        for row in own:
            if row.get("rank"):
                n_pages = int(row.get("n_pages") or 0)
                if n_pages not in rankers:
                    rankers = {n_pages: make_ranker(n_pages)}  # one at a time: its vectors are large
                key = row["shown"], row["n_learnt"], n_pages
                if key not in made:  # rows of one order follow each other
                    made = {key: _make(rankers[n_pages], own, row["shown"], row["n_learnt"], screener)}
                yield _hold(row, made[key])


def _make(ranker: Ranker, own: Sequence[Cells], shown: str, n_learnt: str, screener: str) -> Order:
    n_rows = min(int(n_learnt or 0), len(own))
    decided = {name: row["decision"] for name, row in list_decided(own[:n_rows]).items()}
    return ranker.make(shown, decided, n_rows, screener)


def _hold(row: Cells, order: Order) -> Place:
    is_alike = row.get("order_sha256") == order.sha256 and row["shown"] == order.shown
    found = order.ranks.get(row["candidate_id"])
    return Place(row["screening_id"], row["candidate_id"], row["shown"], row.get("rank", ""), found, is_alike)
