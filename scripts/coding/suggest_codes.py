"""Suggest codes for segments that nobody has decided on, if people's codings show that the model is exact enough.

A suggestion is no coding and no evidence: nothing downstream reads it but the report. A person accepts one by a row in
their own table of codings.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from graylit.runs.steps import Step
from graylit.study.state import read_in_force
from graylit.study.units import CODED
from graylit.tables.coding import CODEBOOK, LOCATED_CODINGS, PASSES
from graylit.tables.topics import SUGGESTION_QUALITY, SUGGESTIONS
from graylit.topics.representation import read_served, read_vectors
from graylit.topics.suggesting import Examples, gather_examples, list_suggestions, measure_codes

OUTCOMES = {
    "suggested": "exact enough",
    "below_floor": "not exact enough",
    "too_few_tried": "tried too seldom to tell",
    "too_little_data": "with too little to learn from",
}


def list_active(codebook: pd.DataFrame) -> list[str]:
    """Return the ids of the codes that may be given."""
    return codebook.loc[codebook["status"] == "active", "code_id"].tolist()


def suggest_codes(
    examples: Examples, codes: list[str], segments: pd.DataFrame, vectors: np.ndarray, settings: Mapping[str, Any]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how exact the suggestions of each code are, and the suggestions for open segments and their vectors."""
    # One thread: sums of floating-point numbers depend on how threads share them out.
    with threadpool_limits(limits=1):
        quality = measure_codes(examples, codes, settings["suggestion_precision"])
        return quality, list_suggestions(segments, vectors, examples, quality, settings["max_suggestions"])


def describe_outcomes(quality: pd.DataFrame) -> str:
    """Return how many codes are exact enough, and how many are not for which reason."""
    counts = quality["outcome"].value_counts().sort_index()
    return ", ".join(f"{n} codes {OUTCOMES[str(outcome)]}" for outcome, n in counts.items())


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    segments = read_served(paths.segments, paths.serving)
    vectors = read_vectors(segments, {server: paths.get(server) for server in ("captured", "frozen")})
    codings, passes = LOCATED_CODINGS.read(paths.codings, CODED), PASSES.read_or_empty(paths.get("passes", ""))
    codes = list_active(read_in_force(CODEBOOK, paths.codebook))
    examples, is_open = gather_examples(segments, vectors, codings, passes, codes=codes, seed=snakemake.params.seed)
    quality, suggestions = suggest_codes(examples, codes, segments[is_open], vectors[is_open], snakemake.params.coding)
    SUGGESTION_QUALITY.write(quality, step.output.quality)
    SUGGESTIONS.write(suggestions, step.output.suggestions)
    decided = f"{len(examples.sources)} segments decided on, {int(is_open.sum())} open"
    step.close(decided, f"{len(suggestions)} suggestions", describe_outcomes(quality))
