"""Place the segments of a share of the sources in the topics whose centres they are nearest to, and keep their vectors.

A share is a shard of captured sources, or the frozen corpus; gather_topics brings the shares together.
"""

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from glr.representation import TopicModel, count_matrix, read_model, write_vectors
from glr.steps import StepLog
from glr.tables import SEGMENTS, TERM_COUNTS, TOPIC_SEGMENTS, VOCABULARY
from glr.terms import hide_words


def assign_topics(model: TopicModel, counts: csr_matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return of each segment its topic (-1 for an outlier), its cosine to the nearest centre, and its vector.

    `counts` has shape (n_segments, n_terms); the first two (n_segments,), the vectors (n_segments, n_dimensions).
    """
    vectors = model.projection.embed(counts)
    return *model.place(vectors), vectors


def list_counted(
    segments: pd.DataFrame, term_counts: pd.DataFrame, vocabulary: dict[str, int]
) -> tuple[pd.DataFrame, list[str]]:
    """Return the segments that have a topic, all but program code, sorted, and their cells of term counts."""
    table = segments.merge(hide_words(segments, term_counts, vocabulary)[1], on="segment_id", validate="one_to_one")
    table = table[table["kind"] != "code"].sort_values("segment_id", ignore_index=True)
    return table, table["terms"].tolist()


if __name__ == "__main__":
    log, given = StepLog(snakemake.log[0], f"assign_topics {snakemake.wildcards.share}"), snakemake.input
    every, model, terms = SEGMENTS.read(given.segments), read_model(given.model), VOCABULARY.read(given.vocabulary)
    vocabulary = dict(zip(terms["term"], terms["n_sources"], strict=True))
    segments, cells = list_counted(every, TERM_COUNTS.read(given.term_counts), vocabulary)
    # One thread: sums of floating-point numbers depend on how threads share them out.
    with threadpool_limits(limits=1):
        numbers, similarities, vectors = assign_topics(model, count_matrix(cells, model.vocabulary))
    placed = segments.assign(topic_id=numbers, similarity=similarities)
    TOPIC_SEGMENTS.write(placed[TOPIC_SEGMENTS.names], snakemake.output.topic_segments)
    write_vectors(segments["segment_id"], vectors, snakemake.output.vectors)
    n_outliers = int((numbers < 0).sum())
    log.close(
        f"{len(every)} segments", f"{len(segments)} placed", f"{n_outliers} outliers, {len(every) - len(segments)} code"
    )
