"""Who reads which pairs of a claim and a coding, in which order, and who may see what others read.

All of it follows from the table of people, the pairs, the seed and the study's config: nothing has to be recorded.

- The first of those with the role `reader`, in the order in which they were listed, read every pair: one of them each
  pair, if the config says that several share the first reading.
- Of each claim, a share of the places is drawn that somebody else reads again: one of the further readers, or of those
  who share the first reading if there are no further ones.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graylit.synthesis.readings import Pair
from graylit.tables.rows import Cells

DEFAULTS = {"second_reading": 0.25, "first_readers": 1}


@dataclass(frozen=True)
class Plan:
    """How a study has its claims read."""

    second_reading: float  # the share of the pairs of each claim that somebody else reads again
    first_readers: int  # how many share the first reading
    seed: int


def read_plan(config: Mapping[str, Any]) -> Plan:
    """Return how a study has its claims read, by the key `claims` of its config."""
    stated = {**DEFAULTS, **config.get("claims", {})}
    return Plan(float(stated["second_reading"]), int(stated["first_readers"]), int(config["seed"]))


def draw(seed: int, *words: str) -> int:
    """Return a number that looks random and depends on the seed and the words alone."""
    return int.from_bytes(hashlib.sha256("\n".join([str(seed), *words]).encode("utf-8")).digest()[:8], "big")


def choose_second(pairs: Iterable[Pair], plan: Plan, places: Mapping[str, str]) -> set[Pair]:
    """Return the pairs that are read twice: of the places of each claim the share that the plan asks for, one at least.

    `places` holds the place of each coding (`list_places`): the very same words are drawn together.
    """
    of_claim: dict[str, dict[str, list[Pair]]] = {}
    for pair in pairs:
        of_claim.setdefault(pair[0], {}).setdefault(places.get(pair[1], pair[1]), []).append(pair)
    chosen: set[Pair] = set()
    for claim_id, of_place in of_claim.items():
        drawn = sorted(of_place, key=lambda place: (draw(plan.seed, "second", claim_id, place), place))
        for place in drawn[: math.ceil(plan.second_reading * len(drawn))]:
            chosen |= set(of_place[place])
    return chosen


def assign_pairs(
    pairs: Sequence[Pair], readers: Sequence[str], plan: Plan, places: Mapping[str, str]
) -> dict[str, list[Pair]]:
    """Return the pairs that each reader is to read, in the order in which they come before that reader.

    `readers` are those who have the role, in the order in which they were listed; `places` is as for `choose_second`.
    """
    first = readers[: plan.first_readers]
    assigned: dict[str, list[Pair]] = {reader: [] for reader in readers}
    if not first:
        return assigned
    twice = choose_second(pairs, plan, places)
    for pair in pairs:
        claim_id, place = pair[0], places.get(pair[1], pair[1])
        chosen = first[draw(plan.seed, "first", claim_id, place) % len(first)]
        assigned[chosen].append(pair)
        others = [reader for reader in readers[len(first) :] or first if reader != chosen]
        if others and pair in twice:
            assigned[others[draw(plan.seed, "again", claim_id, place) % len(others)]].append(pair)
    return {reader: order_pairs(mine, reader, plan.seed) for reader, mine in assigned.items()}


def order_pairs(pairs: Iterable[Pair], reader: str, seed: int) -> list[Pair]:
    """Return pairs in an order drawn for a reader: claims one after the other, the codings of each shuffled."""

    def place(pair: Pair) -> tuple[int, str, int, str]:
        return draw(seed, reader, pair[0]), pair[0], draw(seed, reader, *pair), pair[1]

    return sorted(pairs, key=place)


def list_left(assigned: Mapping[str, Sequence[Pair]], readings: Iterable[Cells]) -> dict[str, list[Pair]]:
    """Return the pairs that each reader has still to read; `readings` are those in force (`list_of_now`)."""
    read = {(row["reader"], row["claim_id"], row["coding_id"]) for row in readings if not row.get("settles")}
    return {reader: [pair for pair in mine if (reader, *pair) not in read] for reader, mine in assigned.items()}


def may_see(person: str, left: Mapping[str, Collection[Pair]]) -> bool:
    """Return whether a person may see what others read: a reader, only if all are through; `left` as `list_left`."""
    return person not in left or not any(left.values())


def list_shown(person: str, left: Mapping[str, Collection[Pair]], readings: Iterable[Cells]) -> list[Cells]:
    """Return the readings that a person may see: all of them, or the person's own as long as readers are at work."""
    is_open = may_see(person, left)
    return [row for row in readings if is_open or (row["reader"] == person and not row.get("settles"))]
