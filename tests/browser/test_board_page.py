"""An author at the board in a real browser: by keys, by dragging, and at every width."""

import json
import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from boards import write_coded
from browser.browsing import assert_accessible, assert_no_script_ran, observed, take_screenshots
from conftest import read_table
from desks import list_people, serve_page
from graylit.study.checking import read_study

WIDTHS = (390, 768, 1280, 1920)
LIST_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.checkVisibility())
  .map((one) => one.tagName + "." + one.className + "#" + one.id).slice(0, 5)"""


@pytest.fixture
def study(tmp_path):
    return write_coded(tmp_path / "study")


@contextmanager
def serve_board(page, study, *arguments):
    with serve_page(study, "Ana", *arguments) as server:
        page.goto(server.turn_to("synthesize").address)
        expect(page.locator("#total")).to_contain_text("3 codes")
        yield server
        page.goto("about:blank")


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def expect_saved(page, words):
    expect(page.locator("#saved")).to_have_text(re.compile(f"Saved: {words}"))


def rows_of(study, name):
    return read_table(study / f"config/synthesis/{name}.csv")


def fill(page, **values):
    for name, words in values.items():
        page.locator(f"#form-{name}").fill(words)


def save(page):
    press(page, "Control+Enter")
    expect(page.locator("#form")).not_to_be_visible()


def write_theme(page, name, *codes):
    press(page, "1")
    for code in codes:
        page.get_by_label(re.compile(f"Mark {code} ")).check()
    press(page, "n")
    fill(page, name=name)
    save(page)


def test_a_guideline_is_written_by_keys_alone(page, study):
    with serve_board(page, study):
        press(page, "c", "x", "j", "j", "x", "n")
        page.keyboard.type("Clean water")
        save(page)
        expect_saved(page, "theme T01")
        expect(page.locator("#places-title")).to_have_text("Places of T01 Clean water")
        press(page, "o")
        expect(page.locator("#places mark").first).to_have_text("A mesh over the inlet")
        expect(page.locator("#places .around").first).to_contain_text("oak holds two hundred litres")
        press(page, "c", "x", "2", "n")
        page.keyboard.type("Sieve")
        press(page, "Tab")
        page.keyboard.type("Put a sieve on top.")
        save(page)
        expect_saved(page, "practice P01")
        expect(page.locator(".item.current")).to_contain_text("2 of 3 codings opened before it was written")
        press(page, "x", "3", "n")
        expect(page.locator("#form-note")).to_have_text("It merges P01 Sieve.")
        expect(page.locator("#form-statement")).to_have_value("Put a sieve on top.")
        page.keyboard.type("Cover the inlet")
        save(page)
        expect_saved(page, "guideline G01")
        expect(page.locator(".item.current")).to_contain_text("P01 Sieve")
        assert_no_script_ran(page)
    (guideline,) = rows_of(study, "guidelines")
    assert (guideline["theme_id"], guideline["code_ids"], guideline["decided_by"]) == ("T01", "C01", "Ana")
    assert rows_of(study, "practices")[-1]["guideline_id"] == "G01"
    assert [row["coding_id"] for row in rows_of(study, "places_read")] == ["A-1", "B-1"]
    assert read_study(study)[1] == []


def test_codes_are_dragged_into_themes_and_practices_to_guidelines(page, study):
    with serve_board(page, study):
        write_theme(page, "Clean", "C01", "C04")
        write_theme(page, "Too much", "C02")
        page.locator("#codes li", has_text="C04").drag_to(page.locator(".item", has_text="T02"))
        expect_saved(page, "C04 is in T02")
        page.locator(".item", has_text="T02").locator(".code", has_text="C02").drag_to(
            page.locator(".item", has_text="T01")
        )
        expect_saved(page, "C02 is in T01")
        press(page, "u")
        expect_saved(page, "T.* as before")
        expect(page.locator(".item", has_text="T02").locator(".code")).to_have_count(2)
        for name in ("Sieve", "Paint"):
            press(page, "2")
            page.get_by_label(re.compile("Mark C01 ")).check()
            press(page, "n")
            fill(page, name=name, statement=f"{name} it.")
            save(page)
        press(page, "x", "3", "n")
        fill(page, name="Cover the inlet")
        save(page)
        page.locator("#waiting .code", has_text="Sieve").drag_to(page.locator(".item", has_text="G01"))
        fill(page, reason="the same in other words")
        save(page)
        expect_saved(page, "P01 went into G01")
    assert rows_of(study, "practices")[-1]["reason"] == "the same in other words"
    assert read_study(study)[1] == []


def test_practices_are_dropped_and_guidelines_related_and_withdrawn(page, study):
    with serve_board(page, study):
        write_theme(page, "Water", "C01", "C02", "C04")
        for name in ("Cover the inlet", "Lead it away"):
            press(page, "3", "n")
            fill(page, name=name, statement=f"{name}, always.")
            page.locator("#form").get_by_label(re.compile("C02")).check()
            save(page)
        press(page, "r")
        page.locator("#form").get_by_label("refines").check()
        fill(page, reason="it says where")
        save(page)
        expect(page.locator(".item", has_text="G01").first).to_contain_text("is refined by G02 Lead it away")
        press(page, "d")
        fill(page, reason="said by G01")
        save(page)
        expect(page.locator(".item")).to_have_count(1)
        press(page, "u")
        expect(page.locator(".item")).to_have_count(2)
        page.get_by_label(re.compile("Mark C04 ")).check()
        press(page, "2", "n")
        fill(page, name="Paint", statement="Paint it.")
        save(page)
        press(page, "d")
        press(page, "Control+Enter")
        expect(page.locator("#form-notice")).to_have_text("Say why it is dropped.")
        fill(page, reason="about colours")
        save(page)
        expect(page.locator(".group")).to_have_text("Dropped: 1")
        observed(page).errors.clear()  # Chromium says the refused request on the console
    assert read_study(study)[1] == []


def test_places_are_filtered_by_code_source_publisher_and_kind(page, study):
    with serve_board(page, study):
        write_theme(page, "Water", "C01", "C02", "C04")
        expect(page.locator("#places > li")).to_have_count(4)
        page.locator("[data-filter=code]").select_option("C01")
        expect(page.locator("#places > li")).to_have_count(2)
        page.locator("[data-filter=publisher]").select_option("Ann Brook")
        expect(page.locator("#places > li")).to_have_count(1)
        expect(page.locator("#places-count")).to_have_text("1 place of 4, 0 opened")
        page.locator("[data-filter=code]").select_option("")
        page.locator("[data-filter=publisher]").select_option("")
        page.locator("[data-filter=kind]").select_option("vendor-docs")
        expect(page.locator("#places > li")).to_have_count(2)


def test_what_somebody_else_wrote_meanwhile_makes_a_form_stale_and_keeps_what_was_typed(page, study):
    list_people(study, A="coder", B="coder", Ana="synthesizer", Bo="synthesizer")
    with serve_board(page, study):
        page.get_by_label(re.compile("Mark C01 ")).check()
        press(page, "n")
        fill(page, name="Ours")
        with serve_page(study, "Bo") as other:
            desk = other.turn_to("synthesize")
            version = json.loads(desk.ask("board")[2])["version"]
            theirs = {"kind": "save_theme", "name": "Theirs", "code_ids": "C02", "version": version}
            assert desk.send("board", theirs, Origin=desk.origin)[0] == 200
        press(page, "Control+Enter")
        expect(page.locator("#form-notice")).to_contain_text("was changed elsewhere")
        expect(page.locator("#form-name")).to_have_value("Ours")
        save(page)
        expect(page.locator(".item")).to_have_count(2)
        observed(page).errors.clear()


def test_who_only_looks_reads_and_decides_nothing(page, study):
    with serve_board(page, study, "--read-only"):
        expect(page.locator("#who")).to_have_text("looking only")
        expect(page.get_by_role("button", name="New")).not_to_be_visible()
        page.locator("#codes button").first.click()
        expect(page.locator("#places > li")).to_have_count(2)
        press(page, "o", "n")
        expect(page.locator("#places mark").first).to_have_text("A mesh over the inlet")
        expect(page.locator("#form")).not_to_be_visible()
    assert not (study / "config/synthesis/places_read.csv").exists()


def test_the_board_is_accessible_at_every_width(page, study):
    with serve_board(page, study):
        write_theme(page, "Clean <script>fired('theme')</script> water", "C01", "C04")
        page.get_by_label(re.compile("Mark C01 ")).check()
        press(page, "2", "n")
        fill(page, name="Sieve", statement="Put a sieve on top, and empty it after each storm of the autumn.")
        save(page)
        press(page, "x", "3", "n")
        fill(page, name="Cover the inlet", intent="Keep leaves out.", applicability="Where trees stand.")
        save(page)
        press(page, "o")
        expect(page.locator("#places mark").first).to_be_visible()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            for view in ("1", "2", "3"):
                press(page, view)
                assert page.evaluate(LIST_WIDE) == [], (width, view)
            assert_accessible(page)
            take_screenshots(page, f"board-{width}")
        press(page, "e")
        assert_accessible(page)
        take_screenshots(page, "board-form")
        press(page, "Escape", "?")
        assert_accessible(page)
        assert_no_script_ran(page)


def test_on_a_phone_one_pane_is_in_sight_and_each_is_a_tap_or_a_key_away(page, study):
    page.set_viewport_size({"width": 390, "height": 800})
    with serve_board(page, study):
        codes, board, places = page.locator(".board > nav"), page.locator("#content"), page.locator("#places-pane")
        expect(board).to_be_visible()
        expect(codes).to_be_hidden()
        page.get_by_role("button", name="Codes", exact=True).click()
        expect(board).to_be_hidden()
        page.get_by_label(re.compile("Mark C01 ")).check()
        assert codes.bounding_box()["height"] > 500
        assert_accessible(page)
        codes.get_by_role("button", name=re.compile("^C01 ")).click()
        expect(places).to_be_visible()
        expect(page.locator("#places-title")).to_contain_text("C01")
        take_screenshots(page, "board-phone-places")
        page.get_by_role("button", name="Board", exact=True).click()
        expect(page.locator("#marked")).to_contain_text("1 code")
        press(page, "c")
        expect(codes).to_be_visible()
        press(page, "b")
        expect(board).to_be_visible()
        page.set_viewport_size({"width": 1280, "height": 800})
        for pane in (codes, board, places):
            expect(pane).to_be_visible()
        expect(page.locator(".panes")).to_be_hidden()
