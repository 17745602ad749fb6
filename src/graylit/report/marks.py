"""Marks in Markdown pages, between which a review writes numbers: `<!--=sources-->20<!--/-->`.

A mark is a comment, so that no reader of the page sees it. What stands between two marks is a span: within a line a
number, and between marks that have lines of their own a list or a table. A closing mark of a block carries a digest of
what a review wrote there, so that words that a person put between the marks are never written over.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from graylit.tables.faults import Fault

LONGEST = 300  # signs of what a mark says, at most: chosen, more than the longest condition of a cell
MARK = re.compile(rf"<!--[ \t]*(?P<sign>[=/])(?P<words>[^\r\n]{{0,{LONGEST}}}?)(?P<end>-->)")
OPENED = re.compile(rf"<!--[ \t]*=[^\r\n]{{0,{LONGEST}}}")
OPENING = re.compile(r"(?P<name>[A-Za-z][\w.:/+-]*(?:\[[^\]]*\](?:\.\w+)?)?)(?:\s+as\s+(?P<form>\S.*?))?")
CLOSING = re.compile(r"[0-9a-f]{0,8}")
FENCE = re.compile(r"^[ \t>*+-]*(?:\d+[.)][ \t]+)?(?P<fence>`{3,}+|~{3,}+)(?P<info>[^\n]*+)$")
STARTS_LINE = re.compile(r"[ \t]*(?:>[ \t]*)*(?:(?:[*+-]|\d+[.)])[ \t]+)*")
N_DIGITS = 8  # of the digest in a closing mark: enough to see a change, short enough to overlook
EXAMPLE = "<!--=sources-->20<!--/-->"


@dataclass(frozen=True)
class Span:
    """What stands between two marks: the name and form asked for, and where the words between them are."""

    name: str
    form: str
    start: int  # of the words between the marks
    end: int
    end_of_mark: int  # of the closing mark
    row: int
    is_block: bool
    digest: str  # in the closing mark; '' if there is none
    starts_line: bool  # so that Markdown takes the line for HTML


@dataclass(frozen=True)
class _Mark:
    """A mark where it stands."""

    sign: str
    words: str
    start: int
    end: int
    row: int


def digest_block(words: str) -> str:
    """Return the digest that a closing mark carries, by the words alone: programs that lay out tables change blanks."""
    plain = re.sub(r"-{2,}", "-", " ".join(words.split()))
    return hashlib.sha256(plain.encode()).hexdigest()[:N_DIGITS]


def find_spans(text: str, file: str) -> tuple[list[Span], list[Fault], list[tuple[str, int]]]:
    """Return the spans of a page in order, what is wrong with its marks, and names in marks in code with their rows."""
    marks, faults, in_code = _sort_marks(text, file)
    spans: list[Span] = []
    opened: _Mark | None = None
    for mark in marks:
        if mark.sign == "=":
            if opened:
                faults.append(_fault_unclosed(file, opened, f"before another one opens in row {mark.row}"))
            opened = mark
        elif opened is None:
            problem, remedy = "closes a mark that is not open", "remove it, or write the mark that it belongs to"
            faults.append(Fault(file, problem, EXAMPLE, remedy, mark.row, value=text[mark.start : mark.end]))
        else:
            spans += _pair_marks(text, file, opened, mark, faults)
            opened = None
    if opened:
        faults.append(_fault_unclosed(file, opened, "by the end of the page"))
    return spans, sorted(faults, key=lambda fault: fault.row or 0), in_code


def strip_marks(text: str) -> str:
    """Return a page without its marks, and with what stands between them."""
    marks, _, _ = _sort_marks(text, "")
    places = [0, *(place for mark in marks for place in (mark.start, mark.end)), len(text)]
    return "".join(text[start:end] for start, end in list(pairwise(places))[::2])


def _sort_marks(text: str, file: str) -> tuple[list[_Mark], list[Fault], list[tuple[str, int]]]:
    """Return the marks outside code, what is wrong with one of them, and the names in marks in code."""
    code, marks, in_code = _find_code(text), [], []
    faults = [*_fault_open(text, file, code)]
    for found in MARK.finditer(text):
        sign, words, start = found["sign"], found["words"].strip(), found.start()
        if sign == "/" and not CLOSING.fullmatch(words) or words[:1] == "=":
            continue  # another comment
        row = text.count("\n", 0, start) + 1
        asked = OPENING.fullmatch(words) if sign == "=" else None
        if _is_within(start, code):
            in_code += [(asked["name"], row)] if asked else []
        elif sign == "=" and not asked:
            problem = "is a mark that names no number" if not words else "is no name of a number"
            remedy = "write a name of results/numbers.csv, and a form after 'as', if any: <!--=sources as words-->"
            faults.append(Fault(file, problem, EXAMPLE, remedy, row, value=words or found[0]))
        else:
            marks.append(_Mark(sign, words, start, found.end(), row))
    return marks, faults, in_code


def _fault_open(text: str, file: str, code: list[tuple[int, int]]) -> Iterator[Fault]:
    """Yield a fault for each mark that does not end in its line."""
    for found in OPENED.finditer(text):
        if "-->" not in found[0] and "==" not in found[0] and not _is_within(found.start(), code):
            problem, remedy = "is a mark without an end", "end it with --> in the same line"
            row = text.count("\n", 0, found.start()) + 1
            yield Fault(file, problem, EXAMPLE, remedy, row, value=found[0])


def _is_within(place: int, parts: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in parts)


def _pair_marks(text: str, file: str, opening: _Mark, closing: _Mark, faults: list[Fault]) -> Iterator[Span]:
    """Yield the span of two marks; a fault instead if one has a line of its own and the other has not."""
    asked = OPENING.fullmatch(opening.words)
    assert asked
    alone = [_has_own_line(text, mark) for mark in (opening, closing)]
    is_block = "\n" in text[opening.end : closing.start]
    if is_block and not all(alone):
        problem = f"is closed in row {closing.row} only"
        remedy = "close it in its line, or give both marks of a list or table lines of their own"
        faults.append(Fault(file, problem, EXAMPLE, remedy, opening.row, value=opening.words))
        return
    before = text[text.rfind("\n", 0, opening.start) + 1 : opening.start].removeprefix("\ufeff")
    yield Span(
        asked["name"],
        asked["form"] or "",
        opening.end,
        closing.start,
        closing.end,
        opening.row,
        is_block,
        closing.words,
        not is_block and STARTS_LINE.fullmatch(before) is not None,
    )


def _has_own_line(text: str, mark: _Mark) -> bool:
    start, end = text.rfind("\n", 0, mark.start) + 1, text.find("\n", mark.end)
    rest = text[start : mark.start] + text[mark.end : end if end >= 0 else len(text)]
    return not rest.strip(" \t\r\ufeff")


def _fault_unclosed(file: str, mark: _Mark, when: str) -> Fault:
    problem, remedy = f"is not closed {when}", "write <!--/--> after its number; marks do not stand in each other"
    return Fault(file, problem, EXAMPLE, remedy, mark.row, value=mark.words)


def _find_code(text: str) -> list[tuple[int, int]]:
    """Return where code stands: fenced blocks, and runs between as many backticks within a paragraph."""
    fenced = _find_fenced(text)
    places = [0, *(place for block in fenced for place in block), len(text)]
    between = list(pairwise(places))[::2]
    return sorted([*fenced, *(code for start, end in between for code in _find_inline(text, start, end))])


def _find_fenced(text: str) -> list[tuple[int, int]]:
    blocks: list[tuple[int, int]] = []
    place, opened, start = 0, "", 0
    for line in text.splitlines(keepends=True):
        found = FENCE.match(line.rstrip("\r\n").removeprefix("\ufeff"))
        if not opened and found and not ("`" in found["fence"] and "`" in found["info"]):
            opened, start = found["fence"], place
        elif opened and found and found["fence"].startswith(opened) and not found["info"].strip():
            blocks.append((start, place + len(line)))
            opened = ""
        place += len(line)
    return [*blocks, (start, len(text))] if opened else blocks


def _find_inline(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield where code within lines stands; no code goes beyond a paragraph."""
    for paragraph in re.finditer(r"(?:[^\n]|\n(?![ \t\r]*\n))+", text[start:end]):
        runs = list(re.finditer(r"(?<!\\)`+", paragraph[0]))
        while runs:
            opening = runs.pop(0)
            closing = next((at for at, run in enumerate(runs) if run[0] == opening[0]), None)
            if closing is not None:
                base = start + paragraph.start()
                yield base + opening.start(), base + runs[closing].end()
                del runs[: closing + 1]
