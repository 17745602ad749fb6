"""Groups of unit vectors that hold still: many runs of k-means, whose centres are themselves grouped.

A run of k-means ends in one of many solutions that are about equally good, so another seed, or a source more or less,
gives other groups. The centres that many runs come back to do not depend on the luck of one.

References
----------
Bradley and Fayyad 1998, Refining initial points for k-means clustering. Ward 1963, Hierarchical grouping to optimize
an objective function, doi:10.1080/01621459.1963.10500845.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from graylit.topics.projection import DECIMALS

# Over other seeds, thirty runs keep .70 of the default study's topics (adjusted Rand index), k-means alone, the best of
# five runs, .44 (docs/decisions/0009-topics-that-hold-still.md).
N_RUNS = 30


def find_centres(
    vectors: np.ndarray, n_groups: int, seed: int, *, n_runs: int = N_RUNS, n_threads: int = 1
) -> np.ndarray:
    """Return centres (n_groups, n_dimensions) of length one for vectors (n_segments, n_dimensions).

    The vectors come in the order of their segments: another order gives other centres. The number of threads, in which
    runs go side by side, changes nothing.
    """
    with ThreadPoolExecutor(n_threads) as pool:
        runs = list(pool.map(lambda number: _run_once(vectors, n_groups, seed + number), range(n_runs)))
    # Rounded as the vectors are, and for the same reason: runs that end alike differ in their last digits.
    found = np.round(np.vstack(runs), DECIMALS) + 0.0
    groups = AgglomerativeClustering(n_groups, linkage="ward").fit_predict(found)
    starts = np.array([found[groups == group].mean(axis=0) for group in range(n_groups)])
    return normalize(KMeans(n_groups, init=starts, n_init=1).fit(vectors).cluster_centers_)


def _run_once(vectors: np.ndarray, n_groups: int, seed: int) -> np.ndarray:
    # One thread of its own each: sums of floating-point numbers depend on how threads share them out.
    with threadpool_limits(limits=1):
        return normalize(KMeans(n_groups, n_init=1, random_state=seed).fit(vectors).cluster_centers_)
