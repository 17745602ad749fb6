"""The article of a page, as trafilatura finds it, and what a page says about itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import cast

import trafilatura
from htmldate import find_date
from lxml.etree import XPath, _Element
from lxml.html import HtmlElement
from trafilatura.metadata import (
    META_URL,
    examine_meta,
    extract_author,
    extract_meta_json,
    extract_sitename,
    extract_title,
    extract_url,
)
from trafilatura.settings import Document

from graylit.preparation.loose_words import wrap_loose_words
from graylit.runs.seams import Mishap, try_apart

MIN_HEADINGS = 2  # below the title, of a page in sections: chosen, not measured
# An article that stands in several boxes, of which the library finds one: it has so many words at least, most of them
# are in the blocks of the page, and both these and the paragraphs of the page have so many times as many.
# Chosen on a third of WCXB's development pages and the Article Extraction Benchmark; short finds are mostly whole.
MIN_WORDS, MOST, MUCH_MORE = 400, 0.85, 1.5
# Characters by which a line of an article is known, and those above its first line among which a heading may stand:
# chosen, not measured.
OPENING, ABOVE = 30, 500
# Of two finds of one article: share of the words of the first that the second must have, and share of the second's
# words that the first has as many as. Chosen, not measured.
NEARLY_ALL, FEWEST = 0.95, 0.8

_BELOW_TITLE = ("h2", "h3", "h4", "h5", "h6")
_LINKED = XPath("//p//a//text()", smart_strings=False)


def find_article(tree: HtmlElement, url: str) -> _Element | None:
    """Return the main part of a page without menus, comments and notices; None if it has none. The tree is changed."""
    _drop_wordless(tree)
    wrap_loose_words(tree)
    article = _search(tree, url, is_fast=False)
    # What the library takes from readability is HTML. That may leave out passages of what the library itself had found
    # first, quotes for one; its other finds are its first, or have too few words in common with it.
    if not isinstance(article, HtmlElement) or has_headings(article):
        return article
    first = _search(tree, url, is_fast=True)
    return first if first is not None and has_same_words(first, article) else article


def _drop_wordless(tree: HtmlElement) -> None:
    """Drop what holds no words of the page and can be most of it: the library copies the tree up to five times."""
    for element in list(tree.iter("script", "style", "link", "meta", "svg")):
        if element.getparent() is not None and "json" not in element.get("type", ""):
            element.drop_tree()


def _search(tree: HtmlElement, url: str, is_fast: bool) -> _Element | None:
    # Not `favor_recall`, which switches off the library's own search for more if it finds little.
    # The library works on a copy of the tree. Its text, which a format other than "txt" makes, is not asked for.
    found = trafilatura.bare_extraction(tree, url=url, include_comments=False, fast=is_fast, output_format="txt")
    return found.body if isinstance(found, Document) else None  # a dictionary if asked for, and nobody did


def has_headings(body: _Element) -> bool:
    """Return whether there are headings in the tree of a text."""
    return next(body.iter("head"), None) is not None


def may_have_sections(tree: HtmlElement, article: _Element) -> bool:
    """Return whether the words of two headings, below a title, stand among the lines of a page's article, or above.

    To cut a page into blocks and to match them takes ten times as long, and most articles without headings have none.
    """
    text = " ".join(tree.text_content().split())
    lines = [_join(part.itertext()) for part in article]
    openings = {line[:OPENING]: len(line) for line in lines if len(line) > OPENING}
    ends = [
        (text.find(opening), text.rfind(opening) + length) for opening, length in openings.items() if opening in text
    ]
    start = min((first for first, _ in ends), default=0) - ABOVE
    among = text[max(0, start) : max((last for _, last in ends), default=None)]
    headings = (" ".join(head.text_content().split()) for head in tree.iter(*_BELOW_TITLE))
    return len(list(islice((words for words in headings if words and words in among), MIN_HEADINGS))) == MIN_HEADINGS


def _join(parts: Iterable[object]) -> str:
    return " ".join("".join(map(str, parts)).split())


def has_sections(body: _Element) -> bool:
    """Return whether there are headings with words, below a title, in the tree of a text."""
    heads = [head for head in body.iter("head") if "".join(map(str, head.itertext())).strip()]
    return sum(head.get("rend", "h2") != "h1" for head in heads) >= MIN_HEADINGS


def has_same_words(body: _Element, article: _Element) -> bool:
    """Return whether a body has nearly all words of an article, and few others."""
    words, wanted = _count_words(body.itertext()), _count_words(article.itertext())
    return (words & wanted).total() >= NEARLY_ALL * wanted.total() >= NEARLY_ALL * FEWEST * words.total()


def may_go_on(tree: HtmlElement, article: _Element) -> bool:
    """Return whether the paragraphs of a page hold much more than its article, links aside."""
    least = MUCH_MORE * _count_all(article.itertext())
    if least < MUCH_MORE * MIN_WORDS:
        return False
    in_paragraphs = _count_all(paragraph.text_content() for paragraph in tree.iter("p"))
    return in_paragraphs >= least and in_paragraphs - _count_all(cast(list[str], _LINKED(tree))) >= least


def goes_on(blocks: Iterable[str], article: _Element) -> bool:
    """Return whether blocks hold an article and much more."""
    words, wanted = _count_words(blocks), _count_words(article.itertext())
    is_held = (words & wanted).total() >= MOST * wanted.total()
    return is_held and wanted.total() >= MIN_WORDS and words.total() >= MUCH_MORE * wanted.total()


def _count_all(parts: Iterable[object]) -> int:
    return sum(len(str(part).split()) for part in parts)


def _count_words(parts: Iterable[object]) -> Counter[str]:
    return Counter(" ".join(map(str, parts)).split())


def find_about(tree: HtmlElement, url: str, captured_at: str) -> Document:
    """Return title, author, date and site that a page states, as trafilatura's `extract_metadata` finds them.

    What else that looks for takes a third of its time: categories, tags and licence, which no table holds.
    """
    about = examine_meta(tree)
    if about.author and " " not in about.author:
        about.author = None
    # What a page states for machines may bring the library down.
    stated = try_apart(extract_meta_json, tree, about)
    about = about if isinstance(stated, Mishap) else stated
    about.title = about.title or extract_title(tree)
    about.author = about.author or extract_author(tree)
    about.url = about.url or extract_url(tree, url)
    # A page says nothing of the time after its capture; without the limit, today would be part of the result.
    about.date = find_date(tree, url=about.url, max_date=captured_at[:10], original_date=True)
    about.sitename = _name_site(about.sitename or extract_sitename(tree), about.url or "")
    about.clean_and_trim()
    return about


def _name_site(name: str | None, url: str) -> str:
    if not name:
        host = META_URL.match(url)
        return host[1] if host else ""
    name = name.lstrip("@")
    return name if "." in name or name[:1].isupper() else name.title()
