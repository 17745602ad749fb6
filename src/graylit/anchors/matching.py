"""The place of words that are no longer the same: where the sketches of a quote and of its neighbours fit best.

A window as long as the quote finds what was reworded. A span between the words that stood right before the quote and
those that stood right after it finds a passage of which sentences were taken out, or in which other words were put.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from graylit.anchors.fingerprints import Fingerprint, Words
from graylit.anchors.places import Place
from graylit.anchors.sketches import N_VALUES

# Set by `graylit bench anchors`, as those of graylit.anchors.locating.
QUOTE_FLOOR = 11  # of 16 values: what a reworded quote must keep
FRAMED_FLOOR = 10  # likewise, if the words right before and right after it are still there
FRAME_FLOOR = 13  # of 16 values on either side
START_FLOOR = 12  # likewise before it, if those after it are there: its first word says which segment was coded
PARTED_FLOOR = 11  # of 16 values: what a passage between both its neighbours must keep if it has another length
ONE_SIDE_FLOOR = 14  # likewise, if only those on one side are still there
TOTAL_FLOOR = 26  # of 48 values: quote and context together
TOTAL_MARGIN = 8  # how far the best match is ahead of the second
REFINE_WORDS = 12  # how far an edge may move to where its context fits
MIN_PARTED = 16  # words of a passage that may have another length: chosen, not measured
MAX_SHORTER = 3  # it may have become a third as long: chosen, not measured
MAX_LONGER = 2  # or twice as long, so that half of its words are its own
WHOLE_FLOOR = 15  # of 16 values: the quote is there, whatever its neighbours say
MET_FLOOR = 12  # of 16 values on either side: the neighbours have met, so the quote was taken out between them
MAX_EDGES = 64  # best edges that are tried on either side: chosen, not measured

Spans = np.ndarray  # (n, 4), in these columns:
FIRST, LAST, QUOTE, TOTAL = range(4)  # first word, word after the last, values of 16 and of 48 that are equal
NO_SPANS = np.zeros((0, 4), dtype=np.int64)


def match_sketches(words: Words, mark: Fingerprint, before: np.ndarray, after: np.ndarray) -> Place:
    """Return the best match of quote and context, an orphan if it is weak or not clearly ahead."""
    spans = np.concatenate([_list_windows(words, mark, before, after), *_list_parted(words, mark, before, after)])
    met = find_meeting(before, after, MET_FLOOR, min(REFINE_WORDS, mark.n_words // 2))
    if not len(spans):
        note = "a single word has no sketch to look for" if mark.n_words == 1 else "the text is shorter than the quote"
        return Place(None, None, "orphan", 0.0, note)
    longer = np.abs(spans[:, LAST] - spans[:, FIRST] - mark.n_words)
    first, last, quote, total = spans[np.lexsort([longer, -spans[:, TOTAL]])[0]].tolist()
    # If its start and one of its edges are sure, places that share most of the quote are the same one.
    is_sure = before[first] >= START_FLOOR and max(before[first], after[last]) >= FRAME_FLOOR
    width = mark.n_words if is_sure else min(mark.n_words, 2 * REFINE_WORDS)
    others = spans[_are_apart(spans, first, last, width), TOTAL]
    score = total / (3 * N_VALUES)
    if total - others.max(initial=0) < TOTAL_MARGIN:
        return Place(None, None, "orphan", score, "several places match")
    is_parted = last - first != mark.n_words
    first, last = (first, last) if is_parted else _refine(first, last, before, after)
    if not 0.5 <= (last - first) / mark.n_words <= 2 and not is_parted:
        return Place(None, None, "orphan", score, "its neighbours are there, most of its own words are not")
    if quote < WHOLE_FLOOR and before[first] + after[last] <= met:
        return Place(None, None, "orphan", score, "its neighbours are there, and its own words are gone between them")
    is_framed = before[first] >= FRAME_FLOOR and after[last] >= FRAME_FLOOR
    if total < TOTAL_FLOOR or quote < (FRAMED_FLOOR if is_framed else QUOTE_FLOOR):
        return Place(None, None, "orphan", score, "no place matches well enough")
    first, last = _settle_edge(words, first, before), _settle_edge(words, last, after)
    return Place(int(words.starts[first]), int(words.ends[last - 1]), "sketch", score)


def _settle_edge(words: Words, edge: int, context: np.ndarray) -> int:
    """Return the edge at which a line or a sentence begins, of those near by whose context fits as well."""
    if context[edge] < FRAME_FLOOR:
        return edge
    near = np.arange(max(0, edge - REFINE_WORDS), min(len(context), edge + REFINE_WORDS + 1))
    apart = near[context[near] != context[edge]]
    low, high = apart[apart < edge].max(initial=near[0] - 1), apart[apart > edge].min(initial=near[-1] + 1)
    return max(range(low + 1, high), key=lambda i: (_tell_break(words, i), -abs(2 * i - low - high)))


def _tell_break(words: Words, edge: int) -> int:
    """Return 2 if a line begins at a word, 1 if a sentence does, else 0."""
    if edge in (0, len(words)):
        return 2
    between = words.text[words.ends[edge - 1] : words.starts[edge]]
    return 2 if "\n" in between else int(re.search("[.!?。！？]", between) is not None)


def _are_apart(spans: Spans, first: int, last: int, width: int) -> np.ndarray:
    """Return which spans are at another place than the one from `first` to `last`: (n,)."""
    shared = np.minimum(spans[:, LAST], last) - np.maximum(spans[:, FIRST], first)
    length = np.minimum(spans[:, LAST] - spans[:, FIRST], last - first)
    return length - shared > np.maximum(2, np.minimum(length, width) // 2)


def _list_windows(words: Words, mark: Fingerprint, before: np.ndarray, after: np.ndarray) -> Spans:
    """Return the spans as long as the quote."""
    quote = words.match_windows(mark.n_words, mark.quote).astype(np.int64)
    first = np.arange(len(quote))
    last = first + mark.n_words
    return np.column_stack([first, last, quote, quote + before[first] + after[last]]) if len(quote) else NO_SPANS


def _list_parted(words: Words, mark: Fingerprint, before: np.ndarray, after: np.ndarray) -> Iterator[Spans]:
    """Yield the spans of other lengths at an edge of which the neighbours are still there, if most of the quote is."""
    shortest, longest = mark.n_words // MAX_SHORTER, mark.n_words * MAX_LONGER
    if mark.n_words < MIN_PARTED:
        return
    for first in _list_edges(before):
        ends = np.arange(first + shortest, min(first + longest, len(words)) + 1)
        if len(ends):
            quote = words.match_starts(first, ends[0], ends[-1], mark.quote)
            yield _keep_likely(np.full(len(ends), first), ends, quote, before, after)
    for last in _list_edges(after):
        starts = np.arange(max(0, last - longest), last - shortest + 1)
        if len(starts):
            quote = words.match_ends(starts[0], starts[-1], last, mark.quote)
            yield _keep_likely(starts, np.full(len(starts), last), quote, before, after)


def _list_edges(context: np.ndarray) -> list[int]:
    """Return the words at which the neighbours of the quote are still there, the best ones."""
    sure = np.flatnonzero(context >= FRAME_FLOOR)
    return sorted(sure[np.argsort(-context[sure], kind="stable")][:MAX_EDGES].tolist())


def _keep_likely(
    first: np.ndarray, last: np.ndarray, quote: np.ndarray, before: np.ndarray, after: np.ndarray
) -> Spans:
    """Return the spans that keep enough of the quote."""
    is_framed = np.minimum(before[first], after[last]) >= FRAME_FLOOR
    total = quote.astype(np.int64) + before[first] + after[last]
    spans = np.column_stack([first, last, quote, total])
    is_begun = before[first] >= START_FLOOR
    return spans[is_begun & (quote >= np.where(is_framed, PARTED_FLOOR, ONE_SIDE_FLOOR))]


def find_meeting(before: np.ndarray, after: np.ndarray, floor: int, reach: int) -> int:
    """Return what the neighbours of a quote match, of 32 values, where they stand at most `reach` words apart.

    Both match at least `floor` there, of 16 values; 0 if they are nowhere so near.
    """
    met = 0
    for i in np.flatnonzero(before >= floor).tolist():
        nearest = int(after[max(0, i - REFINE_WORDS) : i + reach].max(initial=0))
        met = max(met, int(before[i]) + nearest) if nearest >= floor else met
    return met


def _refine(first: int, last: int, before: np.ndarray, after: np.ndarray) -> tuple[int, int]:
    """Return the span with its edges moved to where the context fits fully, if that is near."""
    starts = range(max(0, first - REFINE_WORDS), min(last, first + REFINE_WORDS) + 1)
    ends = range(max(0, last - REFINE_WORDS), min(len(after) - 1, last + REFINE_WORDS) + 1)
    new_first = max(starts, key=lambda i: (int(before[i]), -abs(i - first)))
    new_last = max(ends, key=lambda i: (int(after[i]), -abs(i - last)))
    first = new_first if before[new_first] >= N_VALUES - 2 else first
    last = new_last if after[new_last] >= N_VALUES - 2 else last
    return first, last
