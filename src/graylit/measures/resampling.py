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
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from scipy.sparse import csr_array

LEVEL = 0.95  # of every interval: the convention of the literature
N_REPLICATES = 1000  # all measures of two coders, 3,600 units and 26 codes take 0.2 s (measured)
N_AT_ONCE = 1_000_000  # draws held as numbers at a time, more as bytes, which bounds memory: chosen, not measured


@lru_cache(maxsize=1)  # groups of coders are measured in the order of how many sources they share
def draw_sources(n_sources: int, n_replicates: int, seed: int) -> np.ndarray:
    """Return how often each source was drawn in each replicate, shape (n_replicates, n_sources); read only."""
    generator = np.random.default_rng(seed)
    # ASSUME: no source is drawn more than 255 times in a replicate; the odds are below 1 in 10 ** 500.
    kind = float if n_replicates * n_sources <= N_AT_ONCE else np.uint8
    draws = np.zeros((n_replicates, n_sources), dtype=kind, order="F")  # as products with sparse tables need them
    if n_sources:
        for replicate in draws:
            replicate[:] = generator.multinomial(n_sources, np.full(n_sources, 1 / n_sources))
    draws.flags.writeable = False
    return draws


def sum_draws(draws: np.ndarray, sums: np.ndarray | csr_array) -> np.ndarray:
    """Return the sums of each replicate from those of each source: (n_replicates, k) from (n_sources, k)."""
    n_at_once = max(N_AT_ONCE // max(draws.shape[1], 1), 1)
    starts = range(0, len(draws), n_at_once)
    return np.concatenate([draws[start : start + n_at_once].astype(float, copy=False) @ sums for start in starts])


def find_interval(replicates: np.ndarray, n_sources: int) -> tuple[float, float]:
    """Return the percentile interval of the replicates of one measure; (nan, nan) if there can be none."""
    low, high = find_intervals(replicates[None, :], n_sources)
    return float(low[0]), float(high[0])


def find_intervals(replicates: np.ndarray, n_sources: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower and upper ends of the percentile intervals of `replicates`, shape (n_measures, n_replicates).

    There is none with a single source, or if more than 5 % of the replicates are undefined: a code of one or two
    sources is often not drawn at all, and the ends would depend on what was put in its place.
    """
    n_defined = np.isfinite(replicates).sum(axis=1)
    has_interval = (n_sources >= 2) & (n_defined > 0) & (n_defined >= LEVEL * replicates.shape[1])
    low, high = np.full((2, len(replicates)), np.nan)
    ordered = np.sort(replicates[has_interval], axis=1)  # those that are undefined come last
    for ends, share in ((low, (1 - LEVEL) / 2), (high, (1 + LEVEL) / 2)):
        ends[has_interval] = _interpolate(ordered, share * (n_defined[has_interval] - 1))
    return low, high


def _interpolate(ordered: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return the value of each row at a place between two of its columns, as numpy's quantiles do."""
    before = np.floor(places).astype(int)
    rows, part = np.arange(len(ordered)), places - before
    first, second = ordered[rows, before], ordered[rows, np.minimum(before + 1, ordered.shape[1] - 1)]
    return np.where(part < 0.5, first + (second - first) * part, second - (second - first) * (1 - part))


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


def tally_values(values: np.ndarray, n_categories: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return unit, category, and how many coders gave it the unit, in order of units; `values` as in `Ratings`."""
    units = np.nonzero(values >= 0)[1]
    cells, counts = np.unique(units * n_categories + values[values >= 0], return_counts=True)
    return *np.divmod(cells, n_categories), counts


def count_coincidences(values: np.ndarray, sources: np.ndarray, n_categories: int, n_sources: int) -> Coincidences:
    """Return the coincidences in `values`, shape (n_coders, n_units), with -1 if a coder gave none."""
    from scipy.sparse import coo_array

    units, given, n_coders = tally_values(values, n_categories)
    n_kinds = np.bincount(units, minlength=values.shape[1])  # kinds of categories given to each unit
    one = np.repeat(np.arange(len(units)), n_kinds[units])  # every pair of tallies of one unit, also with itself
    starts = np.cumsum(n_kinds) - n_kinds
    other = np.arange(len(one)) - np.repeat(np.cumsum(n_kinds[units]) - n_kinds[units], n_kinds[units])
    other += starts[units[one]]
    share = 1 / np.maximum((values >= 0).sum(axis=0) - 1, 1)
    weight = n_coders[one] * (n_coders[other] - (one == other)) * share[units[one]]
    one, other, weight = one[weight > 0], other[weight > 0], weight[weight > 0]
    first, second, source = given[one], given[other], sources[units[one]]
    which, kinds = pd.factorize(first * n_categories + second, sort=True)
    weights = coo_array((weight, (source, which)), shape=(n_sources, len(kinds))).tocsr()
    counts = coo_array((weight, (source, first)), shape=(n_sources, n_categories)).tocsr()
    return Coincidences(np.vstack(np.divmod(kinds, n_categories)), weights, counts)


def replicate_alpha(found: Coincidences, distances: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return alpha of each replicate for the `distances` between categories, shape (n_categories, n_categories)."""
    return next(replicate_alphas(found, [distances], draws))


def replicate_alphas(found: Coincidences, distances: Iterable[np.ndarray], draws: np.ndarray) -> Iterator[np.ndarray]:
    """Yield alpha of each replicate for each kind of distances between categories."""
    n_values = sum_draws(draws, found.values.sum(axis=1))
    for kind in distances:
        observed = sum_draws(draws, found.weights @ kind[found.pairs[0], found.pairs[1]])
        yield 1 - divide(observed * (n_values - 1), _replicate_expected(found.values, kind, draws))


def _replicate_expected(values: csr_array, distances: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return what alpha expects of each replicate: the distances between all its values."""
    n_sources, n_categories = values.shape
    if len(draws) > 1 and n_sources <= n_categories:  # distances between the values of sources are fewer
        drawn, distances = draws.astype(float, copy=False).T, values @ (values @ distances).T
    else:
        drawn = sum_draws(draws, values).T
    return ((distances @ drawn) * drawn).sum(axis=0)


def replicate_ordinal_alpha(found: Coincidences, draws: np.ndarray) -> np.ndarray:
    """Return alpha of each replicate with ordinal distances, which depend on how often each category was given."""
    values = sum_draws(draws, found.values)
    middle = np.cumsum(values, axis=1) - values / 2
    gaps = (middle[:, found.pairs[0]] - middle[:, found.pairs[1]]) ** 2
    observed = (sum_draws(draws, found.weights) * gaps).sum(axis=1)
    expected = (values[:, :, None] * values[:, None, :] * (middle[:, :, None] - middle[:, None, :]) ** 2).sum((1, 2))
    return 1 - divide(observed * (values.sum(axis=1) - 1), expected)
