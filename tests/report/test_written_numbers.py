"""The default study's pages: every number in them that tables hold is written by a review, and none is stale.

A number outside a span needs a reason. Reasons are patterns with what they stand for, few enough to be read.
"""

import re

import pytest

from archives import REPOSITORY
from graylit.pages.number_forms import SMALL
from graylit.report.frames import read_frames
from graylit.report.marks import find_spans
from graylit.report.numbers.catalogue import list_catalogue, to_frame
from graylit.report.spans import add_cells, check_page, fill_spans, list_pages
from graylit.study.checking import read_study
from graylit.study.study import list_files
from graylit.tables.rows import list_rows
from graylit.tables.synthesis import EVIDENCE

RELEASED = REPOSITORY / "data/frozen/released"
PAGES = ("README.md", "config/protocol.md", "docs/findings.md")
COUNTED = (
    r"sources?|publishers?|candidates?|screeners?|coders?|codings?|rounds?|codes?|segments?|topics?|themes?|practices?"
    r"|guidelines?|claims?|categor(?:y|ies)|clusters?|sorters?|piles?|impacts?|adjudications?|readers?|appraisers?"
)
NUMBER = re.compile(
    rf"(?<![\w.,–-])\d[\d,.]*\d?\b|(?<!\w)\.\d+|\b(?:{'|'.join(SMALL[2:])})(?=(?: [a-z-]+)? (?:{COUNTED})\b)",
    re.IGNORECASE,
)
REASONS = {  # why a number stands outside a span
    "an address": r"\]\([^)]*\)|https?://\S+",
    "a name of a paper, a standard, a version or a year": (
        r"arXiv \d+\.\d+|ISO/IEC \d+|et al\. \(?\d{4}(?:, Table \d+)?|Python [\d.]+–[\d.]+|\b(?:19|20)\d\d\b"
    ),
    "a decision by its number": r"\[?decisions? \[?\d{4}\b",
    "an id": r"\b[A-Z]+\d[\w-]*",
    "a number of a list, a rule, a round or a row": r"^ *\d+\. |\brules? \d+|\bRounds? \d|rounds? \d",
    "a bound of the method": (
        r"\.80\b|\.667\b|cut-offs? of [\d, ]+(?:and|of) \d+|after \d+ sources|the 20 items|0 to 20"
        r"|share of 0 or 100 percent|400 to 8,000 words|at most six per publisher|first 350 words|first 520 characters"
        r"|at least 20 agreed segments|Similarity of two guidelines"
    ),
    "what was noted at work, and no table holds": (
        r"76 public repositories|45 texts were read in full, 58 in parts|\(26 codes\)"
        r"|12 coding rules|Five categories would"
    ),
    "what the machine needs": r"about a minute, 600 MB",
}


def blank(match):
    return re.sub(r"[^\n]", " ", match[0])


def list_unmarked(text):
    """Return the numbers of a page that stand outside spans, code and what the reasons name, with their rows."""
    spans, faults, _ = find_spans(text, "page")
    assert faults == []
    for span in reversed(spans):
        between = text[span.start : span.end_of_mark]
        text = text[: span.start] + re.sub(r"[^\n]", " ", between) + text[span.end_of_mark :]
    for pattern in (r"<!--.*?-->", r"^```.*?^```$", r"`[^`\n]+`", *REASONS.values()):
        text = re.sub(pattern, blank, text, flags=re.MULTILINE | re.DOTALL)
    return [(text.count("\n", 0, found.start()) + 1, found[0]) for found in NUMBER.finditer(text)]


@pytest.fixture(scope="module")
def numbers():
    """The catalogue of the default study, from its tables as released."""
    study, faults = read_study(REPOSITORY)
    assert not faults
    files = [*map(str, RELEASED.glob("*.csv")), str(REPOSITORY / "data/frozen/segments.csv")]
    frames = read_frames([*files, *(str(path) for path, _ in list_files(REPOSITORY))], study.config)
    frames["evidence"] = EVIDENCE.read(RELEASED / "evidence.csv", columns=["coding_id"])
    return {row["name"]: row for row in list_rows(to_frame(list_catalogue(frames, study)))}


def test_a_number_outside_a_span_is_found():
    text = "Of 103 sources <!--=codes-->34<!--/--> say .90.\n\nSee [it](page.md#4): two coders, G05, `12`, two tastes."
    assert list_unmarked(text) == [(1, "103"), (1, ".90"), (3, "two")]


@pytest.mark.parametrize("file", PAGES)
def test_every_number_that_tables_hold_stands_in_a_span(file):
    unmarked = list_unmarked((REPOSITORY / file).read_text(encoding="utf-8"))
    assert unmarked == [], "write <!--=NAME--><!--/--> with a name of results/numbers.csv, or give a reason above"


def test_the_pages_say_what_the_released_tables_say(numbers):
    pages, faults = list_pages(REPOSITORY)
    assert [page.file for page in pages] == [*PAGES]
    cells = add_cells(pages, numbers, lambda table: table.list_cells(str(RELEASED / f"{table.name}.csv")))
    assert [*faults, *cells, *(fault for page in pages for fault in check_page(page, numbers))] == []
    stale = {page.file: n for page in pages for n in [fill_spans(page, numbers)[1]] if n}
    assert stale == {}, "run graylit review, which writes them"
