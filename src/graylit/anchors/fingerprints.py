"""Fingerprints: what an anchor keeps of its words instead of the words, and how it finds them in a changed text.

A fingerprint holds two digests of the quote and three sketches of 32 bits: of the quote, of the 32 words before
it and of the 32 words after it. A sketch is 16 MinHash values over the set of words, two bits each: enough to recognise
words that are still there, too little to restore them, and the same for every order of them. So somebody who knows
which words stand there, as from the frozen corpus, learns nothing of their order.
"""

from __future__ import annotations

import functools
import hashlib
import unicodedata
from dataclasses import dataclass

import numpy as np

from graylit.anchors.sketches import (
    N_VALUES,
    count_equal,
    count_equal_values,
    mix_hashes,
    pack_values,
    slide_minimum,
)
from graylit.languages.words import find_words

# On either side. Sketches of sets of words find anchors with 32 as well as sketches of pairs did with 16, which gave
# away the order of words (measured with benchmarks/bench_anchors.py; docs/decisions/0007-frozen-corpus.md).
CONTEXT_WORDS = 32


@dataclass(frozen=True)
class Fingerprint:
    """What is kept of a quote: digests in hexadecimal, numbers of words and of equal quotes, three sketches."""

    exact_sha256: str
    normal_sha256: str
    n_words: int
    nth_same: int  # which of the places with the same words it was, from 1
    n_same: int  # how many of them the text had
    twin_context: int  # how many of the 32 context values another such place shared with it, at the most
    quote: int
    before: int
    after: int

    def to_cell(self) -> str:
        """Return all but the digests as one cell, such as 23-1/1/0-9f3a12bc-00ab12cd-77e0a1b2."""
        sketches = f"{self.quote:08x}-{self.before:08x}-{self.after:08x}"
        return f"{self.n_words}-{self.nth_same}/{self.n_same}/{self.twin_context}-{sketches}"


def parse_fingerprint(exact_sha256: str, normal_sha256: str, cell: str) -> Fingerprint:
    """Return the fingerprint of two digests and a cell that `Fingerprint.to_cell` wrote."""
    n_words, same, *sketches = cell.split("-")
    numbers = [int(n_words), *map(int, same.split("/")), *(int(sketch, 16) for sketch in sketches)]
    return Fingerprint(exact_sha256, normal_sha256, *numbers)


def digest_exact(words: str) -> str:
    """Return the SHA-256 of words as they are."""
    return hashlib.sha256(words.encode("utf-8")).hexdigest()


def digest_sequence(text: str) -> str:
    """Return the SHA-256 of a text's words in order: the same for other marks, line breaks and white space."""
    words = Words(text)
    return words.normal_digest(0, len(words))


@functools.lru_cache(maxsize=200_000)
def _normalize_word(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()


@functools.lru_cache(maxsize=500_000)
def _hash_word(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


class Words:
    """The words of a text with their places, and what is needed to look for a fingerprint in it."""

    def __init__(self, text: str) -> None:
        spans = list(find_words(text))
        self.text = text
        self.starts = np.array([start for start, _ in spans], dtype=np.int64)
        self.ends = np.array([end for _, end in spans], dtype=np.int64)
        self.words = [_normalize_word(text[start:end]) for start, end in spans]
        self._hashes: np.ndarray | None = None
        self._windows: dict[int, np.ndarray] = {}

    def __len__(self) -> int:
        """Return the number of words."""
        return len(self.words)

    def span_of(self, start: int, end: int) -> tuple[int, int]:
        """Return the words (first, after the last) that lie in the characters `start` to `end`."""
        first = int(np.searchsorted(self.ends, start, side="right"))
        return first, max(first, int(np.searchsorted(self.starts, end, side="left")))

    def sketch(self, first: int, last: int) -> int:
        """Return the sketch of the words `first` to `last` (exclusive) as a number of 32 bits; 0 for fewer than two."""
        first = max(first, 0)
        if last - first < 2:  # the sketch of a single word would be that word to everybody with a dictionary
            return 0
        return pack_values(self._word_hashes()[:, first:last].min(axis=1))

    def normal_digest(self, first: int, last: int) -> str:
        """Return the SHA-256 of the normalized words `first` to `last` (exclusive)."""
        return hashlib.sha256(" ".join(self.words[first:last]).encode("utf-8")).hexdigest()

    @functools.cached_property
    def _places(self) -> dict[str, list[int]]:
        """The places of each word, in order."""
        places: dict[str, list[int]] = {}
        for i, word in enumerate(self.words):
            places.setdefault(word, []).append(i)
        return places

    def list_places(self, word: str) -> list[int]:
        """Return the numbers of the words that are this normalized word, in order."""
        return self._places.get(word, [])

    def find_sequence(self, wanted: list[str]) -> list[int]:
        """Return the first word of each place that has these words in this order."""
        if not wanted:
            return []
        rarest = min(range(len(wanted)), key=lambda k: len(self.list_places(wanted[k])))
        places = (i - rarest for i in self.list_places(wanted[rarest]))
        return [i for i in places if i >= 0 and self.words[i : i + len(wanted)] == wanted]

    def match_windows(self, n_words: int, sketch: int) -> np.ndarray:
        """Return for each first word how many of the 16 values of its window of `n_words` equal the sketch's."""
        return count_equal(self._window_values(n_words), sketch)

    def match_before(self, sketch: int) -> np.ndarray:
        """Return for each word how many values of the words before it equal the sketch's; (n_words + 1,)."""
        if not sketch:  # it was the first word: so it is at the start of a text only
            return self._match_edge([0, 1])
        values = self._window_values(CONTEXT_WORDS)
        counts = np.zeros(len(self) + 1, dtype=np.int8)
        n = min(len(self) + 1 - CONTEXT_WORDS, values.shape[1])
        if n > 0:
            counts[CONTEXT_WORDS : CONTEXT_WORDS + n] = count_equal(values[:, :n], sketch)
        for i in range(2, min(CONTEXT_WORDS, len(self) + 1)):
            counts[i] = count_equal_values(self.sketch(0, i), sketch)
        return counts

    def match_after(self, sketch: int) -> np.ndarray:
        """Return for each word how many values of the words from it on equal the sketch's; (n_words + 1,)."""
        if not sketch:
            return self._match_edge([len(self) - 1, len(self)])
        values = self._window_values(CONTEXT_WORDS)
        counts = np.zeros(len(self) + 1, dtype=np.int8)
        n = max(0, len(self) + 1 - CONTEXT_WORDS)
        counts[:n] = count_equal(values[:, :n], sketch) if n else 0
        for i in range(n, len(self) - 1):
            counts[i] = count_equal_values(self.sketch(i, len(self)), sketch)
        return counts

    def match_starts(self, first: int, nearest: int, farthest: int, sketch: int) -> np.ndarray:
        """Return for each end from `nearest` on how many values of the words `first` to it equal the sketch's."""
        smallest = np.minimum.accumulate(self._word_hashes()[:, first:farthest], axis=1)
        return count_equal(smallest[:, nearest - first - 1 :] & np.uint32(3), sketch)

    def match_ends(self, farthest: int, nearest: int, last: int, sketch: int) -> np.ndarray:
        """Return for each start up to `nearest` how many values of the words from it to `last` equal the sketch's."""
        smallest = np.minimum.accumulate(self._word_hashes()[:, farthest:last][:, ::-1], axis=1)[:, ::-1]
        return count_equal(smallest[:, : nearest - farthest + 1] & np.uint32(3), sketch)

    def _match_edge(self, edge: list[int]) -> np.ndarray:
        """Return all 16 values for the words at an edge of the text, none for the others; (n_words + 1,)."""
        counts = np.zeros(len(self) + 1, dtype=np.int8)
        counts[edge] = N_VALUES
        return counts

    def _word_hashes(self) -> np.ndarray:
        """Return 16 hashes of each word: (16, n_words), 32 bits."""
        if self._hashes is None:
            self._hashes = mix_hashes(np.array([_hash_word(word) for word in self.words], dtype=np.uint64))
        return self._hashes

    def _window_values(self, n_words: int) -> np.ndarray:
        """Return the two-bit values of each window of `n_words`: (16, number of windows)."""
        if n_words not in self._windows:
            hashes = self._word_hashes()
            if n_words < 2 or hashes.shape[1] < n_words:
                values = np.zeros((N_VALUES, 0), dtype=np.uint8)
            else:
                values = (slide_minimum(hashes, n_words) & np.uint32(3)).astype(np.uint8)
            self._windows[n_words] = values
        return self._windows[n_words]


def take_fingerprint(words: Words, start: int, end: int) -> Fingerprint:
    """Return the fingerprint of the characters `start` to `end` of a text."""
    first, last = words.span_of(start, end)
    same = words.find_sequence(words.words[first:last])
    contexts = {i: _sketch_context(words, i, i + last - first) for i in same}
    before, after = contexts.get(first) or _sketch_context(words, first, last)
    twins = [
        count_equal_values(before, b) + count_equal_values(after, a) for i, (b, a) in contexts.items() if i != first
    ]
    return Fingerprint(
        exact_sha256=digest_exact(words.text[start:end]),
        normal_sha256=words.normal_digest(first, last),
        n_words=last - first,
        nth_same=same.index(first) + 1 if same else 0,
        n_same=len(same),
        twin_context=max(twins, default=0),
        quote=words.sketch(first, last),
        before=before,
        after=after,
    )


def _sketch_context(words: Words, first: int, last: int) -> tuple[int, int]:
    return words.sketch(first - CONTEXT_WORDS, first), words.sketch(last, min(last + CONTEXT_WORDS, len(words)))
