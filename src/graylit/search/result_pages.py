"""Pages of hits that somebody saved from a browser: Google, Bing, DuckDuckGo, and engines of one form.

Engines change the names in their pages every few months, so a hit is told by its form: a heading within a link, and
the address shown beside it. What holds no address is kept as incomplete: the one shown is cut, and is never completed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement as Element

from graylit.search.contents import Content
from graylit.search.other_engines import list_headings, name_other_engine
from graylit.search.page_facts import find_count, find_first, find_query, words_of
from graylit.search.redirects import unwrap
from graylit.search.search_results import INCOMPLETE, Found, Hit
from graylit.tables.addresses import join_address
from graylit.tables.faults import Fault, InputError

_SAVED_FROM = re.compile(
    r"<!-- saved from url=\([0-9]+\)(\S+) -->|<!--\s*Page saved with SingleFile\s+url:\s*(\S+)", re.I
)
# What the title of a page of hits ends in, after the last dash or without one.
_DASH = re.compile(" [-–—] ")
_TITLE_ENDS = re.compile(
    r"(google)(?:[ -].*)?|.*(google)|(?:(?:search|suche|recherche|buscar|búsqueda|microsoft) )?(bing)|.*(duckduckgo)",
    re.IGNORECASE,
)
_AT_ENGINE = re.compile(r" (?:at|bei|sur|en|chez) (duckduckgo)$", re.IGNORECASE)
SCHOLAR = "google scholar"
_HOSTS = (
    (SCHOLAR, re.compile(r"scholar\.google\.[a-z.]+")),
    ("google", re.compile(r"(?:www\.)?google\.[a-z.]+")),
    ("bing", re.compile(r"\A(?:[a-z0-9]+\.)?bing\.com")),
    ("duckduckgo", re.compile(r"\A(?:[a-z]+\.)?duckduckgo\.com")),
)
BASES = {
    "google": "https://www.google.com/",
    SCHOLAR: "https://scholar.google.com/",
    "bing": "https://www.bing.com/",
    "duckduckgo": "https://duckduckgo.com/",
}
_DATED = re.compile(r"^\s*([^—·|]{4,24}?[0-9]{4})\s*[—·|]\s+")  # a date that engines put before the words of a page
ITEMS = ("li", "article", "tr")
MOST_STEPS = 7  # from a heading up to the block of its hit: chosen, more than in the pages seen


def read_page(content: Content) -> list[Found] | None:
    """Return the search of a saved page of hits; None if the file is no HTML.

    Raises InputError if no engine is known that makes such a page, or if it shows no hits.
    """
    if not content.is_html:
        return None
    tree = content.tree
    engine, asked = _tell_engine(content, tree) if tree is not None else ("", "")
    if tree is None or not engine:
        raise InputError([_refuse(content, tree)])
    hits = list(READERS[engine](tree) if engine in READERS else _read_other(tree, engine))
    if not hits:
        problem = f"is a page of {engine} that shows no hits"
        remedy = "save the page when its hits are there, or have them in a text file, one address a line"
        raise InputError([Fault(content.file, problem, "a page of hits", remedy)])
    told = parse_qs(urlsplit(asked).query)
    facts = {
        "engine": engine,
        "query": find_query(tree, told),
        "region": told.get("gl", told.get("cc", told.get("kl", [""])))[0],
        "language": told.get("hl", told.get("setlang", [""]))[0],
        "n_reported": find_count(tree),
    }
    return [
        Found({name: cell for name, cell in facts.items() if cell}, hits, first_rank=find_first(engine, told, tree))
    ]


def _refuse(content: Content, tree: Element | None) -> Fault:
    title = " ".join((tree.findtext(".//title") or "").split()) if tree is not None else ""
    shown = f" (its title is {title[:80]!r})" if title else ""
    problem = f"is a page of HTML{shown} that holds no hits in a form that is known"
    if content.text.lstrip().startswith("<?xml") and not re.search(r"<html\b", content.text[:5_000], re.IGNORECASE):
        problem = "is XML of a kind that is not read"
    if re.search(r"/sorry/|unusual traffic|captcha-form", content.text[:200_000]):
        problem = f"is a page{shown} by which an engine asked whether a person reads it, and holds no hits"
    if content.file.casefold().endswith((".json", ".csv", ".ris", ".bib")):
        problem = f"is HTML{shown}, and not what its name says: perhaps a message of error was saved"
    expected = "hits as an engine answers them, bookmarks, or a saved page of a search engine"
    return Fault(content.file, problem, expected, "save it again, or put the addresses into a text file, one a line")


def _tell_engine(content: Content, tree: Element) -> tuple[str, str]:
    """Return the engine whose page it is, and the address at which it was saved, as far as the page says them."""
    saved = _SAVED_FROM.search(content.text[:5_000])
    asked = (saved[1] or saved[2]) if saved else _find_canonical(tree)
    host = urlsplit(asked).hostname or "" if asked else ""
    engine = next((name for name, pattern in _HOSTS if pattern.fullmatch(host)), "")
    *before, end = _DASH.split(" ".join((tree.findtext(".//title") or "").split()))
    if not engine and (found := _TITLE_ENDS.fullmatch(end) if before else _AT_ENGINE.search(end)):
        engine = next(filter(None, found.groups())).casefold()
    title = " ".join((tree.findtext(".//title") or "").split())
    engine = engine or name_other_engine(title, host)
    if not engine:
        engine = next((name for name, signs in SIGNS.items() if tree.xpath(signs)), "")
    return engine, asked


def _find_canonical(tree: Element) -> str:
    held = tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content | //base/@href")
    return next((str(address) for address in held if re.match(r"https?://", str(address))), "")


SIGNS = {
    SCHOLAR: "//*[@id='gs_res_ccl']//h3[contains(concat(' ', @class, ' '), ' gs_rt ')]",
    "google": "//*[@itemtype='http://schema.org/SearchResultsPage'][//form[contains(@action, '/search')]]",
    "bing": "//li[contains(concat(' ', @class, ' '), ' b_algo ')]",
    "duckduckgo": "//a[contains(concat(' ', @class, ' '), ' result__a ')] | //td//a[contains(@class, 'result-link')] "
    "| //article[@data-testid='result']",
}


# Advertisements are no hits: who pays stands above who was found.
_ADVERTISEMENT = re.compile(
    r"(?:^|\.google\.[a-z.]{2,6})/aclk\?|googleadservices\.com/|duckduckgo\.com/y\.js|[?&]ad_domain="
)
_OF_ADVERTISEMENTS = "ancestor::*[@id='tads' or @id='tadsb' or @id='bottomads' or @id='tvcap' or @data-text-ad]"


def _read_google(tree: Element) -> Iterator[Hit]:
    """Yield the hits of Google: headings within links, or links within headings, each with the address beside it."""
    for heading in tree.xpath("//h3[ancestor::a[@href] or .//a[@href]] | //a[@href]//*[@role='heading']"):
        link = next((above for above in heading.iterancestors("a")), None)
        link = link if link is not None else heading.find(".//a[@href]")
        href = link.get("href", "")
        if _ADVERTISEMENT.search(href) or heading.xpath(_OF_ADVERTISEMENTS):
            continue
        if re.match(
            r"(?:https?://[^/]*google\.[a-z.]+)?/(?:search|imgres|images|advanced_search|preferences|maps)\b|#|javascript:",
            href,
        ):
            continue
        block = _find_block(heading, "h3")
        shown = words_of(next(iter(block.xpath(".//cite")), None))
        yield _make_hit(href, words_of(heading), _read_rest(block, heading, link), "google", shown)


def _read_bing(tree: Element) -> Iterator[Hit]:
    for block in tree.xpath("//li[contains(concat(' ', @class, ' '), ' b_algo ')]"):
        link = next(iter(block.xpath(".//h2//a[@href] | .//a[@href and .//h2]")), None)
        if link is None:
            continue
        words = next(iter(block.xpath(".//*[contains(@class, 'b_caption')]//p | .//p")), None)
        shown = words_of(next(iter(block.xpath(".//cite")), None))
        yield _make_hit(link.get("href", ""), words_of(link), words_of(words), "bing", shown)


def _read_duckduckgo(tree: Element) -> Iterator[Hit]:
    links = tree.xpath(
        "//a[contains(concat(' ', @class, ' '), ' result__a ')] | //article[@data-testid='result']//h2//a[@href]"
        " | //td//a[contains(concat(' ', @class, ' '), ' result-link ')]"
        " | //*[contains(@class, 'results_links')]//a[contains(concat(' ', @class, ' '), ' large ')]"  # of 2015
    )
    for link in links:
        href = link.get("href", "")
        if _ADVERTISEMENT.search(href):
            continue
        block = _find_block(link, "h2")
        found = block.xpath(
            ".//*[contains(@class, 'result__snippet') or @data-result='snippet' or contains(@class, 'result-snippet')"
            " or @class='snippet']"
        )
        if link.getparent() is not None and "result-link" in link.get("class", ""):  # the light page: rows of a table
            row = next(link.iterancestors("tr"), None)
            found = (
                row.xpath("following-sibling::tr[1]//td[contains(@class, 'result-snippet')]") if row is not None else []
            )
        yield _make_hit(href, words_of(link), words_of(next(iter(found), None)), "duckduckgo")


def _read_other(tree: Element, engine: str) -> Iterator[Hit]:
    """Yield the hits of an engine whose pages have one form with others."""
    for link, url in list_headings(tree, engine):
        block = _find_block(link, "a[parent::h2 or parent::h3]")
        hit = _make_hit(
            url, words_of(link), _read_rest(block, link, link), engine, words_of(next(block.iter("cite"), None))
        )
        yield hit if unwrap(hit.url) else replace(hit, url="", left_out=INCOMPLETE)


READERS: dict[str, Callable[[Element], Iterator[Hit]]] = {
    "google": _read_google,
    SCHOLAR: _read_google,
    "bing": _read_bing,
    "duckduckgo": _read_duckduckgo,
}


def _make_hit(href: str, title: str, words: str, engine: str, shown: str = "") -> Hit:
    """Return a hit; one whose link does not hold its address is incomplete, with the address shown as its publisher."""
    dated = _DATED.match(words)
    published, snippet = (dated[1], words[dated.end() :]) if dated else ("", words)
    url = join_address(BASES.get(engine, ""), href) if engine in BASES else href
    if re.match(r"https?://(?:www\.)?google\.[a-z.]+/goto\b", url) or not url:
        return Hit("", title, snippet, published, shown, INCOMPLETE)
    return Hit(url, title, snippet, published)


def _find_block(heading: Element, kind: str) -> Element:
    """Return the block of a hit: the highest element around its heading that holds no other heading of its kind."""
    block = heading
    for _, above in zip(range(MOST_STEPS), heading.iterancestors(), strict=False):
        if above.tag in ("body", "html") or len(above.xpath(f".//{kind}")) > 1:
            break
        block = above
        if above.tag in ITEMS:
            break
    return block


def _read_rest(block: Element, heading: Element, link: Element) -> str:
    """Return the words of a hit's block that are not in its heading, its link or its address."""
    own = {heading, link, *block.iter("cite", "script", "style", "h3")}
    parts: list[str] = []

    def walk(element: Element) -> None:
        if element in own or not isinstance(element.tag, str):
            return
        parts.append(element.text or "")
        for child in element:
            walk(child)
            parts.append(child.tail or "")

    walk(block)
    return " ".join(" ".join(parts).split())
