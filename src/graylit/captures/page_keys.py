"""Addresses: when two of them mean the same page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit


@lru_cache(maxsize=100_000)
def page_key(url: str) -> str:
    """Return a form of the address that is equal for addresses of the same page.

    Scheme, case of the host, default port, fragment, trailing slash, tracking parameters (utm_…, gclid …) and
    the order of the query do not tell pages apart; path and other parameters do.
    """
    from courlan import normalize_url  # slow to import, and most steps that know of addresses compare none

    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    query = re.sub(r"(^|&)([^&=]+)=?(?=&|$)", r"\1\2=-", parts.query)  # parameters without a value would be dropped
    plain = urlunsplit(("https", host + port, parts.path.rstrip("/") or "/", query, ""))
    return normalize_url(plain, strict=False, trailing_slash=True)


def list_urls(source: Mapping[str, str]) -> list[str]:
    """Return the addresses of a source's pages, in order: its own, and those of further pages of the same article."""
    return [source["url"], *source.get("further_urls", "").split()]


def page_keys(source: Mapping[str, str]) -> list[str]:
    """Return the form of each address of a source's pages that is equal for addresses of the same page, in order."""
    return [page_key(url) for url in list_urls(source)]
