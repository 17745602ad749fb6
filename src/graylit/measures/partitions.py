"""Agreement of two partitions of the same things, and clusters of things that are often together.

References
----------
Hubert and Arabie 1985, Comparing partitions, doi:10.1007/BF01908075. Sokal and Michener 1958, A statistical method for
evaluating systematic relationships (average linkage, UPGMA). Sokal and Rohlf 1962, The comparison of dendrograms by
objective methods, doi:10.2307/1217208. Rousseeuw 1987, Silhouettes: a graphical aid to the interpretation and
validation of cluster analysis, doi:10.1016/0377-0427(87)90125-7.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np


def measure_rand(first: Sequence[Hashable], second: Sequence[Hashable]) -> float:
    """Return the adjusted Rand index of two partitions, given as the group of each thing.

    1 is the same partition, 0 what chance gives. Two partitions that both hold all things together, or both all
    apart, are the same: 1. nan for fewer than two things.
    """
    if len(first) < 2:
        return math.nan
    n_both, n_first, n_second = (
        sum(math.comb(n, 2) for n in Counter(groups).values())  # pairs of things in the same group
        for groups in (zip(first, second, strict=True), first, second)
    )
    expected = Fraction(n_first * n_second, math.comb(len(first), 2))
    largest = Fraction(n_first + n_second, 2)
    return 1.0 if largest == expected else float((n_both - expected) / (largest - expected))


def mean_rand(partitions: Sequence[Sequence[Hashable]]) -> float:
    """Return the mean adjusted Rand index over all pairs of partitions; nan for fewer than two."""
    indices = [measure_rand(first, second) for first, second in itertools.combinations(partitions, 2)]
    return math.fsum(indices) / len(indices) if indices else math.nan


@dataclass(frozen=True)
class Merge:
    """Two clusters that become one: the numbers of their members, and the mean distance between them."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    distance: Fraction

    @property
    def members(self) -> tuple[int, ...]:
        """The members of both, those of the left one first: the order of the dendrogram's leaves."""
        return self.left + self.right


def merge_clusters(n_together: np.ndarray, n_partitions: int) -> list[Merge]:
    """Return the merges of average linkage (UPGMA); the distance of two things is 1 - the share of partitions.

    `n_together`, shape (n, n), says in how many partitions two things are together. Few partitions give many equal
    distances, and scipy's choice among them rests on rounding; here distances are exact fractions, and of equal
    ones the pair whose first members come first is merged.
    """
    clusters: list[tuple[int, ...]] = [(number,) for number in range(len(n_together))]
    merges = []
    while len(clusters) > 1:
        pairs = itertools.combinations(sorted(clusters, key=min), 2)
        found = ((_mean_distance(n_together, left, right, n_partitions), min(left), min(right), left, right)
                 for left, right in pairs)  # fmt: skip
        distance, _, _, left, right = min(found)
        merges.append(Merge(left, right, distance))
        clusters = [cluster for cluster in clusters if cluster not in (left, right)] + [left + right]
    return merges


def _mean_distance(n_together: np.ndarray, left: Sequence[int], right: Sequence[int], n_partitions: int) -> Fraction:
    total = int(n_together[np.ix_(left, right)].sum())
    return 1 - Fraction(total, len(left) * len(right) * n_partitions)


def cut_merges(merges: Sequence[Merge], n_things: int, n_clusters: int) -> list[int]:
    """Return the cluster of each thing once `n_clusters` are left, numbered from 1 in the order of the leaves."""
    cluster_of: dict[int, tuple[int, ...]] = {number: (number,) for number in range(n_things)}
    for merge in merges[: max(n_things - n_clusters, 0)]:
        cluster_of |= dict.fromkeys(merge.members, merge.members)
    numbers: dict[tuple[int, ...], int] = {}
    for leaf in order_leaves(merges, n_things):
        numbers.setdefault(cluster_of[leaf], len(numbers) + 1)
    return [numbers[cluster_of[number]] for number in range(n_things)]


def order_leaves(merges: Sequence[Merge], n_things: int) -> list[int]:
    """Return the things in the order of the dendrogram's leaves."""
    return list(merges[-1].members) if merges else list(range(n_things))


@dataclass(frozen=True)
class Fit:
    """How a thing fits its cluster: mean distances to the others of its own, and to the nearest other cluster."""

    own: Fraction | None  # None for a thing alone
    nearest: Fraction | None  # None if there is one cluster only
    nearest_cluster: int | None

    @property
    def silhouette(self) -> Fraction:
        """How much nearer its own cluster is than the nearest other one, from -1 to 1; 0 for a thing alone."""
        if self.own is None or self.nearest is None or not (largest := max(self.own, self.nearest)):
            return Fraction(0)
        return (self.nearest - self.own) / largest


def measure_fits(n_together: np.ndarray, n_partitions: int, clusters: Sequence[int]) -> list[Fit]:
    """Return how each thing fits its cluster, distances as in `merge_clusters`; of equally near ones the first."""
    members = {cluster: [i for i, of in enumerate(clusters) if of == cluster] for cluster in sorted(set(clusters))}

    def measure(number: int) -> Fit:
        others = {of: [i for i in group if i != number] for of, group in members.items()}
        far = {of: _mean_distance(n_together, [number], group, n_partitions) for of, group in others.items() if group}
        own = far.pop(clusters[number], None)
        nearest = min(far, key=lambda of: (far[of], of), default=None)
        return Fit(own, None if nearest is None else far[nearest], nearest)

    return [measure(number) for number in range(len(clusters))]


def mean_silhouette(fits: Sequence[Fit]) -> Fraction:
    """Return the mean silhouette of things, at least one."""
    return sum((fit.silhouette for fit in fits), Fraction(0)) / len(fits)
