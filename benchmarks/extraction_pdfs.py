"""Texts of PDF files beside what their text layers hold, and beside the lines of pypdf joined by their looks.

There are no reference texts. What is measured is what can be told without: which letters and words of the text layer
are in the text, and how many paragraphs are broken, which is to say that one ends without a mark of the end of a
sentence and the next begins with a small letter.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from figures import Figure
from graylit.captures.pdfs import PDF_ERRORS, open_pdf
from graylit.preparation.markup import read_blocks
from graylit.preparation.pdf_blocks import SENTENCE_END
from graylit.preparation.pdf_texts import PdfText, read_pdf

MIN_PAGES, MIN_WORDS = 2, 300  # of a file that is running text, not one mark to test a viewer with
MAX_BROKEN = 0.01  # share of paragraphs; pypdf's lines have more, though most of their paragraphs are whole pages
RUNNING = 5  # words of a paragraph that is running text
LONG = 400  # words of a paragraph that hardly is one: the longest of the papers has 350
PYPDF_ERRORS = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


def list_pdfs(folder: Path) -> list[Path]:
    """Return the PDF files below a folder, each content once."""
    by_content = {
        hashlib.sha256(path.read_bytes()).digest(): path for path in sorted(folder.rglob("*.pdf"), reverse=True)
    }
    return sorted(by_content.values())


def read_layer(body: bytes) -> str:
    """Return the text layer of a PDF as pdfium has it, words joined that end a line with a hyphen."""
    document = open_pdf(body)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return re.sub(r"[-\ufffe\x02\xad]\s*[\r\n]+\s*", "", "\n".join(pages))


def read_by_lines(body: bytes) -> list[str] | None:
    """Return paragraphs as pypdf's lines make them if a short line that ends a sentence ends a paragraph."""
    try:
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(body)).pages]
    except PYPDF_ERRORS:
        return None
    return [paragraph for page in pages for paragraph in _split_paragraphs(page)]


def _split_paragraphs(page: str) -> Iterator[str]:
    lines = [line.strip() for line in page.splitlines()]
    widest, paragraph = max(map(len, lines), default=0), ""
    for line in [*lines, ""]:
        paragraph = f"{paragraph} {line}".strip()
        if paragraph and (not line or (line[-1:] in ".:?!" and len(line) < 0.8 * widest)):
            yield paragraph
            paragraph = ""


def count_words_of(text: str) -> Counter[str]:
    """Return how often a text has each word, hyphens and ligatures aside."""
    return Counter(re.findall(r"\w+", unicodedata.normalize("NFKC", re.sub(r"[-\u00ad\ufffe]", "", text)).lower()))


def count_signs(text: str) -> Counter[str]:
    """Return how often a text has each letter and digit."""
    return Counter(re.findall(r"[^\W_]", unicodedata.normalize("NFKC", text)))


def count_broken(paragraphs: list[str]) -> int:
    """Return how many paragraphs are broken; labels of drawings and signs of formulas are none."""
    return sum(
        not SENTENCE_END.search(first) and second[:1].islower()
        for first, second in pairwise(paragraphs)
        if len(first.split()) >= RUNNING and len(second.split()) >= RUNNING
    )


def list_paragraphs(text: str) -> list[str]:
    """Return the paragraphs and lists of a text in our form, with '' for each block of another kind."""
    return [text[block.start : block.end] if block.kind in ("paragraph", "list") else "" for block in read_blocks(text)]


def score_pdf(path: Path, body: bytes, read: PdfText, seconds: float) -> dict[str, object]:
    """Return the row of a file."""
    said, ours = read_layer(body), "\n".join([read.words, *read.running])
    layer, words = count_words_of(said), count_words_of(ours)
    paragraphs, by_lines = list_paragraphs(read.words), read_by_lines(body)
    theirs = count_words_of("\n".join(by_lines or []))
    return {
        "file": path.name,
        "pages": read.n_pages,
        "words": layer.total(),
        "words_lost": (layer - words).total(),
        "signs_lost": (count_signs(said) - count_signs(ours)).total(),
        "words_of_pypdf": theirs.total(),
        "words_of_pypdf_lost": (theirs - words).total(),
        "running_lines": len(read.running),
        "running_words": sum(len(line.split()) for line in read.running),
        "headings": sum(block.kind == "heading" for block in read_blocks(read.words)),
        "paragraphs": sum(map(bool, paragraphs)),
        "broken": count_broken(paragraphs),
        "long": sum(len(paragraph.split()) > LONG for paragraph in paragraphs),
        "paragraphs_by_lines": len(by_lines or []),
        "broken_by_lines": count_broken(by_lines or []),
        "long_by_lines": sum(len(paragraph.split()) > LONG for paragraph in by_lines or []),
        "seconds": seconds,
    }


def score_pdfs(folder: Path) -> pd.DataFrame:
    """Return a row for each PDF of running text below a folder."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    rows = []
    for path in list_pdfs(folder):
        body, start = path.read_bytes(), time.process_time()
        try:
            read = read_pdf(body)
        except PDF_ERRORS:
            continue
        seconds = time.process_time() - start
        if read.n_pages >= MIN_PAGES and len(read.words.split()) >= MIN_WORDS:
            rows.append(score_pdf(path, body, read, seconds))
    return pd.DataFrame(rows)


def measure_pdfs(folder: Path) -> list[Figure]:
    """Return the figures of the PDF files below a folder; write a row for each file."""
    scores = score_pdfs(folder)
    scores.to_csv("results/bench/extraction_pdfs.csv", index=False, float_format="%.4f", lineterminator="\n")
    total = scores.select_dtypes("number").sum()
    return [
        Figure("pdfs", len(scores), "files"),
        Figure("pages_of_pdfs", total["pages"], "pages"),
        Figure("signs_of_pdfs_lost", total["signs_lost"], "signs", "== 0"),
        Figure("words_of_pdfs_conserved", 1 - total["words_lost"] / total["words"], "share", ">= 0.995"),
        Figure("words_of_pdfs_conserved_of_pypdf", 1 - total["words_of_pypdf_lost"] / total["words_of_pypdf"], "share"),
        Figure("running_words_of_pdfs", total["running_words"] / total["words"], "share"),
        Figure("headings_of_pdfs", total["headings"], "headings"),
        Figure("paragraphs_of_pdfs", total["paragraphs"], "paragraphs"),
        Figure("broken_paragraphs_of_pdfs", total["broken"] / total["paragraphs"], "share", f"<= {MAX_BROKEN}"),
        Figure("long_paragraphs_of_pdfs", total["long"], "paragraphs"),
        Figure("paragraphs_of_pdfs_by_lines", total["paragraphs_by_lines"], "paragraphs"),
        Figure("broken_paragraphs_of_pdfs_by_lines", total["broken_by_lines"] / total["paragraphs_by_lines"], "share"),
        Figure("long_paragraphs_of_pdfs_by_lines", total["long_by_lines"], "paragraphs"),
        Figure("seconds_per_page_of_pdfs", total["seconds"] / total["pages"], "s", "<= 0.1"),
    ]
