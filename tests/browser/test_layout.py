"""The frame of the pages in a real browser: the menu, the contents, tables at hand, what is printed."""

from io import BytesIO
from unicodedata import normalize

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from browser.browsing import ANY, assert_accessible

PAGES = ["report.html", "ledger.html", "audit/index.html", "audit/guidelines/G01.html", "audit/sources.html"]
WIDTHS = [390, 700, 1100, 1280, 1920]


@pytest.fixture
def results(built) -> str:
    """Return the address of the folder of the mini study's results."""
    return (built / "results").as_uri()


def widen(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_bar_is_one_line_at_every_width(page: Page, results, kind, width):
    widen(page, width)
    page.goto(f"{results}/{kind}")
    assert page.locator(".top").bounding_box()["height"] < 60
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("width", [390, 1100, 1920])
def test_every_width_can_be_read_by_everybody(page: Page, results, kind, width):
    widen(page, width)
    page.goto(f"{results}/{kind}")
    assert_accessible(page, ANY)


def test_on_a_narrow_screen_the_menu_opens_from_its_button_and_by_keys(page: Page, results):
    widen(page, 390)
    page.goto(f"{results}/report.html")
    menu = page.get_by_role("navigation", name="Pages")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    assert_accessible(page)
    menu.get_by_role("link", name="Sources").click()
    page.wait_for_url("**/audit/sources.html")


def test_on_a_narrow_screen_the_contents_open_lead_and_close(page: Page, results):
    widen(page, 390)
    page.goto(f"{results}/report.html")
    button, contents = page.get_by_role("button", name="Contents"), page.locator("#contents")
    expect(contents).to_be_hidden()
    button.click()
    contents.get_by_role("link", name="Threats").click()
    expect(contents).to_be_hidden()
    expect(page.locator("#threats h2")).to_be_in_viewport()
    expect(button).to_have_text("Contents · Threats")


def test_menu_and_contents_need_no_script(chromium, results):
    for width in (390, 1280):
        context = chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 800})
        page = context.new_page()
        page.goto(f"{results}/report.html")
        if width < 1000:
            page.get_by_role("button", name="Contents").click()
        page.locator("#contents").get_by_role("link", name="Codes", exact=True).click()
        expect(page.locator("#codes h2")).to_be_in_viewport()
        if width < 1000:
            page.keyboard.press("Escape")
            page.get_by_role("button", name="Menu").click()
        expect(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Tables")).to_be_visible()
        context.close()


def test_the_contents_say_where_the_reader_is(page: Page, results):
    page.goto(f"{results}/report.html")
    here = page.locator("#contents [aria-current=location]")
    expect(here).to_have_text("At a glance")
    page.locator("#codes").evaluate("part => part.scrollIntoView()")
    expect(here).to_have_text("Codes")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(here).to_have_attribute("href", page.locator("#contents a").last.get_attribute("href"))


def test_rows_of_a_long_table_are_found_by_words(page: Page, results):
    page.goto(f"{results}/audit/tables.html")
    page.get_by_role("searchbox", name="Find rows: Tables").fill("config codings")
    rows = page.locator("tbody tr:visible")
    assert rows.count() >= 1
    assert all({"config", "coding"} <= {*row.replace("/", " ").replace("codings", "coding").split()}
               for row in rows.all_inner_texts())  # fmt: skip
    expect(page.locator("output")).to_contain_text(f"{rows.count()} of ")


def test_the_head_of_a_table_stays_in_sight_if_all_columns_have_room(page: Page, results):
    page.goto(f"{results}/audit/tables.html")
    page.locator("tbody tr").last.scroll_into_view_if_needed()
    expect(page.locator("thead th").first).to_be_in_viewport()
    assert page.locator(".wide").get_attribute("tabindex") == "-1"
    widen(page, 390)
    expect(page.locator(".wide")).to_have_attribute("tabindex", "0")  # it is moved sideways, also by keys


def print_pages(page: Page) -> list[str]:
    """Return the words of each page of a print, without white space, since lines end anywhere, and ligatures."""
    printed = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    return [normalize("NFKC", "".join(one.extract_text().split())) for one in printed.pages]


def test_a_print_has_numbered_pages_what_is_folded_away_and_addresses(page: Page, results):
    page.goto(f"{results}/report.html")
    pages = print_pages(page)
    assert [f"{number}/{len(pages)}" in words for number, words in enumerate(pages, 1)] == [True] * len(pages)
    folded = page.locator("details:not([open]) dd").first.text_content()
    assert "".join(folded.split()) in "".join(pages)
    address = page.locator("#sources a[href^='http']").first.get_attribute("href")
    assert f"<{address}>" in "".join(pages)


def test_a_print_repeats_the_head_of_a_table_on_each_page_of_it(page: Page, results):
    page.goto(f"{results}/audit/tables.html")
    pages = print_pages(page)
    assert len(pages) > 1
    assert ["tablefilecolumnsrows" in words for words in pages[:-1]] == [True] * (len(pages) - 1)
