"""How searches overlap, and how many candidates none of them found, as their overlap tells it.

A search is one sample, whatever its number of hits: an engine lists a page once, so what counts is how many searches
found it. Searches that follow citations start from what others found; they are in the overlap, and not in the estimate.
A search that was made again is part of the same sample: asked twice, an engine finds what it found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations

from graylit.measures.unseen import Estimate, estimate_chao, estimate_chapman
from graylit.search.gathered_hits import Finds
from graylit.study.repeats import list_repeats
from graylit.tables.rows import Cells, Values

SCOPES = ("candidates", "included")


def cross_searches(finds: Finds) -> list[Values]:
    """Return for each pair of searches the candidates that both found, and those that one of them found."""
    found = finds.candidates
    kept = {key: candidates & finds.included for key, candidates in found.items()}
    both, both_kept = _count_pairs(found), _count_pairs(kept)
    rows: list[Values] = []
    for pair in combinations(found, 2):
        n_either = sum(len(found[key]) for key in pair) - both[pair]
        rows.append(
            {
                "search_id": pair[0],
                "other_id": pair[1],
                "n_both": both[pair],
                "n_either": n_either,
                "jaccard": both[pair] / n_either if n_either else None,
                "n_included_both": both_kept[pair],
                "n_included_either": sum(len(kept[key]) for key in pair) - both_kept[pair],
            }
        )
    return rows


def _count_pairs(found: Mapping[str, frozenset[str]]) -> Counter[tuple[str, ...]]:
    """Return how many candidates each pair of searches found both."""
    return Counter(pair for keys in _list_searches(found).values() for pair in combinations(keys, 2))


def _list_searches(found: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    """Return the searches that found each candidate, in the order of the searches."""
    searches: dict[str, list[str]] = {}
    for key, candidates in found.items():
        for candidate_id in candidates:
            searches.setdefault(candidate_id, []).append(key)
    return searches


def group_candidates(finds: Finds) -> list[Values]:
    """Return how many candidates were found by exactly which searches, the largest group first."""
    of_candidate = {found: "; ".join(keys) for found, keys in _list_searches(finds.candidates).items()}
    n_all = Counter(of_candidate.values())
    n_kept = Counter(keys for found, keys in of_candidate.items() if found in finds.included)
    return [{"search_ids": keys, "n_candidates": n, "n_included": n_kept[keys]} for keys, n in sorted(n_all.items())]


def estimate_unseen(finds: Finds, searches: Iterable[Cells]) -> list[Values]:
    """Return estimates of how many candidates, and how many included ones, there are; nothing without a search."""
    if not finds.of_search:
        return []
    searches = list(searches)
    following = {row["search_id"] for row in searches if row["way"] == "citation"}
    first, found = list_repeats(searches), dict[str, frozenset[str]]()
    for key, candidates in finds.candidates.items():
        if key not in following:
            sample = first.get(key, key)
            found[sample] = found.get(sample, frozenset()) | candidates
    of_scope = {"candidates": found, "included": {key: some & finds.included for key, some in found.items()}}
    return [{"scope": scope, **_estimate(of_scope[scope])} for scope in SCOPES]


def _estimate(found: Mapping[str, frozenset[str]]) -> dict[str, str | int | float | None]:
    samples = [candidates for candidates in found.values() if candidates]
    times = Counter(candidate_id for candidates in samples for candidate_id in candidates)
    by_times = Counter(times.values())
    counted = {
        "n_searches": len(samples),
        "n_found": len(times),
        "n_once": by_times[1],
        "n_twice": by_times[2],
    }
    why_none = _explain_none(len(samples), len(times) - by_times[1])
    if why_none:
        return {**counted, "method": "none", "value": None, "low": None, "high": None, "why_none": why_none}
    if len(samples) == 2:
        method, estimate = "chapman", estimate_chapman(len(samples[0]), len(samples[1]), n_both=by_times[2])
    else:
        method = "chao"
        estimate = estimate_chao(len(times), n_once=by_times[1], n_twice=by_times[2], n_samples=len(samples))
    return {**counted, "method": method, **_describe(estimate)}


def _explain_none(n_samples: int, n_again: int) -> str:
    """Return why searches tell nothing of what they missed; '' if they do."""
    if n_samples < 2:
        return "fewer than two searches found any"
    return "" if n_again else "no two searches found the same one"


def _describe(estimate: Estimate) -> dict[str, str | float | None]:
    why_none = "" if estimate.low is not None else "none is estimated to be missing, so there is no interval"
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high, "why_none": why_none}
