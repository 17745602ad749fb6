"""The report and the audit pages in a real browser, opened from their folder: read, search, filter, sort, follow."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from audits import render_candidates
from browser.browsing import assert_accessible, assert_no_script_ran, take_screenshots
from graylit.languages.words import list_words
from hostile_study import BREAKOUT, SCRIPT, TEMPLATE, make_hostile

KINDS = [
    "report.html",
    "audit/index.html",
    "audit/guidelines/G01.html",
    "audit/codes/C01.html",
    "audit/codes.html",
    "audit/sources/S001.html",
    "audit/sources/S010.html",
    "audit/sources.html",
    "audit/screening.html",
    "audit/tables.html",
    "audit/tables/codings.html",
    "audit/tables/log.html",
    "audit/tables/agreement.html",
    "audit/search.html?q=roof",
]


@pytest.fixture
def results(built: Path) -> str:
    """Return the address of the folder of the mini study's results."""
    return (built / "results").as_uri()


@pytest.fixture(scope="session")
def hostile_results(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of the results of a study whose page and tables want to act."""
    return (make_hostile(tmp_path_factory.mktemp("hostile") / "study") / "results").as_uri()


def choice(page: Page, name: str) -> Locator:
    """Return the choice of a filter."""
    return page.get_by_role("combobox", name=name, exact=True)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_can_be_read_by_everybody(page: Page, results, kind):
    page.goto(f"{results}/{kind}")
    assert_accessible(page)


@pytest.mark.parametrize("kind", KINDS)
def test_no_script_of_the_data_runs_on_any_kind_of_page(page: Page, hostile_results, kind):
    page.goto(f"{hostile_results}/{kind.replace('?q=roof', '?q=script')}")
    assert_no_script_ran(page)
    assert page.locator("body img, body iframe, body object, body svg[onload]").count() == 0


def test_candidates_are_filtered_by_what_was_decided_alone(page: Page, built_copy: Path):
    pair = {"candidate_id": "H01", "other_id": "H20", "sign": "variant", "status": "merged", "detail": "one address"}
    shown = built_copy / "results/audit/screening.html"
    shown.write_text(render_candidates("searched", duplicate_candidates=[pair]), encoding="utf-8")
    page.goto(shown.as_uri())
    choices = [words for words in choice(page, "outcome").locator("option").all_inner_texts() if words]
    assert not [words for words in choices if "H20" in words or "page as" in words], choices
    choice(page, "outcome").select_option(choices[-1])
    expect(page.locator("#H01 td[data-value]")).to_contain_text("same page as H20: one address")


def test_hostile_words_are_shown_as_words(page: Page, hostile_results):
    page.goto(f"{hostile_results}/audit/sources/S010.html")
    expect(page.locator("h1")).to_have_text(f"Roofs {SCRIPT}")
    body = page.locator("body")
    for words in (BREAKOUT, TEMPLATE, "<script>fired('text')</script>", "{{ config.items() }}", "⟨U+202E⟩", "⟨U+2066⟩"):
        expect(body).to_contain_text(words)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page.locator("body").inner_text())


def test_a_click_on_anything_hostile_does_nothing_of_its_own(page: Page, hostile_results):
    page.goto(f"{hostile_results}/audit/guidelines/G01.html#evidence")
    for coding in page.locator(".coding").all()[:6]:
        coding.hover()
        coding.click(position={"x": 3, "y": 3})
    assert_no_script_ran(page)


def test_rows_of_a_table_with_hostile_cells_are_words(page: Page, hostile_results):
    page.goto(f"{hostile_results}/audit/tables/codings.html?source_id=S010")
    expect(page.locator("tbody")).to_contain_text(SCRIPT)
    page.goto(f"{hostile_results}/audit/tables/sources.html?source_id=S010")
    expect(page.locator("tbody")).to_contain_text(BREAKOUT)
    assert_no_script_ran(page)


CUT = "(text) => graylit.cutWords(text).map(([start, end]) => text.slice(start, end))"


@pytest.mark.parametrize(
    "text",
    [
        "用Kubernetes 集群部署3个模型。然后监控",
        "Webサーバーを使う、𠮷野家で働く",
        "デプロイメントツール",
        "ตรวจสอบคุณภาพของข้อมูล",
    ],
)
def test_the_browser_cuts_words_without_spaces_as_python_does(page: Page, results, text):
    page.goto(f"{results}/audit/search.html")
    assert page.evaluate(CUT, text) == list_words(text)


def test_words_sought_without_spaces_are_sought_one_by_one_and_phrases_whole(page: Page, results):
    page.goto(f"{results}/audit/search.html")
    assert page.evaluate("graylit.listSought('部署模型 \"我们的 模型\" Größe')") == [
        "部署",
        "模型",
        "我们的 模型",
        "große",
    ]


def test_folding_keeps_signs_that_make_another_word(page: Page, results):
    page.goto(f"{results}/audit/search.html")
    assert page.evaluate("graylit.fold('が मॉडल ดี 각 Größe É النَّموذَج ＡＢ')") == "が मॉडल ดี 각 große e النموذج ab"


def test_hostile_words_in_the_address_are_words(page: Page, results):
    page.goto(f"{results}/audit/search.html?q=%3Cimg%20src=x%20onerror=fired('q')%3E&in=%3Cscript%3E")
    page.goto(f"{results}/audit/tables/codings.html?coder=%3Cscript%3Efired(1)%3C/script%3E&source_id=%3Cb%3E")
    expect(page.locator("output")).to_have_text("0 of 33 rows")
    assert page.locator("tbody tr").count() == 0
    assert_no_script_ran(page)


def test_a_guideline_leads_to_its_marked_words(page: Page, results):
    page.goto(f"{results}/report.html")
    page.get_by_role("link", name="G01", exact=True).first.click()
    expect(page.locator("h1")).to_have_text("Let the roof decide")
    take_screenshots(page, "guideline")
    page.locator(".place .by a").first.click()
    coding = page.locator(".coding:target")
    expect(coding).to_be_in_viewport()
    mark = page.locator(f"mark[data-codings~='{coding.get_attribute('id')}']").first
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_class(re.compile(r"\blit\b"))
    take_screenshots(page, "source")


def test_pointing_at_a_coding_lights_its_words(page: Page, results):
    page.goto(f"{results}/audit/sources/S001.html")
    mark = page.locator("mark[data-codings~='A-0002']").first
    expect(mark).not_to_have_class(re.compile(r"\blit\b"))
    page.locator("#A-0002").hover()
    expect(mark).to_have_class(re.compile(r"\blit\b"))


def test_codings_of_a_source_are_filtered_by_coder_and_code(page: Page, results):
    page.goto(f"{results}/audit/sources/S001.html")
    n_all = page.locator(".reading .coding:visible").count()
    choice(page, "coder").select_option("A")
    choice(page, "code").select_option("C01")
    shown = page.locator(".reading .coding:visible")
    assert 0 < shown.count() < n_all
    assert {one.get_attribute("data-coder") + one.get_attribute("data-code") for one in shown.all()} == {"AC01"}
    page.reload()
    expect(choice(page, "coder")).to_have_value("A")
    assert page.locator(".reading .coding:visible").count() == shown.count()


def test_evidence_is_filtered_by_source_type(page: Page, results):
    page.goto(f"{results}/audit/guidelines/G01.html")
    choice(page, "source type").select_option("guide")
    places = page.locator(".place:visible")
    assert places.count() > 0
    assert {"guide" in place.locator(".where").inner_text() for place in places.all()} == {True}


def test_a_view_of_a_table_is_kept_in_its_address(page: Page, results):
    page.goto(f"{results}/audit/tables/codings.html")
    expect(page.locator("output")).to_have_text("33 rows")
    choice(page, "coder").select_option("B")
    expect(page.locator("output")).to_have_text("15 of 33 rows")
    assert page.url.endswith("codings.html?coder=B")
    page.reload()
    expect(page.locator("output")).to_have_text("15 of 33 rows")
    page.get_by_role("searchbox", name="words", exact=True).fill("insurer")
    expect(page.locator("output")).to_contain_text("of 33 rows")


def test_a_figure_of_the_report_leads_to_its_rows(page: Page, results):
    page.goto(f"{results}/report.html")
    link = page.locator("#codes tbody tr td.n a").first
    n = link.inner_text()
    link.click()
    expect(page.locator("output")).to_contain_text(f"{n} of 33 rows")
    assert page.locator("tbody tr").count() == int(n)


def test_a_link_leads_to_a_row_however_far_down(page: Page, results):
    page.goto(f"{results}/audit/tables/log.html#B-0015")
    expect(page.locator("#B-0015")).to_be_in_viewport()
    expect(page.locator("#B-0015")).to_have_class("led-to")


def test_tables_are_sorted_by_their_headings(page: Page, results):
    page.goto(f"{results}/audit/sources.html")
    column = page.locator("thead th", has_text="codings")
    place = column.evaluate("cell => cell.cellIndex")
    column.get_by_role("button").click()
    expect(column).to_have_attribute("aria-sort", "descending")
    numbers = [int(one) for one in page.locator(f"tbody td:nth-child({place + 1})").all_inner_texts()]
    assert numbers == sorted(numbers, reverse=True)
    column.get_by_role("button").click()
    expect(column).to_have_attribute("aria-sort", "ascending")


def test_a_table_of_the_report_is_sorted(page: Page, results):
    page.goto(f"{results}/report.html")
    heading = page.locator("#codes thead th", has_text="codings").first
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")


def test_words_of_sources_are_found_and_lead_to_their_place(page: Page, results):
    page.goto(f"{results}/audit/index.html")
    page.get_by_role("searchbox").fill("ballast")
    page.keyboard.press("Enter")
    expect(page.locator("output")).to_contain_text("found")
    choice(page, "in").select_option("words of a source")
    first = page.locator(".found li").first
    expect(first.locator("mark").first).to_have_text(re.compile("ballast", re.IGNORECASE))
    first.get_by_role("link").click()
    expect(page.locator(".segment:target")).to_be_in_viewport()


def test_notes_of_coders_are_found(page: Page, results):
    page.goto(f'{results}/audit/search.html?q="insurer and engineer"')
    expect(page.locator(".found li")).to_have_count(1)
    expect(page.locator(".found .tag")).to_have_text("note on a coding")


def test_accents_and_capitals_do_not_matter_to_a_search(page: Page, results):
    page.goto(f"{results}/audit/search.html?q=nora%20VELT&in=source")
    expect(page.locator(".found li")).to_have_count(2)


def test_light_or_dark_is_kept_from_page_to_page(page: Page, results):
    page.goto(f"{results}/audit/index.html")
    page.get_by_role("button", name="Light or dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{results}/report.html")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_all_can_be_done_by_keys(page: Page, results):
    page.goto(f"{results}/audit/index.html")
    page.keyboard.press("/")
    page.keyboard.type("straps")
    page.keyboard.press("Enter")
    expect(page.locator(".found li").first).to_be_visible()
    page.keyboard.press("Enter")  # the field holds the focus: to the first that was found
    expect(page.locator(".found a").first).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator(".found a").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "search.html" not in url)
    page.goto(f"{results}/audit/sources/S001.html")
    page.keyboard.press("n")
    expect(page.locator(".segment.coded").first).to_be_focused()
    page.keyboard.press("n")
    expect(page.locator(".segment.coded").nth(1)).to_be_focused()
    page.keyboard.press("p")
    expect(page.locator(".segment.coded").first).to_be_focused()
    page.keyboard.press("]")
    page.wait_for_url("**/S002.html")
    page.keyboard.press("[")
    page.wait_for_url("**/S001.html")


def test_the_first_stop_of_the_tab_key_leads_past_the_menu(page: Page, results):
    page.goto(f"{results}/audit/guidelines/G01.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_without_scripts_the_pages_still_show_their_evidence(chromium, results):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{results}/audit/guidelines/G01.html")
    expect(page.locator(".place blockquote").first).to_be_visible()
    page.goto(f"{results}/audit/tables/codings.html")
    expect(page.locator("noscript p")).to_contain_text("config/coding/codings")
    context.close()


def test_a_narrow_window_scrolls_no_page_sideways(page: Page, results):
    page.set_viewport_size({"width": 390, "height": 800})
    for kind in (*KINDS, "ledger.html"):
        page.goto(f"{results}/{kind}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, kind
