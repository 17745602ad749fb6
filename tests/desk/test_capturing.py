"""Captures that somebody asks for at the desk: made by a collection of its own, and shown as what became of them."""

import json

import pytest

from capture_records import read_captures
from conftest import change_config, make_study, write_table
from graylit.desk.capturing import CandidatePages
from graylit.desk.tasks import DecisionError
from graylit.preparation.candidate_texts import FOLDER
from graylit.study.locks import hold_study
from graylit.study.study import read_tables
from graylit.study.tracking import holds_words

PATHS = {"H001": "/page/one", "H002": "/status/404", "H003": "/shell/app", "H004": "/page/four"}


@pytest.fixture
def folder(site, tmp_path):
    folder = make_study(tmp_path / "study", {"S001": site.url("/page/source")}, timegate="")
    (folder / "config/screening").mkdir()
    (folder / "config/sources.csv").write_text("source_id,url,title,publisher,source_type\n")
    rows = [
        {"candidate_id": name, "url": site.url(path), "title": name, "found_by": "X01"} for name, path in PATHS.items()
    ]
    write_table(folder / "config/screening/candidates.csv", rows)
    return folder


@pytest.fixture
def pages(folder):
    opened = CandidatePages(folder, read_tables(folder)[0].candidates.cells, keep_code_blocks=False)
    yield opened
    opened.close()


def settle(pages, candidate_id):
    """Return what is known of a candidate once no collection is to get it any more."""
    while pages.look(candidate_id)["state"] == "asked":
        pages._running._process.wait()
    return pages.look(candidate_id)


def test_pages_asked_for_are_captured_beside_the_desk_and_show_what_became_of_them(folder, pages, site):
    assert [pages.look(name)["state"] for name in PATHS] == ["not_tried"] * 4
    pages.ask("H001")
    assert pages.look("H001")["state"] == "asked"  # at once: nothing is waited for
    for name in ("H002", "H003", "H002"):
        pages.ask(name)
    assert pages.look("H002")["state"] == "asked"
    found = settle(pages, "H001")
    assert (found["state"], "lift the lid with both hands" in found["words"]) == ("text", True)
    assert settle(pages, "H002")["state"] == "gone"
    assert settle(pages, "H003")["state"] == "needs_browser"
    assert (pages.look("H004")["state"], len(site.paths())) == ("not_tried", 5)  # with robots.txt, once a collection
    assert len(read_captures(folder)) == 3
    kept = folder / FOLDER / "H001.json"
    assert json.loads(kept.read_bytes())["words"] == found["words"]
    assert holds_words(kept.relative_to(folder).as_posix())
    kept.write_text("{")  # cut off: made again when it is asked for, and the web is not
    assert pages.look("H001")["state"] == "captured"
    pages.ask("H001")
    assert settle(pages, "H001")["words"] == found["words"]
    assert site.paths().count("/page/one") == 1


def test_a_collection_that_cannot_begin_is_told(folder, pages):
    with hold_study(folder):
        pages.ask("H001")
        found = settle(pages, "H001")
    assert (found["state"], "Another run is at work" in found["note"]) == ("not_tried", True)
    change_config(folder, title="(The title of your review)")
    pages.ask("H001")
    assert "is still to be filled in" in settle(pages, "H001")["note"]


def test_nothing_is_asked_for_what_is_no_candidate(pages, site):
    with pytest.raises(DecisionError, match="There is no candidate 'S001'"):
        pages.ask("S001")
    assert not site.visits


def test_closing_ends_the_collection(pages):
    pages.ask("H001")
    process = pages._running._process
    pages.close()
    assert process.poll() is not None
