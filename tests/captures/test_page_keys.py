"""Which addresses mean the same page, by the WHATWG URL standard and RFC 3986."""

import pytest

from graylit.captures.page_keys import exact_key, list_distinct, page_key, page_keys, tell_page

SAME = {
    "http and https": ("http://hives.example/a", "https://hives.example/a"),
    "the port of the scheme": ("http://hives.example:80/a", "https://hives.example:443/a"),
    "a name of a user": ("https://ada:secret@hives.example/a", "https://hives.example/a"),
    "case of the host": ("https://Hives.EXAMPLE/a", "https://hives.example/a"),
    "script of the host": ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    "width of the host": ("https://ｈives.example/", "https://hives.example/"),
    "a dot after the host": ("https://hives.example./a", "https://hives.example/a"),
    "no path": ("https://hives.example", "https://hives.example/"),
    "one slash at the end": ("https://hives.example/a/", "https://hives.example/a"),
    "dot segments": ("https://hives.example/b/../a/./c", "https://hives.example/a/%2e/c"),
    "escapes of plain characters": ("https://hives.example/%7Eada/%62", "https://hives.example/~ada/b"),
    "case of escapes": ("https://hives.example/bl%c3%bcte", "https://hives.example/bl%C3%BCte"),
    "characters without an escape": ("https://hives.example/blüte?q=ä", "https://hives.example/bl%C3%BCte?q=%C3%A4"),
    "signs that some programs escape": ("https://hives.example/a|b^c", "https://hives.example/a%7Cb%5Ec"),
    "a per cent sign": ("https://hives.example/100%", "https://hives.example/100%25"),
    "backslashes": ("https:\\\\hives.example\\a", "https://hives.example/a"),
    "blanks around": (" https://hives.example/a\n", "https://hives.example/a"),
    "a fragment": ("https://hives.example/a#winter", "https://hives.example/a#/spring"),
    "an empty query": ("https://hives.example/a?", "https://hives.example/a?&"),
    "order of names": ("https://hives.example/a?b=1&a=2", "https://hives.example/a?a=2&b=1"),
    "no value": ("https://hives.example/a?winter", "https://hives.example/a?winter="),
    "plus in a query": ("https://hives.example/a?q=two+hives", "https://hives.example/a?q=two%20hives"),
    "a result of Google's": ("https://hives.example/a?srsltid=AfmBOor&page=2", "https://hives.example/a?page=2"),
    "tracking": ("https://hives.example/a?utm_source=x&b=1&gclid=2&mc_eid=3", "https://hives.example/a?b=1"),
    "tracking alone": ("https://hives.example/a?fbclid=2", "https://hives.example/a"),
    "numbers as hosts": ("http://2130706433/", "http://127.0.0.1/"),
}
APART = {
    "parameters that begin like tracking": (
        "https://hives.example/?gallery=hives",
        "https://hives.example/?gallery=tools",
    ),
    "cid": ("https://hives.example/index.php?cid=12", "https://hives.example/index.php?cid=13"),
    "ref": ("https://hives.example/docs?ref=v1", "https://hives.example/docs?ref=v2"),
    "source": ("https://hives.example/docs?source=a", "https://hives.example/docs"),
    "a map's utm_zone": ("https://hives.example/map?utm_zone=32", "https://hives.example/map?utm_zone=33"),
    "case of a name": ("https://hives.example/?UTM_SOURCE=a", "https://hives.example/"),
    "names without a value": ("https://hives.example/?winter", "https://hives.example/?spring"),
    "no value and a dash": ("https://hives.example/?winter", "https://hives.example/?winter=-"),
    "a name and no query": ("https://hives.example/?winter", "https://hives.example/"),
    "order of values of a name": ("https://hives.example/?a=1&a=2", "https://hives.example/?a=2&a=1"),
    "values of other encodings": ("https://hives.example/?q=%E4", "https://hives.example/?q=%F6"),
    "escapes of delimiters": ("https://hives.example/a%2Fb", "https://hives.example/a/b"),
    "escapes in a query": ("https://hives.example/?a=b%26c", "https://hives.example/?a=b&c"),
    "an escape of an escape": ("https://hives.example/%257E", "https://hives.example/%7E"),
    "two slashes": ("https://hives.example/a//b", "https://hives.example/a/b"),
    "two slashes at the end": ("https://hives.example/a//", "https://hives.example/a/"),
    "two slashes at the start": ("https://hives.example//", "https://hives.example/"),
    "case of the path": ("https://hives.example/A", "https://hives.example/a"),
    "www": ("https://www.hives.example/", "https://hives.example/"),
    "other ports": ("https://hives.example:8443/", "https://hives.example/"),
    "the port of the other scheme": ("http://hives.example:443/", "http://hives.example/"),
    "other schemes": ("ftp://hives.example/", "http://hives.example/"),
    "a host of a dot and no host": ("http://./", "https:///"),
    "no address and an address": ("http://hives.example:port/", "http://hives.example/"),
}
SOURCE = {"url": "https://hives.example/#/winter", "further_urls": "https://hives.example/#/spring"}
ODD = [
    "",
    "a",
    "http://[hives",
    "http://hives.example:port/",
    f"http://h:{'9' * 5000}/",
    "http://a b/",
    "\ud800",
    "\x00",
]


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_what_does_not_tell_pages_apart(one, other):
    assert page_key(one) == page_key(other)


@pytest.mark.parametrize(("one", "other"), APART.values(), ids=APART)
def test_what_tells_pages_apart(one, other):
    assert page_key(one) != page_key(other)


@pytest.mark.parametrize("url", ODD)
def test_what_is_no_address_is_the_same_as_itself_alone(url):
    assert page_key(url) == url.strip()


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME)
def test_pages_declared_distinct_have_keys_of_their_own(one, other):
    distinct = list_distinct([{"url": one, "is_distinct": "yes"}, {"url": other, "is_distinct": "no"}])
    assert (tell_page(one, distinct) == tell_page(other, distinct)) == (exact_key(one) == exact_key(other))


def test_a_source_declared_distinct_has_keys_for_each_of_its_addresses():
    assert len(set(page_keys(SOURCE))) == 1
    assert len(set(page_keys(SOURCE | {"is_distinct": "yes"}))) == 2
