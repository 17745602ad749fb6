"""The article of a page: what trafilatura makes of the page's tree, and of which paragraphs."""

from __future__ import annotations

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document

from graylit.languages.words import close_lines
from graylit.preparation.loose_words import wrap_loose_words


def find_article(tree: HtmlElement, url: str, captured_at: str) -> Document | None:
    """Return the main part of a page without menus, comments and notices, and its metadata; None if it has none."""
    _close_lines(tree)
    wrap_loose_words(tree)
    found = trafilatura.bare_extraction(
        tree,
        url=url,
        favor_recall=True,
        include_comments=False,
        with_metadata=True,
        # A page says nothing of the time after its capture; without the limit, today would be part of the result.
        date_extraction_params={"max_date": captured_at[:10], "extensive_search": True, "original_date": True},
    )
    return found if isinstance(found, Document) else None  # a dictionary if somebody asked for it, and nobody did


def _close_lines(tree: HtmlElement) -> None:
    """Take the line ends inside Chinese and Japanese words out of a page, as browsers do; trafilatura makes spaces."""
    if close_lines(content := str(tree.text_content())) == content:
        return
    for words in tree.xpath("//text()[not(ancestor::pre or ancestor::textarea)]"):
        setattr(words.getparent(), "tail" if words.is_tail else "text", close_lines(words))
