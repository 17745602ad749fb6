"""Trials of a path to topics: other seeds, a source left out, rows in another order; and how far two fits agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from graylit.measures.partitions import measure_rand
from topic_paths import PATHS, Segments, Settings, Way

COLUMNS = [
    "n_topics", "outlier_share", "ari_seeds", "ari_placed_seeds", "ari_sources", "ari_orders", "ari_cores",
    "ari_processors", "recur_seeds", "recur_sources", "words_seeds", "words_sources", "npmi", "diversity",
    "nmi_codes", "ami_codes", "kappa_codes", "code_ranking", "n_sources", "cpu_s", "peak_mb",
]  # fmt: skip
UNITS = {"n_topics": "topics", "n_sources": "sources per topic", "cpu_s": "s", "peak_mb": "MB"}

N_SEEDS, N_SOURCES, N_ORDERS = 4, 6, 1  # besides the fit that all are compared with
LEFT_OUT = -2
RECURS_FROM = 0.5  # share of common segments from which on a topic is taken to be found again (Hennig 2007)


def fit_once(way: Way, segments: Segments, settings: Settings, seed: int) -> np.ndarray:
    """Return the topics (n_segments,) of one fit, on one thread if the path is held to that."""
    with threadpool_limits(limits=1 if way.is_controlled else None):
        return way.group(segments, settings, seed)


def run_trials(way: Way, segments: Segments, settings: Settings) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the name of each trial, and the topics of the segments (LEFT_OUT for a segment that was not there)."""
    generator = np.random.default_rng(settings.seed)
    for number in range(1, N_SEEDS + 1):
        yield f"seeds_{number}", fit_once(way, segments, settings, settings.seed + 1000 * number)
    sources = np.unique(segments.sources)
    for source in generator.choice(sources, size=min(N_SOURCES, len(sources)), replace=False):
        rows, rest = segments.leave_out(source, settings.min_sources)
        yield f"sources_{source}", _put_back(fit_once(way, rest, settings, settings.seed), rows, len(segments.sources))
    for number in range(N_ORDERS):
        rows = generator.permutation(len(segments.sources))
        rows = np.sort(rows) if way.is_controlled else rows
        found = fit_once(way, segments.take(rows), settings, settings.seed)
        yield f"orders_{number}", _put_back(found, rows, len(segments.sources))


def _put_back(found: np.ndarray, rows: np.ndarray, n_segments: int) -> np.ndarray:
    topics = np.full(n_segments, LEFT_OUT)
    topics[rows] = found
    return topics


def list_top_words(topics: np.ndarray, segments: Segments, n_words: int) -> list[list[str]]:
    """Return the top words of topic 0, 1, … by BERTopic's class-based TF-IDF."""
    from bertopic.vectorizers import ClassTfidfTransformer  # seconds to import, and most trials do without

    rows = np.flatnonzero(topics >= 0)
    sums = csr_matrix((np.ones(len(rows)), (topics[rows], rows)), shape=(topics.max() + 1, len(topics)))
    weights = ClassTfidfTransformer().fit_transform(csr_matrix(sums @ segments.counts)).toarray()
    return [list(segments.terms[np.argsort(-row, kind="stable")[:n_words]]) for row in weights]


def compare_fits(
    first: np.ndarray, second: np.ndarray, words: tuple[list[list[str]], list[list[str]]]
) -> dict[str, float]:
    """Measure how far two fits agree on the segments that both had.

    `ari`, the adjusted Rand index, takes outliers for a group; `ari_placed` leaves out segments that either has as
    outliers. `recur`: share of the topics of the first that one of the second matches. `words`: share of their top
    words that the topics of the second hold, matched one to one by common segments.
    """
    both = (first != LEFT_OUT) & (second != LEFT_OUT)
    placed = (first >= 0) & (second >= 0)
    common = _share_segments(first[both], second[both])
    pairs = zip(*linear_sum_assignment(-common), strict=True)
    shares = [len(set(words[0][i]) & set(words[1][j])) / len(words[0][i]) for i, j in pairs]
    return {
        "ari": measure_rand(first[both].tolist(), second[both].tolist()),
        "ari_placed": measure_rand(first[placed].tolist(), second[placed].tolist()),
        "recur": float((common.max(axis=1) >= RECURS_FROM).mean()),
        "words": sum(shares) / len(words[0]),
    }


def _share_segments(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the segments that two topics have in common as a share of those that either has (Jaccard index)."""
    table = pd.crosstab(first, second)
    sizes, others = table.sum(axis=1).to_numpy()[:, None], table.sum(axis=0).to_numpy()
    shares = (table / (sizes + others - table)).to_numpy()
    return shares[np.ix_(table.index.to_numpy() >= 0, table.columns.to_numpy() >= 0)]


def measure_pairs(topics: np.ndarray, codes: np.ndarray, sources: np.ndarray) -> float:
    """Return Cohen's kappa of 'same topic' and 'same code' over pairs of segments from different sources.

    Segments of one source share topics and codes because they share a subject, an author and a vocabulary; over all
    pairs this number would be the adjusted Rand index (Warrens 2008, doi:10.1007/s00357-008-9023-7).
    """
    first, second = np.triu_indices(len(topics), 1)
    apart = sources[first] != sources[second]
    first, second = first[apart], second[apart]
    is_topic, is_code = (topics[first] == topics[second]) & (topics[first] >= 0), codes[first] == codes[second]
    agreed = (is_topic == is_code).mean()
    chance = is_topic.mean() * is_code.mean() + (1 - is_topic.mean()) * (1 - is_code.mean())
    return float((agreed - chance) / (1 - chance))


def write_segments(segments: Segments, path: Path) -> None:
    """Write segments for the processes that fit them."""
    counts = {"values": segments.counts.data, "columns": segments.counts.indices, "starts": segments.counts.indptr}
    np.savez(path, terms=segments.terms, sources=segments.sources, embedded=segments.embedded, **counts)


def read_segments(path: Path) -> Segments:
    """Return segments that were written."""
    with np.load(path, allow_pickle=False) as saved:
        shape = len(saved["sources"]), len(saved["terms"])
        counts = csr_matrix((saved["values"], saved["columns"], saved["starts"]), shape=shape)
        return Segments(counts, saved["terms"], saved["sources"], saved["embedded"])


def write_panel(measured: Mapping[str, Mapping[str, float]]) -> str:
    """Return the figures as a table in Markdown, a path per row."""
    lines = [["path", "what it does", *(name.replace("_", " ") for name in COLUMNS)], ["---"] * (2 + len(COLUMNS))]
    for path, measures in measured.items():
        decimals = {name: 0 if name in UNITS else 2 for name in COLUMNS}
        shown = [f"{measures[name]:.{n}f}" if name in measures else "" for name, n in decimals.items()]
        lines.append([path, PATHS[path].meaning, *shown])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
