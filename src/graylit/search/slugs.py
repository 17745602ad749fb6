"""The last parts of addresses, which name a page in words: what two have in common, and what tells them apart."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from graylit.languages.stop_words import list_stop_words
from graylit.search.address_variants import Variant
from graylit.search.print_pages import PROGRAM

LONG_SLUG = 5  # words from which the last part of an address is borne by one text
LONG_NAME = 8  # letters that names of sites have in common, from which they are of one owner
_KINDS = frozenset(("co", "com", "org", "net", "gov", "ac", "edu", "ne", "or", "go", "gob", "gouv", "govt"))
SAME_SLUG = 0.6  # share of words in common from which last parts of addresses bear a title out


def read_slug(slug: str) -> tuple[str, ...]:
    """Return the words of the last part of an address, without an id that a site adds to them."""
    words = re.findall(r"[^\W_]+", slug.casefold())
    while len(words) > 1 and re.fullmatch(r"[0-9]{4,}|(?=[0-9a-f]*[0-9])[0-9a-f]{8,}", words[-1]):
        words.pop()
    return tuple(words)


def last_words(page: Variant) -> list[str]:
    """Return the words of the last part of a path, of letters alone; none if it is an id or a program."""
    last = page.path[-1].casefold() if page.path else ""
    words = [word for word in re.findall(r"[^\W_]+", last) if word.isalpha() and len(word) > 2]
    is_id = len(words) < 2 and re.search("[0-9]", last)
    return [] if page.identity or is_id or (page.query and re.search(r"\.[a-z]{2,4}$", last)) else words


def name_words(page: Variant) -> set[str]:
    """Return the words by which an address names its page: of its last part, or of the one before a program's name."""
    words = {*last_words(page)} - PROGRAM
    if not words and len(page.path) > 1 and not page.identity:
        words = {*last_words(page._replace(path=page.path[:-1], query=()))} - PROGRAM
        words = words if len(words) >= LONG_SLUG - 1 else set()
    return words - list_stop_words("en")


def agree_in_words(first: Variant, second: Variant) -> bool:
    """Return whether two addresses name their pages by mostly the same words, or neither by any.

    Reviews, shops, forums and aggregators bear the title of a book or an article that is elsewhere: there the words of
    one address stand beside the bare number of the other.
    """
    one, other = name_words(first), name_words(second)
    return 2 * len(one & other) >= SAME_SLUG * (len(one) + len(other))


def name_site(page: Variant) -> str:
    """Return the name that a site registered, without its country or kind."""
    *labels, _ = page.host.split(".")
    named = labels if len(labels) < 2 or labels[-1] not in _KINDS else labels[:-1]
    return (named or [page.host])[-1]


def share_name(first: Variant, second: Variant) -> bool:
    """Return whether the names that two sites registered have most of their letters in common, one after the other."""
    one, other = name_site(first), name_site(second)
    common = SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
    return one != other and common >= LONG_NAME and 4 * common >= 3 * min(len(one), len(other))


def hold_other_numbers(first: Variant, second: Variant) -> bool:
    """Return whether the last parts with words of two addresses hold numbers, or both end in ids, and share none."""
    ends = [page.path[-1] if page.path and not last_words(page) else "" for page in (first, second)]
    for parts in ([first.slug, second.slug], ends):
        numbers = [set(re.findall("[0-9]{3,}", part)) for part in parts]
        if all(numbers) and not numbers[0] & numbers[1]:
            return True
    return False


def have_moved(first: Variant, second: Variant) -> bool:
    """Return whether two addresses of one site say the same words in two forms; but for numbers, a series has one."""
    forms = {re.sub("[0-9]+", "0", "/".join((*page.path, *page.query))) for page in (first, second)}
    one, other = name_words(first), name_words(second)
    return len(forms) > 1 and (one <= other or other <= one)


def differ_in_numbers(first: Variant, second: Variant) -> bool:
    """Return whether both addresses of one site hold numbers, and not the same: ids, dates, parts."""
    numbers = [re.findall(r"[0-9]+", "/".join((*variant.path, *variant.query))) for variant in (first, second)]
    return all(numbers) and numbers[0] != numbers[1]
