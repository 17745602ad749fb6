"""Pages that send their reader on: refreshes in a header or a meta element, as the HTML standard reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping

import lxml.html

from graylit.captures.characters import decode_body
from graylit.captures.kinds import tell_kind
from graylit.captures.page_keys import exact_key
from graylit.captures.page_trees import find_base, read_tree
from graylit.collection.sights import MANY_WORDS, see_page
from graylit.languages.words import count_words
from graylit.tables.addresses import join_address, read_address

MAX_REFRESH_S = 10  # ASSUME: a page that asks to be left within this time is a redirect; chosen, not measured
_META = re.compile(rb"<meta[^<>]*refresh", re.IGNORECASE)
# "Shared declarative refresh steps": seconds, a separator, perhaps "url =", an address, perhaps in quotation marks.
_REFRESH = re.compile(
    r"[\t\n\f\r ]*+(?P<seconds>[0-9]++|(?=\.))[0-9.]*+"
    r"(?:[\t\n\f\r ]*+[;,]|[\t\n\f\r ])[\t\n\f\r ]*+(?:url[\t\n\f\r ]*+=[\t\n\f\r ]*+)?+"
    r"(?:(?P<mark>[\"'])(?P<marked>.*)|(?P<plain>.+))",
    re.IGNORECASE | re.DOTALL,
)


def read_refresh(body: bytes, headers: Mapping[str, str], url: str) -> str:
    """Return the address to which an answer sends its reader at once; '' if it is a page of its own.

    A page that loads itself anew is one; a page at http that sends its reader to https is none.
    """
    target = _read_refresh(body, headers, url)
    return "" if exact_key(target.partition("#")[0]) == exact_key(url.partition("#")[0]) else target


def _read_refresh(body: bytes, headers: Mapping[str, str], url: str) -> str:
    in_header = headers.get("refresh", "")
    if not in_header and not _META.search(body.replace(b"\x00", b"")):  # of UTF-16, the letters are left
        return ""
    kind = tell_kind(body, headers, url)
    page = decode_body(body, headers, kind) if kind in ("html", "text") else None
    if page is None:
        return ""
    target = _read_target(in_header, url)
    tree = read_tree(page) if kind == "html" else None
    if tree is None:
        return target if count_words(page) < MANY_WORDS else ""
    target = target or find_refresh(tree, url)
    return target if target and see_page(tree).n_words < MANY_WORDS else ""


def find_refresh(tree: lxml.html.HtmlElement, url: str) -> str:
    """Return the address to which a page sends its reader at once by a meta element; '' if it does not.

    A browser with scripts follows none inside noscript, and of several the first.
    """
    for meta in tree.iter("meta"):
        is_refresh = (meta.get("http-equiv") or "").strip().lower() == "refresh"
        is_inert = next(meta.iterancestors("noscript", "template"), None) is not None
        if is_refresh and not is_inert and _REFRESH.match(meta.get("content") or ""):
            return _read_target(meta.get("content") or "", find_base(tree, url))
    return ""


def _read_target(stated: str, base: str) -> str:
    """Return the address that a refresh leads to at once; '' if it leads nowhere, later, or out of the web."""
    found = _REFRESH.match(stated)
    if not found:
        return ""
    seconds = found["seconds"].lstrip("0") or "0"
    if len(seconds) > len(str(MAX_REFRESH_S)) or int(seconds) > MAX_REFRESH_S:
        return ""
    target = found["marked"].partition(found["mark"])[0] if found["mark"] else found["plain"]
    address = read_address(join_address(base, target.strip()))
    return address.whole if address and address.is_web else ""
