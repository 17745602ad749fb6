"""Codings as W3C Web Annotations and as CSV."""

import csv
import io
import json

import pytest

from graylit.exchange.annotations import annotate_codings, tabulate_codings
from graylit.exchange.refi import make_guid
from graylit.exchange.review import read_review
from qda_projects import (
    CODED,
    NOW,
    TEXTS_OF,
    write_coded,
)


@pytest.fixture
def study(tmp_path):
    """Return the coded study."""
    return write_coded(tmp_path / "study")


def test_an_annotation_names_code_memo_page_and_place(study):
    collection = annotate_codings(read_review(study), has_words=True)
    items = collection["first"]["items"]
    assert collection["total"] == len(items) == 7
    first = next(item for item in items if item["id"].endswith(make_guid("coding", "A-1")))
    assert [(body["purpose"], body["value"][:4]) for body in first["body"]] == [
        ("classifying", "Mesh"),
        ("commenting", "Says"),
    ]
    target = first["target"]
    assert (target["source"], target["state"][0]["sourceDate"]) == ("https://example.org/barrels", NOW)
    quote, place = target["selector"]
    assert quote["exact"] == TEXTS_OF["S001"][place["start"] : place["end"]] == CODED["A"][0][1]
    assert TEXTS_OF["S001"].count(quote["prefix"] + quote["exact"] + quote["suffix"]) == 1


def test_without_words_no_word_of_a_source_is_given_away(study):
    state = read_review(study)
    given = json.dumps(annotate_codings(state, has_words=False)) + tabulate_codings(state, has_words=False)
    assert not [quote for coded in CODED.values() for _, quote, _, _ in coded if quote and quote in given]
    assert "TextPositionSelector" in given


def test_the_csv_has_a_row_for_each_coding_with_words_and_code(study):
    rows = list(csv.DictReader(io.StringIO(tabulate_codings(read_review(study), has_words=True))))
    assert sorted((row["coding_id"], row["exact"]) for row in rows if row["coder"] == "A") == [
        (f"A-{number}", quote) for number, (_, quote, _, _) in enumerate(CODED["A"], start=1)
    ]
    assert {row["code"] for row in rows} == {"Mesh", "Overflow"}


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_cells_that_a_spreadsheet_would_run_are_defused(study, start):
    state = read_review(study)
    state.codings[0]["memo"] = f"{start}|cmd"
    rows = list(csv.DictReader(io.StringIO(tabulate_codings(state, has_words=True))))
    assert rows[0]["memo"] == f"'{start}|cmd"
