"""Measures of topics: how well their words fit together, and how far they agree with the codes that people gave."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Coded = tuple[str, int, str]  # segment, its topic, a code that somebody gave it


def measure_npmi(words: Sequence[str], occurs: csr_matrix, column_of: dict[str, int]) -> float:
    """Return the mean normalized pointwise mutual information of pairs of words over segments, -1 to 1.

    References
    ----------
    Bouma 2009, Normalized (pointwise) mutual information in collocation extraction.
    """
    import numpy as np

    n_segments = occurs.shape[0]
    of_words = occurs[:, [column_of[word] for word in words]]
    together = (of_words.T @ of_words).toarray() / n_segments
    scores = []
    for i, j in itertools.combinations(range(len(words)), 2):
        joint, apart = together[i, j], together[i, i] * together[j, j]
        scores.append(-1.0 if joint == 0 else 1.0 if joint == 1 else np.log(joint / apart) / -np.log(joint))
    return float(np.mean(scores)) if scores else 0.0


def measure_diversity(words: Sequence[Sequence[str]]) -> float:
    """Return the share of top words that stand for one topic only (Dieng et al. 2020)."""
    every = [word for topic_words in words for word in topic_words]
    return len(set(every)) / len(every) if every else 0.0


def choose_single(coded: Iterable[Coded]) -> list[tuple[int, str]]:
    """Return topic and code of each segment of a topic (no outlier) to which exactly one code was given.

    `coded` has one row per segment and code that somebody gave it: segment_id, topic_id, code_id.
    """
    rows = list(coded)
    n_codes = Counter(segment_id for segment_id, _, _ in rows)
    return [(topic_id, code_id) for segment_id, topic_id, code_id in rows if n_codes[segment_id] == 1 and topic_id >= 0]


def measure_information(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Return the normalized mutual information (by the mean of the entropies) of the two parts of pairs, 0 to 1.

    Not a number if either does not vary.
    """
    joint, first, second = Counter(pairs), Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    if min(len(first), len(second)) < 2:
        return math.nan
    n = len(pairs)
    shared = math.fsum(k / n * math.log(n * k / (first[a] * second[b])) for (a, b), k in joint.items())
    entropies = [-math.fsum(k / n * math.log(k / n) for k in counts.values()) for counts in (first, second)]
    return min(max(2 * shared / sum(entropies), 0.0), 1.0)
