"""Paragraphs of a PDF that go on behind the end of a column or page, behind a note or a figure; lines joined."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from graylit.languages.words import close_lines
from graylit.preparation.pdf_blocks import CAPTION, SAME_SIZE, SENTENCE_END, Block, ends_early, is_marked

MIN_WORDS = 8  # of one line that counts as running text, so that what follows may go on with it; chosen, not measured
MAX_PAGES = 2  # over which a paragraph may go on: a page of figures may lie between
_BROKEN = re.compile(r"\b(\w+)-\n(?=(\w+))")
_DASH_END = re.compile(r"(?<=\S[–—/])\n")


def join_across(blocks: list[Block], headings: set[int], is_indenting: bool) -> list[Block | None]:
    """Return the blocks, each with what goes on with it behind the end of its column; None for those that went on.

    Notes, captions and tables lie between, set in other letters; so a paragraph goes on with the last one of its
    size. `headings` are the numbers of blocks that are headings, after which none does.
    """
    joined: list[Block | None] = list(blocks)
    last: dict[tuple[int, int], int] = {}  # by turn and size in half points: the last block of running text
    for number, block in enumerate(blocks):
        if number in headings:
            last = {}
            continue
        if block.kind not in ("paragraph", "item") or CAPTION.match(block.words):
            continue
        turn, key = block.lines[0].main.style.turn, round(2 * block.size)
        before = next((last[turn, near] for near in (key, key - 1, key + 1) if (turn, near) in last), None)
        earlier = joined[before] if before is not None else None
        if before is not None and earlier is not None and _goes_on(earlier, block, is_indenting):
            joined[before] = replace(earlier, lines=earlier.lines + block.lines, column=block.column, right=block.right)
            joined[number] = None
        elif _is_running(block):
            last[turn, key] = number
    return joined


def _is_running(block: Block) -> bool:
    return len(block.lines) > 1 or len(block.words.split()) >= MIN_WORDS


def _goes_on(block: Block, after: Block, is_indenting: bool) -> bool:
    """Return whether a block goes on with another that follows it."""
    last, first = block.lines[-1], after.lines[0]
    size = max(block.size, after.size)
    is_near = first.page - last.page <= MAX_PAGES and abs(block.size - after.size) <= SAME_SIZE * size
    if not is_near or is_marked(first.words) or last.is_bold != first.is_bold:
        return False
    is_short = ends_early(last, first, block.right)
    if not SENTENCE_END.search(last.words):
        is_lower = first.words[:1].islower()
        return is_lower or (after.column != block.column and not is_short and first.words[:1].isalnum())
    return after.column != block.column and is_indenting and not is_short and not after.is_indented


def is_indenting(blocks: list[Block]) -> bool:
    """Return whether paragraphs mostly begin with an indented line, so that one that does not is none."""
    longer = [block for block in blocks if block.kind == "paragraph" and len(block.lines) > 1]
    return 2 * sum(block.is_indented for block in longer) > len(longer)


def join_lines(lines: str, known: Counter[str]) -> str:
    """Return lines as one, words broken at their ends joined; `known` is how often a word stands inside a line."""
    whole = _BROKEN.sub(lambda broken: _mend(broken, known), close_lines(lines))
    return " ".join(_DASH_END.sub("", whole).split())


def _mend(broken: re.Match[str], known: Counter[str]) -> str:
    """Return the first part of a word, with its hyphen if the word has one elsewhere, too."""
    first, second = broken[1], broken[2]
    with_hyphen, without = known[f"{first}-{second}".lower()], known[(first + second).lower()]
    if with_hyphen == without:
        return first if second[0].islower() else f"{first}-"  # GPT-4, non-English
    return first if with_hyphen < without else f"{first}-"


def count_known(lines: list[str]) -> Counter[str]:
    """Return how often each word stands inside a line, those with hyphens also as a whole."""
    return Counter(word for line in lines for word in re.findall(r"\w+(?:-\w+)*", line.lower()))
