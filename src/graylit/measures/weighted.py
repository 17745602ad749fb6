"""Agreement of two deciders over a sample: each unit counts for as many as it stands for; sources are resampled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from graylit.measures.agreement import Estimate
from graylit.measures.resampling import (
    N_REPLICATES,
    divide,
    draw_sources,
    find_interval,
    replicate_cohen,
    sum_by_source,
    sum_draws,
)

_DIFFERENT = 1 - np.eye(2)


def measure_weighted(
    first: Sequence[bool], second: Sequence[bool], weights: Sequence[float], sources: Sequence[str], seed: int
) -> dict[str, Estimate]:
    """Return how two deciders agree on a yes-or-no question: kappa, per cent, and the first held against the second.

    Precision is the share of what the first gave that the second gave too; recall, of what the second gave, the share
    that the first gave too.
    """
    numbers, kinds = pd.factorize(np.asarray(sources, dtype=object), sort=True)
    cells = 2 * np.asarray(first, dtype=int) + np.asarray(second, dtype=int)
    confusion = np.zeros((len(cells), 4))
    confusion[np.arange(len(cells)), cells] = weights
    of_source = sum_by_source(confusion, numbers, len(kinds))
    draws = draw_sources(len(kinds), N_REPLICATES, seed)
    once = np.ones((1, len(kinds)))

    def estimate(value: np.ndarray, replicates: np.ndarray) -> Estimate:
        low, high = find_interval(replicates, len(kinds)) if np.isfinite(value[0]) else (np.nan, np.nan)
        return Estimate(float(value[0]), low, high, len(cells))

    total, drawn = sum_draws(once, of_source), sum_draws(draws, of_source)
    shares = {
        "share_agreed": ((0, 3), (0, 1, 2, 3)),
        "precision": ((3,), (2, 3)),
        "recall": ((3,), (1, 3)),
    }
    found = {
        "cohen_kappa": estimate(
            replicate_cohen(of_source, _DIFFERENT, once), replicate_cohen(of_source, _DIFFERENT, draws)
        )
    }
    for name, (above, below) in shares.items():
        quotients = [divide(sums[:, above].sum(axis=1), sums[:, below].sum(axis=1)) for sums in (total, drawn)]
        found[name] = estimate(*quotients)
    return found


def estimate_total(given: Sequence[bool], weights: Sequence[float], sources: Sequence[str], seed: int) -> Estimate:
    """Return how many units of the whole would be given something, by the weights of a sample."""
    numbers, kinds = pd.factorize(np.asarray(sources, dtype=object), sort=True)
    columns = np.column_stack([np.asarray(given, dtype=float) * weights, np.asarray(weights, dtype=float)])
    of_source = sum_by_source(columns, numbers, len(kinds))
    whole = float(of_source[:, 1].sum())
    drawn = sum_draws(draw_sources(len(kinds), N_REPLICATES, seed), of_source)
    low, high = find_interval(whole * divide(drawn[:, 0], drawn[:, 1]), len(kinds))
    return Estimate(float(of_source[:, 0].sum()), low, high, len(columns))
