"""The analysis of the synthesis: card sorts, saturation, crosswalk, appraisals, and the tables that they come from."""

import itertools
import math
import random
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from analyze_card_sorts import (
    assign_categories,
    correlate_cophenet,
    count_together,
    gather_piles,
    list_clusters,
    list_merges,
    list_similarity,
    measure_sorts,
)
from bs4 import BeautifulSoup
from cross_topics import cross_topics, find_gaps, gather_codes, gather_read, measure_crosswalk
from measure_saturation import (
    count_new,
    count_shuffled,
    draw_curves,
    find_saturation,
    mark_codes,
    measure_saturation,
)
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from weigh_guidelines import group_support, leave_out_publishers, score_sources, vary_cut_off

from conftest import read_table
from graylit.measures.partitions import cut_merges, mean_rand, measure_rand, merge_clusters, order_leaves
from graylit.pages.drawings import choose_ticks
from graylit.report.methods import describe_methods
from graylit.report.parts import (
    compare_rounds,
    describe_agreement,
    describe_categories,
    describe_crosswalk,
    describe_impacts,
    describe_practices,
    describe_saturation,
    describe_sensitivity,
)
from graylit.report.threats import collect_assumptions, list_threats, read_section
from graylit.report.topics import draw_topics, lay_out_crosswalk, place_topics
from graylit.runs.steps import say_one
from graylit.screening.prisma_drawing import draw_flow
from graylit.study.checking import read_study
from graylit.study.synthesis_checks import remark_evidence
from graylit.tables.appraisal import ITEMS
from graylit.tables.catalogue import CONTRACTS
from graylit.tables.coding import AGREEMENT, LOCATED_CODINGS, SATURATION, SATURATION_MEASURES
from graylit.tables.preparation import SEGMENTS
from graylit.tables.sources import PUBLISHER_SENSITIVITY, QUALITY, QUALITY_SCORES, QUALITY_SENSITIVITY, SOURCES
from graylit.tables.synthesis import (
    CARD_CLUSTERS,
    CARD_MEASURES,
    CARD_MERGES,
    CARD_SIMILARITY,
    CARD_SORTS,
    CATEGORIES,
    EVIDENCE,
    GUIDELINE_GROUPS,
    GUIDELINES,
    IMPACTS,
    PRACTICES,
)
from graylit.tables.topics import CROSSWALK, CROSSWALK_GAPS, CROSSWALK_MEASURES, TOPIC_SEGMENTS, TOPICS
from graylit.topics.measures import measure_information
from tiny_study import FORMULA, PATHS, replace_once, write_study, write_synthesis


def table(contract, columns, *rows):
    """Return a frame of the contract from rows of a few columns; the other cells are empty."""
    return contract.to_frame(dict(zip(columns.split(), map(str, row), strict=True)) for row in rows)


def shuffled(frame, seed=3):
    return frame.sample(frac=1, random_state=seed)


def written(contract, frame, folder):
    """Return what a table says on disk: the contract writes it, so it fits."""
    contract.write(frame, folder / "table.csv")
    return (folder / "table.csv").read_text(encoding="utf-8")


# Partitions -----------------------------------------------------------------------------------------------------


def test_the_rand_index_of_a_worked_example():
    # pairs together in both 1, in the first 2, in the second 2, of 10: (1 - 0.4) / (2 - 0.4)
    assert measure_rand("aabbc", "xxyzz") == pytest.approx(0.6 / 1.6)


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [("ab", "xy", 1.0), ("aa", "xx", 1.0), ("aabb", "yyxx", 1.0), ("aaaa", "wxyz", 0.0), ("aabb", "xyxy", -0.5)],
)
def test_the_rand_index_at_its_edges(first, second, value):
    assert measure_rand(first, second) == pytest.approx(value)


@pytest.mark.parametrize("few", ["", "a"])
def test_the_rand_index_of_fewer_than_two_things_is_no_number(few):
    assert math.isnan(measure_rand(few, few))


def test_the_rand_index_is_that_of_scikit_learn():
    generator = random.Random(5)
    for _ in range(40):
        one, other = ([generator.randrange(4) for _ in range(15)] for _ in range(2))
        assert measure_rand(one, other) == pytest.approx(adjusted_rand_score(one, other))


def test_the_mean_rand_index_is_over_pairs_and_none_for_one_partition():
    assert mean_rand(["aabb", "xxyy", "wxwx"]) == pytest.approx((1 - 0.5 - 0.5) / 3)
    assert math.isnan(mean_rand(["aabb"]))


def test_merges_are_those_of_scipy_where_distances_differ():
    generator = np.random.default_rng(2)
    for _ in range(10):
        counts = np.triu(generator.permutation(10**6)[: 8 * 8].reshape(8, 8), 1)
        together = counts + counts.T + 10**6 * np.eye(8, dtype=int)
        ours = [float(merge.distance) for merge in merge_clusters(together, 10**6)]
        theirs = linkage(squareform(1 - together / 10**6, checks=False), method="average")[:, 2]
        assert ours == pytest.approx(list(theirs))


def test_of_equal_distances_the_first_cards_are_merged_first():
    merges = merge_clusters(np.eye(4, dtype=int), 1)
    assert [(merge.left, merge.right) for merge in merges] == [((0,), (1,)), ((0, 1), (2,)), ((0, 1, 2), (3,))]
    assert {merge.distance for merge in merges} == {Fraction(1)}


def test_distances_of_merges_never_decrease():
    generator = np.random.default_rng(8)
    for _ in range(20):
        piles = generator.integers(0, 3, size=(3, 9))
        merges = merge_clusters(sum((row[:, None] == row[None, :]).astype(int) for row in piles), 3)
        assert [m.distance for m in merges] == sorted(m.distance for m in merges)


@pytest.mark.parametrize("n_things", [0, 1])
def test_nothing_is_merged_with_fewer_than_two_things(n_things):
    assert merge_clusters(np.eye(n_things, dtype=int), 2) == []
    assert order_leaves([], n_things) == list(range(n_things))


def test_merges_are_cut_into_as_many_clusters_as_asked_for_and_never_more_than_things():
    merges = merge_clusters(np.eye(4, dtype=int), 1)
    assert [cut_merges(merges, 4, n) for n in (1, 2, 4, 9)] == [[1, 1, 1, 1], [1, 1, 1, 2], [1, 2, 3, 4], [1, 2, 3, 4]]


# Card sorts -----------------------------------------------------------------------------------------------------

CARDS = ["G1", "G2", "G3", "G4"]
SORTED = {"A": ["x", "x", "y", "y"], "B": ["p", "p", "p", "q"]}
SORTS = table(
    CARD_SORTS,
    "sorter guideline_id pile",
    *[(sorter, card, pile) for sorter, piles in SORTED.items() for card, pile in zip(CARDS, piles, strict=True)],
)
TWO_CATEGORIES = {"G1": "K1", "G2": "K1", "G3": "K2", "G4": "K2"}


def analyze(sorts=SORTS, category_of=TWO_CATEGORIES, cards=CARDS):
    """Return the four tables of a card sort."""
    piles = gather_piles(sorts, cards)
    n_together = count_together(piles)
    merges = merge_clusters(n_together, piles.shape[1])
    clusters = list_clusters(piles, merges, category_of)
    measures = measure_sorts(piles, merges, n_together, clusters)
    return list_similarity(piles, n_together), clusters, list_merges(piles, merges), measures


def values_of(measures):
    return dict(zip(measures["measure"], measures["value"], strict=True))


def test_the_similarity_of_cards_is_the_share_of_sorters_who_pile_them_together():
    similarity = analyze()[0]
    assert similarity[["guideline_id", "other_guideline_id", "n_sorters", "share"]].to_numpy().tolist() == [
        ["G1", "G2", 2, 1.0],
        ["G1", "G3", 1, 0.5],
        ["G1", "G4", 0, 0.0],
        ["G2", "G3", 1, 0.5],
        ["G2", "G4", 0, 0.0],
        ["G3", "G4", 1, 0.5],
    ]


def test_merges_name_the_cards_of_both_sides_and_their_mean_distance():
    # after G1 and G2: to G3 0.5 as from G3 to G4; the pair with the first card goes first
    assert analyze()[2].sort_values("step")[["left", "right", "distance", "size"]].to_numpy().tolist() == [
        ["G1", "G2", 0.0, 2],
        ["G1; G2", "G3", 0.5, 3],
        ["G1; G2; G3", "G4", pytest.approx(5 / 6), 4],
    ]


def test_clusters_are_as_many_as_the_categories_of_the_cards():
    clusters = analyze()[1]
    assert clusters[["guideline_id", "leaf", "cluster", "category_id"]].to_numpy().tolist() == [
        ["G1", 1, 1, "K1"],
        ["G2", 2, 1, "K1"],
        ["G3", 3, 1, "K2"],
        ["G4", 4, 2, "K2"],
    ]


def test_the_measures_of_a_card_sort():
    measures = values_of(analyze()[3])
    assert (measures["n_sorters"], measures["n_cards"]) == (2, 4)
    assert measures["mean_rand_sorters"] == pytest.approx(measure_rand("xxyy", "pppq"))
    assert measures["rand_categories"] == pytest.approx(measure_rand("1112", "aabb"))
    distances, kept = [0, 0.5, 1, 0.5, 1, 0.5], [0, 0.5, 5 / 6, 0.5, 5 / 6, 5 / 6]
    assert measures["cophenetic_correlation"] == pytest.approx(np.corrcoef(distances, kept)[0, 1])


def test_distance_and_linkage_are_named():
    _, _, merges, measures = analyze()
    assert set(merges["linkage"]) == {"average"}
    assert all(word in " ".join(measures["meaning"]) for word in ("average", "UPGMA", "1 - share"))


def test_a_card_sort_is_the_same_for_every_order_of_rows(tmp_path):
    contracts = (CARD_SIMILARITY, CARD_CLUSTERS, CARD_MERGES, CARD_MEASURES)
    ours, others = analyze(), analyze(shuffled(SORTS), dict(reversed(TWO_CATEGORIES.items())))
    for contract, one, other in zip(contracts, ours, others, strict=True):
        assert written(contract, one, tmp_path) == written(contract, other, tmp_path)


def test_names_of_piles_and_order_of_sorters_do_not_matter():
    renamed = SORTS.assign(pile="the " + SORTS["pile"], sorter=SORTS["sorter"].map({"A": "Z", "B": "A"}))
    assert analyze(renamed)[2].equals(analyze()[2])


def test_without_sorts_the_tables_have_only_their_headers(tmp_path):
    contracts = (CARD_SIMILARITY, CARD_CLUSTERS, CARD_MERGES, CARD_MEASURES)
    for contract, made in zip(contracts, analyze(CARD_SORTS.to_frame([])), strict=True):
        assert written(contract, made, tmp_path) == ",".join(contract.names) + "\n"


def test_cards_of_guidelines_not_in_force_are_left_out():
    assert analyze(cards=CARDS[:2])[1]["guideline_id"].tolist() == ["G1", "G2"]


def test_without_categories_cards_have_no_cluster_and_no_agreement_with_it(tmp_path):
    _, clusters, _, measures = analyze(category_of={})
    assert "G1,1,,\n" in written(CARD_CLUSTERS, clusters, tmp_path)
    assert math.isnan(values_of(measures)["rand_categories"])


def test_one_sorter_has_no_agreement_but_a_dendrogram():
    _, _, merges, measures = analyze(SORTS[SORTS["sorter"] == "A"])
    assert math.isnan(values_of(measures)["mean_rand_sorters"])
    assert merges["distance"].tolist() == [0, 0, 1]


@pytest.mark.parametrize("pile", ["all", None])
def test_a_sort_without_variation_has_no_cophenetic_correlation(pile):
    together = SORTS.assign(pile=pile or SORTS["guideline_id"])
    assert math.isnan(values_of(analyze(together)[3])["cophenetic_correlation"])


@pytest.mark.parametrize("n_cards", [1, 2])
def test_one_or_two_cards_are_enough(n_cards, tmp_path):
    _, clusters, merges, measures = analyze(cards=CARDS[:n_cards])
    assert (len(clusters), len(merges)) == (n_cards, n_cards - 1)
    assert math.isnan(values_of(measures)["cophenetic_correlation"])


def test_many_piles_of_a_single_card_raise_no_warning():
    cards = [f"G{number:02}" for number in range(25)]
    rows = [(sorter, card, f"{card}{sorter}" if number > 3 else "x") for sorter in "AB"
            for number, card in enumerate(cards)]  # fmt: skip
    measures = analyze(table(CARD_SORTS, "sorter guideline_id pile", *rows), cards=cards)[3]
    assert values_of(measures)["mean_rand_sorters"] == 1


def test_the_cophenetic_correlation_is_one_for_distances_that_are_a_tree():
    together = np.array([[2, 2, 0], [2, 2, 0], [0, 0, 2]])
    assert correlate_cophenet(merge_clusters(together, 2), together, 2) == pytest.approx(1)


def test_categories_give_each_guideline_its_own():
    rows = table(CATEGORIES, "category_id guideline_ids", ("K1", "G1; G2"), ("K2", "G3;G4"))
    assert assign_categories(rows) == TWO_CATEGORIES


def test_hostile_piles_are_names_like_others(tmp_path):
    hostile = SORTS.assign(pile=SORTS["pile"].replace("x", FORMULA))
    assert analyze(hostile)[2].equals(analyze()[2])


# Saturation -----------------------------------------------------------------------------------------------------

READ = table(
    LOCATED_CODINGS,
    "coding_id source_id code_id",
    ("A-1", "S1", "C1"),
    ("A-2", "S1", "C2"),
    ("A-3", "S1", "C2"),
    ("A-4", "S2", "C2"),
    ("A-5", "S4", "C3"),
    ("A-6", "S4", "C1"),
)


def test_codes_are_marked_by_source_and_sources_read_without_code_count():
    assert mark_codes(READ, ["S3", "S4"]).astype(int).tolist() == [[1, 1, 0], [0, 1, 0], [0, 0, 0], [1, 0, 1]]


def test_new_codes_are_counted_where_they_are_first_seen():
    assert count_new(mark_codes(READ, ["S3"])).tolist() == [2, 0, 0, 1]


def test_the_codes_of_all_sources_are_all_codes_in_every_order():
    orders = count_shuffled(mark_codes(READ, ["S3"]), n_orders=50, seed=1)
    assert set(orders.sum(axis=1)) == {3}
    assert (orders >= 0).all() and orders.shape == (50, 4)


def test_shuffled_orders_depend_on_the_seed_only():
    carried = mark_codes(READ, ["S3"])
    assert (count_shuffled(carried, 30, seed=4) == count_shuffled(mark_codes(shuffled(READ), ["S3"]), 30, 4)).all()
    assert (count_shuffled(carried, 30, seed=4) != count_shuffled(carried, 30, seed=5)).any()


def test_the_mean_of_shuffled_orders_is_near_that_of_all_orders():
    carried = mark_codes(READ, ["S3"])
    every = [count_new(carried[list(order)]) for order in itertools.permutations(range(4))]
    assert count_shuffled(carried, 2000, 0).mean(axis=0) == pytest.approx(np.mean(every, axis=0), abs=0.08)


def test_curves_say_what_is_seen_after_each_source(tmp_path):
    curves = draw_curves(np.array([2, 0, 1]), np.array([[2, 0, 1], [0, 2, 1]]))
    assert curves.to_numpy().tolist() == [
        ["listed", 1, 2, 2, 2, 2],
        ["listed", 2, 2, 2, 2, 0],
        ["listed", 3, 3, 3, 3, 1],
        ["shuffled", 1, 1, pytest.approx(0.05), pytest.approx(1.95), 1],
        ["shuffled", 2, 2, 2, 2, 1],
        ["shuffled", 3, 3, 3, 3, 1],
    ]
    assert written(SATURATION, curves, tmp_path).count("\n") == 7


@pytest.mark.parametrize(
    ("base_size", "run_length", "threshold", "reached"),
    [(4, 2, 0.05, 5), (4, 2, 0, 6), (4, 3, 0.05, 5), (4, 3, 0, math.inf), (6, 2, 0, 6), (6, 3, 0, math.inf)],
)
def test_saturation_is_reached_before_the_first_run_of_little_news(base_size, run_length, threshold, reached):
    new = np.array([10, 6, 2, 2, 2, 1, 0, 0])  # the base of four has 20 codes; runs of two from the fifth: 3, 1, 0
    assert find_saturation(new, base_size, run_length, threshold) == reached


def test_a_threshold_is_met_by_exactly_its_share():
    for n_base in range(20, 2001, 20):
        assert find_saturation(np.array([n_base, 0, 0, 0, n_base // 20, 0]), 4, 2, 0.05) == 4


@pytest.mark.parametrize("new", [[3], [3, 1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], []])
def test_saturation_is_not_reached_with_few_sources_or_an_empty_base(new):
    assert find_saturation(np.array(new), 4, 2, 0.05) == math.inf


def test_the_median_order_is_not_reached_where_half_of_the_orders_are_not():
    reached, never = np.array([5, 0, 0, 0, 0, 0]), np.array([2, 0, 0, 0, 2, 2])
    measures = measure_saturation(reached, np.array([reached, never])).set_index(
        ["base_size", "run_length", "threshold", "order_name"]
    )
    assert measures.loc[(4, 2, 0.0, "listed")].tolist() == [4, 1]
    half = measures.loc[(4, 2, 0.0, "shuffled")]
    assert (math.isnan(half["reached_at"]), half["share_reached"]) == (True, 0.5)


def test_saturation_is_measured_for_every_setting_and_order(tmp_path):
    measures = measure_saturation(np.array([1, 0]), np.array([[1, 0]]))
    assert len(measures) == 16
    assert "4,2,0,listed,,0\n" in written(SATURATION_MEASURES, measures, tmp_path)


def test_without_codings_nothing_is_marked():
    assert mark_codes(READ.head(0), []).size == 0
    assert mark_codes(READ.head(0), ["S1"]).size == 0


# Topics and codes -----------------------------------------------------------------------------------------------

SEGMENTED = table(
    SEGMENTS, "segment_id source_id", *[(f"S1-{n:02}", "S1") for n in range(10)], ("S2-00", "S2"), ("S2-01", "S2")
)
TOPICAL = table(
    TOPIC_SEGMENTS,
    "segment_id topic_id",
    *[(f"S1-{n:02}", topic) for n, topic in enumerate([0, 0, 0, 1, 1, 1, 2, 2, 2, -1])],
    ("S2-00", 3),
    ("S2-01", 0),
)
GIVEN = table(
    LOCATED_CODINGS,
    "coding_id coder segment_id code_id",
    ("A-0", "A", "S1-00", "C1"),
    ("B-0", "B", "S1-00", "C1"),
    ("A-1", "A", "S1-01", "C1"),
    ("A-2", "A", "S1-03", "C1"),
    ("A-3", "A", "S1-03", "C2"),
    ("A-4", "A", "S1-04", "C2"),
    ("A-5", "A", "S1-09", "C3"),
    ("A-6", "A", "", "C4"),
    ("A-7", "A", "S2-00", "C5"),
)


def cross(codings=GIVEN, topical=TOPICAL, segments=SEGMENTED, finished=("S1",)):
    read = gather_read(topical, segments, set(finished))
    coded = gather_codes(read, codings)
    return read, coded, cross_topics(read, coded)


def test_a_crosswalk_has_shares_and_lift():
    crosswalk = cross()[2].set_index(["topic_id", "code_id"])
    assert crosswalk.loc[(0, "C1")].tolist() == pytest.approx([2, 2 / 3, 2 / 3, 10 * 2 / (3 * 3)])
    assert crosswalk.loc[(1, "C1")].tolist() == pytest.approx([1, 1 / 3, 1 / 3, 10 / 9])
    assert crosswalk.loc[(1, "C2")].tolist() == pytest.approx([2, 2 / 3, 1, 10 * 2 / (3 * 2)])
    assert crosswalk.loc[(-1, "C3")].tolist() == pytest.approx([1, 1, 1, 10])
    assert len(crosswalk) == 4


def test_segments_of_sources_nobody_finished_do_not_count():
    assert cross()[0]["segment_id"].tolist() == [f"S1-{n:02}" for n in range(10)]
    assert len(cross(finished=("S1", "S2"))[0]) == 12


def test_gaps_are_codes_without_topic_and_topics_without_code():
    # C1 has 2/3 in topic 0, but with a lift of 2.2; C3 is in an outlier only; C2 is shown by topic 1
    assert find_gaps(*cross()).to_numpy().tolist() == [
        ["code no topic shows", "C1", pytest.approx(2 / 3)],
        ["code no topic shows", "C3", 0],
        ["topic no code names", "2", 0],
    ]


def test_a_code_is_shown_from_a_third_of_its_segments_with_a_lift_of_three():
    segments = table(SEGMENTS, "segment_id source_id", *[(f"S-{n:02}", "S1") for n in range(9)])
    topical = table(
        TOPIC_SEGMENTS, "segment_id topic_id", *[(f"S-{n:02}", topic) for n, topic in enumerate("011222222")]
    )
    codings = table(
        LOCATED_CODINGS, "coding_id segment_id code_id", *[(f"A-{n}", f"S-{n:02}", "C1") for n in (0, 1, 3)]
    )
    read, coded, crosswalk = cross(codings, topical, segments)
    found = crosswalk.set_index("topic_id").loc[0]
    assert (found["share_of_code"], found["lift"]) == (pytest.approx(1 / 3), 3)
    assert "C1" not in find_gaps(read, coded, crosswalk)["subject"].tolist()


def test_a_topic_is_named_from_five_per_cent_of_its_segments():
    for n_segments, gaps in ((20, []), (21, ["7"])):
        ids = [f"S-{n:02}" for n in range(n_segments)]
        segments = table(SEGMENTS, "segment_id source_id", *[(one, "S1") for one in ids])
        topical = table(TOPIC_SEGMENTS, "segment_id topic_id", *[(one, 7) for one in ids])
        found = find_gaps(*cross(GIVEN.head(1).assign(segment_id="S-00"), topical, segments))
        assert found.loc[found["kind"] == "topic no code names", "subject"].tolist() == gaps


def test_normalized_mutual_information_is_that_of_scikit_learn():
    generator = random.Random(1)
    for _ in range(20):
        rows = [(generator.randrange(3), f"C{generator.randrange(4)}") for _ in range(30)]
        single = pd.DataFrame(rows, columns=["topic_id", "code_id"])
        theirs = normalized_mutual_info_score(single["topic_id"], single["code_id"])
        assert measure_information(single) == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(("codes", "value"), [("aabb", 1), ("abab", 0)])
def test_normalized_mutual_information_at_its_ends(codes, value):
    single = pd.DataFrame({"topic_id": [0, 0, 1, 1], "code_id": list(codes)})
    assert measure_information(single) == pytest.approx(value)


@pytest.mark.parametrize("codes", ["", "a", "aaaa"])
def test_mutual_information_without_variation_is_no_number(codes):
    single = pd.DataFrame({"topic_id": range(len(codes)), "code_id": list(codes)})
    assert math.isnan(measure_information(single))


def test_mutual_information_is_over_segments_of_a_topic_with_one_code():
    measures = values_of(measure_crosswalk(*cross()[:2]))
    assert [measures[name] for name in ("n_segments", "n_coded_segments", "n_single_coded_segments")] == [10, 5, 3]
    assert measures["normalized_mutual_information"] == pytest.approx(1)


def test_a_crosswalk_is_the_same_for_every_order_of_rows(tmp_path):
    ours, others = cross(), cross(shuffled(GIVEN), shuffled(TOPICAL), shuffled(SEGMENTED))
    assert written(CROSSWALK, ours[2], tmp_path) == written(CROSSWALK, others[2], tmp_path)
    assert written(CROSSWALK_GAPS, find_gaps(*ours), tmp_path) == written(CROSSWALK_GAPS, find_gaps(*others), tmp_path)


@pytest.mark.parametrize("codings", [GIVEN.head(0), GIVEN[GIVEN["segment_id"] == ""]])
def test_without_coded_segments_every_topic_is_a_gap_and_the_rest_is_headers(codings, tmp_path):
    read, coded, crosswalk = cross(codings)
    assert written(CROSSWALK, crosswalk, tmp_path) == ",".join(CROSSWALK.names) + "\n"
    gaps = find_gaps(read, coded, crosswalk)
    assert gaps["subject"].tolist() == ["0", "1", "2"]
    measures = measure_crosswalk(read, coded)
    assert written(CROSSWALK_MEASURES, measures, tmp_path) == ",".join(CROSSWALK_MEASURES.names) + "\n"


def test_where_nobody_has_finished_a_source_there_is_no_gap(tmp_path):
    gaps = find_gaps(*cross(finished=()))
    assert written(CROSSWALK_GAPS, gaps, tmp_path) == ",".join(CROSSWALK_GAPS.names) + "\n"


# Weights --------------------------------------------------------------------------------------------------------

WEIGHED = table(GUIDELINES, "guideline_id name", ("G1", "Mesh"), ("G2", "Lid"), ("G3", "Pump"))
FOUR_SOURCES = table(
    SOURCES,
    "source_id publisher source_type published",
    ("S1", "Ann", "blog", "2024-03-01"),
    ("S2", "Ann", "blog", "2024"),
    ("S3", "Bo", "docs", ""),
    ("S4", "Cy", "docs", "2023-01"),
)
LINKS = table(
    EVIDENCE,
    "guideline_id coding_id code_id source_id publisher",
    ("G1", "A-1", "C1", "S1", "Ann"),
    ("G1", "A-2", "C1", "S1", "Ann"),
    ("G1", "A-3", "C1", "S2", "Ann"),
    ("G1", "A-4", "C1", "S3", "Bo"),
    ("G2", "A-5", "C2", "S3", "Bo"),
    ("G2", "A-6", "C2", "S4", "Cy"),
)


def appraise(*rows):
    """Return appraisals: rows of source, appraiser and sum, which is put together of ones and halves."""
    scores = []
    for source_id, appraiser, total in rows:
        for number, item in enumerate(ITEMS):
            score = min(max(total - number, 0), 1)
            scores.append((source_id, appraiser, item, score))
    return table(QUALITY, "source_id appraiser item score", *scores)


def test_guidelines_are_weighed_by_type_and_year_of_their_sources():
    assert group_support(LINKS, FOUR_SOURCES).to_numpy().tolist() == [
        ["G1", "source_type", "blog", 2, 1.0],
        ["G1", "source_type", "docs", 1, 0.5],
        ["G1", "year", "2024", 2, 1.0],
        ["G1", "year", "not stated", 1, 1.0],
        ["G2", "source_type", "docs", 2, 1.0],
        ["G2", "year", "2023", 1, 1.0],
        ["G2", "year", "not stated", 1, 1.0],
    ]


def test_the_score_of_a_source_is_the_mean_of_its_appraisers_sums():
    quality = appraise(("S1", "A", 12), ("S1", "B", 9.5), ("S3", "A", 0))
    assert score_sources(quality, FOUR_SOURCES).fillna(-1).to_numpy().tolist() == [
        ["S1", 2, 10.75],
        ["S2", 0, -1],
        ["S3", 1, 0],
        ["S4", 0, -1],
    ]


def changes(*rows, min_publishers=2):
    """Return the change of each cut-off and guideline."""
    scores = score_sources(appraise(*rows), FOUR_SOURCES)
    varied = vary_cut_off(WEIGHED, LINKS, scores, min_publishers)
    return {(cut_off, guideline): change for cut_off, guideline, change in
            varied[["cut_off", "guideline_id", "change"]].to_numpy().tolist()}  # fmt: skip


def test_a_guideline_falls_where_sources_below_the_cut_off_carried_its_floor():
    found = changes(("S3", "A", 9))
    assert [found[8, one] for one in ("G1", "G2", "G3")] == ["none", "none", "none"]
    assert [found[10, one] for one in ("G1", "G2", "G3")] == ["falls", "falls", "none"]


@pytest.mark.parametrize(("score", "change"), [(8, "none"), (7.5, "falls")])
def test_a_source_at_the_cut_off_stays(score, change):
    assert changes(("S4", "A", score))[8, "G2"] == change


def test_sources_without_score_stay():
    assert set(changes(("S1", "A", 20)).values()) == {"none"}


def test_a_rank_moves_where_others_have_more_sources_then():
    found = changes(("S1", "A", 1), ("S2", "A", 1), min_publishers=1)
    assert (found[12, "G1"], found[12, "G2"], found[12, "G3"]) == ("rank moves", "rank moves", "none")


def test_a_guideline_that_never_had_the_floor_cannot_fall():
    assert "falls" not in changes(("S3", "A", 0), min_publishers=3).values()


def test_without_one_publisher_a_guideline_falls_below_the_floor():
    left_out = leave_out_publishers(LINKS, min_publishers=2)
    assert left_out[PUBLISHER_SENSITIVITY.names].to_numpy().tolist() == [
        ["G1", "Ann", 1, 1, "yes"],
        ["G1", "Bo", 2, 1, "yes"],
        ["G2", "Bo", 1, 1, "yes"],
        ["G2", "Cy", 1, 1, "yes"],
    ]


@pytest.mark.parametrize("min_publishers", [1, 3])
def test_a_guideline_above_or_below_the_floor_anyway_does_not_fall(min_publishers):
    assert set(leave_out_publishers(LINKS, min_publishers)["falls"]) == {"no"}


def test_a_guideline_of_a_single_publisher_falls_where_one_is_asked_for():
    assert leave_out_publishers(LINKS.head(2), 1)["falls"].tolist() == ["yes"]


def test_weights_are_the_same_for_every_order_of_rows(tmp_path):
    quality = appraise(("S1", "A", 12), ("S1", "B", 9.5), ("S3", "A", 0))
    scores = [score_sources(*both) for both in ((quality, FOUR_SOURCES), (shuffled(quality), shuffled(FOUR_SOURCES)))]
    made = {
        QUALITY_SCORES: scores,
        GUIDELINE_GROUPS: [
            group_support(LINKS, FOUR_SOURCES), group_support(shuffled(LINKS), shuffled(FOUR_SOURCES))
        ],
        QUALITY_SENSITIVITY: [
            vary_cut_off(WEIGHED, LINKS, scores[0], 2), vary_cut_off(shuffled(WEIGHED), shuffled(LINKS), scores[1], 2)
        ],
        PUBLISHER_SENSITIVITY: [leave_out_publishers(LINKS, 2), leave_out_publishers(shuffled(LINKS), 2)],
    }  # fmt: skip
    for contract, (one, other) in made.items():
        assert written(contract, one, tmp_path) == written(contract, other, tmp_path)


def test_without_appraisals_and_evidence_the_tables_have_only_their_headers(tmp_path):
    scores = score_sources(QUALITY.to_frame([]), FOUR_SOURCES)
    made = {
        QUALITY_SCORES: scores,
        QUALITY_SENSITIVITY: vary_cut_off(WEIGHED, LINKS, scores, 2),
        GUIDELINE_GROUPS: group_support(LINKS.head(0), FOUR_SOURCES),
        PUBLISHER_SENSITIVITY: leave_out_publishers(LINKS.head(0), 2),
    }
    for contract, frame in made.items():
        assert written(contract, frame, tmp_path) == ",".join(contract.names) + "\n"


def test_hostile_publishers_are_written_as_words(tmp_path):
    hostile = LINKS.assign(publisher=LINKS["publisher"].replace("Bo", FORMULA))
    made = leave_out_publishers(hostile, 2)
    PUBLISHER_SENSITIVITY.write(made, tmp_path / "table.csv")
    assert FORMULA in set(PUBLISHER_SENSITIVITY.read(tmp_path / "table.csv")["publisher"])


# What people write ----------------------------------------------------------------------------------------------


def faults_of(folder):
    return [(fault.file, fault.row, fault.column, fault.value, fault.problem) for fault in read_study(folder)[1]]


def test_tables_of_the_synthesis_without_faults_have_none(tmp_path):
    assert faults_of(write_synthesis(tmp_path)) == []


def test_a_study_without_these_tables_has_no_faults(tmp_path):
    assert faults_of(write_study(tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "row", "column", "value", "problem"),
    [
        ("practices", "C01; C02", "C01; C09", 3, "code_ids", "C09", "is not in codebook.csv"),
        ("practices", "C01,G01", "C01,G1", 2, "guideline_id", "G1", "is not in guidelines.csv"),
        ("practices", "Nothing to do with water", "", 3, "reason", "", "is empty for a dropped practice"),
        ("categories", "K01,Inlet,G01", "K01,Inlet,G09", 2, "guideline_ids", "G09", "is not in guidelines.csv"),
        ("categories", "G02,,2026-02-04", "G01; G02,,2026-02-04", 4, "guideline_ids", "G01", "is in category K01"),
        ("categories", "withdrawn", "active", 5, "guideline_ids", "G01", "is in category K01 already"),
        ("card_sorts", "B,G02,water\n", "", 4, "guideline_id", "G02", "was not sorted by B"),
        ("card_sorts", "A,G02", "A,G07", 3, "guideline_id", "G07", "is not in guidelines.csv"),
        ("card_sorts", "B,G02", "B,G01", 5, "sorter, guideline_id", "B, G01", "stands in row 4 already"),
        ("card_sorts", "A,G01,in", "A,G01,", 2, "pile", "", "is empty"),
        ("card_sorts", "A,G01,in", "A,G01,=in", 2, "pile", "=in", "is not valid"),
        ("impacts", "I01,G01", "I01,G5", 2, "guideline_id", "G5", "is not in guidelines.csv"),
        ("impacts", "reliability", "speed", 2, "quality_attribute", "speed", "is not valid"),
        ("impacts", "strained", "weakened", 3, "effect", "weakened", "is not valid"),
        ("impacts", "A-2", "A-9", 3, "coding_ids", "A-9", "is no coding"),
        ("impacts", "A-2", "", 3, "coding_ids", "", "is empty"),
        ("quality", "S001,A,Q03,1\n", "", 20, "source_id", "S001", "was appraised by A without Q03"),
        ("quality", "S001,A,Q03,1", "S001,A,Q03,0.7", 4, "score", "0.7", "is not valid"),
        ("quality", "S001,A,Q03,1", "S001,A,Q21,1", 4, "item", "Q21", "is not valid"),
        ("quality", "S001,A,Q03,1", "S001,A,Q02,1", 4, "source_id, appraiser, item", "S001, A, Q02", "stands in row 3"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path, name, old, new, row, column, value, problem):
    folder, file = write_synthesis(tmp_path), PATHS[name][0]
    replace_once(folder, file, old, new)
    found = [fault for fault in read_study(folder)[1] if (fault.column, fault.value) == (column, value)]
    assert [(fault.file, fault.row) for fault in found] == [(file, row)]
    assert found[0].problem.startswith(problem)
    assert found[0].expected and found[0].remedy


def test_an_appraised_source_must_be_one_of_the_study(tmp_path):
    folder = write_synthesis(tmp_path)
    path = folder / PATHS["quality"][0]
    path.write_text(path.read_text(encoding="utf-8").replace("S001", "S01"), encoding="utf-8")
    found = faults_of(folder)
    assert len(found) == 20
    assert found[0] == ("config/quality.csv", 2, "source_id", "S01", "is not in sources.csv (did you mean 'S001'?)")


def test_rows_in_force_may_not_name_withdrawn_guidelines(tmp_path):
    folder = write_synthesis(tmp_path)
    path = folder / "config/synthesis/guidelines.csv"
    path.write_text(
        "guideline_id,name,statement,theme_id,code_ids,status\n"
        "G01,Cover,Put a mesh over the inlet.,T01,C01,withdrawn\nG02,Plan,Lead it away.,T02,C02,\n",
        encoding="utf-8",
    )
    assert [fault[:4] for fault in faults_of(folder)] == [
        ("config/synthesis/practices.csv", 2, "guideline_id", "G01"),
        ("config/synthesis/categories.csv", 2, "guideline_ids", "G01"),
        ("config/synthesis/impacts.csv", 2, "guideline_id", "G01"),
    ]


def test_cards_of_withdrawn_guidelines_need_not_be_sorted(tmp_path):
    folder = write_synthesis(tmp_path)
    for name in ("practices", "categories", "impacts"):
        (folder / PATHS[name][0]).unlink()
    replace_once(folder, PATHS["card_sorts"][0], "A,G02,out\n", "")
    path = folder / "config/synthesis/guidelines.csv"
    rows = "G01,Cover,Put a mesh over the inlet.,T01,C01,\nG02,Plan,Lead it away.,T02,C02,withdrawn\n"
    path.write_text("guideline_id,name,statement,theme_id,code_ids,status\n" + rows, encoding="utf-8")
    assert faults_of(folder) == []


def judge(folder, verdict, code_id=""):
    path = folder / "config/coding/adjudications.csv"
    header = "adjudication_id,coding_ids,verdict,code_id,reason,decided_by,decided_at\n"
    path.write_text(f"{header}J-1,A-2,{verdict},{code_id},Read again,A and B,2026-02-01\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("verdict", "code_id", "problems"),
    [
        ("stands", "", []),
        ("falls", "", ["was withdrawn, replaced, superseded or found wrong"]),
        ("recoded", "C01", ["has code C01, on which G02 does not rest"]),
        ("recoded", "C03", []),
    ],
)
def test_an_impact_rests_on_codings_as_adjudicated(tmp_path, verdict, code_id, problems):
    folder = write_synthesis(tmp_path)
    judge(folder, verdict, code_id)
    study, faults = read_study(folder)
    assert (faults, [remark.problem for remark in remark_evidence(study)]) == ([], problems)


def test_an_impact_that_cites_a_coding_of_another_guideline_is_remarked(tmp_path):
    folder = write_synthesis(tmp_path)
    path = folder / "config/synthesis/impacts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("A-2", "A-1"), encoding="utf-8")
    study, faults = read_study(folder)
    remarks = [(one.row, one.column, one.value, one.problem) for one in remark_evidence(study)]
    assert (faults, remarks) == ([], [(3, "coding_ids", "A-1", "has code C01, on which G02 does not rest")])


def test_a_superseded_impact_may_name_codings_that_are_no_longer(tmp_path):
    folder = write_synthesis(tmp_path)
    judge(folder, "falls")
    path = folder / PATHS["impacts"][0]
    rows = path.read_text(encoding="utf-8").splitlines()
    later = "I02,G02,pipe,safety,strained,Where the water goes,A-3,2026-02-02"
    path.write_text("\n".join([rows[0] + ",decided_at", rows[1] + ",", rows[2] + ",", later, ""]), encoding="utf-8")
    assert faults_of(folder) == []


@pytest.mark.parametrize("name", PATHS)
def test_a_table_that_lacks_its_columns_is_a_fault_and_no_crash(tmp_path, name):
    folder = write_synthesis(tmp_path)
    (folder / PATHS[name][0]).write_text("note\nx\n", encoding="utf-8")
    assert {fault[0] for fault in faults_of(folder)} == {PATHS[name][0]}


@pytest.mark.parametrize("file", ["config/synthesis/guidelines.csv", "config/coding/codebook.csv"])
def test_tables_that_cannot_be_read_crash_no_check(tmp_path, file):
    folder = write_synthesis(tmp_path)
    (folder / file).write_text("note\nx\n", encoding="utf-8")
    assert any(fault[0] == file for fault in faults_of(folder))


# The mini study -------------------------------------------------------------------------------------------------


def made(folder, contract):
    return read_table(folder / f"data/processed/{contract.name}.csv")


def test_every_analysis_of_the_mini_study_has_rows(built):
    contracts = (
        CARD_SIMILARITY, CARD_CLUSTERS, CARD_MERGES, CARD_MEASURES, SATURATION, SATURATION_MEASURES, CROSSWALK,
        CROSSWALK_MEASURES, GUIDELINE_GROUPS, QUALITY_SCORES, QUALITY_SENSITIVITY, PUBLISHER_SENSITIVITY,
    )  # fmt: skip
    assert [contract.name for contract in contracts if not made(built, contract)] == []


def test_the_card_sort_of_the_mini_study_has_the_bees_apart(built):
    clusters = {row["guideline_id"]: row["cluster"] for row in made(built, CARD_CLUSTERS)}
    assert clusters == {"G01": "1", "G02": "2", "G03": "2", "G04": "1", "G05": "1"}


def test_every_source_of_the_mini_study_has_a_row_of_quality(built):
    scores = {row["source_id"]: row["score"] for row in made(built, QUALITY_SCORES)}
    assert len(scores) == 10
    assert (scores["S001"], scores["S002"], scores["S003"]) == ("9.75", "17", "")


def test_the_water_of_the_mini_study_falls_without_either_publisher(built):
    falling = [row["guideline_id"] for row in made(built, PUBLISHER_SENSITIVITY) if row["falls"] == "yes"]
    assert falling == ["G03", "G03"]


# What the report says -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(built):
    return BeautifulSoup((built / "results/report.html").read_text(encoding="utf-8"), "html.parser")


def test_the_report_of_the_mini_study_has_a_section_for_each_analysis(page):
    found = {section["id"]: section.h2.get_text() for section in page.find_all("section") if section.h2}
    wanted = {
        "agreement": "Agreement",
        "saturation": "Saturation",
        "crosswalk": "Topics and codes",
        "guidelines": "Guidelines",
        "categories": "Categories and card sort",
        "threats": "Threats",
        "methods": "Methods, in the run’s own figures",
        "impact": "Impact",
        "sensitivity": "Sensitivity",
    }
    assert wanted.items() <= found.items()
    assert "screening" not in found


def test_drawings_have_all_leaves_and_merges(page):
    tree = page.find(id="categories").svg
    assert len(tree.find_all("path")) == 4 + 1
    assert [name.get_text() for name in tree.find_all("title")][0] == "K01 G01 Let the roof decide"
    assert len(page.find(id="saturation").svg.find_all("polyline")) == 2


def test_the_matrix_of_impacts_leads_to_their_rows(page):
    links = [link["href"] for link in page.find(class_="matrix").find_all("a") if "#impact" in link["href"]]
    assert sorted(links) == ["#impact-I01", "#impact-I02", "#impact-I03"]
    assert "−1" in page.find(class_="matrix").get_text()


def test_links_and_ids_of_the_report_fit(page):
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in page.find_all("a") if link["href"].startswith("#")} <= set(ids)


@pytest.fixture(scope="module")
def hostile_page(hostile):
    """Return the report of a study without texts whose cells want to be more than words."""
    return BeautifulSoup((hostile / "results/report.html").read_text(encoding="utf-8"), "html.parser")


def test_hostile_words_of_the_synthesis_are_shown_as_words(hostile_page):
    assert hostile_page.body.find_all(["script", "img", "iframe", "form"]) == []
    for section in ("guidelines", "categories", "impact", "sensitivity"):
        assert FORMULA in hostile_page.find(id=section).get_text()


def test_a_study_without_texts_has_no_crosswalk(hostile_page):
    assert hostile_page.find(id="crosswalk") is None
    assert hostile_page.find(id="saturation") is not None


def test_a_long_label_is_cut_and_shown_in_full_on_its_title():
    clusters = table(CARD_CLUSTERS, "guideline_id leaf", ("G1", 1), ("G2", 2))
    merges = table(CARD_MERGES, "step left right distance linkage size", (1, "G1", "G2", 0.5, "average", 2))
    guidelines = table(GUIDELINES, "guideline_id name", ("G1", "w" * 90), ("G2", "Lid"))
    drawing = describe_categories(CATEGORIES.to_frame([]), guidelines, clusters, merges)["drawing"]
    assert [len(leaf["label"]) for leaf in drawing["labels"]] == [38, 6]
    assert drawing["labels"][0]["words"] == "G1 " + "w" * 90
    assert [path["is_within"] for path in drawing["paths"]] == [False]


def test_parts_without_rows_are_left_out():
    none = {name: contract.to_frame([]) for name, contract in CONTRACTS.items()}
    guidelines = WEIGHED
    assert describe_agreement(none["agreement"], {}) == []
    assert describe_saturation(none["saturation"], none["saturation_measures"]) is None
    empty = describe_categories(CATEGORIES.to_frame([]), guidelines, none["card_clusters"], none["card_merges"])
    assert empty is None
    assert describe_practices(PRACTICES.to_frame([])) is None
    assert describe_impacts(IMPACTS.to_frame([]), guidelines) is None
    assert describe_crosswalk(none["crosswalk"], none["crosswalk_gaps"], {}, {}) is None
    parts = (none["quality_sensitivity"], none["publisher_sensitivity"], none["quality_scores"], guidelines)
    assert describe_sensitivity(*parts) is None
    assert draw_flow(None) is None
    assert compare_rounds([]) is None
    assert lay_out_crosswalk(none["crosswalk"], [], {}, {}) is None
    assert draw_topics(TOPICS.to_frame([]), np.zeros((0, 2))) is None


def test_guidelines_of_no_category_come_last():
    categories = table(CATEGORIES, "category_id name guideline_ids", ("K1", "Top", "G1; G3"))
    clusters, merges = CARD_CLUSTERS.to_frame([]), CARD_MERGES.to_frame([])
    described = describe_categories(categories, WEIGHED, clusters, merges)
    members = [[one["guideline_id"] for one in category["members"]] for category in described["categories"]]
    assert (members, described["drawing"]) == ([["G1", "G3"], ["G2"]], None)


def test_topics_of_like_words_lie_near_each_other_on_the_map():
    centres = np.array([[1.0, 0, 0], [0.95, 0.1, 0], [0, 1, 0], [0, 0, 1]])
    places = place_topics(centres)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    assert apart[0, 1] < 0.3 * min(apart[0, 2], apart[0, 3])
    assert (places == place_topics(centres)).all()


def test_no_circle_of_the_map_covers_another():
    rows = [(number, 9 - number, 1, "bees, roof") for number in range(6)]
    drawn = draw_topics(table(TOPICS, "topic_id n_segments n_sources words", *rows), np.ones((6, 3)))
    circles = drawn["circles"]
    for number, one in enumerate(circles):
        for other in circles[:number]:
            apart = ((one["x"] - other["x"]) ** 2 + (one["y"] - other["y"]) ** 2) ** 0.5
            assert apart >= one["radius"] + other["radius"] - 1


def test_a_single_topic_has_a_map():
    rows = table(TOPICS, "topic_id n_segments n_sources words", (-1, 3, 1, ""), (0, 5, 2, "bees, roof"))
    assert [one["label"] for one in draw_topics(rows, np.ones((1, 3)))["circles"]] == ["bees roof"]


def test_the_crosswalk_is_laid_out_by_codes_and_topics():
    crosswalk = table(
        CROSSWALK, "topic_id code_id n_segments share_of_topic share_of_code lift",
        (-1, "C1", 9, 1, 1, 1), (0, "C1", 1, 0.1, 0.02, 1), (2, "C2", 4, 0.1, 0.9, 3),
    )  # fmt: skip
    laid = lay_out_crosswalk(crosswalk, ["C2", "C1", "C3"], {"C1": {"name": "Lid"}}, {2: "bees"})
    assert [(one["topic_id"], one["words"]) for one in laid["topics"]] == [(0, ""), (2, "bees")]
    cells = {row["code_id"]: [cell and cell["shade"] for cell in row["cells"]] for row in laid["rows"]}
    assert cells == {"C2": [None, 5], "C1": [0, None]}


def test_alpha_of_codes_is_set_side_by_side_by_rounds():
    agreement = table(
        AGREEMENT, "round coders scope measure value low high n_units n_coders",
        (1, "A; B", "C1", "alpha_nominal", 0.5, 0.4, 0.6, 9, 2),
        (2, "A; B", "C1", "alpha_nominal", 0.9, 0.8, 1, 9, 2),
        (2, "A; B", "C2", "alpha_nominal", 0.7, 0.6, 0.8, 9, 2),
    )  # fmt: skip
    compared = compare_rounds(describe_agreement(agreement, {}))
    assert [column["round"] for column in compared["columns"]] == [1, 2]
    values = {row["code_id"]: [cell and cell["value"] for cell in row["cells"]] for row in compared["rows"]}
    assert values == {"C1": [0.5, 0.9], "C2": [None, 0.7]}


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("N = 3  # ASSUME: bees rest at night\n# Another comment.\n", "bees rest at night"),
        ("# ASSUME: bees rest\n# at night.\nN = 3\n", "bees rest at night."),
        ('"""Count.\n\nASSUME: bees rest\nat night.\n\nMore.\n"""\n', "bees rest at night."),
        ('"""Count. ASSUME: bees rest at night."""\n', "bees rest at night."),
    ],
    ids=["beside", "comment", "docstring", "one line"],
)
def test_an_assumption_is_read_to_its_end(script, words):
    assert collect_assumptions({"count.py": script}) == [{"script": "count.py", "words": words}]


def test_a_mere_mention_of_the_mark_is_no_assumption():
    assert collect_assumptions({"count.py": '"""Lists what `ASSUME:` marks."""\nMARK = "ASSUME: "\n'}) == []


def test_a_section_of_the_protocol_is_read_as_its_items():
    page = "# P\n\n## Threats to validity\n\n- Bees\n  sleep.\n- Roofs leak.\n\n## Other\n- Not this\n"
    assert read_section(page, "Threats to validity") == ["Bees sleep.", "Roofs leak."]
    assert read_section(page, "Nothing") == []


def test_the_report_of_the_mini_study_tells_its_methods_by_its_figures(page, built):
    told = page.find(id="methods").get_text()
    n_evidence = sum(row["is_evidence"] == "yes" for row in made(built, LOCATED_CODINGS))
    assert "The 10 sources are by" in told
    assert n_evidence == len(made(built, LOCATED_CODINGS))
    assert f"all {n_evidence} codings count as evidence" in told


def test_figures_of_the_report_lead_to_pages_of_the_audit(page, built):
    targets = {link["href"] for link in page.find_all("a") if link["href"].startswith("audit/")}
    assert len(targets) > 50
    files = {target.partition("#")[0].partition("?")[0] for target in targets}
    assert sorted(file for file in files if not (built / "results" / file).is_file()) == []


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [(0, [0]), (5, [0, 1, 2, 3, 4, 5]), (26, [0, 5, 10, 15, 20, 25]), (103, [0, 20, 40, 60, 80, 100])],
)
def test_ticks_are_round_numbers(largest, ticks):
    assert choose_ticks(largest) == ticks


# Words of the report --------------------------------------------------------------------------------------------


def tell(**frames_of_study):
    """Return the paragraph on methods of a study that has these frames only."""
    frames = {name: contract.to_frame([]) for name, contract in CONTRACTS.items()} | frames_of_study
    return " ".join(describe_methods(frames, None, {"synthesis": {"min_publishers": 3}}))


@pytest.mark.parametrize(
    ("listed", "shuffled", "words"),
    [
        ("5", "6", "was reached as listed after 5 sources, by the median of shuffled orders after 6 sources."),
        ("5", "", "was reached as listed after 5 sources, and not by the median of shuffled orders."),
        ("", "6", "was reached by the median of shuffled orders after 6 sources, and not as listed."),
        ("", "", "was not reached as listed or by the median of shuffled orders."),
    ],
)
def test_saturation_that_is_not_reached_is_told_so(listed, shuffled, words):
    columns = "order_name base_size run_length threshold reached_at"
    rows = [("listed", 4, 2, 0.05, listed), ("shuffled", 4, 2, 0.05, shuffled)]
    assert words in tell(saturation_measures=table(SATURATION_MEASURES, columns, *rows))


@pytest.mark.parametrize(
    ("second", "words"),
    [("yes", "all 2 codings count as evidence."), ("no", "1 of 2 codings count as evidence, the others were")],
)
def test_other_codings_are_told_of_only_where_there_are_some(second, words):
    rows = [("A-1", "A", 1, "yes"), ("A-2", "A", 1, second)]
    assert words in tell(located_codings=table(LOCATED_CODINGS, "coding_id coder round is_evidence", *rows))


def test_weak_codes_are_counted_among_those_with_a_value_and_shown_on_their_side_of_the_bound():
    columns = "round coders scope measure value"
    rows = [("C1", 0.664), ("C2", 0.9), ("C3", "")]
    rows = [(3, "A;B", code, "alpha_nominal", value) for code, value in rows]
    threats = list_threats(
        texts=None,
        changes=CONTRACTS["source_changes"].to_frame([]),
        sources=table(SOURCES, "source_id publisher", ("S1", "Ann")),
        codings=LOCATED_CODINGS.to_frame([]),
        agreement=table(AGREEMENT, columns, *rows),
        support=CONTRACTS["guideline_support"].to_frame([]),
        by_publisher=PUBLISHER_SENSITIVITY.to_frame([]),
        min_publishers=3,
    )
    assert threats[0]["words"].startswith("In the last round 1 of 2 codes stays below 0.667")
    assert threats[0]["words"].endswith("conclusions: C1 (0.664).")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1 sources (1 pages to capture) in, 1 rows out", "1 source (1 page to capture) in, 1 row out"),
        ("11 sources, 0.1 seconds, 1 same_words, 1,001 rows", "11 sources, 0.1 seconds, 1 same_words, 1,001 rows"),
        ("1 disputed units, 1 codes exact enough", "1 disputed unit, 1 code exact enough"),
    ],
)
def test_one_thing_is_told_in_the_singular(line, said):
    assert say_one(line) == said
