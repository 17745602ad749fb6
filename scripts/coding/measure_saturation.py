"""Measure saturation: how many codes are seen after how many sources, and when new sources stop bringing new ones.

A run is a number of sources in a row; runs overlap, each one starts a source later. Saturation is reached at the
sources read before the first run whose share of new codes, of the codes of the first sources (the base), is at
most the threshold.

References
----------
Guest, Namey, Chen 2020, A simple method to assess and report thematic saturation in qualitative research,
doi:10.1371/journal.pone.0232076.
"""

import itertools
from collections.abc import Collection, Iterable

import numpy as np

from graylit.runs.steps import Step
from graylit.study.state import list_finished_sources
from graylit.tables.coding import LOCATED_CODINGS, PASSES, SATURATION, SATURATION_MEASURES
from graylit.tables.rows import Cells, Values
from graylit.tables.sources import SOURCES

BASE_SIZES, RUN_LENGTHS, THRESHOLDS = (4, 6), (2, 3), (0.0, 0.05)  # among those that Guest et al. report
N_ORDERS = 200  # random orders of the sources: chosen, not measured
MIDDLE = (0.025, 0.975)  # the quantiles of the middle 95 % of the orders


def mark_codes(codings: Collection[Cells], finished: Iterable[str]) -> np.ndarray:
    """Return which source carries which code, shape (n_sources, n_codes): sources read, by id, codes or none."""
    sources = sorted({*finished, *(row["source_id"] for row in codings)})
    codes = sorted({row["code_id"] for row in codings})
    place_of = ({source_id: n for n, source_id in enumerate(sources)}, {code_id: n for n, code_id in enumerate(codes)})
    carried = np.zeros((len(sources), len(codes)), dtype=bool)
    for row in codings:
        carried[place_of[0][row["source_id"]], place_of[1][row["code_id"]]] = True
    return carried


def count_new(carried: np.ndarray) -> np.ndarray:
    """Return how many codes each source, read in this order, is the first to carry, shape (n_sources,)."""
    if not carried.size:
        return np.zeros(len(carried), dtype=int)
    return np.bincount(carried.argmax(axis=0), minlength=len(carried))


def count_shuffled(carried: np.ndarray, n_orders: int, seed: int) -> np.ndarray:
    """Return the new codes of sources read in random orders, shape (n_orders, n_sources)."""
    generator = np.random.default_rng(seed)
    orders = [generator.permutation(len(carried)) for _ in range(n_orders)]
    return np.array([count_new(carried[order]) for order in orders]).reshape(n_orders, len(carried))


def draw_curves(listed: np.ndarray, shuffled: np.ndarray) -> list[Values]:
    """Return the codes seen after each number of sources, as listed and over the shuffled orders."""
    seen, several = np.cumsum(listed), np.cumsum(shuffled, axis=1)
    low, high = np.quantile(several, MIDDLE, axis=0)
    curves = {
        "listed": (seen, seen, seen, listed),
        "shuffled": (several.mean(axis=0), low, high, shuffled.mean(axis=0)),
    }
    return [
        dict(zip(SATURATION.names, (name, n_sources, *map(float, values)), strict=True))
        for name, curve in curves.items()
        for n_sources, values in enumerate(zip(*curve, strict=True), start=1)
    ]


def find_saturation(new: np.ndarray, base_size: int, run_length: int, threshold: float) -> float:
    """Return the sources read before the first run of little news; infinite if there is no such run."""
    n_base = int(new[:base_size].sum())
    for n_read in range(base_size, len(new) - run_length + 1):
        if n_base and new[n_read : n_read + run_length].sum() <= threshold * n_base:
            return float(n_read)
    return np.inf


def measure_saturation(listed: np.ndarray, shuffled: np.ndarray) -> list[Values]:
    """Return for each base, run and threshold where saturation is reached, as listed and by the median order."""
    rows: list[Values] = []
    for settings in itertools.product(BASE_SIZES, RUN_LENGTHS, THRESHOLDS):
        for name, orders in (("listed", listed[None, :]), ("shuffled", shuffled)):
            reached = np.array([find_saturation(new, *settings) for new in orders])
            ordered = np.sort(reached)  # the median by hand: half of infinity and infinity is no number
            middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
            value = middle if np.isfinite(middle) else np.nan
            values = (*settings, name, value, float(np.isfinite(reached).mean()))
            rows.append(dict(zip(SATURATION_MEASURES.names, values, strict=True)))
    return rows


def trace_saturation(carried: np.ndarray, seed: int) -> tuple[list[Values], list[Values]]:
    """Return the rows of both tables, none if nothing was coded; `carried` is of `mark_codes`."""
    if not carried.size:
        return [], []
    listed, shuffled = count_new(carried), count_shuffled(carried, N_ORDERS, seed)
    return draw_curves(listed, shuffled), measure_saturation(listed, shuffled)


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    located, passes = LOCATED_CODINGS.list_cells(paths.codings), PASSES.list_cells(paths.passes)
    evidence = [row for row in located if row["is_evidence"] == "yes"]
    source_ids = {row["source_id"] for row in SOURCES.list_cells(paths.sources, ["source_id"])}
    carried = mark_codes(evidence, list_finished_sources(located, passes, source_ids))
    curves, measures = trace_saturation(carried, snakemake.params.seed)
    SATURATION.write_rows(curves, step.output.saturation)
    SATURATION_MEASURES.write_rows(measures, step.output.measures)
    step.close(f"{len(located)} codings", f"{carried.shape[1]} codes in {len(carried)} sources")
