"""A page read in the way that suits its kind: the tree of its main text, and what it says about itself."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml.etree import _Element
from lxml.html import HtmlElement

from graylit.captures.page_trees import find_base
from graylit.languages.words import close_lines
from graylit.preparation.articles import (
    MIN_HEADINGS,
    find_about,
    find_article,
    goes_on,
    has_headings,
    has_same_words,
    has_sections,
    may_go_on,
    may_have_sections,
)
from graylit.preparation.page_blocks import BIT, Block, Page, cut_page
from graylit.preparation.page_bodies import build_body, choose_blocks, count_headings, fill_between, find_blocks
from graylit.preparation.page_kinds import tell_page_kind
from graylit.preparation.page_parts import place_tab_labels
from graylit.preparation.post_signs import states_posts
from graylit.preparation.posts import list_posts, mark_posts
from graylit.preparation.weights import Trained, read_trained
from graylit.tables.addresses import join_address, read_address

TABLE = BIT["table"]
FORUM = "forum"
MOST_IN_CELLS = 0.5  # share of a page's words in cells: with more, tables lay out the page; chosen, not measured


@dataclass(frozen=True)
class About:
    """What a page says about itself, each '' if it does not say."""

    title: str
    author: str
    published: str
    site: str
    language: str
    canonical_url: str


@dataclass(frozen=True)
class ReadPage:
    """The tree of a page's main text, None if it has none; its kind, and the way it was read."""

    body: _Element | None
    about: About
    kind: str = ""
    probability: float = 0.0
    way: str = ""  # article: what trafilatura finds; blocks: blocks chosen one by one


def read_page(tree: HtmlElement, url: str, captured_at: str, trained: Trained | None = None) -> ReadPage:
    """Return what a page says, by the weights that are shipped or by others. The tree is used up."""
    trained = trained or read_trained()
    _close_lines(tree)
    about = read_about(tree, url, captured_at)
    kind, page = tell_page_kind(tree, url, trained.kind)
    posts = list_posts(tree, url) if kind.name == FORUM or states_posts(tree) else []
    mark_posts(posts)
    is_article = not posts and kind.is_read_as_article and not (page and is_laid_out_in_tables(page))
    article = find_article(tree, url) if is_article else None
    body, way = article, "article"
    is_more = article is None or may_go_on(tree, article)
    if article is None or is_more or (not has_headings(article) and may_have_sections(tree, article)):
        has_tabs = place_tab_labels(tree)
        if page is None or is_article or has_tabs:
            page = cut_page(tree)  # the search, or the labels of tabs, have changed the tree
        choose = functools.partial(choose_blocks, page, kind.shares, trained.block)
        body, way = _read_blocks(tree, page, article, is_more, choose)
    return ReadPage(None, about) if body is None else ReadPage(body, about, kind.name, kind.probability, way)


def _read_blocks(
    tree: HtmlElement, page: Page, article: _Element | None, is_more: bool, choose: Callable[[], list[Block]]
) -> tuple[_Element | None, str]:
    """Return the tree of a page's main text and the way it was read: by its chosen blocks, or by its article."""
    if article is None or is_more:
        chosen = choose()
        if article is None or goes_on([block.text for block in chosen], article):
            return (build_body(tree, page, chosen), "blocks") if chosen else (article, "article")
    if has_headings(article):
        return article, "article"
    # What the library finds as a last resort, in short pages for one, is bare of headings and lists.
    is_found = find_blocks(page, article)
    if count_headings(page, is_found) < MIN_HEADINGS:  # choosing blocks, and building a tree of them, takes long
        return article, "article"
    body = build_body(tree, page, fill_between(page, is_found, choose()))
    return (body if has_sections(body) and has_same_words(body, article) else article), "article"


def _close_lines(tree: HtmlElement) -> None:
    """Take the line ends inside Chinese and Japanese words out of a page, as browsers do; extraction makes spaces."""
    if close_lines(content := tree.text_content()) == content:
        return
    for words in tree.xpath("//text()[not(ancestor::pre or ancestor::textarea)]"):
        setattr(words.getparent(), "tail" if words.is_tail else "text", close_lines(words))


def is_laid_out_in_tables(page: Page) -> bool:
    """Return whether most words of a page stand in cells of tables, of which an extractor of articles makes rows."""
    marks = [page.boxes[block.box].marks_around for block in page.blocks]
    in_cells = sum(block.n_words for block, mark in zip(page.blocks, marks, strict=True) if mark & TABLE)
    return in_cells > MOST_IN_CELLS * sum(block.n_words for block in page.blocks)


def read_about(tree: HtmlElement, url: str, captured_at: str) -> About:
    """Return what a page says about itself, each part on one line."""
    about = find_about(tree, url, captured_at)
    stated = (about.title, about.author, about.date, about.sitename)
    title, author, published, site = (" ".join((part or "").split()) for part in stated)
    language = (tree.get("lang") or "").split("-")[0].lower()
    return About(title, author, published, site, language, find_canonical_url(tree, url))


def find_canonical_url(tree: HtmlElement, url: str) -> str:
    """Return the address that a page at `url` calls its own; '' if it names none."""
    links = (link for link in tree.iter("link") if "canonical" in link.get("rel", "").lower().split())
    href = next((link.get("href", "").strip() for link in links), "")
    address = read_address(join_address(find_base(tree, url), href)) if re.fullmatch(r"\S+", href) else None
    if not address or not address.is_web:
        return ""
    return href if re.match("https?://", href) else address.whole
