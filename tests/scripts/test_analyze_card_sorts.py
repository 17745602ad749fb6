"""The analysis of card sorts: similarity, merges, clusters and their measures."""

import math

import analyze_card_sorts as sorting
import numpy as np
import pytest
from analyze_card_sorts import (
    correlate_cophenet,
    count_together,
    list_clusters,
    list_merges,
    list_similarity,
    measure_sorts,
)

from frames import as_frame, on_frames, shuffled, table, values_of, written
from graylit.measures.partitions import measure_rand, merge_clusters
from graylit.tables.synthesis import CARD_CLUSTERS, CARD_MEASURES, CARD_MERGES, CARD_SIMILARITY, CARD_SORTS, CATEGORIES
from tiny_study import FORMULA

assign_categories, gather_piles = on_frames(sorting.assign_categories), on_frames(sorting.gather_piles)
CONTRACTS = (CARD_SIMILARITY, CARD_CLUSTERS, CARD_MERGES, CARD_MEASURES)
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
    merges = merge_clusters(n_together, len(piles.names))
    clusters = list_clusters(piles, merges, category_of)
    measures = measure_sorts(piles, merges, n_together, clusters)
    made = (list_similarity(piles, n_together), clusters, list_merges(piles, merges), measures)
    return tuple(map(as_frame, CONTRACTS, made))


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
