"""The text of a PDF: paragraphs, headings, lists and tables, made of lines at places.

Every word that the file holds is in it, but for running headers and footers, which are counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pypdfium2 import PdfDocument, PdfiumError

from graylit.captures.pdfs import open_pdf
from graylit.preparation.pdf_blocks import BULLET, Block, cut_blocks, read_setting
from graylit.preparation.pdf_columns import Line, read_columns
from graylit.preparation.pdf_edges import find_running
from graylit.preparation.pdf_headings import rank_headings
from graylit.preparation.pdf_paragraphs import count_known, is_indenting, join_across, join_lines
from graylit.preparation.pdf_runs import Run, read_runs

_ITEM = re.compile(r"[-–—*·o]\s+")
_HEADING_MARK = re.compile(r"#{1,6}\s")


@dataclass(frozen=True)
class PdfText:
    """What a PDF says; `running` are the lines that were left out."""

    words: str
    title: str
    author: str
    n_pages: int
    n_unread: int  # pages that are too damaged
    running: tuple[str, ...]


def read_pdf(body: bytes) -> PdfText:
    """Return the text of a PDF.

    Raises one of PDF_ERRORS if it cannot be read.
    """
    document = open_pdf(body)
    try:
        pages = list(_read_pages(document))
        about = document.get_metadata_dict()
    finally:
        document.close()
    read = [page for page in pages if page is not None]
    words, running = write_pages(read)
    said = tuple(line.words for line in running)
    return PdfText(words, about["Title"], about["Author"], len(pages), len(pages) - len(read), said)


def _read_pages(document: PdfDocument) -> Iterator[list[Run] | None]:
    """Yield the runs of each page, None for one that is too damaged."""
    for number in range(len(document)):
        try:
            page = document[number]
        except PdfiumError:
            yield None
            continue
        yield read_runs(page)
        page.close()


def write_pages(pages: list[list[Run]]) -> tuple[str, list[Line]]:
    """Return the text of pages, and the running lines that it leaves out."""
    running = find_running(pages, _find_size(pages))
    left_out = {(line.page, run.order) for line in running for run in line.runs}
    kept = [[run for run in runs if (number, run.order) not in left_out] for number, runs in enumerate(pages)]
    columns = [read_columns(runs, number) for number, runs in enumerate(kept)]
    setting = read_setting(columns)
    blocks = cut_blocks(columns, setting)
    levels = rank_headings(blocks, setting)
    known = count_known([line.words for page in columns for column in page for line in column.lines])
    joined = join_across(blocks, set(levels), is_indenting(blocks))
    written = [_write(block, levels.get(number, 0), known) for number, block in enumerate(joined) if block]
    return "".join(_space(written)), running


def _find_size(pages: list[list[Run]]) -> float:
    """Return the size of most letters."""
    n_signs = Counter[float]()
    for run in (run for page in pages for run in page):
        n_signs[run.size] += len(run.words)
    return max(n_signs, key=lambda size: (n_signs[size], size), default=0.0)


def _write(block: Block, level: int, known: Counter[str]) -> tuple[str, str]:
    """Return the kind of a block, and the block as it is written."""
    if level:
        return "heading", f"{'#' * level} {join_lines(block.words, known)}"
    if block.kind == "table":
        return "table", "\n".join(" | ".join(run.words for run in line.runs) for line in block.lines)
    if block.kind == "code":
        return "code", "\n".join(["```", *_indent_code(block), "```"])
    words = join_lines(block.words, known)
    if block.kind == "item" and (bullet := BULLET.match(words) or _ITEM.match(words)):
        return "item", f"- {words[bullet.end() :]}"
    return block.kind, f"\\{words}" if _HEADING_MARK.match(words) else words


def _indent_code(block: Block) -> Iterator[str]:
    """Yield the lines of code, indented as on the page."""
    left = min(line.left for line in block.lines)
    for line in block.lines:
        width = (line.main.right - line.main.left) / max(1, len(line.main.words))
        yield " " * min(40, round((line.left - left) / width) if width > 0 else 0) + line.words


def _space(written: list[tuple[str, str]]) -> Iterator[str]:
    """Yield the blocks with what separates them: items of a list lie on lines below one another."""
    before = ""
    for kind, words in written:
        if before:
            yield "\n" if kind == before == "item" else "\n\n"
        yield words
        before = kind
    yield "\n" if written else ""
