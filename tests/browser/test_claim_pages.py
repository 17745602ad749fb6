"""Claims in a real browser: written, read by keys alone, settled, and where each page is readable."""

import itertools
import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from browser.browsing import assert_accessible, assert_no_script_ran, observed, take_screenshots
from claim_desks import CLAIMS_FILE, N_FIRST, N_SECOND, read_readings, write_claimed
from conftest import read_table
from desks import PAGES, assert_no_fault, serve_page
from graylit.desk.claims.reading import open_reading
from graylit.desk.tasks import Visit
from graylit.study.checking import require_study
from graylit.study.writing import read_clock

WIDTHS = (390, 768, 1280, 1920)
HOSTILE = "<script>fired('claim')</script> Mesh & lid"
LIST_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.checkVisibility())
  .map((one) => one.tagName + "." + one.className + "#" + one.id).slice(0, 5)"""
COUNT_KEYS = "window.pressed = []; addEventListener('keydown', (event) => window.pressed.push(event.key), true)"


@pytest.fixture
def study(tmp_path):
    return write_claimed(tmp_path / "study")


@contextmanager
def serve_to(page, study, task, person):
    with serve_page(study, person) as server:
        page.goto(server.turn_to(task).address)
        expect(page.locator("#who")).to_contain_text(person)
        yield server
        page.goto("about:blank")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def expect_saved(page, words):
    expect(page.locator("#saved")).to_have_text(re.compile(f"Saved: {words}"))


def expect_left(page, n_left, n_done):
    expect(page.locator("#left")).to_have_text(re.compile(f"^{n_left} left · {n_done} "))


def sit_down(study, person):
    """Return the task of a reader at a desk of their own."""
    return open_reading(Visit(study, person, read_clock), require_study(study))


def read_next(task, kind):
    """Read what comes next; return whether there was anything."""
    pair = task.describe_next()["pair"]
    if pair:
        named = {name: pair[name] for name in ("claim_id", "coding_id", "version")}
        task.decide((pair["claim_id"], pair["coding_id"]), {"kind": kind, "note": "why", **named})
    return bool(pair)


def read_all(study, person, *kinds):
    """Read all that is left for a person, by these kinds and then by the last."""
    task = sit_down(study, person)
    given = itertools.chain(kinds, itertools.repeat(kinds[-1]))
    while read_next(task, next(given)):
        pass


def test_claims_are_read_by_one_key_each(page, study):
    with serve_to(page, study, "check-claims", "ANN"):
        expect_left(page, N_FIRST, 0)
        page.evaluate(COUNT_KEYS)
        for number, key in enumerate("spaoss", start=1):
            expect(page.locator(".readings button").first).to_be_enabled()
            press(page, key)
            expect_left(page, N_FIRST - number, number)
        expect(page.locator("#pair h1")).to_have_text("You have read every place.")
        assert page.evaluate("window.pressed.length") == N_FIRST
        assert_no_script_ran(page)
    found = [row["reading"] for row in read_readings(study)]
    assert found == ["supports", "partly", "against", "not_about", "supports", "supports"]
    assert_no_fault(study)


def test_a_reading_has_a_reason_and_is_undone_and_changed_from_the_list(page, study):
    with serve_to(page, study, "check-claims", "ANN"):
        claim = page.locator("#pair .claim")
        first = claim.inner_text()
        press(page, "n")
        page.keyboard.type("spa is written, not pressed")
        press(page, "Escape", "p")
        expect_saved(page, "partly: ")
        press(page, "u")
        expect_saved(page, "undone: ")
        expect(claim).to_have_text(first)
        press(page, "a")
        expect_left(page, N_FIRST - 1, 1)
        page.locator("#recent button").first.click()
        expect(page.locator(".own")).to_contain_text("You read it as against")
        press(page, "s")
        expect_saved(page, "supports: ")
        expect_left(page, N_FIRST - 1, 1)
    rows = read_readings(study)
    assert [row["reading"] for row in rows] == ["partly", "", "against", "supports"]
    assert rows[0]["reason"] == "spa is written, not pressed"
    assert_no_fault(study)


def test_long_words_around_a_place_are_cut_until_they_are_asked_for(page, tmp_path):
    long = "Far from the barrel " + "stands a house with a roof and " * 20 + "close to it a garden.\n\n"
    pages = {**PAGES, "S001": PAGES["S001"].replace("A mesh over", f"{long}A mesh over")}
    study = write_claimed(tmp_path / "long", pages=pages)
    with serve_page(study, "ANN") as server:
        page.goto(server.turn_to("check-claims").address)
        page.locator("#pair .claim").wait_for()
        while page.title().split(" · ")[1] != "A-1":
            left = page.locator("#left").inner_text()
            press(page, "s")
            expect(page.locator("#left")).not_to_have_text(left)
        before = page.locator(".around").first
        expect(before).to_have_text(re.compile("^… .*close to it a garden"))
        press(page, "m")
        expect(before).to_have_text(re.compile("^Far from the barrel"))
        page.get_by_role("button", name="Less around it").click()
        expect(before).to_have_text(re.compile("^… "))
        page.goto("about:blank")


def test_a_reading_made_in_another_tab_is_shown_and_nothing_is_overwritten(page, study):
    with serve_to(page, study, "check-claims", "ANN"):
        expect_left(page, N_FIRST, 0)
        assert read_next(sit_down(study, "ANN"), "against")
        with page.expect_response(lambda answer: answer.status == 409):
            press(page, "s")
        expect(page.locator("#notice")).to_contain_text("was changed elsewhere")
        expect(page.locator(".own")).to_contain_text("against")
        observed(page).errors.clear()  # Chromium says the refused request on the console
    assert len(read_readings(study)) == 1


def test_what_readers_differ_on_is_settled_by_one_key(page, study):
    with serve_to(page, study, "settle-readings", "CLEO"):
        expect(page.locator("#pair h1")).to_have_text("Nothing is left to settle.")
    read_all(study, "ANN", "supports")
    read_all(study, "BEN", "against", "partly", "supports")
    with serve_to(page, study, "settle-readings", "CLEO"):
        expect_left(page, 2, 0)
        expect(page.locator("#sides")).not_to_contain_text("ANN")
        press(page, "h")
        expect(page.locator("#sides")).to_contain_text("ANN")
        press(page, "a")
        expect_saved(page, "against: ")
        expect_left(page, 1, 1)
        press(page, "u")
        expect_saved(page, "undone: ")
        expect_left(page, 2, 0)
        press(page, "a")
        expect_left(page, 1, 1)
        press(page, "s")
        expect(page.locator("#pair h1")).to_have_text("Nothing is left to settle.")
    assert len([row for row in read_readings(study) if row["settles"]]) == 3
    assert len(read_readings(study)) == N_FIRST + N_SECOND + 4
    assert_no_fault(study)


def test_claims_are_written_by_keys(page, study):
    with serve_to(page, study, "claims", "DORA"):
        expect(page.locator("article")).to_have_count(2)
        press(page, "a")
        page.keyboard.type(HOSTILE)
        press(page, "Control+Enter")
        expect_saved(page, "DORA-L01 is new")
        expect(page.locator("li.current")).to_contain_text(HOSTILE)
        press(page, "e")
        page.locator("#wording").fill("A lid keeps gnats out.")
        press(page, "Control+Enter")
        expect_saved(page, "DORA-L01 has other words")
        press(page, "w")
        expect(page.locator("#wording")).to_be_hidden()
        press(page, "Control+Enter")
        expect(page.locator("#form-fault")).to_contain_text("Say why")
        page.locator("#reason").fill("Said by another one")
        page.get_by_role("button", name="Save").click()
        expect_saved(page, "DORA-L01 is withdrawn")
        expect(page.locator("li")).to_have_count(3)
        press(page, "u")
        expect(page.locator("li")).to_have_count(4)
        assert_no_script_ran(page)
        observed(page).errors.clear()  # Chromium says the refused request on the console
    assert [row["status"] for row in read_table(study / CLAIMS_FILE)[3:]] == ["active", "active", "withdrawn", "active"]
    assert_no_fault(study)


def test_a_claim_below_the_floor_is_accepted_with_a_reason(page, study):
    for person in ("ANN", "BEN"):
        read_all(study, person, "not_about")
    with serve_to(page, study, "claims", "DORA"):
        expect(page.locator("li").first).to_contain_text("Fewer than 2 publishers support it.")
        press(page, "j", "f")
        page.keyboard.type("Nobody else writes about it")
        press(page, "Control+Enter")
        expect(page.locator("li").first).to_contain_text("Accepted below the floor: Nobody else writes about it")
        page.get_by_role("button", name="Open again").click()
        expect_saved(page, "L01 is open again")
    assert [row["status"] for row in read_table(study / CLAIMS_FILE)[3:]] == ["accepted", "active"]
    assert_no_fault(study)


def test_the_pages_are_accessible_at_every_width(page, study):
    read_all(study, "BEN", "against", "supports")

    def look(name):
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            assert page.evaluate(LIST_WIDE) == [], (name, width)
            assert_accessible(page)
            take_screenshots(page, f"{name}-{width}")
        press(page, "?")
        assert_accessible(page)

    with serve_to(page, study, "check-claims", "ANN"):
        expect_left(page, N_FIRST, 0)
        press(page, "s")
        expect_left(page, N_FIRST - 1, 1)
        look("check-claims")
    read_all(study, "ANN", "supports")
    with serve_to(page, study, "settle-readings", "CLEO"):
        expect(page.locator(".side")).to_have_count(2)
        look("settle-readings")
    with serve_to(page, study, "claims", "DORA"):
        expect(page.locator("li")).to_have_count(3)
        look("write-claims")
