"""A page cut into blocks: runs of words that stand together, each with the boxes (elements) around it.

Blocks are what the main text of a page is chosen from. Boxes say where a block stands: by their tags, by words in
their classes and ids, and by how much else they hold.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from lxml.html import HtmlElement

# Elements whose words nobody reads on the page. What stands in `noscript` is kept: forums serve whole threads in it.
_UNREAD = """applet area audio base canvas col colgroup datalist embed frame frameset head iframe input link map math
    meta object option param script select source style svg template textarea track video"""
UNREAD = frozenset(_UNREAD.split())
# Elements that are part of the line of words around them.
_IN_LINE = """a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark nobr picture q rp
    rt ruby s samp small span strike strong sub sup time tt u var wbr"""
IN_LINE = frozenset(_IN_LINE.split())
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))

# Words in the classes and ids of boxes, by what they say of them.
CLASS_WORDS = {
    "menu": "nav menu topbar toolbar dropdown masthead skip",
    "footer": "foot copyright legal colophon",
    "side": "side rail secondary widget module",
    "comment": "comment disqus respond discussion",
    "post": "post thread topic message answer question reply replies",
    "related": "related recommend similar popular trending more-from next upsell cross-sell recent also-",
    "share": "share sharing social follow tweet",
    "notice": "cookie consent gdpr privacy banner alert notice announce",
    "advert": "advert sponsor promo taboola outbrain -ads ads- adslot",
    "main": "content main article body entry story text prose markdown",
    "opening": "hero jumbotron headline intro lead",
    "card": "card item tile grid listing product result teaser box col-",
    "price": "price cart buy sku stock shipping checkout variant quantity swatch",
    "review": "review rating testimonial quote star",
    "trail": "crumb pagination pager page-numbers",
    "popup": "modal popup overlay drawer lightbox tooltip offcanvas dialog",
    "hidden": "hidden hide sr-only visually screen-reader collapse d-none invisible mobile",
    "byline": "author byline meta date time avatar user profile bio",
    "label": "tag categor label badge chip filter facet sort refine",
    "button": "btn button cta signup sign-up login subscribe newsletter form search optin",
    "contents": "toc table-of-contents on-this-page jump",
    "part": "faq accordion tab panel feature benefit section block service spec desc detail about overview",
    "title": "header head title",
}
# What the tag or the role of a box says of it.
TAG_MARKS = {
    "nav": "nav navigation",
    "foot": "footer contentinfo",
    "head": "header banner",
    "aside": "aside complementary",
    "main_tag": "main",
    "article": "article",
    "section": "section",
    "form": "form",
    "table": "table",
    "list": "ul ol",
    "terms": "dl",
    "figure": "figure",
    "button_tag": "button",
    "details": "details",
    "quote": "blockquote",
    "code": "pre",
    "noscript": "noscript",
    "heading": "h1 h2 h3 h4 h5 h6",
    "paragraph": "p",
}
MARKS = (*CLASS_WORDS, *TAG_MARKS, "unseen")  # bits of Box.marks, the first one lowest
BIT = {mark: 1 << place for place, mark in enumerate(MARKS)}
_BIT_OF_TAG = {tag: BIT[mark] for mark, tags in TAG_MARKS.items() for tag in tags.split()}
_BIT_OF_WORD = {word: BIT[mark] for mark, words in CLASS_WORDS.items() for word in words.split()}
_CLASS_WORD = re.compile("|".join(sorted(map(re.escape, _BIT_OF_WORD), key=len, reverse=True)))
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"\w")
CHARACTERS_PER_WORD = 8  # at least one word for so many, for writing without spaces: chosen, not measured


@dataclass(slots=True)
class Box:
    """An element that stands apart, with what stands in it. `twins` are its siblings of the same tag and class."""

    tag: str
    class_words: str
    parent: int
    marks: int  # bits of MARKS
    marks_around: int  # its own and those of all boxes around it
    depth: int
    n_words: int = 0
    n_linked: int = 0
    n_blocks: int = 0
    n_paragraphs: int = 0
    n_inward: int = 0
    n_twins: int = 1


@dataclass(slots=True)
class Block:
    """A run of words in one box. `slots` are where they stand: an element, and whether in its tail.

    Of its words, `n_linked` are in links, and `n_inward` of these in links to places of the same page.
    """

    box: int
    tag: str
    text: str = ""
    n_words: int = 0
    n_linked: int = 0
    n_inward: int = 0
    slots: list[tuple[HtmlElement, bool]] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """The blocks of a page in order; marks without words, such as bullets; its boxes, outer ones first."""

    blocks: list[Block]
    marks: list[Block]
    boxes: list[Box]


def cut_page(tree: HtmlElement) -> Page:
    """Return the blocks and boxes of a page."""
    cutter = _Cutter()
    body = tree.find("body")
    cutter.walk(tree if body is None else body, box=-1, link="")
    blocks = [_finish(block) for block in cutter.blocks]
    marks = [block for block in blocks if not _WORD.search(block.text)]
    page = Page([block for block in blocks if _WORD.search(block.text)], marks, cutter.boxes)
    _count_contents(page)
    return page


class _Cutter:
    """Collects blocks and boxes while the tree is walked."""

    def __init__(self) -> None:
        self.boxes: list[Box] = []
        self.blocks: list[Block] = []
        self.is_open = False  # whether further words belong to the last block

    def walk(self, element: HtmlElement, box: int, link: str) -> None:
        """Collect what stands in an element; the parser has seen to it that the tree is not too deep."""
        tag = element.tag
        if tag in UNREAD:
            return
        is_apart = tag not in IN_LINE
        if is_apart:
            self.boxes.append(_describe_box(element, tag, box, self.boxes))
            box, self.is_open = len(self.boxes) - 1, False
        elif tag == "br" and self.is_open:
            self.blocks[-1].pieces.append(" ")
        elif tag == "a":
            link = element.get("href") or "no address"
        if words := element.text:
            self._add(element, False, words, box, link)
        for child in element:
            self.walk(child, box, link)
            if words := child.tail:
                self._add(child, True, words, box, link)
        if is_apart:
            self.is_open = False

    def _add(self, element: HtmlElement, is_tail: bool, words: str, box: int, link: str) -> None:
        if not self.is_open or self.blocks[-1].box != box:
            if words.isspace() and not self.is_open:
                return
            self.blocks.append(Block(box, self.boxes[box].tag))
            self.is_open = True
        block = self.blocks[-1]
        block.slots.append((element, is_tail))
        block.pieces.append(words)
        if link:
            n_words = len(words.split())
            block.n_linked += n_words
            block.n_inward += n_words * (link[0] == "#" and len(link) > 1)


def _describe_box(element: HtmlElement, tag: str, parent: int, boxes: list[Box]) -> Box:
    marks, class_words = _BIT_OF_TAG.get(tag, 0), ""
    for name, stated in element.items():
        if name == "class":
            class_words = stated
            marks |= _mark_classes(stated)
        elif name == "id":
            marks |= _mark_classes(stated)
        elif name == "role":
            marks |= _BIT_OF_TAG.get(stated, 0)
        elif _is_unseen(name, stated):
            marks |= BIT["unseen"]
    if parent < 0:
        return Box(tag, class_words, parent, marks, marks, 0)
    around = boxes[parent]
    return Box(tag, class_words, parent, marks, marks | around.marks_around, around.depth + 1)


def _is_unseen(name: str, stated: str) -> bool:
    if name == "style":
        return "display:none" in stated.replace(" ", "")
    return name == "hidden" or (name == "aria-hidden" and stated == "true")


@functools.lru_cache(maxsize=20_000)
def _mark_classes(words: str) -> int:
    marks = 0
    for word in _CLASS_WORD.findall(_CAMEL.sub("-", words).lower()):
        marks |= _BIT_OF_WORD[word]
    return marks


def _finish(block: Block) -> Block:
    words = "".join(block.pieces).split()
    block.text = " ".join(words)
    block.n_words = max(len(words), len(block.text) // CHARACTERS_PER_WORD)
    return block


def _count_contents(page: Page) -> None:
    """Add up in each box what stands in it, and count its twins."""
    for block in page.blocks:
        box = page.boxes[block.box]
        box.n_words += block.n_words
        box.n_linked += block.n_linked
        box.n_inward += block.n_inward
        box.n_blocks += 1
        box.n_paragraphs += block.tag == "p"
    twins: dict[tuple[int, str, str], int] = {}
    for box in reversed(page.boxes):  # inner ones first
        if not box.n_blocks:
            continue
        key = (box.parent, box.tag, box.class_words)
        twins[key] = twins.get(key, 0) + 1
        if box.parent >= 0:
            around = page.boxes[box.parent]
            around.n_words += box.n_words
            around.n_linked += box.n_linked
            around.n_inward += box.n_inward
            around.n_blocks += box.n_blocks
            around.n_paragraphs += box.n_paragraphs
    for box in page.boxes:
        box.n_twins = twins.get((box.parent, box.tag, box.class_words), 1)
