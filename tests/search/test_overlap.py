"""Overlap of searches, and the estimate of what none of them found."""

import pytest

from graylit.search.gathered_hits import gather_finds
from graylit.search.overlap import cross_searches, estimate_unseen, group_candidates
from search_rows import DECISIONS, HITS, SEARCHES, STAND_INS, hits_of, search

FINDS = gather_finds(SEARCHES, HITS, DECISIONS, STAND_INS)


def find(**found):
    """Return the finds of searches, each a list of candidates, all of them included."""
    hits = [row for key, candidates in found.items() for row in hits_of(key, *candidates)]
    decisions = [{"candidate_id": row["candidate_id"], "decision": "include"} for row in hits]
    return gather_finds(map(search, found), hits, decisions, {}), [*map(search, found)]


def estimate(**found):
    return estimate_unseen(*find(**found))[0]


def test_each_pair_of_searches_is_compared():
    rows = cross_searches(FINDS)
    assert [(row["search_id"], row["other_id"], row["n_both"], row["n_either"]) for row in rows] == [
        ("X02", "X01", 2, 4),
        ("X02", "X03", 0, 4),
        ("X01", "X03", 1, 5),
    ]
    assert [row["jaccard"] for row in rows] == [0.5, 0, 0.2]
    assert [(row["n_included_both"], row["n_included_either"]) for row in rows] == [(2, 3), (0, 2), (0, 3)]


def test_two_searches_that_found_nothing_have_no_similarity():
    finds = gather_finds([search("X1"), search("X2")], hits_of("X1", "-no address"), [], {})
    assert [row["jaccard"] for row in cross_searches(finds)] == [None]


def test_candidates_are_grouped_by_exactly_the_searches_that_found_them():
    groups = {row["search_ids"]: (row["n_candidates"], row["n_included"]) for row in group_candidates(FINDS)}
    assert groups == {"X02; X01": (2, 2), "X01": (1, 1), "X01; X03": (1, 0), "X03": (1, 0)}


def test_three_searches_give_the_estimate_of_chao():
    row = estimate(X1=["a", "b", "c", "d"], X2=["a", "b", "e"], X3=["a", "f", "c"])
    assert (row["method"], row["n_searches"], row["n_found"], row["n_once"], row["n_twice"]) == ("chao", 3, 6, 3, 2)
    assert row["value"] == pytest.approx(6 + 2 / 3 * 9 / 4)
    assert 6 < row["low"] < row["value"] < row["high"]


def test_two_searches_give_the_estimate_of_chapman():
    row = estimate(X1=["a", "b", "c"], X2=["a", "d"])
    assert (row["method"], row["value"]) == ("chapman", pytest.approx(4 * 3 / 2 - 1))


@pytest.mark.parametrize(
    ("found", "why_none"),
    [
        ({"X1": ["a", "b"]}, "fewer than two searches found any"),
        ({"X1": ["a", "b"], "X2": []}, "fewer than two searches found any"),
        ({"X1": ["a", "b"], "X2": ["c"], "X3": ["d"]}, "no two searches found the same one"),
    ],
)
def test_searches_that_tell_nothing_give_no_estimate_and_the_reason(found, why_none):
    row = estimate(**found)
    assert (row["method"], row["value"], row["why_none"]) == ("none", None, why_none)


def test_an_estimate_by_which_none_is_missing_has_no_interval():
    row = estimate(X1=["a", "b", "c"], X2=["a", "b"])
    assert (row["value"], row["low"]) == (3, None)
    assert row["why_none"] == "none is estimated to be missing, so there is no interval"


def test_searches_that_follow_citations_are_no_samples_of_their_own():
    rows = estimate_unseen(FINDS, SEARCHES)
    assert [(row["scope"], row["method"], row["n_searches"], row["n_found"]) for row in rows] == [
        ("candidates", "chapman", 2, 4),
        ("included", "chapman", 2, 3),
    ]


def test_without_a_search_nothing_is_estimated():
    assert estimate_unseen(gather_finds([], [], [], {}), []) == []
