"""Words that stand between the paragraphs of a page without being one, which its extractor would drop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from lxml.html import HtmlElement

from graylit.languages.words import count_words

# What holds words as if it were a paragraph. Asides, captions, labels and the like are left out on purpose.
_BLOCKS = frozenset(["article", "center", "div", "main", "section"])
_INLINE = frozenset(
    ["a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd"]
    + ["mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"]
)
# What holds a whole page or article, and what may stand among the words that open it. The extractor passes over those.
# Words further down it finds itself; to wrap them too brought the footers of 12 of 163 real pages in.
_WHOLES = ("article", "body", "main")
_OPENING = _INLINE | {"h1", "h2", "h3", "h4", "h5", "h6", "hr"}
# What a block that is a caption, a form or an advertisement holds.
_NO_PROSE = ["img", "picture", "svg", "video", "audio", "iframe", "object", "form", "input", "button", "script"]
_SENTENCE_END = re.compile(r"[.?!…][\"'”’»)\]]*(?:\s|$)|[:;]\s*$|[。：；？！।؟۔]")
# Loose words are prose if there are some, a sentence of them ends, and few are links; the rest are labels. Of 1,334
# real pages, 12 have such prose between paragraphs, in 8 of them sentences of the article. With images and forms they
# would be 32, most of them captions; without the end of a sentence, links to other articles came in.
MIN_WORDS, MAX_LINKED = 5, 0.5


def wrap_loose_words(tree: HtmlElement) -> None:
    """Make paragraphs of the sentences that stand in other blocks between the paragraphs of a page, or in none."""
    for parent in dict.fromkeys(paragraph.getparent() for paragraph in tree.iter("p")):
        if parent is not None:
            for block in _list_between(parent):
                for inner in [inner for inner in block.iter("*") if _is_block(inner)]:
                    _wrap_runs(inner, [*inner, None])
    for whole in list(tree.iter(*_WHOLES)):
        opening = list(takewhile(lambda child: child.tag in _OPENING, whole))
        _wrap_runs(whole, [*opening, next(islice(whole, len(opening), None), None)])


def _list_between(parent: HtmlElement) -> Iterator[HtmlElement]:
    children = list(parent)
    places = [i for i, child in enumerate(children) if child.tag == "p" and child.text_content().strip()]
    for child in children[places[0] : places[-1]] if places else []:
        if _is_block(child) and next(child.iter(*_NO_PROSE), None) is None:
            yield child


def _is_block(element: HtmlElement) -> bool:
    """Return whether an element may hold words as a paragraph does; custom elements have a hyphen in their name."""
    return element.tag in _BLOCKS or "-" in element.tag


def _wrap_runs(block: HtmlElement, children: list[HtmlElement | None]) -> None:
    """Put each run of words and inline elements, up to another child or the end, into a paragraph if it is prose."""
    run: list[HtmlElement] = []
    text, before = block.text, None
    for child in children:
        if child is not None and child.tag in _INLINE:
            run.append(child)
            continue
        if _is_prose(text, run):
            paragraph = block.makeelement("p")
            paragraph.text = text
            place = 0 if before is None else block.index(before) + 1
            if before is None:
                block.text = None
            else:
                before.tail = None
            block.insert(place, paragraph)
            paragraph.extend(run)
        run, before = [], child
        text = child.tail if child is not None else None


def _is_prose(text: str | None, run: list[HtmlElement]) -> bool:
    words = " ".join([text or "", *(part for element in run for part in [*element.itertext(), element.tail or ""])])
    if count_words(words) < MIN_WORDS or not _SENTENCE_END.search(words):
        return False
    linked = sum(len(link.text_content()) for element in run for link in element.iter("a"))
    return linked <= MAX_LINKED * len(words)
