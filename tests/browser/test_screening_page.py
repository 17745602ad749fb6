"""Screeners and a settler at work in a real browser: with keys, with a thumb, and on every width of screen."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from browser.browsing import assert_accessible, assert_no_script_ran, observed, take_screenshots
from desks import assert_no_fault, list_people, serve_page
from screening_desks import SCREENINGS_FILE, list_candidates, read_screenings, write_screened

WIDTHS = (390, 768, 1280, 1920)
HOSTILE = "<script>fired('title')</script><img src=x onerror=\"fired('image')\"> \u202eturned"
DIFFERING = """\
screening_id,candidate_id,screener,round,decision,criterion_id,reason,screened_at,settles,replaces
A1,H00001,ANNA,1,include,,shows how a mesh is put in,,,
B1,H00001,BEN,1,exclude,E2,a price list,,,
A2,H00002,ANNA,1,unsure,,,,,
B2,H00002,BEN,1,include,,,,,
"""
# What sticks out of the window to the right, and what of a page of candidates cannot be seen.
LIST_HIDDEN = """() => {
  const isSeen = (element) => {
    const box = element.getBoundingClientRect();
    const isWithin = box.left >= 0 && box.right <= innerWidth && box.top >= 0;
    return box.width > 0 && isWithin && box.top + Math.min(box.height, 20) <= innerHeight;
  };
  const buttons = [...document.querySelectorAll(".verdicts button"), document.querySelector(".criterion")];
  const hidden = [...buttons, document.querySelector("#note")].filter((one) => !isSeen(one));
  const isWide = document.documentElement.scrollWidth > innerWidth;
  return [isWide ? "scrolls sideways" : "", ...hidden.map((one) => one.textContent || one.id)].filter(Boolean);
}"""


@pytest.fixture
def study(tmp_path):
    return write_screened(tmp_path / "study", list_candidates(4))


@contextmanager
def serve_to(page, study, name, task="screen", arguments=()):
    """Serve a desk to a browser's page, open at a task, which the page leaves before the server ends."""
    with serve_page(study, name, *arguments) as server:
        server = server.turn_to(task)
        page.goto(server.address)
        expect(page.locator("h1").first).not_to_be_empty()
        yield server
        page.goto("about:blank")


@pytest.fixture
def screening(study, page):
    with serve_to(page, study, "ANNA"):
        expect(page.locator("#candidate h1")).to_have_text("Barrel number 1")
        yield page


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def expect_saved(page, words):
    expect(page.locator("#saved")).to_have_text(re.compile(f"Saved: {words}"))


def test_candidates_are_screened_by_keys_alone(screening, study):
    expect(screening.locator("#exclusion")).to_contain_text("E2 No practice")
    expect(screening.locator("#candidate")).to_contain_text("found by X01 (searx), rank 1: rain barrel mesh")
    press(screening, "i")
    expect_saved(screening, "include on H00001")
    expect(screening.locator("#candidate h1")).to_have_text("Barrel number 2")
    press(screening, "n")
    screening.keyboard.type("only prices: i 2 m")
    press(screening, "Escape", "2")
    expect_saved(screening, "exclude E2 on H00002")
    press(screening, "m")
    expect_saved(screening, "unsure on H00003")
    press(screening, "u")
    expect_saved(screening, "undone on H00003")
    press(screening, "1")
    expect_saved(screening, "exclude E1 on H00003")
    press(screening, "i")
    expect(screening.locator("#candidate")).to_contain_text("You have decided on every candidate.")
    expect(screening.locator("#left")).to_have_text("0 left · 4 done")
    rows = [
        (row["candidate_id"], row["decision"], row["criterion_id"], row["reason"]) for row in read_screenings(study)
    ]
    assert rows == [
        ("H00001", "include", "", ""),
        ("H00002", "exclude", "E2", "only prices: i 2 m"),
        ("H00003", "unsure", "", ""),
        ("H00003", "", "", ""),
        ("H00003", "exclude", "E1", ""),
        ("H00004", "include", "", ""),
    ]
    assert_no_fault(study)


def test_keys_faster_than_the_server_decide_on_nothing_that_was_not_seen(screening, study):
    screening.route("**/candidates/*", lambda route: (screening.wait_for_timeout(300), route.continue_()))
    press(screening, "i", "i", "i", "m")
    expect(screening.locator("#candidate h1")).to_have_text("Barrel number 2")
    screening.unroute("**/candidates/*")
    assert [row["candidate_id"] for row in read_screenings(study)] == ["H00001"]


def test_an_earlier_decision_is_shown_and_changed(screening, study):
    press(screening, "i")
    expect_saved(screening, "include on H00001")
    screening.locator("#recent button").click()
    expect(screening.locator(".own")).to_contain_text("You decided: include")
    press(screening, "1")
    expect_saved(screening, "exclude E1 on H00001")
    assert [row["replaces"] for row in read_screenings(study)] == ["", "ANNA-s0001"]


def test_of_two_tabs_the_second_is_told_and_shows_the_state_of_now(screening, study):
    other = screening.context.new_page()
    other.goto(screening.url.partition("#")[0])
    expect(other.locator("#candidate h1")).to_have_text("Barrel number 1")
    press(screening, "i")
    expect_saved(screening, "include")
    press(other, "1")
    expect(other.locator("#notice")).to_contain_text("changed elsewhere")
    expect(other.locator(".own")).to_contain_text("You decided: include")
    assert len(read_screenings(study)) == 1
    observed(screening).errors.clear()  # Chromium says the refused request on the console


def test_an_answer_that_breaks_off_is_not_called_saved(screening, study):
    half = {"status": 200, "content_type": "application/json", "body": '{"saved": {"candidate_id"'}
    screening.route("**/candidates/H00001", lambda route: route.fulfill(**half))
    press(screening, "i")
    expect(screening.locator("#saved")).to_have_text("Not called saved")
    expect(screening.locator("#notice")).to_contain_text("did not say that the last decision was saved")
    screening.unroute("**/candidates/H00001")
    press(screening, "i")
    expect_saved(screening, "include on H00001")


def test_hostile_words_are_shown_as_words(tmp_path, page):
    rows = [row | {"title": HOSTILE, "publisher": HOSTILE} for row in list_candidates(2)]
    study = write_screened(tmp_path / "study", rows)
    with serve_to(page, study, "ANNA"):
        expect(page.locator("#candidate h1")).to_contain_text("<script>fired('title')</script>")
        assert page.locator("#candidate h1 .control").evaluate("(one) => one.dataset.name") == "U+202E"
        press(page, "n")
        page.keyboard.type("<img src=x onerror=fired('note')>")
        press(page, "Escape", "i")
        expect_saved(page, "include")
        page.locator("#recent button").click()
        expect(page.locator(".own")).to_contain_text("onerror=fired('note')")
        assert_no_script_ran(page)


@pytest.mark.parametrize("width", WIDTHS)
def test_criteria_and_buttons_are_in_view_on_every_screen(screening, width):
    screening.set_viewport_size({"width": width, "height": 844 if width < 800 else 860})
    assert screening.evaluate(LIST_HIDDEN) == []
    assert_accessible(screening)
    take_screenshots(screening, f"screening-{width}")
    screening.locator(".verdicts button").first.click()
    expect_saved(screening, "include on H00001")
    assert screening.evaluate(LIST_HIDDEN) == []


def test_a_thumb_reaches_the_buttons_of_a_phone(screening):
    screening.set_viewport_size({"width": 390, "height": 844})
    boxes = [one.bounding_box() for one in screening.locator(".verdicts button, .criterion").all()]
    assert all(box["height"] >= 44 and box["width"] >= 44 for box in boxes)
    assert all(box["y"] > 844 / 2 for box in boxes[-2:])
    screening.locator(".criterion", has_text="E2").click()
    expect_saved(screening, "exclude E2 on H00001")


def test_what_differs_is_settled_by_keys_with_names_hidden_until_asked_for(study, page):
    (study / SCREENINGS_FILE).write_text(DIFFERING, encoding="utf-8")
    with serve_to(page, study, "CLEO", "settle"):
        expect(page.locator(".side")).to_have_count(2)
        expect(page.locator("#sides")).to_contain_text("shows how a mesh is put in")
        expect(page.locator("#sides")).not_to_contain_text("ANNA")
        assert_accessible(page)
        take_screenshots(page, "settling")
        page.set_viewport_size({"width": 390, "height": 844})
        tops = [page.locator(name).first.bounding_box()["y"] for name in ("#candidate h1", "#live", ".side")]
        assert tops == sorted(tops) and tops[-1] < 420
        assert page.locator(".side").last.bounding_box()["y"] == tops[-1]
        take_screenshots(page, "settling-390")
        page.set_viewport_size({"width": 1280, "height": 844})
        press(page, "h")
        expect(page.locator("#sides")).to_contain_text("ANNA")
        press(page, "i")
        expect_saved(page, "include on H00001")
        press(page, "u")
        expect_saved(page, "undone on H00001")
        press(page, "2")
        expect_saved(page, "exclude E2 on H00001")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate(LIST_HIDDEN) == [], width
        take_screenshots(page, "settling-1920")
        press(page, "i")
        expect(page.locator("#candidate h1")).to_have_text("Nothing is left to settle.")
        colours = "(names) => names.map((name) => getComputedStyle(document.querySelector(name)).color)"
        include, criterion = page.evaluate(colours, ["[data-do=include]", ".criterion"])
        assert include == criterion  # disabled, both look so
    assert_no_fault(study)


def test_the_first_page_asks_who_decides_before_anything_is_decided(study, page):
    (study / "config/people.csv").unlink()
    (study / SCREENINGS_FILE).write_text(DIFFERING, encoding="utf-8")
    with serve_to(page, study, "CLEO", ""):
        expect(page.locator("h1")).to_have_text("Who decides here?")
        expect(page.locator(".decider")).to_have_count(3)
        assert_accessible(page)
        expect(page.locator("#people")).to_contain_text("Every decision carries the name of who took it.")
        page.locator("[data-decider=CLEO]").get_by_label("settler").check()
        page.locator("[data-decider=ANNA]").get_by_label("a person").check()
        page.locator("[data-decider=BEN]").get_by_label("a language model").check()
        take_screenshots(page, "who-decides")
        page.get_by_role("button", name="Save all").click()
        expect(page.locator("#tasks")).to_contain_text("1 of 1 candidates left")
        assert_accessible(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth > innerWidth") is False
        page.get_by_role("link", name=re.compile("Settle")).click()
        expect(page.locator(".side")).to_have_count(1)  # a person outranks a model
    people = (study / "config/people.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[:4] for line in people[1:]] == [
        ["CLEO", "person", "settler", ""],
        ["ANNA", "person", "screener", ""],
        ["BEN", "model", "screener", "unknown"],
    ]
    assert_no_fault(study)


def test_somebody_without_a_role_is_led_to_say_one_and_everybody_is_shown(study, page):
    list_people(study, ANNA="screener", BEN="screener", CLEO="")
    with serve_to(page, study, "CLEO", ""):
        expect(page.locator("#tasks")).to_contain_text("You have no role yet")
        page.get_by_role("button", name="Say what you do here").click()
        expect(page.locator(".decider legend")).to_have_text(["CLEO (you)", "ANNA", "BEN"])
        expect(page.locator("[data-decider=CLEO]")).to_contain_text("edits the criteria and the codebook")
        page.locator("[data-decider=CLEO]").get_by_label("settler").check()
        assert_accessible(page)
        page.get_by_role("button", name="Save all").click()
        expect(page.locator("#tasks")).to_contain_text("Settle screenings")
    assert len((study / "config/people.csv").read_text(encoding="utf-8").splitlines()) == 5


def test_how_the_screening_goes_is_shown_and_included_candidates_become_sources(study, page):
    agreed = "A3,H00003,ANNA,1,include,,,,,\nB3,H00003,BEN,1,include,,,,,\n"
    settled = "C1,H00001,CLEO,1,exclude,E2,,,A1; B1,\nC2,H00002,CLEO,1,exclude,E2,,,A2; B2,\n"
    (study / SCREENINGS_FILE).write_text(DIFFERING + agreed, encoding="utf-8")
    with serve_to(page, study, "CLEO", "progress"):
        expect(page.locator("#figures")).to_contain_text("sources as soon as all screeners are through")
        expect(page.get_by_role("button", name="Make sources of them")).to_have_count(0)
    rest = "A4,H00004,ANNA,1,exclude,E1,,,,\nB4,H00004,BEN,1,exclude,E2,,,,\n"
    (study / SCREENINGS_FILE).write_text(DIFFERING + agreed + settled + rest, encoding="utf-8")
    with serve_to(page, study, "CLEO", "progress"):
        expect(page.locator("#figures")).to_contain_text("cohen kappa")
        expect(page.locator("#figures")).to_contain_text("1 candidate is excluded by different criteria")
        assert_accessible(page)
        take_screenshots(page, "progress")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            assert page.evaluate("document.documentElement.scrollWidth > innerWidth") is False
        page.get_by_role("button", name="Make sources of them").click()
        page.get_by_role("button", name="Make them sources").click()
        expect_saved(page, ".*1 source added.*Next: .*collect")
        expect(page.locator("#figures")).not_to_contain_text("no source yet")
    assert (study / "config/sources.csv").read_text(encoding="utf-8").splitlines()[1].startswith("H00003,")
    assert_no_fault(study)


def test_an_observer_needs_no_name_and_decides_nothing(study, page):
    with serve_to(page, study, "", "", arguments=("--read-only",)):
        expect(page.locator("#who")).to_have_text("looking only")
        expect(page.locator("#tasks")).to_contain_text("How the screening goes")
        assert_accessible(page)
        take_screenshots(page, "looking-only")


def test_keys_of_a_ranking_are_not_listed_without_one(screening):
    press(screening, "?")
    expect(screening.locator("#keys")).to_contain_text("undo your last decision")
    expect(screening.locator("#keys")).not_to_contain_text("random sample")
