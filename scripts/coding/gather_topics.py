"""Bring the topics of all batches of the sources together, and measure how good they are.

A segment takes its topic from the batch that serves its source: a shard if its text was captured, else the frozen one.
"""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix

from graylit.runs.steps import Step
from graylit.tables.topics import NO_TOPICS, TOPIC_MEASURES, TOPIC_SEGMENTS, TOPICS
from graylit.topics.measures import measure_diversity, measure_npmi
from graylit.topics.model import read_model
from graylit.topics.representation import count_matrix, read_cells, read_served

# Segments listed for each topic. Chosen, not measured: as many as a person reads to see what it is about.
N_REPRESENTATIVE = 3


def join_batches(segments: pd.DataFrame, batches: Mapping[str, Iterable[pd.DataFrame]]) -> pd.DataFrame:
    """Return the segments with the topics of their batches; `batches` are those of captured and of frozen sources.

    Raises
    ------
    ValueError
        No batch placed a segment: a mistake in a script.
    """
    placed = [batch.assign(served_by=server) for server, some in batches.items() for batch in some]
    joined = segments.merge(pd.concat(placed, ignore_index=True), on=["segment_id", "served_by"], validate="one_to_one")
    missing = segments.loc[~segments["segment_id"].isin(joined["segment_id"]), "segment_id"]
    if len(missing):
        raise ValueError(f"no topic of {missing.iloc[0]}")
    return joined


def measure_coherence(words: list[list[str]], cells: Iterable[str]) -> list[float]:
    """Return the coherence (NPMI) of each topic's top words; `cells` are the terms of the segments with topics."""
    top_words = sorted({word for of_topic in words for word in of_topic})
    occurs = csr_matrix((count_matrix(cells, top_words) > 0).astype(np.float64))
    column_of = {term: column for column, term in enumerate(top_words)}
    return [measure_npmi(of_topic, occurs, column_of) for of_topic in words]


def tabulate_topics(placed: pd.DataFrame, words: list[list[str]], npmi: list[float]) -> pd.DataFrame:
    """Return one row per topic, and one for the outliers (-1) if there are any; `placed` are segments with topics."""
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


def tabulate_measures(topics: pd.DataFrame, words: list[list[str]], n_terms: int, lack: str = "") -> pd.DataFrame:
    """Return how good the topics are, one row per measure; if there are none, that there are none, and why (`lack`)."""
    if not words:
        return pd.DataFrame([("n_topics", 0, NO_TOPICS + lack)], columns=TOPIC_MEASURES.names)
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
    step, paths = Step(snakemake), snakemake.input
    model, segments = read_model(paths.model), read_served(paths.segments, paths.serving)
    batches = {server: [TOPIC_SEGMENTS.read(path) for path in paths.get(server)] for server in ("captured", "frozen")}
    placed = join_batches(segments, batches)
    placed = placed if model.words else placed.head(0)
    cells = read_cells(paths.term_counts, placed["segment_id"])
    table = tabulate_topics(placed, model.words, measure_coherence(model.words, cells))
    TOPICS.write(table, step.output.topics)
    TOPIC_SEGMENTS.write(placed[TOPIC_SEGMENTS.names], step.output.topic_segments)
    measures = tabulate_measures(table, model.words, len(model.vocabulary), model.lack)
    TOPIC_MEASURES.write(measures, step.output.measures)
    step.close(f"{len(segments)} segments, batches: {sum(map(len, batches.values()))}", f"{len(model.words)} topics")
