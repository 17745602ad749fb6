"""The part of the report on the search: its log, its pictures, the items of PRISMA-S."""

import pytest

from graylit.pages.search_drawings import N_GROUPS, draw_finds, draw_groups
from graylit.report.search import describe_search_part
from graylit.report.search_methods import describe_search
from stages import read_report, read_stage


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    frames, _ = read_report("searched", tmp_path_factory.mktemp("searched"))
    return frames, read_stage("searched")[1]


def test_the_log_lists_searches_by_time_with_what_they_brought(searched):
    part = describe_search_part(*searched)
    assert [(row["search_id"], row["counts"]["n_new"]) for row in part["log"]] == [("X01", 10), ("X02", 5), ("X03", 2)]


def test_items_of_prisma_s_are_told_from_the_tables_or_not_at_all(searched):
    told = {row["number"]: row["told"] for row in describe_search_part(*searched)["items"]}
    assert sorted(told) == [*range(1, 17)]
    assert {number: words for number, words in told.items() if words} == {
        4: "2 searches: bing (1) and google (1).",
        5: "1 search: a place that is not stated (1).",
        8: "2 of 3 searches give their query letter by letter.",
        9: "Region: us (1); language: en (2).",
        13: "2 of 3 searches have a date.",
        15: "27 hits are recorded, search by search above.",
        16: "24 hits of candidates lead to 17 pages: addresses of one page are one candidate, and so are those that "
        "people decided to be the same.",
    }


def test_pages_that_sources_link_to_are_listed_with_these_sources_most_linked_first(searched):
    cited = describe_search_part(*searched)["cited"]
    assert [(row["candidate_id"], row["cited_by"]) for row in cited] == [
        ("H25", ["S001", "S002"]),
        ("H01", ["S003"]),
        ("H26", ["S002"]),
    ]


def test_a_study_without_a_rule_or_a_log_says_so(searched):
    frames, _ = searched
    assert "The protocol states no rule to stop reading hits." in describe_search(frames, {})
    none = {name: table.head(0) for name, table in frames.items()}
    assert describe_search(none, {}).startswith("No search log is kept")
    assert describe_search_part(none, {}) is None


def test_searches_without_hits_claim_nothing_of_them(searched):
    frames, _ = searched
    counts = frames["search_counts"].assign(n_hits=0, n_candidates=0)
    words = describe_search({**frames, "search_counts": counts}, {})
    assert words.endswith("No hits are recorded, so nothing can be said of their order, overlap or number.")


def test_the_curve_ends_at_its_highest_point_and_marks_where_the_rule_held():
    curve = [{"n_hits": 10, "n_seen": 4, "n_included_seen": 1}, {"n_hits": 20, "n_seen": 5, "n_included_seen": 1}]
    drawn = draw_finds(curve, [20])
    assert drawn["seen"].endswith(f" {drawn['right']},{drawn['top']}")
    assert drawn["stops"] == [{"x": drawn["right"], "label": 20}]
    assert draw_finds([], []) is None
    assert draw_finds([{"n_hits": 3, "n_seen": 0, "n_included_seen": 0}], []) is None


def test_the_picture_of_overlap_shows_the_largest_groups_and_the_searches_that_found_any():
    groups = [{"keys": ["X1"], "n_candidates": n, "n_included": 1} for n in range(1, N_GROUPS + 3)]
    drawn = draw_groups(groups, [("X1", "google", 40), ("X2", "bing", 0), ("X3", "a" * 60, 2)])
    assert [column["n_candidates"] for column in drawn["columns"]] == [*range(N_GROUPS + 2, 2, -1)]
    assert [row["label"][:9] for row in drawn["rows"]] == ["X1 google", "X3 aaaaaa"]
    assert max(len(row["label"]) for row in drawn["rows"]) <= 32
    assert draw_groups(groups, [("X1", "google", 40)]) is None
