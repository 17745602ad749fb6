"""Signs of a block of a page, as numbers: its words, its place, the boxes around it, its neighbours.

A table of signs has the shape (n_blocks, len(SIGNS)). What each weighs is in block_weights.csv.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import numpy as np

from graylit.preparation.page_blocks import BIT, HEADINGS, MARKS, Block, Box, Page

Column = np.ndarray  # (n_blocks,)
_TAGS = "p li td th dt dd div pre blockquote figcaption button summary h1 h2 h3 h4 section article main"
TAGS = _TAGS.split()
LEVELS = 4  # of boxes around a block, each larger than the one before
NEAR = 4  # boxes around a block count as near up to here
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
MOST_CHARACTERS = 400  # of a block, in which its signs are counted: chosen, not measured

_PRICE = re.compile(r"[$€£¥₹]\s?\d|\d\s?(?:€|usd|eur|gbp)\b")
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\bago\b")
_LEGAL = re.compile(r"©|all rights reserved|copyright|privacy|cookies?\b|terms (?:of|and|&)|trademark")
_CALL = re.compile(
    r"\b(?:subscribe|sign up|sign in|log ?in|register|newsletter|share|follow us|add to cart|download|learn more|"
    r"read more|view all|see all|show more|load more|click here|buy now|contact us|get started|reply|report|permalink|"
    r"upvote|like|save|print|copy link|sort by|filter|wishlist|quick view|cart|checkout|search|menu|skip to|previous|"
    r"next|back to|your email|password|required fields)\b"
)
_BYLINE = re.compile(
    r"^(?:by|posted|published|updated|written|author|last (?:updated|edited|reviewed)|asked|answered|edited)\b|"
    r"min(?:ute)?s? read|\bviews?\b|\bcomments?\b"
)
# Blocks of more words than these are no prices, dates, notices, calls or bylines: chosen, not measured.
_MOST_WORDS = {"date": 15, "legal": 60, "call": 12, "byline": 15}
_DIGIT, _UPPER, _LETTER = re.compile(r"\d"), re.compile("[A-Z]"), re.compile(r"[^\W\d_]")


def tabulate_signs(page: Page) -> tuple[list[str], np.ndarray]:
    """Return the names of all signs, and the signs of each block of a page that has blocks."""
    columns = dict(_sign_words(page.blocks))
    columns |= dict(_sign_places(page.blocks))
    columns |= dict(_sign_boxes(page))
    columns |= dict(_sign_neighbours(columns))
    return list(columns), np.stack(list(columns.values()), axis=1).astype(np.float32)


def _sign_words(blocks: list[Block]) -> Iterator[tuple[str, Column]]:
    texts = [block.text[:MOST_CHARACTERS] for block in blocks]
    lower = [text.lower() for text in texts]
    n_words = np.array([block.n_words for block in blocks], dtype=float)
    n_characters = np.array([len(block.text) for block in blocks])
    yield "words", np.log1p(n_words)
    yield "linked", np.array([block.n_linked for block in blocks]) / n_words
    yield "word_length", np.log1p(n_characters / n_words)
    last = [block.text[-1] for block in blocks]
    yield "ends_clause", np.array([sign in '.!?:;。！？…"”)' for sign in last])
    yield "ends_sentence", np.array([sign in ".!?。！？" for sign in last])
    yield "starts_upper", np.array([text[0].isupper() for text in texts])
    shown = np.array([len(text) for text in texts])
    n_letters = np.maximum(_count(_LETTER, texts), 1)
    yield "digits", _count(_DIGIT, texts) / shown
    yield "capitals", _count(_UPPER, texts) / n_letters
    yield "price", _search(_PRICE, lower)
    for name, pattern in (("date", _DATE), ("legal", _LEGAL), ("call", _CALL), ("byline", _BYLINE)):
        yield name, _search(pattern, lower) & (n_words < _MOST_WORDS[name])
    yield "commas", np.array([text.count(",") for text in texts]) / n_words
    yield "one_word", n_words == 1
    yield "few_words", n_words < 4
    yield "line", n_words >= 10
    yield "paragraph", n_words >= 25
    tags = np.array([block.tag for block in blocks])
    for tag in TAGS:
        yield f"tag_{tag}", tags == tag
    yield "heading", np.isin(tags, list(HEADINGS))


def _count(pattern: re.Pattern[str], texts: list[str]) -> Column:
    return np.array([len(pattern.findall(text)) for text in texts])


def _search(pattern: re.Pattern[str], texts: list[str]) -> Column:
    return np.array([pattern.search(text) is not None for text in texts])


def _sign_places(blocks: list[Block]) -> Iterator[tuple[str, Column]]:
    n_words = np.array([block.n_words for block in blocks], dtype=float)
    n_blocks, total = len(blocks), n_words.sum()
    before = np.cumsum(n_words) - n_words
    place = (before + n_words / 2) / total
    title = next((number for number, block in enumerate(blocks) if block.tag == "h1"), -1)
    times = Counter(block.text for block in blocks)
    n_times = np.array([times[block.text] for block in blocks])
    yield "place", place
    yield "off_middle", (place - 0.5) ** 2
    yield "words_before", np.log1p(before)
    yield "words_after", np.log1p(total - before)
    yield "before_title", np.arange(n_blocks) < title
    yield "untitled", np.full(n_blocks, title < 0)
    yield "number", np.arange(n_blocks) / n_blocks
    yield "repeated", n_times > 1
    yield "often_repeated", n_times > 3
    first: dict[str, int] = {}
    for number, block in enumerate(blocks):
        first.setdefault(block.text, number)
    yield "said_before", np.array([first[block.text] < number for number, block in enumerate(blocks)])
    yield "page_words", np.full(n_blocks, np.log1p(total))
    yield "page_linked", np.full(n_blocks, sum(block.n_linked for block in blocks) / total)
    yield "page_blocks", np.full(n_blocks, np.log1p(n_blocks))


def _sign_boxes(page: Page) -> Iterator[tuple[str, Column]]:
    numbers, places = np.unique([block.box for block in page.blocks], return_inverse=True)
    table = np.array([_describe_around(page.boxes, int(number)) for number in numbers], dtype=float)[places]
    total = sum(block.n_words for block in page.blocks)
    depth, near, around, most_twins, twins = table[:, :5].T
    yield "depth", np.minimum(depth, 40) / 10
    for reach, marks in (("near", near.astype(np.int64)), ("around", around.astype(np.int64))):
        for place, mark in enumerate(MARKS):
            yield f"{reach}_{mark}", marks >> place & 1
    for level in range(LEVELS):
        yield from _sign_level(level + 1, table[:, 5 + 5 * level : 10 + 5 * level].T, total)
    yield "most_twins", np.log1p(most_twins)
    yield "twins", np.log1p(twins)
    for mark in ("main_tag", "article"):
        is_large = any(box.marks & BIT[mark] and box.n_words > total / 4 for box in page.boxes)
        yield f"page_{mark}", np.full(len(places), is_large)
        yield f"in_{mark}", is_large & ((around.astype(np.int64) & BIT[mark]) > 0)


def _sign_level(level: int, table: np.ndarray, total: int) -> Iterator[tuple[str, Column]]:
    n_words, n_linked, n_blocks, n_paragraphs, twins = table
    yield f"box{level}_words", np.log1p(n_words)
    yield f"box{level}_linked", n_linked / n_words
    yield f"box{level}_blocks", np.log1p(n_blocks)
    yield f"box{level}_share", n_words / total
    yield f"box{level}_paragraphs", n_paragraphs / n_blocks
    yield f"box{level}_block_words", np.log1p(n_words / n_blocks)
    yield f"box{level}_twins", np.log1p(twins)


def list_around(boxes: list[Box], number: int) -> list[int]:
    """Return a box and those around it that each hold more than the one before: `LEVELS` of them, the last repeated."""
    levels = [number]
    while len(levels) < LEVELS and (number := boxes[number].parent) >= 0:
        if boxes[number].n_words > boxes[levels[-1]].n_words:
            levels.append(number)
    return levels + levels[-1:] * (LEVELS - len(levels))


def _describe_around(boxes: list[Box], number: int) -> list[int]:
    """Return depth, marks near and around, twins, and what the boxes around hold."""
    box, parent = boxes[number], number
    near, most_twins = 0, 0
    for step in range(NEAR + 2):
        if parent < 0:
            break
        near |= boxes[parent].marks if step < NEAR else 0
        most_twins = max(most_twins, boxes[parent].n_twins - 1)
        parent = boxes[parent].parent
    levels = [boxes[level] for level in list_around(boxes, number)]
    contents = [(b.n_words, b.n_linked, b.n_blocks, b.n_paragraphs, b.n_twins - 1) for b in levels]
    return [box.depth, near, box.marks_around, most_twins, box.n_twins - 1, *(n for level in contents for n in level)]


def _sign_neighbours(columns: dict[str, Column]) -> Iterator[tuple[str, Column]]:
    for step in NEIGHBOURS:
        for name in ("words", "linked", "ends_clause", "heading"):
            yield f"{name}_at{step:+d}", shift(columns[name], step)


def shift(column: Column, step: int) -> Column:
    """Return for each block what the column says of the block so many steps after it; 0 beyond the ends."""
    shifted = np.zeros(len(column))
    if step < 0:
        shifted[-step:] = column[:step]
    else:
        shifted[: max(0, len(column) - step)] = column[step:]
    return shifted
