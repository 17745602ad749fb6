"""Vectors of segments: weighted counts of terms, reduced to fewer dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

# The last digits of a decomposition depend on the processor. Of vectors rounded to so many decimals, libraries told to
# be a Haswell, a Nehalem or a Prescott made the same topics of the default study (docs/decisions/0007 and 0009).
DECIMALS = 5


@dataclass(frozen=True)
class Projection:
    """How counts become vectors: weights of terms (n_terms,), and the directions kept (n_dimensions, n_terms)."""

    weights: np.ndarray
    directions: np.ndarray

    def embed(self, counts: csr_matrix) -> np.ndarray:
        """Return vectors (n_segments, n_dimensions) of length one, rounded; of zeros for segments without terms."""
        if min(counts.shape) == 0:
            return np.zeros((counts.shape[0], len(self.directions)))
        weighted = counts.astype(np.float64)
        weighted.data = (1 + np.log(weighted.data)) * self.weights[weighted.indices]
        lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        weighted.data /= np.repeat(lengths, np.diff(weighted.indptr))
        vectors = weighted @ self.directions.T
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.where(lengths > 0, lengths, 1)
        return np.round(vectors, DECIMALS) + 0.0  # no -0.0, whose sign is chance


def fit_projection(counts: csr_matrix, n_dimensions: int, seed: int) -> Projection:
    """Return the projection of term counts (n_segments, n_terms): inverse segment frequencies and truncated SVD.

    If segments or terms are too few to decompose, it projects to one dimension of zeros.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfTransformer

    if min(counts.shape) < 3:
        return Projection(np.ones(counts.shape[1]), np.zeros((1, counts.shape[1])))
    transformer = TfidfTransformer(sublinear_tf=True)
    weighted = transformer.fit_transform(counts)
    reducer = TruncatedSVD(min(n_dimensions, min(counts.shape) - 1), random_state=seed, n_iter=7).fit(weighted)
    return Projection(transformer.idf_, reducer.components_)
