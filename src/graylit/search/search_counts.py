"""What each search brought: its hits and candidates, those new along its hits, those included rank by rank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from graylit.search.gathered_hits import Find, Finds, list_candidates
from graylit.search.stopping import Rule, list_stops, mark_new
from graylit.tables.rows import Cells, Values
from graylit.tables.search_figures import TOGETHER

BAND = 10  # hits of a row of the curve and of the ranks: what engines show on a page
NOT_STATED = "not stated"


def count_searches(finds: Finds, searches: Iterable[Cells], rule: Rule | None) -> list[Values]:
    """Return what each search brought, and all together; nothing without a search."""
    if not finds.of_search:
        return []
    rows = {row["search_id"]: row for row in searches}
    candidates, stops = finds.candidates, list_stops(finds, rule)
    n_searches = Counter(candidate_id for found in candidates.values() for candidate_id in found)
    n_read = {key: int(rows[key]["n_read"] or len(listed)) or None for key, listed in finds.of_search.items()}
    counted: list[Values] = []
    seen: set[str] = set()
    for key, listed in finds.of_search.items():
        alone = frozenset(found for found in candidates[key] if n_searches[found] == 1)
        row = _count(finds, key, listed, alone, candidates[key] - seen)
        counted.append({**row, "n_reported": rows[key]["n_reported"] or None, "n_read": n_read[key]})
        seen |= candidates[key]
    whole = list_candidates(finds.in_order[TOGETHER])
    alone = frozenset(found for found in whole if n_searches[found] == 1)
    together = _count(finds, TOGETHER, finds.in_order[TOGETHER], alone, whole)
    counted.append(
        {**together, "n_reported": _sum_reported(rows), "n_read": sum(map(int, filter(None, n_read.values()))) or None}
    )
    return [{**row, "stopped_at": stops.get(str(row["search_id"]))} for row in counted]


def _sum_reported(searches: Mapping[str, Cells]) -> int | None:
    """Return the hits that all searches reported; None if one of them does not say it."""
    reported = [row["n_reported"] for row in searches.values()]
    return sum(map(int, reported)) if all(reported) else None


def _count(
    finds: Finds, key: str, listed: Sequence[Find], alone: frozenset[str], new: Iterable[str]
) -> dict[str, str | int | float | None]:
    found = list_candidates(listed)
    return {
        "search_id": key,
        "n_hits": len(listed),
        "n_left_out": sum(not find.candidate_id for find in listed),
        "n_candidates": len(found),
        "n_new": len(set(new)),
        "n_alone": len(alone),
        "n_included": len(found & finds.included),
        "n_included_alone": len(alone & finds.included),
        "n_open": len(found & finds.undecided),
    }


def count_left_out(finds: Finds) -> list[Values]:
    """Return how many hits of each search, and of all together, are no candidates, by reason."""
    counts = Counter(
        (key, find.left_out or NOT_STATED)
        for key, listed in finds.in_order.items()
        for find in listed
        if not find.candidate_id
    )
    return [{"search_id": key, "left_out": reason, "n_hits": n} for (key, reason), n in sorted(counts.items())]


def draw_curve(finds: Finds) -> list[Values]:
    """Return the candidates found along the hits of each search, and of all together, ten hits a row."""
    rows: list[Values] = []
    for key, listed in finds.in_order.items():
        marks = {"": mark_new(listed), "included_": mark_new(listed, finds.included)}
        seen = dict.fromkeys(marks, 0)
        for start in range(0, len(listed), BAND):
            end = min(start + BAND, len(listed))
            row: dict[str, str | int | float | None] = {"search_id": key, "n_hits": end}
            for kind, marked in marks.items():
                n_new = sum(marked[start:end])
                seen[kind] += n_new
                row |= {f"n_{kind}new": n_new, f"n_{kind}seen": seen[kind]}
            rows.append(row)
    return rows


def count_ranks(finds: Finds) -> list[Values]:
    """Return the share of hits that lead to an included candidate, ten ranks a row, by search and for all together."""
    rows: list[Values] = []
    for key, listed in finds.in_order.items():
        bands = Counter(_find_band(find) for find in listed)
        included = Counter(_find_band(find) for find in listed if find.candidate_id in finds.included)
        rows += [
            {
                "search_id": key,
                "first_rank": band * BAND + 1,
                "last_rank": (band + 1) * BAND,
                "n_hits": n,
                "n_included": included[band],
                "share_included": included[band] / n,
            }
            for band, n in sorted(bands.items())
        ]
    return rows


def _find_band(find: Find) -> int:
    return max(find.rank - 1, 0) // BAND
