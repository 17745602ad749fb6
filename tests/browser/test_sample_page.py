"""The sample coded in a real browser, by keys, from the draw to the agreement; and where its page is readable."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from browser.browsing import assert_accessible, assert_no_script_ran, observed, take_screenshots
from conftest import read_table
from desks import assert_no_fault, list_people, serve_page, write_readable
from graylit.models.asking import Budget
from graylit.models.running import Asked, Run
from graylit.study.study import read_tables
from graylit.study.trust import gather_coded, judge_trust
from graylit.study.writing import read_clock
from model_servers import Say, serve_model, write_settings
from running import call_graylit

CODES_FILE = "config/models/sample_codes.csv"
WIDTHS = (390, 768, 1280, 1920)
HOSTILE = "<script>fired('sample')</script> {{ 7 * 7 }} <|im_start|>"
PAGES = {
    "S001": f"# Meshes\n\nA mesh {HOSTILE} keeps leaves out of it.\n\nA second mesh keeps gnats out of it, too.\n",
    "S002": "# Pipes\n\nA pipe leads what is too much to the bed.\n\nThe mesh of the pipe is cleaned every spring.\n",
}


def give(asked, page):
    coding = {"memo": "m", "quote": "mesh", "code_id": "C01", "confidence": "high"}
    return Say({"reason": "r", "codings": [coding] if page.count("mesh") == 1 else []})


@pytest.fixture
def study(tmp_path):
    folder = write_readable(tmp_path / "study", PAGES)
    list_people(folder, A="coder", B="coder", ANN="coder")
    with serve_model(give) as server:
        write_settings(folder, server)
        Run(folder, Asked("code", "M1"), Budget(), read_clock).ask(lambda *_: None)
    assert call_graylit("-C", folder, "sample", "--size", "10").returncode == 0
    return folder


@contextmanager
def serve_to(page, study, person="ANN"):
    with serve_page(study, person) as server:
        page.goto(server.turn_to("sample").address)
        expect(page.locator("#left")).to_have_text(re.compile("left"))
        yield server
        page.goto("about:blank")


def expect_left(page, n_left, n_done):
    expect(page.locator("#left")).to_have_text(re.compile(f"^{n_left} left · {n_done} coded"))


def test_a_sample_is_drawn_coded_by_keys_and_shows_how_far_the_model_agrees(page, study):
    n_drawn = len(read_table(study / "config/models/sample.csv"))
    with serve_to(page, study) as server:
        expect_left(page, n_drawn, 0)
        assert not re.search("agreed|disputed|uncoded|M1", server.turn_to("sample").ask("next")[2])
        for n_done in range(n_drawn):
            is_mesh = "mesh" in page.locator("#passage .context").inner_text()
            if is_mesh and n_done % 2:
                page.keyboard.press("c")
                page.locator("#choosing-words").fill("mesh")
                page.keyboard.press("Enter")
            elif is_mesh:
                page.keyboard.press("1")
            expect(page.locator("#given h2")).to_have_text("These codes fit" if is_mesh else "No code fits")
            page.keyboard.press("Enter")
            expect_left(page, n_drawn - n_done - 1, n_done + 1)
        expect(page.locator("h1")).to_have_text(re.compile("whole sample"))
        assert_no_script_ran(page)
    rows = read_table(study / CODES_FILE)
    assert len(rows) == n_drawn and {row["coder"] for row in rows} == {"ANN"}
    tables, _ = read_tables(study)
    segments = read_table(study / "data/processed/segments.csv")
    located = [
        {"coding_id": row["coding_id"], "coder": "M1", "segment_id": one["segment_id"], "standing": "open"}
        | {"unadjudicated_code_id": row["code_id"], "method": "same_place"}
        for row in read_table(study / "config/coding/codings/M1.csv")
        for one in segments
        if one["source_id"] == row["source_id"] and int(one["start"]) <= int(row["start"]) < int(one["end"])
    ]
    trust = judge_trust(tables, gather_coded(tables, located, {}), seed=1)
    assert trust["M1", "C01"].standing == "trusted" and trust["M1", "C01"].n_units == n_drawn
    assert trust["M1", "C01"].kappa.value == 1
    assert_no_fault(study)


def test_a_decision_is_undone_and_given_anew(page, study):
    n_drawn = len(read_table(study / "config/models/sample.csv"))
    with serve_to(page, study):
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        expect_left(page, n_drawn - 1, 1)
        page.keyboard.press("u")
        expect_left(page, n_drawn, 0)
        page.keyboard.press("2")
        page.keyboard.press("1")
        page.keyboard.press("x")
        page.keyboard.press("Enter")
        expect_left(page, n_drawn - 1, 1)
    assert [(row["decision"], row["code_ids"]) for row in read_table(study / CODES_FILE)] == [
        ("coded", "C01"),
        ("reopened", ""),
        ("coded", "C02"),
    ]


def test_a_passage_that_was_coded_elsewhere_is_shown_anew(page, study):
    with serve_to(page, study) as server:
        segment = page.title().split(" ")[0]
        asked = {"kind": "code", "segment_id": segment, "code_ids": "C02"}
        version = re.search(r'"version":"(\w+)"', server.turn_to("sample").ask("next")[2])[1]
        status = server.turn_to("sample").send("segments", asked | {"version": version}, Origin=server.origin)[0]
        assert status == 200
        page.keyboard.press("Enter")
        expect(page.locator("#notice")).to_contain_text("was changed elsewhere")
        expect(page.locator("#given li")).to_have_count(1)
        observed(page).errors.clear()  # the browser tells of the refusal
    assert len(read_table(study / CODES_FILE)) == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_every_width_and_is_readable(page, study, width):
    page.set_viewport_size({"width": width, "height": 860})
    with serve_to(page, study):
        page.keyboard.press("1")
        expect(page.locator("#given li")).to_have_count(1)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0
        assert_accessible(page)
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")


@pytest.mark.parametrize("width", (390, 1280))
def test_it_is_photographed(page, study, width):
    page.set_viewport_size({"width": width, "height": 860})
    with serve_to(page, study):
        page.keyboard.press("1")
        take_screenshots(page, f"sample_{width}")
