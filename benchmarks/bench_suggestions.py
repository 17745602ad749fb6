"""Measure how exact the model's suggestions are on a study's own codings, after its review.

Precision and recall are those of sources held out from learning and from choosing thresholds. As a control, the codes
of the segments are shuffled: then there is nothing to learn, and hardly a code may pass.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from figures import Figure, write_figures
from graylit.study.config import read_config
from graylit.study.state import read_in_force
from graylit.tables.coding import CODEBOOK, LOCATED_CODINGS, PASSES
from graylit.tables.preparation import SEGMENTS, TERM_COUNTS
from graylit.topics.model import read_model
from graylit.topics.representation import count_matrix, leave_out_code_blocks
from graylit.topics.suggesting import Examples, gather_examples, list_suggestions, measure_codes, measure_ranking

N_SHUFFLES = 20  # of the control: a share of .05 of the codes is one in as many shuffles of one code


def shuffle_codes(examples: Examples, seed: int) -> Examples:
    """Return the examples with the sets of codes dealt out among the segments anew."""
    order = np.random.default_rng(seed).permutation(len(examples.sources))
    return replace(examples, has_code=examples.has_code[order], is_known=examples.is_known[order])


def share_passing(quality: pd.DataFrame) -> float:
    """Return the share of the codes with enough to learn from that pass."""
    learned = quality[quality["outcome"] != "too_little_data"]
    return float((learned["is_suggested"] == "yes").mean()) if len(learned) else 0.0


def list_figures(
    quality: pd.DataFrame, n_suggestions: int, ranking: tuple[float, float], shuffled: float, floor: float
) -> list[Figure]:
    """Return the figures; precision has a goal only if something is suggested."""
    learned = quality[quality["outcome"] != "too_little_data"]
    passing = quality[quality["is_suggested"] == "yes"]
    n_tried = int(learned["n_tried"].sum())
    n_right = float((learned["precision"].astype(float).fillna(0) * learned["n_tried"]).sum())
    figures = [
        Figure("codes", len(quality), "codes"),
        Figure("codes_learned", len(learned), "codes"),
        Figure("codes_that_pass", len(passing), "codes"),
        Figure("suggestions", n_suggestions, "suggestions"),
        Figure("precision_floor", floor, "share"),
        Figure("macro_precision", float(learned["precision"].astype(float).mean()), "share"),
        Figure("macro_recall", float(learned["recall"].astype(float).mean()), "share"),
        Figure("pooled_precision", n_right / n_tried if n_tried else float("nan"), "share"),
        Figure("average_precision", ranking[0], "share"),
        Figure("average_precision_by_chance", ranking[1], "share"),
        Figure("shuffled_codes_that_pass", shuffled, "share", "<= 0.05"),
    ]
    if len(passing):
        figures.append(Figure("lowest_precision_suggested", float(passing["precision"].min()), "share", f">= {floor}"))
        figures.append(Figure("recall_suggested", float(passing["recall"].astype(float).mean()), "share"))
    return figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--study", type=Path, default=Path())
    folder = parser.parse_args().study
    made = folder / "data/processed"
    if not (made / "located_codings.csv").exists() or not (made / "segments.csv").exists():
        sys.exit(f"{made} holds no segments and codings yet; run `graylit review` first")
    config, _ = read_config(folder / "config/config.yaml", "config/config.yaml")
    seed, floor = config["seed"], config["coding"]["suggestion_precision"]
    segments = leave_out_code_blocks(SEGMENTS.read(made / "segments.csv"))
    codebook = read_in_force(CODEBOOK, folder / "config/coding/codebook.csv")
    codes = list(codebook.loc[codebook["status"] == "active", "code_id"])
    codings = LOCATED_CODINGS.read(made / "located_codings.csv")
    path = folder / "config/coding/passes.csv"
    passes = PASSES.read(path) if path.exists() else PASSES.to_frame([])
    with threadpool_limits(limits=1):
        started = time.perf_counter()
        cells = TERM_COUNTS.read(made / "term_counts.csv").set_index("segment_id")["terms"].loc[segments["segment_id"]]
        model = read_model(made / "topic_model.npz")
        vectors = model.embed(count_matrix(cells, model.vocabulary))
        embedded = time.perf_counter()
        examples, is_open = gather_examples(segments, vectors, codings, passes, codes=codes, seed=seed)
        quality = measure_codes(examples, codes, floor)
        most = config["coding"]["max_suggestions"]
        suggestions = list_suggestions(segments[is_open], vectors[is_open], examples, quality, most)
        ended = time.perf_counter()
        shuffles = [measure_codes(shuffle_codes(examples, seed + n), codes, floor) for n in range(N_SHUFFLES)]
        learned = [number for number, outcome in enumerate(quality["outcome"]) if outcome != "too_little_data"]
        ranking = measure_ranking(examples, learned) if learned else (float("nan"), float("nan"))
    shuffled = float(np.mean([share_passing(shuffle) for shuffle in shuffles]))
    figures = list_figures(quality, len(suggestions), ranking, shuffled, floor)
    figures.append(Figure("seconds_representation", embedded - started, "s"))
    figures.append(Figure("seconds_learning", ended - embedded, "s"))
    is_met = write_figures("suggestions", figures)
    print(quality.to_string(index=False))
    sys.exit(0 if is_met else 1)
