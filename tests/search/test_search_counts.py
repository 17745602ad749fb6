"""What searches brought: counts, the curve of new candidates, included ones by rank, the rule to stop."""

import pytest

from graylit.search.gathered_hits import gather_finds
from graylit.search.search_counts import count_left_out, count_ranks, count_searches, draw_curve
from graylit.search.stopping import Rule, find_stop, list_stops, read_rule
from search_rows import DECISIONS, HITS, SEARCHES, STAND_INS, hits_of, search

FINDS = gather_finds(SEARCHES, HITS, DECISIONS, STAND_INS)
NOTHING = gather_finds([], [], [], {})


def pick(rows, *names):
    return [tuple(row[name] for name in names) for row in rows]


def long_search():
    """Return 25 hits: the first ten are new, the others known."""
    hits = hits_of("X1", *(f"H{n % 10}" for n in range(25)))
    decisions = [{"candidate_id": f"H{n}", "decision": "include" if n < 3 else "exclude"} for n in range(10)]
    return gather_finds([search("X1")], hits, decisions, {})


def test_searches_are_counted_in_the_order_in_which_they_were_made():
    rows = count_searches(FINDS, SEARCHES, None)
    assert pick(rows, "search_id", "n_hits", "n_left_out", "n_candidates", "n_new", "n_alone") == [
        ("X02", 4, 2, 2, 2, 0),
        ("X01", 6, 1, 4, 2, 1),
        ("X03", 2, 0, 2, 1, 1),
        ("all", 12, 3, 5, 5, 2),
    ]


def test_what_became_of_the_candidates_of_a_search_is_counted():
    rows = count_searches(FINDS, SEARCHES, None)
    assert pick(rows, "search_id", "n_included", "n_included_alone", "n_open") == [
        ("X02", 2, 0, 0),
        ("X01", 3, 1, 0),
        ("X03", 0, 0, 1),
        ("all", 3, 1, 1),
    ]


def test_hits_reported_are_summed_only_if_every_search_says_them():
    assert pick(count_searches(FINDS, SEARCHES, None), "n_reported", "n_read") == [
        ("40", 4),
        ("900", 6),
        (None, 2),
        (None, 12),
    ]
    known = [row | {"n_reported": "40"} for row in SEARCHES]
    assert count_searches(FINDS, known, None)[-1]["n_reported"] == 120


def test_hits_left_out_are_counted_by_reason():
    assert pick(count_left_out(FINDS), "search_id", "left_out", "n_hits") == [
        ("X01", "no address", 1),
        ("X02", "a private address", 1),
        ("X02", "no address", 1),
        ("all", "a private address", 1),
        ("all", "no address", 2),
    ]


def test_the_curve_counts_candidates_where_they_are_first_met():
    rows = [row for row in draw_curve(long_search()) if row["search_id"] == "X1"]
    assert pick(rows, "n_hits", "n_new", "n_seen", "n_included_new", "n_included_seen") == [
        (10, 10, 10, 3, 3),
        (20, 0, 10, 0, 3),
        (25, 0, 10, 0, 3),
    ]


def test_hits_are_counted_by_rank_with_those_that_lead_to_an_included_candidate():
    rows = [row for row in count_ranks(long_search()) if row["search_id"] == "all"]
    assert pick(rows, "first_rank", "last_rank", "n_hits", "n_included", "share_included") == [
        (1, 10, 10, 3, 0.3),
        (11, 20, 10, 3, 0.3),
        (21, 30, 5, 3, 0.6),
    ]


@pytest.mark.parametrize(
    ("marks", "n_hits", "n_new", "expected"),
    [
        ("110100", 2, 0, 6),
        ("110100", 2, 1, 3),
        ("110100", 3, 0, None),
        ("110100", 1, 0, 3),
        ("000", 3, 0, 3),
        ("00", 3, 0, None),
        ("", 1, 0, None),
    ],
)
def test_the_rule_holds_after_the_first_hits_in_a_row_that_bring_no_more_than_it_says(marks, n_hits, n_new, expected):
    assert find_stop([mark == "1" for mark in marks], Rule(n_hits, n_new, is_of_included=False)) == expected


def test_the_rule_can_be_about_included_candidates():
    rule = read_rule({"search": {"stop_after": {"hits": 7, "new": 0, "of": "included"}}})
    assert list_stops(long_search(), rule) == {"X1": 10, "all": 10}
    assert list_stops(long_search(), Rule(7, 0, is_of_included=False)) == {"X1": 17, "all": 17}


def test_a_config_without_a_rule_states_none():
    assert read_rule({}) is None
    assert [row["stopped_at"] for row in count_searches(FINDS, SEARCHES, None)] == [None] * 4


def test_without_a_search_nothing_is_counted():
    assert count_searches(NOTHING, [], None) == []
    assert [*draw_curve(NOTHING), *count_ranks(NOTHING), *count_left_out(NOTHING)] == []


def test_a_search_without_hits_is_counted_with_none():
    only = [search("X1")]
    (row, together) = count_searches(gather_finds(only, [], [], {}), only, Rule(5, 0, is_of_included=False))
    assert (row["n_hits"], row["n_read"], row["n_candidates"], row["stopped_at"]) == (0, None, 0, None)
    assert together["n_hits"] == 0
