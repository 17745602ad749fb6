"""`graylit update` against a web on the loopback interface that changed: the right list, nothing asked twice, kills."""

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from changing_web import (
    CHANGED,
    FEED,
    GONE,
    MOVED,
    MOVED_TO,
    ChangingWeb,
    ask_graylit,
    change_web,
    make_searched,
    run_killed,
    screen_open,
    serve_web,
)
from conftest import read_table, write_table
from graylit.runs.endings import NEEDED
from graylit.study.locks import hold_update
from graylit.tables.faults import InputError
from proxies import Proxy

pytestmark = pytest.mark.slow
OPEN = "http://new-hives.example/one", "http://new-hives.example/two", "http://noravelt.example/varroa.html", MOVED_TO
SEARCHES = ("search?q=roof", "search?q=hives", "/api/search", FEED)
NEWS = {
    ("candidate", "H011", "new", "yes"),
    ("candidate", "H012", "perhaps_known", "yes"),  # the page that moved, at its new address
    ("candidate", "H013", "new", "yes"),
    ("candidate", "H014", "new", "yes"),
    ("coding", "A-0005", "gone", "yes"),
    ("coding", "A-0007", "place_moved", "no"),
    ("coding", "B-0004", "reworded", "yes"),
    ("reading", "R0001", "gone", "yes"),
    ("search", "X01", "new_hits", "no"),
    ("search", "X02", "nothing_new", "no"),
    ("search", "X03", "new_hits", "no"),
    ("search", "X04", "nothing_new", "no"),
    ("source", "S001", "moved", "no"),
    ("source", "S002", "changed", "no"),
    ("source", "S003", "gone", "no"),  # an earlier capture serves it
    ("trigger", "years", "not_yet", "no"),
    ("trigger", "new_candidates", "holds", "yes"),
    ("trigger", "lost_evidence", "not_yet", "no"),
}


@dataclass
class Updated:
    """A study after an update, how the command ended, and what the web was asked for."""

    folder: Path
    web: ChangingWeb
    proxy: Proxy
    code: int
    said: str
    asked: list[str]


def list_news(folder, *kinds):
    rows = read_table(folder / "results/whats_new.csv")
    listed = ((row["kind"], row["subject"], row["state"], row["needs_person"]) for row in rows)
    return {row for row in listed if not kinds or row[0] in kinds}


def list_twice(asked):
    """Return what was asked for more than once, but for rules for robots, which every program asks for."""
    return {url for url in asked if asked.count(url) > 1 and not url.endswith("/robots.txt")}


def withdraw(path, coding_id):
    """Have a coder take back a coding."""
    rows = [dict.fromkeys(("replaces",), "") | row for row in read_table(path)]
    coded = next(row for row in rows if row["coding_id"] == coding_id)
    back = dict.fromkeys(rows[0], "") | {"coding_id": f"{coding_id}-b", "source_id": coded["source_id"]}
    write_table(path, [*rows, back | {"replaces": coding_id, "coded_at": "2026-11-29"}])


@pytest.fixture(scope="module")
def updated(frozen, tmp_path_factory):
    top = tmp_path_factory.mktemp("updated")
    with serve_web(top) as (web, proxy):
        folder = make_searched(frozen, top / "study", proxy)
        shutil.copytree(folder, top / "before")
        change_web(web)
        web.asked.clear()
        ended = ask_graylit(folder, proxy, "update")
        yield Updated(folder, web, proxy, ended.returncode, ended.stdout + ended.stderr, list(web.asked))


@pytest.fixture
def before(updated, tmp_path):
    """Return a copy of the study before its update, and the web that has changed; nothing was asked yet."""
    updated.web.asked.clear()
    updated.web.broken.clear()
    return Path(shutil.copytree(updated.folder.with_name("before"), tmp_path / "study"))


def test_the_list_of_what_is_new_is_the_right_one(updated):
    assert list_news(updated.folder) == NEWS
    rows = {row["subject"]: row for row in read_table(updated.folder / "results/whats_new.csv")}
    assert {row["url"] for row in rows.values() if row["kind"] == "candidate"} == set(OPEN)
    assert "may be the page of H001 (redirect" in rows["H012"]["detail"]
    assert (rows["S001"]["url"], rows["S001"]["detail"]) == (MOVED, f"now at {MOVED_TO}")
    assert (rows["S002"]["url"], rows["S002"]["related"]) == (CHANGED, "4 of 5 codings hold")
    assert (rows["S003"]["url"], rows["S003"]["detail"]) == (GONE, "gone status 404; an earlier capture serves it")
    assert rows["lost_evidence"]["detail"] == "0.1818 of 0.9: 6 of 33 codings"
    assert rows["A-0005"]["related"] == "S002, C01, G01"


def test_the_exit_code_says_that_a_person_is_needed(updated):
    assert updated.code == NEEDED, updated.said
    assert "A person is needed: 8 things to look at or decide." in updated.said


def test_nothing_is_asked_for_twice(updated):
    assert list_twice(updated.asked) == set()
    assert all(sum(part in url for url in updated.asked) == 1 for part in SEARCHES)


def test_what_was_found_again_is_recorded_once_and_can_be_made_again(updated):
    searches = read_table(updated.folder / "config/search/searches.csv")
    again = [(row["search_id"], row["reason"]) for row in searches[4:]]
    assert again == [("X05", "asks X01 again"), ("X06", "asks X03 again")]
    ended = ask_graylit(updated.folder, updated.proxy, "find", "--replay", "X05")
    assert ended.stdout == "X05: its kept answers make the same 13 hits, row for row.\n"


def test_the_page_lists_the_same(updated):
    page = (updated.folder / "results/whats_new.html").read_text(encoding="utf-8")
    assert all(f">{subject}<" in page for kind, subject, *_ in NEWS if kind != "trigger")
    assert "<strong>A person is needed:</strong> 8 things" in page


def test_what_was_decided_is_never_asked_for_again(updated, tmp_path):
    folder = Path(shutil.copytree(updated.folder, tmp_path / "decided"))
    (folder / "config/search/duplicates.csv").write_text(
        "duplicate_id,candidate_id,other_id,decision,decided_by\nD0001,H001,H012,same,Ada\n", encoding="utf-8"
    )
    criteria = "criterion_id,kind,name,status\nE1,exclusion,Not about roofs,active\n"
    (folder / "config/screening/criteria.csv").write_text(criteria, encoding="utf-8")
    screen_open(folder, "exclude", "E1")
    withdraw(folder / "config/coding/codings/A.csv", "A-0005")
    withdraw(folder / "config/coding/codings/B.csv", "B-0004")
    updated.web.asked.clear()
    ended = ask_graylit(folder, updated.proxy, "update")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert list_news(folder, "candidate", "reading") == set()
    assert list_news(folder, "coding") == {("coding", "A-0007", "place_moved", "no")}
    assert list_news(folder, "search") == {("search", f"X0{n}", "nothing_new", "no") for n in range(1, 5)}
    assert len(read_table(folder / "config/search/searches.csv")) == 6  # nothing new adds no row
    assert list_twice(updated.web.asked) == set()


def test_a_killed_update_goes_on_and_ends_as_if_it_had_not_been(before, updated):
    killed = [run_killed(before, updated.web, updated.proxy, n) for n in (2, 4, 3, 12)]
    assert set(killed) == {-signal.SIGKILL}
    ended = ask_graylit(before, updated.proxy, "update")
    assert ended.returncode == NEEDED, ended.stdout + ended.stderr
    assert "goes on" in ended.stdout
    assert list_news(before) == NEWS
    assert [row["reason"] for row in read_table(before / "config/search/searches.csv")[4:]] == [
        "asks X01 again",
        "asks X03 again",
    ]
    twice = list_twice(updated.web.asked)
    n_more = sum(updated.web.asked.count(url) - 1 for url in twice)
    assert n_more <= 2 * len(killed)  # one answer on its way from the web, one on its way to the disk
    assert ask_graylit(before, updated.proxy, "verify").returncode == 0


def test_a_search_that_does_not_answer_is_asked_again_and_nothing_else_is(before, updated):
    updated.web.broken.add("news.example")
    ended = ask_graylit(before, updated.proxy, "update")
    assert ended.returncode == NEEDED
    assert "Not all answered: search X02. Run it again: it goes on from here." in ended.stderr
    assert list_news(before) == NEWS - {("search", "X02", "nothing_new", "no")} | {("search", "X02", "failed", "no")}
    updated.web.broken.clear()
    updated.web.asked.clear()
    ended = ask_graylit(before, updated.proxy, "update")
    assert ended.returncode == NEEDED and "Not all answered" not in ended.stderr
    assert list_news(before) == NEWS
    assert len(updated.web.asked) == 1 and "/api/search" in updated.web.asked[0]


def test_two_updates_at_once_are_one(before, updated):
    with hold_update(before):
        ended = ask_graylit(before, updated.proxy, "update")
    assert ended.returncode == 1
    assert "is being updated by another program" in ended.stderr
    assert updated.web.asked == []
    with pytest.raises(InputError), hold_update(before), hold_update(before):
        pass
