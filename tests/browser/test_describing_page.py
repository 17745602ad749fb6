"""Sources described in a real browser: by keys alone, one after another, and at every width."""

import re

import pytest
from playwright.sync_api import expect

from browser.browsing import assert_accessible, assert_no_script_ran, take_screenshots
from conftest import read_table
from desks import assert_no_fault, serve_page
from sorting_desks import write_sortable
from tiny_study import replace_once

WIDTHS = (390, 768, 1280, 1920)
LIST_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.checkVisibility())
  .map((one) => one.tagName + "." + one.className + "#" + one.id).slice(0, 5)"""


@pytest.fixture
def study(tmp_path):
    folder = write_sortable(tmp_path / "study", Ana="searcher")
    for old in ("Ann Brook,blog-post", "Garden Club,blog-post"):
        replace_once(folder, "config/sources.csv", old, "not stated,not stated")
    return folder


def test_sources_are_described_by_keys_alone(page, study):
    with serve_page(study, "Ana") as server:
        page.goto(server.turn_to("describe").address)
        expect(page.locator("#total")).to_have_text("2 of 3 sources lack something.")
        expect(page.locator(".item.current")).to_contain_text("S001")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            assert page.evaluate(LIST_WIDE) == [], width
            assert_accessible(page)
            take_screenshots(page, f"describe-{width}")
        page.keyboard.press("e")
        assert_accessible(page)
        page.locator("#form-cell-publisher").fill("<script>fired('publisher')</script> Press")
        page.locator("#form-cell-source_type").fill("blog-post")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#saved")).to_have_text(re.compile("Saved: what S001 is"))
        page.keyboard.press("n")
        expect(page.locator(".item.current")).to_contain_text("S003")
        page.keyboard.press("e")
        page.locator("#form-cell-publisher").fill("unknown")
        page.locator("#form-cell-source_type").fill("blog-post")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#total")).to_have_text("Nothing is missing.")
        page.keyboard.press("u")
        expect(page.locator("#saved")).to_have_text(re.compile("Saved: S003 as before"))
        expect(page.locator("#total")).to_have_text("1 of 3 sources lack something.")
        assert_no_script_ran(page)
        page.goto("about:blank")
    rows = read_table(study / "config/sources.csv")
    assert [row["publisher"] for row in rows] == [
        "<script>fired('publisher')</script> Press", "Brook & Sons", "not stated",
    ]  # fmt: skip
    assert_no_fault(study)
