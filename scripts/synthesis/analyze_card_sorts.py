"""Analyze the open card sort: which guidelines sorters put together, and whether the categories follow from it."""

import math

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import cophenet
from scipy.spatial.distance import squareform

from graylit.measures.partitions import Merge, cut_merges, mean_rand, measure_rand, merge_clusters, order_leaves
from graylit.runs.steps import StepLog
from graylit.study.state import read_in_force
from graylit.tables.kinds import split_ids
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


def gather_piles(sorts: pd.DataFrame, guideline_ids: list[str]) -> pd.DataFrame:
    """Return the pile of each card (rows, by id) for each sorter (columns); cards not in force are left out."""
    cards = sorts[sorts["guideline_id"].isin(guideline_ids)]
    return cards.pivot(index="guideline_id", columns="sorter", values="pile").sort_index().sort_index(axis=1)


def count_together(piles: pd.DataFrame) -> np.ndarray:
    """Return how many sorters put two cards on one pile, shape (n_cards, n_cards)."""
    counts = np.zeros((len(piles), len(piles)), dtype=int)
    for sorter in piles.columns:
        names = piles[sorter].to_numpy(dtype=object)
        counts += names[:, None] == names[None, :]
    return counts


def list_similarity(piles: pd.DataFrame, n_together: np.ndarray) -> pd.DataFrame:
    """Return one row per pair of cards with the sorters who put both on one pile."""
    first, second = np.triu_indices(len(piles), k=1)
    table = pd.DataFrame({"guideline_id": piles.index[first], "other_guideline_id": piles.index[second]})
    counts = n_together[first, second]
    return table.assign(n_sorters=counts, share=counts / max(piles.shape[1], 1))


def list_clusters(piles: pd.DataFrame, merges: list[Merge], category_of: dict[str, str]) -> pd.DataFrame:
    """Return one row per card: its leaf, its category, and its cluster of as many as there are categories."""
    cards = list(piles.index)
    leaves = {number: leaf for leaf, number in enumerate(order_leaves(merges, len(cards)), start=1)}
    categories = [category_of.get(card, "") for card in cards]
    n_categories = len(set(categories) - {""})
    clusters = cut_merges(merges, len(cards), n_categories) if n_categories else [pd.NA] * len(cards)
    columns = {"guideline_id": cards, "leaf": [leaves[number] for number in range(len(cards))], "cluster": clusters}
    return pd.DataFrame({**columns, "category_id": categories})


def list_merges(piles: pd.DataFrame, merges: list[Merge]) -> pd.DataFrame:
    """Return one row per merge of the dendrogram, in order."""
    table = pd.DataFrame({"step": range(1, len(merges) + 1), "linkage": LINKAGE})
    sides = {side: ["; ".join(piles.index[[*getattr(merge, side)]]) for merge in merges] for side in ("left", "right")}
    return table.assign(
        **sides, distance=[float(merge.distance) for merge in merges], size=[len(merge.members) for merge in merges]
    )


def correlate_cophenet(merges: list[Merge], n_together: np.ndarray, n_sorters: int) -> float:
    """Return how well the dendrogram keeps the distances of cards; nan if either does not vary."""
    if len(merges) < 2:
        return math.nan
    distances = squareform(1 - n_together / n_sorters, checks=False)
    kept = cophenet(_link(merges))
    if len(set(distances)) < 2 or len(set(kept)) < 2:
        return math.nan
    return float(np.corrcoef(distances, kept)[0, 1])


def _link(merges: list[Merge]) -> np.ndarray:
    """Return the merges in the form scipy works on: the two clusters' numbers, their distance, their size."""
    n_cards = len(merges) + 1
    number_of: dict[tuple[int, ...], int] = {(number,): number for number in range(n_cards)}
    rows = []
    for step, merge in enumerate(merges):
        numbers = sorted((number_of[merge.left], number_of[merge.right]))
        rows.append([*numbers, float(merge.distance), len(merge.members)])
        number_of[merge.members] = n_cards + step
    return np.array(rows, dtype=float)


def measure_sorts(
    piles: pd.DataFrame, merges: list[Merge], n_together: np.ndarray, clusters: pd.DataFrame
) -> pd.DataFrame:
    """Return the measures of a card sort; none if nobody sorted."""
    if not piles.size:
        return CARD_MEASURES.to_frame([])
    chosen = clusters[(clusters["category_id"] != "") & clusters["cluster"].notna()]
    sorters = [piles[sorter].tolist() for sorter in piles.columns]
    dendrogram = "dendrogram (linkage: average, UPGMA; distance: 1 - share of sorters)"
    rows = [
        ("n_sorters", piles.shape[1], "sorters"),
        ("n_cards", piles.shape[0], "cards that each of them sorted"),
        ("mean_rand_sorters", mean_rand(sorters), "mean adjusted Rand index over pairs of sorters"),
        (
            "cophenetic_correlation",
            correlate_cophenet(merges, n_together, piles.shape[1]),
            f"correlation of the distances of cards with those in the {dendrogram}",
        ),
        (
            "rand_categories",
            measure_rand(chosen["category_id"].tolist(), chosen["cluster"].tolist()),
            f"adjusted Rand index of the categories with as many clusters of the {dendrogram}",
        ),
    ]
    return pd.DataFrame(rows, columns=CARD_MEASURES.names)


def assign_categories(categories: pd.DataFrame) -> dict[str, str]:
    """Return the category of each guideline that has one."""
    pairs = zip(categories["category_id"], categories["guideline_ids"], strict=True)
    return {guideline_id: category_id for category_id, cell in pairs for guideline_id in split_ids(cell)}


if __name__ == "__main__":
    log, given = StepLog(snakemake.log[0], "analyze_card_sorts"), snakemake.input
    sorts = CARD_SORTS.read(given.sorts) if given.get("sorts") else CARD_SORTS.to_frame([])
    categories = read_in_force(CATEGORIES, given.categories) if given.get("categories") else CATEGORIES.to_frame([])
    guidelines = read_in_force(GUIDELINES, given.guidelines)
    piles = gather_piles(sorts, list(guidelines["guideline_id"]))
    n_together = count_together(piles)
    merges = merge_clusters(n_together, piles.shape[1])
    clusters = list_clusters(piles, merges, assign_categories(categories))
    CARD_SIMILARITY.write(list_similarity(piles, n_together), snakemake.output.similarity)
    CARD_CLUSTERS.write(clusters, snakemake.output.clusters)
    CARD_MERGES.write(list_merges(piles, merges), snakemake.output.merges)
    CARD_MEASURES.write(measure_sorts(piles, merges, n_together, clusters), snakemake.output.measures)
    n_left_out = len(sorts) - piles.size
    dropped = f"{n_left_out} cards of guidelines not in force" if n_left_out else ""
    log.close(f"{len(sorts)} sorted cards", f"{len(merges)} merges of {len(piles)} cards", dropped)
