"""Anchors between extractors, and on long passages that are parted: two more trials of the anchor benchmark.

Between two extractors, a quote survives if its words stand together in the other text; of several such places, those
with the longest equal context are right, each of them. A passage of several blocks survives a parting if two thirds of
its words are left.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping

from resiliparse.extract.html2text import extract_plain_text

from anchor_trials import (
    Anchor,
    Trial,
    choose_anchors,
    extract_bluntly,
    extract_page,
    list_alternatives,
    true_span_by_origin,
)
from graylit.anchors.fingerprints import Words, take_fingerprint
from graylit.captures.characters import decode_body
from graylit.captures.page_trees import read_tree
from graylit.preparation.markup import read_blocks
from graylit.preparation.page_markup import write_markup
from graylit.preparation.page_texts import read_page
from text_edits import PARTINGS, split_pieces

N_QUOTES = 2000  # of each pair
N_PASSAGES = 20  # of each text
MAX_BLOCKS = 12
KEPT_SHARE = 2 / 3  # of the words of a passage that survives
CAPTURED_AT = "2026-06-01T00:00:00Z"  # after the pages of the corpus were fetched


def extract_ours(page: bytes, keep_code_blocks: bool) -> str:
    """Return the text of a page as Graylit extracts it."""
    tree = read_tree(decode_body(page, {"content-type": "text/html"}, "html") or "")
    found = read_page(tree, "", CAPTURED_AT) if tree is not None else None
    return write_markup(found.body, keep_code_blocks) if found is not None and found.body is not None else ""


def extract_main(page: bytes) -> str:
    """Return what resiliparse takes for the main content of a page."""
    text = decode_body(page, {"content-type": "text/html"}, "html") or ""
    return extract_plain_text(text, main_content=True, alt_texts=False)


EXTRACTORS: dict[str, Callable[[bytes], str]] = {
    "trafilatura": extract_page,
    "trafilatura_recall": lambda page: extract_page(page, favor_recall=True),
    "trafilatura_precision": lambda page: extract_page(page, favor_precision=True),
    "trafilatura_fast": lambda page: extract_page(page, fast=True),
    "resiliparse": extract_main,
    "main_part": extract_bluntly,
    "graylit": lambda page: extract_ours(page, keep_code_blocks=False),
    "graylit_with_code": lambda page: extract_ours(page, keep_code_blocks=True),
}
PAIRS = (
    ("trafilatura_recall", "trafilatura_precision"),
    ("trafilatura_recall", "trafilatura"),
    ("trafilatura_recall", "main_part"),
    ("trafilatura", "main_part"),
    ("trafilatura", "trafilatura_fast"),
    ("trafilatura", "resiliparse"),
    ("trafilatura_precision", "main_part"),
    ("main_part", "trafilatura_recall"),
    ("main_part", "trafilatura"),
    ("main_part", "trafilatura_precision"),
    ("resiliparse", "trafilatura"),
    ("resiliparse", "graylit"),
    ("graylit", "resiliparse"),
    ("graylit", "main_part"),
    ("main_part", "graylit"),
    ("trafilatura_recall", "graylit"),
    ("graylit", "graylit_with_code"),
    ("graylit_with_code", "graylit"),
)


def make_pair_trials(pages: Mapping[str, bytes], seed: int) -> Iterator[tuple[Trial, str, list[Anchor]]]:
    """Yield for each pair of extractors and page the other text, the text that was coded, and the quotes in it."""
    n_quotes = -(-N_QUOTES // max(1, len(pages)))
    for source_id, page in pages.items():
        texts = {name: extract(page) for name, extract in EXTRACTORS.items()}
        words = {name: Words(text) for name, text in texts.items()}
        for coded, other in PAIRS:
            if texts[coded] and texts[other]:
                chance = random.Random(f"{seed} {coded} {other} {source_id}")
                anchors = choose_anchors(source_id, texts[coded], n_quotes, chance)
                truths = list_alternatives(anchors, words[coded], words[other])
                yield Trial(f"{coded} to {other}", texts[other], truths), texts[coded], anchors


def choose_passages(source_id: str, text: str, chance: random.Random) -> list[Anchor]:
    """Return anchors on passages of two to twelve blocks of a text, chosen by the seed."""
    blocks = read_blocks(text)
    if len(blocks) < 2:
        return []
    firsts = [chance.randrange(len(blocks) - 1) for _ in range(N_PASSAGES)]
    lasts = [min(len(blocks) - 1, first + chance.randint(1, MAX_BLOCKS - 1)) for first in firsts]
    spans = sorted({(blocks[first].start, blocks[last].end) for first, last in zip(firsts, lasts, strict=True)})
    words = Words(text)
    return [Anchor(source_id, start, end, take_fingerprint(words, start, end)) for start, end in spans]


def make_passage_trials(texts: Mapping[str, str], seed: int) -> Iterator[tuple[Trial, str, list[Anchor]]]:
    """Yield for each text and parting the text that it makes, the text that was coded, and the passages in it."""
    for source_id, text in texts.items():
        anchors = choose_passages(source_id, text, random.Random(f"{seed} passages {source_id}"))
        for condition, part in PARTINGS.items():
            pieces = part(split_pieces(text), random.Random(f"{seed} {source_id} {condition}"))
            truths = []
            for anchor in anchors:
                spans = true_span_by_origin(anchor, pieces)
                kept = sum(end - start for start, end in spans)
                truths.append((kept >= KEPT_SHARE * (anchor.end - anchor.start), spans))
            yield Trial(condition, "".join(piece.words for piece in pieces), truths), text, anchors
