"""Suggest codes for segments that nobody has decided on, if people's codings show that the model is exact enough.

A suggestion is no coding and no evidence: nothing downstream reads it but the report. A person accepts one by a row in
their own table of codings.
"""

from threadpoolctl import threadpool_limits

from graylit.preparation.serving import mark_served, read_serving
from graylit.runs.steps import StepLog
from graylit.study.state import read_in_force
from graylit.study.units import CODED
from graylit.tables.coding import CODEBOOK, LOCATED_CODINGS, PASSES
from graylit.tables.preparation import SEGMENTS
from graylit.tables.topics import SUGGESTION_QUALITY, SUGGESTIONS
from graylit.topics.representation import leave_out_code_blocks, read_vectors
from graylit.topics.suggesting import gather_examples, list_suggestions, measure_codes

OUTCOMES = {
    "suggested": "exact enough",
    "below_floor": "not exact enough",
    "too_few_tried": "tried too seldom to tell",
    "too_little_data": "with too little to learn from",
}

if __name__ == "__main__":
    log = StepLog(snakemake.log[0], "suggest_codes")
    coding, given = snakemake.params.coding, snakemake.input
    every = SEGMENTS.read(given.segments, columns=["segment_id", "source_id", "kind"])
    segments = leave_out_code_blocks(every)
    codebook = read_in_force(CODEBOOK, given.codebook)
    codes = list(codebook.loc[codebook["status"] == "active", "code_id"])
    codings = LOCATED_CODINGS.read(given.codings, columns=CODED)
    passes = PASSES.read_or_empty(given.get("passes", ""))
    segments = mark_served(segments, read_serving(given.serving))
    vectors = read_vectors(segments, {server: given.get(server) for server in ("captured", "frozen")})
    # One thread: sums of floating-point numbers depend on how threads share them out.
    with threadpool_limits(limits=1):
        examples, is_open = gather_examples(segments, vectors, codings, passes, codes=codes, seed=snakemake.params.seed)
        quality = measure_codes(examples, codes, coding["suggestion_precision"])
        suggestions = list_suggestions(
            segments[is_open], vectors[is_open], examples, quality, coding["max_suggestions"]
        )
    SUGGESTION_QUALITY.write(quality, snakemake.output.quality)
    SUGGESTIONS.write(suggestions, snakemake.output.suggestions)
    outcomes = quality["outcome"].value_counts().sort_index()
    log.close(
        f"{len(examples.sources)} segments decided on, {int(is_open.sum())} open",
        f"{len(suggestions)} suggestions",
        ", ".join(f"{n} codes {OUTCOMES[outcome]}" for outcome, n in outcomes.items()),
    )
