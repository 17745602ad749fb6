"""Addresses: when two of them mean the same page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from graylit.tables.addresses import Address, read_address

# Parameters that say where a reader came from, and never which page is read. Exact names: `cid`, `ref`, `source` or a
# map's `utm_zone` choose the page on some sites. Each is documented by who sets it, and removed on all sites by
# Firefox's query stripping, Brave's query filter or ClearURLs' global rules. Doubtful names stay out: a name too few
# shows as a page captured twice, a name too many gives one page in place of another, unseen.
TRACKING = frozenset(
    (
        # Google Analytics: "URL builders: collect campaign data with custom URLs"
        *("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id"),
        *("utm_source_platform", "utm_creative_format", "utm_marketing_tactic"),
        # clicks on advertisements: Google, Meta, Microsoft, X, TikTok, Yandex, Instagram
        *("gclid", "dclid", "gbraid", "wbraid", "gclsrc", "fbclid", "msclkid", "twclid", "ttclid", "yclid", "igshid"),
        "srsltid",  # results of Google's Merchant Center, one for each reader
        # readers of newsletters: Mailchimp, HubSpot, Marketo, Omeda, Vero, Drip
        *("mc_cid", "mc_eid", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsCtaTracking", "mkt_tok"),
        *("oly_anon_id", "oly_enc_id", "vero_id", "vero_conv", "__s"),
    )
)
# What may stand in an address as it is (RFC 3986, 2); everything else is the same with and without an escape.
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}|[^A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]")


@lru_cache(maxsize=100_000)
def page_key(url: str) -> str:
    """Return a form of the address that is equal for addresses of the same page, for any string.

    What does not tell pages apart: http or https, a user's name, the case, the script and a last dot of the host, the
    port that is the scheme's own, escapes of plain characters, one trailing slash, the fragment (no server sees it),
    tracking parameters, `?a` or `?a=`, and the order of parameters of different names. Everything else does. What no
    program can read as an address is only the same as itself.
    """
    address = read_address(url)
    if address is None:
        return url.strip()
    if not address.is_web:
        return address.whole
    place = address._replace(host=address.host.removesuffix(".") or ".").place
    path = ESCAPED.sub(_plain_escape, address.path).removesuffix("/")  # servers lead one to the other: RFC 3986, 6.2.4
    return f"https://{place}{path}/{_plain_query(address)}"


def _plain_query(address: Address) -> str:
    """Return the query of an address as the URL standard reads a form, in the order of names, without tracking."""
    query = ESCAPED.sub(_plain_escape, address.query.replace("+", "%20"))
    pairs = (part.partition("=") for part in query.split("&") if part)
    kept = sorted(((name, value) for name, _, value in pairs if name not in TRACKING), key=lambda pair: pair[0])
    return "?" + "&".join(f"{name}={value}" for name, value in kept) if kept else ""


def _plain_escape(match: re.Match[str]) -> str:
    """Return an escape as RFC 3986 (6.2.2) prefers it: none for plain characters, else in capitals."""
    found = match[0]
    if len(found) < 3:
        return f"%{ord(found):02X}"  # the parser leaves ASCII only: a sign that not all programs escape
    plain = chr(int(found[1:], 16))
    return plain if plain in UNRESERVED else found.upper()


def exact_key(url: str) -> str:
    """Return a form of the address that is equal only if browsers take two addresses for one, fragment and all."""
    address = read_address(url)
    return address.whole if address else url.strip()


def key_of(source: Mapping[str, str]) -> Callable[[str], str]:
    """Return what makes the keys of a source's addresses: of one declared as distinct, only the same address is."""
    return exact_key if source.get("is_distinct") == "yes" else page_key


def has_moved(source: Mapping[str, str], final_url: str) -> bool:
    """Return whether a source's page was found at an address of another page; fragments reach no server."""
    key = key_of(source)
    return key(source["url"].partition("#")[0]) != key(final_url.partition("#")[0])


def explain_fragment(source: Mapping[str, str], final_url: str) -> str:
    """Return that the fragment for which a page is declared distinct was not part of what was asked for; else ''."""
    fragment = source["url"].partition("#")[2] if source.get("is_distinct") == "yes" else ""
    return f"found without its fragment, #{fragment[:80]}" if fragment and "#" not in final_url else ""


def list_distinct(*tables: Iterable[Mapping[str, str]]) -> frozenset[str]:
    """Return the exact keys of all addresses that tables of sources or candidates declare as distinct."""
    declared = (row for rows in tables for row in rows if row.get("is_distinct") == "yes")
    return frozenset(exact_key(url) for row in declared if row.get("url") for url in list_urls(row))


def tell_page(url: str, distinct: frozenset[str]) -> str:
    """Return the key of an address: its own if it is among the `distinct` ones, else that of its page."""
    exact = exact_key(url) if distinct else ""
    return f"exactly {exact}" if exact in distinct else page_key(url)


def explain_distinct(url: str, other: str) -> str:
    """Return how to declare that two addresses of one key lead to two pages; '' if browsers take them for one."""
    remedy = "; if the two addresses lead to two pages, write yes in the column is_distinct"
    return remedy if exact_key(url) != exact_key(other) else ""


def list_urls(source: Mapping[str, str]) -> list[str]:
    """Return the addresses of a source's pages, in order: its own, and those of further pages of the same article."""
    return [source["url"], *source.get("further_urls", "").split()]


def page_keys(source: Mapping[str, str], key: Callable[[str], str] | None = None) -> list[str]:
    """Return the key of each address of a source's pages, in order: made by `key`, else as the source itself says."""
    return [*map(key or key_of(source), list_urls(source))]
