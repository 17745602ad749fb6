"""The public site in a real browser: from a folder and a part of a web space, with scripts and without."""

import re
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.browsing import assert_accessible, assert_no_script_ran, take_screenshots
from browser.conftest import WAIT_MS, WINDOW
from graylit.site.writing import Files, make_site, replace_site
from hostile_study import make_hostile
from published_studies import reword

KINDS = [
    "index.html",
    "claims.html",
    "guidelines/G01.html",
    "sources.html",
    "sources/S001.html",
    "codes.html",
    "codes/C01.html",
    "screening.html",
    "decisions.html",
    "report.html",
    "versions.html",
    "tables.html",
    "tables/code_counts.html",
    "search.html?q=roof",
]
PART = "somebody/review/v2"  # of a web space: a site must not think that it is at its top
MAX_CLICKS = 3
# Once what watches the room of tables has seen the new one.
SETTLED_WIDTH = """() => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(
  () => tell(document.documentElement.scrollWidth))))"""


class Silent(SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="session")
def site_folder(public: Files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the site of the mini study."""
    return replace_site(tmp_path_factory.mktemp("public"), public)


@pytest.fixture(scope="session")
def web_space(site_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the site in a part of a web space."""
    top = tmp_path_factory.mktemp("space")
    shutil.copytree(site_folder, top / PART)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(top)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/{PART}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "part of a web space"])
def base(request: pytest.FixtureRequest, site_folder: Path, web_space: str) -> str:
    """Return where the site is."""
    return site_folder.as_uri() if request.param == "folder" else web_space


@pytest.fixture
def plain(chromium: Browser) -> Iterator[Page]:
    """Return a page of a browser that runs no scripts; what it asks other machines for ends the test."""
    context = chromium.new_context(viewport=WINDOW, java_script_enabled=False)
    context.set_default_timeout(WAIT_MS)
    strangers: list[str] = []
    page = context.new_page()
    page.on("request", lambda one: None if re.match("file:|http://127", one.url) else strangers.append(one.url))
    yield page
    context.close()
    assert strangers == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_of_the_site_can_be_read_by_everybody(page: Page, base, kind):
    page.goto(f"{base}/{kind}")
    assert_accessible(page)
    assert_no_script_ran(page)


@pytest.mark.parametrize("kind", KINDS)
def test_no_page_of_the_site_is_wider_than_a_phone_or_has_a_menu_of_two_lines(page: Page, site_folder, kind):
    page.goto(f"{site_folder.as_uri()}/{kind}")
    assert page.locator("header.top").bounding_box()["height"] < 60
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate(SETTLED_WIDTH) <= 390


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the site of a study whose page and tables want to act."""
    study = make_hostile(tmp_path_factory.mktemp("hostile") / "study")
    reword(study)
    return replace_site(study, make_site(study)).as_uri()


@pytest.mark.parametrize("kind", [*KINDS[:-1], "search.html?q=script"])
def test_no_script_of_the_data_runs_on_any_page_of_the_site(page: Page, hostile_site, kind):
    page.goto(f"{hostile_site}/{kind}")
    assert_no_script_ran(page)
    assert page.locator("body img, body iframe, body object, body svg[onload]").count() == 0


def test_a_reader_without_scripts_gets_from_a_claim_to_the_page_of_its_evidence(plain: Page, base):
    plain.goto(f"{base}/index.html")
    plain.locator("#menu a", has_text="Claims").click()
    claim = plain.locator("#L01")
    expect(claim).to_contain_text("The load has to be reckoned.")
    n_clicks = 0

    claim.locator("td.n a").first.click()
    n_clicks += 1
    heading = plain.locator("#L01-supports")
    expect(heading).to_be_in_viewport()
    place = heading.locator("xpath=following-sibling::ul[1]").locator("li a[href*='#']").first
    coding_id = place.get_attribute("href").partition("#")[2]
    place.click()
    n_clicks += 1
    coding = plain.locator(f"[id='{coding_id}']")
    expect(coding).to_be_in_viewport()
    segment = plain.locator(".place", has=coding)
    leading = segment.locator(".where a").get_attribute("href")
    n_clicks += 1  # the page itself, which is on the web
    assert leading.startswith("https://web.archive.org/web/2026") and "#:~:text=" in leading
    assert n_clicks <= MAX_CLICKS


def test_every_page_that_a_reader_without_scripts_can_click_on_opens_and_shows_rows(plain: Page, base):
    plain.goto(f"{base}/index.html")
    for name in ("Guidelines", "Claims", "Sources", "Codes", "Screening", "Decisions", "Report", "Versions", "Data"):
        plain.locator("#menu a", has_text=name).first.click()
        expect(plain.locator("h1")).to_be_visible()
    plain.goto(f"{base}/sources.html")
    assert plain.locator("tbody tr").count() == 10
    plain.goto(f"{base}/tables/code_counts.html")
    assert plain.locator("tbody tr").count() > 3


def test_guidelines_are_narrowed_by_words_category_and_what_they_touch(page: Page, base):
    page.goto(f"{base}/index.html")
    rows = page.locator("#list tbody tr")
    expect(rows).to_have_count(5)
    page.get_by_role("searchbox", name="words").fill("water")
    expect(rows.locator("visible=true")).to_have_count(1)
    page.get_by_role("searchbox", name="words").fill("")
    touches = page.get_by_role("combobox", name="touches")
    choices = [words for words in touches.locator("option").all_inner_texts() if words not in ("all", "(empty)")]
    assert choices and not [words for words in choices if ";" in words]
    touches.select_option(choices[0])
    shown = rows.locator("visible=true").all_inner_texts()
    assert shown and all(choices[0] in words for words in shown)


def test_a_search_finds_guidelines_and_sources_and_leads_to_them(page: Page, base):
    page.goto(f"{base}/codes.html")
    page.keyboard.press("/")
    page.keyboard.type("water")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"search\.html\?q=water"))
    found = page.locator(".found li")
    expect(found.first).to_be_visible()
    page.locator(".found a", has_text="G03").first.click()
    expect(page.locator("h1")).to_have_text("Give water before the bees look for it")


def test_the_address_of_a_table_narrows_its_rows(page: Page, base):
    page.goto(f"{base}/tables/code_counts.html?code_id=C03")
    rows = page.locator("tbody tr")
    expect(rows.locator("visible=true")).to_have_count(1)
    n_codings = rows.locator("visible=true").locator("td").nth(2).inner_text()
    page.goto(f"{base}/tables/code_counts.html?n_codings={n_codings}")
    assert {row.split("\t")[2] for row in rows.locator("visible=true").all_inner_texts()} == {n_codings}
    page.get_by_role("button", name="All rows").click()
    expect(rows.locator("visible=true")).to_have_count(rows.count())


@pytest.mark.parametrize(
    ("row", "start"), [("guidelines/G01", "@dataset{guideline-G01,"), ("sources/S001", "@online{S001,")]
)
def test_a_click_gives_how_to_cite_what_is_shown(page: Page, web_space, site_folder, row, start):
    page.goto(f"{web_space}/{row}.html")
    for name, begins in (("BibTeX", start), ("RIS", "TY  - ")):
        with page.expect_download() as given:
            page.get_by_role("link", name=name).click()
        assert Path(given.value.path()).read_text("utf-8").startswith(begins)


def test_the_site_looks_as_it_should(page: Page, site_folder):
    for kind in ("index", "guidelines/G01", "sources/S001", "tables"):
        page.goto(f"{site_folder.as_uri()}/{kind}.html")
        take_screenshots(page, f"site-{kind.replace('/', '-')}")
