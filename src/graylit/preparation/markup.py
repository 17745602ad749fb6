"""The one form of all texts: plain words with Markdown's marks for headings, lists, tables and code.

Extraction writes it, segmentation reads it, people read and code it. Blocks are separated by a blank line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from graylit.tables.preparation import LISTING


@dataclass(frozen=True)
class Block:
    """A run of lines of a text that belong together; `start` and `end` are its place in the text."""

    kind: str  # heading, paragraph, list, table or listing
    start: int
    end: int
    level: int = 0  # of a heading, from 1
    title: str = ""  # of a heading


def same_words(title: str, block: str) -> bool:
    """Return whether a title and a block say the same, capitals and marks aside."""
    return re.sub(r"\W+", "", title).lower() == re.sub(r"\W+", "", block).lower()


def list_headed(blocks: list[Block]) -> list[tuple[Block, tuple[str, ...]]]:
    """Return the blocks that are no headings, each with the headings above it, outermost first."""
    path: dict[int, str] = {}
    placed = []
    for block in blocks:
        if block.kind == "heading":
            path = {level: title for level, title in path.items() if level < block.level}
            path[block.level] = block.title
        else:
            placed.append((block, tuple(path[level] for level in sorted(path))))
    return placed


def find_headings(text: str) -> dict[int, tuple[str, ...]]:
    """Return the headings above each block of a text, outermost first, by the character at which the block starts."""
    return {block.start: headings for block, headings in list_headed(read_blocks(text))}


def read_blocks(text: str) -> list[Block]:
    """Return the blocks of a text in order. A list keeps its items together, also across blank lines."""
    return _Reader(text).read()


class _Line(NamedTuple):
    words: str
    start: int
    end: int  # without the blanks at the end of the line


# Marks as CommonMark has them (https://spec.commonmark.org/0.31.2/): a line of code between backticks opens no fence.
_FENCE = re.compile(r"( *)(?:(`{3,}+)[^`]*|(~{3,}+).*)")
# HTML blocks that go on over blank lines (4.6, kinds 1 and 2), each with what ends it: what they hold opens no fence.
_HTML = re.compile(r" {0,3}<(?:(?P<comment>!--)|(?P<element>pre|script|style|textarea)(?=[\s>]|$))", re.IGNORECASE)
_HTML_ENDS = {"comment": re.compile("-->"), "element": re.compile("</(?:pre|script|style|textarea)>", re.IGNORECASE)}
_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*)")
_MARKDOWN_UNDERLINE = re.compile(r" {0,3}(=+|-{3,})\s*")
_ITEM = re.compile(r"\s*([-*+•]|\d{1,3}[.)])(\s+)\S")
# Signs that underline the headings of reStructuredText, and what is found in its texts only: directives, targets,
# roles, paragraphs that introduce a literal block.
_UNDERLINE = re.compile(r"([=~^\"'`#*+:._<>-])\1{2,}\s*")
_RESTRUCTURED = re.compile(r"^\.\. (?:[\w-]+::|_)|\w ?::[ \t]*$|:\w+:`[^`]+`|`[^`\n]+`_\b", re.MULTILINE)


class _Reader:
    """Reads the lines of a text into blocks."""

    def __init__(self, text: str) -> None:
        self.lines = _list_lines(text)
        self.blocks: list[Block] = []
        self.styles: dict[int, tuple[str, bool]] = {}  # of underlined headings: the sign, and whether it is above too
        self.margins = [0]  # where the words of the items begin that are open; what is indented as far is part of them
        self.is_restructured = bool(_RESTRUCTURED.search(text))

    def read(self) -> list[Block]:
        """Return the blocks in order."""
        i = _skip_front_matter(self.lines)
        while i < len(self.lines):
            line = self.lines[i].words
            if not line.strip():
                i += 1
                continue
            self._leave_items(_indent_of(line))
            i = self._read_html(i) or self._read_heading(i) or self._read_fence(i) or self._read_lines(i)
        self._rank_headings()
        return self.blocks

    def _enter_item(self, line: str) -> None:
        if item := _ITEM.match(line):
            self._leave_items(item.start(1))
            self.margins.append(item.end(1) + (len(item[2]) if len(item[2]) < 5 else 1))

    def _leave_items(self, indent: int) -> None:
        while self.margins[-1] > indent:
            self.margins.pop()

    def _add(self, kind: str, first: int, last: int) -> int:
        """Add a block of lines; return the number of the line after it."""
        self.blocks.append(Block(kind, self.lines[first].start, self.lines[last].end))
        return last + 1

    def _read_heading(self, i: int) -> int:
        """Read a heading that begins at line `i`; return the line after it, 0 if there is none."""
        line, *below = [line.words for line in self.lines[i : i + 3]]
        if heading := _HEADING.match(line):
            self._add("heading", i, i)
            self.blocks[-1] = replace(self.blocks[-1], level=len(heading[1]), title=_read_title(heading[2]))
            return i + 1
        is_overlined = self._is_overlined(line, below)
        if is_overlined or (below and self._is_underlined(line, below[0], "".join(below[1:]))):
            self.styles[len(self.blocks)] = ((line if is_overlined else below[0]).strip()[0], is_overlined)
            title = (below[0] if is_overlined else line).strip()
            after = self._add("heading", i, i + 1 + is_overlined)
            self.blocks[-1] = replace(self.blocks[-1], title=title)
            return after
        return 0

    def _is_underlined(self, line: str, below: str, after: str) -> bool:
        if _MARKDOWN_UNDERLINE.fullmatch(below):
            return not _ITEM.match(line) and not self._opens_fence(line)
        if not _UNDERLINE.fullmatch(below) or _UNDERLINE.fullmatch(line) or re.match(r"\s|[-*+•]\s", line):
            return False
        n_signs, n_words = len(below.rstrip()), len(line.rstrip())
        if self.is_restructured and n_signs > 3:
            return True
        if below[0] == "~" and n_signs > 3 and not after.strip():
            return True  # docutils reads titles longer than their line, and the code of a fence follows at once
        # A fence right below a line of words looks the same, but is seldom as long as the words.
        is_fence = below[0] in "`~" and after.strip() and (n_signs == 3 or (below[0] == "`" and n_signs != n_words))
        return not is_fence and n_signs >= (n_words if below[0] in "`~^" else max(4, n_words))

    def _is_overlined(self, line: str, below: list[str]) -> bool:
        if len(below) < 2 or line.rstrip() != below[1].rstrip() or not _UNDERLINE.fullmatch(line):
            return False
        is_fence = line[0] in "`~" and not self.is_restructured
        return not is_fence and 0 < len(below[0].strip()) <= len(line.rstrip()) and not _UNDERLINE.fullmatch(below[0])

    def _rank_headings(self) -> None:
        """Give underlined headings their level: by sign in Markdown, by the order of styles in reStructuredText."""
        markdown = [("=", False), ("-", False)]
        is_markdown = set(self.styles.values()) <= set(markdown)
        order = markdown if is_markdown else list(dict.fromkeys(self.styles.values()))
        for number, style in self.styles.items():
            self.blocks[number] = replace(self.blocks[number], level=order.index(style) + 1)

    def _opens_fence(self, line: str) -> str:
        """Return the mark with which a line, or the item that begins on it, opens a fence; '' if it does not."""
        item = _ITEM.match(line)
        fence = _FENCE.fullmatch(line[item.end(2) :] if item else line)
        if not fence or len(fence[1]) > self.margins[-1] + 3:
            return ""
        is_transition = self.is_restructured and _UNDERLINE.fullmatch(line) and len(line.rstrip()) > 3
        return "" if is_transition else fence[2] or fence[3]

    def _read_fence(self, i: int) -> int:
        """Read a code block that begins at line `i`; it ends with its fence, its list item or the text."""
        mark = self._opens_fence(self.lines[i].words)
        if not mark:
            return 0
        self._enter_item(self.lines[i].words)
        closing = re.compile(rf" {{0,{self.margins[-1] + 3}}}{mark[0]}{{{len(mark)},}}\s*")
        last = i
        for j in range(i + 1, len(self.lines)):
            line = self.lines[j].words
            if line.strip() and _indent_of(line) < self.margins[-1]:
                break
            last = j if line.strip() else last
            if closing.fullmatch(line):
                break
        return self._add(LISTING, i, last)

    def _read_html(self, i: int) -> int:
        """Read an HTML block that ends and holds a fence, which then is none; return the line after it, else 0."""
        opening = _HTML.match(self.lines[i].words)
        if not opening:
            return 0
        ending = _HTML_ENDS[str(opening.lastgroup)]
        last = next((j for j in range(i, len(self.lines)) if ending.search(self.lines[j].words)), i)
        has_fence = any(_FENCE.fullmatch(line.words) for line in self.lines[i:last])
        return self._add("paragraph", i, last) if has_fence else 0

    def _read_lines(self, i: int) -> int:
        """Read a list, a table or a paragraph that begins at line `i`; return the line after it."""
        first = self.lines[i].words
        kind = "list" if _ITEM.match(first) else "table" if _is_row(first) else "paragraph"
        last = i
        for j in range(i, len(self.lines)):
            line = self.lines[j].words
            if not line.strip():
                if kind != "list":
                    break
                continue
            if j > last + 1 and not (_ITEM.match(line) or line[:2] == "  "):
                break
            if j > i and (
                _HEADING.match(line) or self._opens_fence(line) or (kind == "paragraph" and _ITEM.match(line))
            ):
                break
            if kind == "table" and not _is_row(line):
                break
            if kind == "list":
                self._enter_item(line)
            last = j
        return self._add(kind, i, last)


def _list_lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append(_Line(line.rstrip("\r"), start, start + len(line.rstrip())))
        start += len(line) + 1
    return lines


def _skip_front_matter(lines: list[_Line]) -> int:
    if lines and lines[0].words.strip() == "---":
        for i in range(1, min(len(lines), 100)):
            if lines[i].words.strip() == "---":
                return i + 1
    return 0


def _indent_of(line: str) -> int:
    return len(line) - len(line.lstrip())


def _read_title(words: str) -> str:
    """Return a heading's words without the closing run of # that may come after a blank (CommonMark 4.2)."""
    title = words.strip()
    opening = title.rstrip("#")
    return opening.rstrip() if opening != opening.rstrip() else title


def _is_row(line: str) -> bool:
    return " | " in line or line.lstrip().startswith("|")
