"""Records of works: what libraries, archives, publishers and courts call one item by, on several pages and sites."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from graylit.search.address_signs import DOI, DOI_END
from graylit.tables.addresses import read_address

# Hosts whose addresses hold nothing but the id of a work, and lead to wherever it is kept now.
_RESOLVERS = re.compile(
    r"(?:dx\.)?doi\.org|hdl\.handle\.net|(?:www\.)?nbn-resolving\.(?:de|org)|resolver\.[a-z0-9.-]+|urn\.[a-z0-9.-]+"
    r"|n2t\.net|purl\.[a-z0-9.-]+|identifiers\.org|w3id\.org|ark\.[a-z0-9.-]+|deeplink\.[a-z0-9.-]+|permalink\.[a-z0-9.-]+"
)
LONG_ID = 8  # signs from which an id is given once: chosen, as long as an eight-digit number
_SHORT_ID = re.compile(r"[a-z]{2,6}[-_.]?[0-9]{3,8}(?:v[0-9]+)?")
MANY_DIGITS = 5
MANY_WORDS = 3  # of four letters and more, from which a part of an address is no id
_DATE = re.compile(r"(?:19|20)[0-9]{2}[-_.]?[01][0-9][-_.]?[0-3][0-9]")


@lru_cache(maxsize=20_000)
def find_doi(url: str) -> str:
    """Return the DOI that an address holds in its path or a parameter, wherever it leads; '' if it holds none."""
    address = read_address(url)
    found = DOI.search(unquote(address.path)) or DOI.search(unquote(address.query)) if address else None
    if found is None:
        return ""
    doi = found[0]
    for _ in range(3):
        doi = DOI_END.sub("", doi)
    return doi.rstrip("/.,;").casefold()


@lru_cache(maxsize=20_000)
def list_ids_of_works(url: str, *, with_short: bool = False) -> frozenset[str]:
    """Return the parts of a path and the values of parameters that are ids too long to be given twice.

    Short ones are of letters and digits, such as `rfc616`: two works may bear one, if their titles differ.
    """
    address = read_address(url)
    if address is None:
        return frozenset()
    values = (part.rpartition("=")[2] for part in re.split("[&;]", address.query))
    held = {unquote(part).casefold() for part in (*address.path.split("/"), *values)}
    return frozenset(part for part in held if _is_id(part) or (with_short and _SHORT_ID.fullmatch(part)))


def _is_id(part: str) -> bool:
    is_long = len(part) >= LONG_ID and sum(map(str.isdigit, part)) >= MANY_DIGITS
    return (
        is_long and " " not in part and not _DATE.fullmatch(part) and len(re.findall(r"[a-z]{4,}", part)) < MANY_WORDS
    )


def is_resolver(url: str) -> bool:
    """Return whether an address is one of those that hold the id of a work and nothing else."""
    address = read_address(url)
    return address is not None and _RESOLVERS.fullmatch(address.host) is not None


def resolves(url: str, other_url: str) -> bool:
    """Return whether one address is of an id of a work alone, and the other holds that id."""
    for one, other in ((url, other_url), (other_url, url)):
        address, there = read_address(one), read_address(other)
        if address and there and is_resolver(one):
            held = unquote(address.path).strip("/").casefold()
            is_id = len(held) >= LONG_ID and sum(map(str.isdigit, held)) >= MANY_DIGITS
            if is_id and held in unquote(there.path + there.query).casefold():
                return True
    return False


def is_short(url: str) -> bool:
    """Return whether an address names a page of a site by a number only, as WordPress does beside its words."""
    address = read_address(url)
    if address is None:
        return False
    return address.path in ("", "/", "/index.php") and bool(
        re.fullmatch(r"(?:p|page_id|post_type=[a-z_-]+&p)=[0-9]+", address.query)
    )
