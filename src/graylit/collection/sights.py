"""Pages as their readers would see them: headings, words, paragraphs, and what they are built of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html
from lxml import etree

from graylit.languages.words import count_words

# ASSUME: what has more words than this is a page of its own, whatever it says about cookies, accounts or errors.
# On the 163 real pages of the corpus no sign is seen on a page that is one (docs/decisions/0011).
MANY_WORDS = 400
BLOCK_WORDS = 10  # fewer words are a label, a link or a button, and no running text: chosen, not measured
# Elements inside a paragraph; any other begins or ends one.
INLINE = frozenset(
    ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i"]
    + ["ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup"]
    + ["time", "tt", "u", "var", "wbr"]
)


@dataclass(frozen=True)
class Sight:
    """A page as its reader would see it: title and first headings, visible words, what it is built of.

    `blocks` are its paragraphs of running text, if it has few words.
    """

    headings: tuple[str, ...]
    words: str
    n_words: int
    blocks: tuple[str, ...]
    has_password: bool
    has_form: bool
    n_scripts: int
    unscripted: str
    is_locked: bool

    def count_about(self, topic: re.Pattern[str]) -> int:
        """Return the number of words of running text in paragraphs that speak of a topic."""
        return sum(count_words(block) for block in self.blocks if topic.search(block))

    def count_beside(self, topic: re.Pattern[str]) -> int:
        """Return the number of words of running text in paragraphs that do not speak of a topic."""
        return sum(count_words(block) for block in self.blocks if not topic.search(block))


def see_page(tree: lxml.html.HtmlElement) -> Sight:
    """Return what a reader would see of a page. Takes out of the tree what is not shown."""
    declared = [script.text or "" for script in tree.iter("script") if "ld+json" in (script.get("type") or "")]
    unscripted = " ".join(_words_of(element) for element in tree.iter("noscript"))
    n_scripts = sum("json" not in (script.get("type") or "") for script in tree.iter("script"))
    for hidden in [*tree.iter("script", "style", "noscript", "template")]:
        if isinstance(hidden, lxml.html.HtmlElement):  # all of them are
            hidden.drop_tree()
    titles = [element for element in tree.iter("title", "h1") if next(element.iterancestors("svg"), None) is None]
    headings = [" ".join(_words_of(element).split()) for element in titles]
    body = tree.find("body")
    shown = tree if body is None else body
    words = " ".join(_words_of(shown).split())
    n_words = count_words(words)
    return Sight(
        headings=tuple(headings[:3]),
        words=words,
        n_words=n_words,
        blocks=tuple(_list_blocks(shown)) if n_words < MANY_WORDS else (),
        has_password=bool(tree.xpath("//input[@type='password']")),
        has_form=bool(tree.xpath("//form|//button")),
        n_scripts=n_scripts,
        unscripted=unscripted,
        is_locked=any(_says_locked(words) for words in declared),
    )


def _words_of(element: etree._Element) -> str:
    return " ".join(str(part) for part in element.itertext())


def _list_blocks(shown: etree._Element) -> Iterator[str]:
    """Yield the paragraphs of running text, in whatever elements they stand."""
    parts: list[str] = []
    for event, element in etree.iterwalk(shown, events=("start", "end")):
        if element.tag not in INLINE:
            block = "".join(parts)
            if count_words(block) >= BLOCK_WORDS:
                yield block
            parts = []
        parts.append((element.text if event == "start" else element.tail) or "")


def _says_locked(declared: str) -> bool:
    """Return whether JSON-LD says that reading costs money (schema.org isAccessibleForFree)."""
    try:
        found = json.loads(declared)
    except (ValueError, RecursionError):  # pages hold whatever they like, also a hundred thousand brackets
        return False
    parts = found if isinstance(found, list) else [found]
    states = [part.get("isAccessibleForFree") for part in parts if isinstance(part, dict)]
    return any(state is False or (isinstance(state, str) and state.lower() == "false") for state in states)
