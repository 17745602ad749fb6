"""Pages for printing: each program of sites names them in its own way, so what is left of an address is compared."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from graylit.search.address_variants import Variant

# Words by which an address says that it is for printing: print, printable, printer-friendly, printthread, articleprint.
# Blueprints, footprints and sprints are things to read about.
PRINT = re.compile(
    r"(?:(?:article|story|topic|thread|page|news|post|item|custom|show|view|for)+)?"
    r"(?:print|printable|printer|printer_?friendly|print_?friendly)"
    r"(?:able|view|version|page|preview|ready|out|format|mode|thread|topic|article|story|post|item|news|content|doc)*"
)
FRIENDLY = re.compile(r"(print(?:er)?)[-_]?(friendly)")
# Words of programs, which say how a page is made or what kind of page it is.
PROGRAM = frozenset(
    (
        *("php", "php3", "html", "htm", "shtml", "asp", "aspx", "cfm", "cgi", "jsp", "cms", "do", "pl", "index", "dll"),
        *(
            "page",
            "pages",
            "topic",
            "topics",
            "thread",
            "threads",
            "showthread",
            "showtopic",
            "viewtopic",
            "viewthread",
        ),
        *("article", "articles", "articleshow", "story", "stories", "news", "node", "post", "posts", "item", "content"),
        *("view", "version", "display", "show", "mode", "format", "output", "action", "style", "layout", "template"),
        *("modules", "module", "name", "file", "read", "default", "detail", "details", "friendly", "t", "tid", "id"),
    )
)
LONG_ID = 4  # digits from which a number is the page's own; years are no such numbers
NUMBER = re.compile(rf"(?<![0-9a-z])[a-z]?([0-9]{{{LONG_ID},}})(?![0-9a-z])")
YEAR = re.compile(r"(?:19|20)[0-9]{2}")


class Printed(NamedTuple):
    """What of an address says which page it is, and whether it is a page for printing."""

    is_print: bool
    words: tuple[str, ...]  # of the path, without words of programs and of printing
    numbers: frozenset[str]  # ids of the path and the parameters


@lru_cache(maxsize=200_000)
def read_printed(variant: Variant) -> Printed:
    """Return what of an address says which page it is, whether for printing or not."""
    path = FRIENDLY.sub(r"\1\2", "/".join(variant.path).casefold())
    query = FRIENDLY.sub(r"\1\2", "&".join(variant.query).casefold())
    in_query = re.findall(r"[^\W_]+", query)
    is_print = any(_names_print(part) for part in path.split("/")) or any(map(PRINT.fullmatch, in_query))
    rest = tuple(word for word in re.findall(r"[^\W_]+", path) if word not in PROGRAM and not PRINT.fullmatch(word))
    ids = frozenset(number for number in NUMBER.findall(f"{path}?{query}") if not YEAR.fullmatch(number))
    return Printed(is_print, rest, ids)


def _names_print(part: str) -> bool:
    """Return whether a part of a path is for printing: as a whole, as its first word or its last.

    An `art-print` is a thing that shops sell, so the last word has to say more than `print`.
    """
    words = [word for word in re.findall(r"[^\W_]+", part) if word not in PROGRAM]
    if not words:
        return False
    if len(words) == 1:
        return PRINT.fullmatch(words[0]) is not None and words[0] != "printer"
    ends = [word for word in (words[0], words[-1]) if PRINT.fullmatch(word)]
    return any(word not in ("print", "printer", "printable") for word in ends)


def list_id_keys(variant: Variant) -> set[str]:
    """Return the keys under which pages of one host are found that hold one id, or one path but for printing."""
    printed = read_printed(variant)
    keys = {f"{variant.host} {number}" for number in printed.numbers}
    return keys | ({f"{variant.host} {' '.join(printed.words)}"} if printed.words else set())


def is_print_of(first: Variant, second: Variant) -> bool:
    """Return whether one of two addresses of a host is for printing, and names the page of the other.

    It names it by the ids that both hold, or by the path that is left when nothing but a way to print is added to it.
    """
    if first.host != second.host or first.language != second.language or first.version != second.version:
        return False
    one, other = read_printed(first), read_printed(second)
    if one.is_print == other.is_print or any(
        page.number.rpartition("=")[2] not in ("", "1") for page in (first, second)
    ):
        return False
    for_print, plain, query = (one, other, second.query) if one.is_print else (other, one, first.query)
    ids = for_print.numbers
    if ids and ids <= plain.numbers and set(for_print.words) <= set(plain.words) | ids:
        return True
    return bool(for_print.words) and for_print.words == plain.words and not query
