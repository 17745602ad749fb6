"""Which addresses are public: the registries of the IANA as a table of our own, and what IPv6 addresses hide.

Python's `is_global` says otherwise from one release to the next. The table was taken from the IANA IPv4 and IPv6
Special-Purpose Address Registries; a test holds it against Python's.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _list_networks(*networks: str) -> list[Network]:
    return [ipaddress.ip_network(network) for network in networks]


# What is not globally reachable: this network, private, shared, loopback, link-local, for protocols, for
# documentation, relays of 6to4, benchmarks, multicast, reserved, broadcast.
CLOSED_4 = _list_networks(
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24"),
    *("192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24"),
    *("224.0.0.0/4", "240.0.0.0/4"),
)
OPEN_4 = _list_networks("192.0.0.9/32", "192.0.0.10/32")  # anycast addresses of PCP and TURN, within what is closed
GLOBAL_6 = ipaddress.ip_network("2000::/3")  # global unicast; all else is reserved, local, multicast, or embeds IPv4
CLOSED_6 = _list_networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
OPEN_6 = _list_networks(
    *("2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:3::/32", "2001:4:112::/48", "2001:20::/28"),
    "2001:30::/28",
)
# IPv6 networks whose last 32 bits are an IPv4 address: IPv4-mapped, NAT64 (RFC 6052), translated, IPv4-compatible.
EMBEDDING = _list_networks("::ffff:0:0/96", "64:ff9b::/96", "::ffff:0:0:0/96", "::/96")
SIXTOFOUR, TEREDO = _list_networks("2002::/16", "2001::/32")
# An answer for ipv4only.arpa, whose address is one of these, shows where a network hides IPv4 addresses (RFC 7050).
WELL_KNOWN_NAME = "ipv4only.arpa"
WELL_KNOWN = (ipaddress.IPv4Address("192.0.0.170"), ipaddress.IPv4Address("192.0.0.171"))
LENGTHS = (32, 40, 48, 56, 64, 96)  # of the prefixes of such networks, in bits (RFC 6052, 2.2)


def is_public(address: Address) -> bool:
    """Return whether an address is globally reachable by itself, whatever it embeds."""
    if isinstance(address, ipaddress.IPv4Address):
        return _is_in(address, OPEN_4) or not _is_in(address, CLOSED_4)
    return address in GLOBAL_6 and (_is_in(address, OPEN_6) or not _is_in(address, CLOSED_6))


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


def list_embedded(address: Address, translated: Iterable[Network] = ()) -> list[Address]:
    """Return the IPv4 addresses to which an IPv6 address leads; `translated` are prefixes that this network uses."""
    if isinstance(address, ipaddress.IPv4Address):
        return []
    bits = int(address)
    if bits <= 1:  # unspecified and loopback, which are in ::/96
        return []
    if address in SIXTOFOUR:
        return [_cut(bits, 16)]
    if address in TEREDO:
        return [_cut(bits, 32), ipaddress.IPv4Address(~bits & 0xFFFFFFFF)]
    if _is_in(address, EMBEDDING):
        return [_cut(bits, 96)]
    return [_read_translated(bits, network.prefixlen) for network in translated if address in network]


def _cut(bits: int, start: int) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(bits >> (96 - start) & 0xFFFFFFFF)


def _read_translated(bits: int, length: int) -> ipaddress.IPv4Address:
    """Return the IPv4 address after a prefix; bits 64 to 71 are left out (RFC 6052, 2.2)."""
    if length == 96:
        return _cut(bits, 96)
    without = (bits >> 64) << 56 | bits & ((1 << 56) - 1)  # 120 bits
    return ipaddress.IPv4Address(without >> (120 - length - 32) & 0xFFFFFFFF)


def find_prefixes(answers: Iterable[str]) -> tuple[ipaddress.IPv6Network, ...]:
    """Return the prefixes under which a network translates IPv4 addresses, from its answers for ipv4only.arpa."""
    found = [ipaddress.ip_address(answer.partition("%")[0]) for answer in answers]
    return tuple(
        ipaddress.IPv6Network((int(address), length), strict=False)
        for address in found
        if isinstance(address, ipaddress.IPv6Address)
        for length in LENGTHS
        if _read_translated(int(address), length) in WELL_KNOWN
    )
