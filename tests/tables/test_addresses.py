"""Addresses: read by the WHATWG URL standard, whatever stands in the place of one."""

import pytest

from graylit.tables.addresses import hide_users, host_of, join_address, read_address

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


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("https://ada:secret@a.example/b", "https://a.example/b"),
        ("HTTP://ada@a.example", "HTTP://a.example"),
        ("https://ada:se@cret@a.example/b", "https://a.example/b"),
        ("ftp://ada:secret@a.example/b", "ftp://a.example/b"),
        ("//ada:secret@a.example/b", "//a.example/b"),
        ("sent to http://ada:secret@a.example/b, which is gone", "sent to http://a.example/b, which is gone"),
        ("<https://ada:secret@a.example/>; rel=next", "<https://a.example/>; rel=next"),
        ("https://a.example/?to=https://ada:secret@b.example/", "https://a.example/?to=https://b.example/"),
    ],
)
def test_names_and_passwords_in_addresses_are_left_out(text, plain):
    assert hide_users(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "https://blog.example/@ada/post",
        "https://a.example/?mail=ada@b.example",
        "https://a.example/#ada@b.example",
        "https://a.example/x//ada@2x.png",
        "mailto:ada@b.example",
        "ada@b.example",
    ],
)
def test_an_at_sign_elsewhere_is_no_password(text):
    assert hide_users(text) == text


def test_looking_for_passwords_takes_time_in_proportion_to_the_text():
    assert hide_users("https://" * 100_000 + "@") is not None
    assert hide_users("a" * 1_000_000 + "@") is not None
