"""Find the topics of the segments with BERTopic; the same segments give the same topics, bit by bit.

BERTopic gets our own embeddings (weighted terms, reduced by SVD) and our own grouping (k-means with outliers),
because its usual UMAP and HDBSCAN give other topics for another processor, another order or another seed.
Topics are an aid for people: no coding and no guideline refers to one.
"""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from bertopic import BERTopic
from bertopic.backend import BaseEmbedder
from bertopic.dimensionality import BaseDimensionalityReduction
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from glr.faults import Fault, InputError
from glr.representation import WORD, choose_vocabulary, embed_counts, read_quotes
from glr.steps import StepLog
from glr.tables import SEGMENTS, TOPIC_MEASURES, TOPIC_SEGMENTS, TOPICS

N_REPRESENTATIVE = 3


class CentredGroups:
    """k-means over unit vectors; vectors far from every centre are outliers (-1). BERTopic's cluster model."""

    def __init__(self, n_groups: int, min_similarity: float, seed: int) -> None:
        self.n_groups, self.min_similarity, self.seed = n_groups, min_similarity, seed

    def fit(self, vectors: np.ndarray, y: object = None) -> Self:
        """Group vectors of shape (n_segments, n_dimensions)."""
        model = KMeans(n_clusters=self.n_groups, n_init=5, random_state=self.seed).fit(vectors)
        self.centres_ = normalize(model.cluster_centers_)
        self.labels_ = self.predict(vectors)
        return self

    def predict(self, vectors: np.ndarray) -> np.ndarray:
        """Return the group of each vector, -1 for outliers."""
        similarities = vectors @ self.centres_.T
        return np.where(similarities.max(axis=1) < self.min_similarity, -1, similarities.argmax(axis=1))


@dataclass(frozen=True)
class Topics:
    """Fitted topics: `numbers` and `similarities` per segment (n_segments,), `words` by topic number."""

    numbers: np.ndarray
    similarities: np.ndarray
    words: dict[int, list[str]]


def fit_topics(
    quotes: list[str], counter: CountVectorizer, vectors: np.ndarray, groups: CentredGroups, n_words: int
) -> Topics:
    """Return BERTopic's topics of the segments' words, given their vectors and how to group them."""
    model = BERTopic(
        embedding_model=BaseEmbedder(),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=groups,
        vectorizer_model=counter,
        top_n_words=n_words,
        verbose=False,
    )
    numbers, _ = model.fit_transform(quotes, vectors)
    similarities = (vectors @ groups.centres_.T).max(axis=1)
    words = {number: [word for word, _ in pairs if word] for number, pairs in model.get_topics().items()}
    return Topics(np.array(numbers), similarities, words)


def measure_npmi(words: list[str], occurs: csr_matrix, column_of: dict[str, int]) -> float:
    """Return the mean normalized pointwise mutual information of pairs of words over segments, -1 to 1.

    References
    ----------
    Bouma 2009, Normalized (pointwise) mutual information in collocation extraction.
    """
    n_segments = occurs.shape[0]
    held = occurs[:, [column_of[word] for word in words]]
    together = (held.T @ held).toarray() / n_segments
    scores = []
    for i, j in itertools.combinations(range(len(words)), 2):
        joint, apart = together[i, j], together[i, i] * together[j, j]
        scores.append(-1.0 if joint == 0 else 1.0 if joint == 1 else np.log(joint / apart) / -np.log(joint))
    return float(np.mean(scores)) if scores else 0.0


def measure_diversity(words: dict[int, list[str]]) -> float:
    """Return the share of top words that stand for one topic only (Dieng et al. 2020)."""
    every = [word for number, topic_words in words.items() if number >= 0 for word in topic_words]
    return len(set(every)) / len(every) if every else 0.0


def tabulate_topics(segments: pd.DataFrame, topics: Topics, npmi: dict[int, float]) -> pd.DataFrame:
    """Return one row per topic, outliers (-1) included."""
    placed = segments.assign(topic_id=topics.numbers, similarity=topics.similarities)
    rows = []
    for number, members in placed.groupby("topic_id"):
        nearest = members.sort_values(["similarity", "segment_id"], ascending=[False, True])
        rows.append(
            {
                "topic_id": number,
                "n_segments": len(members),
                "n_sources": members["source_id"].nunique(),
                "share": len(members) / len(placed),
                "npmi": npmi.get(number),
                "words": "" if number < 0 else ", ".join(topics.words[number]),
                "segment_ids": "" if number < 0 else "; ".join(nearest["segment_id"].head(N_REPRESENTATIVE)),
            }
        )
    return pd.DataFrame(rows, columns=TOPICS.names)


def tabulate_measures(topics: pd.DataFrame, words: dict[int, list[str]], n_terms: int) -> pd.DataFrame:
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
    settings = snakemake.params.topics
    log = StepLog(snakemake.log[0], "fit_topics")
    every = SEGMENTS.read(snakemake.input.segments).sort_values("segment_id", ignore_index=True)
    segments = every[every["kind"] != "code"].reset_index(drop=True)
    quotes = read_quotes(segments, Path(snakemake.input.folder))
    vocabulary = choose_vocabulary(quotes, list(segments["source_id"]), settings["min_sources"])
    require_enough(len(segments), len(vocabulary), settings["n_topics"])
    counter = CountVectorizer(token_pattern=WORD, vocabulary=vocabulary)
    # One thread: sums of floating-point numbers depend on how threads share them out.
    with threadpool_limits(limits=1):
        counts = counter.fit_transform(quotes)
        vectors = embed_counts(counts, settings["n_dimensions"], settings["seed"])
        groups = CentredGroups(settings["n_topics"], settings["min_similarity"], settings["seed"])
        topics = fit_topics(quotes, counter, vectors, groups, settings["n_words"])
    occurs = csr_matrix((counts > 0).astype(np.float64))
    column_of = {term: i for i, term in enumerate(vocabulary)}
    npmi = {number: measure_npmi(words, occurs, column_of) for number, words in topics.words.items() if number >= 0}
    table = tabulate_topics(segments, topics, npmi)
    TOPICS.write(table, snakemake.output.topics)
    placed = {"topic_id": topics.numbers, "similarity": topics.similarities}
    TOPIC_SEGMENTS.write(segments[["segment_id"]].assign(**placed), snakemake.output.topic_segments)
    measures = tabulate_measures(table, topics.words, len(vocabulary))
    TOPIC_MEASURES.write(measures, snakemake.output.measures)
    n_outliers = int((topics.numbers < 0).sum())
    log.close(
        f"{len(every)} segments", f"{len(npmi)} topics", f"{n_outliers} outliers, {len(every) - len(segments)} code"
    )
