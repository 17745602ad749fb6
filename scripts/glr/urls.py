"""Addresses: when two of them mean the same page."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from courlan import normalize_url


def page_key(url: str) -> str:
    """Return a form of the address that is equal for addresses of the same page.

    Scheme, case of the host, default port, fragment, trailing slash, tracking parameters (utm_…, gclid …) and
    the order of the query do not tell pages apart; path and other parameters do.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    plain = urlunsplit(("https", host + port, parts.path.rstrip("/") or "/", parts.query, ""))
    return normalize_url(plain, strict=False, trailing_slash=True)
