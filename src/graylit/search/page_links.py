"""The links of a page: those in its main text that lead to other sites, with their words; and how many others."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement
from tld import get_fld

from graylit.captures.characters import decode_body
from graylit.captures.kinds import tell_kind
from graylit.captures.page_trees import find_base, read_tree
from graylit.captures.pdfs import PDF_ERRORS
from graylit.captures.warcs import Response
from graylit.preparation.page_blocks import Block, Page, cut_page
from graylit.preparation.page_bodies import choose_blocks
from graylit.preparation.page_kinds import tell_page_kind
from graylit.preparation.weights import read_trained
from graylit.search.pdf_links import list_pdf_links
from graylit.search.private_addresses import clean_address
from graylit.search.search_results import UNREADABLE
from graylit.tables.addresses import host_of, join_address, read_address

OWN_SITE = "own site"
OUTSIDE = "outside the main text"
PICTURE = "picture"
SHARING = "button to share"
WORDLESS = "no words"
TOO_MANY = "more links than a text has"
NO_PAGE = "in a source that is no page"
MAX_LINKS = 2_000  # of a main text: chosen; the most among 163 pages is below 200
MAX_SENTENCE = 300  # characters of the words around a link: chosen, as long as what engines show
NEAR = 10_000  # characters after a link of a block in which the words of the next one are looked for: chosen
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico|bmp|avif)\Z", re.IGNORECASE)
_SHARING = re.compile(
    r"https?://(?:[a-z]+\.)?(?:(?:twitter|x)\.com/(?:intent|share|home\?status)|facebook\.com/(?:sharer|share|dialog)"
    r"|linkedin\.com/(?:shareArticle|sharing|cws/share)|reddit\.com/submit|news\.ycombinator\.com/submitlink"
    r"|pinterest\.com/pin/create|(?:t\.me|telegram\.me)/share|(?:api\.)?whatsapp\.com/send|wa\.me/\?"
    r"|getpocket\.com/(?:save|edit)|tumblr\.com/share|bsky\.app/intent|mastodonshare\.com)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"https?://[^\s<>\"'`|\\^{}]+", re.IGNORECASE)
_ENDING = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")


@dataclass(frozen=True)
class Link:
    """A link in a main text: where it leads, its words, and the sentence around it."""

    url: str
    words: str
    sentence: str


@dataclass(frozen=True)
class Links:
    """The links of a page: those that count, and how many were left out, by reason."""

    kept: list[Link] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


def read_links(response: Response, url: str) -> Links:
    """Return the links of a captured page at `url`, by what it is: HTML, PDF, plain text or Markdown."""
    kind = tell_kind(response.body, response.headers, url)
    if kind == "html":
        tree = read_tree(decode_body(response.body, response.headers, "html") or "")
        return Links() if tree is None else _judge(_list_html(tree, url), url)
    if kind == "text":
        return _judge(_list_plain(decode_body(response.body, response.headers, "text") or ""), url)
    if kind == "pdf":
        return _judge(_list_pdf(response.body), url)
    return Links(left_out=Counter({NO_PAGE: 1}))


def _judge(links: Iterable[tuple[str, str, str, bool]], url: str) -> Links:
    """Return which links (target, words, sentence, whether in the main text) count, and how many others there are."""
    site, found = name_site(url), Links()
    for target, words, sentence, is_main in links:
        if len(found.kept) >= MAX_LINKS:
            found.left_out[TOO_MANY] += 1
            continue
        cleaned, reason = clean_address(target) if target else ("", UNREADABLE)
        reason = reason or _refuse(cleaned, site, words, is_main)
        if reason:
            found.left_out[reason] += 1
        else:
            found.kept.append(Link(cleaned, words, sentence))
    return found


def _refuse(url: str, site: str, words: str, is_main: bool) -> str:
    """Return why a link does not count; '' if it does. Own-site links are counted apart, wherever they stand."""
    if name_site(url) == site:
        return OWN_SITE
    if not is_main:
        return OUTSIDE if words else WORDLESS
    address = read_address(url)
    if address and _PICTURE.search(address.path):
        return PICTURE
    return SHARING if _SHARING.match(url) else ""


def name_site(url: str) -> str:
    """Return the site of an address: what somebody registered, such as example.co.uk or name.github.io."""
    return _name_site(host_of(url))


@functools.lru_cache(maxsize=20_000)
def _name_site(host: str) -> str:
    return get_fld(host, fix_protocol=True, search_private=True, fail_silently=True) or host.removeprefix("www.")


def _list_html(tree: HtmlElement, url: str) -> Iterator[tuple[str, str, str, bool]]:
    trained, base = read_trained(), find_base(tree, url)
    kind, page = tell_page_kind(tree, url, trained.kind)
    page = page or cut_page(tree)
    main = {id(block) for block in choose_blocks(page, kind.shares, trained.block)}
    seen: set[HtmlElement] = set()
    for block, words_of in _list_worded(page):
        place = 0
        for element, words in words_of.items():
            start = block.text.find(words, place, place + NEAR + len(words))
            place = max(place, start + len(words))
            if element not in seen:  # a link around several blocks is known by the first one
                seen.add(element)
                yield _target_of(element, base), words, find_sentence(block.text, words, start), id(block) in main
    for element in tree.iter("a", "area"):
        if element.get("href") is not None and element not in seen:
            yield _target_of(element, base), "", "", False


def _target_of(element: HtmlElement, base: str) -> str:
    """Return where a link leads; as it stands if that is of no web, such as `javascript:`."""
    href = (element.get("href") or "").strip()
    return join_address(base, href) or href


def _list_worded(page: Page) -> Iterator[tuple[Block, dict[HtmlElement, str]]]:
    """Yield each block with its links, in order, and the words of each."""
    for block in page.blocks:
        if block.n_linked:
            pieces: dict[HtmlElement, list[str]] = {}
            for element, is_tail in block.slots:
                link = _find_link(element.getparent() if is_tail else element)
                if link is not None:
                    pieces.setdefault(link, []).append((element.tail if is_tail else element.text) or "")
            joined = {link: " ".join("".join(words).split()) for link, words in pieces.items()}
            yield block, {link: words for link, words in joined.items() if words}


def _find_link(element: HtmlElement | None) -> HtmlElement | None:
    """Return the link that an element is or is in; None if it is in none."""
    while element is not None:
        if element.tag == "a":
            return element if element.get("href") is not None else None
        element = element.getparent()
    return None


def find_sentence(text: str, words: str, start: int) -> str:
    """Return the sentence of a block around the words of a link at `start`, cut if it is long; '' if they are all.

    Only what is near is looked at: a block can be a whole book of links.
    """
    if start < 0 or len(words) >= min(len(text), MAX_SENTENCE):
        return ""
    end = start + len(words)
    left, right = text[max(0, start - MAX_SENTENCE) : start], text[end : end + MAX_SENTENCE]
    before = left[max((found.end() for found in _ENDING.finditer(left)), default=0) :]
    ended = next((found.start() for found in _ENDING.finditer(right)), len(right))
    sentence = before[-(MAX_SENTENCE - len(words)) // 2 :] + words + right[:ended]
    return "" if sentence.strip() == words else sentence[:MAX_SENTENCE].strip()


def _list_pdf(body: bytes) -> Iterator[tuple[str, str, str, bool]]:
    """Yield the links of a PDF, which has no menus: all of its text is main text. One that cannot be read has none."""
    try:
        for url, words, text, start in list_pdf_links(body):
            is_worded = words and not _PLAIN.fullmatch(words)
            line = " ".join(find_sentence(text, words, start).split())
            yield url, words if is_worded else "", line, True
    except PDF_ERRORS:
        return


def _list_plain(text: str) -> Iterator[tuple[str, str, str, bool]]:
    """Yield the addresses in a plain text; what closes a sentence or a bracket of Markdown is no part of them."""
    for line in text.splitlines():
        for found in _PLAIN.finditer(line):
            url = found[0]
            while url[-1] in ".,;:!?*_]" or (url[-1] == ")" and url.count("(") < url.count(")")):
                url = url[:-1]
            label = re.search(r"\[([^\[\]]{1,300})\]\(<?\Z", line[: found.start()])
            yield url, label[1] if label else "", "", True
