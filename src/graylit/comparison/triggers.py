"""The triggers that a protocol states for an update: how old the search is, how much is new, how much is lost."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graylit.tables.rows import Cells
from graylit.tables.updating import NEW_HITS, NOTHING_NEW

YEAR_DAYS = 365.25
NAMES = ("years", "new_candidates", "lost_evidence")


@dataclass(frozen=True)
class Trigger:
    """A trigger of the protocol: its limit, the value now, whether it holds (None: unknown), and what it rests on."""

    name: str
    limit: float
    value: float | None
    detail: str

    @property
    def holds(self) -> bool | None:
        """Return whether the limit is reached; None if that is not known."""
        return None if self.value is None else self.value >= self.limit


def find_search_date(
    searches: Iterable[Cells], candidates: Iterable[Cells], undecided: Collection[str], updates: Iterable[Cells]
) -> str:
    """Return the day up to which the web was searched and everything found was decided; '' if no search has a date.

    A search counts if none of its candidates is open; one that was made again and brought nothing new counts, too.
    """
    waiting = {row["found_by"] for row in candidates if row["candidate_id"] in undecided}
    days = [row["searched_at"][:10] for row in searches if row["search_id"] not in waiting and row["searched_at"]]
    if not waiting:
        days += [row["at"][:10] for row in updates if row["outcome"] in (NOTHING_NEW, NEW_HITS)]
    return max(days, default="")


def evaluate_triggers(
    config: Mapping[str, Any], searched: str, today: str, n_new: int, lost: tuple[int, int]
) -> list[Trigger]:
    """Return the triggers that a config states; `lost` are the codings lost, and all that were placed.

    `searched` is the day of the last whole search, `n_new` the number of new candidates that nobody has decided on.
    """
    stated: Mapping[str, float] = config.get("update", {})
    years = None
    if searched:
        days = datetime.date.fromisoformat(today[:10]) - datetime.date.fromisoformat((searched + "-01-01")[:10])
        years = round(days.days / YEAR_DAYS, 2)
    n_lost, n_all = lost
    found: dict[str, tuple[float | None, str]] = {
        "years": (years, f"last searched and decided up to {searched}" if searched else "no search has a date"),
        "new_candidates": (n_new, "candidates that an update found and nobody has decided on"),
        "lost_evidence": (n_lost / n_all if n_all else None, f"{n_lost:,} of {n_all:,} codings"),
    }
    return [Trigger(name, stated[name], *found[name]) for name in NAMES if name in stated]
