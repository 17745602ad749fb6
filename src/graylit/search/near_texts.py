"""Texts of sources that hold mostly the same segments: articles that several sites published.

Segments are compared by what the frozen corpus has of them too: the digest of their words, else their sketch and
length. Translations share no segments.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import combinations

from graylit.screening.same_pages import Pair, make_pair
from graylit.tables.rows import Cells

# Both chosen: with less, two short notices with the same words of a licence would be one text.
MIN_SHARE = 0.8  # of the words of the shorter text
MIN_WORDS = 100  # of the shorter text
MAX_SOURCES = 20  # that hold a segment; one that more hold is a site's or a licence's, and bounds the comparisons


def pair_texts(segments: Iterable[Cells]) -> dict[Pair, float]:
    """Return the pairs of sources whose texts are mostly the same, with the share of words in common segments."""
    n_words: Counter[str] = Counter()
    holders: dict[str, dict[str, int]] = defaultdict(dict)
    for row in segments:
        source_id, n = row["source_id"], int(row["n_words"])
        n_words[source_id] += n
        key = row["sha256"] or f"{row['sketch']} {n}"
        holders[key][source_id] = holders[key].get(source_id, 0) + n
    shared: Counter[Pair] = Counter()
    for of_segment in holders.values():
        if 1 < len(of_segment) <= MAX_SOURCES:
            for one, other in combinations(of_segment, 2):
                shared[make_pair(one, other)] += min(of_segment[one], of_segment[other])
    shorter = {pair: min(n_words[pair.first], n_words[pair.second]) for pair in shared}
    return {
        pair: n / shorter[pair]
        for pair, n in shared.items()
        if shorter[pair] >= MIN_WORDS and n >= MIN_SHARE * shorter[pair]
    }
