"""The gate to the web: inner addresses are refused however they are written, by a table of our own."""

import ipaddress
import itertools

import pytest

from graylit.collection.gate import ForbiddenAddressError, Gate
from graylit.collection.public_addresses import CLOSED_4, CLOSED_6, find_prefixes, is_public, list_embedded

PREFIXES = {  # RFC 6052, 2.4: 192.0.2.33 behind prefixes of every length
    "2001:db8:c000:221::": 32,
    "2001:db8:1c0:2:21::": 40,
    "2001:db8:122:c000:2:2100::": 48,
    "2001:db8:122:3c0:0:221::": 56,
    "2001:db8:122:344:c0:2:2100::": 64,
    "2001:db8:122:344::192.0.2.33": 96,
}


def address(text):
    return ipaddress.ip_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "10.1.2.3",
            "127.0.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "192.88.99.1",
            "0.1.2.3",
            "255.255.255.255",
        ),
        *("::1", "::", "fc00::1", "fe80::1", "fec0::1", "ff02::1", "100::1", "5f00::1", "3fff::1", "2001:db8::1"),
        *("64:ff9b::10.0.0.1", "64:ff9b:1::808:808", "64:ff9b:1:abcd::7f00:1", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
        *(
            "::ffff:127.0.0.1",
            "::127.0.0.1",
            "::ffff:0:10.0.0.1",
            "2002:7f00:1::",
            "2002:a9fe:a9fe::1",
            "1::1",
            "8000::1",
        ),
        *("2001:0:4136:e378:8000:63bf:f5ff:fffe", "2001:0:a00:1::f7f7:f7f7", "2001:2::1", "2001:10::1"),
    ],
)
def test_an_address_that_is_not_public_is_refused(text):
    with pytest.raises(ForbiddenAddressError):
        Gate(resolve=lambda host, port: []).admit(f"[{text}]" if ":" in text else text, 80)


@pytest.mark.parametrize(
    "text",
    [
        *("8.8.8.8", "192.0.0.9", "192.31.196.1", "2606:4700::1111", "2620:4f:8000::1", "2001:4860:4860::8888"),
        *("2001:1::1", "2001:4:112::1", "64:ff9b::8.8.8.8", "2002:808:808::1", "::ffff:8.8.8.8"),
    ],
)
def test_a_public_address_passes(text):
    assert Gate(resolve=lambda host, port: []).admit(text, 80) == [str(address(text))]


@pytest.mark.parametrize(("text", "length"), PREFIXES.items())
def test_an_address_behind_a_prefix_of_the_network_is_read(text, length):
    network = ipaddress.ip_network((text, length), strict=False)
    assert list_embedded(address(text), [network]) == [address("192.0.2.33")]


def test_an_inner_address_behind_a_prefix_of_the_network_is_refused():
    answers = {"ipv4only.arpa": ["2a00:1:2:3::192.0.0.170"], "hives.example": ["2a00:1:2:3::10.0.0.1"]}
    gate = Gate(resolve=lambda host, port: answers.get(host, ["2a00:1:2:3::8.8.8.8"]))
    assert gate.admit("bees.example", 80) == ["2a00:1:2:3::8.8.8.8"]
    with pytest.raises(ForbiddenAddressError):
        gate.admit("hives.example", 80)


def test_a_network_without_translation_has_no_prefix():
    assert find_prefixes(["192.0.0.170", "2a00::1"]) == ()


def test_a_network_of_the_config_passes():
    gate = Gate((ipaddress.ip_network("64:ff9b:1::/48"),), lambda host, port: [])
    assert gate.admit("64:ff9b:1::1", 80) == ["64:ff9b:1::1"]


def test_the_address_that_was_checked_is_the_one_to_connect_to():
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    gate = Gate(resolve=lambda host, port: next(answers))
    assert gate.admit("rebinding.example", 80) == ["93.184.215.14"]


def test_what_the_table_calls_public_python_does_too():
    edges = [(network[0] - 1, network[-1] + 1) for network in [*CLOSED_4[1:-1], *CLOSED_6]]
    for edge in itertools.chain.from_iterable(edges):
        assert not is_public(edge) or edge.is_global, edge


def test_every_closed_network_is_closed_from_end_to_end():
    for network in [*CLOSED_4, *CLOSED_6]:
        assert not is_public(network[0])
        assert not is_public(network[-1])
