"""Bootstrap intervals of agreement: whole sources are drawn with replacement, and each measure is computed from sums.

Segments of one source are alike, so they are not drawn one by one: an interval from single segments would be too
narrow. A replicate is a row of weights, how often each source was drawn; every measure is a function of sums over
sources, so all replicates of one measure are a few products of matrices. For 3,600 units, 26 codes and 1,000
replicates all measures of a pair of coders together take about a second.

References
----------
Zapf et al. 2016, Measuring inter-rater reliability for nominal data: which coefficients and confidence intervals are
appropriate?, doi:10.1186/s12874-016-0200-9. Field and Welsh 2007, Bootstrapping clustered data,
doi:10.1111/j.1467-9868.2007.00593.x.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LEVEL = 0.95  # of every interval
N_REPLICATES = 1000


def draw_sources(n_sources: int, n_replicates: int, seed: int) -> np.ndarray:
    """Return how often each source was drawn in each replicate, shape (n_replicates, n_sources)."""
    generator = np.random.default_rng(seed)
    if n_sources == 0:
        return np.zeros((n_replicates, 0))
    return generator.multinomial(n_sources, np.full(n_sources, 1 / n_sources), size=n_replicates).astype(float)


def find_interval(replicates: np.ndarray, n_sources: int) -> tuple[float, float]:
    """Return the percentile interval of the replicates; (nan, nan) where they cannot carry one.

    That is with a single source, and where so many replicates are undefined (a code of one or two sources is often
    not drawn at all) that its ends would depend on what these were taken for.
    """
    defined = replicates[np.isfinite(replicates)]
    if n_sources < 2 or len(defined) < LEVEL * len(replicates) or not len(defined):
        return np.nan, np.nan
    low, high = np.quantile(defined, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def sum_by_source(values: np.ndarray, sources: np.ndarray, n_sources: int) -> np.ndarray:
    """Return the sums of rows of `values`, shape (n_units, k), over the units of each source: (n_sources, k)."""
    sums = np.zeros((n_sources, values.shape[1]))
    np.add.at(sums, sources, values)
    return sums


def divide(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Return the quotients, nan where the denominator is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator > 0, numerator / denominator, np.nan)


def replicate_cohen(confusion: np.ndarray, weights: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return Cohen's kappa of each replicate.

    `confusion` is that of each source, shape (n_sources, n_categories ** 2); `weights` are those of disagreement.
    """
    n = len(weights)
    tables = (draws @ confusion).reshape(-1, n, n)
    total = tables.sum(axis=(1, 2))
    chance = tables.sum(axis=2)[:, :, None] * tables.sum(axis=1)[:, None, :]
    return 1 - divide((weights * tables).sum(axis=(1, 2)) * total, (weights * chance).sum(axis=(1, 2)))


def replicate_fleiss(counts: np.ndarray, sources: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return Fleiss' kappa of each replicate; `counts`, shape (n_units, n_categories), has the same sum in all rows."""
    n_coders = counts.sum(axis=1).max(initial=0)
    agreed = ((counts**2).sum(axis=1) - n_coders) / max(n_coders * (n_coders - 1), 1)
    sums = sum_by_source(np.column_stack([np.ones(len(counts)), agreed, counts]), sources, draws.shape[1])
    drawn = draws @ sums
    observed = divide(drawn[:, 1], drawn[:, 0])
    shares = divide(drawn[:, 2:], drawn[:, 2:].sum(axis=1, keepdims=True))
    expected = (shares**2).sum(axis=1)
    return 1 - divide(1 - observed, np.where(np.isclose(expected, 1), 0, 1 - expected))


@dataclass(frozen=True)
class Coincidences:
    """What alpha is made of, as sums for each source.

    `pairs`, shape (2, n_pairs): the pairs of categories that two coders gave to one unit; `weights`, shape
    (n_sources, n_pairs): how much of each pair; `values`, shape (n_sources, n_categories): pairable values.
    """

    pairs: np.ndarray
    weights: np.ndarray
    values: np.ndarray


def count_coincidences(values: np.ndarray, sources: np.ndarray, n_categories: int, n_sources: int) -> Coincidences:
    """Return the coincidences in `values`, shape (n_coders, n_units), with -1 where a coder gave none."""
    share = 1 / np.maximum((values >= 0).sum(axis=0) - 1, 1)
    found = []
    for one in range(len(values)):
        for other in range(len(values)):
            both = (values[one] >= 0) & (values[other] >= 0)
            if one != other:
                found.append(np.vstack([values[one][both], values[other][both], sources[both], share[both]]))
    columns = np.hstack(found) if found else np.zeros((4, 0))
    flat = (columns[0] * n_categories + columns[1]).astype(int)
    kinds, which = np.unique(flat, return_inverse=True)
    weights, counts = np.zeros((n_sources, len(kinds))), np.zeros((n_sources, n_categories))
    np.add.at(weights, (columns[2].astype(int), which), columns[3])
    np.add.at(counts, (columns[2].astype(int), columns[0].astype(int)), columns[3])
    return Coincidences(np.vstack(np.divmod(kinds, n_categories)), weights, counts)


def replicate_alpha(found: Coincidences, distances: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Return alpha of each replicate for the `distances` between categories, shape (n_categories, n_categories)."""
    values = draws @ found.values
    observed = draws @ (found.weights @ distances[found.pairs[0], found.pairs[1]])
    expected = ((values @ distances) * values).sum(axis=1)
    return 1 - divide(observed * (values.sum(axis=1) - 1), expected)


def replicate_ordinal_alpha(found: Coincidences, draws: np.ndarray) -> np.ndarray:
    """Return alpha of each replicate with ordinal distances, which depend on how often each category was given."""
    values = draws @ found.values
    middle = np.cumsum(values, axis=1) - values / 2
    gaps = (middle[:, found.pairs[0]] - middle[:, found.pairs[1]]) ** 2
    observed = ((draws @ found.weights) * gaps).sum(axis=1)
    expected = (values[:, :, None] * values[:, None, :] * (middle[:, :, None] - middle[:, None, :]) ** 2).sum((1, 2))
    return 1 - divide(observed * (values.sum(axis=1) - 1), expected)
