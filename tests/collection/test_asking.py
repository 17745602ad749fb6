"""What a failure on the line is called, which of our words its note repeats, and how headers are read."""

from http.client import IncompleteRead

from requests import ConnectionError as NoConnectionError
from urllib3 import HTTPHeaderDict

from graylit.collection.asking import CutOffError, describe_headers, name_failure
from graylit.collection.gate import ForbiddenAddressError


def test_the_note_on_a_failure_says_it_in_our_words():
    error = CutOffError("the answer was cut off (after 3 bytes)")
    error.__cause__ = IncompleteRead(b"abc")
    assert name_failure(error) == ("cut_off", "the answer was cut off (after 3 bytes)")


def test_a_failure_inside_the_wrappers_of_libraries_is_found():
    error = NoConnectionError(ForbiddenAddressError("10.0.0.1 is not a public address"))
    assert name_failure(error) == ("forbidden_address", "10.0.0.1 is not a public address")


def test_octets_beyond_ascii_are_escaped_in_headers_that_hold_addresses():
    sent = {
        "Location": "/blüte",
        "Link": '</führer>; rel="memento"',
        "Refresh": "0; url=/zurück",
        "Content-Location": "/tür",
        "X-Author": "Jörg",
    }
    received = {name: value.encode().decode("latin-1") for name, value in sent.items()}  # as http.client reads them
    assert describe_headers(received) == {
        "location": "/bl%C3%BCte",
        "link": '</f%C3%BChrer>; rel="memento"',
        "refresh": "0; url=/zur%C3%BCck",
        "content-location": "/t%C3%BCr",
        "x-author": "JÃ¶rg",
    }


def test_octets_that_are_no_utf_8_are_escaped_as_they_came():
    assert describe_headers({"Location": "/bl\xfcte"}) == {"location": "/bl%FCte"}


def test_links_of_several_headers_are_one_list():
    sent = HTTPHeaderDict()
    for link in ('</a>; rel="original"', '</web/20260302080000/a>; rel="memento"'):
        sent.add("Link", link)
    assert describe_headers(sent) == {"link": '</a>; rel="original", </web/20260302080000/a>; rel="memento"'}
