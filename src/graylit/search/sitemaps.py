"""Sitemaps of a publisher: the addresses that a site lists, also in sitemaps that an index names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from graylit.captures.bodies import PackedBodyError, TooLargeError, unpack_body
from graylit.search.answers import MAX_BYTES, Answer, Ask, Question
from graylit.search.replies import (
    Findings,
    NoReplyError,
    describe_publisher,
    explain_failure,
    hold_words,
    make_hit,
    require_held,
)
from graylit.search.search_results import Hit
from graylit.tables.addresses import is_of_web, join_address, read_address

WANTED = "application/xml, text/xml, text/plain;q=0.8, */*;q=0.5"
MAX_FILES = 50  # sitemaps asked for in a search: chosen; a site of 100,000 pages has two
MAX_LISTED = 200_000  # addresses read in a search: chosen; the protocol allows 50,000 in a file
_BARE = re.compile(rb"&(?!#?[0-9A-Za-z]{1,10};)")  # as some sites write addresses, and browsers read them
_NAMED = re.compile(r"^[ \t]*+sitemap[ \t]*+:[ \t]*+(\S+)", re.IGNORECASE | re.MULTILINE)


def search_sitemap(question: Question, ask: Ask) -> Findings:
    """Return the pages in a site's sitemaps whose address or title holds every word of a query.

    Of a site's front page, the sitemaps are those that its robots.txt names, or else /sitemap.xml.
    Raises InputError if no sitemap can be read.
    """
    waiting, began = _find_sitemaps(question, ask)
    seen, stopped = set(waiting), "that was all"
    listed: list[Hit] = []
    failed: dict[str, str] = {}
    n_read = 0
    first: tuple[Answer, NoReplyError] | None = None
    while waiting and n_read < MAX_FILES and len(listed) < MAX_LISTED:
        answer = ask(waiting.pop(0), WANTED)
        n_read, began = n_read + 1, began or answer.at
        try:
            pages, further = read_sitemap(answer)
        except NoReplyError as problem:
            first = first or (answer, problem)
            failed[answer.url] = problem.problem
            continue
        listed += pages
        waiting += [url for url in dict.fromkeys(further) if url not in seen]
        seen |= set(further)
    if first and len(failed) == n_read:
        raise explain_failure(*first)
    if waiting:
        stopped = f"{n_read} of {n_read + len(waiting)} sitemaps were read, the most that a search reads"
    stopped += "".join(f"; no answer from {url} ({why})" for url, why in sorted(failed.items())[:MAX_FILES])
    remarks = [f"{url} was left out: {why}" for url, why in sorted(failed.items())]
    facts = describe_publisher(question, began, len(listed), stopped)
    return Findings(facts, hold_words(listed[:MAX_LISTED], question.query), remarks)


def _find_sitemaps(question: Question, ask: Ask) -> tuple[list[str], str]:
    """Return the addresses of a site's sitemaps, and when the site was asked for them, if it was."""
    address = read_address(question.address)
    if address is None or address.path not in ("", "/") or address.query:
        return [question.address], ""
    answer = ask(join_address(question.address, "/robots.txt"), "text/plain")
    named = _NAMED.findall(answer.body.decode("utf-8", errors="replace")) if answer.is_held else []
    found = [url for url in (join_address(answer.final_url, name) for name in named) if is_of_web(url)]
    return list(dict.fromkeys(found))[:MAX_FILES] or [join_address(question.address, "/sitemap.xml")], answer.at


def read_sitemap(answer: Answer) -> tuple[list[Hit], list[str]]:
    """Return the pages that a sitemap lists and the sitemaps that it names. Raises NoReplyError if it is none."""
    require_held(answer)
    try:
        body = unpack_body(answer.body, {}, MAX_BYTES)  # `sitemap.xml.gz`, which is a packed file to its server
    except (PackedBodyError, TooLargeError) as error:
        raise NoReplyError(f"cannot be unpacked: {error}", "look at the address in a browser") from error
    if not body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return _read_plain(body, answer), []
    if b"<!ENTITY" in body:
        raise NoReplyError("declares entities, which no sitemap needs", "tell the site's owner")
    return _read_xml(body, answer.final_url)


def _read_plain(body: bytes, answer: Answer) -> list[Hit]:
    lines = body.decode("utf-8-sig", errors="replace").split("\n")
    pages = [make_hit(line.strip(), "") for line in lines if is_of_web(line.strip())]
    if not pages:
        raise NoReplyError("no sitemap", "give the address of a sitemap, or of the site itself")
    return pages


def _read_xml(body: bytes, base: str) -> tuple[list[Hit], list[str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(_BARE.sub(b"&amp;", body), parser)
    except etree.XMLSyntaxError:
        root = None
    name = "" if root is None else _name_of(root)
    if root is None or name not in ("urlset", "sitemapindex"):
        remedy = "a feed is read with --feed" if name in ("rss", "feed", "RDF") else "give the address of a sitemap"
        raise NoReplyError(f"no sitemap but {name or 'something else'}", remedy)
    if name == "sitemapindex":
        named = (join_address(base, words) for entry in root for part, words in _list_parts(entry) if part == "loc")
        return [], [url for url in named if is_of_web(url)]
    return [_read_entry(dict(_list_parts(entry)), base) for entry in root if _name_of(entry) == "url"], []


def _read_entry(parts: dict[str, str], base: str) -> Hit:
    url = join_address(base, parts["loc"]) if parts.get("loc") else ""
    return make_hit(
        url, parts.get("title"), "", parts.get("publication_date") or parts.get("lastmod"), parts.get("name")
    )


def _list_parts(entry: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the parts of an entry with their words; those of news (title, date) lie deeper."""
    for part in reversed(list(entry.iter("{*}*"))):  # so that of two parts of a name the first one stays
        if not len(part) and not _is_of_media(part):
            yield _name_of(part), "".join(map(str, part.itertext())).strip()


def _is_of_media(part: etree._Element) -> bool:
    return "sitemap-image" in str(part.tag) or "sitemap-video" in str(part.tag)


def _name_of(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
