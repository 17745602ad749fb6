"""Addresses: read by the WHATWG URL standard, whatever stands in the place of one."""

import pytest

from graylit.tables.addresses import host_of, join_address, read_address

# What pages, archives and servers were seen to hold in the place of an address.
UNREADABLE = [
    "",
    "/guide",
    "http://",
    "http://[hives/",
    "http://hives.example]/",
    "https://hives.example:undefined/favicon.ico",
    "http://hives.example:99999/",
    f"http://hives.example:{'9' * 5000}/",
    "http://two hives/",
    "http://hives\x00.example/",
    "http://%zz/",
    "http://1.2.3.256/",
    "http://hives.example/\ud800",
    "//hives.example/",
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_no_program_can_read_is_no_address(text):
    assert read_address(text) is None
    assert host_of(text) == ""


def test_an_address_has_the_parts_that_browsers_see():
    address = read_address(" HTTP://ada:secret@Bücher.Example:80/a b/../%7Ec?q=ä&r='#Teil/2\n")
    assert address.whole == "http://ada:secret@xn--bcher-kva.example/%7Ec?q=%C3%A4&r=%27#Teil/2"
    assert address[1:] == ("http", "xn--bcher-kva.example", "", "/%7Ec", "q=%C3%A4&r=%27", "Teil/2")
    assert address.is_web


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://hives.example:8443/", "hives.example:8443"),
        ("http://hives.example:443/", "hives.example:443"),
        ("http://[::1]:8080/a", "[::1]:8080"),
        ("http://0x7f.1/", "127.0.0.1"),
    ],
)
def test_a_place_is_host_and_port(url, place):
    assert read_address(url).place == place


def test_an_address_of_another_scheme_is_not_of_the_web():
    assert not read_address("mailto:ada@hives.example").is_web


@pytest.mark.parametrize(
    ("target", "whole"),
    [
        ("../b", "https://hives.example/b"),
        ("?page=2", "https://hives.example/a/c?page=2"),
        ("//other.example/x", "https://other.example/x"),
        ("\\winter", "https://hives.example/winter"),
        ("/blüte", "https://hives.example/bl%C3%BCte"),
        ("http://[hives/", ""),
        ("http://hives.example:undefined/", ""),
        ("/\ud800", ""),
    ],
)
def test_a_target_means_what_browsers_take_it_for(target, whole):
    assert join_address("https://hives.example/a/c", target) == whole


def test_a_page_without_an_address_leads_nowhere():
    assert join_address("http://[hives/", "/winter") == ""
