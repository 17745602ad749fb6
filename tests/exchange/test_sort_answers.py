"""Answers of sorters without Graylit: taken over whole, or refused with each reason, and nothing written then."""

import json

import pytest

from conftest import read_table
from graylit.exchange.sort_answers import import_answer
from graylit.exchange.sort_sheets import write_sheet
from graylit.study.cards import describe_sheet, list_cards
from graylit.study.checking import read_study, require_study
from graylit.study.remarks import list_remarks
from graylit.tables.faults import InputError
from running import call_graylit
from sorting_desks import NAMES, SESSIONS, SORTS, put_all, rows_of, sit, statuses_of, write_sortable
from tiny_study import replace_once

NOW = "2026-03-01T12:00:00Z"


@pytest.fixture
def folder(tmp_path):
    return write_sortable(tmp_path / "study")


def answer_of(folder, sorter="Eve", piles="aabbcc", **changed):
    """Return the answer that a sorter's page saves."""
    study = require_study(folder)
    sheet = describe_sheet(study.config, list_cards(study.guidelines.cells), sorter)
    letter = dict(zip(NAMES, piles, strict=True))
    named = {}
    for card in sheet["cards"]:
        named.setdefault(f"pile {letter[card['name']]}", []).append({"key": card["key"], "name": card["name"]})
    said = {name: sheet[name] for name in ("study", "sorter", "kind", "seed")}
    times = {"begun_at": "2026-03-01T10:00:00Z", "finished_at": "2026-03-01T11:00:00Z", "note": "hard"}
    return {
        "graylit": "answer of a card sort",
        **said,
        **times,
        "piles": [{"name": name, "cards": cards} for name, cards in named.items()],
        **changed,
    }


def save(folder, answer):
    path = folder / "answer.json"
    path.write_text(answer if isinstance(answer, str) else json.dumps(answer), encoding="utf-8")
    return path


def take(folder, answer, asked=""):
    return import_answer(folder, save(folder, answer), asked, NOW)


def refuse(folder, answer, asked=""):
    before = {path: path.read_bytes() for path in (folder / "config").rglob("*.csv")}
    with pytest.raises(InputError) as refused:
        take(folder, answer, asked)
    assert {path: path.read_bytes() for path in (folder / "config").rglob("*.csv")} == before
    return " ".join(fault.problem for fault in refused.value.faults)


def test_an_answer_becomes_rows_and_its_sorter_is_listed(folder):
    told = take(folder, answer_of(folder))
    assert told == ["Eve: 6 cards on 3 piles. Eve is listed in config/people.csv now."]
    assert sorted(rows_of(folder)) == [("Eve", f"G0{at}", f"pile {'aabbcc'[at - 1]}") for at in range(1, 7)]
    assert statuses_of(folder) == [("Eve", "begun"), ("Eve", "finished")]
    session = read_table(folder / SESSIONS)[-1]
    assert (session["way"], session["note"], session["decided_at"]) == ("file", "hard", "2026-03-01T11:00:00Z")
    people = read_table(folder / "config/people.csv")[-1]
    assert (people["decider"], people["kind"], people["roles"]) == ("Eve", "person", "sorter")
    study, faults = read_study(folder)
    assert faults == []
    assert [str(one) for one in list_remarks(study, folder) if "Eve" in str(one)] == []


def test_a_sorter_is_taken_over_under_another_name(folder):
    assert take(folder, answer_of(folder), "Bo")[0] == "Bo: 6 cards on 3 piles."
    assert {sorter for sorter, _, _ in rows_of(folder)} == {"Bo"}


def test_twice_the_same_sorter_is_refused(folder):
    take(folder, answer_of(folder))
    assert "has rows in config/synthesis/card_sorts.csv already" in refuse(folder, answer_of(folder))
    put_all(sit(folder, "Ana"), ("Lid on", "Water"))
    assert "already" in refuse(folder, answer_of(folder), "Ana")


def test_the_answer_of_another_study_is_refused(folder, tmp_path):
    other = write_sortable(tmp_path / "other")
    replace_once(other, "config/config.yaml", "title: Rain", "title: More rain")
    assert "another study" in refuse(folder, answer_of(other))


def test_cards_that_are_missing_unknown_or_twice_are_named(folder):
    whole = answer_of(folder)
    first, *rest = whole["piles"]
    assert f"lacks cards: {min(card['name'] for card in first['cards'])}" in refuse(folder, whole | {"piles": rest})
    assert "has cards twice" in refuse(folder, whole | {"piles": [first, *whole["piles"]]})
    strange = {"name": "pile z", "cards": [{"key": "0" * 16, "name": "Strange"}]}
    assert "worded otherwise: Strange" in refuse(folder, whole | {"piles": [*whole["piles"], strange]})


def test_a_guideline_that_was_reworded_since_makes_its_card_another(folder):
    answer = answer_of(folder)
    replace_once(folder, "config/synthesis/guidelines.csv", "What to do about it, number 1.", "Another wording.")
    found = refuse(folder, answer)
    assert "worded otherwise: Mesh first" in found
    assert "lacks cards: Mesh first" in found


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"finished_at": ""}, "is not finished"),
        ({"kind": "closed"}, "is of a sort that is closed, and this one is open"),
        ({"seed": "1"}, "does not say how its order was drawn"),
        ({"sorter": ""}, "cannot be the name"),
        ({"sorter": "ana"}, "differs from 'Ana'"),
        ({"sorter": "=1+1"}, "cannot be the name"),
        ({"piles": 3}, "names no piles"),
        ({"piles": [{"name": "x"}]}, "has a pile without a name or cards"),
        ({"piles": [{"name": "x", "cards": [1]}]}, "has a card that is none"),
        ({"graylit": "something"}, "is no answer of a card sort"),
    ],
)
def test_an_answer_that_lacks_something_is_refused(folder, changed, words):
    assert words in refuse(folder, answer_of(folder) | changed)


@pytest.mark.parametrize("content", ["", "[]", "{", "\u0000", '"x"', "[" * 100_000])
def test_what_is_no_answer_is_refused(folder, content):
    assert refuse(folder, content).startswith("is no")


def test_piles_that_are_not_given_are_refused_in_a_closed_sort(tmp_path):
    folder = write_sortable(tmp_path / "study", is_closed=True)
    assert "has piles that are not given: pile a, pile b, pile c" in refuse(folder, answer_of(folder))


def test_names_of_piles_are_cells_that_no_spreadsheet_runs(folder):
    answer = answer_of(folder)
    answer["piles"][0]["name"] = "=1+1"
    take(folder, answer)
    assert "'=1+1" in {pile for _, _, pile in rows_of(folder)}
    assert read_study(folder)[1] == []


def test_a_clock_that_is_ahead_is_not_believed(folder):
    take(folder, answer_of(folder, begun_at="2031-01-01T00:00:00Z", finished_at="2031-01-02T00:00:00Z"))
    assert {row["sorted_at"] for row in read_table(folder / SORTS)} == {NOW}
    assert read_study(folder)[1] == []


def test_the_page_has_no_id_and_asks_nothing_of_a_network(folder):
    path, n_cards = write_sheet(folder, "Eve")
    page = path.read_text(encoding="utf-8")
    assert (path.name, n_cards) == ("sort_Eve.html", 6)
    assert "G01" not in page
    assert "default-src &#39;none&#39;" in page
    assert "http://" not in page.replace("http://www.w3.org/", "")
    assert "<b>barrels" not in page


def test_the_commands_say_what_was_done_and_what_is_to_be_done(folder):
    made = call_graylit("-C", folder, "export", "sort", "--as", "Eve")
    assert "sort_Eve.html: 6 cards for Eve to sort" in made.stdout, made.stderr
    assert "Say who is to sort" in call_graylit("-C", folder, "export", "sort").stderr
    taken = call_graylit("-C", folder, "import", "sort", save(folder, answer_of(folder)))
    assert "Eve: 6 cards on 3 piles" in taken.stdout, taken.stderr
    again = call_graylit("-C", folder, "export", "sort", "--as", "Eve")
    assert "has rows in config/synthesis/card_sorts.csv already" in again.stderr
