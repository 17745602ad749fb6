"""Guidelines with their evidence, their ranks, and the report that shows them; nothing in a table can act in it."""

import re

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from link_evidence import link_evidence, rank_guidelines

from graylit.report.lists import (
    describe_flow,
    describe_guidelines,
    describe_themes,
    fold_tail,
    group_guidelines,
    sum_counts,
)
from graylit.study.checking import read_study
from graylit.tables.coding import CODE_COUNTS, CODEBOOK, LOCATED_CODINGS
from graylit.tables.preparation import TEXTS
from graylit.tables.sources import SOURCE_COUNTS, SOURCES
from graylit.tables.synthesis import EVIDENCE, GUIDELINE_GROUPS, GUIDELINE_SUPPORT, GUIDELINES, THEMES
from tiny_study import BREAKOUT, SCRIPT, TEMPLATE, replace_once, write_study


def table(contract, columns, *rows):
    """Return a frame of the contract from rows of a few columns; the other cells are empty."""
    return contract.to_frame(dict(zip(columns.split(), map(str, row), strict=True)) for row in rows)


FOUR_SOURCES = table(SOURCES, "source_id publisher", ("S1", "Ann"), ("S2", "Ann"), ("S3", "Bo"), ("S4", "Cy"))
THREE_GUIDELINES = table(
    GUIDELINES,
    "guideline_id name theme_id code_ids",
    ("G1", "Mesh", "T1", "C1; C2"),
    ("G2", "Lid", "T1", "C2"),
    ("G3", "Pump", "T2", "C9"),
)
LOCATED = table(
    LOCATED_CODINGS,
    "coding_id coder source_id segment_id code_id",
    ("A-1", "A", "S1", "S1-001", "C1"),
    ("A-2", "A", "S2", "", "C2"),
    ("B-1", "B", "S3", "S3-004", "C2"),
    ("B-2", "B", "S3", "S3-005", "C2"),
    ("B-3", "B", "S4", "S4-001", "C5"),
)


def codebook(*rows):
    """Return the codes in force by id, from rows of id, status and what it was replaced by."""
    return table(CODEBOOK, "code_id status replaced_by", *rows).set_index("code_id", drop=False).to_dict("index")


UNMERGED = codebook(*((f"C{number}", "active", "") for number in (1, 2, 5, 9)))


def evidence():
    return link_evidence(THREE_GUIDELINES, LOCATED, FOUR_SOURCES, UNMERGED)


# Evidence -------------------------------------------------------------------------------------------------------


def test_a_guideline_is_linked_to_every_coding_of_its_codes():
    links = evidence()
    assert links[["guideline_id", "coding_id"]].to_numpy().tolist() == [
        ["G1", "A-1"],
        ["G1", "A-2"],
        ["G1", "B-1"],
        ["G1", "B-2"],
        ["G2", "A-2"],
        ["G2", "B-1"],
        ["G2", "B-2"],
    ]


def test_a_link_names_theme_code_coder_source_publisher_and_segment():
    assert evidence().iloc[0].to_dict() == {
        "guideline_id": "G1",
        "theme_id": "T1",
        "code_id": "C1",
        "coding_id": "A-1",
        "coder": "A",
        "source_id": "S1",
        "publisher": "Ann",
        "segment_id": "S1-001",
    }


def test_codings_of_codes_without_guideline_are_no_evidence():
    assert "B-3" not in set(evidence()["coding_id"])


def test_the_evidence_fits_its_contract(tmp_path):
    EVIDENCE.write(evidence(), tmp_path / "evidence.csv")
    assert len(EVIDENCE.read(tmp_path / "evidence.csv")) == 7


def test_without_guidelines_there_is_no_evidence(tmp_path):
    none = table(GUIDELINES, "guideline_id")
    EVIDENCE.write(link_evidence(none, LOCATED, FOUR_SOURCES, UNMERGED), tmp_path / "evidence.csv")
    assert len(EVIDENCE.read(tmp_path / "evidence.csv")) == 0


def test_a_guideline_of_a_merged_code_is_linked_to_the_codings_of_the_code_in_force():
    merged = UNMERGED | codebook(("C9", "retired", "C5"))
    links = link_evidence(THREE_GUIDELINES, LOCATED, FOUR_SOURCES, merged)
    assert links[links["guideline_id"] == "G3"][["code_id", "coding_id"]].to_numpy().tolist() == [["C5", "B-3"]]


def test_a_guideline_of_two_codes_that_were_merged_is_linked_to_each_coding_once(tmp_path):
    merged = UNMERGED | codebook(("C1", "retired", "C2"))
    links = link_evidence(THREE_GUIDELINES, LOCATED, FOUR_SOURCES, merged)
    assert links[links["guideline_id"] == "G1"]["coding_id"].tolist() == ["A-2", "B-1", "B-2"]
    EVIDENCE.write(links, tmp_path / "evidence.csv")


def test_a_guideline_of_a_code_that_was_split_keeps_the_codings_that_still_carry_it():
    split = UNMERGED | codebook(("C2", "retired", "C1; C5"))
    links = link_evidence(THREE_GUIDELINES, LOCATED, FOUR_SOURCES, split)
    assert links[links["guideline_id"] == "G2"]["coding_id"].tolist() == ["A-2", "B-1", "B-2"]


# Ranks ----------------------------------------------------------------------------------------------------------


def ranked(min_publishers=2, links=None):
    support = rank_guidelines(THREE_GUIDELINES, evidence() if links is None else links, min_publishers)
    return support.set_index("guideline_id").to_dict("index")


def test_the_support_of_a_guideline_is_counted():
    assert ranked()["G1"] == {
        "name": "Mesh",
        "n_codes": 2,
        "n_codings": 4,
        "n_sources": 3,
        "n_publishers": 2,
        "rank": 1,
        "has_floor": "yes",
    }


def test_more_sources_rank_before_more_codings():
    links = table(
        EVIDENCE,
        "guideline_id coding_id source_id",
        *[("G1", f"A-{number}", "S1") for number in range(9)],
        ("G2", "B-1", "S2"),
        ("G2", "B-2", "S3"),
    )
    assert (ranked(links=links)["G2"]["rank"], ranked(links=links)["G1"]["rank"]) == (1, 2)


def test_guidelines_with_as_many_sources_share_a_rank_and_the_next_one_is_left_out():
    links = table(EVIDENCE, "guideline_id coding_id source_id", ("G1", "A-1", "S1"), ("G2", "A-2", "S2"))
    assert [ranked(links=links)[name]["rank"] for name in ("G1", "G2", "G3")] == [1, 1, 3]


def test_a_guideline_without_evidence_has_zeros_and_no_floor():
    assert ranked(min_publishers=1)["G3"] == {
        "name": "Pump",
        "n_codes": 0,
        "n_codings": 0,
        "n_sources": 0,
        "n_publishers": 0,
        "rank": 3,
        "has_floor": "no",
    }


@pytest.mark.parametrize(("min_publishers", "has_floor"), [(1, "yes"), (2, "yes"), (3, "no")])
def test_the_floor_is_met_from_as_many_publishers_as_asked_for(min_publishers, has_floor):
    assert ranked(min_publishers)["G1"]["has_floor"] == has_floor


def test_without_any_evidence_every_guideline_is_ranked_with_zeros(tmp_path):
    support = rank_guidelines(THREE_GUIDELINES, evidence().head(0), min_publishers=1)
    GUIDELINE_SUPPORT.write(support, tmp_path / "support.csv")
    back = GUIDELINE_SUPPORT.read(tmp_path / "support.csv")
    assert (back["rank"].tolist(), back["n_codings"].tolist()) == ([1, 1, 1], [0, 0, 0])


def test_without_guidelines_nothing_is_ranked(tmp_path):
    none = table(GUIDELINES, "guideline_id")
    GUIDELINE_SUPPORT.write(rank_guidelines(none, evidence().head(0), 1), tmp_path / "support.csv")
    assert len(GUIDELINE_SUPPORT.read(tmp_path / "support.csv")) == 0


# What the report says -------------------------------------------------------------------------------------------

FOUR_TEXTS = table(
    TEXTS,
    "source_id outcome capture_outcome n_characters n_words",
    ("S1", "extracted", "captured", 900, 150),
    ("S2", "empty_text", "captured", 0, 0),
    ("S3", "not_captured", "timed_out", 0, 0),
    ("S4", "not_captured", "", 0, 0),
)


def test_the_flow_says_what_became_of_every_source():
    assert describe_flow(FOUR_SOURCES, FOUR_TEXTS, LOCATED.head(1)) == [
        {"label": "sources in the study", "n": 4, "others": {}},
        {"label": "captured", "n": 2, "others": {"not tried": 1, "timed out": 1}},
        {"label": "with text", "n": 1, "others": {"empty text": 1}},
        {"label": "coded", "n": 1, "others": {"without coding": 3}},
    ]


def test_the_flow_of_a_study_without_texts_has_two_stages():
    labels = [stage["label"] for stage in describe_flow(FOUR_SOURCES, None, LOCATED)]
    assert labels == ["sources in the study", "coded"]


def test_counts_are_summed_over_kinds_of_sources_largest_first():
    counts = table(
        SOURCE_COUNTS,
        "source_type variable value n_sources",
        ("blog", "year", "2024", 1),
        ("docs", "year", "2024", 2),
        ("docs", "year", "2023", 3),
        ("docs", "year", "2021", 4),
    )
    assert sum_counts(counts, "value") == [("2021", 4), ("2023", 3), ("2024", 3)]


def test_the_tail_of_counts_is_put_together():
    assert fold_tail([("a", 5), ("b", 3), ("c", 2), ("d", 1)], n_most=2) == [("a", 5), ("b", 3), ("2 others", 3)]


def test_counts_without_tail_stay_as_they_are():
    assert fold_tail([("a", 5), ("b", 3)], n_most=2) == [("a", 5), ("b", 3)]


TWO_THEMES = table(THEMES, "theme_id name code_ids", ("T1", "Clean", "C1; C2"), ("T2", "Moving", "C9"))


def test_guidelines_are_described_in_order_of_rank_with_their_types_of_sources():
    support = rank_guidelines(THREE_GUIDELINES, evidence(), min_publishers=2)
    groups = table(
        GUIDELINE_GROUPS, "guideline_id variable value n_sources share",
        ("G2", "source_type", "blog", 1, 1), ("G2", "source_type", "docs", 2, 1), ("G2", "source_type", "talk", 0, 0),
        ("G2", "year", "2024", 3, 1),
    )  # fmt: skip
    described = describe_guidelines(THREE_GUIDELINES, support, groups, TWO_THEMES)
    assert {key: row["theme"] for key, row in described.items()} == {"G1": "Clean", "G2": "Clean", "G3": "Moving"}
    assert [row["value"] for row in described["G2"]["types"]] == ["docs", "blog"]
    assert described["G1"]["types"] == []


def test_guidelines_of_a_category_are_shown_by_rank():
    by_id = {"G2": {}, "G1": {}, "G3": {}}
    categories = {"categories": [{"category_id": "K1", "members": [{"guideline_id": "G1"}, {"guideline_id": "G2"}]}]}
    grouped = group_guidelines(by_id, categories)
    assert [[one["guideline_id"] for one in group["members"]] for group in grouped] == [["G2", "G1"]]
    assert [len(group["members"]) for group in group_guidelines(by_id, None)] == [3]


def test_codes_of_no_theme_come_last():
    counts = table(
        CODE_COUNTS,
        "code_id n_codings n_coders n_sources n_publishers",
        *[(code_id, 1, 1, n_sources, 1) for code_id, n_sources in [("C1", 1), ("C2", 5), ("C5", 2), ("C9", 0)]],
    )
    described = describe_themes(TWO_THEMES, counts, UNMERGED)
    assert [(one["name"], [code["code_id"] for code in one["codes"]]) for one in described] == [
        ("Clean", ["C2", "C1"]),
        ("Moving", ["C9"]),
        ("In no theme", ["C5"]),
    ]


def test_a_theme_of_a_merged_code_shows_the_code_in_force_once():
    columns = "code_id n_codings n_coders n_sources n_publishers"
    counts = table(CODE_COUNTS, columns, ("C2", 3, 1, 3, 1), ("C9", 0, 1, 0, 1))
    merged = UNMERGED | codebook(("C1", "retired", "C2"))
    described = describe_themes(TWO_THEMES, counts, merged)
    assert [(one["name"], [code["code_id"] for code in one["codes"]]) for one in described] == [
        ("Clean", ["C2"]),
        ("Moving", ["C9"]),
    ]


# The report as a page -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def report(hostile):
    """Return the report of a study whose every cell wants to be more than words."""
    return (hostile / "results/report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(report):
    return BeautifulSoup(report, "html.parser")


def test_no_element_of_a_table_is_an_element_of_the_report(page):
    assert page.body.find_all(["script", "img", "iframe", "object", "embed", "form", "base"]) == []
    assert len(page.head.find_all("script")) == 1


def test_no_element_of_the_report_has_a_handler(page):
    assert [name for element in page.find_all(True) for name in element.attrs if name.startswith("on")] == []


def test_links_of_the_report_lead_to_itself_the_audit_pages_or_the_web(page):
    targets = {link["href"] for link in page.find_all("a")}
    assert {"https://example.org/barrels", "https://example.org/pumps?model=2", "audit/sources/S001.html"} <= targets
    assert all(target.startswith(("#", "https://", "http://", "audit/", "ledger.html")) for target in targets)


def test_hostile_words_are_shown_as_words(page):
    words = page.get_text()
    assert f"Choosing {SCRIPT}" in words
    assert BREAKOUT in words
    assert TEMPLATE in words


def test_the_report_needs_no_network(page, report):
    assert page.find_all(["link", "video", "audio"]) == []
    assert "@import" not in report and not re.search(r"url\((?!#)", report)


def test_the_report_forbids_scripts(page):
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert "default-src 'none'" in policy


def test_every_link_inside_the_report_has_its_target(page):
    ids = {element["id"] for element in page.find_all(id=True)}
    assert {link["href"][1:] for link in page.find_all("a", href=True) if link["href"].startswith("#")} <= ids


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "JavaScript:alert(1)", "//example.org"])
def test_an_address_that_could_act_in_the_report_is_refused_before_anything_runs(tmp_path, url):
    folder = write_study(tmp_path)
    replace_once(folder, "config/sources.csv", "https://example.org/barrels", url if "," not in url else f'"{url}"')
    assert [(fault.row, fault.column, fault.value) for fault in read_study(folder)[1]] == [(2, "url", url)]


def test_numbers_of_the_report_are_those_of_the_tables(page):
    glance = {item.dt.get_text(): item.dd.get_text() for item in page.find(class_="glance").find_all("div")}
    assert {name: glance[name] for name in ("sources", "codes", "codings in force", "guidelines")} == {
        "sources": "3",
        "codes": "2",
        "codings in force": "4",
        "guidelines": "2",
    }


def test_missing_cells_are_shown_as_nothing(report):
    assert "nan" not in pd.Series(report.split()).str.lower().tolist()
    assert "<NA>" not in report and "&lt;NA&gt;" not in report
