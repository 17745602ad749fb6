"""The rule by which a protocol stops reading hits, and the hit after which it held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graylit.search.gathered_hits import Find, Finds


@dataclass(frozen=True)
class Rule:
    """Stop when so many hits in a row brought at most so many new candidates, or new included ones."""

    n_hits: int
    n_new: int
    is_of_included: bool


def read_rule(config: Mapping[str, Any]) -> Rule | None:
    """Return the rule of a config; None if it states none."""
    stated = config.get("search", {}).get("stop_after")
    return Rule(stated["hits"], stated["new"], stated["of"] == "included") if stated else None


def mark_new(finds: Iterable[Find], among: frozenset[str] | None = None) -> list[bool]:
    """Return for each hit whether its candidate is found first there; `among` names the candidates that count."""
    seen: set[str] = set()
    marks = []
    for find in finds:
        counts = bool(find.candidate_id) and (among is None or find.candidate_id in among)
        marks.append(counts and find.candidate_id not in seen)
        seen.add(find.candidate_id)
    return marks


def find_stop(marks: Sequence[bool], rule: Rule) -> int | None:
    """Return the number of hits after which a rule held first; None if it never did."""
    n_new = 0
    for number, mark in enumerate(marks, start=1):
        n_new += mark - (marks[number - 1 - rule.n_hits] if number > rule.n_hits else 0)
        if number >= rule.n_hits and n_new <= rule.n_new:
            return number
    return None


def list_stops(finds: Finds, rule: Rule | None) -> dict[str, int | None]:
    """Return for each search, and for all together, the number of hits after which the rule held."""
    if rule is None:
        return {}
    among = finds.included if rule.is_of_included else None
    return {key: find_stop(mark_new(listed, among), rule) for key, listed in finds.in_order.items()}
