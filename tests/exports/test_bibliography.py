"""The bibliography: every source is an item, inert whatever its title says."""

import json
import re

import pytest

from conftest import REPOSITORY, read_table
from graylit.exports.bibliography import choose_csl_type, escape_url, format_biblatex, list_csl_items
from graylit.tables.sources import SOURCES
from hostile_words import HOSTILE, name_hostile_sources

CORPUS = REPOSITORY.parent / "shared/corpus/text"
A = "config/coding/codings/A.csv"


def test_every_source_is_an_item_of_the_bibliography(built, exported):
    sources = {row["source_id"]: row for row in read_table(built / "config/sources.csv")}
    items = {item["id"]: item for item in json.loads(exported["sources.csl.json"])}
    assert {one: (row["title"], row["url"]) for one, row in sources.items()} == {
        one: (item["title"], item["URL"]) for one, item in items.items()
    }
    assert re.findall(r"^@online\{(\w+),$", exported["sources.bib"].decode(), re.MULTILINE) == list(sources)


def test_an_item_says_when_it_was_published_and_seen():
    source = dict.fromkeys(SOURCES.names, "") | {"source_id": "S1", "published": "2024-03", "source_type": "blog-post"}
    item = list_csl_items([source], {"S1": {"captured_at": "2026-11-23T15:35:34Z"}})[0]
    assert (item["issued"], item["accessed"]) == ({"date-parts": [[2024, 3]]}, {"date-parts": [[2026, 11, 23]]})


def test_a_source_of_no_known_publisher_has_no_author():
    source = dict.fromkeys(SOURCES.names, "") | {"source_id": "S1", "title": "T", "source_type": "blog-post"}
    for publisher in ("not stated", "Unknown", "n/a"):
        assert "author" not in list_csl_items([source | {"publisher": publisher}], {})[0]
        assert "author" not in format_biblatex([source | {"publisher": publisher}], {})


def test_a_publisher_is_printed_once():
    source = dict.fromkeys(SOURCES.names, "") | {"source_id": "S1", "title": "T", "publisher": "Ann & Sons"}
    (item,) = list_csl_items([source], {})
    assert [name for name, value in item.items() if "Ann & Sons" in str(value)] == ["author"]


@pytest.mark.parametrize(
    ("kind", "csl"),
    [
        ("blog-post", "post-weblog"),
        ("white-paper", "report"),
        ("vendor-docs", "webpage"),
        ("conference talks", "speech"),
        ("evidence synthesis", "webpage"),
        ("hypothesis", "webpage"),
        ("newspaper article", "article-newspaper"),
        ("PhD thesis", "thesis"),
    ],
)
def test_kinds_of_sources_have_their_type(kind, csl):
    assert choose_csl_type(kind) == csl


def test_braces_of_a_hostile_bibliography_are_balanced():
    content = format_biblatex(name_hostile_sources(), {})
    depth, lowest = 0, 0
    for character in content:
        depth += {"{": 1, "}": -1}.get(character, 0)
        lowest = min(lowest, depth)
    assert (depth, lowest) == (0, 0)
    assert re.findall(r"^@\w+\{(\w+)", content, re.MULTILINE) == [f"S{n:03d}" for n in range(1, len(HOSTILE) + 1)]


def test_an_address_keeps_no_character_that_ends_it():
    assert escape_url("https://x.example/a{b}\\c d<e>`é") == "https://x.example/a%7Bb%7D%5Cc%20d%3Ce%3E%60%C3%A9"


KEPT = "https://web.archive.org/web/20261129120000/https://a.example/x?y=1%20&z#_~"


def test_the_copy_in_a_web_archive_stands_beside_its_source():
    source = {"source_id": "S1", "url": "https://a.example/x", "title": "T", "publisher": "P", "source_type": "report"}
    source |= {"published": "", "pinned_url": "https://pin.example/1"}
    mementos = {("S1", "https://a.example/x"): {"memento": KEPT}}
    item = list_csl_items([source], {}, mementos)[0]
    assert (item["archive"], item["archive_location"]) == ("web.archive.org", KEPT)
    assert item["note"] == "Unchanging copy: https://pin.example/1"
    content = format_biblatex([source], {}, mementos)
    assert "eprint = {https://web.archive.org/web/20261129120000/https://a.example/x?y=1%20&z#_~}" in content
    assert "eprinttype = {web archive}" in content
    assert "eprint" not in format_biblatex([source], {}, {("S1", "https://a.example/old"): {"memento": KEPT}})
