"""How far each screener is, and what stays hidden as long as one of them is not through.

Who still decides must not be led by what others decided. So a review, a check and the desk count a candidate as open
until every listed screener is through, also if some have decided on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from graylit.screening.deciding import find_settlements, list_current
from graylit.tables.rows import Cells
from graylit.tables.screening import DRAWN


@dataclass(frozen=True)
class Queue:
    """One screener's candidates, each page once: how many there are, and which of them are left."""

    screener: str
    n_pages: int
    left: tuple[str, ...]
    has_stopped: bool = False  # whether the protocol's rule to stop holds, so that nothing more need be read

    @property
    def n_decided(self) -> int:
        """The pages on which the screener has decided, or that are settled."""
        return self.n_pages - len(self.left)

    @property
    def is_through(self) -> bool:
        """Whether the screener need not read on."""
        return self.has_stopped or not self.left


def group_by_page(screenings: Iterable[Cells], stand_ins: Mapping[str, str]) -> dict[str, list[Cells]]:
    """Return the decisions in force on each page, by the candidate that stands for it, in the order of candidates."""
    of_page: dict[str, list[Cells]] = {page: [] for page in stand_ins.values()}
    for row in list_current(screenings):
        if page := stand_ins.get(row.get("candidate_id", "")):
            of_page[page].append(row)
    return of_page


def list_queues(
    screeners: Iterable[str],
    screenings: Collection[Cells],
    stand_ins: Mapping[str, str],
    stopping: Mapping[str, float] | None = None,
) -> list[Queue]:
    """Return how far each screener is: a page is left without a settlement or a decision in the page's last round.

    `stopping` is the config's section of the rule to stop.
    """
    of_page = group_by_page(screenings, stand_ins)
    decided = {page: _name_last(rows) for page, rows in of_page.items() if not find_settlements(rows)}
    queues = []
    for name in screeners:
        left = tuple(page for page, names in decided.items() if name not in names)
        is_enough = bool(left) and _has_stopped(name, screenings, list(of_page), stopping or {})
        queues.append(Queue(name, len(of_page), left, is_enough))
    return queues


def _name_last(rows: Iterable[Cells]) -> set[str]:
    """Return who decided in the last round."""
    rows = list(rows)
    last = max((int(row["round"]) for row in rows), default=0)
    return {row["screener"] for row in rows if int(row["round"]) == last}


def _has_stopped(name: str, screenings: Iterable[Cells], pages: Sequence[str], stated: Mapping[str, float]) -> bool:
    own = [row for row in screenings if row["screener"] == name]
    last = max((row["round"] for row in own), key=int, default="1")
    return has_stopped([row for row in own if row["round"] == last and not row["settles"]], pages, stated)


def has_stopped(own: Collection[Cells], pages: Collection[str], stated: Mapping[str, float]) -> bool:
    """Return whether a screener may stop by the rule, as the config states it; `own` are their rows of a round."""
    if not any(row.get("shown") == DRAWN for row in own):
        return False
    from graylit.screening.stopping import read_stop_rule, take_stock

    return take_stock(own, pages, read_stop_rule({"stopping": stated})).holds


def list_waiting(queues: Sequence[Queue]) -> list[Queue]:
    """Return the screeners who keep others blind: those who are not through, if there are others."""
    return [queue for queue in queues if not queue.is_through] if len(queues) > 1 else []


def list_hidden(
    queues: Sequence[Queue],
    screenings: Collection[Cells],
    stand_ins: Mapping[str, str],
    known: Collection[str] = (),
) -> set[str]:
    """Return the candidates that count as open whatever was decided on them; none if all screeners are through.

    A settlement is shown, and a decision of all screeners on a candidate that is a source already: `known` names the
    candidates whose pages are.
    """
    if not list_waiting(queues):
        return set()
    left = {page for queue in queues for page in queue.left}
    sources = {stand_ins.get(candidate_id, candidate_id) for candidate_id in known}
    of_page = group_by_page(screenings, stand_ins)
    shown = {page for page, rows in of_page.items() if find_settlements(rows) or (page in sources and page not in left)}
    return {candidate_id for candidate_id, page in stand_ins.items() if page not in shown}


def tell_queues(queues: Iterable[Queue]) -> str:
    """Return how many candidates each screener has decided on, such as 'ANNA: 265 of 265, BEN: 0 of 265'."""
    return ", ".join(f"{queue.screener}: {queue.n_decided:,} of {queue.n_pages:,}" for queue in queues)
