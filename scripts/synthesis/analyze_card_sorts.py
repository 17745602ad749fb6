"""Analyze the open card sort: which guidelines sorters put together, and whether the categories follow from it."""

import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graylit.measures.partitions import Merge, cut_merges, mean_rand, measure_rand, merge_clusters, order_leaves
from graylit.runs.steps import Step
from graylit.study.state import list_in_force
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells, Values
from graylit.tables.synthesis import (
    CARD_CLUSTERS,
    CARD_MEASURES,
    CARD_MERGES,
    CARD_SIMILARITY,
    CARD_SORTS,
    CATEGORIES,
    GUIDELINES,
)

LINKAGE = "average"


@dataclass(frozen=True)
class Piles:
    """On which pile each sorter put each card: `names` holds for each sorter the piles of `cards`, in their order."""

    cards: list[str]
    names: list[list[str]]


def gather_piles(sorts: Collection[Cells], guideline_ids: Collection[str]) -> Piles:
    """Return the piles of the cards in force, cards and sorters in order; '' for a card that a sorter left out."""
    pile_of = {(row["sorter"], row["guideline_id"]): row["pile"] for row in sorts}
    cards = sorted({row["guideline_id"] for row in sorts}.intersection(guideline_ids))
    sorters = sorted({sorter for sorter, card in pile_of if card in cards})
    return Piles(cards, [[pile_of.get((sorter, card), "") for card in cards] for sorter in sorters])


def count_together(piles: Piles) -> np.ndarray:
    """Return how many sorters put two cards on one pile, shape (n_cards, n_cards)."""
    counts = np.zeros((len(piles.cards), len(piles.cards)), dtype=int)
    for names in piles.names:
        of_sorter = np.array(names, dtype=object)
        counts += (of_sorter[:, None] == of_sorter[None, :]) & (of_sorter != "")
    return counts


def list_similarity(piles: Piles, n_together: np.ndarray) -> list[Values]:
    """Return one row per pair of cards with the sorters who put both on one pile."""
    n_sorters = max(len(piles.names), 1)
    pairs = itertools.combinations(enumerate(piles.cards), 2)
    return [
        dict(zip(CARD_SIMILARITY.names, (card, other, n, n / n_sorters), strict=True))
        for (first, card), (second, other) in pairs
        for n in [int(n_together[first, second])]
    ]


def list_clusters(piles: Piles, merges: list[Merge], category_of: Mapping[str, str]) -> list[Values]:
    """Return one row per card: its leaf, its category, and its cluster of as many as there are categories."""
    n_cards = len(piles.cards)
    leaves = {number: leaf for leaf, number in enumerate(order_leaves(merges, n_cards), start=1)}
    categories = [category_of.get(card, "") for card in piles.cards]
    n_categories = len(set(categories) - {""})
    clusters = cut_merges(merges, n_cards, n_categories) if n_categories else [None] * n_cards
    return [
        {"guideline_id": card, "leaf": leaves[number], "cluster": cluster, "category_id": category_id}
        for number, (card, cluster, category_id) in enumerate(zip(piles.cards, clusters, categories, strict=True))
    ]


def list_merges(piles: Piles, merges: Iterable[Merge]) -> list[Values]:
    """Return one row per merge of the dendrogram, in order."""
    rows: list[Values] = []
    for step, merge in enumerate(merges, start=1):
        left, right = ("; ".join(piles.cards[number] for number in side) for side in (merge.left, merge.right))
        sizes = {"distance": float(merge.distance), "size": len(merge.members)}
        rows.append({"step": step, "linkage": LINKAGE, "left": left, "right": right, **sizes})
    return rows


def correlate_cophenet(merges: Sequence[Merge], n_together: np.ndarray, n_sorters: int) -> float:
    """Return how well the dendrogram keeps the distances of cards; not a number if either does not vary.

    The dendrogram's distance of two cards is that of the merge which joins them (Sokal and Rohlf 1962).
    """
    if len(merges) < 2:
        return math.nan
    joined = np.zeros(n_together.shape)
    for merge in merges:
        joined[np.ix_(merge.left, merge.right)] = joined[np.ix_(merge.right, merge.left)] = float(merge.distance)
    pairs = np.triu_indices(len(n_together), k=1)
    distances, kept = (1 - n_together / n_sorters)[pairs], joined[pairs]
    if len(set(distances)) < 2 or len(set(kept)) < 2:
        return math.nan
    return float(np.corrcoef(distances, kept)[0, 1])


def measure_sorts(
    piles: Piles, merges: list[Merge], n_together: np.ndarray, clusters: Iterable[Values]
) -> list[Values]:
    """Return the measures of a card sort; none if nobody sorted."""
    if not piles.names:
        return []
    chosen = [row for row in clusters if row["category_id"] and row["cluster"] is not None]
    dendrogram = "dendrogram (linkage: average, UPGMA; distance: 1 - share of sorters)"
    rows = [
        ("n_sorters", len(piles.names), "sorters"),
        ("n_cards", len(piles.cards), "cards that each of them sorted"),
        ("mean_rand_sorters", mean_rand(piles.names), "mean adjusted Rand index over pairs of sorters"),
        (
            "cophenetic_correlation",
            correlate_cophenet(merges, n_together, len(piles.names)),
            f"correlation of the distances of cards with those in the {dendrogram}",
        ),
        (
            "rand_categories",
            measure_rand([row["category_id"] for row in chosen], [row["cluster"] for row in chosen]),
            f"adjusted Rand index of the categories with as many clusters of the {dendrogram}",
        ),
    ]
    return [dict(zip(CARD_MEASURES.names, row, strict=True)) for row in rows]


def assign_categories(categories: Iterable[Cells]) -> dict[str, str]:
    """Return the category of each guideline that has one."""
    return {guideline_id: row["category_id"] for row in categories for guideline_id in split_ids(row["guideline_ids"])}


def describe_left_out(sorts: Collection[Cells], piles: Piles) -> str:
    """Return how many sorted cards are left out, in words."""
    n_left_out = len(sorts) - len(piles.cards) * len(piles.names)
    return f"{n_left_out} cards of guidelines not in force" if n_left_out else ""


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    sorts, categories = CARD_SORTS.list_cells(paths.sorts), list_in_force(CATEGORIES, paths.categories)
    piles = gather_piles(sorts, [row["guideline_id"] for row in list_in_force(GUIDELINES, paths.guidelines)])
    n_together = count_together(piles)
    merges = merge_clusters(n_together, len(piles.names))
    clusters = list_clusters(piles, merges, assign_categories(categories))
    CARD_SIMILARITY.write_rows(list_similarity(piles, n_together), step.output.similarity)
    CARD_CLUSTERS.write_rows(clusters, step.output.clusters)
    CARD_MERGES.write_rows(list_merges(piles, merges), step.output.merges)
    CARD_MEASURES.write_rows(measure_sorts(piles, merges, n_together, clusters), step.output.measures)
    dropped = describe_left_out(sorts, piles)
    step.close(f"{len(sorts)} sorted cards", f"{len(merges)} merges of {len(piles.cards)} cards", dropped)
