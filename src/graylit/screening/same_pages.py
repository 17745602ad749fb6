"""Which candidates are one page, and which of them stands for it: by rows of people, and by what needs no row."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from graylit.tables.rows import Cells
from graylit.tables.screening import MERGED


class Pair(NamedTuple):
    """Two candidates, in the order of their ids."""

    first: str
    second: str


def make_pair(one: str, other: str) -> Pair:
    """Return two candidates as a pair."""
    return Pair(min(one, other), max(one, other))


def settle_pairs(duplicates: Iterable[Cells]) -> dict[Pair, Cells]:
    """Return the row in force for each pair: the last in the table, since rows are only ever added."""
    return {make_pair(row["candidate_id"], row["other_id"]): row for row in duplicates}


def list_merged(rows: Iterable[Cells]) -> list[Pair]:
    """Return the pairs of the table `duplicate_candidates` that need no decision."""
    return [make_pair(row["candidate_id"], row["other_id"]) for row in rows if row["status"] == MERGED]


class Groups:
    """Candidates that are one page, group by group, and the groups that people declared different."""

    def __init__(self) -> None:
        self._leader: dict[str, str] = {}
        self._apart: dict[str, set[str]] = {}

    def find(self, candidate_id: str) -> str:
        """Return what all candidates of a group have in common: one of them."""
        passed = []
        while (leader := self._leader.get(candidate_id, candidate_id)) != candidate_id:
            passed.append(candidate_id)
            candidate_id = leader
        self._leader.update(dict.fromkeys(passed, candidate_id))
        return candidate_id

    def part(self, pair: Pair) -> None:
        """Keep the groups of two candidates apart from now on; those that are one already stay so."""
        for one, other in (pair, pair[::-1]):
            self._apart.setdefault(self.find(one), set()).add(other)

    def can_join(self, pair: Pair) -> bool:
        """Return whether the groups of two candidates are one, or were not parted."""
        first, second = map(self.find, pair)
        return first == second or not any(self.find(other) == second for other in self._apart.get(first, ()))

    def join(self, pair: Pair) -> None:
        """Make the groups of two candidates one, unless they were parted."""
        first, second = map(self.find, pair)
        if first != second and self.can_join(pair):
            self._leader[second] = first
            self._apart.setdefault(first, set()).update(self._apart.pop(second, ()))


def group_declared(candidates: Iterable[Cells], settled: Mapping[Pair, Cells]) -> Groups:
    """Return the groups that people made: by `duplicate_of`, and by their decisions on pairs."""
    groups = Groups()
    for row in candidates:
        if row.get("duplicate_of"):
            groups.join(make_pair(row["candidate_id"], row["duplicate_of"]))
    for decision, settle in (("same", groups.join), ("different", groups.part)):
        for pair, row in settled.items():
            if row["decision"] == decision:
                settle(pair)
    return groups


def choose_stand_ins(
    candidates: Iterable[Cells], duplicates: Iterable[Cells], sure: Iterable[Pair] = (), screened: Container[str] = ()
) -> dict[str, str]:
    """Return the candidate that stands for each one's page: itself, or another of its group.

    `sure` are pairs that need no decision; they join no groups that people parted. Of a group, the candidate stands for
    the page that others name in `duplicate_of`, else the first in the table that was screened, else the first.
    """
    candidates = list(candidates)
    groups = group_declared(candidates, settle_pairs(duplicates))
    for pair in sure:
        groups.join(pair)
    named = {row["duplicate_of"]: row for row in candidates if row.get("duplicate_of")}
    ids = {row["candidate_id"]: row for row in candidates if row.get("candidate_id")}
    leaders: dict[str, tuple[int, str]] = {}
    for candidate_id, row in (named | ids).items():
        is_duplicate = candidate_id in ids and bool(row.get("duplicate_of"))
        rank = 3 if is_duplicate else 0 if candidate_id in named else 1 if candidate_id in screened else 2
        group = groups.find(candidate_id)
        if group not in leaders or rank < leaders[group][0]:
            leaders[group] = (rank, candidate_id)
    return {candidate_id: leaders[groups.find(candidate_id)][1] for candidate_id in ids}
