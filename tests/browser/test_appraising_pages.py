"""Appraisers at work in a real browser: scoring by keys alone, undoing, and settling what two scored differently."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from browser.browsing import assert_accessible, assert_no_script_ran, observed, take_screenshots
from conftest import read_table
from desks import list_people, serve_page, write_readable
from graylit.desk.appraising.task import open_appraising
from graylit.desk.tasks import Visit
from graylit.study.checking import read_study, require_study
from graylit.study.writing import read_clock

WIDTHS = (390, 768, 1280, 1920)
QUALITY = "config/quality.csv"
OWN = """\
item,area,question,scores,is_turned
K1,rigour,Is it sound <script>fired('question')</script>?,2 = yes; 1 = partly; 0 = no,
K2,rigour,Is it an advertisement?,1 = yes; 0 = no,yes
K3,outlet,How strictly does its outlet select?,"1 = book, thesis or white paper; 0.5 = talk, news or forum; 0 = blog",
"""
LIST_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.checkVisibility())
  .map((one) => one.tagName + "." + one.className + "#" + one.id).slice(0, 5)"""


@pytest.fixture
def study(tmp_path):
    folder = write_readable(tmp_path / "study")
    (folder / "config/checklist.csv").write_text(OWN)
    list_people(folder, Ana="appraiser", Bo="appraiser", Cy="settler", A="coder", B="coder")
    return folder


@contextmanager
def serve_to(page, study, task, person="Ana"):
    with serve_page(study, person) as server:
        page.goto(server.turn_to(task).address)
        expect(page.locator("#who")).to_have_text(person)
        yield server
        page.goto("about:blank")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def expect_saved(page, words):
    expect(page.locator("#saved")).to_have_text(re.compile(f"Saved: {words}"))


def rows_of(study):
    return [(row["source_id"], row["item"], row["score"], row["note"]) for row in read_table(study / QUALITY)]


def score_all(study, person, scores):
    """Score every source as an appraiser at a desk of their own does."""
    task = open_appraising(Visit(study, person, read_clock), require_study(study))
    for source_id in ("S001", "S002", "S003"):
        for item, score in zip(("K1", "K2", "K3"), scores[source_id], strict=True):
            asked = {"version": task.describe_scores(source_id)["version"], "kind": "score", "item": item}
            task.decide(source_id, asked | {"score": score, "note": f"note of {person}"})


def test_a_source_is_appraised_by_keys_alone(page, study):
    with serve_to(page, study, "appraise"):
        expect(page.locator(".item.current")).to_contain_text("Is it sound")
        expect(page.locator("#text")).to_contain_text("A barrel of oak holds two hundred litres")
        press(page, "2")
        expect_saved(page, "K1 of S001 is 1")
        expect(page.locator(".item.current")).to_contain_text("advertisement")
        press(page, "2")
        expect_saved(page, "K2 of S001 is 0")
        press(page, "k", "e")
        page.keyboard.type("sells nothing")
        press(page, "Control+Enter")
        expect_saved(page, "the note on K2")
        press(page, "n", "1")
        expect_saved(page, "K3 of S001 is 1")
        expect(page.locator("#head")).to_contain_text("Pumps")  # the next source
        expect(page.locator("#total")).to_have_text("1 of 3 sources appraised")
        assert_no_script_ran(page)
    assert rows_of(study) == [
        ("S001", "K1", "1", ""),
        ("S001", "K2", "0", ""),
        ("S001", "K2", "0", "sells nothing"),
        ("S001", "K3", "1", ""),
    ]
    assert read_study(study)[1] == []


def test_a_score_is_undone_and_given_with_the_mouse(page, study):
    with serve_to(page, study, "appraise"):
        page.get_by_role("button", name="partly 2").first.click()
        expect_saved(page, "K1 of S001 is 1")
        press(page, "u")
        expect_saved(page, "K1 is as it was before")
        expect(page.locator(".item.scored")).to_have_count(0)
        expect(page.locator("[data-do=undo]")).to_be_disabled()
    assert [row[2] for row in rows_of(study)] == ["1", ""]


def test_another_tab_makes_a_decision_stale_and_the_page_shows_what_is_there(page, study):
    with serve_to(page, study, "appraise"):
        expect(page.locator(".item.current")).to_contain_text("Is it sound")
        task = open_appraising(Visit(study, "Ana", read_clock), require_study(study))
        asked = {"version": task.describe_scores("S001")["version"], "kind": "score", "item": "K1", "score": "0"}
        task.decide("S001", asked)
        with page.expect_response(lambda answer: answer.status == 409):
            press(page, "1")
        expect(page.locator("#notice")).to_contain_text("was changed elsewhere")
        expect(page.locator("#item-K1 [aria-pressed=true]")).to_have_text("no 3")
        observed(page).errors.clear()  # Chromium says the refused request on the console
    assert len(rows_of(study)) == 1


def test_both_pages_are_accessible_at_every_width(page, study):
    same = dict.fromkeys(("S001", "S002", "S003"), ("2", "0", "1"))
    score_all(study, "Bo", same)
    with serve_to(page, study, "appraise"):
        expect(page.locator(".item.current")).to_contain_text("Is it sound")
        press(page, "1")
        expect_saved(page, "K1 of S001 is 2")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            assert page.evaluate(LIST_WIDE) == [], width
            assert_accessible(page)
            take_screenshots(page, f"appraise-{width}")
        press(page, "?")
        assert_accessible(page)
    score_all(study, "Ana", same | {"S001": ("0", "0", "0.5"), "S002": ("2", "1", "1")})
    with serve_to(page, study, "settle-scores", "Cy"):
        expect(page.locator(".item")).to_have_count(3)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            assert page.evaluate(LIST_WIDE) == [], width
            assert_accessible(page)
            take_screenshots(page, f"settle-scores-{width}")


def test_differences_are_settled_by_keys_and_names_are_shown_if_wished(page, study):
    same = dict.fromkeys(("S001", "S002", "S003"), ("2", "0", "1"))
    with serve_to(page, study, "settle-scores", "Cy"):
        expect(page.locator("#progress")).to_contain_text("Nowhere do appraisers differ")
    score_all(study, "Ana", same)
    score_all(study, "Bo", same | {"S001": ("0", "0", "0.5")})
    with serve_to(page, study, "settle-scores", "Cy"):
        expect(page.locator(".item").first).to_contain_text("appraiser 1: 2")
        expect(page.locator("main")).not_to_contain_text("Ana:")
        press(page, "2")
        expect_saved(page, "K1 of S001 is 1")
        expect(page.locator(".item.current")).to_contain_text("How strictly")
        press(page, "k", "e")
        page.keyboard.type("between them")
        press(page, "Control+Enter")
        expect_saved(page, "the note on K1")
        press(page, "h")
        expect(page.locator(".item").first).to_contain_text("Ana: 2")
        expect(page.locator("#progress")).to_have_text("1 of 2 settled")
        assert_no_script_ran(page)
    last = read_table(study / QUALITY)[-1]
    assert (last["appraiser"], last["score"], last["note"]) == ("Cy", "1", "between them")
    assert last["settles_scores_of"] == "Ana; Bo"
    assert read_study(study)[1] == []
