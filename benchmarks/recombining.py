"""Larger corpora made from real pages: each new page is a real one whose blocks of text were dealt out anew.

Menus, markup and sizes stay those of real pages, so that a step has as much work with a new page as with a real one.
The same seed gives the same pages, and no two pages are the same.
"""

from __future__ import annotations

import copy
import hashlib
import io
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import lxml.html
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from graylit.captures.archive_index import index_archives
from graylit.captures.warcs import read_response

BLOCKS = ("p", "ul", "ol", "table", "blockquote")
NO_TEXT = ("nav", "header", "footer", "aside", "form", *BLOCKS)  # what is inside stays as it is
MIN_CHARACTERS = 60  # of a block that is replaced: shorter ones are captions and labels
SHARE = 0.7  # of a page's blocks that are replaced


def read_pages(archive: Path) -> list[bytes]:
    """Return the pages of an archive, in the order of their addresses."""
    pages = index_archives([archive]).pages
    return [read_response(page.path, page.offset).body for _, (page, *_) in sorted(pages.items())]


def list_blocks(tree: lxml.html.HtmlElement) -> list[lxml.html.HtmlElement]:
    """Return the outermost blocks of running text of a page."""
    return [
        element
        for element in tree.iter(*BLOCKS)
        if not any(above.tag in NO_TEXT for above in element.iterancestors())
        and len(element.text_content().strip()) >= MIN_CHARACTERS
    ]


def recombine_page(page: bytes, pool: list[lxml.html.HtmlElement], chance: random.Random) -> bytes:
    """Return a page in which most blocks are replaced by blocks of the pool."""
    tree = lxml.html.fromstring(page, parser=lxml.html.HTMLParser(encoding="utf-8"))
    for block in list_blocks(tree):
        if chance.random() < SHARE:
            other = copy.deepcopy(chance.choice(pool))
            other.tail = block.tail
            block.getparent().replace(block, other)
    return lxml.html.tostring(tree, encoding="utf-8", doctype="<!doctype html>")


def recombine_pages(pages: list[bytes], n_pages: int, seed: int) -> Iterator[bytes]:
    """Yield new pages, all different, each made from one real page after the other."""
    parser = lxml.html.HTMLParser(encoding="utf-8")
    pool = [block for page in pages for block in list_blocks(lxml.html.fromstring(page, parser=parser))]
    seen: set[bytes] = set()
    number = 0
    while len(seen) < n_pages:
        page = recombine_page(pages[number % len(pages)], pool, random.Random(f"{seed}/{number}"))
        number += 1
        if (digest := hashlib.sha256(page).digest()) not in seen:
            seen.add(digest)
            yield page


def write_archive(path: Path, pages: Iterable[tuple[str, bytes]], captured_at: str) -> None:
    """Write pages, each with its address, as responses to a WARC file."""
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True, warc_version="1.1")
        for url, page in pages:
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
            record = writer.create_warc_record(
                url,
                "response",
                payload=io.BytesIO(page),
                length=len(page),
                http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
                warc_headers_dict={"WARC-Date": captured_at},
            )
            writer.write_record(record)
