"""Changed texts of real pages with the truth about every anchor in them: what the anchor benchmark is made of.

Two other extractions of the same page, and five kinds of seeded edits. An anchor survives if its words, apart from
white space, case, punctuation and typography, still stand together.
"""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import trafilatura
from bs4 import BeautifulSoup

from graylit.anchors.fingerprints import Fingerprint, Words, take_fingerprint
from graylit.anchors.places import Place
from graylit.languages.words import list_words
from graylit.preparation.markup import read_blocks
from graylit.preparation.page_markup import write_markup
from text_edits import EDITS, SENTENCE, Piece, split_pieces


@dataclass(frozen=True)
class Anchor:
    """A quote of a page: its place, and what is kept of it."""

    source_id: str
    start: int
    end: int
    mark: Fingerprint


def extract_page(page: bytes, **options: bool) -> str:
    """Return the text of a page with options of the extractor."""
    found = trafilatura.bare_extraction(page, include_comments=False, with_metadata=True, **options)
    return write_markup(found.body, keep_code_blocks=False) if found is not None else ""


def extract_bluntly(page: bytes) -> str:
    """Return all words of a page's main part, menus included if it names no main part: a blunt other extractor."""
    soup = BeautifulSoup(page, "lxml")
    for tag in soup(["script", "style", "noscript", "template"]):
        tag.decompose()
    part = soup.find("main") or soup.find("article") or soup.body or soup
    return re.sub(r"[ \t]+", " ", re.sub(r"\n\s*\n+", "\n", part.get_text("\n")))


def choose_anchors(source_id: str, text: str, n_anchors: int, chance: random.Random) -> list[Anchor]:
    """Return anchors on whole blocks and on single sentences of a text, chosen by the seed."""
    blocks = [(block.start, block.end) for block in read_blocks(text) if block.kind != "heading"]
    sentences = [
        (start + found.start(), start + found.start() + len(found[0].rstrip()))
        for start, end in blocks
        for found in SENTENCE.finditer(text[start:end])
    ]
    words = Words(text)
    spans = sorted({span for span in blocks + sentences if len(list_words(text[span[0] : span[1]])) >= 5})
    chosen = sorted(chance.sample(spans, min(n_anchors, len(spans))))
    return [Anchor(source_id, start, end, take_fingerprint(words, start, end)) for start, end in chosen]


def true_span_by_origin(anchor: Anchor, pieces: list[Piece]) -> list[tuple[int, int]]:
    """Return the places in the edited text of the pieces of an anchor's words."""
    at, spans = 0, []
    for piece in pieces:
        if piece.origin is not None and piece.origin < anchor.end and piece.origin + piece.length > anchor.start:
            is_same = len(piece.words) == piece.length
            lead = max(0, anchor.start - piece.origin) if is_same else 0
            tail = max(0, piece.origin + piece.length - anchor.end) if is_same else 0
            own = piece.words[lead : len(piece.words) - tail]
            is_edge = not is_same and (piece.origin < anchor.start or piece.origin + piece.length > anchor.end)
            if re.search(r"\w", own) and not (is_edge and len(own) < 0.9 * len(piece.words)):
                spans.append((at + lead, at + len(piece.words) - tail))
        at += len(piece.words)
    return spans


def _count_agreeing(first: Iterable[str], second: Iterable[str]) -> int:
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))


def true_spans_by_context(quote: list[str], before: list[str], after: list[str], new: Words) -> list[tuple[int, int]]:
    """Return the places of the quote's words in another extraction; of several, those with the longest context."""
    places = new.find_sequence(quote)
    if not places:
        return []

    def shared(i: int) -> int:
        left = _count_agreeing(reversed(before), reversed(new.words[max(0, i - len(before)) : i]))
        return left + _count_agreeing(after, new.words[i + len(quote) :][: len(after)])

    longest = max(map(shared, places))
    best = [i for i in places if shared(i) == longest]
    return [(int(new.starts[i]), int(new.ends[i + len(quote) - 1])) for i in best]


def is_right(place: Place, spans: list[tuple[int, int]]) -> bool:
    """Return whether a place covers the true spans, or most of them, and not much else."""
    if place.start is None or place.end is None or not spans:
        return False
    shared = _share_of(place.start, place.end, spans)
    return shared >= 0.5 * sum(end - start for start, end in spans) and shared >= 0.5 * (place.end - place.start)


def is_wrong(place: Place, spans: list[tuple[int, int]]) -> bool:
    """Return whether a place misses its own words: less than half of what is left of them, and of itself, is shared."""
    if place.start is None or place.end is None:
        return False
    shared = _share_of(place.start, place.end, spans)
    return shared < 0.5 * max(1, min(place.end - place.start, sum(end - start for start, end in spans)))


def _share_of(first: int, last: int, spans: list[tuple[int, int]]) -> int:
    return sum(max(0, min(last, end) - max(first, start)) for start, end in spans)


def is_own_words(place: Place, quote: list[str], new: Words) -> bool:
    """Return whether at least half of the words of a place are the quote's."""
    if place.start is None or place.end is None:
        return False
    found = Counter(new.words[slice(*new.span_of(place.start, place.end))])
    return (found & Counter(quote)).total() >= 0.5 * max(found.total(), 1)


Truth = tuple[bool, list[tuple[int, int]]]  # whether the words survive, and their places


@dataclass
class Trial:
    """One changed text of one source, with the truth about each anchor in it."""

    condition: str
    text: str
    truths: list[Truth]


def list_alternatives(anchors: list[Anchor], old: Words, new: Words) -> list[Truth]:
    """Return of each anchor whether its words stand in another extraction, and where: each of the places is right."""
    truths = []
    for anchor in anchors:
        first, last = old.span_of(anchor.start, anchor.end)
        before, after = old.words[max(0, first - 40) : first], old.words[last : last + 40]
        spans = true_spans_by_context(old.words[first:last], before, after, new)
        truths.append((bool(spans), spans))
    return truths


def make_trials(page: bytes, text: str, anchors: list[Anchor], seed: str) -> Iterator[Trial]:
    """Yield the changed texts of a page: two other extractions, then each kind of edit."""
    old = Words(text)
    for condition, other in (
        ("precise_extraction", extract_page(page, favor_precision=True)),
        ("blunt_extraction", extract_bluntly(page)),
    ):
        yield Trial(condition, other, list_alternatives(anchors, old, Words(other)))
    yield from edit_text(text, anchors, seed)


def edit_text(text: str, anchors: list[Anchor], seed: str) -> Iterator[Trial]:
    """Yield the texts that each kind of edit makes of a text."""
    old = Words(text)
    for condition, edit in EDITS.items():
        pieces = edit(split_pieces(text), random.Random(f"{seed} {condition}"))
        other = "".join(piece.words for piece in pieces)
        new, truths = Words(other), []
        for anchor in anchors:
            spans = true_span_by_origin(anchor, pieces)
            first, last = old.span_of(anchor.start, anchor.end)
            is_whole = any(
                is_right(Place(int(new.starts[i]), int(new.ends[i + last - first - 1]), "", 1), spans)
                for i in new.find_sequence(old.words[first:last])
            )
            truths.append((is_whole, spans))
        yield Trial(condition, other, truths)
