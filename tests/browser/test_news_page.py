"""The page of what is new, in a real browser: readable at every width, and no words of the web run on it."""

import pytest
from playwright.sync_api import Page

from browser.browsing import assert_accessible, assert_no_script_ran, assert_nothing_left_the_machine
from graylit.comparison.news_files import render_news
from graylit.comparison.whats_new import Known, News
from graylit.tables.updating import WHATS_NEW
from hostile_words import HOSTILE

KINDS = {
    "trigger": "holds",
    "candidate": "perhaps_known",
    "coding": "gone",
    "reading": "reworded",
    "source": "moved",
    "search": "failed",
}


def make_news():
    """Return news of every kind, in which all that the web may say is hostile."""
    blank = dict.fromkeys(WHATS_NEW.names, "")
    rows = [
        blank
        | {"kind": kind, "subject": f"X{n}", "state": state, "needs_person": "yes", "detail": words, "related": words}
        for kind, state in KINDS.items()
        for n, words in enumerate(HOSTILE)
    ]
    for row, url in zip(rows, ["javascript:fired('address')", 'https://a.example/"onclick="fired()'], strict=False):
        row["url"] = url
    return News(rows, n_asked=4, n_open_before=1, lost=(1, 9))


@pytest.fixture
def address(tmp_path):
    path = tmp_path / "whats_new.html"
    path.write_text(render_news(Known({"title": HOSTILE[5]}), make_news()), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize("width", [390, 1280])
def test_what_is_new_can_be_read_by_everybody(page: Page, address, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)


def test_no_words_of_the_web_run_on_the_page_of_what_is_new(page: Page, address):
    page.goto(address)
    assert page.locator("table").count() == len(KINDS)
    assert_no_script_ran(page)
    assert_nothing_left_the_machine(page)
