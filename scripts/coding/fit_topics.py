"""Fit the topics with BERTopic, on the frozen corpus or on the segments at hand; assign_topics places segments in them.

BERTopic gets our own embeddings (weighted terms, reduced by SVD) and our own grouping (glr.grouping), because
its usual UMAP and HDBSCAN give other topics for another processor, another order or another seed.
Topics are an aid for people: no coding and no guideline refers to one.
"""

from typing import Self

import numpy as np
import pandas as pd
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.dimensionality import BaseDimensionalityReduction
from sklearn.feature_extraction.text import CountVectorizer
from threadpoolctl import threadpool_limits

from graylit.preparation.terms import read_terms
from graylit.runs.steps import StepLog
from graylit.tables.faults import Fault, InputError
from graylit.tables.preparation import SEGMENTS, VOCABULARY
from graylit.topics.grouping import find_centres
from graylit.topics.representation import TopicModel, count_matrix, fit_projection, read_cells


class CentredGroups:
    """Groups of unit vectors; vectors far from every centre are outliers (-1). BERTopic's cluster model."""

    def __init__(self, n_groups: int, min_similarity: float, seed: int, n_threads: int = 1) -> None:
        self.n_groups, self.min_similarity, self.seed, self.n_threads = n_groups, min_similarity, seed, n_threads

    def fit(self, vectors: np.ndarray, y: object = None) -> Self:
        """Group vectors of shape (n_segments, n_dimensions)."""
        self.centres_ = find_centres(vectors, self.n_groups, self.seed, n_threads=self.n_threads)
        self.labels_ = self.predict(vectors)
        return self

    def predict(self, vectors: np.ndarray) -> np.ndarray:
        """Return the group of each vector, -1 for outliers."""
        similarities = vectors @ self.centres_.T
        return np.where(similarities.max(axis=1) < self.min_similarity, -1, similarities.argmax(axis=1))


def draw_segments(segments: pd.DataFrame, max_segments: int, seed: int) -> pd.DataFrame:
    """Return the segments to fit on, sorted: all without program code, or a sample of them where they are more."""
    chosen = segments[segments["kind"] != "code"].sort_values("segment_id", ignore_index=True)
    if len(chosen) <= max_segments:
        return chosen
    rows = np.random.default_rng(seed).choice(len(chosen), size=max_segments, replace=False)
    return chosen.iloc[np.sort(rows)].reset_index(drop=True)


def fit_topics(
    cells: list[str], terms: list[str], *, n_dimensions: int, n_words: int, groups: CentredGroups
) -> TopicModel:
    """Return BERTopic's topics of segments, given as cells of term counts, and how to group their vectors.

    Of the `terms`, those that occur in the segments are the model's vocabulary.
    """
    n_segments = np.asarray((count_matrix(cells, terms) > 0).sum(axis=0)).ravel()
    vocabulary = [term for term, n in zip(terms, n_segments, strict=True) if n]
    counts = count_matrix(cells, vocabulary)
    projection = fit_projection(counts, n_dimensions, groups.seed)
    vectors = projection.embed(counts)
    model = BERTopic(
        embedding_model=BaseEmbedder(),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=groups,
        vectorizer_model=CountVectorizer(analyzer=str.split, vocabulary=vocabulary),
        top_n_words=n_words,
        verbose=False,
    )
    numbers, _ = model.fit_transform([_as_document(cell) for cell in cells], vectors)
    group_of = {number: group for number, group in zip(numbers, groups.labels_, strict=True) if number >= 0}
    centres = groups.centres_[[group_of[number] for number in sorted(group_of)]]
    words = [[word for word, _ in model.get_topic(number) if word] for number in sorted(group_of)]
    return TopicModel(vocabulary, projection, centres, groups.min_similarity, words)


def _as_document(cell: str) -> str:
    """Return a cell of term counts as the document that it was made of: the terms as often as they occur."""
    return " ".join(term for term, n in read_terms(cell).items() for _ in range(n))


def require_enough(n_segments: int, n_terms: int, n_topics: int) -> None:
    """Raise InputError where there is too little text for the topics asked for."""
    if n_segments < 2 * n_topics or n_terms < 3:
        problem = f"is too many for {n_segments} segments with {n_terms} terms"
        remedy = "lower topics.n_topics or topics.min_sources, or capture more sources"
        expected = f"at most {max(2, n_segments // 2)}"
        raise InputError(
            [Fault("config/config.yaml", problem, expected, remedy, None, "topics.n_topics", str(n_topics))]
        )


if __name__ == "__main__":
    settings, given = snakemake.params.topics, snakemake.input
    log = StepLog(snakemake.log[0], "fit_topics")
    every = SEGMENTS.read(given.segments, columns=["segment_id", "kind"])
    segments = draw_segments(every, settings["max_fitted_segments"], snakemake.params.seed)
    cells = list(read_cells(given.term_counts, segments["segment_id"]))
    vocabulary = VOCABULARY.read(given.vocabulary)["term"].tolist()
    require_enough(len(segments), len(vocabulary), settings["n_topics"])
    groups = CentredGroups(settings["n_topics"], settings["min_similarity"], snakemake.params.seed, snakemake.threads)
    # One thread: sums of floating-point numbers depend on how threads share them out.
    with threadpool_limits(limits=1):
        model = fit_topics(
            cells, vocabulary, n_dimensions=settings["n_dimensions"], n_words=settings["n_words"], groups=groups
        )
    model.write(snakemake.output.model)
    log.close(
        f"{len(every)} segments, {len(segments)} to fit on",
        f"{len(model.words)} topics of {len(model.vocabulary)} terms",
    )
