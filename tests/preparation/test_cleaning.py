"""Signs that no text keeps, and those that it does."""

import pytest

from graylit.preparation.cleaning import clean_words


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u2060", "\ufeff", "\x00", "\x01", "\x1f", "\ufffe", "\uffff"])
def test_a_sign_that_nobody_sees_cuts_no_word(sign):
    assert clean_words(f"win{sign}ter {sign} in{sign}{sign}side{sign}") == "winter  inside"


@pytest.mark.parametrize("sign", ["\u200e", "\u200f", "\u202a", "\u2062", "\u2063", "\u2068"])
def test_a_mark_of_direction_cuts_no_word_and_stays_between_words(sign):
    assert clean_words(f"win{sign}ter {sign}inside{sign}.") == f"winter {sign}inside{sign}."


@pytest.mark.parametrize(
    "words",
    [
        "می\u200cخواهم",  # Persian
        "क्\u200dष",  # Hindi
        "👩\u200d💻",
        "ภาษา\u200bไทย",  # Thai, where the space without width ends a word
        "one\n\ttwo\u00a0three – “four”",
    ],
)
def test_a_sign_that_is_part_of_the_words_stays(words):
    assert clean_words(words) == words


def test_halves_of_a_sign_are_joined_and_half_a_one_is_marked_as_unknown():
    assert clean_words("\ud83d\ude00 \ud83d x") == "😀 � x"


def test_breaks_that_xml_forbids_are_blanks():
    assert clean_words("one\x0btwo\x0cthree") == "one two three"
