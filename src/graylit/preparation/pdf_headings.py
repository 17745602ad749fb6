"""Headings of a PDF: short blocks in larger or bolder letters than its text, with the level that they take."""

from __future__ import annotations

import re
from typing import NamedTuple

from graylit.preparation.pdf_blocks import CAPTION, SENTENCE_END, Block, Setting

LARGER = 1.12  # of the size of the text; sections in 11 points over 9.5 or 10 are the smallest difference seen
MAX_LINES = 4
MAX_WORDS = 25  # titles of papers have up to twenty; bold paragraphs have more
MAX_BOLD_WORDS = 14
MIN_LETTERS = 3  # an initial over several lines has one
MAX_LEVEL = 6
_NO_HEADING = re.compile(
    rf"^{CAPTION.pattern}|\.{{4}}|(?:\. ){{4}}| = ", CAPTION.flags
)  # or lines of contents, formulas
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s")


class _Look(NamedTuple):
    """What tells headings of a level from others: their size, and whether they are bold."""

    size: float
    is_bold: bool


def rank_headings(blocks: list[Block], setting: Setting) -> dict[int, int]:
    """Return the level of each block that is a heading, by its number: the largest have level 1."""
    looks = {number: look for number, block in enumerate(blocks) if (look := _read_look(block, setting))}
    order = sorted(set(looks.values()), reverse=True)
    ranks: dict[_Look, int] = {}
    for rank_before, look in zip([None, *order], order, strict=False):
        is_new = rank_before is None or rank_before.size - look.size > 0.5 or rank_before.is_bold != look.is_bold
        ranks[look] = (ranks[rank_before] if rank_before else 0) + is_new
    return {
        number: min(MAX_LEVEL, ranks[look] + _depth(blocks[number], look, setting)) for number, look in looks.items()
    }


def _read_look(block: Block, setting: Setting) -> _Look | None:
    """Return the look of a block that is a heading, None if it is none."""
    words = block.words
    n_words, n_letters = len(words.split()), sum(map(str.isalpha, words))
    if block.kind not in ("paragraph", "item") or len(block.lines) > MAX_LINES or n_words > MAX_WORDS:
        return None
    if n_letters < MIN_LETTERS or 2 * n_letters < len(words.replace(" ", "")) or _NO_HEADING.search(words):
        return None
    is_bold = all(line.is_bold for line in block.lines) and not setting.is_bold
    if block.size >= LARGER * setting.size:
        return _Look(round(2 * block.size) / 2, is_bold)
    is_sentence = SENTENCE_END.search(words) or words.endswith((",", ";")) or n_words > MAX_BOLD_WORDS
    if is_sentence or block.size < 0.95 * setting.size or len(block.lines) > 2:
        return None
    is_capital = words.isupper() and n_letters > MIN_LETTERS
    return _Look(setting.size, is_bold) if is_bold or is_capital else None


def _depth(block: Block, look: _Look, setting: Setting) -> int:
    """Return how far a heading in the letters of the text is below another, by its number."""
    number = _NUMBER.match(block.words)
    return number[1].count(".") if number and look.size <= setting.size else 0
