"""Fit the topic model, on the frozen corpus or on the segments at hand; assign_topics places segments in its topics.

Topics are an aid for people: no coding and no guideline refers to one.
"""

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd

from graylit.pages.wording import agree, count_things
from graylit.preparation.terms import read_terms, read_vocabulary
from graylit.runs.steps import Step
from graylit.tables.preparation import SEGMENTS
from graylit.topics.model import fit_model
from graylit.topics.representation import leave_out_code_blocks, read_cells

MIN_TERMS = 3  # of which topics can be told apart at all
FEWEST_SOURCES = 2  # that topics.min_sources may ask for


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


def explain_lack(n_segments: int, n_terms: int, n_topics: int, min_sources: int) -> str:
    """Return why no topics are formed, and what would help; '' if they can be.

    `n_segments` and `n_terms` are those that `count_usable` counts; a term occurs in `min_sources` sources at least.
    """
    if n_topics == 0:
        return "none are asked for (topics.n_topics is 0)"
    if n_segments >= 2 * n_topics and n_terms >= MIN_TERMS:
        return ""
    most = min(n_segments // 2, n_topics - 1) if n_terms >= MIN_TERMS else 0
    lower = [f"topics.n_topics to {most}"] * (most > 0) + ["topics.min_sources"] * (min_sources > FEWEST_SOURCES)
    fewer = f"lower {' or '.join(lower)}, or " if lower else ""
    needed = f"topics take {MIN_TERMS} terms or more that several sources share, and there {_tell_number(n_terms)}"
    if n_terms >= MIN_TERMS:
        topics = f"{count_things(n_topics, 'topic')} {agree(n_topics, 'takes', 'take')}"
        shared = f"{2 * n_topics} segments or more with terms that several sources share"
        needed = f"{topics} {shared}, and there {_tell_number(n_segments)}"
    return f"{needed}; {fewer}capture more sources"


def _tell_number(n: int) -> str:
    return f"{agree(n, 'is', 'are')} {n or 'none'}"


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    settings, seed = snakemake.params.topics, snakemake.params.seed
    every = SEGMENTS.read(paths.segments, columns=["segment_id", "kind"])
    segments = draw_segments(every, settings["max_fitted_segments"], seed)
    cells = list(read_cells(paths.term_counts, segments["segment_id"]))
    vocabulary = list(read_vocabulary(paths.vocabulary))
    lack = explain_lack(*count_usable(cells, vocabulary), settings["n_topics"], settings["min_sources"])
    model = fit_model(cells, vocabulary, settings, lack=lack, seed=seed, n_threads=snakemake.threads)
    model.write(step.output.model)
    fitted = f"{len(model.words)} topics of {len(model.vocabulary)} terms" + (f": {model.lack}" if model.lack else "")
    step.close(f"{len(every)} segments, {len(segments)} to fit on", fitted)
