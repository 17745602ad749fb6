"""The article of a page, as trafilatura finds it, and what a page says about itself."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy

import trafilatura
from lxml.etree import _Element
from lxml.html import HtmlElement
from trafilatura.settings import Document

from graylit.preparation.loose_words import wrap_loose_words

MIN_HEADINGS = 2  # below the title, of a page in sections: chosen, not measured
MOST = 0.8  # share of words that two finds of one text have in common at least: chosen, not measured
NEARLY_ALL = 0.95  # share of an article's words that another find must have to replace it: chosen, not measured


def find_article(tree: HtmlElement, url: str) -> _Element | None:
    """Return the main part of a page without menus, comments and notices; None if it has none. The tree is changed."""
    wrap_loose_words(tree)
    unchanged = deepcopy(tree)
    article = _search(tree, url, is_fast=False)
    if article is None or has_headings(article):
        return article
    # What the library finds as a last resort may leave out passages of what it found first, quotes for one.
    first = _search(unchanged, url, is_fast=True)
    return first if first is not None and shares_words(first, article, NEARLY_ALL) else article


def _search(tree: HtmlElement, url: str, is_fast: bool) -> _Element | None:
    # Not `favor_recall`, which switches off the library's own search for more if it finds little.
    found = trafilatura.bare_extraction(tree, url=url, include_comments=False, fast=is_fast)
    return found.body if isinstance(found, Document) else None  # a dictionary if asked for, and nobody did


def has_headings(body: _Element) -> bool:
    """Return whether there are headings in the tree of a text."""
    return next(body.iter("head"), None) is not None


def is_better_told(body: _Element, article: _Element) -> bool:
    """Return whether a body has sections, unlike an article, and its words, but not many more."""
    heads = [head for head in body.iter("head") if "".join(map(str, head.itertext())).strip()]
    if sum(head.get("rend", "h2") != "h1" for head in heads) < MIN_HEADINGS:
        return False
    return shares_words(body, article, MOST)


def shares_words(body: _Element, article: _Element, least: float) -> bool:
    """Return whether a body has at least a share of the words of an article, and not many more."""
    words, wanted = (Counter(" ".join(map(str, part.itertext())).split()) for part in (body, article))
    return (words & wanted).total() >= least * wanted.total() and words.total() <= wanted.total() / MOST


def find_about(tree: HtmlElement, url: str, captured_at: str) -> Document:
    """Return title, author, date and site that a page states."""
    # A page says nothing of the time after its capture; without the limit, today would be part of the result.
    dates = {"max_date": captured_at[:10], "extensive_search": True, "original_date": True}
    return trafilatura.extract_metadata(tree, url, dates)
