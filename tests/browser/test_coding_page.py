"""A coder at work in a real browser: reading, coding, undoing, with keys and with the mouse."""

import re
import shutil
import signal
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from browser.browsing import assert_accessible, assert_no_script_ran, observed, take_screenshots
from conftest import read_table
from desks import PAGES, list_makers, serve_page, write_readable, write_texts
from graylit.desk.coding.desk import Desk
from graylit.study.checking import read_study
from graylit.study.writing import read_clock
from graylit.tables.topics import SUGGESTIONS
from tiny_study import replace_once

HOSTILE = (
    "# A page <script>fired('heading')</script>\n\n"
    "<script>fired('script')</script><img src=x onerror=\"fired('handler')\"> stands in this text, as words.\n\n"
    "{{ 7 * 7 }} {% raw %} ${fired('template')} <%= fired('erb') %> javascript:fired('link') </textarea></script>.\n\n"
    "Words \u202eturned around\u202c and \u2066isolated\u2069 and \u200fmarked, then plain words once more.\n"
)


@pytest.fixture
def study(tmp_path):
    """Return the tiny study, with texts and nothing coded."""
    return write_readable(tmp_path / "study")


@contextmanager
def serve_to(page, study, coder="B"):
    """Serve the coding page of a study to a browser's page, which leaves it before the server ends."""
    with serve_page(study, coder) as server:
        page.goto(server.address)
        expect(page.locator("#target")).to_contain_text("A code goes to")
        yield server
        page.goto("about:blank")


@pytest.fixture
def desk(study, page):
    """Return the running coding page of coder B, which is open in the page."""
    with serve_to(page, study) as server:
        yield server


@pytest.fixture
def coding(desk, page) -> Page:
    """Return the coding page, open at the first segment."""
    return page


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def give(page, words, key="Enter"):
    """Find a code by words and give it."""
    press(page, "/")
    page.keyboard.type(words)
    press(page, key)


def expect_saved(page, words):
    expect(page.locator("#saved")).to_have_text(re.compile(f"Saved: {words}"))


def drag_over(page, segment_id, words):
    """Choose words of a segment as a person does: press the button before the first, let it go after the last."""
    ends = page.locator(f"#{segment_id} .words").evaluate(
        """(element, words) => {
          const range = document.createRange(), node = element.firstChild, at = node.data.indexOf(words);
          range.setStart(node, at);
          range.setEnd(node, at + words.length);
          const [box] = range.getClientRects();
          return [[box.left, box.top + box.height / 2], [box.right, box.top + box.height / 2]];
        }""",
        words,
    )
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.mouse.move(*ends[1], steps=5)
    page.mouse.up()


def current(page):
    return page.locator(".segment.current")


def rows_of(study):
    return [(row["code_id"], row.get("replaces", "")) for row in read_table(study / "config/coding/codings/B.csv")]


def test_a_segment_is_coded_by_keys_alone_and_its_row_is_on_disk_when_the_page_says_so(coding, study):
    press(coding, "j")
    give(coding, "mesh", "Alt+h")
    expect_saved(coding, "C01 on S001-002")
    (row,) = read_table(study / "config/coding/codings/B.csv")
    assert (row["code_id"], row["confidence"]) == ("C01", "high")
    assert PAGES["S001"][int(row["start"]) : int(row["end"])].startswith("A mesh over")
    expect(current(coding).locator(".given li")).to_contain_text("C01Meshhigh confidence")
    assert read_study(study)[1] == []


def test_the_page_says_saved_only_after_the_server_did(coding):
    coding.route("**/sources/S001", lambda route: None if route.request.method == "POST" else route.continue_())
    give(coding, "mesh")
    expect(coding.locator("#saved")).to_have_text("Saving …")
    expect(current(coding).locator(".given li")).to_have_count(0)


def test_enter_leaves_a_segment_without_a_code_and_goes_on(coding, study):
    press(coding, "Enter")
    expect_saved(coding, "no code on S001-001")
    expect(current(coding)).to_have_attribute("id", "S001-002")
    expect(coding.locator("#head")).to_contain_text("1 of 3 segments decided")
    assert [row["decision"] for row in read_table(study / "config/coding/readings.csv")] == ["no_code"]


def test_keys_faster_than_the_server_mean_what_they_mean(coding, study):
    coding.route("**/sources/S001", lambda route: (coding.wait_for_timeout(300), route.continue_()))
    give(coding, "mesh")
    press(coding, "Enter", "Enter", "Enter")
    expect(coding.locator("#head")).to_contain_text("3 of 3 segments decided")
    expect(coding.locator("#notice")).to_contain_text("all have a decision")
    coding.unroute("**/sources/S001")
    assert rows_of(study) == [("C01", "")]
    readings = read_table(study / "config/coding/readings.csv")
    assert [row["segment_id"] for row in readings] == ["S001-002", "S001-003"]


def test_what_was_decided_behind_a_failure_is_not_taken(coding, study):
    give(coding, "mesh")
    expect_saved(coding, "C01")
    coding.route("**/sources/S001", lambda route: (coding.wait_for_timeout(300), route.continue_()))
    give(coding, "mesh")  # a second time
    press(coding, "Enter", "Enter")
    expect(coding.locator("#notice")).to_contain_text("C01 is on these words already")
    coding.unroute("**/sources/S001")
    coding.wait_for_load_state("networkidle")
    assert not (study / "config/coding/readings.csv").exists()
    observed(coding).errors.clear()  # Chromium says the refused request on the console


def test_a_memo_that_was_not_saved_is_still_there(desk, coding):
    give(coding, "mesh", "Shift+Enter")
    coding.locator("#editor-memo").fill("a long thought")
    desk.process.kill()
    desk.process.wait()
    press(coding, "Control+Enter")
    expect(coding.locator("#editor-notice")).to_contain_text("did not say that the last decision was saved")
    expect(coding.locator("#editor-memo")).to_have_value("a long thought")
    observed(coding).errors.clear()  # Chromium says the refused connection on the console


def test_several_codes_are_given_to_a_segment_and_numbers_give_used_ones_again(coding, study):
    give(coding, "mesh")
    expect_saved(coding, "C01")
    give(coding, "overfl")
    expect_saved(coding, "C02")
    expect(current(coding).locator(".given li")).to_have_count(2)
    press(coding, "j", "2")
    expect_saved(coding, "C02 on S001-002")
    assert rows_of(study) == [("C01", ""), ("C02", ""), ("C02", "")]


def test_a_code_is_undone_and_taken_again(coding, study):
    give(coding, "mesh")
    expect_saved(coding, "C01")
    press(coding, "u")
    expect_saved(coding, "undone on S001-001")
    expect(current(coding).locator(".given li")).to_have_count(0)
    press(coding, "Shift+U")
    expect_saved(coding, "taken again on S001-001")
    expect(current(coding).locator(".given li")).to_have_count(1)
    assert rows_of(study) == [("C01", ""), ("", "B-0001"), ("C01", "B-0002")]


def test_a_memo_and_confidence_are_given_with_the_code(coding, study):
    give(coding, "mesh", "Shift+Enter")
    coding.locator("#editor-memo").fill("it says so,\nin two lines")
    coding.get_by_label("medium").check()
    press(coding, "Control+Enter")
    expect_saved(coding, "C01")
    (row,) = read_table(study / "config/coding/codings/B.csv")
    assert (row["memo"], row["confidence"]) == ("it says so,\nin two lines", "medium")
    expect(current(coding).locator(".memo")).to_have_text("it says so,\nin two lines")


def test_a_coding_is_changed_and_removed(coding, study):
    give(coding, "mesh")
    expect_saved(coding, "C01")
    press(coding, "e")
    coding.get_by_label("Code", exact=True).select_option("C02")
    coding.get_by_role("button", name="Save").click()
    expect_saved(coding, "change")
    expect(current(coding).locator(".given li")).to_contain_text("C02")
    press(coding, "x")
    expect_saved(coding, "removal")
    assert rows_of(study) == [("C01", ""), ("C02", "B-0001"), ("", "B-0002")]


def test_words_chosen_with_the_mouse_get_the_code(coding, study):
    drag_over(coding, "S001-002", "keeps leaves out, ")
    expect(coding.locator("#target")).to_have_text("A code goes to the 3 chosen words of segment 2.")
    give(coding, "mesh")
    expect_saved(coding, "C01 on S001-002")
    expect(coding.locator("#S001-002 mark")).to_have_text("keeps leaves out,")
    (row,) = read_table(study / "config/coding/codings/B.csv")
    assert PAGES["S001"][int(row["start"]) : int(row["end"])] == "keeps leaves out,"


def test_a_click_lets_go_of_chosen_words(coding, study):
    drag_over(coding, "S001-001", "two hundred litres")
    expect(coding.locator("mark.chosen")).to_have_text("two hundred litres")
    coding.locator("#S001-001 .words").click()
    expect(coding.locator("mark.chosen")).to_have_count(0)
    give(coding, "mesh")
    expect_saved(coding, "C01")
    (row,) = read_table(study / "config/coding/codings/B.csv")
    assert PAGES["S001"][int(row["start"]) : int(row["end"])].startswith("A barrel of oak")


def test_words_chosen_with_keys_get_the_code_also_behind_characters_of_two_units(coding, study):
    press(coding, "j", "j", "w", *["ArrowRight"] * 14, "Shift+ArrowRight")
    expect(coding.locator("mark.chosen")).to_have_text("🌱 in")
    press(coding, "Shift+ArrowRight")
    give(coding, "mesh")
    expect_saved(coding, "C01 on S001-003")
    (row,) = read_table(study / "config/coding/codings/B.csv")
    assert PAGES["S001"][int(row["start"]) : int(row["end"])] == "🌱 in spring."
    expect(coding.locator("#S001-003 mark")).to_have_text("🌱 in spring.")


def test_the_meaning_of_a_code_stands_beside_the_text(coding):
    press(coding, "/")
    coding.keyboard.type("water goes")
    expect(coding.locator("#codes li")).to_have_count(1)
    expect(coding.locator("#meaning")).to_contain_text("Where water goes when the barrel is full")
    expect(coding.locator("#codes")).not_to_contain_text("Spill")  # retired


def test_suggestions_wait_until_the_coder_has_decided_or_asks(study, page):
    cells = {"source_id": "S001", "code_id": "C02", "coder": "model", "score": "0.7"}
    rows = [{**cells, "segment_id": f"S001-00{n}", "rank": str(n)} for n in (1, 2)]
    SUGGESTIONS.write(SUGGESTIONS.to_frame(rows), study / "data/processed/suggestions.csv")
    with serve_to(page, study):
        page.wait_for_load_state("networkidle")
        expect(page.locator(".suggested")).to_have_count(0)
        give(page, "mesh")
        expect(page.locator("#S001-001 .suggested")).to_contain_text("The model suggests C02 Overflow (0.7) Give")
        press(page, "j")
        page.wait_for_load_state("networkidle")
        expect(page.locator("#S001-002 .suggested")).to_have_count(0)
        press(page, "s")
        page.locator("#S001-002 .suggested").get_by_role("button", name="Give").click()
        expect_saved(page, "C02 on S001-002")


def test_what_is_suggested_for_a_segment_that_was_left_is_shown_afterwards(study, page):
    row = {
        "source_id": "S001",
        "segment_id": "S001-001",
        "code_id": "C02",
        "coder": "model",
        "score": "0.7",
        "rank": "1",
    }
    SUGGESTIONS.write(SUGGESTIONS.to_frame([row]), study / "data/processed/suggestions.csv")
    with serve_to(page, study):
        press(page, "Enter")
        expect(current(page)).to_have_attribute("id", "S001-002")
        expect(page.locator("#S001-001 .suggested")).to_contain_text("The model suggests C02 Overflow (0.7)")
        expect(page.locator("#S001-001 .suggested button")).to_have_count(0)


def test_words_are_found_in_all_sources(coding):
    press(coding, "f")
    coding.keyboard.type("clean water")
    expect(coding.locator("#finder-hits li")).to_have_count(1)
    press(coding, "Enter")
    expect(current(coding)).to_have_attribute("id", "S002-001")
    expect(coding.locator("#head h1")).to_have_text("Pumps")


def test_a_source_is_finished_after_a_question(coding, study):
    press(coding, "Shift+F")
    expect(coding.locator("#finishing")).to_contain_text("3 of 3 segments have no decision yet")
    press(coding, "Escape")
    assert not (study / "config/coding/passes.csv").exists()
    press(coding, "Shift+F")
    coding.get_by_role("button", name="Finished").click()
    expect_saved(coding, "finished S001")
    expect(coding.locator("#sources [aria-current]")).to_contain_text("✓ finished")
    assert [row["source_id"] for row in read_table(study / "config/coding/passes.csv")] == ["S001"]
    assert read_study(study)[1] == []


def test_a_source_without_text_says_what_is_missing_and_how_to_get_it(coding):
    coding.locator("#sources a[href='#S003']").click()
    expect(coding.locator("#head")).to_contain_text("The text of S003 is missing: the page has not been captured")
    expect(coding.locator("#head")).to_contain_text("graylit desk --as B --archive file.warc.gz")
    expect(coding.locator("#total")).to_have_text("0 of 2 sources finished; 1 without text here")
    assert_accessible(coding)


def test_codings_whose_words_are_not_here_or_gone_are_listed_apart(study, page):
    desk = Desk(study, "B", "", read_clock)
    for code_id, segment_id in (("C01", "S001-002"), ("C02", "S002-001")):
        source_id = segment_id.partition("-")[0]
        asked = {"kind": "give", "code_id": code_id, "segment_id": segment_id}
        desk.decide(source_id, desk.own.look_at(source_id).version, asked)
    write_texts(
        study,
        {"S001": "# Choosing a barrel\n\nNothing of what was coded stands in these words.\n", "S002": PAGES["S002"]},
    )
    (study / "data/processed/texts/S002.txt").unlink()
    with serve_to(page, study):
        expect(page.locator("#loose")).to_contain_text("Codings whose words are gone")
        expect(page.locator("#loose .given li")).to_contain_text("C01Mesh")
        page.locator("#sources a[href='#S002']").click()
        expect(page.locator("#head")).to_contain_text("The text of S002 is missing")
        expect(page.locator("#loose")).to_contain_text("their words are not here")
        expect(page.locator("#loose .given li")).to_contain_text("characters 9–84")
        assert_accessible(page)


def test_running_text_shows_all_segments_and_stays_chosen(coding):
    expect(coding.locator(".segment:visible")).to_have_count(2)
    press(coding, "v")
    expect(coding.locator(".segment:visible")).to_have_count(3)
    coding.reload()
    expect(coding.locator(".segment:visible")).to_have_count(3)


def test_a_reload_shows_the_place_and_all_that_was_decided(coding):
    give(coding, "mesh")
    expect_saved(coding, "C01")
    press(coding, "j", "Enter")
    expect_saved(coding, "no code on S001-002")
    expect(current(coding)).to_have_attribute("id", "S001-003")
    coding.reload()
    expect(current(coding)).to_have_attribute("id", "S001-003")
    expect(coding.locator("#S001-001 .given li")).to_have_count(1)
    expect(coding.locator("#S001-002")).to_have_class(re.compile("decided"))


def test_a_study_without_texts_codes_whole_sources(study, page):
    replace_once(study, "config/config.yaml", "has_texts: true", "has_texts: false")
    shutil.rmtree(study / "data")
    with serve_to(page, study):
        expect(page.locator("#target")).to_have_text("A code goes to the source as a whole.")
        press(page, "r", "w", "Enter", "n", "s")
        give(page, "mesh")
        expect_saved(page, "C01 on S001")
        expect(page.locator("#loose .given li")).to_contain_text("C01Mesh")
        press(page, "x")
        expect_saved(page, "removal on S001")
    assert rows_of(study) == [("C01", ""), ("", "B-0001")]


def test_of_two_tabs_the_second_is_told_and_shows_the_state_of_now(desk, coding, study):
    other = coding.context.new_page()
    other.goto(desk.address)
    expect(current(other)).to_have_attribute("id", "S001-001")
    give(coding, "mesh")
    expect_saved(coding, "C01")
    give(other, "mesh")
    expect(other.locator("#notice")).to_contain_text("changed elsewhere")
    expect(current(other).locator(".given li")).to_have_count(1)
    assert rows_of(study) == [("C01", "")]
    give(other, "overfl")
    expect_saved(other, "C02")
    assert rows_of(study) == [("C01", ""), ("C02", "")]
    observed(coding).errors.clear()  # Chromium says the refused request on the console


def test_when_the_server_is_killed_the_page_says_so_and_nothing_saved_is_lost(desk, coding, study):
    give(coding, "mesh")
    expect_saved(coding, "C01")
    desk.process.send_signal(signal.SIGKILL)
    desk.process.wait()
    give(coding, "overfl")
    expect(coding.locator("#notice")).to_contain_text("did not say that the last decision was saved")
    expect(coding.locator("#saved")).to_have_text("Not called saved")
    assert rows_of(study) == [("C01", "")]
    with serve_to(coding, study):
        press(coding, "k")
        expect(coding.locator("#S001-001 .given li")).to_have_count(1)
    observed(coding).errors.clear()  # Chromium says the refused connection on the console


def test_hostile_words_are_shown_as_words(study, page):
    write_texts(study, {"S001": HOSTILE})
    replace_once(study, "config/sources.csv", "Choosing a barrel", "<b onclick=fired('title')>Barrels</b>")
    replace_once(
        study, "config/coding/codebook.csv", "A mesh keeps leaves out", "<img src=x onerror=fired('code')>\u202e"
    )
    with serve_to(page, study):
        give(page, "mesh", "Shift+Enter")
        page.locator("#editor-memo").fill("<script>fired('memo')</script>\u202e")
        press(page, "Control+Enter", "v")
        expect_saved(page, "C01")
        expect(page.locator("#S001-001 .words")).to_contain_text("<script>fired('script')</script><img src=x onerror=")
        expect(page.locator("#S001-002 .words")).to_contain_text("{{ 7 * 7 }} {% raw %} ${fired('template')}")
        expect(page.locator("#S001-001 .memo")).to_contain_text("<script>fired('memo')</script>")
        expect(page.locator("#head h1")).to_have_text("<b onclick=fired('title')>Barrels</b>")
        names = page.locator("#S001-003 .words .control").evaluate_all("(all) => all.map((one) => one.dataset.name)")
        assert names == ["U+202E", "U+202C", "U+2066", "U+2069", "U+200F"]
        press(page, "f")
        page.keyboard.type("script")
        expect(page.locator("#finder-hits li")).not_to_have_count(0)
        assert_no_script_ran(page)
        press(page, "Escape", "n", "n", "w", "ArrowRight", "Shift+ArrowRight", "1")
        expect_saved(page, "C01 on S001-003")
    row = read_table(study / "config/coding/codings/B.csv")[-1]
    assert HOSTILE[int(row["start"]) : int(row["end"])] == "\u202eturned around\u202c"
    assert read_study(study)[1] == []


@pytest.mark.parametrize(
    "keys",
    [[], ["v"], ["?"], ["f", *"mesh"], ["Shift+F"], ["k", "e"]],
    ids=["one", "running", "keys", "finder", "finishing", "editor"],
)
def test_everybody_can_use_the_page(coding, keys):
    give(coding, "mesh")
    expect_saved(coding, "C01")
    press(coding, "j", "w", *keys)
    assert_accessible(coding)


def test_the_page_is_looked_at(built, tmp_path, page):
    """Takes the screenshots, of a study whose pages were written for it."""
    study = shutil.copytree(built, tmp_path / "bees")
    list_makers(study, C="coder")
    with serve_to(page, study, "C"):
        press(page, "Enter")
        expect_saved(page, "no code")
        give(page, "", "Alt+h")
        expect_saved(page, "C")
        press(page, "Enter")
        drag_over(page, "S001-003", "our insurer would have")
        page.locator("#picker").focus()
        press(page, "ArrowDown")
        take_screenshots(page, "coding-page")
        press(page, "Enter")
        expect_saved(page, "C")
        press(page, "v")
        take_screenshots(page, "coding-page-running-text")
        assert_no_script_ran(page)
