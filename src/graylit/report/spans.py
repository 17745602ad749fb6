"""Numbers in the Markdown pages of a study: written between marks by a review, and held against the last one."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from graylit.pages.number_forms import is_written, write_number
from graylit.report.marks import Span, digest_block, find_spans
from graylit.report.numbers.cells import CellError, Reader, is_cell, read_cell
from graylit.runs.made import MADE
from graylit.runs.places import MANUALS
from graylit.tables.faults import Fault, InputError, name_command, suggest_name
from graylit.tables.files import replace_file
from graylit.tables.numbers import BLOCK, IDS, NUMBERS, NUMBERS_FILE
from graylit.tables.reading import read_finished
from graylit.tables.rows import Cells

PLACES = ("*.md", "config/*.md", "docs/**/*.md")  # of the pages that a study's people write
SHOWN = 60  # signs of a span that a message shows: chosen, not measured
SIGNS_OF_MARKS = (b"<!--=", b"<!-- =", b"<!--\t=")


@dataclass(frozen=True)
class Page:
    """A page that has marks: its bytes as they were read, its text, and its spans."""

    path: Path
    file: str
    content: bytes
    text: str
    spans: list[Span]
    in_code: list[tuple[str, int]]


def list_pages(folder: Path) -> tuple[list[Page], list[Fault]]:
    """Return the pages of a study that have marks, and what is wrong with their marks; manuals of Graylit aside."""
    manuals = {f"config/{manual.name}" for manual in MANUALS}
    paths = sorted(path for place in PLACES for path in folder.glob(place) if path.is_file())
    own = {path.resolve(): path for path in sorted(paths, key=lambda path: not path.is_symlink())}  # links come to one
    found = {path.relative_to(folder).as_posix(): path for path in own.values()}
    pages: list[Page] = []
    faults: list[Fault] = []
    for file in sorted(found.keys() - manuals):
        content = found[file].read_bytes()
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            faults += _fault_encoding(file, content)
            continue
        spans, wrong, in_code = find_spans(text, file)
        faults += wrong
        if spans or in_code:
            pages.append(Page(found[file], file, content, text, spans, in_code))
    return pages, faults


def _fault_encoding(file: str, content: bytes) -> list[Fault]:
    is_marked = any(sign in content.replace(b"\0", b"") for sign in SIGNS_OF_MARKS)
    problem = "has marks for numbers, and is not in UTF-8"
    return [Fault(file, problem, "a page in UTF-8", "save it as UTF-8")] if is_marked else []


def read_numbers(folder: Path) -> dict[str, Cells]:
    """Return the numbers that the last review made, by name; none if none has made any."""
    return {row["name"]: row for row in read_finished(folder / NUMBERS_FILE, NUMBERS)}


def add_cells(pages: Iterable[Page], numbers: dict[str, Cells], read: Reader) -> list[Fault]:
    """Add to the numbers those cells of tables that pages ask for; return what is wrong with what they ask for."""
    faults = []
    read_once = functools.cache(read)
    asked = [(page.file, span) for page in pages for span in page.spans if is_cell(span.name)]
    for file, span in asked:
        try:
            numbers[span.name] = read_cell(span.name, read_once)
        except CellError as error:
            faults.append(Fault(file, error.problem, error.expected, "correct it", span.row, value=span.name))
            numbers[span.name] = {"kind": IDS, "value": ""}  # which no fault is told of twice
    return faults


def read_pages(folder: Path) -> tuple[list[Page], dict[str, Cells], list[Fault]]:
    """Return the pages of a study with marks, the numbers that they may ask for, and what is wrong with them."""
    pages, faults = list_pages(folder)
    numbers = read_numbers(folder) if pages else {}
    if numbers:
        faults += add_cells(pages, numbers, lambda table: read_finished(folder / MADE / f"{table.name}.csv", table))
        faults += [fault for page in pages for fault in check_page(page, numbers)]
    return pages, numbers, faults


def write_pages(folder: Path) -> list[tuple[str, int]]:
    """Write the numbers of the last review between the marks of a study's pages; return how many changed in which.

    Nothing is written if a mark is wrong anywhere. A page that would not change is not touched.

    Raises
    ------
    InputError
        A mark is wrong, or words of a person would be lost.
    """
    pages, numbers, faults = read_pages(folder)
    if faults:
        raise InputError(faults)
    changed = []
    for page in pages if numbers else []:
        text, n_changed = fill_spans(page, numbers)
        if text != page.text:
            _replace_page(page, text)
            changed.append((page.file, n_changed))
    return changed


def _replace_page(page: Page, text: str) -> None:
    if page.path.read_bytes() != page.content:
        remedy = f"run {name_command('review')} again when it is saved"
        raise InputError([Fault(page.file, "was changed while its numbers were written", "the page as read", remedy)])
    replace_file(page.path, text)


def check_page(page: Page, numbers: Mapping[str, Cells]) -> list[Fault]:
    """Return what is wrong with the spans of a page: names, forms, and words that a review would write over."""
    faults: list[Fault] = []
    for span in page.spans:
        number = numbers.get(span.name)
        faults += _check_name(page, span, number, numbers)
        faults += _check_words(page, span)
    for name, row in page.in_code:
        if name in numbers:
            problem, remedy = "is a mark in code, where no number is written", "take it out of the code"
            faults.append(Fault(page.file, problem, "a mark in running text", remedy, row, value=name))
    return faults


def _check_name(page: Page, span: Span, number: Cells | None, numbers: Mapping[str, Cells]) -> Iterator[Fault]:
    if number is None:
        hint = suggest_name(span.name, numbers)
        problem, expected = f"is no number of this review{hint}", f"a name that stands in {NUMBERS_FILE}"
        yield Fault(page.file, problem, expected, "correct it", span.row, value=span.name)
        return
    if (number["kind"] == BLOCK) is not span.is_block:
        problem = "is a list or table" if number["kind"] == BLOCK else "is no list or table"
        remedy = "give both marks lines of their own" if number["kind"] == BLOCK else "close it in its line"
        yield Fault(page.file, problem, "marks that fit", remedy, span.row, value=span.name)
    try:
        write_number(number["kind"], number["value"], span.form)
    except ValueError as forms:
        remedy = "write such a form after 'as', or none"
        yield Fault(page.file, f"is no form of {span.name}", str(forms), remedy, span.row, value=span.form)


def _check_words(page: Page, span: Span) -> Iterator[Fault]:
    words = page.text[span.start : span.end].strip()
    is_ours = digest_block(words) == span.digest if span.is_block else is_written(words)
    if words and not is_ours:
        problem = "stands between marks, and no review wrote it"
        remedy = "move your words out of the marks, or remove them; the next review writes there"
        yield Fault(page.file, problem, f"what a review wrote for {span.name}", remedy, span.row, value=words[:SHOWN])


def fill_spans(page: Page, numbers: Mapping[str, Cells]) -> tuple[str, int]:
    """Return the text of a page with the numbers of a review, and how many spans differ."""
    parts, place, n_changed = [], 0, 0
    for span in page.spans:
        before, end = page.text[span.start : span.end_of_mark], span.end_of_mark
        filled = _fill_span(page, span, numbers[span.name])
        parts += [page.text[place : span.start], filled]
        n_changed += filled != before
        place = end
    return "".join([*parts, page.text[place:]]), n_changed


def _fill_span(page: Page, span: Span, number: Cells) -> str:
    """Return what stands after an opening mark up to the end of the closing one."""
    words = write_number(number["kind"], number["value"], span.form)
    if not span.is_block:
        return words + page.text[span.end : span.end_of_mark]
    digest = digest_block(words)
    if span.digest == digest == digest_block(page.text[span.start : span.end]):
        return page.text[span.start : span.end_of_mark]  # as a person's editor laid it out
    line_end = "\r\n" if page.text.startswith("\r\n", span.start) else "\n"
    indent = page.text[page.text.rfind("\n", 0, span.end) + 1 : span.end]
    lines = ["", "", *words.split("\n"), "", f"<!--/{digest}-->"]
    return line_end.join(indent + line if line else line for line in lines)


def remark_pages(folder: Path) -> list[Fault]:
    """Return a remark for each number in a page that is not that of the last review, and for marks that begin a line.

    Raises InputError if marks are wrong.
    """
    pages, numbers, faults = read_pages(folder)
    if faults:
        raise InputError(faults)
    return [remark for page in pages for remark in _remark_page(page, numbers)]


def _remark_page(page: Page, numbers: Mapping[str, Cells]) -> Iterator[Fault]:
    for span in page.spans:
        if span.starts_line:
            problem, remedy = "begins its line, which Markdown takes for HTML", "put a word before it"
            yield Fault(page.file, problem, "a mark inside a line", remedy, span.row, value=span.name)
        if not numbers:
            continue
        words = page.text[span.start : span.end].strip()
        shown = write_number(numbers[span.name]["kind"], numbers[span.name]["value"], span.form)
        is_same = digest_block(words) == digest_block(shown) if span.is_block else words == shown
        if not is_same:
            what = "another list or table" if span.is_block else shown
            problem = f"is not what the last review says of {span.name!r}"
            remedy = f"run {name_command('review')}, which writes it"
            yield Fault(page.file, problem, what, remedy, span.row, value=words[:SHOWN])
