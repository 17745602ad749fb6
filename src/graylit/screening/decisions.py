"""Screening: what was decided on each candidate in the end, and how far the screeners agreed on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

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
from graylit.screening.standing import decide_candidate, group_pages, page_or_blank
from graylit.tables.rows import Cells
from graylit.tables.screening import DECISIONS, SCREENING_AGREEMENT, SCREENING_DECISIONS


def decide_candidates(
    candidates: Iterable[Cells], screenings: Iterable[Cells], sources: Iterable[Cells]
) -> pd.DataFrame:
    """Return one row per candidate: where its screening stands, and what it rests on."""
    candidates = list(candidates)
    of_candidate: dict[str, list[Cells]] = {}
    for row in screenings:
        of_candidate.setdefault(row["candidate_id"], []).append(row)
    source_of = {page_or_blank(row["url"]): row["source_id"] for row in sources}
    pages = group_pages(candidates)
    decided = []
    for candidate in candidates:
        candidate_id = candidate["candidate_id"]
        mine = of_candidate.get(candidate_id, [])
        rounds = [int(row["round"]) for row in mine]
        decision, deciding = decide_candidate(mine)
        decision = "duplicate" if candidate["duplicate_of"] else decision
        found = sorted({source_of[page] for page in pages.get(candidate_id, ()) if page in source_of})
        decided.append(
            {
                "candidate_id": candidate_id,
                "decision": decision,
                "criterion_id": _name_criterion(deciding) if decision == "exclude" else "",
                "round": str(max(rounds)) if rounds else "",
                "n_screeners": str(_count_screeners(mine)),
                "screening_ids": "; ".join(sorted(row["screening_id"] for row in deciding)),
                "source_id": found[0] if found and decision == "include" else "",
            }
        )
    return SCREENING_DECISIONS.to_frame(decided)


def _name_criterion(deciding: Iterable[Cells]) -> str:
    """Return the criterion that most of the rows name; of equals the first by its id."""
    counts = Counter(row["criterion_id"] for row in deciding if row["criterion_id"])
    return min(counts, key=lambda name: (-counts[name], name), default="")


def _count_screeners(screenings: list[Cells]) -> int:
    own = [row for row in screenings if not row["settles"]]
    last = max((int(row["round"]) for row in own), default=0)
    return len({row["screener"] for row in own if int(row["round"]) == last})


def rate_candidates(screenings: pd.DataFrame, screeners: list[str], seed: int) -> Ratings:
    """Return what `screeners` decided in one round, exclude < unsure < include; candidates are drawn one by one."""
    numbers = screenings.assign(number=screenings["decision"].map(DECISIONS.index).astype(int))
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
    for number, in_round in screenings[screenings["settles"] == ""].groupby("round"):
        for group in list_groups(in_round["screener"].unique().tolist()):
            ratings = rate_candidates(in_round, group, seed)
            if not len(ratings.sources):
                continue
            for measure, estimate in measure_group(ratings).items():
                figures = {"value": estimate.value, "low": estimate.low, "high": estimate.high}
                counts = {"n_candidates": estimate.n_units, "n_screeners": len(group)}
                rows.append({"round": number, "screeners": name_group(group), "measure": measure, **figures, **counts})
    return pd.DataFrame(rows, columns=SCREENING_AGREEMENT.names)


def cross_decisions(screenings: pd.DataFrame, first: str, second: str) -> np.ndarray:
    """Return how often two screeners decided what, shape (3, 3): rows the first, from exclude to include."""
    chosen = screenings[screenings["screener"].isin([first, second]) & (screenings["settles"] == "")]
    table = chosen.pivot(index="candidate_id", columns="screener", values="decision").dropna()
    counts = pd.crosstab(table[first], table[second])
    return counts.reindex(index=DECISIONS, columns=DECISIONS, fill_value=0).to_numpy()
