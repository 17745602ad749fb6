"""The terms of segments: words that can tell what a segment is about, how often each stands in it.

Nothing heavy is imported here: steps that only count would take a second longer than they need.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from graylit.languages.stop_words import ENGLISH, fold_word, list_stop_words
from graylit.languages.words import HAN, KATAKANA, list_words
from graylit.tables.preparation import VOCABULARY

if TYPE_CHECKING:
    import pandas as pd

TERM = re.compile(r"\b[^\W\d_][\w-]*[^\W_]\b")
MIN_LENGTH = 3  # characters of a term; chosen, not measured
# Likewise if signs are syllables, as in Chinese, Japanese and Korean; chosen, not measured.
MIN_SYLLABLES = 2
_SYLLABIC = re.compile(rf"[{HAN}{KATAKANA}\uac00-\ud7a3]")
# Somebody who knows most words of a short segment can try all orders until a digest fits. With six words unknown (no
# term of the vocabulary), a typical one of 13 words has over 10 ** 17 orders even if the six are among the 50 commonest
# words; a segment with fewer gives neither its digest nor its terms away.
MIN_HIDDEN_WORDS = 6


def count_terms(words: str, language: str = ENGLISH) -> Counter[str]:
    """Return how often each term occurs in words of a language; its stop words and very short words are no terms."""
    stop_words = list_stop_words(language)
    found = list_words(words.lower(), TERM)
    return Counter(term for term in found if _is_long(term) and fold_word(term) not in stop_words)


def _is_long(word: str) -> bool:
    """Return whether a word is long enough for a term, and no number, as words of a dictionary may be."""
    return len(word) >= (MIN_SYLLABLES if _SYLLABIC.match(word) else MIN_LENGTH) and word[0].isalpha()


def write_terms(counts: dict[str, int]) -> str:
    """Return counts of terms as one cell, such as 'model:2 pipeline:1', sorted."""
    return " ".join(f"{term}:{n}" for term, n in sorted(counts.items()))


def read_terms(cell: str) -> dict[str, int]:
    """Return the counts of a cell that `write_terms` wrote."""
    return {term: int(n) for term, _, n in (part.rpartition(":") for part in cell.split())}


def count_sources(term_counts: Iterable[pd.DataFrame], source_of: dict[str, str]) -> Counter[str]:
    """Return in how many sources each term occurs; `term_counts` are tables, a source's segments all in one of them."""
    n_sources: Counter[str] = Counter()
    for table in term_counts:
        sources = table["segment_id"].map(source_of)
        for _, cells in table["terms"].groupby(sources):
            n_sources.update({term for cell in cells for term in read_terms(cell)})
    return n_sources


def choose_vocabulary(n_sources: Counter[str], min_sources: int) -> dict[str, int]:
    """Return the terms that occur in at least `min_sources` sources, sorted, each with their number."""
    return {term: n for term, n in sorted(n_sources.items()) if n >= min_sources}


def read_vocabulary(path: str | Path) -> dict[str, int]:
    """Return the terms of a table of them, each with the number of sources it occurs in."""
    return {row["term"]: int(row["n_sources"]) for row in VOCABULARY.read_each(path)}


def hide_words(
    segments: pd.DataFrame, term_counts: pd.DataFrame, vocabulary: Mapping[str, int]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return segments and term counts with the vocabulary's terms only, and without what would give words away."""
    table = segments.merge(term_counts, on="segment_id", how="left", validate="one_to_one")
    counts = [{term: n for term, n in read_terms(cell).items() if term in vocabulary} for cell in table["terms"]]
    hidden = table["n_words"].to_numpy() - [sum(known.values()) for known in counts]
    is_safe = hidden >= MIN_HIDDEN_WORDS
    terms = [write_terms(known) if safe else "" for known, safe in zip(counts, is_safe, strict=True)]
    digests = table["sha256"].where(is_safe, "")
    return table[segments.columns].assign(sha256=digests), table[["segment_id"]].assign(terms=terms)
