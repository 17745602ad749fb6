"""A sorter without Graylit: one file in a real browser, by file: and without a network; its answer is imported."""

import json
import re

import pytest
from playwright.sync_api import expect

from browser.browsing import assert_accessible, assert_no_script_ran, take_screenshots
from graylit.exchange.sort_answers import import_answer
from graylit.exchange.sort_sheets import write_sheet
from graylit.study.checking import read_study
from graylit.study.writing import read_clock
from sorting_desks import NAMES, rows_of, statuses_of, write_sortable

WIDTHS = (390, 1280)


@pytest.fixture
def study(tmp_path):
    return write_sortable(tmp_path / "study")


def open_sheet(page, study):
    path, _ = write_sheet(study, "Eve")
    page.goto(path.resolve().as_uri())
    expect(page.locator("#who")).to_have_text("Eve")
    return page.locator("#loose strong").all_inner_texts()


def new_pile(page, name):
    page.keyboard.press("n")
    expect(page.locator("#naming")).to_be_visible()
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator("#naming")).to_be_hidden()


def test_a_file_is_sorted_saved_and_imported(page, study, tmp_path):
    order = open_sheet(page, study)
    assert sorted(order) == sorted(NAMES)
    expect(page.locator("#answer")).to_be_hidden()
    new_pile(page, "Water")
    expect(page.locator("#saved")).to_have_text(re.compile(f"Kept: {re.escape(order[0])} on Water"))
    page.locator("#loose li").first.drag_to(page.locator(".pile"))
    expect(page.locator(".pile li")).to_have_count(2)
    new_pile(page, "water ")  # looks like the pile that is there, so it is that pile
    expect(page.locator(".pile li")).to_have_count(3)
    new_pile(page, "")
    page.keyboard.press("2")
    expect(page.locator(".pile li")).to_have_count(5)
    page.keyboard.press("u")
    expect(page.locator(".pile li")).to_have_count(4)
    page.reload()  # what was done is kept in the browser
    expect(page.locator(".pile li")).to_have_count(4)
    for count in (5, 6):
        page.keyboard.press("2")
        expect(page.locator(".pile li")).to_have_count(count)
    page.keyboard.press("f")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notice")).to_contain_text("Give each pile a name first: unnamed 1")
    page.locator(".pile", has_text="unnamed 1").get_by_role("button", name="Rename").click()
    page.keyboard.type("Air & <i>light</i>")
    page.keyboard.press("Enter")
    page.keyboard.press("f")
    page.locator("#note").fill("the last one was hard")
    page.keyboard.press("Control+Enter")
    with page.expect_download() as waiting:
        page.locator("#download").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    assert_no_script_ran(page)
    assert path.name == "answer_Eve.json"
    assert "G01" not in path.read_text(encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["note"] == "the last one was hard"
    told = import_answer(study, path, "", read_clock())
    assert told[0].startswith("Eve: 6 cards on 2 piles.")
    piles = {card: pile for _, card, pile in rows_of(study)}
    ids = {name: f"G{number:02}" for number, name in enumerate(NAMES, 1)}
    assert [piles[ids[name]] for name in order] == ["Water"] * 3 + ["Air & <i>light</i>"] * 3
    assert statuses_of(study)[-1] == ("Eve", "finished")
    assert read_study(study)[1] == []


def test_the_file_of_a_closed_sort_has_the_given_piles(page, tmp_path):
    open_sheet(page, write_sortable(tmp_path / "study", is_closed=True))
    expect(page.locator(".pile h3")).to_contain_text(["Inlet", "Outlet", "Elsewhere"])
    expect(page.locator("#fresh")).to_be_hidden()
    page.keyboard.press("3")
    expect(page.locator(".pile").nth(2).locator("li")).to_have_count(1)


def test_the_file_is_accessible_at_every_width(page, study):
    open_sheet(page, study)
    new_pile(page, "Water")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 860})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth + 1"), width
        assert_accessible(page)
        take_screenshots(page, f"sort-file-{width}")
    page.keyboard.press("?")
    assert_accessible(page)
