"""Titles of search hits: engines cut them, and sites add their own names to them."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from graylit.languages.stop_words import list_stop_words
from graylit.languages.words import list_words

# Signs that part a title from the names of its site, section and author.
PARTS = re.compile(r" [|\-–—·•»«]+ | ?[|»•] ?| :: ")
ADDRESS = re.compile(r"(?:https?://)?[^\s/]*\.[^\s]*", re.IGNORECASE)
CUT = re.compile(r" ?(?:(?<!\.)\.{2,}|…)\Z")
WORD = re.compile(r"[\w+#]+(?:[.'’][\w+#]+)*")
# A title of fewer words is borne by many pages: Getting started, About us, Part 2. Chosen, and measured with
# benchmarks/bench_duplicates.py.
MIN_WORDS = 3
# What pages are called that every site has; such a title identifies none.
EVERYWHERE = re.compile(
    r"\b(?:privacy|cookies?|terms (?:of|and)|log ?in|sign ?(?:in|up)|register|password|do not sell|opt[ -]?out|"
    r"subscribe|newsletter|free (?:trial|quote)|contact us|get the .* app|all rights reserved|page not found|"
    r"access denied)\b"
)
N_START = 4  # words by which a title that an engine cut is looked for
NEAR = 0.8  # share of words in common from which two titles may be one, reworded


class Title(NamedTuple):
    """A title as words: all of them, those of its longest part, and whether an engine cut it."""

    words: tuple[str, ...]
    main: tuple[str, ...]
    is_cut: bool

    @property
    def n_telling(self) -> int:
        """Return how many of its words say what it is about; none if every site has a page of that title."""
        if EVERYWHERE.search(" ".join(self.words)):
            return 0
        return sum(not word.isdigit() for word in set(self.main) - list_stop_words("en"))

    @property
    def numbers(self) -> tuple[str, ...]:
        """Return the numbers in it, which tell years, versions and parts of a series apart."""
        return tuple(word for word in self.main if any(map(str.isdigit, word)))


@lru_cache(maxsize=200_000)
def read_title(text: str) -> Title:
    """Return the words of a title; none if it is an address or nothing."""
    plain = unicodedata.normalize("NFKC", html.unescape(text))
    plain = " ".join(plain.split())
    if ADDRESS.fullmatch(plain):  # what a candidate is called whose title is unknown
        plain = ""
    is_cut = CUT.search(plain) is not None
    plain = CUT.sub("", plain)
    parts = [tuple(_list_words(part)) for part in PARTS.split(plain)]
    main = max(parts, key=lambda part: (len(part), len(" ".join(part))), default=())
    return Title(tuple(_list_words(plain)), main, is_cut)


def _list_words(text: str) -> Iterator[str]:
    yield from (word.casefold().replace("’", "'") for word in list_words(text, WORD))


def list_title_keys(title: Title) -> list[str]:
    """Return the keys under which a title is looked for: two titles without one in common are not the same."""
    if len(title.main) < MIN_WORDS or not title.n_telling:
        return []
    return [" ".join(title.main[:N_START])]


def compare_titles(first: Title, second: Title) -> float | None:
    """Return how far two titles are the same, 0 to 1; None if one of them is unknown.

    1 means the same words, without the names of sites, or as far as an engine showed them.
    """
    if not first.words or not second.words:
        return None
    if first.words == second.words:
        return 1.0
    if first.main == second.main and len(first.main) >= MIN_WORDS:
        return 1.0
    if _is_start(first, second) or _is_start(second, first):
        return 1.0
    if first.numbers != second.numbers and not (first.is_cut or second.is_cut):
        return 0.0
    one, other = set(first.main), set(second.main)
    alike = 2 * len(one & other) / (len(one) + len(other)) if one or other else 0.0
    held = min(len(one), len(other)) >= MIN_WORDS and (one <= set(second.words) or other <= set(first.words))
    return max(alike, NEAR if held else 0.0) if alike < 1.0 else 0.95


def _is_start(cut: Title, whole: Title) -> bool:
    """Return whether one title is the start of another, and was cut there."""
    n = len(cut.words)
    return (
        cut.is_cut
        and n >= MIN_WORDS
        and whole.words[: n - 1] == cut.words[:-1]
        and (len(whole.words) < n or whole.words[n - 1].startswith(cut.words[-1]))
    )
