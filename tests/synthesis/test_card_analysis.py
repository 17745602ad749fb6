"""The analysis of card sorts: similarity, merges, clusters and their measures."""

import itertools
import math
import random

import numpy as np
import pytest
from scipy.cluster.hierarchy import average, cophenet, fcluster
from scipy.spatial.distance import squareform
from sklearn.metrics import adjusted_rand_score, silhouette_samples

from archives import MINI
from frames import as_frame, as_rows, on_frames, shuffled, table, values_of, written
from graylit.measures.partitions import measure_rand, merge_clusters
from graylit.synthesis import card_analysis
from graylit.synthesis.card_analysis import analyze_sorts, correlate_cophenet, count_together, find_cut, gather_piles
from graylit.tables.card_sorting import (
    CARD_CLUSTERS,
    CARD_CUTS,
    CARD_FITS,
    CARD_MEASURES,
    CARD_MERGES,
    CARD_SIMILARITY,
    CARD_SORTS,
    SORT_SESSIONS,
    SORTER_AGREEMENT,
)
from graylit.tables.synthesis import CATEGORIES
from tiny_study import FORMULA

assign_categories = on_frames(card_analysis.assign_categories)
CONTRACTS = (CARD_SIMILARITY, CARD_CLUSTERS, CARD_MERGES, CARD_MEASURES, CARD_CUTS, CARD_FITS, SORTER_AGREEMENT)
CARDS = ["G1", "G2", "G3", "G4"]
SORTED = {"A": ["x", "x", "y", "y"], "B": ["p", "p", "p", "q"]}
SORTS = table(
    CARD_SORTS,
    "sorter guideline_id pile",
    *[(sorter, card, pile) for sorter, piles in SORTED.items() for card, pile in zip(CARDS, piles, strict=True)],
)


CLEAR = (0, 1, 3, 4, 5)  # seeds of sorts whose merges are never of equal distances: scipy takes any of these
TWO_CATEGORIES = {"G1": "K1", "G2": "K1", "G3": "K2", "G4": "K2"}


def analyze(sorts=SORTS, category_of=TWO_CATEGORIES, cards=CARDS, sessions=None, n_asked=0):
    """Return the tables of a card sort."""
    piles = gather_piles(as_rows(sorts), [] if sessions is None else as_rows(sessions), cards)
    made = analyze_sorts(piles, category_of, n_asked)
    rows = (made.similarity, made.clusters, made.merges, made.measures, made.cuts, made.fits, made.agreement)
    return tuple(map(as_frame, CONTRACTS, rows))


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
    _, _, merges, measures, *_ = analyze()
    assert set(merges["linkage"]) == {"average"}
    assert all(word in " ".join(measures["meaning"]) for word in ("average", "UPGMA", "1 - share"))


def test_a_card_sort_is_the_same_for_every_order_of_rows(tmp_path):
    ours, others = analyze(), analyze(shuffled(SORTS), dict(reversed(TWO_CATEGORIES.items())))
    for contract, one, other in zip(CONTRACTS, ours, others, strict=True):
        assert written(contract, one, tmp_path) == written(contract, other, tmp_path)


def test_names_of_piles_and_order_of_sorters_do_not_matter():
    renamed = SORTS.assign(pile="the " + SORTS["pile"], sorter=SORTS["sorter"].map({"A": "Z", "B": "A"}))
    assert analyze(renamed)[2].equals(analyze()[2])


def test_without_sorts_the_tables_have_only_their_headers(tmp_path):
    for contract, made in zip(CONTRACTS, analyze(CARD_SORTS.to_frame([])), strict=True):
        assert written(contract, made, tmp_path) == ",".join(contract.names) + "\n"


def test_cards_of_guidelines_not_in_force_are_left_out():
    assert analyze(cards=CARDS[:2])[1]["guideline_id"].tolist() == ["G1", "G2"]


def test_without_categories_cards_have_no_cluster_and_no_agreement_with_it(tmp_path):
    _, clusters, _, measures, *_ = analyze(category_of={})
    assert "G1,1,,\n" in written(CARD_CLUSTERS, clusters, tmp_path)
    assert math.isnan(values_of(measures)["rand_categories"])


def test_one_sorter_has_no_agreement_but_a_dendrogram():
    _, _, merges, measures, *_ = analyze(SORTS[SORTS["sorter"] == "A"])
    assert math.isnan(values_of(measures)["mean_rand_sorters"])
    assert merges["distance"].tolist() == [0, 0, 1]


@pytest.mark.parametrize("pile", ["all", None])
def test_a_sort_without_variation_has_no_cophenetic_correlation(pile):
    together = SORTS.assign(pile=pile or SORTS["guideline_id"])
    assert math.isnan(values_of(analyze(together)[3])["cophenetic_correlation"])


@pytest.mark.parametrize("n_cards", [1, 2])
def test_one_or_two_cards_are_enough(n_cards, tmp_path):
    _, clusters, merges, measures, *_ = analyze(cards=CARDS[:n_cards])
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


def sort_at_random(n_sorters, cards, seed):
    """Return sorters who put cards on piles by three kinds that they mistake at times, in words of their own."""
    draw = random.Random(seed)
    rows = []
    for sorter in (f"S{number:02}" for number in range(n_sorters)):
        for number, card in enumerate(cards):
            pile = number % 3 if draw.random() < 0.75 else draw.randrange(5)
            rows.append((sorter, card, f"{sorter}{pile}"))
    return table(CARD_SORTS, "sorter guideline_id pile", *rows)


@pytest.mark.parametrize("seed", CLEAR)
def test_the_analysis_is_that_of_an_independent_computation(seed):
    cards = [f"G{number:02}" for number in range(14)]
    sorts = sort_at_random(41, cards, seed)
    similarity, _, merges, measures, cuts, fits, agreement = analyze(sorts, {}, cards)
    piles = {name: rows.set_index("guideline_id")["pile"] for name, rows in sorts.groupby("sorter")}
    near = np.array([[np.mean([of[one] == of[two] for of in piles.values()]) for two in cards] for one in cards])
    far = squareform(1 - near, checks=False)
    assert similarity["share"].to_numpy() == pytest.approx(1 - far)
    tree = average(far)
    assert merges["distance"].to_numpy() == pytest.approx(tree[:, 2])
    correlation, _ = cophenet(tree, far)
    assert values_of(measures)["cophenetic_correlation"] == pytest.approx(correlation)
    rand = [adjusted_rand_score(piles[one], piles[two]) for one, two in itertools.combinations(sorted(piles), 2)]
    assert agreement["rand"].to_numpy() == pytest.approx(rand)
    means = {}
    for number in range(2, 8):
        means[number] = silhouette_samples(1 - near, fcluster(tree, number, "maxclust"), metric="precomputed").mean()
    assert cuts["silhouette"].to_numpy() == pytest.approx(list(means.values()))
    chosen = find_cut(cuts.to_dict("records"))
    assert chosen == max(means, key=means.get)
    theirs = fcluster(tree, chosen, "maxclust")
    assert measure_rand(fits["cluster"].tolist(), theirs.tolist()) == 1
    widths = silhouette_samples(1 - near, theirs, metric="precomputed")
    assert fits["silhouette"].to_numpy() == pytest.approx(widths)
    assert (fits["is_misfit"] == "yes").tolist() == (widths < -1e-12).tolist()


def test_a_card_that_is_more_often_with_others_is_a_misfit():
    # D1 is with the As for half of the sorters, and with its own cluster for fewer
    rows = [
        *[(sorter, card, pile) for sorter in "ABCD" for pile, of in {"a": "A1 A2 A3", "b": "B1 B2"}.items()
          for card in of.split()],
        *[("A", "D1", "a"), ("B", "D1", "a"), ("C", "D1", "b"), ("D", "D1", "alone")],
    ]  # fmt: skip
    cards = ["A1", "A2", "A3", "B1", "B2", "D1"]
    *_, fits, _ = analyze(table(CARD_SORTS, "sorter guideline_id pile", *rows), {}, cards, n_asked=2)
    fit = fits.set_index("guideline_id").loc["D1"]
    assert (fit["share_own"], fit["share_nearest"], fit["is_misfit"]) == (0.5, 0.25, "no")
    forced = card_analysis.list_fits(*_forced(rows, cards), 2)
    misfit = next(row for row in forced if row["guideline_id"] == "D1")
    assert (misfit["share_own"], misfit["share_nearest"], misfit["is_misfit"]) == (0.25, 0.5, "yes")


def _forced(rows, cards):
    """Return piles and merges by which D1 is joined with the Bs, whatever they say."""
    piles = gather_piles(as_rows(table(CARD_SORTS, "sorter guideline_id pile", *rows)), [], cards)
    n_together = count_together(piles)
    joined = np.array(n_together)
    joined[5, 3:5] = joined[3:5, 5] = 4
    joined[5, :3] = joined[:3, 5] = 0
    return piles, merge_clusters(joined, 4), n_together


def test_of_equal_cuts_the_smaller_is_chosen_and_the_config_may_name_another():
    cards = [f"G{number}" for number in range(8)]
    rows = [("A", card, f"p{number // 2}") for number, card in enumerate(cards)]
    sorts = table(CARD_SORTS, "sorter guideline_id pile", *rows)
    cuts = analyze(sorts, {}, cards)[4]
    assert cuts["n_clusters"].tolist() == [2, 3, 4]
    assert cuts.loc[cuts["is_chosen"] == "yes", "n_clusters"].tolist() == [4]
    flat = analyze(sorts.assign(pile="one"), {}, cards)[4]
    assert flat.loc[flat["is_chosen"] == "yes", "n_clusters"].tolist() == [2]
    asked = analyze(sorts, {}, cards, n_asked=6)[4]
    assert asked.loc[asked["is_chosen"] == "yes", "n_clusters"].tolist() == [6]
    assert asked["n_clusters"].tolist() == [2, 3, 4, 6]


def test_the_last_row_of_a_card_counts_and_one_without_a_pile_takes_it_back():
    moved = table(CARD_SORTS, "sorter guideline_id pile sorted_at", ("A", "G1", "y", "2026-01-02"))
    sorts = as_rows(SORTS) + as_rows(moved)
    assert gather_piles(sorts, [], CARDS).names[0] == ["y", "x", "y", "y"]
    back = [*sorts, {"sorter": "A", "guideline_id": "G1", "pile": "", "sorted_at": "2026-01-03"}]
    assert gather_piles(back, [], CARDS).cards == ["G2", "G3", "G4"]


def test_a_sorter_who_has_not_finished_counts_for_nothing():
    sessions = table(
        SORT_SESSIONS,
        "sorter status kind way seed decided_at",
        ("A", "begun", "open", "desk", 1, "2026-01-01"),
        ("B", "begun", "open", "desk", 1, "2026-01-01"),
        ("B", "finished", "open", "desk", 1, "2026-01-02"),
    )
    assert gather_piles(as_rows(SORTS), as_rows(sessions), CARDS).sorters == ["B"]
    assert gather_piles(as_rows(SORTS), as_rows(sessions)[:2], CARDS).cards == []


def test_the_sort_of_the_mini_study_is_that_of_an_independent_computation():
    # Three sorters leave many distances equal, so the merges are ours; all else is computed again from the piles.
    folder = MINI / "config/synthesis"
    sorts = CARD_SORTS.read(folder / "card_sorts.csv")
    cards = sorted(set(sorts["guideline_id"]))
    similarity, _, merges, _, cuts, fits, agreement = analyze(sorts, {}, cards)
    piles = sorts.pivot(index="guideline_id", columns="sorter", values="pile")
    near = np.mean([np.equal.outer(*[piles[name].to_numpy()] * 2) for name in piles], axis=0)
    assert similarity["share"].to_numpy() == pytest.approx(near[np.triu_indices(len(cards), 1)])
    pairs = itertools.combinations(piles, 2)
    assert agreement["rand"].to_numpy() == pytest.approx([adjusted_rand_score(piles[a], piles[b]) for a, b in pairs])
    widths = silhouette_samples(1 - near, fits["cluster"], metric="precomputed")
    assert fits["silhouette"].to_numpy() == pytest.approx(widths)
    chosen = cuts[cuts["is_chosen"] == "yes"]
    assert chosen["silhouette"].tolist() == [pytest.approx(widths.mean())]
    assert cuts["silhouette"].max() == chosen["silhouette"].item()
    assert merges["distance"].is_monotonic_increasing
