"""What hits found: their candidates search by search and rank by rank, in the order in which searches were made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graylit.tables.rows import Cells
from graylit.tables.search_figures import TOGETHER


@dataclass(frozen=True)
class Find:
    """A hit: its rank, and its candidate, or why it has none."""

    search_id: str
    rank: int
    candidate_id: str
    left_out: str = ""


@dataclass(frozen=True)
class Finds:
    """The hits of a review by search, searches in the order in which they were made; and what became of candidates."""

    of_search: Mapping[str, Sequence[Find]]
    included: frozenset[str]
    undecided: frozenset[str]

    @property
    def in_order(self) -> dict[str, Sequence[Find]]:
        """The hits of each search, and of all searches together, one after the other."""
        return {**self.of_search, TOGETHER: [find for finds in self.of_search.values() for find in finds]}

    @property
    def candidates(self) -> dict[str, frozenset[str]]:
        """The candidates of each search."""
        return {key: list_candidates(finds) for key, finds in self.of_search.items()}


def list_candidates(finds: Iterable[Find]) -> frozenset[str]:
    """Return the candidates that hits lead to."""
    return frozenset(find.candidate_id for find in finds if find.candidate_id)


def order_searches(searches: Iterable[Cells]) -> list[Cells]:
    """Return searches by the time when they were made; those of no known time come last."""
    return sorted(searches, key=lambda row: (not row["searched_at"], row["searched_at"], row["search_id"]))


def gather_finds(
    searches: Iterable[Cells], hits: Iterable[Cells], decisions: Iterable[Cells], stand_ins: Mapping[str, str]
) -> Finds:
    """Return the hits, each with the candidate that stands for the page of its own (`choose_stand_ins`).

    `searches` are the rows in force, `decisions` those of the table `screening_decisions`.
    """
    of_search: dict[str, list[Find]] = {row["search_id"]: [] for row in order_searches(searches)}
    for row in hits:
        candidate_id = stand_ins.get(row["candidate_id"], row["candidate_id"])
        find = Find(row["search_id"], int(row["rank"]), candidate_id, row["left_out"])
        of_search.setdefault(row["search_id"], []).append(find)
    ordered = {key: sorted(finds, key=lambda find: find.rank) for key, finds in of_search.items()}
    decided: dict[str, set[str]] = {"include": set(), "open": set()}
    for row in decisions:
        decided.setdefault(row["decision"], set()).add(row["candidate_id"])
    return Finds(ordered, frozenset(decided["include"]), frozenset(decided["open"]))
