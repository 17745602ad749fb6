"""Searches, hits and candidates as rows: added together, once, and in the order in which they were found."""

import csv
import json
import subprocess
import sys

import pytest

from graylit.search.recording import CANDIDATES_FILE, HITS_FILE, SEARCHES_FILE, record_searches
from graylit.search.search_results import Found, Hit
from graylit.study.checking import read_study
from graylit.study.extending import PENDING, finish_pending, remark_pending
from graylit.study.known_rows import write_known
from graylit.study.search_checks import remark_searches
from graylit.study.tracking import remark_tracked
from graylit.tables.faults import InputError
from running import call_graylit
from tiny_study import write_study

NOW = "2026-02-01T10:00:00Z"
FIRST = {"engine": "google", "query": "rain barrels", "file_name": "first.json", "file_sha256": "1" * 64}
SECOND = FIRST | {"file_name": "second.json", "file_sha256": "2" * 64}
PAGES = [Hit("https://one.example/a", "A"), Hit("https://two.example/b", "B", "words of the page")]


@pytest.fixture
def folder(tmp_path):
    """Return a study without screening."""
    write_study(tmp_path)
    return tmp_path


def read(folder, file):
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def columns(folder, file, *names):
    return [tuple(row[name] for name in names) for row in read(folder, file)]


def state(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "config").rglob("*.csv"))}


def test_a_hit_makes_a_candidate_that_names_its_search(folder):
    (recorded,) = record_searches(folder, [Found(FIRST, PAGES)], NOW)
    assert (recorded.search_id, recorded.n_new, recorded.n_hits) == ("X01", 2, 2)
    assert columns(folder, SEARCHES_FILE, "search_id", "way", "engine") == [("X01", "website", "google")]
    assert columns(folder, HITS_FILE, "search_id", "rank", "candidate_id") == [
        ("X01", "1", "H001"),
        ("X01", "2", "H002"),
    ]
    assert columns(folder, CANDIDATES_FILE, "candidate_id", "title", "found_by") == [
        ("H001", "A", "X01"),
        ("H002", "B", "X01"),
    ]


def test_a_hit_on_a_page_that_is_known_gets_its_candidate(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    again = [Hit("http://ONE.example/a/?utm_source=mail#top", "A"), Hit("https://three.example/", "C")]
    (recorded,) = record_searches(folder, [Found(SECOND | {"query": "pumps"}, again)], NOW)
    assert (recorded.search_id, recorded.n_merged, recorded.n_new) == ("X02", 1, 1)
    assert columns(folder, HITS_FILE, "candidate_id")[2:] == [("H001",), ("H003",)]


def test_pages_that_scripts_choose_by_their_fragment_are_candidates_of_their_own(folder):
    urls = ["https://app.example/#!/barrels", "https://app.example/#!/pumps", "https://app.example/#top"]
    hits = [Hit(url, "App") for url in [*urls, urls[0]]]
    record_searches(folder, [Found(FIRST, hits)], NOW)
    assert [row[0] for row in columns(folder, HITS_FILE, "candidate_id")] == ["H001", "H002", "H003", "H001"]
    assert [row[0] for row in columns(folder, CANDIDATES_FILE, "is_distinct")] == ["yes", "yes", ""]
    assert not [fault for fault in read_study(folder)[1] if "same page" in fault.problem]


def test_a_second_import_of_a_file_changes_nothing(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    before = state(folder)
    (recorded,) = record_searches(folder, [Found(FIRST, PAGES)], NOW)
    assert (recorded.search_id, recorded.n_known, recorded.n_new, state(folder)) == ("X01", 2, 0, before)


def test_facts_given_later_are_a_row_that_completes_the_search(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    record_searches(folder, [Found(FIRST, PAGES, {"searched_by": "Ada"})], NOW)
    record_searches(folder, [Found(FIRST, PAGES, {"searched_by": "Ada"})], NOW)
    rows = columns(folder, SEARCHES_FILE, "search_id", "engine", "searched_by", "file_name")
    assert rows == [("X01", "google", "", "first.json"), ("X01", "google", "Ada", "first.json")]
    assert len(read(folder, HITS_FILE)) == 2


def test_parts_of_one_search_continue_its_ranks(folder):
    parts = [Found(FIRST, PAGES), Found(SECOND, [Hit("https://three.example/")])]
    assert [part.search_id for part in record_searches(folder, parts, NOW)] == ["X01", "X01"]
    assert columns(folder, HITS_FILE, "rank") == [("1",), ("2",), ("3",)]
    assert columns(folder, SEARCHES_FILE, "search_id", "file_name") == [("X01", "first.json"), ("X01", "second.json")]


def test_a_later_page_continues_the_search_of_an_earlier_import(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    record_searches(folder, [Found(SECOND, [Hit("https://three.example/")], first_rank=11)], NOW)
    assert columns(folder, HITS_FILE, "search_id", "rank")[2:] == [("X01", "11")]


def test_the_same_question_asked_again_is_a_search_of_its_own(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    record_searches(folder, [Found(SECOND, PAGES, first_rank=1)], NOW)
    assert columns(folder, HITS_FILE, "search_id", "rank")[2:] == [("X02", "1"), ("X02", "2")]


def test_a_search_that_is_named_is_continued(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    record_searches(folder, [Found({"file_sha256": "3" * 64}, [Hit("https://three.example/")])], NOW, "X01")
    assert columns(folder, HITS_FILE, "search_id", "rank")[2:] == [("X01", "3")]
    assert columns(folder, SEARCHES_FILE, "query") == [("rain barrels",), ("rain barrels",)]


def test_a_search_that_does_not_exist_cannot_be_continued(folder):
    with pytest.raises(InputError, match="X02' is no search of this study"):
        record_searches(folder, [Found(FIRST, PAGES)], NOW, "X02")


def test_ranks_that_a_file_says_are_kept(folder):
    record_searches(
        folder, [Found(FIRST, [Hit("https://a.example/", rank=43), Hit("https://b.example/", rank=7)])], NOW
    )
    assert columns(folder, HITS_FILE, "rank", "url") == [("43", "https://a.example/"), ("7", "https://b.example/")]


def test_a_hit_that_is_left_out_keeps_no_address_and_no_words(folder):
    hits = [
        Hit("http://intranet/plan", "Secret plan", "its words"),
        Hit("", "Title only", left_out="address incomplete"),
    ]
    (recorded,) = record_searches(folder, [Found(FIRST, hits)], NOW)
    assert recorded.left_out == {"private address": 1, "address incomplete": 1}
    assert columns(folder, HITS_FILE, "url", "title", "snippet", "left_out") == [
        ("", "", "", "private address"),
        ("", "Title only", "", "address incomplete"),
    ]


def test_no_cell_is_a_formula_and_reading_gives_back_what_it_says(folder):
    facts = FIRST | {"query": "-site:a.example barrels"}
    record_searches(folder, [Found(facts, [Hit("https://a.example/", "=1+1", "@words", publisher="+one")])], NOW)
    cells = [
        cell
        for file in (SEARCHES_FILE, HITS_FILE, CANDIDATES_FILE)
        for row in read(folder, file)
        for cell in row.values()
    ]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    study, _ = read_study(folder)
    assert study.searches.cells[0]["query"] == "-site:a.example barrels"
    assert record_searches(folder, [Found(facts | {"file_sha256": "4" * 64}, [], first_rank=11)], NOW)


def test_what_was_recorded_has_no_faults_of_its_own(folder):
    odd = [
        Hit("https://a.example/", "#NAME?", "x" * 40_000, "3026-01-01", "Acme"),
        Hit("https://b.example/", "", publisher="ACME"),
    ]
    record_searches(folder, [Found(FIRST, odd, {"searched_by": "Ada"})], NOW)
    assert read_study(folder)[1] == []


def test_sources_from_before_the_search_are_one_remark_and_no_fault(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    said = call_graylit("-C", folder, "check", "--all")
    assert said.returncode == 0, said.stdout
    assert said.stdout.count("that the screening did not include") == 1
    assert "graylit" in said.stdout and "find config/sources.csv" in said.stdout


def test_rows_that_a_killed_program_left_are_added_by_the_next(folder):
    before = state(folder)
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    whole = state(folder)
    rows = {file: read(folder, file) for file in (CANDIDATES_FILE, SEARCHES_FILE, HITS_FILE)}
    (folder / HITS_FILE).unlink()  # as if the program had ended between two tables
    (folder / SEARCHES_FILE).unlink()
    (folder / PENDING).write_text(json.dumps(rows), encoding="utf-8")
    assert finish_pending(folder)
    assert (state(folder), finish_pending(folder)) == (whole, False)
    assert before != whole


def test_two_programs_at_once_lose_no_row(folder):
    script = (
        "import sys; from pathlib import Path; from graylit.search.search_results import Found, Hit;"
        "from graylit.search.recording import record_searches; n = sys.argv[2];"
        "hits = [Hit(f'https://{n}.example/{i}') for i in range(50)];"
        "record_searches(Path(sys.argv[1]), [Found({'query': n, 'file_sha256': n * 64}, hits)], '2026-02-01T10:00:00Z')"
    )
    started = [subprocess.Popen([sys.executable, "-c", script, str(folder), name]) for name in "abc"]
    assert [process.wait() for process in started] == [0, 0, 0]
    assert len({row["candidate_id"] for row in read(folder, CANDIDATES_FILE)}) == 150
    assert sorted({row["search_id"] for row in read(folder, HITS_FILE)}) == ["X01", "X02", "X03"]


def test_nothing_is_written_if_a_table_has_faults(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    path = folder / HITS_FILE
    path.write_text(path.read_text(encoding="utf-8").replace("X01,2,", "X01,two,"), encoding="utf-8")
    before = state(folder)
    with pytest.raises(InputError, match="'two' is not valid"):
        record_searches(folder, [Found(SECOND, PAGES)], NOW)
    assert (state(folder), (folder / PENDING).exists()) == (before, False)


def test_snippets_are_left_out_of_a_table_that_git_would_take(folder):
    subprocess.run(["git", "init", "-q", folder], check=True)
    (recorded,) = record_searches(folder, [Found(FIRST, PAGES)], NOW)
    assert (recorded.n_words_left, columns(folder, HITS_FILE, "snippet")) == (1, [("",), ("",)])
    record_searches(folder, [Found(SECOND, PAGES, first_rank=1)], NOW, keep_words=True)
    assert columns(folder, HITS_FILE, "snippet")[2:] == [("",), ("words of the page",)]


def test_a_part_that_asked_something_else_continues_no_search(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    with pytest.raises(InputError, match="X01' asked 'rain barrels', and second.json 'pumps'"):
        record_searches(folder, [Found(SECOND | {"query": "pumps"}, PAGES)], NOW, "X01")


def test_the_check_asks_for_what_is_not_known_of_a_search(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    (remark,) = remark_searches(read_study(folder)[0])
    assert remark.problem == "has no searched_at, no searched_by"
    assert remark.remedy == "run: graylit find --search X01 --at … --by …"


def test_the_check_does_not_ask_for_what_a_row_says_that_nobody_recorded(folder):
    (folder / SEARCHES_FILE).parent.mkdir(parents=True)
    table = "search_id,way,engine,reason\nX01,website,public repositories,No query was recorded\n"
    (folder / SEARCHES_FILE).write_text(table, encoding="utf-8")
    study, faults = read_study(folder)
    assert (remark_searches(study), faults) == ([], [])


def test_two_searches_of_one_id_are_told_apart(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    row = f"X01,website,google,pumps,,,,,,,,other.json,{'9' * 64},,2026-02-01T10:00:09Z,,\n"
    with (folder / SEARCHES_FILE).open("a") as table:  # as git keeps the rows of two people
        table.write(row)
    (fault,) = [fault for fault in read_study(folder)[1] if fault.file == SEARCHES_FILE]
    assert fault.problem == "is the id of another search in row 2, which asked 'rain barrels'"


def test_an_interrupted_import_is_remarked_on_and_finished_by_the_command(folder):
    (folder / PENDING).write_text(json.dumps({SEARCHES_FILE: [{"search_id": "X01", "way": "website"}]}))
    assert len(remark_pending(folder)) == 1
    assert "were added" in call_graylit("-C", folder, "find").stdout
    assert (columns(folder, SEARCHES_FILE, "search_id"), remark_pending(folder)) == ([("X01",)], [])


def test_git_is_asked_about_snippets_once_it_tracks_them(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "-C", folder, "add", "."], check=True)
    assert any(HITS_FILE in remark.problem for remark in remark_tracked(folder))


def test_a_snippet_may_be_taken_out_without_a_fault(folder):
    record_searches(folder, [Found(FIRST, PAGES)], NOW)
    write_known(folder, read_study(folder)[0])
    path = folder / HITS_FILE
    path.write_text(path.read_text(encoding="utf-8").replace("words of the page", ""), encoding="utf-8")
    assert [fault for fault in read_study(folder)[1] if fault.file == HITS_FILE] == []
