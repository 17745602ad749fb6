"""The one form of all texts: plain words with Markdown's marks for headings, lists, tables and code.

Extraction writes it, segmentation reads it, people read and code it. Blocks are separated by a blank line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graylit.tables.preparation import CODE_BLOCK


@dataclass(frozen=True)
class Block:
    """A run of lines of a text that belong together; `start` and `end` are its place in the text."""

    kind: str  # heading, paragraph, list, table or code
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
