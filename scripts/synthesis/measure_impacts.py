"""Measure how far second readers saw the same impacts in the same places as the authors."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

import numpy as np

from graylit.measures.agreement import (
    Estimate,
    Ratings,
    make_ratings,
    measure_cohen,
    measure_nominal_alpha,
    share_agreed,
)
from graylit.runs.steps import Step
from graylit.study.impact_readings import find_read, list_current_readings
from graylit.study.state import rows_in_force
from graylit.tables.impacts import IMPACT_AGREEMENT, IMPACT_READINGS, IMPACTS
from graylit.tables.rows import Cells, Values

ALL = "all"
MEASURES: Mapping[str, Callable[[Ratings], Estimate]] = {
    "share_agreed": share_agreed,
    "cohen_kappa": measure_cohen,
    "alpha_nominal": measure_nominal_alpha,
}
Pair = tuple[Cells, Cells]  # an impact and the reading of it
Scope = Callable[[Cells], Hashable]
SCOPES: Mapping[str, Scope] = {
    "attribute": lambda row: row["quality_attribute"],  # '' if the reader saw none
    "effect": lambda row: row["effect"],
    "both": lambda row: (row["quality_attribute"], row["effect"]),
}


def pair_readings(impacts: Sequence[Cells], readings: Iterable[Cells]) -> dict[str, list[Pair]]:
    """Return each impact, as it stood when it was read, with its readings in force, by reader and of all together.

    Impacts that were withdrawn are left out.
    """
    in_force = rows_in_force(impacts, "impact_id")
    pairs: dict[str, list[Pair]] = {}
    for (impact_id, reader), row in list_current_readings(impacts, readings).items():
        if impact_id in in_force:
            pairs.setdefault(reader, []).append((find_read(impacts, row), row))
    together = [pair for of_one in pairs.values() for pair in of_one]
    return ({ALL: together} if len(pairs) > 1 else {}) | dict(sorted(pairs.items()))


def rate_pairs(pairs: Sequence[Pair], scope: Scope, seed: int) -> Ratings:
    """Return what authors and readers saw, each impact a unit; whole guidelines are drawn."""
    seen = [[scope(row) for row in side] for side in zip(*pairs, strict=True)]
    distinct = sorted({value for side in seen for value in side}, key=str)
    number_of = {value: number for number, value in enumerate(distinct)}
    values = np.array([[number_of[value] for value in side] for side in seen])
    return make_ratings(values, np.array([impact["guideline_id"] for impact, _ in pairs]), len(number_of), seed)


def measure_impacts(impacts: Sequence[Cells], readings: Iterable[Cells], seed: int) -> list[Values]:
    """Return the measures of each reader and scope; none if nobody read an impact a second time."""
    rows: list[Values] = []
    for reader, pairs in pair_readings(impacts, readings).items():
        for name, scope in SCOPES.items():
            kept = [pair for pair in pairs if name != "effect" or pair[1]["reading"] == "shown"]
            for measure, compute in MEASURES.items() if kept else ():
                estimate = compute(rate_pairs(kept, scope, seed))
                values = (reader, name, measure, estimate.value, estimate.low, estimate.high, len(kept))
                rows.append(dict(zip(IMPACT_AGREEMENT.names, values, strict=True)))
    return rows


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    impacts, readings = IMPACTS.list_cells(paths.impacts), IMPACT_READINGS.list_cells(paths.readings)
    rows = measure_impacts(impacts, readings, snakemake.params.seed)
    IMPACT_AGREEMENT.write_rows(rows, step.output.agreement)
    step.close(f"{len(readings)} readings", f"{len(rows)} measures", f"{len(impacts)} impacts")
