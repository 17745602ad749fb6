"""What a saved page of hits says of its search: what was asked, how many hits there are, and with which it begins."""

from __future__ import annotations

import re

from lxml.html import HtmlElement as Element

FIELDS = ("text", "wd", "q", "query", "p")  # in which engines show what was asked
_COUNT = re.compile(r"([0-9][0-9.,\u00a0\u202f\u2009 '’]*)")


def find_query(tree: Element, told: dict[str, list[str]]) -> str:
    """Return what was asked: as the address of the page says, else as its field does."""
    for name in FIELDS:
        fields = tree.xpath(f"//input[@name='{name}' and string(@value)]/@value | //textarea[@name='{name}']/text()")
        if named := told.get(name) or [str(field) for field in fields]:
            return " ".join(named[0].split())
    return ""


def find_count(tree: Element) -> str:
    """Return the number of hits that the page reports; '' if it reports none."""
    for place in tree.xpath("//*[@id='result-stats' or @id='resultStats' or contains(@class, 'sb_count')]"):
        said = re.sub(r"\([^)]*\)", "", words_of(place))
        counts = [re.sub(r"[^0-9]", "", number) for number in _COUNT.findall(said)]
        if filled := [number for number in counts if number and len(number) <= 15]:
            return max(filled, key=int)
    return ""


def find_first(engine: str, told: dict[str, list[str]], tree: Element) -> int | None:
    """Return the rank of the first hit, by the address of the page or the number of the page that is not a link."""
    name, offset = {"google": ("start", 1), "bing": ("first", 0)}.get(engine, ("s", 1))
    said = told.get(name, [""])[0]
    if said.isdecimal() and len(said) < 7:
        return int(said) + offset
    if "q" in told and engine in ("google", "bing"):  # the address of the first page does not say where it begins
        return 1
    stated = words_of(next(iter(tree.xpath("//*[@id='result-stats' or @id='resultStats']")), None))
    if page := re.match(r"(?:Page|Seite|Página|Pagina|Pagină|Strona|Страница) ([0-9]{1,3})\b", stated):
        return (int(page[1]) - 1) * 10 + 1
    counted = words_of(next(iter(tree.xpath("//*[contains(@class, 'sb_count')]")), None))
    if ranks := re.match(r"([0-9]{1,5})[-–]([0-9]{1,5})\b", counted):
        return int(ranks[1])
    pages = tree.xpath("//*[@id='nav' or @id='foot' or contains(@class, 'AaVjTc')]//td[not(.//a)]/text()")
    current = [int(page) for page in map(str, pages) if page.strip().isdecimal() and len(page) < 4]
    return (current[0] - 1) * 10 + 1 if len(current) == 1 and current[0] > 1 else None


def words_of(element: Element | None) -> str:
    """Return the words of an element on one line; '' if there is none."""
    if element is None:
        return ""
    return " ".join("".join(part for part in element.itertext() if isinstance(part, str)).split())
