"""Fit the topic model, on the frozen corpus or on the segments at hand; assign_topics places segments in its topics.

Topics are an aid for people: no coding and no guideline refers to one.
"""

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from graylit.preparation.terms import read_terms, read_vocabulary
from graylit.runs.steps import Step
from graylit.tables.faults import Fault, InputError
from graylit.tables.preparation import SEGMENTS
from graylit.topics.model import fit_model
from graylit.topics.representation import leave_out_code_blocks, read_cells


def draw_segments(segments: pd.DataFrame, max_segments: int, seed: int) -> pd.DataFrame:
    """Return the segments to fit on, sorted: all but code blocks, or a sample if these are more than `max_segments`."""
    chosen = leave_out_code_blocks(segments)
    if len(chosen) <= max_segments:
        return chosen
    rows = np.random.default_rng(seed).choice(len(chosen), size=max_segments, replace=False)
    return chosen.iloc[np.sort(rows)].reset_index(drop=True)


def count_usable(cells: Iterable[str], vocabulary: Collection[str]) -> tuple[int, int]:
    """Return how many segments have terms of the vocabulary, and how many of its terms stand in a segment.

    A term of the vocabulary may stand in none: a segment with few words hides all of its terms.
    """
    terms = set(vocabulary)
    known = [read_terms(cell).keys() & terms for cell in cells]
    return sum(map(bool, known)), len(set().union(*known))


def require_enough(n_segments: int, n_terms: int, n_topics: int) -> None:
    """Raise InputError if there is too little text for `n_topics` topics."""
    if n_segments < 2 * n_topics or n_terms < 3:
        problem = f"is too many for {n_segments} segments with {n_terms} terms"
        n_possible = n_segments // 2 if n_terms >= 3 else 0
        expected = f"at most {n_possible}" if n_possible >= 2 else "4 segments with 3 terms at least, for two topics"
        lower = "topics.n_topics or topics.min_sources" if n_possible >= 2 else "topics.min_sources"
        remedy = f"lower {lower}, or capture more sources"
        raise InputError(
            [Fault("config/config.yaml", problem, expected, remedy, None, "topics.n_topics", str(n_topics))]
        )


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    settings, seed = snakemake.params.topics, snakemake.params.seed
    every = SEGMENTS.read(paths.segments, columns=["segment_id", "kind"])
    segments = draw_segments(every, settings["max_fitted_segments"], seed)
    cells = list(read_cells(paths.term_counts, segments["segment_id"]))
    vocabulary = list(read_vocabulary(paths.vocabulary))
    require_enough(*count_usable(cells, vocabulary), settings["n_topics"])
    model = fit_model(cells, vocabulary, settings, seed=seed, n_threads=snakemake.threads)
    model.write(step.output.model)
    fitted = f"{len(model.words)} topics of {len(model.vocabulary)} terms"
    step.close(f"{len(every)} segments, {len(segments)} to fit on", fitted)
