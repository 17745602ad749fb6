"""Agreement between coders: per cent, Cohen's and Fleiss' kappa, Krippendorff's alpha, with intervals.

Units are rated: segments, whole sources, or candidates. Each coder gives a unit one category (a code given or not, a
set of codes, a screening decision), or has not seen it. Fleiss' kappa comes from statsmodels; Cohen's kappa, alpha and
intervals come from the sums in `graylit.measures.resampling`, which the tests compare with statsmodels, scikit-learn
and the package krippendorff (docs/decisions/0005-agreement.md says why). All codes together are measured by
`graylit.measures.given_codes`. An undefined measure is nan; kappa and alpha
are undefined if nobody's category varies.

References
----------
Cohen 1960, A coefficient of agreement for nominal scales, doi:10.1177/001316446002000104. Cohen 1968, Weighted
kappa, doi:10.1037/h0026256. Fleiss 1971, Measuring nominal scale agreement among many raters, doi:10.1037/h0031619.
Krippendorff 2011, Computing Krippendorff's alpha-reliability. Passonneau 2006, Measuring agreement on set-valued
items (MASI) for semantic and pragmatic annotation (LREC 2006).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from graylit.measures.resampling import (
    N_REPLICATES,
    Coincidences,
    count_coincidences,
    divide,
    draw_sources,
    find_interval,
    replicate_alphas,
    replicate_cohen,
    replicate_fleiss,
    replicate_ordinal_alpha,
    sum_by_source,
    sum_draws,
    tally_values,
)


@dataclass(frozen=True)
class Ratings:
    """Categories that coders gave to units.

    `values`, shape (n_coders, n_units): numbers of categories, -1 if a coder has not seen the unit; `sources`,
    shape (n_units,): the number of each unit's source; `n_sources`: the number of sources that are drawn from.
    """

    values: np.ndarray
    sources: np.ndarray
    n_categories: int
    n_sources: int
    seed: int

    @property
    def draws(self) -> np.ndarray:
        """How often each source is drawn, shape (n_replicates, n_sources)."""
        return draw_sources(self.n_sources, N_REPLICATES, self.seed)

    def recode(self, category_of: np.ndarray, n_categories: int) -> Ratings:
        """Return the ratings with other categories: `category_of` holds the new one of each, -1 for none."""
        values = np.where(self.values >= 0, np.asarray(category_of)[self.values], -1)
        return replace(self, values=values, n_categories=n_categories)

    def keep_units(self, kept: np.ndarray) -> Ratings:
        """Return the ratings of some of the units."""
        return replace(self, values=self.values[:, kept], sources=self.sources[kept])

    def keep_pairable(self) -> Ratings:
        """Return the ratings of the units that at least two coders have seen."""
        return self.keep_units((self.values >= 0).sum(axis=0) >= 2)

    def keep_complete(self) -> Ratings:
        """Return the ratings of the units that all coders have seen."""
        return self.keep_units(np.logical_and.reduce(self.values >= 0, axis=0))

    def count_values(self) -> np.ndarray:
        """Return how many coders gave each category to each unit, shape (n_units, n_categories)."""
        return (self.values[:, :, None] == np.arange(self.n_categories)).sum(axis=0)


@dataclass(frozen=True)
class Estimate:
    """A measure with its interval and the number of units it was computed from; nan if it is undefined."""

    value: float
    low: float
    high: float
    n_units: int


def make_ratings(values: np.ndarray, clusters: np.ndarray, n_categories: int, seed: int) -> Ratings:
    """Return the ratings of the units that at least two coders have seen.

    `clusters` holds for each unit the id of its source, or its own id if units are drawn singly.
    """
    pairable = (values >= 0).sum(axis=0) >= 2
    sources, kinds = pd.factorize(np.asarray(clusters)[pairable], sort=True)
    return Ratings(values[:, pairable], sources, n_categories, len(kinds), seed)


def share_agreed(ratings: Ratings) -> Estimate:
    """Return per cent agreement (as a share): of all pairs of coders and units both saw, those of equal category."""
    units, _, counts = tally_values(ratings.values, ratings.n_categories)
    n_coders = (ratings.values >= 0).sum(axis=0)
    seen = n_coders * (n_coders - 1) / 2
    agreed = np.bincount(units, weights=counts * (counts - 1) / 2, minlength=len(seen))
    sums = sum_by_source(np.column_stack([agreed, seen]), ratings.sources, ratings.n_sources)
    drawn = sum_draws(ratings.draws, sums)
    value = float(divide(agreed.sum(), seen.sum()))
    return _estimate(value, divide(drawn[:, 0], drawn[:, 1]), ratings.keep_pairable())


def measure_cohen(ratings: Ratings) -> Estimate:
    """Return Cohen's kappa of two coders."""
    return _measure_cohen(ratings, _list_steps(ratings) > 0)


def measure_linear_cohen(ratings: Ratings) -> Estimate:
    """Return Cohen's kappa of two coders with linear weights: categories are in order, neighbours differ least."""
    return _measure_cohen(ratings, _list_steps(ratings))


def _list_steps(ratings: Ratings) -> np.ndarray:
    """Return how many categories lie between any two, shape (n_categories, n_categories)."""
    categories = np.arange(ratings.n_categories)
    return np.abs(categories[:, None] - categories)


def _measure_cohen(ratings: Ratings, distances: np.ndarray) -> Estimate:
    kept = ratings.keep_complete()
    first, second = kept.values
    n = kept.n_categories
    cells = kept.sources * n * n + first * n + second
    confusion = np.bincount(cells, minlength=kept.n_sources * n * n).reshape(kept.n_sources, n * n)
    value = np.nan
    if len(np.unique(kept.values)) > 1:
        value = float(replicate_cohen(confusion, distances, np.ones((1, kept.n_sources)))[0])
    return _estimate(value, replicate_cohen(confusion, distances, kept.draws), kept)


def measure_fleiss(ratings: Ratings) -> Estimate:
    """Return Fleiss' kappa over the units that all coders have seen."""
    from statsmodels.stats.inter_rater import fleiss_kappa  # takes a second to import

    kept = ratings.keep_complete()
    counts = kept.count_values()
    value = float(fleiss_kappa(counts)) if len(np.unique(kept.values)) > 1 else np.nan
    return _estimate(value, replicate_fleiss(counts, kept.sources, kept.draws), kept)


def measure_nominal_alpha(ratings: Ratings) -> Estimate:
    """Return Krippendorff's alpha with nominal distances."""
    return measure_set_alpha(ratings, 1.0 - np.eye(ratings.n_categories))


def measure_ordinal_alpha(ratings: Ratings) -> Estimate:
    """Return Krippendorff's alpha with ordinal distances: the categories are in order."""
    kept = ratings.keep_pairable()
    found = _coincide(kept)
    value = replicate_ordinal_alpha(found, np.ones((1, kept.n_sources)))
    return _estimate(float(value[0]), replicate_ordinal_alpha(found, kept.draws), kept)


def measure_set_alpha(ratings: Ratings, distances: np.ndarray) -> Estimate:
    """Return Krippendorff's alpha for categories (sets of codes) with `distances` between any two, from 0 to 1."""
    return measure_set_alphas(ratings, {"alpha": distances})["alpha"]


def measure_set_alphas(ratings: Ratings, distances: dict[str, np.ndarray]) -> dict[str, Estimate]:
    """Return Krippendorff's alpha for each kind of distances between categories, by its name."""
    kept = ratings.keep_pairable()
    found = _coincide(kept)
    values = replicate_alphas(found, distances.values(), np.ones((1, kept.n_sources)))
    drawn = replicate_alphas(found, distances.values(), kept.draws)
    return {name: _estimate(float(next(values)[0]), next(drawn), kept) for name in distances}


def _coincide(kept: Ratings) -> Coincidences:
    return count_coincidences(kept.values, kept.sources, kept.n_categories, kept.n_sources)


def _estimate(value: float, replicates: np.ndarray, kept: Ratings) -> Estimate:
    low, high = find_interval(replicates, kept.n_sources) if np.isfinite(value) else (np.nan, np.nan)
    return Estimate(value, low, high, len(kept.sources))


# Sets of codes --------------------------------------------------------------------------------------------------


def jaccard_distances(members: np.ndarray) -> np.ndarray:
    """Return 1 - |A ∩ B| / |A ∪ B| for each pair of sets; two empty sets are equal.

    `members`, shape (n_sets, n_codes), says which codes each set holds.
    """
    return set_distances(members)["jaccard"]


def masi_distances(members: np.ndarray) -> np.ndarray:
    """Return MASI distances, 1 - J * M: J is Jaccard's share, M is 1 for equal sets, 2/3 for a set within the other,
    1/3 for sets that share something, and 0 for sets that share nothing.
    """
    return set_distances(members)["masi"]


def set_distances(members: np.ndarray) -> dict[str, np.ndarray]:
    """Return the distances between each pair of sets by name: nominal, jaccard and masi."""
    shares, common, sizes = _share_codes(members)
    smaller, larger = np.minimum(sizes[:, None], sizes), np.maximum(sizes[:, None], sizes)
    monotone = np.select([common == larger, common == 0, common == smaller], [1, 0, 2 / 3], default=1 / 3)
    return {"nominal": 1 - np.eye(len(members)), "jaccard": 1 - shares, "masi": 1 - shares * monotone}


def _share_codes(members: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return Jaccard's shares, the numbers of common codes, and the sizes of the sets."""
    from scipy.sparse import csr_array

    held = csr_array(np.asarray(members, dtype=float))
    common, sizes = (held @ held.T).toarray(), held.sum(axis=1)
    union = sizes[:, None] + sizes - common
    return np.where(union > 0, common / np.maximum(union, 1), 1.0), common, sizes


def list_groups(coders: list[str]) -> list[list[str]]:
    """Return the groups to compare: each pair of coders, and all of them if they are more than two."""
    coders = sorted(coders)
    pairs = [[first, second] for number, first in enumerate(coders) for second in coders[number + 1 :]]
    return pairs + ([coders] if len(coders) > 2 else [])


def name_group(group: list[str]) -> str:
    """Return the name of a group in tables: 'A; B' for a pair, all for more."""
    return "; ".join(group) if len(group) == 2 else "all"
