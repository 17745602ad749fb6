"""The topic model that Graylit ships: BERTopic, with groups of weighted terms that hold still.

BERTopic gets our own vectors (weighted terms, reduced by SVD) and our own grouping, because its usual UMAP and HDBSCAN
give other topics for another processor, another order or another seed (docs/decisions/0002 and 0009).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from graylit.preparation.terms import read_terms
from graylit.topics.projection import DECIMALS, Projection, fit_projection
from graylit.topics.representation import count_matrix
from graylit.topics.threads import one_thread

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def place_vectors(vectors: np.ndarray, centres: np.ndarray, min_similarity: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest centre of each vector, -1 for one far from all, and its cosine to it."""
    if not len(centres):
        return np.full(len(vectors), -1), np.zeros(len(vectors))
    similarities = np.round(vectors @ centres.T, 2 * DECIMALS)
    nearest = similarities.max(axis=1)
    return np.where(nearest < min_similarity, -1, similarities.argmax(axis=1)), nearest


class CentredGroups:
    """Groups of unit vectors around centres, as BERTopic's cluster model."""

    def __init__(self, n_groups: int, min_similarity: float, seed: int, n_threads: int = 1) -> None:
        self.n_groups, self.min_similarity, self.seed, self.n_threads = n_groups, min_similarity, seed, n_threads

    def fit(self, vectors: np.ndarray, y: object = None) -> Self:
        """Group vectors of shape (n_segments, n_dimensions)."""
        from graylit.topics.grouping import find_centres  # a second to import, and only a fit needs it

        self.centres_ = find_centres(vectors, self.n_groups, self.seed, n_threads=self.n_threads)
        self.labels_ = self.predict(vectors)
        return self

    def predict(self, vectors: np.ndarray) -> np.ndarray:
        """Return the group of each vector, -1 for outliers."""
        return place_vectors(vectors, self.centres_, self.min_similarity)[0]


@dataclass(frozen=True)
class CentredTopics:
    """Fitted topics: the vocabulary, how its counts become vectors, a centre per topic, and the topics' top words.

    `centres` (n_topics, n_dimensions) have length one; a segment whose cosine to the nearest one is below
    `min_similarity` is an outlier.
    """

    vocabulary: list[str]
    projection: Projection
    centres: np.ndarray
    min_similarity: float
    words: list[list[str]]
    lack: str = ""  # why there are no topics

    @classmethod
    def fit(
        cls,
        cells: Sequence[str],
        terms: Sequence[str],
        settings: Mapping[str, Any],
        *,
        seed: int,
        lack: str = "",
        n_threads: int = 1,
    ) -> Self:
        """Return BERTopic's topics of segments, whose term counts are `cells`; none if `lack` says why not.

        The model's vocabulary are those of the `terms` that occur in the segments.
        """
        n_segments = np.asarray((count_matrix(cells, terms) > 0).sum(axis=0)).ravel()
        vocabulary = [term for term, n in zip(terms, n_segments, strict=True) if n]
        counts = count_matrix(cells, vocabulary)
        groups = CentredGroups(settings["n_topics"], settings["min_similarity"], seed, n_threads)
        with one_thread():
            projection = fit_projection(counts, settings["n_dimensions"], seed)
            if lack:
                return cls(vocabulary, projection, projection.directions[:0, :0], settings["min_similarity"], [], lack)
            words_of_group = _find_words(cells, projection.embed(counts), groups, vocabulary, settings["n_words"])
        centres, words = groups.centres_[list(words_of_group)], list(words_of_group.values())
        lack = "" if words else "no segments are alike enough (topics.min_similarity)"
        return cls(vocabulary, projection, centres, settings["min_similarity"], words, lack)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Return a model that was written."""
        with np.load(path, allow_pickle=False) as written:
            return cls(
                vocabulary=written["vocabulary"].tolist(),
                projection=Projection(written["weights"], written["directions"]),
                centres=written["centres"],
                min_similarity=float(written["min_similarity"]),
                words=[words.split() for words in written["words"].tolist()],
                lack=str(written["lack"]),
            )

    def write(self, path: str | Path) -> None:
        """Write the model; the same model gives the same bytes."""
        np.savez(
            path,
            vocabulary=np.array(self.vocabulary, dtype=str),
            weights=self.projection.weights,
            directions=self.projection.directions,
            centres=self.centres,
            min_similarity=np.array(self.min_similarity),
            words=np.array([" ".join(words) for words in self.words], dtype=str),
            lack=np.array(self.lack),
        )

    def embed(self, counts: csr_matrix) -> np.ndarray:
        """Return vectors (n_segments, n_dimensions) of counts (n_segments, n_terms)."""
        return self.projection.embed(counts)

    def place(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the topic of each vector, -1 far from every centre, and its cosine to the nearest centre."""
        return place_vectors(vectors, self.centres, self.min_similarity)


def _find_words(
    cells: Sequence[str], vectors: np.ndarray, groups: CentredGroups, vocabulary: list[str], n_words: int
) -> dict[int, list[str]]:
    """Fit BERTopic; return the top words of each of the `groups`, by BERTopic's number of the topic."""
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from bertopic.dimensionality import BaseDimensionalityReduction
    from sklearn.feature_extraction.text import CountVectorizer

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
    return {int(group_of[number]): [word for word, _ in model.get_topic(number) if word] for number in sorted(group_of)}


def _as_document(cell: str) -> str:
    """Return a cell of term counts as a document: each term as often as it occurs."""
    return " ".join(term for term, n in read_terms(cell).items() for _ in range(n))
