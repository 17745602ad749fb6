"""The screening page of a study that ranks: the curve, the sample and the rule, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from browser.browsing import assert_accessible, assert_no_script_ran, take_screenshots
from desks import serve_page
from screening_desks import list_candidates, read_screenings, write_screened

WIDTHS = (390, 768, 1280, 1920)
WORDS = ("meshes keep mosquitoes out of barrels", "interest rates of the bank rose")
N, N_RANKED, N_DRAWN = 24, 13, 9
LONG_MS = 120_000  # a busy machine takes a minute to import what learns


@pytest.fixture
def study(tmp_path):
    rows = [row | {"title": f"{WORDS[n % 2]} {n}"} for n, row in enumerate(list_candidates(N))]
    study = write_screened(tmp_path / "study", rows, ANNA="screener")
    with (study / "config/config.yaml").open("a", encoding="utf-8") as config:
        config.write("\nscreening: {rank: true}\nstopping: {recall: 0.8, confidence: 0.9}\n")
    return study


@pytest.fixture
def ranked(study, page):
    with serve_page(study, "ANNA") as server:
        page.goto(server.turn_to("screen").address)
        expect(page.locator("#candidate h1")).not_to_be_empty()
        yield page
        page.goto("about:blank")


def screen(page, n):
    """Decide on what is shown by one key each, once it is shown: what is about barrels is included."""
    for _ in range(n):
        title = page.locator("#candidate h1").inner_text()
        page.keyboard.press("i" if title.startswith(WORDS[0]) else "1")
        expect(page.locator("#candidate h1")).not_to_have_text(title, timeout=LONG_MS)


def draw(page):
    """Have what is left drawn at random, by one key."""
    page.keyboard.press("r")
    expect(page.locator("[data-do=draw]")).to_have_attribute("aria-pressed", "true")


def test_a_sample_drawn_by_a_key_says_when_to_stop(ranked, study):
    says = ranked.locator("#says")
    screen(ranked, N_RANKED)
    expect(ranked.locator("#curve-says")).to_contain_text(f"of {N_RANKED} screened; {N - N_RANKED} are left")
    draw(ranked)
    screen(ranked, N_DRAWN)
    expect(says).to_contain_text(re.compile("recall", re.IGNORECASE))
    assert [row["shown"] for row in read_screenings(study)[N_RANKED:]] == ["drawn"] * N_DRAWN
    ranked.keyboard.press("r")
    expect(ranked.locator("[data-do=draw]")).to_have_attribute("aria-pressed", "false")


def test_the_curve_and_its_words_are_accessible_at_every_width(ranked):
    screen(ranked, 5)
    draw(ranked)
    screen(ranked, 3)
    for width in WIDTHS:
        ranked.set_viewport_size({"width": width, "height": 860})
        assert not ranked.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert_accessible(ranked)
        ranked.locator("#progress").scroll_into_view_if_needed()
        take_screenshots(ranked, f"ranked-{width}")
    path = ranked.locator("#curve .found").get_attribute("d")
    assert len(path.split("L")) > 2
    assert_no_script_ran(ranked)
