"""Measure how far appraisers agreed on each question of the checklist, and on all of them together, before settling.

Scores of a question are in order, so measures that know near from far stand beside those that do not. Over all
questions they do only if all have one scale.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

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
from graylit.runs.steps import Step
from graylit.study.appraisals import Appraisals, read_appraisals
from graylit.tables.appraisal import ALL_ITEMS, APPRAISAL_AGREEMENT, CHECKLIST, Item, list_items
from graylit.tables.rows import Cells, Values
from graylit.tables.sources import QUALITY, SOURCES

Measure = Callable[[Ratings], Estimate]


def rate_items(
    found: Appraisals, source_ids: Sequence[str], items: Mapping[str, Item], group: Sequence[str], seed: int
) -> Ratings:
    """Return what appraisers scored, each source and item a unit; whole sources are drawn."""
    values = sorted({value for item in items.values() for value in item.values})
    number_of = {value: number for number, value in enumerate(values)}
    units = [(source_id, name) for source_id in source_ids for name in items]

    def rate(source_id: str, name: str, appraiser: str) -> int:
        row = found.of(source_id).get(appraiser, {}).get(name)
        return number_of[float(row["score"])] if row else -1

    rated = [[rate(*unit, appraiser) for unit in units] for appraiser in group]
    return make_ratings(np.array(rated), np.array([source_id for source_id, _ in units]), len(values), seed)


def choose_measures(n_appraisers: int, *, is_ordered: bool) -> dict[str, Measure]:
    """Return the measures for a number of appraisers, by name."""
    measures: dict[str, Measure] = {"share_agreed": share_agreed, "alpha_nominal": measure_nominal_alpha}
    measures |= {"cohen_kappa": measure_cohen} if n_appraisers == 2 else {"fleiss_kappa": measure_fleiss}
    measures |= {"alpha_ordinal": measure_ordinal_alpha} if is_ordered else {}
    return measures | ({"cohen_kappa_linear": measure_linear_cohen} if is_ordered and n_appraisers == 2 else {})


def measure_appraisal(
    quality: Iterable[Cells], source_ids: Sequence[str], items: Mapping[str, Item], seed: int
) -> list[Values]:
    """Return the measures of each question and group of appraisers who scored the same sources; settlements aside."""
    found = read_appraisals(quality)
    appraisers = sorted({name for source_id in source_ids for name in found.of(source_id)})
    scopes = {ALL_ITEMS: dict(items), **{name: {name: item} for name, item in items.items()}}
    rows: list[Values] = []
    for group in list_groups(appraisers):
        for scope, asked in scopes.items():
            ratings = rate_items(found, source_ids, asked, group, seed)
            is_ordered = len({tuple(item.values) for item in asked.values()}) == 1
            for name, measure in choose_measures(len(group), is_ordered=is_ordered).items():
                if len(ratings.sources):
                    estimate = measure(ratings)
                    values = (scope, name_group(group), name, estimate.value, estimate.low, estimate.high)
                    counts = (ratings.n_sources, len(group))
                    rows.append(dict(zip(APPRAISAL_AGREEMENT.names, values + counts, strict=True)))
    return rows


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    quality, items = QUALITY.list_cells(paths.quality), list_items(CHECKLIST.list_cells(paths.checklist))
    source_ids = [row["source_id"] for row in SOURCES.list_cells(paths.sources)]
    rows = measure_appraisal(quality, source_ids, items, snakemake.params.seed)
    APPRAISAL_AGREEMENT.write_rows(rows, step.output.agreement)
    step.close(f"{len(quality)} scores", f"{len(rows)} measures", f"{len(items)} questions")
