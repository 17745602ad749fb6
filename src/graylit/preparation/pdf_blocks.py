"""Lines of PDF columns as blocks: paragraphs, items, headings, tables and code, as the eye tells them.

A paragraph ends with a wider gap, with other letters, with an indented line or before a mark of a list, and where the
next word would still have fitted on the line.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise

from graylit.preparation.pdf_columns import Column, Line

# All but SAME_SIZE are in sizes of the letters, chosen by eye, not measured.
SAME_SIZE = 0.08  # share by which sizes of the same text may differ
WIDE_LEADING = 1.3  # of the usual distance of lines, with which a new paragraph begins
INDENT = 0.7  # a first line is indented by one to two
SLACK = 0.5  # what may be left at the end of a full line, beside the next word
MIN_SEEN = 5  # distances between lines of a size that tell its usual one
USUAL_LEADING = 1.2  # of the size, if nothing tells it
MIN_CELLS = 2
MIN_TABLE_ROWS = 3  # two lines of justified words may each have a wide gap

SENTENCE_END = re.compile(r"[.:?!…。：？！][\"')\]’”»]*$")
BULLET = re.compile(r"([•◦▪‣∙●○■□➢✓✔❖\uf000-\uf0ff])(?:\s+|$)")
_DASH = re.compile(r"([-–—*·o])\s+(?=\S)")
NUMBERED = re.compile(r"(?:\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]|\[\d{1,3}\])(?:\s|$)")
CAPTION = re.compile(r"(?:fig(?:ure|\.)?|table|tab\.|abb(?:ildung|\.)|tabelle|listing|algorithm|box)\s*[\dIVX]+", re.I)


@dataclass(frozen=True)
class Setting:
    """How a PDF is set: the letters of its text, and the usual distance of lines by their size."""

    size: float
    is_bold: bool
    is_fixed: bool
    leadings: dict[int, float]  # by size in whole points; by 0 that of the text, in sizes

    def leading(self, size: float) -> float:
        """Return the usual distance of lines of a size."""
        return self.leadings.get(round(size), size * self.leadings.get(0, USUAL_LEADING))


@dataclass(frozen=True)
class Block:
    """Lines that belong together; `column` counts the columns of all pages."""

    kind: str  # paragraph, item, table or code
    lines: list[Line]
    column: int
    right: float  # where full lines of its column end
    is_indented: bool = False  # does its first line begin behind those of its column?

    @cached_property
    def size(self) -> float:
        """Return the size of its letters."""
        return max(self.lines, key=lambda line: len(line.words)).main.size

    @cached_property
    def words(self) -> str:
        """Return the words of its lines, a line each."""
        return "\n".join(line.words for line in self.lines)


def read_setting(pages: list[list[Column]]) -> Setting:
    """Return how a PDF is set, by most of its letters."""
    lines = [line for page in pages for column in page for line in column.lines]
    n_signs = Counter[tuple[float, bool, bool]]()
    for line in lines:
        style = line.main.style
        n_signs[style.size, style.is_bold, style.is_fixed] += len(line.words)
    size, is_bold, is_fixed = max(n_signs, key=lambda style: (n_signs[style], style), default=(10.0, False, False))
    distances = defaultdict(list)
    for column in (column for page in pages for column in page):
        for above, below in pairwise(column.lines):
            distance = above.main.base - below.main.base
            if abs(above.main.size - below.main.size) < SAME_SIZE * size and 0 < distance < 3 * above.main.size:
                distances[round(above.main.size)].append(round(distance, 1))
    leadings = {key: _find_usual(found) for key, found in distances.items() if len(found) >= MIN_SEEN}
    if round(size) in leadings:
        leadings[0] = leadings[round(size)] / size
    return Setting(size, is_bold, is_fixed, leadings)


def _find_usual(distances: list[float]) -> float:
    """Return the usual distance of lines: the median of those that are no gap between paragraphs."""
    narrow = sorted(distances)[: max(1, len(distances) * 3 // 4)]
    return statistics.median(narrow)


def cut_blocks(pages: list[list[Column]], setting: Setting) -> list[Block]:
    """Return the blocks of all pages in reading order."""
    columns = [column for page in pages for column in page]
    return [block for number, column in enumerate(columns) for block in _cut_column(column, number, setting)]


def _cut_column(column: Column, number: int, setting: Setting) -> Iterator[Block]:
    for kind, group in groupby(_mark_lines(column.lines, setting), key=lambda marked: marked[0]):
        lines = [line for _, line in group]
        if kind != "words":
            yield Block(kind, lines, number, column.right)
            continue
        for part in _cut_words(lines, column, setting):
            is_item = is_marked(part[0].words)
            is_indented = part[0].left > column.left + INDENT * part[0].main.size
            yield Block("item" if is_item else "paragraph", part, number, column.right, is_indented)


def _mark_lines(lines: list[Line], setting: Setting) -> Iterator[tuple[str, Line]]:
    """Yield the lines, each as one of words, of code or of a table."""
    kinds = [
        "code" if line.is_fixed and not setting.is_fixed else "row" if _is_row(line) else "words" for line in lines
    ]
    for kind, group in groupby(zip(kinds, lines, strict=True), key=lambda marked: marked[0]):
        marked = list(group)
        if kind == "row":
            kind = "table" if len(marked) >= MIN_TABLE_ROWS else "words"
        elif kind == "code" and len(marked) < 2:
            kind = "words"
        yield from ((kind, line) for _, line in marked)


def _is_row(line: Line) -> bool:
    """Return whether a line has cells: words with wide gaps between, the first of which is no mark of a list."""
    n_cells = len(line.runs) - is_marked(line.runs[0].words + " ")
    return n_cells >= MIN_CELLS


def is_marked(words: str) -> bool:
    """Return whether words begin with a mark of a list."""
    return bool(BULLET.match(words) or _DASH.match(words) or NUMBERED.match(words))


def _cut_words(lines: list[Line], column: Column, setting: Setting) -> Iterator[list[Line]]:
    part = lines[:1]
    for number, line in enumerate(lines[1:], start=1):
        after = lines[number + 1] if number + 1 < len(lines) else None
        if _is_apart(part, line, after, column, setting):
            yield part
            part = []
        part.append(line)
    yield part


def _is_apart(part: list[Line], line: Line, after: Line | None, column: Column, setting: Setting) -> bool:
    """Return whether a line begins a new block below the lines of another."""
    above = part[-1]
    if _is_set_apart(above, line, setting) or BULLET.match(line.words):
        return True
    is_end = bool(SENTENCE_END.search(above.words))
    is_short = ends_early(above, line, column.right)
    if is_end and is_short:
        return True
    indent = (line.left - above.left) / line.main.size
    if is_marked(line.words) and (is_end or is_short or abs(indent) > INDENT) and not _DASH.fullmatch(line.words):
        return True
    if indent > INDENT:
        is_hanging = is_marked(part[0].words) and len(part) == 1
        goes_on = after is not None and abs(after.left - line.left) < INDENT * line.main.size
        return not is_hanging and (is_end or is_short) and not (goes_on and not is_short)
    if indent < -INDENT:
        return len(part) > 1 and (is_end or is_short)
    return is_short and line.words[:1].isupper() and above.right - above.left < 0.6 * (column.right - column.left)


def _is_set_apart(above: Line, line: Line, setting: Setting) -> bool:
    """Return whether a line differs from the one above in its letters, or lies further below it than lines do."""
    size = max(above.main.size, line.main.size)
    if abs(above.main.size - line.main.size) > SAME_SIZE * size:
        return True
    distance = above.main.base - line.main.base
    if not 0 < distance <= WIDE_LEADING * setting.leading(size):
        return True
    # A sentence may begin or end in bold letters, so a line counts only if all of it is.
    shares = [statistics.fmean(run.bold_share for run in part.runs) for part in (above, line)]
    return above.is_bold != line.is_bold and abs(shares[0] - shares[1]) > 0.8


def ends_early(above: Line, line: Line, right: float) -> bool:
    """Return whether the first word of a line would have fitted on the line above."""
    first = line.words.split(" ", 1)[0]
    width = (line.right - line.left) * len(first) / max(1, len(line.words))
    return above.right + width + SLACK * above.main.size < right
