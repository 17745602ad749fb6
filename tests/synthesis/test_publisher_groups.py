"""Publishers and who stands behind them: what is counted, what is refused, and what the report says."""

import shutil

import pytest

from conftest import read_table, run_review, share_folder, write_table
from graylit.study.checking import read_study
from graylit.synthesis.publisher_groups import count_groups, describe_groups, list_supporters
from graylit.tables.sources import group_publishers
from tiny_study import write_study

GUIDELINES = [{"guideline_id": "G1"}, {"guideline_id": "G2"}]
CLAIMS = [{"claim_id": "L1", "guideline_id": "G1"}]


def link(guideline_id, publisher):
    return {"guideline_id": guideline_id, "publisher": publisher}


def pair(publisher, reading):
    return {"claim_id": "L1", "publisher": publisher, "reading": reading}


def count(evidence, groups, floor=2, claims=(), pairs=()):
    rows = count_groups(list_supporters(GUIDELINES, evidence, claims, pairs), groups, floor)
    return [(row["counted_id"], row["n_publishers"], row["n_groups"], row["has_floor"], row["falls"]) for row in rows]


def test_publishers_of_one_group_count_once():
    groups = {"Ann": "Mill", "Bo": "Mill", "Cy": "Cy"}
    evidence = [link("G1", "Ann"), link("G1", "Bo"), link("G2", "Ann"), link("G2", "Bo"), link("G2", "Cy")]
    assert count(evidence, groups) == [("G1", 2, 1, "no", "yes"), ("G2", 3, 2, "yes", "no")]


def test_what_has_too_few_publishers_anyway_does_not_fall():
    assert count([link("G1", "Ann")], {"Ann": "Mill"})[0] == ("G1", 1, 1, "no", "no")


def test_a_publisher_that_nobody_knows_is_neither_publisher_nor_group():
    assert count([link("G1", "not stated"), link("G1", "Ann")], {})[0] == ("G1", 1, 1, "no", "no")


def test_claims_fall_by_what_supports_them_only():
    pairs = [pair("Ann", "supports"), pair("Bo", "supports"), pair("Cy", "partly"), pair("Di", "against")]
    assert count([], {"Bo": "Ann"}, claims=CLAIMS, pairs=pairs)[2] == ("L1", 2, 1, "no", "yes")
    assert "1 guidelines and claims" in describe_groups([{"falls": "yes"}, {"falls": "no"}])
    assert describe_groups([{"falls": "no"}]) == ""


def test_a_publisher_without_a_group_stands_for_itself():
    rows = [{"publisher": "Ann", "publisher_group": "Mill"}, {"publisher": "Bo", "publisher_group": ""}]
    assert group_publishers(rows) == {"Ann": "Mill", "Bo": "Bo"}


@pytest.mark.parametrize(
    ("groups", "row", "problem"),
    [
        (["Mill", "", ""], None, ""),
        (["Mill", "Mill", ""], 3, "differs from row 2"),
        (["", "Mill", "Mill"], None, ""),
        (["Brook & Sons", "Mill", ""], 2, "is a publisher of another group"),
    ],
)
def test_groups_that_contradict_each_other_are_refused(tmp_path, groups, row, problem):
    folder = write_study(tmp_path)
    rows = read_table(folder / "config/sources.csv")
    if problem.startswith("differs"):
        rows[1]["publisher"] = rows[0]["publisher"]
        groups = ["Mill", "Dam", ""]
    write_table(
        folder / "config/sources.csv",
        [one | {"publisher_group": group} for one, group in zip(rows, groups, strict=True)],
    )
    found = [(fault.row, fault.problem) for fault in read_study(folder)[1]]
    assert [number for number, _ in found] == ([row] if row else [])
    assert all(words.startswith(problem) for _, words in found)


def test_nobody_stands_behind_a_publisher_that_nobody_knows(tmp_path):
    folder = write_study(tmp_path)
    rows = read_table(folder / "config/sources.csv")
    rows[0] |= {"publisher": "not stated", "publisher_group": "Mill"}
    write_table(folder / "config/sources.csv", [{"publisher_group": "", **one} for one in rows])
    assert [(fault.row, fault.value) for fault in read_study(folder)[1]] == [(2, "Mill")]


@pytest.fixture(scope="module")
def grouped(built, tmp_path_factory):
    """Return the built mini study, all publishers of which belong to one group, after another review."""

    def make(folder):
        shutil.copytree(built, folder)
        rows = read_table(folder / "config/sources.csv")
        write_table(folder / "config/sources.csv", [row | {"publisher_group": "The Guild"} for row in rows])
        run_review(folder)

    return share_folder(tmp_path_factory, "grouped", make)


def test_a_review_counts_publishers_as_before_and_groups_beside_them(grouped, built):
    support = "data/processed/guideline_support.csv"
    assert (grouped / support).read_bytes() == (built / support).read_bytes()
    table = "data/processed/group_sensitivity.csv"
    rows, alone = (read_table(folder / table) for folder in (grouped, built))
    assert {row["n_groups"] for row in rows} == {"1"}
    assert all(row["n_groups"] == row["n_publishers"] for row in alone)
    assert [row["n_publishers"] for row in rows] == [row["n_publishers"] for row in alone]
    falling = [row["counted_id"] for row in rows if row["falls"] == "yes"]
    page = (grouped / "results/report.html").read_text(encoding="utf-8")
    assert falling and 'id="groups"' in page and "The Guild" in page
    assert 'id="groups"' not in (built / "results/report.html").read_text(encoding="utf-8")
    for guideline_id in falling:
        assert f"group_sensitivity.html?kind=guideline&amp;counted_id={guideline_id}" in page


def test_the_quality_of_what_supports_a_guideline_is_measured(built):
    rows = read_table(built / "data/processed/guideline_quality.csv")
    scores = {row["source_id"]: row["score"] for row in read_table(built / "data/processed/quality_scores.csv")}
    evidence = read_table(built / "data/processed/evidence.csv")
    assert rows
    for row in rows:
        sources = {link["source_id"] for link in evidence if link["guideline_id"] == row["guideline_id"]}
        found = [float(scores[source_id]) for source_id in sources if scores[source_id]]
        assert (int(row["n_sources"]), int(row["n_appraised"])) == (len(sources), len(found))
        assert int(row["n_below"]) == sum(score < float(row["cut_off"]) for score in found)
