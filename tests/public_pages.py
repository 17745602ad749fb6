"""What holds for the pages of a site as files: their links, their anchors, the words that a reader sees."""

import html
import posixpath
import re
from collections.abc import Mapping
from urllib.parse import unquote

INLINE = "a|b|bdi|code|i|mark|small|span"  # tags that part no words


def list_pages(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the pages of a site by path."""
    return {path: content.decode("utf-8") for path, content in files.items() if path.endswith(".html")}


def show_words(page: str) -> str:
    """Return the words of a page as a reader sees them; where a block ends, no sentence goes on."""
    plain = re.sub(rf"</?(?:{INLINE})\b[^>]*>", "", page)
    return html.unescape(re.sub(r"<[^>]*>", " blockends ", plain))


def list_broken(files: Mapping[str, bytes]) -> set[tuple[str, str]]:
    """Return the links within a site that lead to no file, or to no place in a page: (page, link)."""
    pages = list_pages(files)
    places = {path: set(re.findall(r'\sid="([^"]*)"', page)) for path, page in pages.items()}
    broken = set()
    for path, page in pages.items():
        for link in re.findall(r'\s(?:href|src|action)="([^"]*)"', page):
            address, _, anchor = html.unescape(link).partition("#")
            if re.match("[a-z]+:", address):
                continue
            address = unquote(address.partition("?")[0])
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), address)) if address else path
            if target not in files or (anchor and unquote(anchor) not in places[target]):
                broken.add((path, link))
    return broken
