"""The gate to the web: public addresses and those the config lists pass, checked when a connection is opened."""

from __future__ import annotations

import functools
import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from urllib3 import PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from graylit.collection.deadlines import watch_socket
from graylit.collection.interim import FinalResponse
from graylit.collection.public_addresses import (
    WELL_KNOWN_NAME,
    Address,
    Network,
    find_prefixes,
    is_public,
    list_embedded,
)
from graylit.tables.addresses import hide_users, host_of, read_address

if TYPE_CHECKING:
    from urllib3._base_connection import BaseHTTPConnection

Timeout = float | tuple[float, float] | tuple[float, None] | None
Certificate = bytes | str | tuple[bytes | str, bytes | str] | None
# Names that never mean a public host (RFC 6761, RFC 6762, RFC 8375 and what clouds use for their metadata).
PRIVATE_NAMES = ("localhost", "local", "internal", "home.arpa", "localdomain", "lan", "intranet", "corp")


class ForbiddenAddressError(Exception):
    """An address that is not public and not listed under collection.allowed_addresses."""


def resolve_name(host: str, port: int) -> list[str]:
    """Return every address that a name stands for. Raises OSError if it is not known."""
    return list(dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


@dataclass(frozen=True)
class Gate:
    """Lets connections to public addresses pass, and to networks the config lists; `resolve` looks names up."""

    allowed: tuple[Network, ...] = ()
    resolve: Callable[[str, int], list[str]] = resolve_name

    def admit(self, host: str, port: int) -> list[str]:
        """Return the addresses to connect to. Raises ForbiddenAddressError if any of them is forbidden."""
        literal = read_literal(host)
        if literal is None and not self.allowed and _is_private_name(host):
            raise ForbiddenAddressError(f"{host} is a name of this machine or its network")
        found = [str(literal)] if literal is not None else self.resolve(host, port)
        for address in found:
            if not self.is_open(ipaddress.ip_address(address.partition("%")[0])):
                meant = "" if address == host else f" ({host})"
                raise ForbiddenAddressError(f"{address}{meant} is not a public address")
        return found

    def admit_literal(self, host: str) -> None:
        """Refuse what needs no look-up to be refused: a proxy looks names up itself. Raises as `admit` does."""
        if read_literal(host) is not None or _is_private_name(host):
            self.admit(host, 0)

    def is_open(self, address: Address) -> bool:
        """Return whether an address is public or listed."""
        inner = list_embedded(address, self._translated if address.version == 6 else ())
        if any(meant in network for network in self.allowed for meant in (address, *inner)):
            return True
        return all(map(is_public, inner or [address]))

    @functools.cached_property
    def _translated(self) -> tuple[Network, ...]:
        """The prefixes under which this network reaches IPv4 addresses, asked for once (RFC 7050)."""
        try:
            return find_prefixes(self.resolve(WELL_KNOWN_NAME, 0))
        except (OSError, UnicodeError, ValueError):
            return ()


@dataclass(frozen=True)
class NamedGate(Gate):
    """A gate that also lets the one host and port pass that a person has named, wherever they are."""

    named: tuple[str, int] = ("", 0)

    def admit(self, host: str, port: int) -> list[str]:
        """Return the addresses to connect to, as `Gate` does; those of what was named are not looked at."""
        if (host.strip("[]").lower(), port) == self.named:
            literal = read_literal(host)
            return [str(literal)] if literal is not None else self.resolve(host, port)
        return super().admit(host, port)

    def admit_literal(self, host: str) -> None:
        """Refuse what needs no look-up to be refused, but not what was named."""
        if host.strip("[]").lower() != self.named[0]:
            super().admit_literal(host)


def name_gate(allowed: Iterable[str], url: str) -> Gate:
    """Return a gate that also lets the host and the port of one address pass, which a person has named."""
    address = read_address(url)
    if address is None:
        return open_gate(allowed)
    port = int(address.port or {"http": 80, "https": 443}.get(address.scheme, 0))
    return NamedGate(open_gate(allowed).allowed, named=(address.host.strip("[]").lower(), port))


def open_gate(allowed: Iterable[str]) -> Gate:
    """Return a gate that also lets the listed networks pass, such as 127.0.0.0/8."""
    return Gate(tuple(ipaddress.ip_network(network) for network in allowed))


def read_literal(host: str) -> Address | None:
    """Return the address that a host spells out, also as 2130706433, 0x7f.1 or 0177.0.0.1; None for a name."""
    bare = host.strip("[]").partition("%")[0].rstrip(".")
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    try:
        return ipaddress.ip_address(socket.inet_aton(bare)) if bare and bare.isascii() and " " not in bare else None
    except OSError:
        return None


def _is_private_name(host: str) -> bool:
    return host.rstrip(".").lower().rpartition(".")[2] in PRIVATE_NAMES or host.lower().endswith("home.arpa")


def strip_credentials(url: str) -> str:
    """Return an address without user name, password and fragment.

    Raises ValueError if programs differ about which host it names.
    """
    is_readable = not url or read_address(url) is not None
    # Programs differ about the host of `http:///hives.example/` and of `http://a.example\@b.example/`.
    if not is_readable or "\\" in url or re.match("https?:(?!//[^/])", url, re.IGNORECASE):
        raise ValueError(f"{hide_users(url)[:200]!r} is no address")
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, parts.query, ""))


class _GatedConnection(HTTPConnection):
    """A connection whose socket is opened only if the gate lets it pass, and is watched by the request's deadline."""

    gate: Gate

    def _new_conn(self) -> socket.socket:
        host: str = self._dns_host
        try:
            addresses = self.gate.admit(host, self.port)
        except (OSError, UnicodeError) as error:
            raise NameResolutionError(host, self, as_look_up_error(error)) from error
        refusal: OSError | None = None
        for address in addresses:
            try:
                return watch_socket(create_connection((address, self.port), self.timeout))
            except OSError as error:
                refusal = error
        if isinstance(refusal, TimeoutError):
            raise refusal
        raise NewConnectionError(self, f"{refusal or 'no address'}") from refusal


def as_look_up_error(error: OSError | UnicodeError) -> socket.gaierror:
    """Return an error of a look-up in the form that urllib3 wraps."""
    return error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))


class _WatchedConnection(HTTPConnection):
    """A connection to a proxy: whoever set the proxy answers for its address."""

    def _new_conn(self) -> socket.socket:
        return watch_socket(super()._new_conn())


class _UsedOnce(HTTPConnectionPool):
    """Pools that close a connection after its answer: each request has one of its own, whose address is checked."""

    def _put_conn(self, connection: BaseHTTPConnection | None) -> None:
        if connection is not None:
            connection.close()


def _make_pools(opener: type[HTTPConnection], gate: Gate) -> dict[str, type[HTTPConnectionPool]]:
    """Return pool classes whose connections are opened by `opener`."""
    kept = {"gate": gate, "response_class": FinalResponse}
    plain = type("Connection", (opener, HTTPConnection), kept)
    secure = type("SecureConnection", (opener, HTTPSConnection), kept)
    return {
        "http": type("Pool", (_UsedOnce, HTTPConnectionPool), {"ConnectionCls": plain}),
        "https": type("SecurePool", (_UsedOnce, HTTPSConnectionPool), {"ConnectionCls": secure}),
    }


class GatedAdapter(HTTPAdapter):
    """An adapter of requests that checks each address at the moment of connecting, and each name given to a proxy."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._lock = threading.Lock()
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: object) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = _make_pools(_GatedConnection, self.gate)

    def proxy_manager_for(self, proxy: str, **kwargs: object) -> PoolManager:
        """Return the pools of connections through a proxy."""
        with self._lock:
            is_new = proxy not in self.proxy_manager
            manager = super().proxy_manager_for(proxy, **kwargs)
            if is_new:
                manager.pool_classes_by_scheme = _make_pools(_WatchedConnection, self.gate)
        return manager

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: Timeout = None,
        verify: bool | str = True,
        cert: Certificate = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request; through a proxy only if the address spells out nothing forbidden."""
        url = request.url or ""
        if select_proxy(url, proxies or {}):
            self.gate.admit_literal(host_of(url))
        return super().send(request, stream, timeout, verify, cert, proxies)
