"""Files of hits in every format, whole and broken: each row is accounted for, and a broken file writes nothing."""
# ruff: noqa: E501 - a case a line

import csv

import pytest
from hit_files import BROKEN, GOOGLE_NEW, TEXTS, URLS, WHOLE, A, B, dump

from desks import list_people
from graylit.search.contents import Content
from graylit.search.importing import read_files
from graylit.search.recognizing import recognize
from graylit.search.recording import HITS_FILE, SEARCHES_FILE, record_searches
from graylit.tables.faults import InputError
from running import call_graylit
from tiny_study import write_study

NOW = "2026-02-02T10:00:00Z"


def read(folder, file):
    path = folder / file
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def find(folder, content, name="file"):
    path = folder / name
    path.write_bytes(content)
    files = read_files([path], {})
    return record_searches(folder, [part for file in files for part in file.found], NOW)


@pytest.fixture
def folder(tmp_path):
    write_study(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", WHOLE)
def test_every_row_of_a_file_becomes_a_hit_on_its_page(folder, name):
    recorded = find(folder, WHOLE[name])
    assert sum(record.n_hits for record in recorded) == sum(record.n_new for record in recorded) == 3
    hits = read(folder, HITS_FILE)
    assert sorted(row["url"] for row in hits) == sorted(URLS)
    if not name.startswith(("plain", "plain-bullets")) or "json" in name:
        assert all(row["title"] for row in hits)
        assert not any("<b>" in row["title"] for row in hits)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_says_what_is_wrong_and_writes_nothing(folder, name):
    content, said = BROKEN[name]
    with pytest.raises(InputError, match=said) as error:
        find(folder, content)
    assert all(fault.file.startswith("file") and fault.remedy for fault in error.value.faults)
    assert not (folder / "config/search").exists()


FACTS = {
    "serpapi": {"engine": "google", "query": "rain barrel", "region": "us", "language": "en", "n_reported": "1200", "searched_at": "2026-02-01T09:30:00Z"},
    "serper": {"engine": "google", "query": "rain barrel", "region": "us", "language": "en"},
    "searxng": {"engine": "searxng", "query": "rain barrel", "n_reported": "30"},
    "brave": {"engine": "brave", "query": "rain barrel", "region": "us"},
    "google-custom-search": {"engine": "google custom search", "query": "rain barrel", "n_reported": "28600"},
    "bing": {"engine": "bing", "query": "rain barrel", "n_reported": "900"},
    "duckduckgo": {"engine": "duckduckgo"},
    "plain": {"query": "rain barrel -shop"},
    "plain-bullets": {"query": "rain barrel"},
    "publish-or-perish": {"searched_at": "2026-02-01"},
    "google-page": {"engine": "google", "query": "rain barrel", "region": "us", "language": "en", "n_reported": "1200"},
    "google-old": {"engine": "google"},
    "bing-page": {"engine": "bing", "query": "rain barrel", "n_reported": "1200"},
    "duck-page": {"engine": "duckduckgo", "query": "rain barrel"},
    "duck-new": {"engine": "duckduckgo", "query": "rain barrel"},
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_what_a_file_says_of_its_search_is_taken_from_it(name):
    (found,) = recognize(Content(name, WHOLE[name]))
    assert found.facts == FACTS[name]


@pytest.mark.parametrize(("name", "ranks"), [("serpapi-page-2", [11, 12, 13]), ("google-custom-search", [11, 12, 13]), ("publish-or-perish", [7, 14, 21])])  # fmt: skip
def test_ranks_are_those_that_the_file_says(folder, name, ranks):
    find(folder, WHOLE[name])
    assert [int(row["rank"]) for row in read(folder, HITS_FILE)] == ranks


@pytest.mark.parametrize(("name", "day"), [("searxng", "2026-01-05"), ("ris", "2025-03-01"), ("bibtex", "2025"), ("zotero", "2025-03-01"), ("google-page", "2026-01-05"), ("csl", "2025-03-01"), ("brave", "2025-11-02"), ("history", "")])  # fmt: skip
def test_the_date_that_was_shown_is_read(folder, name, day):
    find(folder, WHOLE[name])
    assert read(folder, HITS_FILE)[0]["published"] == day


def test_a_table_of_several_queries_is_a_search_for_each(folder):
    find(folder, WHOLE["queries"])
    assert [row["query"] for row in read(folder, SEARCHES_FILE)] == ["barrel 0", "barrel 1", "barrel 2"]


def test_links_of_google_that_hold_no_address_are_kept_as_incomplete(folder):
    (recorded,) = find(folder, GOOGLE_NEW.encode())
    assert recorded.left_out == {"address incomplete": 3}
    row = read(folder, HITS_FILE)[0]
    assert (row["url"], row["title"], row["publisher"]) == ("", "Choosing a barrel", "https://site0.example › path")


def test_a_row_without_an_address_is_left_out_with_its_title(folder):
    (recorded,) = find(folder, b"title,url\nOnly a title,\nA page," + A.encode() + b"\n")
    assert (recorded.n_new, recorded.left_out) == (1, {"no address": 1})
    assert read(folder, HITS_FILE)[0]["title"] == "Only a title"


def test_an_address_in_a_row_whose_cells_ran_into_one_is_found(folder):
    rows = (
        'Item Type;Year;Author;Title;Url\nbook;1841;"Brook, Ann;A title";' + A + "\nbook;1841;Brook;Pumps;" + B + "\n"
    )
    (recorded,) = find(folder, rows.encode())
    assert recorded.n_new == 2


def test_a_file_of_ten_thousand_rows_is_read_whole(folder):
    rows = "".join(f"https://many.example/{number},Page {number}\n" for number in range(10_000))
    (recorded,) = find(folder, f"url,title\n{rows}".encode())
    assert (recorded.n_new, len(read(folder, HITS_FILE))) == (10_000, 10_000)


@pytest.mark.parametrize("make", ["ris", "bibtex"])
def test_ten_thousand_references_are_read_whole(make):
    made = {
        "ris": "".join(f"TY  - ELEC\nTI  - Page\nUR  - https://many.example/{n}\nER  - \n" for n in range(10_000)),
        "bibtex": "".join(
            f"@misc{{k{n}, title = {{Page}}, url = {{https://many.example/{n}}}}}\n" for n in range(10_000)
        ),
    }
    (found,) = recognize(Content("many", made[make].encode()))
    assert len({hit.url for hit in found.hits}) == 10_000


def test_an_answer_without_hits_is_a_search_that_found_nothing(folder):
    (recorded,) = find(
        folder, dump({"query": "nothing", "results": [], "number_of_results": 0, "unresponsive_engines": []})
    )
    assert (recorded.n_hits, read(folder, SEARCHES_FILE)[0]["query"]) == (0, "nothing")


def test_the_name_of_a_file_says_nothing_of_its_format(folder):
    (recorded,) = find(folder, TEXTS["ris"].encode(), "looks-like.json")
    assert recorded.n_new == 3


def test_the_command_gives_an_account_whose_sum_is_the_number_of_rows(folder):
    (folder / "one.txt").write_text(f"barrels\n{A}\nhttp://{A[8:]}/\nfile:///home/ada/x\nhttps://u:p@x.example/\n")
    said = call_graylit("-C", folder, "find", folder / "one.txt", "--engine", "google", "--by", "Ada")
    assert (
        "one.txt: 4 rows = 2 new + 1 merged + 1 left out (1 not an address of the web); search X01 (google 'barrels')"
        in said.stdout
    )
    assert "X01: searched_at not known. To fill it: graylit" in said.stdout
    filled = call_graylit("-C", folder, "find", "--search", "X01", "--at", "2026-02-01")
    assert "X01: searched_at added" in filled.stdout
    again = call_graylit("-C", folder, "find", folder / "one.txt")
    assert "one.txt: 4 rows, all known from search X01" in again.stdout
    assert [row["searched_at"] for row in read(folder, SEARCHES_FILE)] == ["", "2026-02-01"]


WRONG = {"--at": ("yesterday", "2026-13-45", "2999-01-01"), "--reported": ("abc",), "--read": ("-3",)}


@pytest.mark.parametrize(("option", "said"), [(option, one) for option, all_of in WRONG.items() for one in all_of])
def test_what_a_column_cannot_hold_is_refused_before_anything_is_written(folder, option, said):
    (folder / "one.txt").write_text(f"barrels\n{A}\n")
    call_graylit("-C", folder, "find", folder / "one.txt", "--at", "2026-02-01")
    before = (folder / SEARCHES_FILE).read_bytes()
    for asked in (["--search", "X01"], [folder / "one.txt"], ["--links"]):
        refused = call_graylit("-C", folder, "find", *asked, option, said)
        assert (refused.returncode, f"{option}: '{said}'" in refused.stderr) == (1, True)
    assert (folder / SEARCHES_FILE).read_bytes() == before


def test_a_searcher_whom_the_study_does_not_list_is_refused(folder):
    list_people(folder, ANNA="searcher")
    (folder / "one.txt").write_text(f"barrels\n{A}\n")
    refused = call_graylit("-C", folder, "find", folder / "one.txt", "--by", "anna")
    assert "--by: 'anna' is not in config/people.csv (did you mean 'ANNA'?)" in refused.stderr
    assert not (folder / SEARCHES_FILE).exists()
    call_graylit("-C", folder, "find", folder / "one.txt", "--by", "ANNA")
    assert [row["searched_by"] for row in read(folder, SEARCHES_FILE)] == ["ANNA"]


def test_a_dry_run_shows_the_account_and_writes_nothing(folder):
    (folder / "one.txt").write_text(f"barrels\n{A}\n")
    said = call_graylit("-C", folder, "find", folder / "one.txt", "--dry-run")
    assert "1 row = 1 new + 0 merged + 0 left out" in said.stdout
    assert not (folder / "config/search").exists()


def test_a_dry_run_names_the_rows_that_make_no_candidate_and_why(folder):
    rows = ["title,url", f"Choosing,{A}", f"Again,http://{A[8:]}/", "Router,http://192.168.0.1/", "Tricks,about:blank"]
    rows.append("Asked,https://www.google.com/search?q=barrels")
    (folder / "one.csv").write_text("".join(f"{row}\n" for row in rows))
    said = call_graylit("-C", folder, "find", folder / "one.csv", "--dry-run").stdout
    assert f"  X01 2  same page as H001: Again http://{A[8:]}/\n" in said
    assert "  X01 3  private address: Router\n" in said
    assert "  X01 5  page of a search engine: Asked https://www.google.com/search?q=barrels\n" in said
    assert "Next:" not in said
    written = call_graylit("-C", folder, "find", folder / "one.csv").stdout
    assert "Next: graylit" in written and "desk --as NAME" in written
    hits = {row["left_out"]: row["title"] for row in read(folder, HITS_FILE) if row["left_out"]}
    assert hits == {
        "private address": "",
        "not an address of the web": "Tricks",
        "page of a search engine": "Asked",
    }


def test_a_fact_that_the_file_says_otherwise_is_refused(folder):
    (folder / "one.txt").write_text(f"barrels\n{A}\n")
    with pytest.raises(InputError, match="says 'barrels', and --query 'pumps'"):
        read_files([folder / "one.txt"], {"query": "pumps"})


def test_a_given_fact_that_cannot_be_one_is_refused(folder):
    (folder / "one.txt").write_text(f"barrels\n{A}\n")
    with pytest.raises(InputError, match="--at: 'yesterday' cannot be written; expected a date or a time"):
        read_files([folder / "one.txt"], {"searched_at": "yesterday"})


def test_the_same_file_named_twice_is_read_once(folder):
    for name in ("one.txt", "two.txt"):
        (folder / name).write_text(f"barrels\n{A}\n")
    said = call_graylit("-C", folder, "find", folder / "one.txt", folder / "two.txt")
    assert "two.txt: the same file as one.txt" in said.stdout
    assert len(read(folder, HITS_FILE)) == 1


def test_saved_pages_of_one_search_continue_its_ranks(folder):
    later = WHOLE["google-page"].replace(b"gl=us", b"gl=us&start=10").replace(b"barrels.example", b"other.example")
    for name, content in (("1.html", WHOLE["google-page"]), ("2.html", later)):
        (folder / name).write_bytes(content)
    call_graylit("-C", folder, "find", folder / "2.html", folder / "1.html")
    assert {row["search_id"] for row in read(folder, HITS_FILE)} == {"X01"}
    assert sorted(int(row["rank"]) for row in read(folder, HITS_FILE)) == [1, 2, 3, 11, 12, 13]
