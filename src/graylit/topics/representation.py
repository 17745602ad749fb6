"""Segments as figures: counts of the terms that several sources share, their weights, and vectors reduced from them.

Topics and suggestions stand on the same figures. No stop word and no word of a single source is among them, so the
counts are enough to compute with and too little to read: the frozen corpus holds them instead of the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from graylit.preparation.terms import read_terms
from graylit.tables.preparation import TERM_COUNTS

if TYPE_CHECKING:
    import pandas as pd

# The last digits of a decomposition depend on the processor. Groups of vectors rounded to this many decimals do not.
DECIMALS = 5


def read_cells(path: str | Path, segment_ids: Iterable[str]) -> Iterator[str]:
    """Yield the cells of terms of some segments from a table of term counts, in its order: by segment_id."""
    wanted = set(segment_ids)
    return (row["terms"] for row in TERM_COUNTS.read_each(path) if row["segment_id"] in wanted)


def count_matrix(cells: Iterable[str], vocabulary: list[str]) -> csr_matrix:
    """Return the counts of cells of terms as a matrix (n_cells, n_terms); other terms are left out."""
    column_of = {term: column for column, term in enumerate(vocabulary)}
    starts, columns, counts = [0], [], []
    for cell in cells:
        known = [(column_of[term], n) for term, n in read_terms(cell).items() if term in column_of]
        columns += [column for column, _ in known]
        counts += [n for _, n in known]
        starts.append(len(columns))
    return csr_matrix((counts, columns, starts), shape=(len(starts) - 1, len(vocabulary)), dtype=np.int64)


@dataclass(frozen=True)
class Projection:
    """How counts become vectors: weights of terms (n_terms,), and the directions kept (n_dimensions, n_terms)."""

    weights: np.ndarray
    directions: np.ndarray

    def embed(self, counts: csr_matrix) -> np.ndarray:
        """Return vectors (n_segments, n_dimensions) of length one, rounded; of zeros for segments without terms."""
        if min(counts.shape) == 0:
            return np.zeros((counts.shape[0], len(self.directions)))
        weighted = csr_matrix(counts, dtype=np.float64)
        weighted.data = (1 + np.log(weighted.data)) * self.weights[weighted.indices]
        lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        weighted.data /= np.repeat(lengths, np.diff(weighted.indptr))
        vectors = weighted @ self.directions.T
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.where(lengths > 0, lengths, 1)
        return np.round(vectors, DECIMALS) + 0.0  # no -0.0, whose sign is chance


def fit_projection(counts: csr_matrix, n_dimensions: int, seed: int) -> Projection:
    """Return the projection of term counts (n_segments, n_terms): inverse segment frequencies and truncated SVD.

    Of too few segments or terms to decompose, a projection to one dimension of zeros.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfTransformer

    if min(counts.shape) < 3:
        return Projection(np.ones(counts.shape[1]), np.zeros((1, counts.shape[1])))
    transformer = TfidfTransformer(sublinear_tf=True)
    weighted = transformer.fit_transform(counts)
    reducer = TruncatedSVD(min(n_dimensions, min(counts.shape) - 1), random_state=seed, n_iter=7).fit(weighted)
    return Projection(transformer.idf_, reducer.components_)


@dataclass(frozen=True)
class TopicModel:
    """Fitted topics: the vocabulary, how its counts become vectors, a centre per topic, and the topics' top words.

    `centres` (n_topics, n_dimensions) have length one; `words` holds the words of topic 0, 1, …, strongest first.
    """

    vocabulary: list[str]
    projection: Projection
    centres: np.ndarray
    min_similarity: float
    words: list[list[str]]

    def place(self, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the topic of each vector, -1 far from every centre, and its cosine to the nearest centre."""
        similarities = np.round(vectors @ self.centres.T, 2 * DECIMALS)
        nearest = similarities.max(axis=1)
        return np.where(nearest < self.min_similarity, -1, similarities.argmax(axis=1)), nearest

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
        )


def read_model(path: str | Path) -> TopicModel:
    """Return a model that was written."""
    with np.load(path, allow_pickle=False) as held:
        return TopicModel(
            vocabulary=held["vocabulary"].tolist(),
            projection=Projection(held["weights"], held["directions"]),
            centres=held["centres"],
            min_similarity=float(held["min_similarity"]),
            words=[words.split() for words in held["words"].tolist()],
        )


def write_vectors(segment_ids: Iterable[str], vectors: np.ndarray, path: str | Path) -> None:
    """Write the vectors of segments (n_segments, n_dimensions) in half the memory: their decimals fit into it."""
    np.savez(path, segment_ids=np.array(list(segment_ids), dtype=str), vectors=vectors.astype(np.float32, copy=False))


def read_vectors(segments: pd.DataFrame, batches: Mapping[str, Iterable[str | Path]]) -> np.ndarray:
    """Return the vectors of segments from the batch that serves each: `served_by` of a segment names its `batches`.

    Raises
    ------
    ValueError
        No file holds a segment: a mistake in a script.
    """
    segment_ids, served_by = segments.set_index("segment_id").index, segments["served_by"].to_numpy()
    vectors, is_found = np.zeros((len(segment_ids), 0), np.float32), np.zeros(len(segment_ids), bool)
    for server, path in ((server, path) for server, paths in batches.items() for path in paths):
        with np.load(path, allow_pickle=False) as batch:
            found, rows = batch["vectors"], segment_ids.get_indexer(batch["segment_ids"])
        if not vectors.shape[1]:
            vectors = np.zeros((len(segment_ids), found.shape[1]), np.float32)
        is_taken = rows >= 0
        is_taken[is_taken] = served_by[rows[is_taken]] == server
        vectors[rows[is_taken]] = found[is_taken]
        is_found[rows[is_taken]] = True
    if not is_found.all():
        raise ValueError(f"no vector of {segment_ids[~is_found][0]}")
    return vectors


def read_quotes(segments: pd.DataFrame, folder: Path) -> list[str]:
    """Return the words of each segment, in the order of the rows."""
    starts, ends = segments["start"].to_numpy(), segments["end"].to_numpy()
    quotes = [""] * len(segments)
    for source_id, rows in segments.groupby("source_id").indices.items():
        text = (folder / f"{source_id}.txt").read_bytes().decode("utf-8")
        for row in rows:
            quotes[row] = text[starts[row] : ends[row]]
    return quotes
