"""Finding the place of an anchor in a text that may have changed: no place is guessed, no anchor dropped.

The ladder: the same place → the same words elsewhere → the same words with other white space, punctuation, case or
typography → the best match of the sketches, above a floor and clearly ahead of the second → orphan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graylit.anchors.fingerprints import N_VALUES, Fingerprint, Words, digest_exact, parse_fingerprint
from graylit.tables.rows import Cells

# Set by `graylit bench anchors`, whose goals are: at least 99.5 % of the anchors whose words are still there are found,
# and at most 0.05 % get a wrong place. A change needs its figures.
CONTEXT_FLOOR = 11  # of 32 values: the context that decides among places with the same words
CONTEXT_MARGIN = 6  # how far the best context is ahead of the second
ORDER_FLOOR = 16  # of 32 values: the context that an equal place in the same order needs
QUOTE_FLOOR = 11  # of 16 values: what a reworded quote must keep
FRAMED_FLOOR = 7  # likewise, if the words right before and right after it are still there
FRAME_FLOOR = 13  # of 16 values on either side
TOTAL_FLOOR = 26  # of 48 values: quote and context together
TOTAL_MARGIN = 8  # how far the best match is ahead of the second
MAX_EDGE = 12  # characters of punctuation tried before a quote's first word: chosen, not measured
REFINE_WORDS = 12  # how far an edge may move to where its context fits


@dataclass(frozen=True)
class Place:
    """Where an anchor is now: `start` and `end` (None for an orphan), how it was found, score 0 to 1, and why not."""

    start: int | None
    end: int | None
    method: str
    score: float
    note: str = ""

    @property
    def span(self) -> tuple[int, int] | None:
        """Return start and end, or None if there is no place."""
        return None if self.start is None or self.end is None else (self.start, self.end)


def place_codings(codings: Iterable[Cells], text: str | None) -> dict[str, Place]:
    """Return the place of each coding of one source in its text (None if it has none), by coding_id."""
    words: Words | None = None
    places = {}
    for row in codings:
        if not row["start"]:
            is_whole = not (row["exact"] or row["segment_id"])
            method, score = ("whole_source", 1.0) if is_whole else ("no_text", 0.0)
            places[row["coding_id"]] = Place(None, None, method, score)
            continue
        start, end = int(row["start"]), int(row["end"])
        if text is None:
            place = Place(start, end, "no_text", 0.0)
        elif not row["exact_sha256"] and end > len(text):
            place = Place(None, None, "orphan", 0.0, f"lies beyond the text, which has {len(text)} characters")
        elif not row["exact_sha256"]:
            place = Place(start, end, "unchecked", 0.0)
        elif holds_words(text, start, end, row["exact_sha256"]):
            place = Place(start, end, "same_place", 1.0)
        elif not row["fingerprint"]:
            place = Place(
                None, None, "orphan", 0.0, "other words stand there, and without fingerprint none can be found"
            )
        else:
            words = words or Words(text)
            mark = parse_fingerprint(row["exact_sha256"], row["normal_sha256"], row["fingerprint"])
            place = resolve_anchor(words, start, end, mark)
        places[row["coding_id"]] = place
    return places


def resolve_anchor(words: Words, start: int, end: int, mark: Fingerprint) -> Place:
    """Return the place of an anchor in a text, from its earlier place and its fingerprint."""
    if holds_words(words.text, start, end, mark.exact_sha256):
        return Place(start, end, "same_place", 1.0)
    if mark.n_words == 0 or len(words) == 0:
        return Place(None, None, "orphan", 0.0, "the text holds no words to look for")
    before, after = words.match_before(mark.before), words.match_after(mark.after)
    same = _find_same(words, mark)
    if same:
        return _choose_same(words, same, end - start, mark, before, after)
    return _match_sketches(words, mark, before, after)


def holds_words(text: str, start: int, end: int, exact_sha256: str) -> bool:
    """Return whether the characters `start` to `end` of a text are the words of a digest."""
    return end <= len(text) and digest_exact(text[start:end]) == exact_sha256


def _find_same(words: Words, mark: Fingerprint) -> list[int]:
    """Return the first word of each place with the quote's normalized words."""
    n = mark.n_words
    if n > len(words):
        return []
    alike = np.arange(len(words)) if n == 1 else np.flatnonzero(words.match_windows(n, mark.quote) == N_VALUES)
    return [i for i in alike.tolist() if words.normal_digest(i, i + n) == mark.normal_sha256]


def _choose_same(
    words: Words, same: list[int], length: int, mark: Fingerprint, before: np.ndarray, after: np.ndarray
) -> Place:
    """Return the place among those with the same words: by context, else by order if no place came or went."""
    context = np.array([int(before[i]) + int(after[i + mark.n_words]) for i in same])
    best = int(context.argmax())
    second = int(np.partition(context, -2)[-2]) if len(same) > 1 else 0
    # Twins with the same words around them share all values: the last that is left with all of them is the place.
    floor = min(max(CONTEXT_FLOOR, mark.twin_context + CONTEXT_MARGIN), 2 * N_VALUES)
    if len(same) == 1 and mark.n_same == 1 or context[best] >= floor and context[best] - second >= CONTEXT_MARGIN:
        chosen = best
    elif len(same) == mark.n_same and context[mark.nth_same - 1] >= max(
        ORDER_FLOOR, context[best] - CONTEXT_MARGIN + 1
    ):
        chosen = mark.nth_same - 1  # none came or went, and the context agrees with the order
    else:
        note = f"{len(same)} places hold these words, {mark.n_same} did when it was coded"
        return Place(None, None, "orphan", float(context[best]) / (2 * N_VALUES), note)
    first = same[chosen]
    start, end, is_exact = _find_edges(words, first, first + mark.n_words, length, mark.exact_sha256)
    return Place(start, end, "same_words" if is_exact else "normalized", 1.0)


def _find_edges(words: Words, first: int, last: int, length: int, exact_sha256: str) -> tuple[int, int, bool]:
    """Return the characters of a span of words; with the quote's own edges if its exact words are there."""
    word_start, word_end = int(words.starts[first]), int(words.ends[last - 1])
    floor = int(words.ends[first - 1]) if first else 0
    before = range(word_start, max(floor, word_start - MAX_EDGE) - 1, -1)
    inside = range(word_start + 1, int(words.ends[first]))  # a quote may start or end inside a word
    for start in (*before, *inside):
        end = start + length
        if int(words.starts[last - 1]) < end and holds_words(words.text, start, end, exact_sha256):
            return start, end, True
    return word_start, word_end, False


def _match_sketches(words: Words, mark: Fingerprint, before: np.ndarray, after: np.ndarray) -> Place:
    """Return the best match of quote and context, an orphan if it is weak or not clearly ahead."""
    quote = words.match_windows(mark.n_words, mark.quote)
    n = len(quote)
    if n == 0:
        note = "a single word has no sketch to look for" if mark.n_words == 1 else "the text is shorter than the quote"
        return Place(None, None, "orphan", 0.0, note)
    total = quote.astype(np.int16) + before[:n] + after[mark.n_words : mark.n_words + n]
    best = int(total.argmax())
    # If the words on both sides are there, so are the edges, and places that share most of the quote are the same one.
    is_sure = before[best] >= N_VALUES - 2 and after[best + mark.n_words] >= N_VALUES - 2
    width = mark.n_words if is_sure else min(mark.n_words, 2 * REFINE_WORDS)
    apart = np.abs(np.arange(n) - best) > max(2, width // 2)
    second = int(total[apart].max()) if apart.any() else 0
    score = float(total[best]) / (3 * N_VALUES)
    if total[best] - second < TOTAL_MARGIN:
        return Place(None, None, "orphan", score, "several places match")
    first, last = _refine(best, best + mark.n_words, before, after)
    if not 0.5 <= (last - first) / mark.n_words <= 2:
        return Place(None, None, "orphan", score, "its neighbours are there, most of its own words are not")
    is_framed = before[first] >= FRAME_FLOOR and after[last] >= FRAME_FLOOR
    if total[best] < TOTAL_FLOOR or quote[best] < (FRAMED_FLOOR if is_framed else QUOTE_FLOOR):
        return Place(None, None, "orphan", score, "no place matches well enough")
    return Place(int(words.starts[first]), int(words.ends[last - 1]), "sketch", score)


def _refine(first: int, last: int, before: np.ndarray, after: np.ndarray) -> tuple[int, int]:
    """Return the span with its edges moved to where the context fits fully, if that is near."""
    starts = range(max(0, first - REFINE_WORDS), min(last, first + REFINE_WORDS) + 1)
    ends = range(max(0, last - REFINE_WORDS), min(len(after) - 1, last + REFINE_WORDS) + 1)
    new_first = max(starts, key=lambda i: (int(before[i]), -abs(i - first)))
    new_last = max(ends, key=lambda i: (int(after[i]), -abs(i - last)))
    first = new_first if before[new_first] >= N_VALUES - 2 else first
    last = new_last if after[new_last] >= N_VALUES - 2 else last
    return first, last
