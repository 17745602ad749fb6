"""From the extractor's tree of a page to its text, in such a way that no word of the tree can be lost.

The tree is walked once, and each piece of words goes to the end of the line that is being written. What an element is
decides only where a line ends and what it begins with, never whether its words are written. Code blocks are the one
exception, if the config says so.
"""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree
from lxml.etree import _Element

from graylit.preparation.cleaning import clean_words
from graylit.preparation.post_places import POST, PostPlace, place_posts

# Elements that stand apart from the words around them; any other, known or not, is part of a sentence. The first line
# holds those of the extractor, the others are HTML that it leaves as it is.
_NAMES_APART = """p head list item table row cell quote div lb
    address article aside blockquote body br caption center dd details dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr li main nav ol pre section summary tbody td tfoot th thead tr ul"""
_APART = frozenset(_NAMES_APART.split())
_ROWS, _CELLS = ("row", "tr"), ("cell", "td", "th")
_MANY_PARAGRAPHS = 4  # in a cell, which make its table a layout: chosen, not measured

# What the words of an element become: paragraphs and other blocks; one line (of code: with all code in it); items of
# a list, words of an item; rows of a table, cells of a row; nothing.
_BLOCKS, _LINE, _CODE_LINE, _LIST, _ITEM, _TABLE, _ROW, _NOTHING = range(8)


def write_markup(body: _Element, keep_code_blocks: bool) -> str:
    """Return the text of a page from a tree of it (head, p, list, item, table, row, cell, code, quote)."""
    return write_posts(body, keep_code_blocks)[0]


def write_posts(body: _Element, keep_code_blocks: bool) -> tuple[str, tuple[PostPlace, ...]]:
    """Return the text of a page as `write_markup` does, and where in it the posts stand that the tree has marked."""
    writer = _Writer(keep_code_blocks)
    blocks = writer.write(body)
    return "\n\n".join(blocks) + ("\n" if blocks else ""), tuple(place_posts(blocks, writer.marks))


class _Writer:
    """Writes the blocks of a text while the tree is walked."""

    def __init__(self, keep_code: bool) -> None:
        self.keep_code = keep_code
        self.blocks: list[str] = []
        self.line: list[str] = []  # the pieces of the line that is being written
        self.broken_at = 0  # the number of pieces before its last line break
        self.lines: list[str] = []  # the finished lines of a list or a table
        self.cells: list[str] = []  # the finished cells of a row
        self.depth = 0  # of the list that is being written
        self.posts = [""]  # that are open, the innermost last
        self.marks: list[tuple[int, str]] = []  # from which block on the words are of which post

    def write(self, root: _Element) -> list[str]:
        """Return the blocks of a tree in order."""
        modes = [_BLOCKS]
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                modes.append(_BLOCKS if element is root else self._open(element, modes[-1]))
                if POST in element.attrib:
                    self._mark([*self.posts, element.attrib[POST]])
                if modes[-1] == _NOTHING:
                    walk.skip_subtree()
                else:
                    self.line.append(element.text or "")
                continue
            if event == "end":
                self._close(element, modes.pop(), around=modes[-1])
                if POST in element.attrib:
                    self._mark(self.posts[:-1])
            if element is not root:
                self.line.append(element.tail or "")
        self._end_paragraph()
        return self.blocks

    def _mark(self, posts: list[str]) -> None:
        """Note which post the words from here on are of."""
        self.posts = posts
        self.marks.append((len(self.blocks), posts[-1]))

    def _open(self, element: _Element, around: int) -> int:
        """End what ends where an element begins; return what its words become."""
        if around == _BLOCKS:
            return self._open_block(element)
        if around == _LIST or (around == _ITEM and element.tag == "list"):
            self._end_item()
            self.depth += element.tag == "list"
            return _LIST if element.tag == "list" else _ITEM
        if around == _TABLE and element.tag in _APART:
            self._end_loose_row()
        if around == _TABLE and element.tag in _ROWS:
            return _ROW
        if around == _ROW and element.tag in _CELLS:
            self._end_loose_cell()
        return self._open_words(element, around if around in (_TABLE, _CODE_LINE) else _LINE)

    def _open_block(self, element: _Element) -> int:
        if element.tag == "code":
            return self._open_code(element)
        if element.tag in ("lb", "br"):
            self._break_line()
        elif element.tag in _APART:
            self._end_paragraph()
        if element.tag == "table" and not _is_layout(element):
            return self._write_code(element) if _is_listing(element) else _TABLE
        return {"head": _LINE, "p": _LINE, "quote": _LINE, "list": _LIST}.get(str(element.tag), _BLOCKS)

    def _open_code(self, code: _Element) -> int:
        is_in_cell = next(code.iterancestors()).tag == "cell"
        if not _has_lines(code) and (is_in_cell or self._is_in_sentence(code)):
            return _CODE_LINE
        self._end_paragraph()
        return self._write_code(code)

    def _is_in_sentence(self, code: _Element) -> bool:
        following = next(code.itersiblings("*"), None)
        goes_on = following is not None and following.tag not in _APART | {"code"} and _has_words(following)
        return goes_on or any(map(str.strip, [*self.line, code.tail or ""]))

    def _open_words(self, element: _Element, mode: int) -> int:
        """Keep an element off the words before it if it stands apart; leave code blocks out if the config says so."""
        if element.tag == "code" and mode == _LINE and self.keep_code and _cuts_paragraph(element):
            self._end_paragraph()
            return self._write_code(element)
        is_left_out = element.tag == "code" and mode != _CODE_LINE and not self.keep_code and _has_lines(element)
        if is_left_out or element.tag in _APART:
            self.line.append(" ")
        return _NOTHING if is_left_out else _CODE_LINE if element.tag == "code" else mode

    def _close(self, element: _Element, mode: int, around: int) -> None:
        """End what ends where an element ends."""
        if mode in (_LIST, _ITEM):
            self._end_item()
            self.depth -= mode == _LIST and self.depth > 0
        elif mode == _ROW:
            self._end_row()
        elif mode == _TABLE and element.tag in _APART:
            self._end_loose_row()
        elif around == _ROW and element.tag in _CELLS:
            self.cells.append(self._take_line())
        elif around != _BLOCKS:
            self.line.append(" " if element.tag in _APART else "")
        elif element.tag == "head":
            self._end_heading(element.get("rend") or "h2")
        elif element.tag in _APART - {"lb", "br"}:
            self._end_paragraph()
        if around == _BLOCKS and mode in (_LIST, _TABLE):
            self._end_lines()

    def _take_line(self) -> str:
        words = " ".join(clean_words("".join(self.line)).split())
        self.line, self.broken_at = [], 0
        return words

    def _break_line(self) -> None:
        """Begin a new line of a paragraph; the second break in a row ends the paragraph."""
        if self.broken_at and not any(map(str.strip, self.line[self.broken_at :])):
            self._end_paragraph()
        self.line.append(" ")
        self.broken_at = len(self.line)

    def _end_paragraph(self) -> None:
        words = self._take_line()
        self.blocks += [_shield(words)] if words else []

    def _end_heading(self, level: str) -> None:
        words = self._take_line()
        self.blocks += ["#" * (int(level[1:]) if level[1:].isdigit() else 2) + f" {words}"] if words else []

    def _end_item(self) -> None:
        words = self._take_line()
        self.lines += [f"{'  ' * self.depth}- {words}"] if words else []

    def _end_loose_cell(self) -> None:
        words = self._take_line()
        self.cells += [words] if words else []

    def _end_row(self) -> None:
        self._end_loose_cell()
        self.lines += [_shield(" | ".join(self.cells))] if any(self.cells) else []
        self.cells = []

    def _end_loose_row(self) -> None:
        """Write words beside the rows of a table as a paragraph."""
        if any(map(str.strip, self.line)):
            self._end_lines()
        self._end_paragraph()

    def _end_lines(self) -> None:
        self.blocks += ["\n".join(self.lines)] if self.lines else []
        self.lines = []

    def _write_code(self, element: _Element) -> int:
        """Write a code block, unless the config says not to; its fence is longer than any in it."""
        if self.keep_code:
            lines = clean_words(_text_of(element)).strip("\n")
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", lines)), default=0))
            self.blocks.append(f"{fence}\n{lines}\n{fence}")
        return _NOTHING


def _text_of(element: _Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _has_words(element: _Element) -> bool:
    return any(str(part).strip() for part in element.itertext())


def _has_lines(code: _Element) -> bool:
    return "\n" in _text_of(code).strip()


def _cuts_paragraph(code: _Element) -> bool:
    """Return whether code is a block in the middle of a paragraph, which goes on after it."""
    return _has_lines(code) and next(code.iterancestors("list", "table", "head"), None) is None


def _shield(words: str) -> str:
    """Return the words of a paragraph such that they cannot be read as a fence, a heading or front matter."""
    return f"\\{words}" if re.match(r"```|~~~|#{1,6}\s|---$", words) else words


def _is_layout(table: _Element) -> bool:
    """Return whether a table lays out a page, so that its cells hold headings, tables or many paragraphs."""
    if any(len(list(islice(table.iter(tag), most))) == most for tag, most in (("head", 1), ("table", 2))):
        return True
    cells = table.iter(*_CELLS)
    return any(len(list(islice(cell.iter("p"), _MANY_PARAGRAPHS))) == _MANY_PARAGRAPHS for cell in cells)


def _is_listing(table: _Element) -> bool:
    """Return whether a table holds only program code and the numbers of its lines."""
    code = "".join(_text_of(part) for part in table.iter("code"))
    every = _text_of(table)
    return "\n" in code.strip() and not re.sub(r"[\d\s]", "", every.replace(code, ""))
