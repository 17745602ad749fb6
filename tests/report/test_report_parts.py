"""The parts of the report, drawn and described."""

import itertools

import numpy as np
import pytest
from bs4 import BeautifulSoup

from frames import WEIGHED, made, table
from graylit.pages.drawings import choose_ticks
from graylit.report.frames import leave_out_pairs, read_frames
from graylit.report.parts import (
    compare_rounds,
    describe_agreement,
    describe_categories,
    describe_crosswalk,
    describe_impacts,
    describe_practices,
    describe_saturation,
)
from graylit.report.sensitivity import describe_sensitivity
from graylit.report.threats import read_section
from graylit.report.topics import draw_topics, lay_out_crosswalk, place_topics
from graylit.screening.prisma_drawing import draw_flow
from graylit.study.config import load_defaults
from graylit.tables.card_sorting import CARD_CLUSTERS, CARD_MERGES
from graylit.tables.catalogue import CONTRACTS
from graylit.tables.coding import AGREEMENT, LOCATED_CODINGS
from graylit.tables.impacts import IMPACTS
from graylit.tables.synthesis import CATEGORIES, EVIDENCE, PRACTICES
from graylit.tables.topics import CROSSWALK, TOPICS
from tiny_study import FORMULA


@pytest.fixture(scope="module")
def page(built):
    return BeautifulSoup((built / "results/report.html").read_text(encoding="utf-8"), "html.parser")


def test_the_report_of_the_mini_study_has_a_section_for_each_analysis(page):
    found = {section["id"]: section.h2.get_text() for section in page.find_all("section") if section.h2}
    wanted = {
        "agreement": "Agreement",
        "saturation": "Saturation",
        "crosswalk": "Topics and codes",
        "guidelines": "Guidelines",
        "categories": "Categories and card sort",
        "threats": "Threats",
        "methods": "Methods, in the run’s own figures",
        "impact": "Impact",
        "sensitivity": "Sensitivity",
    }
    assert wanted.items() <= found.items()
    assert "screening" not in found


def test_drawings_have_all_leaves_and_merges(page):
    tree = page.find(id="categories").svg
    assert len(tree.find_all("path", class_=["line", "apart"])) == 4
    assert "K01 G01 Let the roof decide" in [name.get_text() for name in tree.find_all("text")]
    assert len(page.find(id="saturation").svg.find_all("polyline")) == 2


def test_the_matrix_of_impacts_leads_to_their_rows(page):
    links = [link["href"] for link in page.find(class_="matrix").find_all("a") if "#impact" in link["href"]]
    assert sorted(links) == ["#impact-I01", "#impact-I02", "#impact-I03"]
    assert "−1" in page.find(class_="matrix").get_text()


def test_links_and_ids_of_the_report_fit(page):
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert {link["href"][1:] for link in page.find_all("a") if link["href"].startswith("#")} <= set(ids)


@pytest.fixture(scope="module")
def hostile_page(hostile):
    """Return the report of a study without texts whose cells want to be more than words."""
    return BeautifulSoup((hostile / "results/report.html").read_text(encoding="utf-8"), "html.parser")


def test_hostile_words_of_the_synthesis_are_shown_as_words(hostile_page):
    assert hostile_page.body.find_all(["script", "img", "iframe", "form"]) == []
    for section in ("guidelines", "categories", "impact", "sensitivity"):
        assert FORMULA in hostile_page.find(id=section).get_text()


def test_a_study_without_texts_has_no_crosswalk(hostile_page):
    assert hostile_page.find(id="crosswalk") is None
    assert hostile_page.find(id="saturation") is not None


def test_parts_without_rows_are_left_out():
    none = {name: contract.to_frame([]) for name, contract in CONTRACTS.items()}
    guidelines = WEIGHED
    assert describe_agreement(none["agreement"], {}) == []
    assert describe_saturation(none["saturation"], none["saturation_measures"]) is None
    empty = describe_categories(CATEGORIES.to_frame([]), guidelines, none["card_clusters"], none["card_merges"])
    assert empty is None
    assert describe_practices(PRACTICES.to_frame([])) is None
    assert describe_impacts(IMPACTS.to_frame([]), guidelines, none["attributes"]) is None
    assert describe_crosswalk(none["crosswalk"], none["crosswalk_gaps"], {}, {}) is None
    assert describe_sensitivity(none) is None
    assert draw_flow(None) is None
    assert compare_rounds([]) is None
    assert lay_out_crosswalk(none["crosswalk"], [], {}, {}) is None
    assert draw_topics(TOPICS.to_frame([]), np.zeros((0, 2))) is None


def test_guidelines_of_no_category_come_last():
    categories = table(CATEGORIES, "category_id name guideline_ids", ("K1", "Top", "G1; G3"))
    clusters, merges = CARD_CLUSTERS.to_frame([]), CARD_MERGES.to_frame([])
    described = describe_categories(categories, WEIGHED, clusters, merges)
    members = [[member["guideline_id"] for member in category["members"]] for category in described["categories"]]
    assert (members, described["drawing"]) == ([["G1", "G3"], ["G2"]], False)


def test_topics_of_like_words_lie_near_each_other_on_the_map():
    centres = np.array([[1.0, 0, 0], [0.95, 0.1, 0], [0, 1, 0], [0, 0, 1]])
    places = place_topics(centres)
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    assert apart[0, 1] < 0.3 * min(apart[0, 2], apart[0, 3])
    assert (places == place_topics(centres)).all()


def test_no_circle_of_the_map_covers_another():
    rows = [(number, 9 - number, 1, "bees, roof") for number in range(6)]
    drawn = draw_topics(table(TOPICS, "topic_id n_segments n_sources words", *rows), np.ones((6, 3)))
    circles = drawn["circles"]
    for number, circle in enumerate(circles):
        for other in circles[:number]:
            apart = ((circle["x"] - other["x"]) ** 2 + (circle["y"] - other["y"]) ** 2) ** 0.5
            assert apart >= circle["radius"] + other["radius"] - 1


def test_a_single_topic_has_a_map():
    rows = table(TOPICS, "topic_id n_segments n_sources words", (-1, 3, 1, ""), (0, 5, 2, "bees, roof"))
    assert [circle["label"] for circle in draw_topics(rows, np.ones((1, 3)))["circles"]] == ["bees roof"]


def test_the_crosswalk_is_laid_out_by_codes_and_topics():
    crosswalk = table(
        CROSSWALK, "topic_id code_id n_segments share_of_topic share_of_code lift",
        (-1, "C1", 9, 1, 1, 1), (0, "C1", 1, 0.1, 0.02, 1), (2, "C2", 4, 0.1, 0.9, 3),
    )  # fmt: skip
    laid = lay_out_crosswalk(crosswalk, ["C2", "C1", "C3"], {"C1": {"name": "Lid"}}, {2: "bees"})
    assert [(topic["topic_id"], topic["words"]) for topic in laid["topics"]] == [(0, ""), (2, "bees")]
    cells = {row["code_id"]: [cell and cell["shade"] for cell in row["cells"]] for row in laid["rows"]}
    assert cells == {"C2": [None, 5], "C1": [0, None]}


def test_alpha_of_codes_is_set_side_by_side_by_rounds():
    agreement = table(
        AGREEMENT, "round coders scope measure value low high n_units n_coders",
        (1, "A; B", "C1", "alpha_nominal", 0.5, 0.4, 0.6, 9, 2),
        (2, "A; B", "C1", "alpha_nominal", 0.9, 0.8, 1, 9, 2),
        (2, "A; B", "C2", "alpha_nominal", 0.7, 0.6, 0.8, 9, 2),
    )  # fmt: skip
    compared = compare_rounds(describe_agreement(agreement, {}))
    assert [column["round"] for column in compared["columns"]] == [1, 2]
    values = {row["code_id"]: [cell and cell["value"] for cell in row["cells"]] for row in compared["rows"]}
    assert values == {"C1": [0.5, 0.9], "C2": [None, 0.7]}


def rows_of_pairs(n_coders):
    coders = [f"Coder {number}" for number in range(n_coders)]
    groups = [*(f"{first}; {second}" for first, second in itertools.combinations(coders, 2)), "all"]
    scopes = [("overall", "alpha_nominal"), ("C1", "alpha_nominal")]
    return [(1, group, *scope, 0.5, 0.4, 0.6, 9, 2) for group in groups for scope in scopes]


@pytest.mark.parametrize(("n_coders", "n_groups"), [(3, 4), (5, 11), (6, 1)])
def test_of_many_coders_all_together_are_shown_and_the_pairs_are_left_to_their_table(n_coders, n_groups):
    names = "round coders scope measure value low high n_units n_coders"
    agreement = leave_out_pairs(table(AGREEMENT, names, *rows_of_pairs(n_coders)))
    groups = describe_agreement(agreement, {})
    assert [group["has_pairs"] for group in groups] == [n_groups > 1] * n_groups
    assert len(compare_rounds(groups)["columns"]) == n_groups
    assert groups[-1]["coders"] == "all" or n_groups > 1


def test_a_section_of_the_protocol_is_read_as_its_items():
    page = "# P\n\n## Threats to validity\n\n- Bees\n  sleep.\n- Roofs leak.\n\n## Other\n- Not this\n"
    assert read_section(page, "Threats to validity") == ["Bees sleep.", "Roofs leak."]
    assert read_section(page, "Nothing") == []


def test_the_report_of_the_mini_study_tells_its_methods_by_its_figures(page, built):
    told = page.find(id="methods").get_text()
    n_evidence = sum(row["is_evidence"] == "yes" for row in made(built, LOCATED_CODINGS))
    assert "The study has 10 sources by" in told
    assert n_evidence == len(made(built, LOCATED_CODINGS))
    assert f"All {n_evidence} codings count as evidence" in told


def test_figures_of_the_report_lead_to_pages_of_the_audit(page, built):
    targets = {link["href"] for link in page.find_all("a") if link["href"].startswith("audit/")}
    assert len(targets) > 50
    files = {target.partition("#")[0].partition("?")[0] for target in targets}
    assert sorted(file for file in files if not (built / "results" / file).is_file()) == []


@pytest.mark.parametrize(
    ("largest", "ticks"),
    [(0, [0]), (5, [0, 1, 2, 3, 4, 5]), (26, [0, 5, 10, 15, 20, 25]), (103, [0, 20, 40, 60, 80, 100])],
)
def test_ticks_are_round_numbers(largest, ticks):
    assert choose_ticks(largest) == ticks


def test_a_study_without_impacts_has_a_table_of_none_with_its_columns(tmp_path):
    EVIDENCE.write_rows([], tmp_path / "evidence.csv")
    frames = read_frames([str(tmp_path / "evidence.csv")], load_defaults())
    assert list(frames["impacts"].columns) == IMPACTS.names
