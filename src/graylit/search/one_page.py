"""Whether two search hits are one page: by their addresses, what captures showed of them, and their titles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from os.path import commonprefix
from typing import NamedTuple

from graylit.captures.page_keys import page_key
from graylit.languages.stop_words import list_stop_words
from graylit.search.address_variants import Variant, are_apart, read_variant
from graylit.search.print_pages import PROGRAM, is_print_of, list_ids
from graylit.search.titles import MIN_WORDS, compare_titles, read_title
from graylit.tables.addresses import host_of

# From which score a pair is shown to people. Measured with benchmarks/bench_duplicates.py on half of the hosts.
MIN_SCORE = 0.7
SURE = 1.0
SEEN = 0.98  # of a redirect that captures saw: proposed, never merged
SAME_TITLE = 0.8  # from which two titles speak for one page
LONG_TITLE = 5  # telling words from which a title is borne by one text; "What is a good credit score?" is borne by many
LONG_SLUG = 5  # the same for the last part of an address
SAME_WORDS = 3  # in the last part of an address, from which other numbers in it are of no weight
SAME_SLUG = 0.6  # share of words in common from which last parts of addresses bear a title out
Reached = Mapping[str, Mapping[str, str]]  # by page key: the keys that an address led to, with how it was seen


class Hit(NamedTuple):
    """What is known of a page before anybody has read it."""

    candidate_id: str
    url: str
    title: str = ""


class Verdict(NamedTuple):
    """How likely two hits are one page, by which sign, and what it rests on; a score of 1 needs no decision."""

    sign: str
    score: float
    detail: str


POST_ID = re.compile(r"-(?=[0-9a-f]*[0-9])[0-9a-f]{10,}$", re.IGNORECASE)  # that Medium adds, the same on its hosts


def judge_hits(first: Hit, second: Hit, reached: Reached | None = None) -> Verdict | None:
    """Return how likely two hits are one page; None if nothing speaks for it, or their addresses speak against it."""
    one, other = page_key(first.url), page_key(second.url)
    alike = compare_titles(read_title(first.title), read_title(second.title))
    here, there = read_variant(first.url), read_variant(second.url)
    if here is None or there is None or one == other:
        is_same = one == other and (here is None or there is None or here.route == there.route)
        return Verdict("address", SURE, "the same address") if is_same else None
    if here.identity and there.identity:
        return Verdict("identity", SURE, here.identity) if here.identity == there.identity else None
    apart = are_apart(here, there)
    if way := _find_way(one, other, reached or {}):
        return _judge_way(way, here, there, alike)
    if here.key == there.key and not apart:
        return _judge_variants(here, there, alike)
    if is_print_of(first.url, second.url) and (alike is None or alike >= SAME_TITLE / 2):
        return Verdict("variant", 0.9, "a page for printing, of the same id or path")
    if apart:
        return None
    titles = read_title(first.title), read_title(second.title)
    return _judge_titles(here, there, alike, min(title.n_telling for title in titles))


def _find_way(one: str, other: str, reached: Reached) -> tuple[str, str, float] | None:
    """Return how captures showed that two addresses lead to one page, to which, and its score; None if they did not.

    What leads to the start page of a host leads to no page: sites send readers of lost pages there, and some name it
    as the canonical address of all their pages.
    """
    start = _is_start(one), _is_start(other)
    if all(start) or (any(start) and host_of(one).split(".")[-2:] == host_of(other).split(".")[-2:]):
        return None
    ways = {one: "", **reached.get(one, {})}, {other: "", **reached.get(other, {})}
    both = sorted(key for key in ways[0].keys() & ways[1].keys() if not _is_start(key))
    if not both:
        return None
    signs = {way[both[0]] for way in ways}
    # A redirect is known only where the captures are. A replay from the frozen corpus must merge the same candidates.
    sure = SEEN if "redirect" in signs else SURE
    return ("canonical" if "canonical" in signs else "redirect"), both[0], sure


def _is_start(key: str) -> bool:
    variant = read_variant(key)
    return variant is not None and variant.is_start


def _judge_way(way: tuple[str, str, float], first: Variant, second: Variant, alike: float | None) -> Verdict | None:
    """Return a verdict on two addresses that lead to one page: not sure if addresses or titles say otherwise.

    What a page calls its own address is another's now and then (a shop's other product, a manual's newer version, a
    list that holds it), so that is sure only if titles are alike, or the last parts of the addresses.
    """
    sign, target, score = way
    if sign == "canonical" and _name_other_pages(first, second, target):
        return None
    if first.is_start or second.is_start:
        return Verdict(sign, 0.8, f"{target}, from the start page of another site")
    if are_apart(first, second) or _hold_other_numbers(first, second) or (alike is not None and alike < SAME_TITLE / 2):
        return Verdict(sign, 0.8, f"{target}, though addresses or titles speak against it")
    is_alike = alike is not None and alike >= SAME_TITLE
    if sign == "canonical" and not is_alike and len({read_slug(page.slug) for page in (first, second)} - {()}) > 1:
        return Verdict(sign, 0.9, f"{target}, though the last parts of the addresses differ")
    return Verdict(sign, score, target)


def _name_other_pages(first: Variant, second: Variant, target: str) -> bool:
    """Return whether two addresses say that they are pages of their own, whatever one calls its canonical address.

    On one site a page and its canonical address have something in common: an id, or a word of the parts in which they
    differ (by its start: `flexbox`, `flexible-box`). A section that holds the page is none of its addresses.
    """
    apart = are_apart(first, second)
    if apart:
        is_less = apart == "parameters" and _adds_parameters(first, second)
        is_edition = apart.startswith("languages") and first.path == second.path and len(read_slug(first.slug)) > 1
        return not (first.path and (is_less or is_edition))
    if first.host != second.host:
        return False
    if _hold_other_numbers(first, second):
        return len(_last_words(first)) < SAME_WORDS or _last_words(first) != _last_words(second)
    if first.query or second.query or first.slug.casefold() == second.slug.casefold():
        return False
    n_common = len(commonprefix([first.path, second.path]))
    starts = [
        {word[:4].casefold() for part in page.path[n_common:] for word in re.findall(r"[^\W\d_]{3,}", part)}
        for page in (first, second)
    ]
    if all(starts):
        return not starts[0] & starts[1] and bool(_last_words(first) and _last_words(second))
    section = read_variant(target)
    is_held = any(starts) and section is not None and len(section.path) == n_common
    return is_held and section is not None and len(read_slug(section.slug)) < LONG_SLUG - 1


def _hold_other_numbers(first: Variant, second: Variant) -> bool:
    """Return whether the last parts with words of two addresses hold numbers, or both end in ids, and share none."""
    ends = [page.path[-1] if page.path and not _last_words(page) else "" for page in (first, second)]
    for parts in ([first.slug, second.slug], ends):
        numbers = [set(re.findall("[0-9]{3,}", part)) for part in parts]
        if all(numbers) and not numbers[0] & numbers[1]:
            return True
    return False


def _last_words(page: Variant) -> list[str]:
    """Return the words of the last part of a path, of letters alone; none if it is an id or a program."""
    last = page.path[-1].casefold() if page.path else ""
    words = [word for word in re.findall(r"[^\W_]+", last) if word.isalpha() and len(word) > 2]
    is_id = len(words) < 2 and re.search("[0-9]", last)
    return [] if page.identity or is_id or (page.query and re.search(r"\.[a-z]{2,4}$", last)) else words


def _adds_parameters(first: Variant, second: Variant) -> bool:
    """Return whether one of two addresses has all parameters of the other, and more."""
    one, other = set(first.query), set(second.query)
    return one < other or other < one


def _judge_variants(first: Variant, second: Variant, alike: float | None) -> Verdict | None:
    """Return a verdict on two addresses under which most sites show one page."""
    detail = "addresses that differ in how or from where the page is shown"
    if first.path != second.path:  # servers with Windows do not tell them apart, others do
        return Verdict("variant", 0.9 if alike is None or alike >= SAME_TITLE else 0.6, "other case of letters")
    if first.language != second.language:
        return Verdict("variant", 0.75 if alike is None else 0.9 if alike >= SAME_TITLE else 0.5, "one states English")
    if alike is None:
        return Verdict("variant", 0.95 if first.is_start else SURE, detail)
    return Verdict("variant", SURE if alike >= SAME_TITLE else 0.8, detail)


def _judge_titles(first: Variant, second: Variant, alike: float | None, n_words: int) -> Verdict | None:
    """Return a verdict on two addresses that differ, by titles of so many words and the last parts of the addresses."""
    words = read_slug(first.slug)
    n_slug = sum(not word.isdigit() for word in words) if words == read_slug(second.slug) else 0
    is_alike = alike is not None and alike >= SAME_TITLE
    if first.host == second.host:
        is_known = is_alike and n_words >= MIN_WORDS or (alike is None and n_slug > 1)
        ids, other_ids = list_ids(first), list_ids(second)
        if is_known and ids & other_ids and (ids <= other_ids or other_ids <= ids):
            return Verdict("moved", 0.85, "the same id on one site, and the same title or last part")
        if _differ_in_numbers(first, second) or n_slug < LONG_SLUG or not (alike is None or is_alike):
            return None
        return Verdict("moved", 0.85 if is_alike else 0.7, "the same last part on one site")
    if n_slug and first.slug.casefold() == second.slug.casefold() and POST_ID.search(first.slug):
        return Verdict("slug", 0.95 if alike is None or is_alike else 0.6, "the same last part with an id on two sites")
    if alike is None:
        is_edition = first.host.split(".")[-2] == second.host.split(".")[-2]  # of another country
        return None if n_slug < LONG_SLUG or is_edition else Verdict("slug", 0.75, "the same last part on two sites")
    if not is_alike or (alike < 0.95 and not n_slug) or first.is_start or second.is_start:
        return None
    n_parts, is_dated = len(first.path), re.search("[0-9]{3}", "/".join(first.path)) is not None
    is_long = n_parts > 1 and n_slug >= LONG_SLUG - 1 and (n_words >= LONG_TITLE - 1 or n_parts > 2 or is_dated)
    if first.path == second.path and n_words and (is_long or (n_parts > 3 and is_dated)):
        return Verdict("title", 0.9, "the same title and path on two sites")
    if not _slugs_agree(first, second):
        return Verdict("title", 0.6, "the same title on two sites, which addresses of words do not bear out")
    score = (
        0.55 + 0.2 * (n_words >= LONG_TITLE - bool(first.identity or second.identity)) + 0.1 * (n_slug >= LONG_SLUG - 1)
    )
    return Verdict("title", round(score, 2), "the same title on two sites")


def _slugs_agree(first: Variant, second: Variant) -> bool:
    """Return whether the last parts of two addresses have most words in common, or neither has any.

    Reviews, shops, forums and aggregators bear the title of a book or an article that is elsewhere: there the words of
    one address stand beside the bare number of the other.
    """
    one, other = ({*_last_words(page)} - PROGRAM - list_stop_words("en") for page in (first, second))
    return 2 * len(one & other) >= SAME_SLUG * (len(one) + len(other))


def read_slug(slug: str) -> tuple[str, ...]:
    """Return the words of the last part of an address, without an id that a site adds to them."""
    words = re.findall(r"[^\W_]+", slug.casefold())
    while len(words) > 1 and re.fullmatch(r"[0-9]{4,}|(?=[0-9a-f]*[0-9])[0-9a-f]{8,}", words[-1]):
        words.pop()
    return tuple(words)


def _differ_in_numbers(first: Variant, second: Variant) -> bool:
    """Return whether both addresses of one site hold numbers, and not the same: ids, dates, parts."""
    numbers = [re.findall(r"[0-9]+", "/".join((*variant.path, *variant.query))) for variant in (first, second)]
    return all(numbers) and numbers[0] != numbers[1]
