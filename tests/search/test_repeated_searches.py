"""Searches of the log asked again: each question once, nothing new adds no row, and a killed asking is taken up."""

import json

import pytest

from conftest import read_table
from graylit.search.answers import FOLDER, Question
from graylit.search.importing import ReadFile
from graylit.search.live import format_asked, search_now
from graylit.search.recording import record_searches
from graylit.search.repeating import find_begun, list_to_repeat
from graylit.search.search_results import Found, Hit
from graylit.search.updating import UPDATE_LOG, open_update, repeat_searches, take_files
from graylit.study.repeats import list_repeats
from graylit.study.study import read_tables
from graylit.study.writing import read_clock
from search_services import NEAR, serve
from tiny_study import write_study

OLD = "search-20260101T000000Z.warc.gz"


@pytest.fixture
def server():
    with serve() as services:
        yield services


@pytest.fixture
def study(tmp_path, server):
    """Return a study whose log has one search of a SearXNG, with two pages of hits."""
    folder = write_study(tmp_path / "study")
    answer_pages(server, ["a", "b"], ["c"])
    question = Question("searxng", server.url(), "hives", 2)
    findings = search_now(folder, NEAR, question)
    (folder / FOLDER / findings.facts["file_name"]).rename(folder / FOLDER / OLD)  # of an earlier day
    record_searches(folder, [Found(findings.facts | {"file_name": OLD}, findings.hits)], "2026-01-01T00:00:00Z")
    server.asked.clear()
    return folder


def answer_pages(server, *pages):
    for number, names in enumerate(pages, start=1):
        results = [{"url": f"https://hives.example/{name}", "title": name} for name in names]
        path = f"/search?q=hives&format=json&pageno={number}"
        server.answers[path] = 200, json.dumps({"results": results}).encode(), {}


def read_searches(folder):
    return read_tables(folder, ("searches",))[0].searches.cells


def update(folder):
    """Ask again what is left to be asked; return the update."""
    work, _ = open_update(folder, read_clock)
    repeat_searches(folder, NEAR, list_to_repeat(folder, read_searches(folder)), work, {}, permitted=False)
    return work


def list_log(folder):
    rows = read_table(folder / UPDATE_LOG)
    return [(row["subject"], row["outcome"], row["n_new"]) for row in rows if row["outcome"] != "begun"]


def list_found(folder):
    return [row["url"].rpartition("/")[2] for row in read_table(folder / "config/screening/candidates.csv")]


def test_a_search_with_new_hits_is_one_of_its_own_with_all_of_them(study, server):
    answer_pages(server, ["x", "a"], ["b", "y"])
    update(study)
    assert list_log(study) == [("X01", "new_hits", "2")]
    assert list_found(study) == ["a", "b", "c", "x", "y"]
    assert [(row["search_id"], row["reason"]) for row in read_searches(study)] == [
        ("X01", ""),
        ("X02", "asks X01 again"),
    ]
    hits = [row for row in read_table(study / "config/search/hits.csv") if row["search_id"] == "X02"]
    assert [row["url"].rpartition("/")[2] for row in hits] == ["x", "a", "b", "y"]


def test_a_search_without_new_hits_changes_no_table(study, server):
    before = {path: path.read_bytes() for path in (study / "config").rglob("*.csv")}
    update(study)
    assert list_log(study) == [("X01", "nothing_new", "0")]
    assert {path: path.read_bytes() for path in (study / "config").rglob("*.csv")} == before


def test_a_question_is_asked_once_however_often_it_was_asked_before(study, server):
    answer_pages(server, ["x"], [])
    update(study)
    assert list_repeats(read_searches(study)) == {"X02": "X01"}
    assert [repeat.search_id for repeat in list_to_repeat(study, read_searches(study))] == ["X01"]


def test_its_row_says_how_a_search_was_asked_when_its_answers_are_elsewhere(study, server):
    for path in (study / FOLDER).iterdir():
        path.unlink()
    (repeat,) = list_to_repeat(study, read_searches(study))
    assert repeat.question == Question("searxng", server.url(), "hives", 2)
    assert format_asked(repeat.question) == f"searxng {server.url()} 2"


def test_kept_answers_say_it_of_rows_of_earlier_versions(study, server):
    rows = [dict(row) | {"asked": ""} for row in read_searches(study)]
    (repeat,) = list_to_repeat(study, rows)
    assert repeat.question == Question("searxng", server.url(), "hives", 2)


@pytest.mark.parametrize(
    ("row", "why_not"),
    [
        ({"way": "citation", "engine": "links"}, "links are followed in rounds: graylit find --links"),
        ({"file_name": "page.html", "engine": "google"}, "its hits were read from a file"),
        ({"file_name": "search-1.warc.gz"}, "its answers are not here"),
        ({"engine": "public repositories"}, "the log does not say what was asked"),
        ({"file_name": "search-1.warc.gz", "asked": "carrier-pigeon http://a.example 1"}, "its answers are not here"),
    ],
    ids=["links", "a file", "answers elsewhere", "by hand", "an unknown service"],
)
def test_what_no_program_can_ask_says_why(study, row, why_not):
    blank = dict.fromkeys(read_searches(study)[0], "") | {"search_id": "X01", "way": "website"}
    (repeat,) = list_to_repeat(study, [blank | row])
    assert repeat.question is None
    assert repeat.why_not.startswith(why_not)


def test_what_was_answered_before_a_kill_is_taken_over_and_not_asked_for(study, server):
    answer_pages(server, ["x"], ["y"])
    began = open_update(study, read_clock)[0].began
    del server.answers["/search?q=hives&format=json&pageno=2"]
    question = Question("searxng", server.url(), "hives", 2)
    search_now(study, NEAR, question)  # whose second page fails
    (left,) = find_begun(study, question, began)
    with left.open("ab") as torn:
        torn.write(b"\x1f\x8b\x08 and then the line was cut")
    answer_pages(server, ["x"], ["y"])
    server.asked.clear()
    work = update(study)
    assert server.asked == ["/search?q=hives&format=json&pageno=2"]
    assert not left.exists()
    assert (work.began, list_found(study)) == (began, ["a", "b", "c", "x", "y"])


def test_what_was_recorded_before_a_kill_is_not_asked_for_at_all(study, server):
    answer_pages(server, ["x"], ["y"])
    update(study)
    log = study / UPDATE_LOG
    log.write_text("".join(log.read_text().splitlines(True)[:2]))  # as if killed before the row of X01
    server.asked.clear()
    update(study)
    assert server.asked == []
    assert list_log(study) == [("X01", "new_hits", "2")]
    assert len(read_searches(study)) == 2


def test_a_torn_row_of_the_log_is_no_row(study, server):
    update(study)
    log = study / UPDATE_LOG
    log.write_bytes(log.read_bytes()[:-9])
    server.asked.clear()
    update(study)
    assert list_log(study) == [("X01", "nothing_new", "0")]


def test_an_update_that_broke_off_is_continued_for_a_day(study):
    first, _ = open_update(study, lambda: "2026-11-28T11:30:00Z")
    again, is_continued = open_update(study, lambda: "2026-11-29T11:00:00Z")
    assert (again.began, is_continued) == (first.began, True)
    later, is_continued = open_update(study, lambda: "2026-11-29T12:00:00Z")
    assert (later.began, is_continued) == ("2026-11-29T12:00:00Z", False)


def test_hits_that_a_person_saved_again_are_recorded_if_any_is_new(study):
    def read(*names):
        hits = [Hit(f"https://hives.example/{name}", name) for name in names]
        facts = {"engine": "google", "query": "hives", "file_name": "-".join(names), "file_sha256": names[-1] * 64}
        return ReadFile("-".join(names), (Found(facts, hits),))

    work, _ = open_update(study, read_clock)
    take_files(study, [read("a", "b"), read("a", "d")], work)
    assert list_log(study) == [("a-b", "nothing_new", "0"), ("a-d", "new_hits", "1")]
    assert list_found(study) == ["a", "b", "c", "d"]
