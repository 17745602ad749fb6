"""`graylit find` asks services of today, says what came of it, and makes the same hits again."""

import json

import pytest

from conftest import read_table
from running import call_graylit
from search_services import serve
from tiny_study import write_study


@pytest.fixture
def searched(tmp_path):
    """Return a study with a search of a SearXNG that has stopped since, and what the search said."""
    folder = write_study(tmp_path / "study")
    results = [{"url": f"https://{host}/a", "title": "<b>Hives</b>"} for host in ("bees.example", "10.1.2.3")]
    found = {"results": results, "unresponsive_engines": [["bing", "timeout"]]}
    with serve() as services:
        services.answers["/search"] = 200, json.dumps(found).encode(), {}
        ended = find(folder, "--searxng", services.url(), "--query", "hives", "--by", "Ada")
    assert ended.returncode == 0, ended.stderr
    return folder, ended.stdout


def find(folder, *options):
    return call_graylit("-C", folder, "find", *options)


def test_hits_become_candidates_and_private_addresses_do_not(searched):
    folder, said = searched
    assert "2 rows = 1 new + 0 merged + 1 left out (1 private address); search X01" in said
    assert "no answer from bing (timeout)" in said
    search = read_table(folder / "config/search/searches.csv")[0]
    assert (search["query"], search["searched_by"], search["way"]) == ("hives", "Ada", "website")
    assert [row["title"] for row in read_table(folder / "config/screening/candidates.csv")] == ["Hives"]


def test_a_replay_makes_the_same_hits_and_names_what_somebody_changed(searched):
    folder, _ = searched
    ended = find(folder, "--replay", "X01")
    assert (ended.returncode, ended.stdout) == (0, "X01: its kept answers make the same 2 hits, row for row.\n")
    hits = folder / "config/search/hits.csv"
    hits.write_text(hits.read_text().replace("Hives", "Wasps"))
    ended = find(folder, "--replay", "X01")
    assert ended.returncode == 3
    assert "hit 1, title: 'Wasps' in hits.csv, 'Hives' in the answers" in ended.stdout


def test_kept_answers_are_taken_over_by_another_study(searched, tmp_path):
    folder, _ = searched
    other = write_study(tmp_path / "other")
    kept = next((folder / "data/raw/searches").iterdir())
    assert "2 rows = 1 new" in find(other, kept).stdout
    assert "all known" in find(other, kept).stdout


def test_a_search_that_was_not_asked_here_has_no_replay(searched):
    folder, _ = searched
    assert "is no search of this study" in find(folder, "--replay", "X09").stderr


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--searxng", "localhost:8888", "--query", "hives"], "is no address of the web"),
        (["--searxng", "http://localhost:1"], "--query: is missing"),
        (["--searxng", "http://localhost:1", "--query", "hives", "--region", "at"], "goes with a language"),
        (["--feed", "http://localhost:1/feed"], "forbidden address"),
        (["--sitemap", "http://[::1]:1/"], "forbidden address"),
        (["--links", "--replay", "X01"], "name one of"),
    ],
)
def test_what_cannot_be_asked_is_said(tmp_path, options, said):
    ended = find(write_study(tmp_path / "study"), *options)
    assert ended.returncode in (1, 2)
    assert said in ended.stderr
    assert not (tmp_path / "study/config/search").exists()


def test_a_dry_run_writes_no_rows(tmp_path):
    folder = write_study(tmp_path / "study")
    with serve() as services:
        services.answers["/search"] = 200, b'{"results": [{"url": "https://bees.example/a", "title": "A"}]}', {}
        ended = find(folder, "--searxng", services.url(), "--query", "hives", "--dry-run")
    assert "Nothing was written" in ended.stdout
    assert not (folder / "config/search").exists()
