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

import numpy as np
import pandas as pd

from graylit.runs.steps import StepLog
from graylit.study.units import list_finished
from graylit.tables.coding import LOCATED_CODINGS, PASSES, SATURATION, SATURATION_MEASURES

BASE_SIZES, RUN_LENGTHS, THRESHOLDS = (4, 6), (2, 3), (0.0, 0.05)  # among those that Guest et al. report
N_ORDERS = 200  # random orders of the sources: chosen, not measured
MIDDLE = (0.025, 0.975)  # the quantiles of the middle 95 % of the orders


def mark_codes(codings: pd.DataFrame, finished: list[str]) -> np.ndarray:
    """Return which source carries which code, shape (n_sources, n_codes): sources read, by id, codes or none."""
    sources = sorted({*finished, *codings["source_id"]})
    codes = sorted(set(codings["code_id"]))
    carried = np.zeros((len(sources), len(codes)), dtype=bool)
    rows, columns = pd.Index(sources).get_indexer(codings["source_id"]), pd.Index(codes).get_indexer(codings["code_id"])
    carried[rows, columns] = True
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


def draw_curves(listed: np.ndarray, shuffled: np.ndarray) -> pd.DataFrame:
    """Return the codes seen after each number of sources, as listed and over the shuffled orders."""
    seen, several = np.cumsum(listed), np.cumsum(shuffled, axis=1)
    n_sources = np.arange(1, len(listed) + 1)
    low, high = np.quantile(several, MIDDLE, axis=0)
    in_list = {"codes_seen": seen, "low": seen, "high": seen, "new_codes": listed}
    on_average = {"codes_seen": several.mean(axis=0), "low": low, "high": high, "new_codes": shuffled.mean(axis=0)}
    curves = [
        pd.DataFrame({"order_name": name, "n_sources": n_sources, **curve})
        for name, curve in (("listed", in_list), ("shuffled", on_average))
    ]
    return pd.concat(curves, ignore_index=True)


def find_saturation(new: np.ndarray, base_size: int, run_length: int, threshold: float) -> float:
    """Return the sources read before the first run of little news; infinite if there is no such run."""
    n_base = int(new[:base_size].sum())
    for n_read in range(base_size, len(new) - run_length + 1):
        if n_base and new[n_read : n_read + run_length].sum() <= threshold * n_base:
            return float(n_read)
    return np.inf


def measure_saturation(listed: np.ndarray, shuffled: np.ndarray) -> pd.DataFrame:
    """Return when saturation is reached for each base, run and threshold, as listed and by the median order."""
    rows = []
    for settings in itertools.product(BASE_SIZES, RUN_LENGTHS, THRESHOLDS):
        for name, orders in (("listed", listed[None, :]), ("shuffled", shuffled)):
            reached = np.array([find_saturation(new, *settings) for new in orders])
            ordered = np.sort(reached)  # the median by hand: half of infinity and infinity is no number
            middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
            value = middle if np.isfinite(middle) else np.nan
            rows.append((*settings, name, value, float(np.isfinite(reached).mean())))
    return pd.DataFrame(rows, columns=SATURATION_MEASURES.names)


if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "measure_saturation")
    located = LOCATED_CODINGS.read(snakemake.input.codings)
    passes = PASSES.read(snakemake.input.passes) if snakemake.input.get("passes") else PASSES.to_frame([])
    carried = mark_codes(
        located[located["is_evidence"] == "yes"], list(list_finished(located, passes)["source_id"].unique())
    )
    curves, measures = SATURATION.to_frame([]), SATURATION_MEASURES.to_frame([])
    if carried.size:
        listed, shuffled = count_new(carried), count_shuffled(carried, N_ORDERS, snakemake.params.seed)
        curves, measures = draw_curves(listed, shuffled), measure_saturation(listed, shuffled)
    SATURATION.write(curves, snakemake.output.saturation)
    SATURATION_MEASURES.write(measures, snakemake.output.measures)
    log.close(f"{len(located)} codings", f"{carried.shape[1]} codes in {len(carried)} sources")
