"""An editor of criteria in a real browser: by keys alone, and at every width."""

import re

import pytest
from playwright.sync_api import expect

from browser.browsing import assert_accessible, assert_no_script_ran, take_screenshots
from conftest import read_table
from desks import serve_page
from screening_desks import list_candidates, write_screened

WIDTHS = (390, 768, 1280, 1920)
LIST_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.checkVisibility())
  .map((one) => one.tagName + "." + one.className + "#" + one.id).slice(0, 5)"""


@pytest.fixture
def study(tmp_path):
    return write_screened(tmp_path / "study", list_candidates(3), ANNA="screener", ED="editor")


def expect_saved(page, words):
    expect(page.locator("#saved")).to_have_text(re.compile(f"Saved: {words}"))


def test_criteria_are_added_reworded_retired_and_undone_by_keys(page, study):
    with serve_page(study, "ED") as server:
        page.goto(server.turn_to("criteria").address)
        expect(page.locator(".item")).to_have_count(5)
        page.keyboard.press("n")
        page.locator("#form-name").fill("Sales <script>fired('name')</script>")
        page.locator("#form-definition").fill("It sells barrels")
        page.keyboard.press("Control+Enter")
        expect_saved(page, "criterion E4")
        expect(page.locator(".item.current")).to_contain_text("It sells barrels")
        page.keyboard.press("e")
        page.locator("#form-definition").fill("It does nothing but sell")
        page.keyboard.press("Control+Enter")
        expect(page.locator(".item.current details")).to_have_count(1)
        page.keyboard.press("d")
        page.keyboard.type("covered by E1")
        page.keyboard.press("Control+Enter")
        expect_saved(page, "E4 is retired")
        page.keyboard.press("u")
        expect_saved(page, "E4 as before")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            assert page.evaluate(LIST_WIDE) == [], width
            assert_accessible(page)
            take_screenshots(page, f"criteria-{width}")
        page.keyboard.press("e")
        assert_accessible(page)
        assert_no_script_ran(page)
        page.goto("about:blank")
    rows = read_table(study / "config/screening/criteria.csv")[5:]
    assert [(row["criterion_id"], row["status"], row["decided_by"]) for row in rows] == [
        ("E4", "active", "ED"), ("E4", "active", "ED"), ("E4", "retired", "ED"), ("E4", "active", "ED"),
    ]  # fmt: skip
