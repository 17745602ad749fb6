"""How far readers of claims agreed before anything was settled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from graylit.measures.agreement import (
    Estimate,
    Ratings,
    list_groups,
    make_ratings,
    measure_cohen,
    measure_fleiss,
    measure_nominal_alpha,
    name_group,
    share_agreed,
)
from graylit.synthesis.readings import Pair, group_pairs
from graylit.tables.claims import ALL_GUIDELINES, READING_AGREEMENT, READINGS
from graylit.tables.rows import Cells, Values

NUMBERS = {reading: number for number, reading in enumerate(READINGS)}


def rate_pairs(readings: Iterable[Cells], source_of: Mapping[Pair, str], group: Sequence[str], seed: int) -> Ratings:
    """Return what readers found in the pairs of `source_of`; whole sources are drawn."""
    of_pair = group_pairs(readings)
    units = [pair for pair in sorted(source_of) if pair in of_pair]
    found = [{row["reader"]: NUMBERS[row["reading"]] for row in of_pair[pair]} for pair in units]
    values = np.array([[of_one.get(reader, -1) for of_one in found] for reader in group], dtype=int)
    return make_ratings(
        values.reshape(len(group), -1), np.array([source_of[pair] for pair in units]), len(READINGS), seed
    )


def choose_measures(n_readers: int) -> dict[str, Callable[[Ratings], Estimate]]:
    """Return the measures for a number of readers, by name; the four readings are in no order."""
    kappa = {"cohen_kappa": measure_cohen} if n_readers == 2 else {"fleiss_kappa": measure_fleiss}
    return {"share_agreed": share_agreed, "alpha_nominal": measure_nominal_alpha, **kappa}


def measure_readings(readings: Iterable[Cells], pairs: Mapping[Pair, tuple[str, str]], seed: int) -> list[Values]:
    """Return the measures of each group of readers who read the same pairs, for all guidelines and for each.

    `readings` are those in force; settlements are left aside. `pairs` holds guideline and source of each pair.
    """
    own = [row for row in readings if not row.get("settles")]
    scopes = {ALL_GUIDELINES: {pair: source for pair, (_, source) in pairs.items()}}
    for pair, (guideline_id, source) in sorted(pairs.items()):
        scopes.setdefault(guideline_id, {})[pair] = source
    rows: list[Values] = []
    for group in list_groups(sorted({row["reader"] for row in own})):
        for scope, source_of in scopes.items():
            ratings = rate_pairs(own, source_of, group, seed)
            for name, measure in choose_measures(len(group)).items():
                if len(ratings.sources):
                    found = measure(ratings)
                    values = (scope, name_group(group), name, found.value, found.low, found.high)
                    rows.append(dict(zip(READING_AGREEMENT.names, (*values, found.n_units, len(group)), strict=True)))
    return rows
