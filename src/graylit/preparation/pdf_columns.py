"""The lines of a PDF page in the order in which they are read: column by column, what spans them in between.

A gutter is where many lines begin and few lines cross. Lines that cross it divide the page into bands; of each band the
left side is read first, then the right, each in the same way. Rows of a table look alike, but the file
itself mostly says which is meant: it writes a column to its end and a table row by row.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from graylit.preparation.pdf_runs import Run

SAME_LINE = 0.45  # of the size: what lies this near above or below stands on the same line; lines are at least 1 apart
OVERHANG = 0.4  # of the size: how far marks and accents reach into a gutter
# Chosen by eye, not measured: three lines are as likely a row of addresses or a heading beside its number.
MIN_ROWS = 4  # of either side that tell that there is a gutter
MAX_EDGES = 12  # places looked at for a gutter, so that the work is in proportion to the letters
# Times that a file changes sides, for each line of the lesser one: from cell to cell of a table whose cells have two or
# more lines it is between these.
WRITTEN_DOWN, WRITTEN_ACROSS = 1 / 3, 1.1
PROSE_WORDS = 4  # median words of a line of a column, if its file writes it across the columns
FULL = 0.7  # of the width of all but the widest tenth of the lines
MOSTLY = 0.75  # of the letters of a bold line; sentences that begin in bold letters have less
MAX_DEPTH = 3  # up to four columns, or eight


@dataclass(frozen=True)
class Line:
    """Runs on one line, from its beginning to its end."""

    runs: tuple[Run, ...]
    page: int = 0

    @cached_property
    def words(self) -> str:
        """Return the words of the line."""
        return " ".join(run.words for run in self.runs)

    @cached_property
    def main(self) -> Run:
        """Return the run with most letters, whose type and height are those of the line."""
        return max(self.runs, key=lambda run: len(run.words))

    @property
    def left(self) -> float:
        """Return where the line begins."""
        return self.runs[0].left

    @cached_property
    def right(self) -> float:
        """Return where the line ends."""
        return max(run.right for run in self.runs)

    @cached_property
    def is_bold(self) -> bool:
        """Return whether every run of letters is bold, but for a name or the mark of a note."""
        return all(run.bold_share > MOSTLY for run in self.runs)

    @cached_property
    def is_fixed(self) -> bool:
        """Return whether all letters have the same width, as those of code."""
        return all(run.style.is_fixed for run in self.runs)


@dataclass(frozen=True)
class Column:
    """Lines below one another, of one band of a page."""

    lines: list[Line]

    @cached_property
    def left(self) -> float:
        """Return where its lines begin, but for the outermost in twenty."""
        lefts = sorted(line.left for line in self.lines)
        return lefts[len(lefts) // 20]

    @cached_property
    def right(self) -> float:
        """Return where its lines end, but for the outermost in twenty."""
        rights = sorted(line.right for line in self.lines)
        return rights[-1 - len(rights) // 20]


def make_lines(runs: list[Run], page: int) -> list[Line]:
    """Return runs as lines from top to bottom; what stands on the same height is one line."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (-run.base, run.left, run.order)):
        if rows and abs(rows[-1][0].base - run.base) <= SAME_LINE * max(rows[-1][0].size, run.size):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [Line(tuple(sorted(row, key=lambda run: (run.left, run.order))), page) for row in rows]


def read_columns(runs: list[Run], page: int) -> list[Column]:
    """Return the columns of a page in reading order; of turned letters those that most letters share come first."""
    letters = Counter[int]()
    for run in runs:
        letters[run.style.turn] += len(run.words)
    columns = []
    for turn in sorted(letters, key=lambda turn: (-letters[turn], turn)):
        turned = [run for run in runs if run.style.turn == turn]
        columns += _order(_mirror(turned), page, depth=0)
    return columns


def _mirror(runs: list[Run]) -> list[Run]:
    """Return runs of a page in Arabic or Hebrew as in a mirror, so that what is read first is on the left."""
    signs = "".join(run.words for run in runs)
    n_leftward = sum("\u0590" <= sign <= "\u08ff" or "\ufb1d" <= sign <= "\ufefc" for sign in signs)
    if 2 * n_leftward <= sum(map(str.isalpha, signs)):
        return runs
    return [replace(run, left=-run.right, right=-run.left) for run in runs]


def _order(runs: list[Run], page: int, depth: int) -> list[Column]:
    """Return the columns of a part of a page in reading order."""
    gutter = _find_gutter(runs) if depth < MAX_DEPTH else None
    if gutter is None:
        return [Column(make_lines(runs, page))] if runs else []
    columns: list[Column] = []
    rows: list[Run] = []  # not in columns: lines that cross the gutter, and what lies between them
    for is_crossing, band in _cut_bands(runs, gutter):
        left, right = _split(band, gutter)
        if is_crossing or not _is_in_columns(left, right, min_rows=2):
            rows += band
            continue
        columns += [Column(make_lines(rows, page))] if rows else []
        columns += [*_order(left, page, depth + 1), *_order(right, page, depth + 1)]
        rows = []
    return [*columns, Column(make_lines(rows, page))] if rows else columns


def _split(runs: list[Run], gutter: float) -> tuple[list[Run], list[Run]]:
    """Return the runs left and right of a gutter."""
    left = [run for run in runs if run.left < gutter - OVERHANG * run.size]
    return left, [run for run in runs if run.left >= gutter - OVERHANG * run.size]


def _crosses(run: Run, gutter: float) -> bool:
    reach = OVERHANG * run.size
    return run.left < gutter - reach and run.right > gutter + reach


def _cut_bands(runs: list[Run], gutter: float) -> Iterator[tuple[bool, list[Run]]]:
    """Yield the bands of a page from top to bottom, each with whether its lines cross the gutter."""
    lines = make_lines(runs, 0)
    for is_crossing, band in groupby(lines, key=lambda line: any(_crosses(run, gutter) for run in line.runs)):
        yield is_crossing, [run for line in band for run in line.runs]


def _find_gutter(runs: list[Run]) -> float | None:
    """Return where the right side of a gutter begins, None if there is none."""
    edges = Counter(round(run.left / 2) * 2 for run in runs)
    common = [edge for edge, count in edges.most_common(MAX_EDGES) if count >= MIN_ROWS]
    gains = {edge: _weigh_gutter(runs, edge) for edge in sorted(common)}
    best = max(gains, key=lambda edge: gains[edge], default=0)
    return best if gains.get(best) else None


def _weigh_gutter(runs: list[Run], gutter: float) -> int:
    """Return how many letters stand on the lesser side of a gutter, over the bands that have columns."""
    n_letters = 0
    for is_crossing, band in _cut_bands(runs, gutter):
        left, right = ([], []) if is_crossing else _split(band, gutter)
        if _is_in_columns(left, right, MIN_ROWS):
            n_letters += min(sum(len(run.words) for run in side) for side in (left, right))
    return n_letters


def _is_in_columns(left: list[Run], right: list[Run], min_rows: int) -> bool:
    """Return whether the two sides of a band are columns, not cells of rows."""
    n_rows = min(len({round(run.base) for run in side}) for side in (left, right))
    if n_rows < min_rows:
        return False
    sides = {run.order: side for side, runs in enumerate((left, right)) for run in runs}
    n_turns = sum(1 for _ in groupby(sides[order] for order in sorted(sides))) - 1
    if n_turns <= max(2, n_rows * WRITTEN_DOWN):  # two about a figure beside the text
        return True
    is_written_across = n_turns >= WRITTEN_ACROSS * n_rows
    return is_written_across and n_rows >= MIN_ROWS and all(map(_is_prose, (left, right)))


def _is_prose(runs: list[Run]) -> bool:
    """Return whether runs are lines of prose, most of them nearly as wide as the widest."""
    widths = sorted(run.right - run.left for run in runs)
    is_full = widths[len(widths) // 2] > FULL * widths[len(widths) * 9 // 10]
    return is_full and statistics.median(len(run.words.split()) for run in runs) >= PROSE_WORDS
