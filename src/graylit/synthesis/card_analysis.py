"""Analyze card sorts: which guidelines sorters put together, how many clusters that makes, and whether they agree.

The number of clusters is that whose mean silhouette is highest, of 2 to half as many as there are cards; of equal ones
the smaller. A study may state another number in its config.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graylit.measures.partitions import (
    Fit,
    Merge,
    cut_merges,
    mean_rand,
    mean_silhouette,
    measure_fits,
    measure_rand,
    merge_clusters,
    order_leaves,
)
from graylit.synthesis.piles import list_counted, read_piles, read_sessions
from graylit.tables.card_sorting import (
    CARD_CUTS,
    CARD_FITS,
    CARD_MEASURES,
    CARD_SIMILARITY,
    SORTER_AGREEMENT,
)
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells, Values

LINKAGE = "average"


@dataclass(frozen=True)
class Piles:
    """On which pile each sorter put each card: `names` holds for each sorter the piles of `cards`, in their order."""

    cards: list[str]
    sorters: list[str]
    names: list[list[str]]


def gather_piles(sorts: Iterable[Cells], sessions: Iterable[Cells], guideline_ids: Collection[str]) -> Piles:
    """Return the piles of the sorters whose sort counts, cards and sorters in order: cards in force that all sorted."""
    piles = read_piles(sorts)
    sorters = list_counted(piles, read_sessions(sessions))
    every = [set(piles[sorter]) for sorter in sorters]
    cards = sorted(set.intersection(*every).intersection(guideline_ids)) if every else []
    sorters = sorters if cards else []
    return Piles(cards, sorters, [[piles[sorter][card] for card in cards] for sorter in sorters])


def count_together(piles: Piles) -> np.ndarray:
    """Return how many sorters put two cards on one pile, shape (n_cards, n_cards)."""
    counts = np.zeros((len(piles.cards), len(piles.cards)), dtype=int)
    for names in piles.names:
        of_sorter = np.array(names, dtype=object)
        counts += of_sorter[:, None] == of_sorter[None, :]
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


def list_cuts(merges: Sequence[Merge], n_together: np.ndarray, n_sorters: int, n_asked: int) -> list[Values]:
    """Return the mean silhouette of each cut into 2 to half as many clusters as cards, and which one is chosen.

    `n_asked` is the number of clusters that the config states, 0 if the rule chooses.
    """
    n_cards = len(n_together)
    asked = [min(n_asked, n_cards)] if n_asked else []
    numbers = sorted({*range(2, n_cards // 2 + 1), *asked}) if n_cards else []
    means = {
        number: mean_silhouette(measure_fits(n_together, n_sorters, cut_merges(merges, n_cards, number)))
        for number in numbers
    }
    chosen = asked[0] if asked else min(means, key=lambda number: (-means[number], number), default=0)
    return [
        dict(zip(CARD_CUTS.names, (number, float(mean), "yes" if number == chosen else "no"), strict=True))
        for number, mean in means.items()
    ]


def find_cut(cuts: Iterable[Values]) -> int:
    """Return the number of clusters of the chosen cut; 0 if there is none, since there are too few cards."""
    return next((int(row["n_clusters"] or 0) for row in cuts if row["is_chosen"] == "yes"), 0)


def list_fits(piles: Piles, merges: Sequence[Merge], n_together: np.ndarray, n_clusters: int) -> list[Values]:
    """Return how each card fits its cluster of a cut; none without a cut."""
    if not n_clusters:
        return []
    clusters = cut_merges(merges, len(piles.cards), n_clusters)
    fits = measure_fits(n_together, len(piles.names), clusters)
    return [_describe_fit(*one) for one in zip(piles.cards, clusters, fits, strict=True)]


def _describe_fit(card: str, cluster: int, fit: Fit) -> Values:
    own, nearest = (None if far is None else float(1 - far) for far in (fit.own, fit.nearest))
    is_misfit = "yes" if fit.silhouette < 0 else "no"
    values = (card, cluster, own, fit.nearest_cluster, nearest, float(fit.silhouette), is_misfit)
    return dict(zip(CARD_FITS.names, values, strict=True))


def list_agreement(piles: Piles) -> list[Values]:
    """Return one row per pair of sorters with the adjusted Rand index of their piles."""
    pairs = itertools.combinations(zip(piles.sorters, piles.names, strict=True), 2)
    return [
        dict(zip(SORTER_AGREEMENT.names, (one, other, len(piles.cards), measure_rand(first, second)), strict=True))
        for (one, first), (other, second) in pairs
    ]


@dataclass(frozen=True)
class Analysis:
    """What a card sort gives, as rows of the tables that are made of it."""

    piles: Piles
    similarity: list[Values]
    clusters: list[Values]
    merges: list[Values]
    measures: list[Values]
    cuts: list[Values]
    fits: list[Values]
    agreement: list[Values]

    @property
    def n_clusters(self) -> int:
        """Return the number of clusters of the chosen cut; 0 if there is none."""
        return find_cut(self.cuts)


def analyze_sorts(piles: Piles, category_of: Mapping[str, str], n_asked: int = 0) -> Analysis:
    """Return what the piles of sorters give; `n_asked` is the number of clusters that the config states, 0 if none."""
    n_together, n_sorters = count_together(piles), len(piles.names)
    merges = merge_clusters(n_together, n_sorters)
    clusters = list_clusters(piles, merges, category_of)
    cuts = list_cuts(merges, n_together, n_sorters, n_asked)
    return Analysis(
        piles,
        similarity=list_similarity(piles, n_together),
        clusters=clusters,
        merges=list_merges(piles, merges),
        measures=measure_sorts(piles, merges, n_together, clusters),
        cuts=cuts,
        fits=list_fits(piles, merges, n_together, find_cut(cuts)),
        agreement=list_agreement(piles),
    )
