"""What a failure on the line is called, and which of our words its note repeats."""

from http.client import IncompleteRead

from requests import ConnectionError as NoConnectionError

from graylit.collection.asking import CutOffError, name_failure
from graylit.collection.gate import ForbiddenAddressError


def test_the_note_on_a_failure_says_it_in_our_words():
    error = CutOffError("the answer was cut off (after 3 bytes)")
    error.__cause__ = IncompleteRead(b"abc")
    assert name_failure(error) == ("cut_off", "the answer was cut off (after 3 bytes)")


def test_a_failure_inside_the_wrappers_of_libraries_is_found():
    error = NoConnectionError(ForbiddenAddressError("10.0.0.1 is not a public address"))
    assert name_failure(error) == ("forbidden_address", "10.0.0.1 is not a public address")
