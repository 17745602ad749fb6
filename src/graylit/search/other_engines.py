"""Pages of hits of engines beside Google, Bing and DuckDuckGo: told by the engine's name, read by one form.

All of them show a hit as a heading within a link, or a link within a heading, that leads to another site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement as Element

from graylit.search.redirects import unwrap
from graylit.tables.addresses import host_of, join_address

# By name: the hosts, and how the title of a page of hits ends.
ENGINES = {
    "yahoo": (r"(?:[a-z]+\.)*search\.yahoo\.(?:com|co\.jp)", r".* - yahoo\b.*|.* - yahoo!.*"),
    "aol": (r"search\.aol\.(?:com|co\.uk)", r".* - aol\b.*"),
    "ask": (r"(?:www\.|[a-z]{2}\.)?ask\.com", r".*, ask\.com|.* - ask\.com\b.*"),
    "yandex": (r"(?:www\.)?yandex\.[a-z.]+|ya\.ru", r"(?:.* — )?(?:yandex|яндекс)\b.*"),
    "baidu": (r"(?:www\.|m\.)?baidu\.com", r".*_百度搜索"),
    "startpage": (r"(?:[a-z]+\.)*startpage\.com", r"(?:.* - )?startpage\b.*"),
    "brave": (r"search\.brave\.com", r".* - brave search"),
    "ecosia": (r"(?:www\.)?ecosia\.org", r".* - ecosia\b.*"),
    "qwant": (r"(?:[a-z]+\.)?qwant\.com", r".* - qwant\b.*"),
    "mojeek": (r"(?:www\.)?mojeek\.com", r".* - mojeek\b.*"),
}
_ADVERTISEMENT = "[contains(concat(' ', @class, ' '), ' ads ') or contains(@id, 'ads') or contains(@class, 'TopAds')]"


def name_other_engine(title: str, host: str) -> str:
    """Return the engine of a page by its host, or by its title; '' if none is known."""
    for name, (hosts, titles) in ENGINES.items():
        if re.fullmatch(hosts, host) or re.fullmatch(titles, title, re.IGNORECASE):
            return name
    return ""


def _is_own(url: str, engine: str) -> bool:
    """Return whether an address is one of an engine's own, such as its pages of pictures."""
    return re.fullmatch(ENGINES[engine][0] + rf"|(?:www\.)?{engine}\.[a-z.]+", host_of(url)) is not None


def list_headings(tree: Element, engine: str) -> Iterator[tuple[Element, str]]:
    """Yield the link of each hit, and where it leads as it stands; links within the engine's own pages are none."""
    seen: set[str] = set()
    headings = tree.xpath(
        "//h2[.//a[@href] or ancestor::a[@href]] | //h3[.//a[@href] or ancestor::a[@href]]"
        " | //a[@href][contains(concat(' ', @class, ' '), ' result-link ')]"
        " | //*[@data-type='web']//a[@href][.//*[contains(concat(' ', @class, ' '), ' title ')]]"
    )
    for heading in headings:
        if heading.xpath(f"ancestor::*{_ADVERTISEMENT}"):
            continue
        link = next((above for above in (heading, *heading.iterancestors()) if above.tag == "a"), None)
        link = link if link is not None else heading.find(".//a[@href]")
        url = join_address(f"https://www.{engine}.com/", link.get("href", ""))
        target = unwrap(url) if url else ""
        if target == "" or (target and _is_own(target, engine)) or url in seen:
            continue
        seen.add(url)
        yield link, url
