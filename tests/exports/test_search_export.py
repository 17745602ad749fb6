"""What papers take over of the search: a table of the log, and pictures that anybody can open."""

import xml.etree.ElementTree as ElementTree

import pytest

from graylit.exports.figures import draw_figures
from graylit.exports.paper import format_paper_tables
from stages import read_report, read_stage

ENGINES = {"X01": "google", "X02": "bing", "X03": ""}
DRAWN = ("saturation", "card_merges", "card_clusters", "search_counts", "search_curve", "search_sets")


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    return read_report("searched", tmp_path_factory.mktemp("searched"))


def list_words(svg):
    return [words.text for words in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_table_of_searches_has_the_log_and_what_each_search_brought():
    tables, _ = read_stage("searched")
    written = format_paper_tables([], [], [], [], tables["searches"], tables["search_counts"])["tables/searches.tex"]
    rows = [line for line in written.splitlines() if line.startswith("X0")]
    assert rows[0].split(" & ")[:5] == ["X01", "google", "barrels", "2026-02-01", "1200"]
    assert rows[2].removesuffix(r" \\").split(" & ") == ["X03", "–", "–", "–", "–", "3", "3", "2", "1"]
    assert "tables/searches.tex" not in format_paper_tables([], [], [], [])


def test_the_pictures_of_the_search_show_its_figures(searched):
    frames, flow = searched
    figures = draw_figures([], {name: frames[name] for name in DRAWN}, flow, ENGINES)
    assert [words for words in list_words(figures["overlap"]) if words.startswith("X")] == [
        "X01 google  10",
        "X02 bing  10",
        "X03  3",
    ]
    assert "15" in list_words(figures["finds"])
    assert "X02 bing: 12" in list_words(figures["prisma"])


def test_a_study_without_hits_has_no_pictures_of_them(searched):
    frames, flow = searched
    figures = draw_figures([], {name: frames[name].head(0) for name in DRAWN}, flow, {})
    assert {"overlap", "finds"} & set(figures) == set()
