"""How far screeners agreed before anything was settled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from graylit.measures.agreement import (
    Estimate,
    Ratings,
    list_groups,
    make_ratings,
    measure_cohen,
    measure_fleiss,
    measure_linear_cohen,
    measure_nominal_alpha,
    measure_ordinal_alpha,
    name_group,
    share_agreed,
)
from graylit.screening.queues import Queue
from graylit.tables.screening import DECISION_RANKS, DECISIONS, SCREENING_AGREEMENT, SHARE_DECIDED


def keep_current(screenings: pd.DataFrame) -> pd.DataFrame:
    """Return what screeners decided, as it is in force: without settlements, replaced rows and those that take back."""
    is_replaced = screenings["screening_id"].isin(screenings["replaces"])
    return screenings[~is_replaced & (screenings["decision"] != "") & (screenings["settles"] == "")]


def rate_candidates(screenings: pd.DataFrame, screeners: list[str], seed: int) -> Ratings:
    """Return what `screeners` decided in one round, exclude < unsure < include; candidates are drawn singly."""
    numbers = screenings.assign(number=screenings["decision"].map(DECISION_RANKS).astype(int))
    table = numbers.pivot(index="candidate_id", columns="screener", values="number").reindex(columns=screeners)
    values = table.fillna(-1).to_numpy(int).T
    return make_ratings(values, table.index.to_numpy(), len(DECISIONS), seed)


def measure_group(ratings: Ratings) -> dict[str, Estimate]:
    """Return the measures of one group of screeners by name."""
    measures = {"share_agreed": share_agreed, "alpha_nominal": measure_nominal_alpha}
    measures |= {"alpha_ordinal": measure_ordinal_alpha}
    if len(ratings.values) == 2:
        measures |= {"cohen_kappa": measure_cohen, "cohen_kappa_linear": measure_linear_cohen}
    else:
        measures |= {"fleiss_kappa": measure_fleiss}
    return {name: measure(ratings) for name, measure in measures.items()}


def measure_screening(screenings: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return the measures of each round and group of screeners who saw the same candidates; settlements aside."""
    rows = []
    for number, in_round in keep_current(screenings).groupby("round"):
        for group in list_groups(in_round["screener"].unique().tolist()):
            ratings = rate_candidates(in_round, group, seed)
            if not len(ratings.sources):
                continue
            for measure, estimate in measure_group(ratings).items():
                figures = {"value": estimate.value, "low": estimate.low, "high": estimate.high}
                counts = {"n_candidates": estimate.n_units, "n_screeners": len(group)}
                rows.append({"round": number, "screeners": name_group(group), "measure": measure, **figures, **counts})
    return pd.DataFrame(rows, columns=SCREENING_AGREEMENT.names)


def measure_queues(queues: Sequence[Queue]) -> pd.DataFrame:
    """Return how much of what is theirs each screener has decided on: all that is told before everybody is through."""
    rows = [
        {"round": "1", "screeners": queue.screener, "measure": SHARE_DECIDED, "value": queue.n_decided / queue.n_pages}
        | {"low": np.nan, "high": np.nan, "n_candidates": queue.n_pages, "n_screeners": 1}
        for queue in queues
    ]
    return pd.DataFrame(rows, columns=SCREENING_AGREEMENT.names)


def cross_decisions(screenings: pd.DataFrame, first: str, second: str) -> np.ndarray:
    """Return how often two screeners decided what, shape (3, 3): rows the first, from exclude to include."""
    current = keep_current(screenings)
    chosen = current[current["screener"].isin([first, second])]
    table = chosen.pivot(index="candidate_id", columns="screener", values="decision").dropna()
    counts = pd.crosstab(table[first], table[second])
    return counts.reindex(index=DECISIONS, columns=DECISIONS, fill_value=0).to_numpy()
