"""Agreement on whether each code was given to a unit, for all codes at once.

Each code is a yes-or-no question of its own, with the measures of `graylit.measures.agreement`; the tests hold both to
the same figures. The codes are measured together because groups of coders are many: 30 coders make 435 pairs, and 300
codes 391,500 measures of them. All follow from how many coders gave a code to each unit. Mostly nobody did, so sums
are sparse, and codes that nobody gave are measured once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graylit.measures.agreement import Ratings
from graylit.measures.resampling import divide, find_intervals, sum_draws, tally_values

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Formula = Callable[..., np.ndarray]
N_CODES_AT_ONCE = 250  # codes whose replicates are held together, which bounds memory: chosen, not measured


@dataclass(frozen=True)
class Estimates:
    """A measure of each code with its interval, shape (n_codes,), and the number of units it was computed from."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n_units: int


def measure_given(ratings: Ratings, members: np.ndarray) -> dict[str, Estimates]:
    """Return per cent agreement, a kappa for two coders or for many, and nominal alpha of each code, by name.

    Categories are sets of codes; `members`, shape (n_sets, n_codes), says which codes each set holds.
    """
    kept, complete = ratings.keep_pairable(), ratings.keep_complete()
    return _measure_pair(kept, members) if len(ratings.values) == 2 else _measure_many(kept, complete, members)


def _measure_pair(kept: Ratings, members: np.ndarray) -> dict[str, Estimates]:
    first, second = (_count_given(values[None, :], members) for values in kept.values)
    n_units = np.ones(len(kept.sources))
    formulas: dict[str, Formula] = {
        "share_agreed": _share_agreed,
        "cohen_kappa": _cohen,
        "alpha_nominal": _alpha_of_pair,
    }
    return _estimate(formulas, kept, [_count_disputes(first + second, 2 * n_units), first, second], [n_units])


def _measure_many(kept: Ratings, complete: Ratings, members: np.ndarray) -> dict[str, Estimates]:
    n, given = (kept.values >= 0).sum(axis=0), _count_given(kept.values, members)
    disputes = _count_disputes(given, n)
    shares = _scale(disputes, 2 / (n - 1))
    n_all, given_by_all = np.full(len(complete.sources), len(complete.values)), _count_given(complete.values, members)
    shares_of_all = _scale(_count_disputes(given_by_all, n_all), 2 / (n_all * (n_all - 1)))
    return {
        **_estimate({"share_agreed": _share_agreed}, kept, [disputes], [n * (n - 1) / 2]),
        **_estimate({"fleiss_kappa": _fleiss}, complete, [shares_of_all, given_by_all], [np.ones(len(n_all)), n_all]),
        **_estimate({"alpha_nominal": _alpha}, kept, [shares, given], [n]),
    }


# Each measure from sums over units: of each code, shape (n_replicates, n_codes), and of all units (n_replicates, 1).


def _share_agreed(disputes: np.ndarray, *sums: np.ndarray) -> np.ndarray:
    return divide(sums[-1] - disputes, sums[-1])


def _cohen(disputes: np.ndarray, first: np.ndarray, second: np.ndarray, n_units: np.ndarray) -> np.ndarray:
    return 1 - divide(disputes * n_units, first * (n_units - second) + (n_units - first) * second)


def _alpha_of_pair(disputes: np.ndarray, first: np.ndarray, second: np.ndarray, n_units: np.ndarray) -> np.ndarray:
    return _alpha(2 * disputes, first + second, 2 * n_units)


def _alpha(disputes: np.ndarray, given: np.ndarray, n_values: np.ndarray) -> np.ndarray:
    return 1 - divide(disputes * (n_values - 1), 2 * given * (n_values - given))


def _fleiss(disputes: np.ndarray, given: np.ndarray, n_units: np.ndarray, n_values: np.ndarray) -> np.ndarray:
    share = divide(given, n_values)
    return 1 - divide(divide(disputes, n_units), 2 * share * (1 - share))


def _count_given(values: np.ndarray, members: np.ndarray) -> csr_array:
    """Return how many coders gave each code to each unit, shape (n_units, n_codes)."""
    from scipy.sparse import csr_array

    units, sets, counts = tally_values(values, len(members))
    tallies = csr_array((counts, (units, sets)), shape=(values.shape[1], len(members)))
    return tallies @ csr_array(members.astype(int))


def _count_disputes(given: csr_array, n_coders: np.ndarray) -> csr_array:
    """Return how many pairs of coders are at odds over each code in each unit, shape (n_units, n_codes)."""
    return _scale(given, n_coders) - given.power(2)


def _scale(table: csr_array, factors: np.ndarray) -> csr_array:
    """Return the table with each row times its factor."""
    scaled = table.copy()
    scaled.data = table.data * np.repeat(factors, np.diff(table.indptr))
    return scaled


def _estimate(
    formulas: dict[str, Formula],
    ratings: Ratings,
    of_codes: list[csr_array],
    of_units: list[np.ndarray],
) -> dict[str, Estimates]:
    """Return the measures of each code that formulas compute from sums over units."""
    from scipy.sparse import csr_array

    n_units = len(ratings.sources)
    units_of = csr_array((np.ones(n_units), (ratings.sources, np.arange(n_units))), (ratings.n_sources, n_units))
    codes, totals = [(units_of @ table).tocsc() for table in of_codes], [units_of @ column for column in of_units]
    is_given = np.logical_or.reduce([np.diff(table.indptr) > 0 for table in codes])
    measured = np.concatenate([np.flatnonzero(is_given), np.flatnonzero(~is_given)[:1]])
    found = {name: np.full((3, len(is_given)), np.nan) for name in formulas}
    drawn_totals = [sum_draws(ratings.draws, total)[:, None] for total in totals]
    for start in range(0, len(measured), N_CODES_AT_ONCE):
        chosen = measured[start : start + N_CODES_AT_ONCE]
        sums = [table[:, chosen] for table in codes]
        drawn = [sum_draws(ratings.draws, table) for table in sums]
        for name, formula in formulas.items():
            value = formula(*(table.sum(axis=0) for table in sums), *(total.sum() for total in totals))
            ends = find_intervals(formula(*drawn, *drawn_totals).T, ratings.n_sources)
            found[name][:, chosen] = value, *np.where(np.isfinite(value), ends, np.nan)
    for table in found.values():
        table[:, ~is_given] = table[:, measured[-1:]]
    return {name: Estimates(value, low, high, n_units) for name, (value, low, high) in found.items()}
