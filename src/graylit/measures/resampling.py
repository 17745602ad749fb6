"""Bootstrap intervals of agreement: whole sources are drawn with replacement, and each measure is computed from sums.

Segments of one source are alike, so they are not drawn one by one: an interval from single segments would be too
narrow. A replicate is a row of weights: how often each source was drawn. Every measure is a function of sums over
sources, so all replicates of one measure are a few products of matrices. Draws are bytes, and sums that are zero for
most sources are sparse, so that ten thousand sources take megabytes.

References
----------
Zapf et al. 2016, Measuring inter-rater reliability for nominal data: which coefficients and confidence intervals are
appropriate?, doi:10.1186/s12874-016-0200-9. Field and Welsh 2007, Bootstrapping clustered data,
doi:10.1111/j.1467-9868.2007.00593.x.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LEVEL = 0.95  # of every interval: the convention of the literature
N_REPLICATES = 1000  # all measures of two coders, 3,600 units and 26 codes take 0.2 s (measured)
N_AT_ONCE = 100  # replicates converted from bytes to numbers at a time, which bounds memory: chosen, not measured


def draw_sources(n_sources: int, n_replicates: int, seed: int) -> np.ndarray:
    """Return how often each source was drawn in each replicate, shape (n_replicates, n_sources)."""
    generator = np.random.default_rng(seed)
    # ASSUME: no source is drawn more than 255 times in a replicate; the odds are below 1 in 10 ** 500.
    draws = np.zeros((n_replicates, n_sources), dtype=np.uint8)
    if n_sources:
        for replicate in draws:
            replicate[:] = generator.multinomial(n_sources, np.full(n_sources, 1 / n_sources))
    return draws


def sum_draws(draws: np.ndarray, sums: np.ndarray | csr_array) -> np.ndarray:
    """Return the sums of each replicate from those of each source: (n_replicates, k) from (n_sources, k)."""
    starts = range(0, len(draws), N_AT_ONCE)
    return np.concatenate([draws[start : start + N_AT_ONCE].astype(float) @ sums for start in starts])


def find_interval(replicates: np.ndarray, n_sources: int) -> tuple[float, float]:
    """Return the percentile interval of the replicates; (nan, nan) if there can be none.

    There is none with a single source, or if more than 5 % of the replicates are undefined: a code of one or two
    sources is often not drawn at all, and the ends would depend on what was put in its place.
    """
    defined = replicates[np.isfinite(replicates)]
    if n_sources < 2 or len(defined) < LEVEL * len(replicates) or not len(defined):
        return np.nan, np.nan
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def sum_by_source(values: np.ndarray, sources: np.ndarray, n_sources: int) -> np.ndarray:
    """Return the sums of rows of `values`, shape (n_units, k), over the units of each source: (n_sources, k)."""
    columns = [np.bincount(sources, weights=column, minlength=n_sources) for column in values.T]
    return np.column_stack(columns)


def divide(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Return the quotients, nan if the denominator is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator > 0, numerator / denominator, np.nan)


def replicate_cohen(confusion: np.ndarray, weights: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return Cohen's kappa of each replicate.

    `confusion` is that of each source, shape (n_sources, n_categories ** 2); `weights` are those of disagreement.
    """
    n = len(weights)
    tables = sum_draws(draws, confusion).reshape(-1, n, n)
    total = tables.sum(axis=(1, 2))
    chance = tables.sum(axis=2)[:, :, None] * tables.sum(axis=1)[:, None, :]
    return 1 - divide((weights * tables).sum(axis=(1, 2)) * total, (weights * chance).sum(axis=(1, 2)))


def replicate_fleiss(counts: np.ndarray, sources: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return Fleiss' kappa of each replicate; `counts`, shape (n_units, n_categories), has the same sum in all rows."""
    n_coders = counts.sum(axis=1).max(initial=0)
    agreed = ((counts**2).sum(axis=1) - n_coders) / max(n_coders * (n_coders - 1), 1)
    sums = sum_by_source(np.column_stack([np.ones(len(counts)), agreed, counts]), sources, draws.shape[1])
    drawn = sum_draws(draws, sums)
    observed = divide(drawn[:, 1], drawn[:, 0])
    shares = divide(drawn[:, 2:], drawn[:, 2:].sum(axis=1, keepdims=True))
    expected = (shares**2).sum(axis=1)
    return 1 - divide(1 - observed, np.where(np.isclose(expected, 1), 0, 1 - expected))


@dataclass(frozen=True)
class Coincidences:
    """The coincidences that alpha is computed from, as sums for each source.

    `pairs`, shape (2, n_pairs): the pairs of categories that two coders gave to one unit; `weights`, shape
    (n_sources, n_pairs): how much of each pair; `values`, shape (n_sources, n_categories): pairable values.
    """

    pairs: np.ndarray
    weights: csr_array
    values: csr_array


def count_coincidences(values: np.ndarray, sources: np.ndarray, n_categories: int, n_sources: int) -> Coincidences:
    """Return the coincidences in `values`, shape (n_coders, n_units), with -1 if a coder gave none."""
    from scipy.sparse import coo_array

    share = 1 / np.maximum((values >= 0).sum(axis=0) - 1, 1)
    found = []
    for theirs, others in permutations(values, 2):
        both = (theirs >= 0) & (others >= 0)
        found.append((theirs[both], others[both], sources[both], share[both]))
    first, second, source, weight = map(np.concatenate, zip(*found, strict=True))
    which, kinds = pd.factorize(first * n_categories + second, sort=True)
    weights = coo_array((weight, (source, which)), shape=(n_sources, len(kinds))).tocsr()
    counts = coo_array((weight, (source, first)), shape=(n_sources, n_categories)).tocsr()
    return Coincidences(np.vstack(np.divmod(kinds, n_categories)), weights, counts)


def replicate_alpha(found: Coincidences, distances: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return alpha of each replicate for the `distances` between categories, shape (n_categories, n_categories)."""
    values = sum_draws(draws, found.values)
    observed = sum_draws(draws, found.weights @ distances[found.pairs[0], found.pairs[1]])
    expected = ((values @ distances) * values).sum(axis=1)
    return 1 - divide(observed * (values.sum(axis=1) - 1), expected)


def replicate_ordinal_alpha(found: Coincidences, draws: np.ndarray) -> np.ndarray:
    """Return alpha of each replicate with ordinal distances, which depend on how often each category was given."""
    values = sum_draws(draws, found.values)
    middle = np.cumsum(values, axis=1) - values / 2
    gaps = (middle[:, found.pairs[0]] - middle[:, found.pairs[1]]) ** 2
    observed = (sum_draws(draws, found.weights) * gaps).sum(axis=1)
    expected = (values[:, :, None] * values[:, None, :] * (middle[:, :, None] - middle[:, None, :]) ** 2).sum((1, 2))
    return 1 - divide(observed * (values.sum(axis=1) - 1), expected)
