"""Pages for printing: each program of sites names them in its own way, so what is left of an address is compared."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from graylit.search.address_variants import Variant, read_variant
from graylit.tables.addresses import read_address

# Words by which an address says that it is for printing: print, printable, printer-friendly, printthread, articleprint.
# Blueprints, footprints and sprints are things to read about.
PRINT = re.compile(
    r"(?:(?:article|html?|php|story|topic|thread|page|news|post|item|custom|show|view|for)+)?"
    r"(?:print|printable|printer|printer_?friendly|print_?friendly)"
    r"(?:able|view|version|page|preview|ready|out|format|mode|thread|topic|article|story|post|item|news|content|doc)*[0-9]*"
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
        *(
            "wiki",
            "pdf",
            "modules",
            "module",
            "name",
            "file",
            "read",
            "default",
            "detail",
            "details",
            "friendly",
            "t",
            "tid",
            "id",
        ),
    )
)
LONG_ID = 3  # digits from which a number is the page's own; years are no such numbers
LONG_END = 15  # signs of the end of an address from which a site has one such page
LARGE_ID = 6  # digits from which a number is given once on a site
NUMBER = re.compile(rf"(?<![0-9a-z])[a-z]*([0-9]{{{LONG_ID},}})(?![0-9a-z])")
WORD = re.compile(r"[^\W_]+")
YEAR = re.compile(r"(?:19|20)[0-9]{2}")


class Printed(NamedTuple):
    """What of an address says which page it is, and whether it is a page for printing."""

    is_print: bool
    is_named: bool  # whether it ends in `-print`, as what shops sell does too
    words: tuple[str, ...]  # of the path, without words of programs and of printing
    query: tuple[str, ...]  # parameters, without those that say how the page is shown


@lru_cache(maxsize=20_000)
def read_printed(url: str) -> Printed | None:
    """Return what of an address says which page it is, for printing or not; None if it is none of the web."""
    address, variant = read_address(url), read_variant(url)
    if address is None or variant is None:
        return None
    path = [FRIENDLY.sub(r"\1\2", part.casefold()) for part in (*address.path.split("/"), address.query)]
    is_print = (
        any(map(_names_print, path[:-1])) or _is_printer(path[:-1]) or any(map(PRINT.fullmatch, WORD.findall(path[-1])))
    )
    is_named = any(re.search(r"[-_]print(?:\.[a-z]+)?$", part) for part in path[:-1])
    left = FRIENDLY.sub(r"\1\2", "/".join(variant.path).casefold())
    words = tuple(word for word in WORD.findall(left) if word not in PROGRAM and not PRINT.fullmatch(word))
    query = tuple(part for part in variant.query if not any(map(PRINT.fullmatch, WORD.findall(part.casefold()))))
    return Printed(is_print, is_named, words, query)


def list_ids(variant: Variant, *, in_whole_path: bool = False) -> frozenset[str]:
    """Return the numbers of the end of an address, or of the whole of it, that may be its page's own."""
    text = "/".join(variant.path if in_whole_path else variant.path[-2:]) + "?" + "&".join(variant.query)
    return frozenset(number for number in NUMBER.findall(text.casefold()) if not YEAR.fullmatch(number))


def _is_printer(parts: list[str]) -> bool:
    """Return whether a path leads through a folder `printer` to a program or to articles; a shop sells the device."""
    at = parts.index("printer") if "printer" in parts else len(parts)
    return any(WORD.findall(part) and PROGRAM.issuperset(WORD.findall(part)) for part in parts[at + 1 :])


def _names_print(part: str) -> bool:
    """Return whether a part of a path is for printing: as a whole, as its first word or its last.

    An `art-print` is a thing that shops sell, so the last word has to say more than `print`.
    """
    words = [word for word in WORD.findall(part) if word not in PROGRAM]
    if len(words) < 2:
        return any(PRINT.fullmatch(word) is not None and word != "printer" for word in words)
    ends = [word for word in (words[0], words[-1]) if PRINT.fullmatch(word)]
    return any(word not in ("print", "printer", "printable") for word in ends)


def may_print(url: str) -> bool:
    """Return whether an address may be that of a page for printing."""
    printed = read_printed(url) if "print" in url.casefold() else None
    return printed is not None and (printed.is_print or printed.is_named)


def list_id_keys(url: str) -> set[str]:
    """Return the keys under which pages of one host are found that hold one id, or one path but for printing."""
    variant, printed = read_variant(url), read_printed(url)
    if variant is None or printed is None:
        return set()
    keys = {f"{variant.host} {number}" for number in list_ids(variant)}
    keys |= {f"end {part.rpartition('/')[2]}" for part in (url, *variant.query) if len(part) >= LONG_END}
    rest = " ".join((*printed.words, *printed.query))
    return keys | ({f"{variant.host} {rest}", f"{variant.host} {' '.join(printed.words)}"} if rest else set())


def holds_address(url: str, other_url: str) -> bool:
    """Return whether a page for printing holds the end of another address of its site in a parameter."""
    one, other, printed = read_variant(url), read_address(other_url), read_printed(url)
    if one is None or other is None or printed is None or not printed.is_print:
        return False
    held = [unquote(part.partition("=")[2]) for part in one.query]
    return any(len(end) >= LONG_END and end.startswith("/") and other.path.endswith(end) for end in held)


def is_print_of(url: str, other_url: str) -> bool:
    """Return whether one of two addresses of a host is for printing, and names the page of the other.

    It names it by the ids that both hold, or by the path that is left when nothing but a way to print is added to it.
    """
    here, there, one, other = read_variant(url), read_variant(other_url), read_printed(url), read_printed(other_url)
    if not (here and there and one and other) or here.host != there.host or one[:2] == other[:2]:
        return False
    if (here.language, here.version) != (there.language, there.version):
        return False
    if any(page.number.rpartition("=")[2] not in ("", "1") for page in (here, there)):
        return False
    if one[:2] < other[:2]:
        here, there, one, other = there, here, other, one
    return _names_page(one, other, list_ids(here), list_ids(there))


def _names_page(for_print: Printed, plain: Printed, ids: frozenset[str], other_ids: frozenset[str]) -> bool:
    """Return whether a page for printing names another page, by ids that both hold or by what is left of its path."""
    is_whole = for_print.words == plain.words
    if not for_print.is_print:
        return is_whole and bool(ids) and ids == other_ids
    if ids and ids <= other_ids and set(for_print.words) <= set(plain.words) | ids:
        return True
    if any(len(number) >= LARGE_ID for number in ids & other_ids):
        return True
    if not is_whole:
        return False
    if plain.query:
        return for_print.query == plain.query
    return any(not YEAR.fullmatch(word) for word in plain.words)
