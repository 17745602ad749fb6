"""Forms of numbers: how each kind is written, what cannot be asked for, and what a review may have written."""

import pytest

from graylit.pages.number_forms import (
    interval,
    is_written,
    list_set,
    measure,
    share,
    show_all,
    write_number,
    write_words,
)
from graylit.tables.numbers import COEFFICIENT, COUNT, DECIMAL, IDS, INTERVAL, SHARE, SHARE_INTERVAL, list_asked


@pytest.mark.parametrize(
    ("kind", "value", "form", "shown"),
    [
        (COUNT, "2271", "", "2,271"),
        (COUNT, "2271", "digits", "2271"),
        (COUNT, "8", "words", "eight"),
        (COUNT, "29", "Words", "Twenty-nine"),
        (COUNT, "100", "words", "100"),
        (COUNT, "0", "words", "zero"),
        (SHARE, "0.957055", "", "95.7 %"),
        (SHARE, "0.957055", "whole percent", "96 %"),
        (SHARE, "0.957055", "2 decimals", "0.96"),
        (COEFFICIENT, "0.89692", "", ".90"),
        (COEFFICIENT, "0.89692", "3 decimals", ".897"),
        (COEFFICIENT, "1", "", "1.00"),
        (COEFFICIENT, "-0.0512", "", "−.05"),
        (INTERVAL, "0.873797; 0.917582", "", ".87–.92"),
        (SHARE_INTERVAL, "0.920245; 0.981595", "", "92.0–98.2 %"),
        (DECIMAL, "12.5", "", "12.5"),
        (DECIMAL, "6", "", "6"),
        (DECIMAL, "12.54", "2 decimals", "12.54"),
        (IDS, "G13; G14; G15", "", "G13, G14 and G15"),
        (IDS, "G13", "", "G13"),
        (IDS, "", "", "none"),
        (COEFFICIENT, "", "", "undefined"),
        (INTERVAL, "", "3 decimals", "undefined"),
    ],
)
def test_a_number_is_written_in_its_form(kind, value, form, shown):
    assert write_number(kind, value, form) == shown
    assert is_written(shown)


@pytest.mark.parametrize(
    ("kind", "form"),
    [(COUNT, "percent"), (SHARE, "words"), (COEFFICIENT, "decimals"), (IDS, "words"), (COEFFICIENT, "x decimals")],
)
def test_a_form_that_does_not_fit_is_refused_with_those_that_do(kind, form):
    with pytest.raises(ValueError, match="no form"):
        write_number(kind, "1", form)


def test_numbers_below_a_hundred_have_words():
    words = [write_words(n) for n in range(100)]
    assert len(set(words)) == 100 and words[21] == "twenty-one" and words[90] == "ninety"


@pytest.mark.parametrize("words", ["34 codes in use", "C25 alone", "and so on", "nearly all", "34 (of 36)"])
def test_a_sentence_of_a_person_is_not_what_a_review_writes(words):
    assert not is_written(words)


@pytest.mark.parametrize("words", ["", "?", "…", "103", "2 271", "ninety-nine", ".87–.92", "95.7 %", "C06 and C25"])
def test_numbers_typed_by_hand_may_be_written_over(words):
    assert is_written(words)


def test_what_is_undefined_has_an_empty_value():
    assert share("a", 0, 0, "").value == "" and share("a", 1, 4, "").value == "0.25"
    assert measure("a", COEFFICIENT, None, "").value == "" and measure("a", COEFFICIENT, float("nan"), "").value == ""
    assert interval("a", INTERVAL, 0.5, float("nan"), "").value == ""
    assert [(n.name, n.value) for n in list_set("codes.weak", ["C2", "C1", "C2"], "")] == [
        ("codes.weak", "2"),
        ("codes.weak.ids", "C1; C2"),
    ]


def test_a_number_can_be_asked_for_by_its_name_and_in_each_form():
    rows = [{"name": "codes", "kind": COUNT, "value": "9"}, {"name": "alpha", "kind": COEFFICIENT, "value": "0.897"}]
    shown = show_all(rows)
    assert shown["codes"] == "9" and shown["codes as Words"] == "Nine"
    assert shown["alpha as 3 decimals"] == ".897" and "alpha as words" not in shown
    assert set(shown) == {asked for row in rows for asked in list_asked(row)}
