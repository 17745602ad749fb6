"""Addresses of the web, read as browsers read them: the WHATWG URL standard.

Pages, archives and servers hold addresses that no program can read. Such an address is an answer here, never an error.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import ada_url

# The parts of an address as the standard writes it: what would end a part too early is escaped in it.
PARTS = re.compile(
    r"(?P<scheme>[^:]+):"
    r"(?://(?:[^/?#@]*@)?(?P<host>\[[^\]]*\]|[^/?#:]*)(?::(?P<port>[0-9]+))?)?"
    r"(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.DOTALL,
)

# A name and a password before a host, in an address that stands in a text: after `https://`, or after a lone `//`.
_USER = re.compile(r"""((?:\b[a-z][a-z0-9+.-]{0,20}:|(?<![^\s<"'=;,]))//)[^/?#\s"'<>\\]*@""", re.IGNORECASE)


class Address(NamedTuple):
    """An address and its parts: the host in ASCII and lower case, the port empty if it is its scheme's own."""

    whole: str
    scheme: str
    host: str
    port: str
    path: str
    query: str
    fragment: str

    @property
    def is_web(self) -> bool:
        """Return whether the address is one of the web: http or https."""
        return self.scheme in ("http", "https")

    @property
    def place(self) -> str:
        """Return host and port, as in `example.org:8080`; without the port if it is its scheme's own."""
        return f"{self.host}:{self.port}" if self.port else self.host


@lru_cache(maxsize=1_000)  # chosen: several questions are asked about an address, one after the other
def read_address(text: str) -> Address | None:
    """Return an address with its parts, or None if no program can read it: `http://[bad`, `http://a:port/`, `a/b`."""
    try:
        whole = ada_url.normalize_url(text)
    except ValueError:  # no address, or a lone surrogate, which no encoding can write
        return None
    parts = PARTS.fullmatch(whole)
    return Address(whole, *parts.groups("")) if parts else None


def join_address(base: str, target: str) -> str:
    """Return the address that `target` means on the page at `base`; '' if no program can read it."""
    try:
        return str(ada_url.join_url(base, target))
    except ValueError:
        return ""


def is_of_web(url: str) -> bool:
    """Return whether an address is one of the web: http or https."""
    address = read_address(url)
    return address is not None and address.is_web


def host_of(url: str) -> str:
    """Return the host of an address, in ASCII and lower case; '' if it has none."""
    address = read_address(url)
    return address.host if address else ""


def hide_users(text: str) -> str:
    """Return a text without the names and passwords in its addresses: `https://ada:secret@a.example/` has both."""
    return _USER.sub(r"\1", text) if "@" in text else text
