"""The article of a page: what trafilatura makes of the page's tree, and of which paragraphs."""

from __future__ import annotations

import trafilatura
from lxml.html import HtmlElement
from trafilatura.settings import Document

from graylit.preparation.loose_words import wrap_loose_words


def find_article(tree: HtmlElement, url: str, captured_at: str) -> Document | None:
    """Return the main part of a page without menus, comments and notices, and its metadata; None if it has none."""
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
