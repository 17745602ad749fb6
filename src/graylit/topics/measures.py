"""Measures of topics: how well their words fit together, and how far they agree with the codes that people gave."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


def measure_npmi(words: Sequence[str], occurs: csr_matrix, column_of: dict[str, int]) -> float:
    """Return the mean normalized pointwise mutual information of pairs of words over segments, -1 to 1.

    References
    ----------
    Bouma 2009, Normalized (pointwise) mutual information in collocation extraction.
    """
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


def choose_single(coded: pd.DataFrame) -> pd.DataFrame:
    """Return the segments in a topic (no outliers) that have exactly one code.

    `coded` has one row per segment and code that somebody gave it: segment_id, topic_id, code_id.
    """
    n_codes = coded.groupby("segment_id")["code_id"].transform("size")
    return coded[(n_codes == 1) & (coded["topic_id"] >= 0)]


def measure_information(single: pd.DataFrame) -> float:
    """Return the normalized mutual information (by the mean of the entropies) of topics and codes, 0 to 1.

    It is not a number if topics or codes do not vary.
    """
    from scipy.special import entr, rel_entr  # slow to import, and gathering topics does without

    counts = pd.crosstab(single["topic_id"], single["code_id"]).to_numpy()
    if min(counts.shape) < 2:
        return math.nan
    joint = counts / counts.sum()
    of_topics, of_codes = joint.sum(axis=1), joint.sum(axis=0)
    shared = rel_entr(joint, np.outer(of_topics, of_codes)).sum()
    return float(np.clip(2 * shared / (entr(of_topics).sum() + entr(of_codes).sum()), 0, 1))
