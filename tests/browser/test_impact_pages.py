"""Authors and second readers of impacts in a real browser: by keys alone, and at every width."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from boards import write_coded
from browser.browsing import assert_accessible, assert_no_script_ran, take_screenshots
from conftest import read_table
from desks import serve_page
from graylit.study.checking import read_study

WIDTHS = (390, 768, 1280, 1920)
LIST_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.checkVisibility())
  .map((one) => one.tagName + "." + one.className + "#" + one.id).slice(0, 5)"""
IMPACTS = """\
impact_id,guideline_id,component,quality_attribute,effect,decision,coding_ids,reason,status,decided_at,decided_by
I01,G01,inlet <script>fired('component')</script>,reliability,strengthened,How fine the mesh is,A-1; B-1,,,2026-01-06,Di
I02,G01,pump behind the mesh,safety,strained,Which part comes first,A-3,,,2026-01-06,Di
"""


@pytest.fixture
def study(tmp_path):
    folder = write_coded(tmp_path / "study", Bo="reader", Di="synthesizer")
    synthesis = folder / "config/synthesis"
    with (synthesis / "themes.csv").open("a") as table:
        table.write("T01,Water,,C01; C02; C04,,2026-01-05,Di,\n")
    with (synthesis / "guidelines.csv").open("a") as table:
        table.write("G01,Cover the inlet,Put a mesh over the inlet.,,,,T01,C01,,,2026-01-05,Di,\n")
        table.write("G02,Lead it away,Lead the overflow away.,,,,T01,C02,,,2026-01-05,Di,\n")
    return folder


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


def test_an_impact_is_written_by_keys_with_the_codings_that_show_it(page, study):
    with serve_to(page, study, "impacts", "Ana"):
        expect(page.locator("#places > li")).to_have_count(2)
        press(page, "o")
        expect(page.locator("#places mark").first).to_be_visible()
        press(page, "x")
        expect(page.locator("#marked")).to_have_text("2 codings picked: A-1, B-1")
        press(page, "n")
        page.keyboard.type("inlet of the barrel")
        page.locator("#form-quality_attribute").select_option("reliability")
        page.locator("#form").get_by_label("strained").check()
        page.locator("#form-decision").fill("How fine the mesh is")
        page.locator("#form").get_by_label("B-1").uncheck()
        press(page, "Control+Enter")
        expect_saved(page, "impact I-Ana-01")
        expect(page.locator(".item.current")).to_contain_text("− reliability strained")
        press(page, "d")
        page.keyboard.type("said twice")
        press(page, "Control+Enter")
        expect(page.locator(".item")).to_have_count(0)
        press(page, "u")
        expect(page.locator(".item")).to_have_count(1)
        press(page, "g", "j")
        expect(page.locator("#head h1")).to_have_text("G02 Lead it away")
        assert_no_script_ran(page)
    rows = read_table(study / "config/synthesis/impacts.csv")
    assert [(row["coding_ids"], row["effect"], row["status"]) for row in rows] == [
        ("A-1", "strained", ""), ("A-1", "strained", "withdrawn"), ("A-1", "strained", ""),
    ]  # fmt: skip
    assert [row["coding_id"] for row in read_table(study / "config/synthesis/places_read.csv")] == ["A-1", "B-1"]
    assert read_study(study)[1] == []


def test_impacts_are_read_a_second_time_by_two_keys_each(page, study):
    (study / "config/synthesis/impacts.csv").write_text(IMPACTS)
    with serve_to(page, study, "read-impacts", "Bo"):
        expect(page.locator("#left")).to_have_text("2 left · 0 read")
        expect(page.locator("#words mark").first).to_be_visible()
        press(page, "s")
        expect(page.locator("#notice")).to_contain_text("Choose the attribute first")
        press(page, "5", "t")
        expect_saved(page, "reliability strained on I0")
        press(page, "r")
        page.keyboard.type("they say nothing of it")
        press(page, "Escape", "n")
        expect_saved(page, "not shown on I0")
        expect(page.locator("#candidate")).to_contain_text("Nothing is left to read")
        press(page, "u")
        expect_saved(page, "undone on I0")
        expect(page.locator("#left")).to_have_text("1 left · 1 read")
        assert_no_script_ran(page)
    rows = read_table(study / "config/synthesis/impact_readings.csv")
    assert [(row["reading"], row["quality_attribute"], row["effect"], row["reason"]) for row in rows] == [
        ("shown", "reliability", "strained", ""),
        ("not_shown", "", "", "they say nothing of it"),
        ("withdrawn", "", "", ""),
    ]
    assert read_study(study)[1] == []


def test_both_pages_are_accessible_at_every_width(page, study):
    (study / "config/synthesis/impacts.csv").write_text(IMPACTS)
    with serve_to(page, study, "impacts", "Ana"):
        press(page, "k")
        expect(page.locator(".item")).to_have_count(2)
        expect(page.locator("#places > li")).to_have_count(2)
        press(page, "b", "o")
        expect(page.locator("#places mark").first).to_be_visible()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            assert page.evaluate(LIST_WIDE) == [], width
            assert_accessible(page)
            take_screenshots(page, f"impacts-{width}")
        press(page, "x", "n")
        expect(page.locator("#form")).to_be_visible()
        assert_accessible(page)
    with serve_to(page, study, "read-impacts", "Bo"):
        expect(page.locator("#words mark").first).to_be_visible()
        press(page, "3")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            assert page.evaluate(LIST_WIDE) == [], width
            assert_accessible(page)
            take_screenshots(page, f"read-impacts-{width}")
        press(page, "?")
        assert_accessible(page)
