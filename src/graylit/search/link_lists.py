"""Lists of addresses: bookmarks of browsers, OneTab, and plain text with the query on its first line."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from graylit.search.contents import Content
from graylit.search.search_results import UNREADABLE, Found, Hit

_BOOKMARK = re.compile(r"<A\s((?:(?!<A\s)[^>])*+)>((?:(?!</?A\b).)*+)", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(r"\bHREF\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_IS_BOOKMARKS = re.compile(r"\s*<!DOCTYPE NETSCAPE-Bookmark-file-1>", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?|file|chrome|about|javascript|place|ftp|edge|data):[^\s<>\"|]+", re.IGNORECASE)
_BULLET = re.compile(r"\A\s*+(?:[-*•–]|\(?[0-9]{1,6}[.):\]])\s+")
_MARKDOWN = re.compile(r"\[([^\[\]]*+)\]\(([^\s()]++(?:\([^\s()]*+\)[^\s()]*+)*+)\)")
_ONETAB = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*:\S+)\s+\|\s?(.*)")
_ASKED = re.compile(
    r"\s*(?:#+\s*)?(?:search\s+)?(?:query|search (?:string|term)|suchanfrage|requête|búsqueda)\s*:\s*(.+)",
    re.IGNORECASE,
)
MIN_SHARE = 0.5  # of the lines of a list that hold an address: chosen


def read_bookmarks(content: Content) -> list[Found] | None:
    """Return the bookmarks of a browser as hits; None if the file holds none."""
    if not _IS_BOOKMARKS.match(content.text[:2_000]) and len(re.findall(r"<DT><A\s", content.text[:200_000], re.I)) < 1:
        return None
    hits = []
    for found in _BOOKMARK.finditer(content.text):
        href = _HREF.search(found[1])
        url = html.unescape(next(filter(None, href.groups()), "") if href else "")
        hits.append(Hit(url, found[2]))
    return [Found({}, hits)]


def read_onetab(content: Content) -> list[Found] | None:
    """Return the pages of an export of OneTab, lines of an address and a title; None if it is none."""
    lines = [line for line in content.text.split("\n") if line.strip()]
    found = [_ONETAB.fullmatch(line) for line in lines]
    if sum(match is not None for match in found) < max(1, MIN_SHARE * len(lines)):
        return None
    hits = [Hit(match[1], match[2]) if match else _read_line(line) for match, line in zip(found, lines, strict=True)]
    return [Found({}, hits)]


def read_list(content: Content) -> list[Found] | None:
    """Return the addresses of a plain text, one a line, after the query on its first line; None if it is none."""
    if content.is_json or content.is_html:
        return None
    lines = [line.strip() for line in content.text.lstrip("\ufeff").split("\n") if line.strip()]
    query = _read_query(lines)
    listed = lines[1:] if query else lines
    if not listed or sum(_holds_address(line) for line in listed) < MIN_SHARE * len(listed):
        return None
    return [Found({"query": query} if query else {}, [_read_line(line) for line in listed])]


def is_plain_list(content: Content) -> bool:
    """Return whether each line after the first holds an address and nothing else."""
    lines = [line.strip() for line in content.text.split("\n") if line.strip()][1:]
    return bool(lines) and all(
        re.fullmatch(r"[a-z]+://[^\s,;|]+|www\.[^\s,;|]+", line, re.IGNORECASE) for line in lines
    )


def _read_query(lines: Sequence[str]) -> str:
    """Return the query on the first line; '' if it holds an address, or is the name of a column."""
    if not lines or _holds_address(lines[0]):
        return ""
    if re.fullmatch(r"\[[^\]]*\]|#.*", lines[0]) and not _ASKED.fullmatch(lines[0]):  # of a file of settings, a comment
        return ""
    named = _ASKED.fullmatch(lines[0])
    return named[1].strip() if named else lines[0]


def _holds_address(line: str) -> bool:
    bare = _BULLET.sub("", line, count=1)
    return bool(ADDRESS.search(line) or re.match(r"www\.[^\s.]+\.\S+$", bare, re.IGNORECASE))


def _read_line(line: str) -> Hit:
    """Return a line of a list as a hit: its address, and the words around it as title."""
    line = _BULLET.sub("", line, count=1)
    if marked := _MARKDOWN.search(line):
        return Hit(marked[2], marked[1])
    if found := ADDRESS.search(line):
        around = f"{line[: found.start()]} {line[found.end() :]}".strip(" \t-–—|:,;<>()\"'")
        return Hit(found[0].rstrip(",;)"), re.sub(r"^(?:URL|URI|link)\s*[=:]?$", "", around, flags=re.IGNORECASE))
    if re.match(r"www\.\S+$", line, re.IGNORECASE):
        return Hit(f"https://{line}")
    return Hit(left_out=UNREADABLE)
