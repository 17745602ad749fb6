"""New codes, the codebook, the recode queue and the settling of codings in a real browser, by keys alone."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from applications import post
from browser.browsing import assert_accessible, assert_no_script_ran, observed, take_screenshots
from coding_desks import Team
from desks import assert_no_fault, serve_page
from tiny_study import replace_once

WIDTHS = (390, 768, 1280, 1920)
HOSTILE = "<script>fired('words')</script><img src=x onerror=\"fired('image')\"> \u202eturned"
SHARPER = {"code_id": "C01", "name": "Mesh", "definition": "A mesh over the inlet keeps leaves out"}
# What sticks out of the window to the right, and which buttons of a page of decisions cannot be seen.
LIST_HIDDEN = """() => {
  const isSeen = (element) => {
    const box = element.getBoundingClientRect();
    const isWithin = box.left >= 0 && box.right <= innerWidth && box.top >= 0;
    return box.width > 0 && isWithin && box.top + Math.min(box.height, 20) <= innerHeight;
  };
  const hidden = [...document.querySelectorAll(".verdicts button")].filter((one) => !isSeen(one));
  const isWide = document.documentElement.scrollWidth > innerWidth;
  return [isWide ? "scrolls sideways" : "", ...hidden.map((one) => one.textContent)].filter(Boolean);
}"""


@pytest.fixture
def team(tmp_path):
    team = Team(tmp_path / "study")
    replace_once(
        team.folder,
        "config/config.yaml",
        "has_texts: true",
        "has_texts: true\nhas_open_coding: true\nhas_shared_codes: true",
    )
    return team


@contextmanager
def serve_to(page, folder, name, task):
    """Serve a desk to a browser's page, open at a task, which the page leaves before the server ends."""
    with serve_page(folder, name) as server:
        page.goto(server.turn_to(task).address)
        expect(page.locator("#who")).to_contain_text(name)
        yield server
        page.goto("about:blank")


class Keyboard:
    """A page's keyboard that counts the keys; typed words are no keys."""

    def __init__(self, page):
        self.page, self.n = page, 0

    def press(self, *keys):
        for key in keys:
            self.n += 1
            self.page.keyboard.press(key)

    def count(self):
        counted, self.n = self.n, 0
        return counted


def expect_saved(page, words):
    expect(page.locator("#saved")).to_have_text(re.compile(f"Saved: {words}"))


# New codes and the codebook ----------------------------------------------------------------------------------------


def test_a_code_is_made_while_reading_and_given(team, page):
    keys = Keyboard(page)
    with serve_to(page, team.folder, "A", "code"):
        expect(page.locator("#target")).to_contain_text("A code goes to segment 1")
        keys.press("/")
        page.keyboard.type("gnats in barrels")
        keys.press("Alt+n")
        expect(page.locator("#coining-name")).to_have_value("gnats in barrels")
        page.keyboard.type("Insects that breed in barrels")
        keys.press("Control+Enter")
        expect_saved(page, "A-c01 is a code")
        expect(page.locator("#codes [aria-selected=true]")).to_contain_text("A-c01")
        keys.press("Enter")
        expect_saved(page, "A-c01 on S001-001")
    assert [row["code_id"] for row in team.codings("A")] == ["A-c01"]
    assert team.codebook()[-1]["definition"] == "Insects that breed in barrels"
    assert_no_fault(team.folder)


@pytest.mark.parametrize("width", [390, 1280])
def test_a_code_that_is_refused_keeps_its_words(team, page, width):
    page.set_viewport_size({"width": width, "height": 844})
    with serve_to(page, team.folder, "A", "code"):
        expect(page.locator("#target")).to_contain_text("A code goes to segment 1")
        page.keyboard.press("N")
        page.keyboard.type("mesh")
        page.locator("#coining-definition").fill("Another mesh")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#coining-notice")).to_contain_text("C01 has the name")
        expect(page.locator("#coining-definition")).to_have_value("Another mesh")
        assert_accessible(page)
        take_screenshots(page, f"new-code-{width}")
        observed(page).errors.clear()  # Chromium says the refused request on the console
    assert len(team.codebook()) == 3


def test_an_editor_merges_splits_and_sharpens_by_keys(team, page):
    team.code("A", "S001-001", "C01")
    with serve_to(page, team.folder, "EVE", "codebook"):
        expect(page.locator("#total")).to_contain_text("2 codes in use")
        page.keyboard.press("e")
        expect(page.locator("#form-touches")).to_contain_text("It touches 1 coding of A")
        page.locator("#form-0-definition").fill("A mesh over the inlet")
        page.locator("#form-reason").fill("it was too wide")
        page.keyboard.press("Control+Enter")
        expect_saved(page, "C01 has other words")
        page.keyboard.press("s")
        for number, name in enumerate(("Leaves", "Gnats")):
            page.locator(f"#form-{number}-name").fill(name)
            page.locator(f"#form-{number}-definition").fill(f"{name} are kept out")
        page.locator("#form-reason").fill("two things")
        page.keyboard.press("Control+Enter")
        expect_saved(page, "C01 split into EVE-c01, EVE-c02")
        page.locator("#filter").fill("gnats")
        page.keyboard.press("Enter")
        page.keyboard.press("m")
        page.keyboard.type("overflow")
        page.keyboard.press("Enter")
        expect(page.locator("#form-parts")).to_contain_text("into C02")
        page.keyboard.type("no place for gnats")
        page.keyboard.press("Control+Enter")
        expect_saved(page, "EVE-c02 merged into C02")
        page.keyboard.press("u")
        expect_saved(page, "taken back: EVE-c02 merged into C02")
    in_force = {row["code_id"]: (row["status"], row["replaced_by"]) for row in team.codebook()}
    assert (in_force["C01"], in_force["EVE-c02"]) == (("retired", "EVE-c01; EVE-c02"), ("active", ""))
    assert_no_fault(team.folder)


def test_a_form_that_is_refused_keeps_its_words(team, page):
    with serve_to(page, team.folder, "EVE", "codebook"):
        expect(page.locator("#total")).to_contain_text("2 codes in use")
        page.keyboard.press("x")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#form-notice")).to_contain_text("Say why")
        page.locator("#form-reason").fill("nobody needs it")
        page.keyboard.press("Control+Enter")
        expect_saved(page, "C01 retired")
        observed(page).errors.clear()
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_contain_text("split it into several")


# The recode queue --------------------------------------------------------------------------------------------------


@pytest.fixture
def changed(team):
    """Return the team after a definition was sharpened and a code was split: four codings of A wait."""
    for segment_id in ("S001-001", "S001-002"):
        team.code("A", segment_id, "C01", memo=f"on {segment_id}", confidence="high")
    for segment_id in ("S001-003", "S002-001"):
        team.code("A", segment_id, "C02")
    assert team.change("reword", **SHARPER, reason="the gutter is another matter")[0] == 200
    parts = [{"name": "Pipe", "definition": "Where it leads"}, {"name": "Bed", "definition": "What drinks it"}]
    assert team.change("split", code_id="C02", parts=parts, reason="pipes and beds")[0] == 200
    return team


def test_what_waits_is_kept_recoded_or_withdrawn_by_one_key_each(changed, page):
    keys = Keyboard(page)
    with serve_to(page, changed.folder, "A", "recode"):
        expect(page.locator("#coding")).to_contain_text("Its code has another definition now.")
        expect(page.locator("#coding")).to_contain_text("the gutter is another matter")
        expect(page.locator("#place mark")).to_contain_text("A barrel of oak")
        expect(page.locator("#codes .side")).to_have_count(2)
        keys.press("k")
        expect_saved(page, "kept on A-0001")
        expect(page.locator("#judging")).to_contain_text("on S001-002")
        keys.press("u")
        expect_saved(page, "undone on A-0001")
        expect(page.locator("#judging")).to_contain_text("on S001-001")
        keys.press("x")
        expect_saved(page, "withdrawn on")
        expect(page.locator("#judging")).to_contain_text("on S001-002")
        keys.press("k")
        expect_saved(page, "kept on A-0002")
        expect(page.locator("#coding")).to_contain_text("Its code was split")
        keys.press("2")
        expect_saved(page, "EVE-c02 on A-0003")
        expect(page.locator("#place mark")).to_contain_text("A pump")
        keys.press("c")
        page.keyboard.type("mesh")
        keys.press("Enter")
        expect_saved(page, "C01 on A-0004")
        expect(page.locator("#coding")).to_contain_text("Nothing waits.")
    current = {row["coding_id"]: row for row in changed.codings("A")}
    for row in list(current.values()):
        current.pop(row["replaces"], None)
    assert sorted(row["code_id"] for row in current.values() if row["code_id"]) == ["C01", "C01", "EVE-c02"]
    assert_no_fault(changed.folder)


def test_a_coding_changed_in_another_tab_is_shown_anew(changed, page):
    with serve_to(page, changed.folder, "A", "recode"):
        expect(page.locator("#judging")).to_contain_text("on S001-001")
        other = page.context.new_page()
        other.goto(page.url)
        expect(other.locator("#judging")).to_contain_text("on S001-001")
        page.keyboard.press("k")
        expect_saved(page, "kept on A-0001")
        other.keyboard.press("x")
        expect(other.locator("#notice")).to_contain_text("changed elsewhere")
        expect(other.locator("#judging")).to_contain_text("on S001-002")
        observed(page).errors.clear()
        other.close()
    assert len(changed.codings("A")) == 5


# Settling codings --------------------------------------------------------------------------------------------------


@pytest.fixture
def disputed(team):
    """Return the team with four disputes: two of one pair of codes, one left by B, one to be recoded."""
    for segment_id in ("S001-001", "S001-002", "S002-001"):
        team.code("A", segment_id, "C01", memo=HOSTILE, confidence="low")
    for segment_id in ("S001-001", "S001-002", "S002-001"):
        team.code("B", segment_id, "C02", memo="it flows over")
    team.code("A", "S001-003", "C01")
    team.finish("A", "B")
    assert team.change("new", name="Wet feet", definition="A bed that likes water")[0] == 200
    return team


def test_each_dispute_takes_two_keys_at_most_beside_its_reason(disputed, page):
    keys, counts = Keyboard(page), []
    with serve_to(page, disputed.folder, "CLEO", "adjudicate"):
        expect(page.locator("#left")).to_have_text("4 left · 0 settled")
        expect(page.locator("#sides")).not_to_contain_text("A-0001")
        keys.press("2")
        page.keyboard.type("the water is the point")
        keys.press("Enter")
        expect_saved(page, "C02 alone stands on S001-001")
        counts.append(keys.count())
        expect(page.locator("#earlier")).to_contain_text("C01 falls, C02 stands")
        keys.press("a", "2")
        expect_saved(page, "C02 alone stands on S001-002")
        counts.append(keys.count())
        expect(page.locator("#sides")).to_contain_text("no code")
        keys.press("f")
        page.keyboard.type("it is about the wall")
        keys.press("Enter")
        expect_saved(page, "C01 falls on S001-003")
        counts.append(keys.count())
        keys.press("a")
        expect(page.locator("#reason")).to_have_value("the water is the point")
        page.locator("#reason").fill("the bed is the point")
        keys.press("Escape")
        keys.count()  # these were about the reason
        keys.press("r")
        page.keyboard.type("wet")
        keys.press("Enter")
        expect_saved(page, "C01, C02 recoded to EVE-c01 on S002-001")
        counts.append(keys.count())
        expect(page.locator("#dispute")).to_contain_text("Nothing is left to settle.")
        assert_no_script_ran(page)
    assert counts == [2, 2, 2, 2]
    told = [(row["coding_ids"], row["verdict"], row["code_id"]) for row in disputed.adjudications()]
    assert told == [
        ("B-0001", "stands", ""),
        ("A-0001", "falls", ""),
        ("B-0002", "stands", ""),
        ("A-0002", "falls", ""),
        ("A-0004", "falls", ""),
        ("A-0003; B-0003", "recoded", "EVE-c01"),
    ]
    assert_no_fault(disputed.folder)


def test_names_a_mark_an_undo_and_the_agreement(disputed, page):
    with serve_to(page, disputed.folder, "CLEO", "adjudicate"):
        expect(page.locator("#left")).to_have_text("4 left · 0 settled")
        page.keyboard.press("h")
        expect(page.locator("#sides")).to_contain_text("A-0001")
        page.keyboard.press("Shift+1")
        expect(page.locator("#verdicts")).to_contain_text("Falls")
        page.keyboard.press("f")
        expect(page.locator("#reason-label")).to_contain_text("Why: C01 falls")
        page.keyboard.type("no mesh here")
        page.keyboard.press("Enter")
        expect_saved(page, "C01 falls on S001-001")
        expect(page.locator("#left")).to_have_text("4 left · 0 settled")  # the other code is in dispute still
        page.keyboard.press("u")
        expect_saved(page, "undone on")
        page.keyboard.press("g")
        expect(page.locator("#agreeing tbody tr")).to_have_count(3)
        expect(page.locator("#agreeing")).to_contain_text("share agreed")
        assert_accessible(page)
    assert [row["verdict"] for row in disputed.adjudications()] == ["falls", "open"]


def test_a_decision_without_a_reason_waits_for_it(disputed, page):
    with serve_to(page, disputed.folder, "CLEO", "adjudicate"):
        expect(page.locator("#left")).to_have_text("4 left · 0 settled")
        page.keyboard.press("s")
        page.keyboard.press("Enter")
        expect(page.locator("#notice")).to_contain_text("Say why")
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        expect(page.locator("#reason-label")).to_have_text("Why n")
    assert disputed.adjudications() == []


def test_nothing_is_shown_while_coding_goes_on(team, page):
    team.code("A", "S001-001", "C01")
    with serve_to(page, team.folder, "CLEO", "adjudicate"):
        expect(page.locator("#notice")).to_contain_text("Coding still goes on")
        observed(page).errors.clear()


# Every screen ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS)
def test_coding_with_new_codes_is_possible_on_every_screen(team, page, width):
    page.set_viewport_size({"width": width, "height": 844 if width < 800 else 860})
    with serve_to(page, team.folder, "A", "code"):
        expect(page.locator("#target")).to_contain_text("A code goes to segment 1")
        assert page.evaluate(LIST_HIDDEN) == []
        assert_accessible(page)
        take_screenshots(page, f"coding-{width}")
        page.locator("[data-do=coining]").click()
        expect(page.locator("#coining")).to_be_visible()
        page.locator("#coining [data-do=close]").click()
        page.locator("#codes [role=option]").first.click()
        page.locator("#meaning [data-do=give]").click()
        expect_saved(page, "C01 on S001-001")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_queue_is_readable_on_every_screen(changed, page, width):
    page.set_viewport_size({"width": width, "height": 844 if width < 800 else 860})
    with serve_to(page, changed.folder, "A", "recode"):
        expect(page.locator("#codes .side")).to_have_count(2)
        assert page.evaluate(LIST_HIDDEN) == []
        assert_accessible(page)
        take_screenshots(page, f"recoding-{width}")


@pytest.mark.parametrize("width", WIDTHS)
def test_settling_is_readable_on_every_screen(disputed, page, width):
    page.set_viewport_size({"width": width, "height": 844 if width < 800 else 860})
    with serve_to(page, disputed.folder, "CLEO", "adjudicate"):
        expect(page.locator("#codes .side")).to_have_count(2)
        assert page.evaluate(LIST_HIDDEN) == []
        assert_accessible(page)
        take_screenshots(page, f"settling-codings-{width}")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_codebook_is_readable_on_every_screen(changed, page, width):
    page.set_viewport_size({"width": width, "height": 844 if width < 800 else 860})
    with serve_to(page, changed.folder, "EVE", "codebook"):
        expect(page.locator("#codes button")).to_have_count(5)
        assert page.evaluate(LIST_HIDDEN) == []
        assert_accessible(page)
        take_screenshots(page, f"codebook-{width}")
        page.keyboard.press("s")
        expect(page.locator("#form-parts fieldset")).to_have_count(2)
        assert_accessible(page)
        take_screenshots(page, f"codebook-form-{width}")


def test_hostile_words_of_a_codebook_are_shown_as_words(team, page):
    status, answer = team.change("new", name=HOSTILE, definition=HOSTILE)
    assert status == 200, answer
    assert post(team["EVE"], "codebook/codes", kind="undo", version="x")[0] == 409
    with serve_to(page, team.folder, "EVE", "codebook"):
        page.locator("#codes button").last.click()
        expect(page.locator("#code")).to_contain_text("<script>fired('words')</script>")
        assert_no_script_ran(page)
