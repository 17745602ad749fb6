"""Two addresses that captures saw lead to one page, by a redirect or by what a page calls its own address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from os.path import commonprefix

from graylit.search.address_variants import PARAMETERS, Variant, are_apart, read_variant
from graylit.search.slugs import LONG_SLUG, hold_other_numbers, last_words, read_slug
from graylit.search.titles import Title, compare_titles
from graylit.search.verdicts import SAME_TITLE, SURE, Verdict
from graylit.tables.addresses import host_of

SEEN = 0.98  # of a redirect that captures saw: proposed, never merged
LONG_TITLE = 5  # telling words from which a title is borne by one text
SAME_WORDS = 3  # in the last part of an address, from which other numbers in it are of no weight
Reached = Mapping[str, Mapping[str, str]]  # by page key: the keys that an address led to, with how it was seen


def find_way(one: str, other: str, reached: Reached) -> tuple[str, str, float] | None:
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


def judge_way(
    way: tuple[str, str, float], first: Variant, second: Variant, titles: tuple[Title, Title]
) -> Verdict | None:
    """Return a verdict on two addresses that lead to one page: not sure if addresses or titles say otherwise.

    What a page calls its own address is another's now and then (a shop's other product, a manual's newer version, a
    list that holds it), so that is sure only if titles are alike, or the last parts of the addresses.
    """
    sign, target, score = way
    alike = compare_titles(*titles)
    is_one_title = alike is not None and alike >= SAME_TITLE and min(title.n_telling for title in titles) >= LONG_TITLE
    if sign == "canonical" and _name_other_pages(first, second, target):
        return Verdict(sign, 0.8, f"{target}, and the same title") if is_one_title else None
    if first.is_start or second.is_start:
        return Verdict(sign, 0.8, f"{target}, from the start page of another site")
    if are_apart(first, second) or hold_other_numbers(first, second) or (alike is not None and alike < SAME_TITLE / 2):
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
        is_less = apart == PARAMETERS and _adds_parameters(first, second)
        is_edition = apart.startswith("languages") and first.path == second.path and len(read_slug(first.slug)) > 1
        return not (first.path and (is_less or is_edition))
    if first.host != second.host:
        return False
    if hold_other_numbers(first, second):
        return not _share_words(first, second)
    if first.query or second.query or first.slug.casefold() == second.slug.casefold():
        return False
    n_common = len(commonprefix([first.path, second.path]))
    starts = [
        {word[:4].casefold() for part in page.path[n_common:] for word in re.findall(r"[^\W\d_]{3,}", part)}
        for page in (first, second)
    ]
    if all(starts):
        return not starts[0] & starts[1] and bool(last_words(first) and last_words(second))
    section = read_variant(target)
    is_held = any(starts) and section is not None and len(section.path) == n_common
    return is_held and section is not None and len(read_slug(section.slug)) < LONG_SLUG - 1


def _share_words(first: Variant, second: Variant) -> bool:
    """Return whether the last parts with words of two addresses have the same words of letters, and enough of them."""
    one, other = ([word for word in read_slug(page.slug) if word.isalpha()] for page in (first, second))
    return len(one) >= SAME_WORDS and one == other


def _adds_parameters(first: Variant, second: Variant) -> bool:
    """Return whether one of two addresses has all parameters of the other, and more."""
    one, other = set(first.query), set(second.query)
    return one < other or other < one
