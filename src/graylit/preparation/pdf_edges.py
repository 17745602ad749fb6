"""Running headers and footers of a PDF and its page numbers: what its pages repeat at their edges."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from graylit.preparation.pdf_columns import Line, make_lines
from graylit.preparation.pdf_runs import Run

EDGE_LINES = 6  # looked at, at the top and at the bottom of a page; the tallest header seen has four lines
MIN_PAGES = 3  # that share a line at the same height; of a PDF of two pages, both
HEIGHT = 6.0  # points: on pages of one file, running lines stand as high within half a line
LARGEST = 1.2  # of the size of the text: what is larger heads a page of slides
LARGEST_SHARE = 0.5  # of all letters: what is more of a file is what it says; a form of two pages has .31, slides .11
PAGE_WORDS = ("page", "seite", "página", "pagina", "p", "s")
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_SIGNS = {"m": 1000, "d": 500, "c": 100, "l": 50, "x": 10, "v": 5, "i": 1}


@dataclass(frozen=True)
class _Edge:
    """A line near the edge of a page."""

    page: int
    depth: int  # how many lines lie between it and the edge
    place: tuple[str, int]  # top, bottom or margin, and the height
    line: Line

    @property
    def said(self) -> str:
        """Return what it says."""
        return " ".join(self.line.words.lower().split())

    def offsets(self) -> set[int]:
        """Return how far the number with which it begins or ends, if any, is from that of its page."""
        words = re.findall(r"\w+", self.said)
        starts = words[: 2 if words[:1] and words[0] in PAGE_WORDS else 1]
        numbers = {_read_number(word) for word in starts + words[-1:]} | _read_part(words)
        return {number - self.page for number in numbers if number is not None}


def _read_part(words: list[str]) -> set[int | None]:
    """Return the 3 of a line that ends in '3 of 12', or '3/12'."""
    is_part = len(words) > 1 and words[-1].isdecimal()
    return (
        {_read_number(words[-3 if words[-2] in ("of", "von", "de", "sur") and len(words) > 2 else -2])}
        if is_part
        else set()
    )


def _read_number(word: str) -> int | None:
    """Return a page number in digits or Roman ones."""
    if _NUMBER.fullmatch(word):
        return int(word[:9])
    if not word or not _ROMAN.fullmatch(word):
        return None
    values = [_ROMAN_SIGNS[sign] for sign in word]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def find_running(pages: list[list[Run]], body_size: float) -> list[Line]:
    """Return the running lines of all pages; each is the outermost of its page, but for other running lines."""
    edges = [
        edge
        for number, runs in enumerate(pages)
        for edge in _list_edges(number, runs)
        if edge.place[0] == "margin" or edge.line.main.size <= LARGEST * body_size
    ]
    needed = min(MIN_PAGES, len(pages))
    if len(pages) < 2:
        return []
    said, offsets = _count_pages(edges)
    numbered, running = {}, {}
    for edge in edges:
        place = (edge.page, edge.place[0], edge.depth)
        least = max(needed, len(pages) / 3)
        if any(_count_near(offsets, edge.place, offset) >= least for offset in edge.offsets()):
            numbered[place] = running[place] = edge.line
        elif _count_near(said, edge.place, edge.said) >= needed:
            running[place] = edge.line
    sides = [(number, side) for number in range(len(pages)) for side in ("top", "bottom", "margin")]
    found = (line for side in sides for line in _take_outermost(running, side) or _take_outermost(numbered, side))
    lines = list({(line.page, line.runs[0].order): line for line in found}.values())
    n_signs = sum(len(run.words) for runs in pages for run in runs)
    return lines if sum(len(line.words) for line in lines) < LARGEST_SHARE * n_signs else []


def _take_outermost(lines: dict[tuple[int, str, int], Line], side: tuple[int, str]) -> list[Line]:
    """Return the lines that lie at a side of a page with no other outside; none if they go on: pages may be alike."""
    outermost = list(takewhile(lambda line: line is not None, (lines.get((*side, n)) for n in range(EDGE_LINES))))
    return [line for line in outermost if line is not None] if len(outermost) < EDGE_LINES else []


def _list_edges(number: int, runs: list[Run]) -> Iterator[_Edge]:
    """Yield the lines at the edges of a page, and those on its margin, which are turned."""
    turns = Counter(run.style.turn for run in runs for _ in run.words)
    most = max(turns, key=lambda turn: turns[turn], default=0)
    lines = make_lines([run for run in runs if run.style.turn == most], number)
    turned = make_lines([run for run in runs if run.style.turn != most], number)
    for side, outer in (("top", lines), ("bottom", lines[::-1]), ("margin", turned)):
        for depth, line in enumerate(outer[:EDGE_LINES]):
            yield _Edge(number, depth, (side, round(line.main.base / HEIGHT)), line)


def _count_pages(edges: list[_Edge]) -> tuple[Counter, Counter]:
    """Return on how many pages each place says the same, and on how many it counts pages with the same offset."""
    said, offsets = defaultdict(set), defaultdict(set)
    for edge in edges:
        said[edge.place, edge.said].add(edge.page)
        for offset in edge.offsets():
            offsets[edge.place, offset].add(edge.page)
    return Counter({key: len(on) for key, on in said.items()}), Counter({key: len(on) for key, on in offsets.items()})


def _count_near(counts: Counter, place: tuple[str, int], what: str | int) -> int:
    """Return on how many pages something stands at a place or next to it."""
    side, height = place
    return sum(counts[(side, near), what] for near in (height - 1, height, height + 1))
