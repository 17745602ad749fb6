"""Place the segments of a batch of the sources in the topics whose centres they are nearest to, and keep their vectors.

A batch is a shard of captured sources, or the frozen corpus; gather_topics brings the batches together. A batch is read
a part at a time: a frozen corpus may be large.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from graylit.preparation.terms import hide_words, read_vocabulary
from graylit.runs.steps import Step
from graylit.tables.preparation import SEGMENTS, TERM_COUNTS
from graylit.tables.topics import TOPIC_SEGMENTS
from graylit.topics.model import TopicModel, read_model
from graylit.topics.representation import count_matrix, leave_out_code_blocks, write_vectors

Part = tuple[int, pd.DataFrame, list[str]]  # number of rows, the segments without code blocks, their terms

PART_ROWS = 20_000  # segments in memory at a time: the vectors of so many take 16 MB at 100 dimensions


def assign_topics(model: TopicModel, counts: csr_matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the topic of each segment (-1 for an outlier), how near it is to the nearest topic, and its vector.

    `counts` has shape (n_segments, n_terms), the first two results (n_segments,), the vectors (n_segments,
    n_dimensions).
    """
    vectors = model.embed(counts)
    return *model.place(vectors), vectors


def read_parts(segments: str, term_counts: str, vocabulary: dict[str, int], n_rows: int = PART_ROWS) -> Iterator[Part]:
    """Yield the rows of a batch in parts: their number, the segments without code blocks, and the terms of these.

    `segments` and `term_counts` are the paths of tables of the same segments, both sorted.
    """
    rows = zip(SEGMENTS.read_each(segments), TERM_COUNTS.read_each(term_counts), strict=True)
    while part := list(islice(rows, n_rows)):
        every, counts = SEGMENTS.to_frame(row for row, _ in part), TERM_COUNTS.to_frame(row for _, row in part)
        table = every.merge(hide_words(every, counts, vocabulary)[1], on="segment_id", validate="one_to_one")
        table = leave_out_code_blocks(table)
        yield len(every), table[["segment_id"]], table["terms"].tolist()


def place_parts(model: TopicModel, parts: Iterable[Part]) -> tuple[int, pd.DataFrame, np.ndarray]:
    """Return the number of segments, those without code blocks with their topics, and the vectors of these."""
    n_segments, placed = 0, [TOPIC_SEGMENTS.to_frame([])]
    kept = [model.embed(count_matrix([], model.vocabulary)).astype(np.float32)]
    for n_rows, segments, cells in parts:
        numbers, similarities, vectors = assign_topics(model, count_matrix(cells, model.vocabulary))
        placed.append(segments.assign(topic_id=numbers, similarity=similarities))
        kept.append(vectors.astype(np.float32))
        n_segments += n_rows
    return n_segments, pd.concat(placed, ignore_index=True), np.concatenate(kept)


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    parts = read_parts(paths.segments, paths.term_counts, read_vocabulary(paths.vocabulary))
    # One thread: sums of floating-point numbers depend on how threads share them out.
    with threadpool_limits(limits=1):
        n_segments, topics, vectors = place_parts(read_model(paths.model), parts)
    TOPIC_SEGMENTS.write(topics, step.output.topic_segments)
    write_vectors(topics["segment_id"], vectors, step.output.vectors)
    n_outliers, n_code = int((topics["topic_id"] < 0).sum()), n_segments - len(topics)
    step.close(f"{n_segments} segments", f"{len(topics)} placed", f"{n_outliers} outliers, {n_code} code")
