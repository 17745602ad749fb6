"""Addresses under which sites show one page in several ways, and what in them tells pages apart.

A page key (graylit.captures.page_keys) holds for every site. What is left out here holds for most: so two addresses
with one variant key are the same page only if nothing else speaks against it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from graylit.search.address_signs import (
    AMP_CACHE,
    AMP_PARTS,
    ARCHIVED,
    ARXIV,
    COMING_NAMES,
    COMING_STARTS,
    COMMENTS,
    DOI,
    DOI_END,
    DOI_HOSTS,
    INDEX_FILES,
    LANGUAGE,
    LANGUAGE_NAMES,
    LANGUAGES,
    NAMED_VERSIONS,
    NUMBERED,
    PAGE_NAMES,
    ROUTE,
    SHOWN_HOSTS,
    SHOWN_NAMES,
    SHOWN_VALUES,
    VERSION,
    VIDEO,
)
from graylit.tables.addresses import Address, read_address

PARAMETERS = "parameters"  # all that tells two addresses apart


class Variant(NamedTuple):
    """What an address says of its page."""

    key: str  # equal for addresses under which most sites show one page
    host: str  # without what shows the page in another way
    path: tuple[str, ...]  # the parts that are left
    query: tuple[str, ...]  # the parameters that are left, in order
    language: str  # stated by the address, as `de` or `pt-br`; '' if none is
    version: str  # of what is documented, as `v1.2` or `latest`; '' if none is
    number: str  # of the page in a list; '' for the first
    route: str  # a fragment by which scripts choose the page, as `!/guide`
    identity: str  # what the page is known by on several sites, as a DOI; '' if nothing is

    @property
    def slug(self) -> str:
        """Return the last part of the path that has words."""
        return next((part for part in reversed(self.path) if re.search(r"[^\W\d_]{3}", part)), "")

    @property
    def is_start(self) -> bool:
        """Return whether it is the start page of a host."""
        return not self.path and not self.query and not self.route


@lru_cache(maxsize=200_000)
def read_variant(url: str) -> Variant | None:
    """Return what an address says of its page; None if it is none of the web."""
    address = _leave_cache(read_address(url))
    if address is None or not address.is_web:
        return None
    language, labels = _read_host(address.host)
    query, in_query, number = _read_query(address.query)
    parts, query = _read_parts(address.path, query)
    path, in_path, version, in_path_number = _read_path(parts)
    language = in_query or in_path or language
    route = address.fragment.rstrip("/") if ROUTE.match(address.fragment) else ""
    host = ".".join(labels)
    whole = "/".join((host, *path)).casefold()
    marks = (version, in_path_number or number, route)
    key = "\n".join((whole, "&".join(query), *marks))
    return Variant(key, host, path, query, language, *marks, _identify(address))


def leave_archive(url: str) -> str:
    """Return the address of the page of which an archive of the web holds a copy; '' if it is no such copy."""
    found = ARCHIVED.search(url)
    return url[found.end() :] if found and "?" not in url[: found.start()] else ""


def _leave_cache(address: Address | None) -> Address | None:
    """Return the address of the page that a cache of AMP pages holds; any other address as it is."""
    if address is None:
        return None
    is_cache = address.host.endswith(".cdn.ampproject.org") or (
        re.fullmatch(r"www\.google\.[a-z.]+", address.host) and address.path.startswith("/amp/")
    )
    match = AMP_CACHE.fullmatch(address.path) if is_cache else None
    return read_address(f"https://{match[1]}{match[2] or '/'}") if match else address


def _read_host(host: str) -> tuple[str, list[str]]:
    """Return the language that a host states, and its labels without it and without ways of showing a page."""
    labels, language = host.removesuffix(".").split("."), ""
    own = labels[-2:]
    for label in reversed(labels[:-2]):
        if label in LANGUAGES and len(labels) > 2 and not language and label == labels[0]:
            language = label
        elif not SHOWN_HOSTS.fullmatch(label):
            own.insert(0, label)
    return language, own


def _read_parts(path: str, query: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    """Return the parts of a path and the parameters without `index.php`: MediaWiki names articles in three ways."""
    parts = [unquote(part) for part in re.sub(r";[^/]*", "", path).split("/") if part]
    if "index.php" not in parts:
        return parts, query
    titles = [unquote(part[6:]) for part in query if part.startswith("title=")]
    if titles:
        return ["wiki", *titles], tuple(part for part in query if not part.startswith("title="))
    return [part for part in parts if part != "index.php"], query


def _read_path(parts: list[str]) -> tuple[tuple[str, ...], str, str, str]:
    """Return the parts of a path that tell pages apart, and the language, version and number that it states."""
    language = version = number = ""
    path: list[str] = []
    for place, part in enumerate(parts):
        plain, is_last = part.casefold(), place == len(parts) - 1
        match = LANGUAGE.fullmatch(plain)
        if match and match[1] in LANGUAGES and place < 3 and not language and "cgi" not in parts[max(place - 1, 0)]:
            language = plain.replace("_", "-")
        elif not version and not is_last and _is_version(plain, parts[place + 1]):
            version = plain
        elif plain in ("page", "seite") and place == len(parts) - 2 and parts[-1].isdigit():
            number = "" if parts[-1] == "1" else parts[-1]
            break
        elif is_last and place and (numbered := _read_number(plain, parts[place - 1])):
            number = "" if numbered == "1" else numbered
        elif not (_is_shown(plain, place, len(parts)) or (is_last and INDEX_FILES.fullmatch(plain))):
            path.append(_strip_ending(part) if is_last else part)
    return tuple(path), language, version, number


def _read_number(part: str, before: str) -> str:
    """Return the number of the page of a list or article that the last part of a path states; '' if it states none."""
    if numbered := NUMBERED.fullmatch(part):
        return numbered[1]
    is_article = re.fullmatch(r"(?!(?:19|20)[0-9]{2}$)[0-9]{4,}|[^\W_]+(?:[-_][^\W_]+){2,}", before) is not None
    return part if is_article and re.fullmatch("[1-9][0-9]?", part) else ""


def _is_version(part: str, following: str) -> bool:
    """Return whether a part of a path is a version of what is documented; before a number it is none."""
    return bool(VERSION.fullmatch(part)) or (part in NAMED_VERSIONS and not re.fullmatch(r"[0-9.]+", following))


def _is_shown(part: str, place: int, n_parts: int) -> bool:
    """Return whether a part of a path says how a page is shown: to telephones as its first, for printing at an end."""
    if n_parts == 1:
        return False
    if place == n_parts - 1 and COMMENTS.fullmatch(part):
        return True
    return (
        part in AMP_PARTS
        or (place == 0 and part in ("mobile", "m", "print"))
        or (
            place == n_parts - 1
            and part in ("print", "printable", "printview", "mobile.html", "amp.html", "print.html")
        )
    )


def _strip_ending(part: str) -> str:
    """Return the last part of a path without the ending of a page, as servers show it with and without."""
    return re.sub(r"(?:\.amp|\.print)?(?:\.(?:html?|amp|print))?$", "", part, flags=re.IGNORECASE) or part


def _read_query(query: str) -> tuple[tuple[str, ...], str, str]:
    """Return the parameters that tell pages apart, the language, and the number of the page."""
    language = number = ""
    kept = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        name, plain = name.casefold(), unquote(value).casefold()
        if part[-1:] in ("", "=") or name in COMING_NAMES or name.startswith(COMING_STARTS):
            continue
        if name in SHOWN_NAMES and plain in SHOWN_VALUES:
            continue
        if name in LANGUAGE_NAMES:
            language = plain.replace("_", "-")
        elif name in PAGE_NAMES and plain.isdigit():
            number = (
                "" if plain == "0" else f"{name}={plain}"
            )  # of some sites 1 is the first page, of others the second
        else:
            kept.append(part.replace("+", "%20"))
    return tuple(sorted(kept)), language, number


def _identify(address: Address) -> str:
    """Return what a page is known by on several sites: a DOI, or the number of a preprint or a film; '' if nothing."""
    host, path = address.host.removeprefix("www."), unquote(address.path)
    if host.endswith("arxiv.org") and (match := ARXIV.fullmatch(path)):
        return f"arxiv {match[1].casefold()}{match[2] or ''}"
    if host == "youtu.be" and VIDEO.fullmatch(path.strip("/")):
        return f"youtube {path.strip('/')}"
    if host.endswith("youtube.com"):
        chosen = re.search(r"(?:^|&)v=([A-Za-z0-9_-]{11})(?:&|$)", address.query) if path == "/watch" else None
        chosen = chosen or re.fullmatch(r"/(?:embed|shorts|live|v)/([A-Za-z0-9_-]{11})/?", path)
        return f"youtube {chosen[1]}" if chosen else ""
    stated = re.search(r"(?:^|&)doi=(10\.[^&]+)", address.query, re.IGNORECASE)
    if match := DOI.search(unquote(stated[1]) if stated else path if DOI_HOSTS.search(host) else ""):
        number = match[0]
        for _ in range(3):  # such as /full.pdf: nobody puts more behind a number
            number = DOI_END.sub("", number)
        return f"doi {number.rstrip('/').casefold()}"
    return ""


def are_apart(first: Variant, second: Variant) -> str:
    """Return what in two addresses says that their pages differ, for a person to read; '' if nothing does."""
    if first.language != second.language and _are_translations(first.language, second.language):
        return f"languages {first.language or 'unstated'} and {second.language or 'unstated'}"
    is_one_site = first.host.split(".")[-2:] == second.host.split(".")[-2:]
    if first.version != second.version and (is_one_site or (first.version and second.version)):
        return f"versions {first.version or 'unstated'} and {second.version or 'unstated'}"
    if first.number != second.number:
        return f"pages {first.number or '1'} and {second.number or '1'} of a list"
    if first.route != second.route:
        return "routes of scripts"
    if (first.host, first.path) == (second.host, second.path) and first.query != second.query:
        return PARAMETERS
    return ""


def _are_translations(first: str, second: str) -> bool:
    """Return whether two languages stated by addresses differ; none may be English, the language sites start with."""
    one, other = (language.split("-")[0] for language in (first or "en", second or "en"))
    return one != other or ("-" in first and "-" in second)
