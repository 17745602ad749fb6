"""Scores of extracted texts against reference texts, as the benchmarks that publish them compute them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import numpy as np

from graylit.preparation.matching import RUN_OF_WORDS, cut_words

N_DRAWS = 2000  # of pages, for an interval


def score_words(text: str, reference: str) -> float:
    """Return the F1 of two texts' words, in any order, repeats counted: that of WCXB (Foley 2026)."""
    found, wanted = Counter(cut_words(text)), Counter(cut_words(reference))
    if not wanted or not found:
        return float(not wanted and not found)
    return 2 * (found & wanted).total() / (found.total() + wanted.total())


def count_runs(words: list[str]) -> Counter[tuple[str, ...]]:
    """Return a text's runs of four words with their counts."""
    return Counter(tuple(words[i : i + RUN_OF_WORDS]) for i in range(max(1, len(words) - RUN_OF_WORDS + 1)))


def score_runs(text: str, reference: str) -> float:
    """Return the F1 of two texts' runs of four words, 0 to 1."""
    found, wanted = count_runs(cut_words(text)), count_runs(cut_words(reference))
    return 2 * (found & wanted).total() / (found.total() + wanted.total())


def count_shared(texts: list[str], references: list[str]) -> np.ndarray:
    """Return for each page how many runs of words its text has, its reference has, and both have: (n_pages, 3)."""
    rows = []
    for text, reference in zip(texts, references, strict=True):
        # As in the script of the Article Extraction Benchmark, case counts, and an empty text has no run at all.
        found, wanted = (count_runs(re.findall(r"\w+", words)) for words in (text, reference))
        found.pop((), None)
        wanted.pop((), None)
        rows.append((found.total(), wanted.total(), (found & wanted).total()))
    return np.array(rows)


def score_counts(counts: np.ndarray) -> float:
    """Return the F1 of the Article Extraction Benchmark (Scrapinghub 2019): of mean precision and mean recall."""
    found, wanted, shared = counts.T
    precision, recall = ((shared[total > 0] / total[total > 0]).mean() for total in (found, wanted))
    return float(2 * precision * recall / (precision + recall))


def draw_interval(
    pages: np.ndarray, score: Callable[[np.ndarray], float] = lambda scores: float(scores.mean()), seed: int = 0
) -> tuple[float, float]:
    """Return the interval that holds 95 % of the scores of pages drawn with replacement."""
    draws = np.random.default_rng(seed).integers(len(pages), size=(N_DRAWS, len(pages)))
    low, high = np.quantile([score(pages[draw]) for draw in draws], (0.025, 0.975))
    return float(low), float(high)
