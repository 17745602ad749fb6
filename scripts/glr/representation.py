"""Segments as figures: counts of the terms that several sources share, their weights, and vectors reduced from them.

Topics and suggestions stand on the same figures. No stop word and no word of a single source is among them, so the
counts are enough to compute with and too little to read.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer, TfidfTransformer
from sklearn.preprocessing import normalize

if TYPE_CHECKING:
    import pandas as pd
    from scipy.sparse import csr_matrix

WORD = r"(?u)\b[^\W\d_][\w-]*[^\W_]\b"


def read_quotes(segments: pd.DataFrame, folder: Path) -> list[str]:
    """Return the words of each segment, in the order of the rows."""
    starts, ends = segments["start"].to_numpy(), segments["end"].to_numpy()
    quotes = [""] * len(segments)
    for source_id, rows in segments.groupby("source_id").indices.items():
        text = (folder / f"{source_id}.txt").read_bytes().decode("utf-8")
        for row in rows:
            quotes[row] = text[starts[row] : ends[row]]
    return quotes


def choose_vocabulary(quotes: list[str], source_ids: list[str], min_sources: int) -> list[str]:
    """Return the terms that occur in at least `min_sources` sources, without stop words, sorted."""
    list_terms = CountVectorizer(token_pattern=WORD, stop_words=sorted(ENGLISH_STOP_WORDS)).build_analyzer()
    pairs = {(source, term) for source, quote in zip(source_ids, quotes, strict=True) for term in list_terms(quote)}
    n_sources = Counter(term for _, term in pairs)
    return sorted(term for term, n in n_sources.items() if n >= min_sources and len(term) > 2)


def embed_counts(counts: csr_matrix, n_dimensions: int, seed: int) -> np.ndarray:
    """Return unit vectors (n_segments, n_dimensions) of term counts (n_segments, n_terms)."""
    weights = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    n_dimensions = min(n_dimensions, min(weights.shape) - 1)
    reduced = TruncatedSVD(n_dimensions, random_state=seed, n_iter=7).fit_transform(weights)
    return normalize(reduced)


def embed_quotes(quotes: list[str], vocabulary: list[str], n_dimensions: int, seed: int) -> np.ndarray:
    """Return the vectors of segments' words; a segment without terms, or in too little text for vectors, has zeros."""
    if len(quotes) < 3 or len(vocabulary) < 3:
        return np.zeros((len(quotes), 1))
    counts = CountVectorizer(token_pattern=WORD, vocabulary=vocabulary).transform(quotes)
    return embed_counts(counts, n_dimensions, seed)
