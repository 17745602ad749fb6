"""Redirects of engines, mail programs and caches: the address that they lead to, as far as they hold it."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, unquote

from graylit.tables.addresses import Address, read_address

DEPTH = 5  # redirects within redirects that are followed: chosen, more than any seen
_GOOGLE = re.compile(r"(?:www\.|news\.|scholar\.|images\.)?google(?:\.[a-z]{2,3}){1,2}")
_BING = re.compile(r"(?:[a-z0-9-]+\.)?bing\.com")
_YAHOO = re.compile(r"r\.search\.yahoo\.(?:com|co\.jp)|search\.aol\.(?:com|co\.uk)")
_BAIDU = re.compile(r"(?:www\.|m\.)?baidu\.com")
_AMP_CACHE = re.compile(r"[a-z0-9-]+\.cdn\.ampproject\.org")
# By host: the path of its redirects, and the parameters of which one holds the address.
PARAMETERS: tuple[tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]], ...] = tuple(
    (re.compile(rf"\A(?:{host})"), re.compile(path), names)
    for host, path, names in (
        (_GOOGLE.pattern, r"/(?:url|imgres|interstitial)", ("q", "url", "imgrefurl", "adurl")),
        (r"(?:[a-z0-9-]+\.)*duckduckgo\.com", r"/l/?", ("uddg",)),
        (r"(?:www\.)?startpage\.com", r"/(?:cgi-bin/serveimage|do/redirect|rvd/search/redirect)?", ("url",)),
        (r"(?:www\.)?ecosia\.org", r"/url", ("url", "u")),
        (r"(?:www\.|yandex\.)?yandex\.(?:ru|com)", r"/clck/.*", ("url",)),
        (r"(?:l|lm)\.facebook\.com|(?:www\.|m\.)?facebook\.com", r"/(?:l|flx/warn)(?:\.php)?/?", ("u",)),
        (r"l\.instagram\.com", r"/?", ("u",)),
        (r"(?:www\.)?linkedin\.com", r"/(?:redir/redirect|safety/go)/?", ("url",)),
        (r"(?:www\.|m\.)?youtube\.com", r"/redirect/?", ("q",)),
        (r"out\.reddit\.com", r"/.*", ("url",)),
        (r"(?:[a-z0-9-]+\.)*safelinks\.protection\.outlook\.(?:com|cn)", r"/.*", ("url",)),
        (r"(?:statics\.)?teams\.(?:microsoft|cdn\.office)\.(?:com|net)", r"/evergreen-assets/safelinks/.*", ("url",)),
        (r"(?:exit|away)\.[a-z0-9.-]+|away\.vk\.com|vk\.com", r"/away(?:\.php)?", ("to",)),
        (r"slack-redir\.net", r"/link", ("url",)),
        (r"t\.umblr\.com", r"/redirect", ("z",)),
    )
)
# Of any of them, so that an address of another host is told with one look.
HOSTS = re.compile(
    "|".join(f"(?:{host.pattern})" for host in (_BING, _YAHOO, _BAIDU, _AMP_CACHE, *(p[0] for p in PARAMETERS)))
)


def unwrap(url: str) -> str | None:
    """Return the address that a redirect leads to, or the address itself if it is none.

    None if it is a redirect that does not hold where it leads.
    """
    found: str | None = url
    for _ in range(DEPTH):
        if found is None or (address := read_address(found)) is None or not address.is_web:
            return found
        inner = _unwrap_once(address)
        if inner == "":
            return found
        found = inner
    return found


def _unwrap_once(address: Address) -> str | None:
    """Return what an address leads to; '' if it is no redirect, None if it does not say where it leads."""
    if not HOSTS.fullmatch(address.host):
        return ""
    if _BING.fullmatch(address.host) and address.path.startswith("/ck/a"):
        return _read_bing(parse_qs(address.query).get("u", [""])[0])
    if _YAHOO.fullmatch(address.host) and (address.host.startswith("r.") or "/click/" in address.path):
        inside = re.search(r"/RU=([^/]+)/", address.path)
        return _as_web(unquote(inside[1])) if inside else None
    if (_GOOGLE.fullmatch(address.host) and address.path == "/goto") or (
        _BING.fullmatch(address.host) and address.path.startswith("/aclick")
    ):
        return None
    if _BAIDU.fullmatch(address.host) and address.path == "/link":
        return None
    if amp := _read_amp(address):
        return amp
    for host, path, names in PARAMETERS:
        if host.fullmatch(address.host) and path.fullmatch(address.path):
            held = parse_qs(address.query)
            target = next((held[name][0] for name in names if name in held), "")
            return _as_web(target) if target else _tell_bare(address)
    return ""


def _tell_bare(address: Address) -> str | None:
    """Return that a redirect holds no address, or '' if it is the page of a site at the same path."""
    return "" if address.path in ("", "/") or "facebook" in address.host else None


def _as_web(inside: str) -> str | None:
    """Return the address inside a redirect; None if it is not one of the web."""
    inside = inside if re.match(r"[a-z][a-z0-9+.-]*:", inside, re.IGNORECASE) else f"https://{inside.lstrip('/')}"
    return inside if read_address(inside) else None


def _read_bing(held: str) -> str | None:
    """Return the address that Bing keeps in base64 after two signs (a1)."""
    code = held[2:].replace("-", "+").replace("_", "/")
    try:
        inside = base64.b64decode(code + "=" * (-len(code) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return inside if re.match(r"https?://", inside) else None


def _read_amp(address: Address) -> str:
    """Return the address of the article that a cache of AMP pages serves; '' if it is none."""
    if _AMP_CACHE.fullmatch(address.host) or (_GOOGLE.fullmatch(address.host) and address.path.startswith("/amp/")):
        found = re.fullmatch(r"/(?:[a-z]/|amp/)(s/)?([^/]+\.[^/]+/?.*)", address.path)
        if found:
            query = f"?{address.query}" if address.query else ""
            return f"{'https' if found[1] else 'http'}://{found[2]}{query}"
    return ""
