"""Finding the place of an anchor in a text that may have changed: no place is guessed, no anchor dropped.

The ladder: the same place → the same words elsewhere → the same words with other white space, punctuation, case or
typography → the best match of the sketches, above a floor and clearly ahead of the second → orphan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from graylit.anchors.fingerprints import Fingerprint, Words, digest_exact, parse_fingerprint
from graylit.anchors.matching import FRAME_FLOOR, MAX_LONGER, find_meeting, match_sketches
from graylit.anchors.places import Place
from graylit.anchors.sketches import N_VALUES
from graylit.tables.rows import Cells

# Set by `graylit bench anchors`, whose goals are: at least 99.5 % of the anchors whose words are still there are found,
# and at most 0.05 % get a wrong place. A change needs its figures.
CONTEXT_FLOOR = 11  # of 32 values: the context that decides among places with the same words
CONTEXT_MARGIN = 6  # how far the best context is ahead of the second
ORDER_FLOOR = 8  # of 32 values: the context that an equal place in the same order needs
TELLING_WORDS = 5  # words of a quote that is one of several and still found by its words alone: chosen, not measured
SURE_FLOOR = (
    16  # of 32 values: the context at which only neighbours that fit much better elsewhere tell against a place
)
LEFT_FLOOR = 14  # of 16 values: neighbours that stand elsewhere without the quote say that it was taken out
LEFT_MARGIN = 6  # how many more than beside the place that is left
MAX_EDGE = 12  # characters of punctuation tried before a quote's first word: chosen, not measured
REFINE_WORDS = 12  # how far an edge may move to where its context fits


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


def find_anchor(row: Cells, anchors: Mapping[str, Cells]) -> Cells | None:
    """Return where the frozen corpus had a coding; None if it was given or changed since."""
    anchor = anchors.get(row["coding_id"])
    is_same = anchor is not None and anchor["exact_sha256"] == row["exact_sha256"]
    return anchor if anchor and is_same and (row["start"] or not anchor["start"]) else None


def recall_places(codings: Iterable[Cells], anchors: Mapping[str, Cells]) -> dict[str, Place]:
    """Return the place of each coding of one source in the frozen corpus, as it was found when the text was at hand."""
    places = {}
    for row in codings:
        if anchor := find_anchor(row, anchors):
            start, end = (int(anchor[name]) if anchor[name] else None for name in ("start", "end"))
            places[row["coding_id"]] = Place(start, end, anchor["method"], float(anchor["score"] or 0), anchor["note"])
        elif row["start"]:
            note = "coded after the corpus was frozen; its words can be checked once the page is captured"
            places[row["coding_id"]] = Place(int(row["start"]), int(row["end"]), "unchecked", 0.0, note)
        else:
            places |= place_codings([row], None)
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
    return match_sketches(words, mark, before, after)


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
    chosen = _choose_by_context(context, mark)
    if chosen is None:
        chosen = _choose_without_context(context, mark)
        is_less = len(same) < mark.n_same
        if chosen is not None and _are_neighbours_elsewhere(same[chosen], mark.n_words, before, after, is_less):
            chosen = None
    if chosen is None:
        note = f"{len(same)} places hold these words, {mark.n_same} did when it was coded"
        return Place(None, None, "orphan", float(context.max()) / (2 * N_VALUES), note)
    first = same[chosen]
    start, end, is_exact = _find_edges(words, first, first + mark.n_words, length, mark.exact_sha256)
    return Place(start, end, "same_words" if is_exact else "normalized", 1.0)


def _choose_by_context(context: np.ndarray, mark: Fingerprint) -> int | None:
    """Return the place whose context is clearly that of the quote; the only one, if it always was."""
    best = int(context.argmax())
    second = int(np.partition(context, -2)[-2]) if len(context) > 1 else 0
    # Twins with the same words around them share all values: the last that is left with all of them is the place.
    floor = min(max(CONTEXT_FLOOR, mark.twin_context + CONTEXT_MARGIN), 2 * N_VALUES)
    is_only = len(context) == 1 and mark.n_same == 1
    return best if is_only or context[best] >= floor and context[best] - second >= CONTEXT_MARGIN else None


def _choose_without_context(context: np.ndarray, mark: Fingerprint) -> int | None:
    """Return the place by its order if no place came or went, the only one that is left otherwise."""
    if len(context) == mark.n_same:
        nth = mark.nth_same - 1
        return nth if context[nth] >= max(ORDER_FLOOR, context.max() - CONTEXT_MARGIN + 1) else None
    return 0 if len(context) == 1 and mark.n_words >= TELLING_WORDS else None


def _are_neighbours_elsewhere(first: int, n_words: int, before: np.ndarray, after: np.ndarray, is_less: bool) -> bool:
    """Return whether the words before and after the quote stand elsewhere: then it was taken out of them."""
    met = find_meeting(before, after, FRAME_FLOOR, MAX_LONGER * n_words)
    here = int(before[first]) + int(after[first + n_words])
    if here >= SURE_FLOOR and not is_less:  # no place went, so the order counts for much
        return met - here >= CONTEXT_MARGIN
    sides = ((before, before[first]), (after, after[first + n_words]))
    return met > here or any(side.max() >= LEFT_FLOOR and side.max() - at >= LEFT_MARGIN for side, at in sides)


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
