"""Place every segment in the topic whose centre it is nearest to, and measure how good the topics are."""

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from glr.representation import TopicModel, count_matrix, read_model
from glr.steps import StepLog
from glr.tables import SEGMENTS, TERM_COUNTS, TOPIC_MEASURES, TOPIC_SEGMENTS, TOPICS
from glr.topic_measures import measure_diversity, measure_npmi

N_REPRESENTATIVE = 3
N_AT_ONCE = 20_000  # segments embedded at a time, so that memory does not grow with the study


def assign_topics(model: TopicModel, counts: csr_matrix) -> tuple[np.ndarray, np.ndarray]:
    """Return the topic of each segment (-1 for an outlier) and its cosine to the nearest centre: (n_segments,)."""
    parts = [
        model.place(model.projection.embed(counts[first : first + N_AT_ONCE]))
        for first in range(0, counts.shape[0], N_AT_ONCE)
    ]
    numbers, similarities = zip(*parts, strict=True) if parts else ([np.zeros(0, int)], [np.zeros(0)])
    return np.concatenate(numbers), np.concatenate(similarities)


def tabulate_topics(placed: pd.DataFrame, words: list[list[str]], npmi: list[float]) -> pd.DataFrame:
    """Return one row per topic, outliers (-1) included where there are any; `placed` are segments with their topics."""
    rows = []
    for number in [*([-1] if (placed["topic_id"] < 0).any() else []), *range(len(words))]:
        members = placed[placed["topic_id"] == number]
        nearest = members.sort_values(["similarity", "segment_id"], ascending=[False, True])
        rows.append(
            {
                "topic_id": number,
                "n_segments": len(members),
                "n_sources": members["source_id"].nunique(),
                "share": len(members) / len(placed),
                "npmi": None if number < 0 else npmi[number],
                "words": "" if number < 0 else ", ".join(words[number]),
                "segment_ids": "" if number < 0 else "; ".join(nearest["segment_id"].head(N_REPRESENTATIVE)),
            }
        )
    return pd.DataFrame(rows, columns=TOPICS.names)


def tabulate_measures(topics: pd.DataFrame, words: list[list[str]], n_terms: int) -> pd.DataFrame:
    """Return what tells how good the topics are, one row per measure."""
    formed = topics[topics["topic_id"] >= 0]
    rows = [
        ("n_topics", len(formed), "topics formed"),
        ("n_terms", n_terms, "terms of the topic vocabulary"),
        ("outlier_share", topics.loc[topics["topic_id"] < 0, "share"].sum(), "share of segments in no topic"),
        ("npmi_mean", formed["npmi"].mean(), "mean coherence of the topics' top words (NPMI over segments)"),
        ("diversity", measure_diversity(words), "share of top words that stand for one topic only"),
    ]
    return pd.DataFrame(rows, columns=TOPIC_MEASURES.names)


if __name__ == "__main__":
    log, given = StepLog(snakemake.log[0], "assign_topics"), snakemake.input
    every, model = SEGMENTS.read(given.segments).sort_values("segment_id", ignore_index=True), read_model(given.model)
    segments = every[every["kind"] != "code"].reset_index(drop=True)
    cells = TERM_COUNTS.read(given.term_counts).set_index("segment_id")["terms"].loc[segments["segment_id"]]
    counts = count_matrix(cells, model.vocabulary)
    with threadpool_limits(limits=1):
        numbers, similarities = assign_topics(model, counts)
    placed = segments.assign(topic_id=numbers, similarity=similarities)
    occurs = csr_matrix((counts > 0).astype(np.float64))
    column_of = {term: column for column, term in enumerate(model.vocabulary)}
    table = tabulate_topics(placed, model.words, [measure_npmi(words, occurs, column_of) for words in model.words])
    TOPICS.write(table, snakemake.output.topics)
    TOPIC_SEGMENTS.write(placed[TOPIC_SEGMENTS.names], snakemake.output.topic_segments)
    TOPIC_MEASURES.write(tabulate_measures(table, model.words, len(model.vocabulary)), snakemake.output.measures)
    n_outliers = int((numbers < 0).sum())
    log.close(
        f"{len(every)} segments", f"{len(segments)} placed", f"{n_outliers} outliers, {len(every) - len(segments)} code"
    )
