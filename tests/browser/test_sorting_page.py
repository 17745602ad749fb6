"""Cards sorted in a real browser: by keys alone, by drag and drop, renamed, merged, undone, finished; and named."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from browser.browsing import assert_accessible, assert_no_script_ran, observed, take_screenshots
from conftest import read_table
from desks import serve_page
from graylit.study.checking import read_study
from sorting_desks import NAMES, put_all, rows_of, sit, sort_all, statuses_of, write_sortable

WIDTHS = (390, 768, 1280, 1920)
LIST_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && one.checkVisibility())
  .filter((one) => !one.closest(".wide"))
  .map((one) => one.tagName + "." + one.className + "#" + one.id).slice(0, 5)"""


@pytest.fixture
def study(tmp_path):
    return write_sortable(tmp_path / "study")


@contextmanager
def serve_to(page, study, task="sort", person="Ana"):
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


def name_pile(page, name):
    expect(page.locator("#naming")).to_be_visible()
    page.keyboard.type(name)
    press(page, "Enter")
    expect(page.locator("#naming")).to_be_hidden()


def test_cards_are_sorted_by_keys_alone_one_key_a_card(page, study):
    with serve_to(page, study):
        order = page.locator("#loose strong").all_inner_texts()
        assert sorted(order) == sorted(NAMES)
        expect(page.locator("body")).not_to_contain_text("G01")
        press(page, "n")
        name_pile(page, "Water")
        expect_saved(page, f"{re.escape(order[0])} on Water")
        press(page, "1")
        expect_saved(page, f"{re.escape(order[1])} on Water")
        press(page, "n")
        name_pile(page, "")
        expect_saved(page, f"{re.escape(order[2])} on unnamed 1")
        for card in order[3:]:
            press(page, "2")
            expect_saved(page, f"{re.escape(card)} on unnamed 1")
        press(page, "f")
        expect(page.locator("#finishing")).to_be_visible()
        press(page, "Control+Enter")
        expect(page.locator("#notice")).to_contain_text("Give each pile a name first: unnamed 1")
        press(page, "r")
        name_pile(page, "Air")
        expect_saved(page, "the pile is called Air")
        press(page, "f", "Control+Enter")
        expect_saved(page, "you have finished")
        expect(page.locator("#progress")).to_have_text("You have finished: all 6 cards lie on piles.")
        press(page, "1", "u", "0")  # nothing moves any more
        assert_no_script_ran(page)
        observed(page).errors.clear()  # Chromium says the refused request on the console
    assert statuses_of(study) == [("Ana", "begun"), ("Ana", "finished")]
    assert len(rows_of(study)) == 6 + 4
    assert {pile for _, _, pile in rows_of(study)} == {"Water", "unnamed 1", "Air"}
    assert read_study(study)[1] == []


def test_cards_are_dragged_on_piles_and_back(page, study):
    with serve_to(page, study):
        first, second = page.locator("#loose li").nth(0), page.locator("#loose li").nth(1)
        names = [one.locator("strong").inner_text() for one in (first, second)]
        first.drag_to(page.locator("#fresh"))
        name_pile(page, "Water")
        expect_saved(page, f"{re.escape(names[0])} on Water")
        page.locator("#loose li", has_text=names[1]).drag_to(page.locator(".pile"))
        expect_saved(page, f"{re.escape(names[1])} on Water")
        page.locator(".pile li", has_text=names[0]).drag_to(page.locator("#table"))
        expect_saved(page, f"{re.escape(names[0])} is to be sorted again")
        expect(page.locator(".pile li")).to_have_count(1)
    assert [pile for _, _, pile in rows_of(study)] == ["Water", "Water", ""]
    assert read_study(study)[1] == []


def test_piles_are_merged_and_what_was_done_is_undone(page, study):
    put_all(sit(study, "Ana"), *((name, f"pile {number % 3}") for number, name in enumerate(NAMES)))
    with serve_to(page, study):
        expect(page.locator(".pile")).to_have_count(3)
        page.locator(".pile", has_text="pile 0").get_by_role("button", name="Merge").click()
        page.locator("#choice").select_option("pile 2")
        press(page, "Enter")
        expect_saved(page, "pile 0 went into pile 2")
        expect(page.locator(".pile")).to_have_count(2)
        press(page, "u")
        expect_saved(page, "the last decision is undone")
        expect(page.locator(".pile")).to_have_count(3)
        expect(page.locator("[data-do=undo]")).to_be_disabled()
    assert read_study(study)[1] == []


def test_another_tab_makes_a_decision_stale_and_the_page_shows_what_is_there(page, study):
    with serve_to(page, study):
        put_all(sit(study, "Ana"), (NAMES[0], "Water"))
        with page.expect_response(lambda answer: answer.status == 409):
            press(page, "n")
            name_pile(page, "Air")
        expect(page.locator("#notice")).to_contain_text("was changed elsewhere")
        expect(page.locator(".pile")).to_have_count(1)
        observed(page).errors.clear()
    assert len(rows_of(study)) == 1


def test_a_closed_sort_shows_the_given_piles(page, tmp_path):
    study = write_sortable(tmp_path / "closed", is_closed=True)
    with serve_to(page, study):
        expect(page.locator(".pile h3")).to_contain_text(["Inlet", "Outlet", "Elsewhere"])
        expect(page.locator("#fresh")).to_be_hidden()
        press(page, "3")
        expect_saved(page, ".* on Elsewhere")
    assert [pile for _, _, pile in rows_of(study)] == ["Elsewhere"]


def test_the_pages_are_accessible_at_every_width(page, study):
    put_all(sit(study, "Ana"), *((name, f"pile {number % 3}") for number, name in enumerate(NAMES[:4])))
    with serve_to(page, study):
        expect(page.locator(".pile")).to_have_count(3)
        look_everywhere(page, "sort")
        press(page, "?")
        assert_accessible(page)
    sort_all(sit(study, "Ana"), "aabbcc")
    sort_all(sit(study, "Bo"), "aabbbc")
    with serve_to(page, study, "categories", "Cy"):
        expect(page.locator(".cluster")).to_have_count(2)
        press(page, "s")
        look_everywhere(page, "categories")
        assert_no_script_ran(page)


def look_everywhere(page, name):
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 860})
        assert page.evaluate(LIST_WIDE) == [], width
        assert_accessible(page)
        take_screenshots(page, f"{name}-{width}")


def test_a_cut_becomes_categories_which_are_changed_and_undone(page, study):
    sort_all(sit(study, "Ana"), "aabbcc")
    sort_all(sit(study, "Bo"), "aabbbc")
    with serve_to(page, study, "categories", "Cy"):
        expect(page.locator("#tree path.line")).not_to_have_count(0)
        page.locator("#cut").select_option("3")
        expect(page.locator(".cluster")).to_have_count(3)
        page.locator("#groups-title").click()
        press(page, "s")
        for at, name in enumerate(("Inlet", "Outlet", "Else")):
            page.locator(f'[data-field="name"][data-group="{at}"]').fill(name)
        press(page, "Control+Enter")
        expect_saved(page, "3 categories")
        page.locator('select[data-card="G06"]').select_option("1")
        expect(page.locator("#state")).to_have_text("Not saved yet.")
        page.locator('select[data-card="G05"]').select_option("1")
        page.locator("[data-do=save]").click()
        expect(page.locator("#notice")).to_contain_text("Else has no guideline")
        page.locator('[data-field="name"][data-group="2"]').fill("")
        page.locator("[data-do=save]").click()
        expect_saved(page, "2 categories")
        page.locator("[data-do=undo]").click()
        expect(page.locator("#state")).to_have_text("3 categories are in force.")
        assert_no_script_ran(page)
        observed(page).errors.clear()
    rows = read_table(study / "config/synthesis/categories.csv")
    assert [(row["category_id"], row["status"]) for row in rows] == [
        *(("K01", "active"), ("K02", "active"), ("K03", "active")),
        *(("K03", "withdrawn"), ("K02", "active")),
        *(("K02", "active"), ("K03", "active")),
    ]
    assert read_study(study)[1] == []


def test_the_first_page_says_who_else_is_left(page, study):
    put_all(sit(study, "Bo"), (NAMES[0], "a secret pile"))
    with serve_to(page, study, ""):
        expect(page.locator("#others")).not_to_contain_text("Bo")
        page.get_by_text("Who else is left").click()
        expect(page.get_by_role("row", name="Bo Sort cards 6 of 7 steps")).to_have_count(1)
        expect(page.locator("#others")).to_contain_text("opens as soon as all who sort have finished")
        expect(page.locator("body")).not_to_contain_text("secret")
        look_everywhere(page, "left-others")
