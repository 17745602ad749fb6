"""The main text of a page: which of its blocks belong to it, and the tree of them that is written as a text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

import numpy as np
from lxml import etree
from lxml.etree import _Element
from lxml.html import HtmlElement

from graylit.preparation.block_signs import Column, tabulate_signs
from graylit.preparation.matching import match_blocks
from graylit.preparation.page_blocks import BIT, HEADINGS, IN_LINE, UNREAD, Block, Page
from graylit.preparation.page_parts import find_contents, keep_whole_parts
from graylit.preparation.posts import unfold_posts
from graylit.preparation.weights import Weights

# What the writer of texts calls the elements of HTML; other elements that stand apart become plain boxes.
_NAMES = {
    **{tag: tag for tag in (*IN_LINE, "p", "table", "thead", "tbody", "tfoot", "caption")},
    **dict.fromkeys(HEADINGS, "head"),
    **dict.fromkeys(("ul", "ol", "dl"), "list"),
    **dict.fromkeys(("li", "dt", "dd"), "item"),
    **dict.fromkeys(("td", "th"), "cell"),
    "tr": "row",
    "pre": "code",
    "br": "lb",
}
_LONG = ("p", "ul", "ol", "dl", "div")


def choose_blocks(page: Page, shares: np.ndarray, weights: Weights) -> list[Block]:
    """Return the blocks of a page's main text; `shares` are the probabilities of the kinds that it may be of.

    A page between two kinds is read between their ways: what each kind says counts as much as the kind is likely.
    """
    if not page.blocks:
        return []
    scores = weights.score(*tabulate_signs(page)) @ shares
    share = 1 / (1 + np.exp(-scores))
    n_words = np.array([block.n_words for block in page.blocks], dtype=float)
    is_kept = keep_whole_parts(page, choose_likely(share, n_words)) & ~find_contents(page)
    return [block for block, is_main in zip(page.blocks, is_kept, strict=True) if is_main]


def find_blocks(page: Page, text: _Element) -> np.ndarray:
    """Return which blocks of a page stand in a text of it, or right above as headings: (n_blocks,) of booleans."""
    lines = "\n".join(" ".join(map(str, part.itertext())) for part in text)
    return _add_headings(page, match_blocks([block.text for block in page.blocks], lines))


def count_headings(page: Page, is_found: np.ndarray) -> int:
    """Return how many blocks of headings there are from the first to the last block that was found."""
    places = np.flatnonzero(is_found)
    within = page.blocks[places[0] : places[-1] + 1] if len(places) else []
    return sum(bool(page.boxes[block.box].marks_around & BIT["heading"]) for block in within)


def fill_between(page: Page, is_found: np.ndarray, chosen: Iterable[Block]) -> list[Block]:
    """Return the blocks of a page that were found, the chosen ones between them, and the headings right above them."""
    numbers, places = {id(block) for block in chosen}, np.flatnonzero(is_found)
    is_kept = is_found.copy()
    for number in range(places[0], places[-1]) if len(places) else ():
        is_kept[number] |= id(page.blocks[number]) in numbers
    is_kept = _add_headings(page, is_kept)
    return [block for block, is_main in zip(page.blocks, is_kept, strict=True) if is_main]


def _add_headings(page: Page, is_kept: np.ndarray) -> np.ndarray:
    with_headings = is_kept.copy()
    for number in range(len(page.blocks) - 2, -1, -1):
        block = page.blocks[number]
        # The heading of a section is no link; that of a box about another page is one.
        with_headings[number] |= block.tag in HEADINGS and not block.n_linked and with_headings[number + 1]
    return with_headings


def choose_likely(share: Column, n_words: Column) -> np.ndarray:
    """Return which blocks to keep so that the expected F1 of words is highest: the likeliest ones, up to some point.

    References
    ----------
    Lipton, Elkan and Naryanaswamy (2014), https://doi.org/10.1007/978-3-662-44851-9_15.
    """
    order = np.argsort(-share, kind="stable")
    told, kept = np.cumsum((share * n_words)[order]), np.cumsum(n_words[order])
    n_kept = int(np.argmax(2 * told / (kept + told[-1]))) + 1
    is_kept = np.zeros(len(share), dtype=bool)
    is_kept[order[:n_kept]] = True
    return is_kept


def build_body(tree: HtmlElement, page: Page, kept: Iterable[Block]) -> HtmlElement:
    """Return the body of a page with the words of kept blocks only, in the elements that `write_markup` reads.

    The tree is changed: read what else it says of the page before.
    """
    numbers = {id(block) for block in kept}
    for block in (*page.blocks, *page.marks):
        if id(block) not in numbers:
            for element, is_tail in block.slots:
                _blank(element, is_tail)
    body = tree.find("body")
    body = tree if body is None else body
    for element in list(body.iter(*UNREAD)):
        element.drop_tree()
    _unfold_cards(body)
    _join_definitions(body)
    for listing in body.iter("pre"):
        etree.strip_tags(listing, "code")  # of a listing, the writer asks for one element
    for element in body.iter("*"):
        if element.tag in HEADINGS:
            element.set("rend", element.tag)
        element.tag = _NAMES.get(element.tag, "div")
    unfold_posts(body)
    return body


def _blank(element: HtmlElement, is_tail: bool) -> None:
    if is_tail:
        element.tail = " "
    else:
        element.text = " "


def _unfold_cards(body: HtmlElement) -> None:
    """Make plain boxes of lists whose items hold headings, tables or code, which an item's line could not show."""
    for items in list(body.iter("ul", "ol", "dl")):
        if next(items.iter(*HEADINGS, "table", "pre"), None) is not None or _has_long_definitions(items):
            items.tag = "div"
            for item in items.iterchildren("li", "dt", "dd"):
                item.tag = "div"


def _has_long_definitions(items: HtmlElement) -> bool:
    """Return whether a definition of a list, of a method for one, has paragraphs or lists of its own."""
    return any(len(list(islice(words.iterchildren(*_LONG), 2))) > 1 for words in items.iterchildren("dd"))


def _join_definitions(body: HtmlElement) -> None:
    """Put definitions below what they define, as a list in its item."""
    for definition in list(body.iter("dd")):
        term = definition.getprevious()
        if term is None or term.tag != "dt" or (term.tail or "").strip():
            continue
        below = etree.SubElement(term, "ul")
        below.append(definition)
