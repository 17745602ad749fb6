"""Keeping words of sources out of what is recorded: runs that a model copied into its reasons become places."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from graylit.languages.words import find_words

SHORTEST = 5  # words in a row that are taken for copied: chosen; fewer are phrases that anybody uses
LONGEST = 1_500  # signs kept of a reason: chosen, far more than a reason needs


def hide_words(said: str, shown: str) -> str:
    """Return what a model said with every run of words that stands in what it was shown replaced by its place there."""
    grams = _index_grams(shown)
    spans = list(find_words(said))
    words = [said[start:end].casefold() for start, end in spans]
    kept, at = [], 0
    for first, last, place in _list_runs(words, grams, shown):
        kept.append(f"{said[at : spans[first][0]]}[{place[0]}-{place[1]}]")
        at = spans[last - 1][1]
    return ("".join(kept) + said[at:])[:LONGEST]


Grams = tuple[list[tuple[int, int]], list[str], dict[tuple[str, ...], int]]


@lru_cache(maxsize=16)
def _index_grams(shown: str) -> Grams:
    """Return the words of a text with their places, and where each run of the shortest length stands first."""
    spans = list(find_words(shown))
    words = [shown[start:end].casefold() for start, end in spans]
    grams: dict[tuple[str, ...], int] = {}
    for i in range(len(words) - SHORTEST + 1):
        grams.setdefault(tuple(words[i : i + SHORTEST]), i)
    return spans, words, grams


def _list_runs(words: list[str], grams: Grams, shown: str) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Yield (first word, the word after the last, place in the text) of each run that both have."""
    spans, known, places = grams
    i = 0
    while i <= len(words) - SHORTEST:
        at = places.get(tuple(words[i : i + SHORTEST]))
        if at is None:
            i += 1
            continue
        n = SHORTEST
        while i + n < len(words) and at + n < len(known) and words[i + n] == known[at + n]:
            n += 1
        yield i, i + n, (spans[at][0], spans[at + n - 1][1])
        i += n
