"""Pictures: whole labels, one shape for each figure, and one drawing for a page and for a file."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from graylit.pages.coding_pictures import draw_agreement, draw_saturation, draw_sources
from graylit.pages.pictures import ROLES, Picture, cut_lines, place_rows
from graylit.pages.search_pictures import draw_curve, draw_overlap, draw_prisma
from graylit.pages.synthesis_pictures import cut_rows, draw_readings, draw_support, draw_tree
from graylit.runs.places import TEMPLATES
from hostile_words import HOSTILE

NAME = "Keep every record of what a model was made of where both of its teams look for it first of all"
SUPPORT = {"guideline_id": "G01", "name": NAME, "n_sources": 8, "n_publishers": 6, "median_score": 12.5}
READ = {"guideline_id": "G01", "name": NAME, "n_supports": 6, "n_partly": 2, "n_not_about": 1, "n_against": 1}
MERGES = pd.DataFrame([{"step": 1, "left": "G01", "right": "G02", "distance": 0.5, "linkage": "average", "size": 2}])
LEAVES = [{"guideline_id": "G01", "label": f"G01 {NAME}"}, {"guideline_id": "G02", "label": "G02 Lid"}]
ALPHA = {"label": "C01 Barrels", "code_id": "C01", "value": 0.9, "low": 0.8, "high": 1.0, "before": 0.7}
COUNTS = {("guide", "2024"): 4, ("guide", ""): 1, ("blog post", "2023"): 9}


def read(picture: Picture) -> BeautifulSoup:
    return BeautifulSoup(picture.to_page(), "html.parser")


def list_shapes(picture: Picture, role: str) -> list[dict[str, str]]:
    return [element.attrs for element in read(picture).find_all(class_=role)]


@pytest.mark.parametrize(
    "picture",
    [draw_support([SUPPORT], 20), draw_readings([READ]), draw_tree(MERGES, LEAVES, 1)],
    ids=lambda picture: picture.name,
)
def test_names_of_guidelines_are_whole(picture):
    lines = [words.get_text() for words in read(picture).find_all("text")]
    assert NAME in " ".join(lines)


def test_support_has_a_bar_by_sources_a_mark_by_publishers_and_a_dot_by_quality():
    rows = [SUPPORT, SUPPORT | {"guideline_id": "G02", "name": "Lid", "n_sources": 4, "n_publishers": 2}]
    picture = draw_support(rows, 20, "audit/")
    bars, marks, dots = (list_shapes(picture, role) for role in ("bar", "mark", "dot"))
    assert float(bars[0]["width"]) == 2 * float(bars[1]["width"])
    starts = [float(bar["x"]) for bar in bars]
    publishers = [float(mark["x"]) + 1.5 - start for mark, start in zip(marks, starts, strict=True)]
    assert publishers[0] == pytest.approx(3 * publishers[1])
    assert len(dots) == 2
    assert [link["href"] for link in read(picture).find_all("a")][-1] == "audit/guidelines/G02.html"
    unscored = draw_support([row | {"median_score": None} for row in rows], 20)
    assert list_shapes(unscored, "dot") == []
    assert unscored.width < picture.width


def test_shares_of_readings_fill_the_bar():
    picture = draw_readings([READ])
    bars = [shape for role in ("bar", "part", "rest", "contrary") for shape in list_shapes(picture, role)[1:]]
    assert [round(float(bar["width"])) for bar in bars] == [192, 64, 32, 32]
    assert "against: 1 of 10 readings (10%)" in read(picture).get_text()


def test_a_dot_is_an_agreement_and_a_ring_the_one_before():
    picture = draw_agreement([ALPHA | {"label": "round 1", "before": None}], [ALPHA], "alpha")
    (ring,), dots, ranges = (list_shapes(picture, role) for role in ("ring", "dot", "range"))
    assert len(dots) == len(ranges) == 2
    assert float(dots[0]["cx"]) - float(ring["cx"]) == pytest.approx(380 * 0.2)


def test_which_side_of_a_bound_an_agreement_is_on_shows():
    words = read(draw_agreement([], [ALPHA | {"value": 0.6662}], "alpha")).get_text()
    assert "0.666" in words


def test_sources_are_counted_by_kind_and_year_and_add_up():
    picture = draw_sources(COUNTS, "audit/")
    words = [text.get_text() for text in read(picture).find_all("text")]
    assert words[:4] == ["2023", "2024", "no date", "all"]
    assert words[-1] == "14"
    assert [shape["r"] for shape in list_shapes(picture, "bar")] == ["17", "11.3", "5.7"]
    assert read(picture).a["href"] == "audit/sources.html?source_type=blog+post"


def test_every_picture_has_a_title_and_a_description_that_name_it_in_a_page():
    for picture in (draw_support([SUPPORT], 20), draw_tree(MERGES, LEAVES, 1, "audit/"), draw_sources(COUNTS)):
        page = read(picture)
        for attribute, tag in (("aria-labelledby", "title"), ("aria-describedby", "desc")):
            assert page.svg[attribute] == page.svg.find(tag, recursive=False)["id"]
            assert page.svg.find(tag, recursive=False).get_text()
        assert page.svg["role"] == ("group" if page.a else "img")  # what a picture holds is hidden, also its links


def test_nothing_is_drawn_of_nothing():
    assert draw_support([], 20) is None
    assert draw_support([SUPPORT | {"n_sources": 0}], 20) is None
    assert draw_readings([]) is None
    assert draw_readings([READ | {"n_supports": 0, "n_partly": 0, "n_not_about": 0, "n_against": 0}]) is None
    assert draw_tree(MERGES.head(0), LEAVES, 1) is None
    assert draw_agreement([ALPHA | {"value": None}], [], "alpha") is None
    assert draw_sources({}) is None
    assert draw_prisma(None) is None
    assert draw_curve([]) is None
    assert draw_overlap([], []) is None
    assert draw_saturation(pd.DataFrame(columns=["n_sources", "high"])) is None


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_words_in_a_page_too(words):
    picture = draw_support([SUPPORT | {"name": words, "guideline_id": words}], 20, "audit/")
    assert {tag.name for tag in read(picture).find_all(True)} <= {
        *("svg", "title", "desc", "a", "text", "rect", "path", "circle"),
    }


def test_every_role_of_a_shape_has_a_look_in_pages():
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    styled = set(re.findall(r"\.(?:drawing|picture) \.([\w-]+)", style))
    assert set(ROLES) - styled - {"words"} == set()  # words look as all text of a drawing does


def test_lines_hold_all_of_a_label():
    assert " ".join(cut_lines(NAME, 20)) == NAME
    assert "".join(cut_lines("w" * 90, 50)) == "w" * 90
    assert [len(line) for line in cut_lines("模型" * 20, 50)] == [25, 15]
    assert cut_lines("", 50) == [""]


def test_rows_are_as_high_as_their_labels():
    rows = place_rows([["one"], ["two", "lines"]], 10)
    assert (rows.middles, rows.bottom) == ([22, 54], 74)


def test_many_rows_are_drawn_in_parts_on_one_scale():
    rows = [SUPPORT | {"guideline_id": f"G{n:02}", "n_sources": n, "n_publishers": 1} for n in range(1, 42)]
    parts = [draw_support(rows, 20, part=part) for part in cut_rows(len(rows))]
    assert [part.name for part in parts] == ["support", "support-14", "support-28"]
    assert parts[1].title == "What each guideline rests on: 14 to 27 of 41"
    bars = [[float(bar.get("width")) for bar in part.root.iter("rect") if bar.get("class") == "bar"] for part in parts]
    assert [len(of_part) for of_part in bars] == [13, 14, 14]
    assert [length for of_part in bars for length in of_part] == pytest.approx(
        [320 * n / 41 for n in range(1, 42)], abs=0.01
    )
    assert cut_rows(16) == [slice(0, 16)]
    assert cut_rows(0) == []
    read = [READ | {"guideline_id": f"G{n:02}"} for n in range(1, 42)]
    assert [draw_readings(read, part=part).name for part in cut_rows(41)] == ["readings", "readings-14", "readings-28"]
