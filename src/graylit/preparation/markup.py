"""The one form of all texts: plain words with Markdown's marks for headings, lists, tables and code.

Extraction writes it, segmentation reads it, people read and code it. Blocks are separated by a blank line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml.etree import _Element

from graylit.tables.preparation import CODE_BLOCK

_BLOCKS = {"p", "head", "list", "item", "table", "row", "cell", "code", "quote", "div", "lb"}


@dataclass(frozen=True)
class Block:
    """A run of lines of a text that belong together; `start` and `end` are its place in the text."""

    kind: str  # heading, paragraph, list, table or code
    start: int
    end: int
    level: int = 0  # of a heading, from 1
    title: str = ""  # of a heading


def _text_of(element: _Element) -> str:
    return "".join(str(part) for part in element.itertext())


def write_markup(body: _Element, title: str, keep_code_blocks: bool) -> str:
    """Return the text of a page from trafilatura's tree of it (head, p, list, item, table, row, cell, code, quote)."""
    blocks = [text for element in body for text in _write_element(element, keep_code_blocks) if text.strip()]
    if title and not any(same_words(title, block) for block in blocks[:3]):
        blocks.insert(0, f"# {title}")
    return "\n\n".join(blocks) + ("\n" if blocks else "")


def _write_element(element: _Element, keep_code: bool) -> Iterator[str]:
    if element.tag == "head":
        level, words = (element.get("rend") or "h2")[1:], _inline(element, keep_code)
        if words:
            yield "#" * (int(level) if level.isdigit() else 2) + " " + words
    elif element.tag == "list":
        yield "\n".join(_write_items(element, keep_code, depth=0))
    elif element.tag == "table":
        if _is_layout(element):
            for cell in element.iter("cell"):
                if not _is_nested(cell, element):
                    yield from _write_children(cell, keep_code)
        elif _is_listing(element):
            yield from _write_code(element, keep_code)
        else:
            rows = ([_inline(c, keep_code) for c in row.iter("cell")] for row in element.iter("row"))
            yield "\n".join(" | ".join(cells) for cells in rows if any(cells))
    elif element.tag == "code":
        yield from _write_code(element, keep_code)
    else:
        yield _inline(element, keep_code)


def _write_items(element: _Element, keep_code: bool, depth: int) -> Iterator[str]:
    for item in element:
        if item.tag == "list":
            yield from _write_items(item, keep_code, depth + 1)
            continue
        words = _inline(item, keep_code, skip_lists=True)
        if words:
            yield "  " * depth + "- " + words
        for inner in item.iterchildren("list"):
            yield from _write_items(inner, keep_code, depth + 1)


def _write_code(element: _Element, keep_code: bool) -> Iterator[str]:
    if keep_code:
        lines = _text_of(element).strip("\n").replace("```", "'''")
        yield f"```\n{lines}\n```"


def _inline(element: _Element, keep_code: bool, skip_lists: bool = False) -> str:
    """Return an element's words on one line; blocks inside it are kept apart by a space."""
    parts = [element.text or ""]
    for child in element:
        is_list = skip_lists and child.tag == "list"
        is_dropped = child.tag == "code" and "\n" in _text_of(child).strip() and not keep_code
        if not (is_list or is_dropped):
            inner = _inline(child, keep_code)
            parts.append(f" {inner} " if child.tag in _BLOCKS - {"code"} else inner)
        parts.append((" " if is_list or is_dropped else "") + (child.tail or ""))
    return " ".join("".join(parts).split())


def _write_children(parent: _Element, keep_code: bool) -> Iterator[str]:
    """Write what a layout cell holds as if it stood in the page's body: its blocks, and loose words as paragraphs."""
    loose = [parent.text or ""]
    for child in parent:
        if child.tag in _BLOCKS - {"lb"} and not (child.tag == "code" and "\n" not in _text_of(child).strip()):
            yield " ".join("".join(loose).split())
            yield from _write_element(child, keep_code)
            loose = [child.tail or ""]
        else:
            loose += [_inline(child, keep_code), " " if child.tag == "lb" else "", child.tail or ""]
    yield " ".join("".join(loose).split())


def _is_layout(table: _Element) -> bool:
    """Return whether a table lays out a page, so that its cells hold headings, tables or many paragraphs."""
    if next(table.iter("head"), None) is not None or len(list(table.iter("table"))) > 1:
        return True
    return any(len(list(cell.iter("p"))) > 3 for cell in table.iter("cell"))


def _is_nested(cell: _Element, table: _Element) -> bool:
    return next(cell.iterancestors("table")) is not table


def _is_listing(table: _Element) -> bool:
    """Return whether a table holds only program code and the numbers of its lines."""
    code = "".join(_text_of(part) for part in table.iter("code"))
    every = _text_of(table)
    return "\n" in code.strip() and not re.sub(r"[\d\s]", "", every.replace(code, ""))


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
    blocks: list[Block] = []
    lines = _lines_with_positions(text)
    i = _skip_front_matter(lines)
    while i < len(lines):
        line, start, _ = lines[i]
        if not line.strip():
            i += 1
        elif re.match(r" {0,3}(```|~~~)", line):
            i = _read_fence(lines, i, blocks)
        elif heading := re.match(r" {0,3}(#{1,6})\s+(.*?)(\s+#+)?\s*$", line):
            blocks.append(Block("heading", start, start + len(line), len(heading[1]), heading[2]))
            i += 1
        elif i + 1 < len(lines) and re.fullmatch(r" {0,3}(=+|-{3,})\s*", lines[i + 1][0]) and not _is_item(line):
            level = 1 if "=" in lines[i + 1][0] else 2
            blocks.append(Block("heading", start, lines[i + 1][2], level, line.strip()))
            i += 2
        else:
            i = _read_lines(lines, i, blocks)
    return blocks


def _lines_with_positions(text: str) -> list[tuple[str, int, int]]:
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append((line.rstrip("\r"), start, start + len(line.rstrip())))
        start += len(line) + 1
    return lines


def _skip_front_matter(lines: list[tuple[str, int, int]]) -> int:
    if lines and lines[0][0].strip() == "---":
        for i in range(1, min(len(lines), 100)):
            if lines[i][0].strip() == "---":
                return i + 1
    return 0


def _read_fence(lines: list[tuple[str, int, int]], i: int, blocks: list[Block]) -> int:
    mark = lines[i][0].strip()[:3]
    last = next((j for j in range(i + 1, len(lines)) if lines[j][0].strip().startswith(mark)), len(lines) - 1)
    blocks.append(Block(CODE_BLOCK, lines[i][1], lines[last][2]))
    return last + 1


def _is_item(line: str) -> bool:
    return bool(re.match(r"\s*([-*+•]|\d{1,3}[.)])\s+\S", line))


def _is_row(line: str) -> bool:
    return " | " in line or line.lstrip().startswith("|")


def _read_lines(lines: list[tuple[str, int, int]], i: int, blocks: list[Block]) -> int:
    """Read a list, a table or a paragraph that starts at line `i`; return the line after it."""
    first = lines[i][0]
    kind = "list" if _is_item(first) else "table" if _is_row(first) else "paragraph"
    last = i
    for j in range(i + 1, len(lines)):
        line = lines[j][0]
        if not line.strip():
            following = next((k for k in range(j, len(lines)) if lines[k][0].strip()), None)
            goes_on = following is not None and (_is_item(lines[following][0]) or lines[following][0][:2] == "  ")
            if kind != "list" or not goes_on:
                break
            continue
        if re.match(r" {0,3}(#{1,6}\s|```|~~~)", line) or (kind == "paragraph" and _is_item(line)):
            break
        if kind == "table" and not _is_row(line):
            break
        last = j
    blocks.append(Block(kind, lines[i][1], lines[last][2]))
    return last + 1
