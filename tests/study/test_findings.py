"""Findings and correspondences: which are in force, which numbers they name, and what is wrong with them."""

import pytest

from graylit.study.checking import read_study
from graylit.study.findings import fill_wording, list_findings, list_named, list_questions, remark_numbers
from graylit.study.original import cite_original, list_correspondences
from graylit.study.study import read_tables
from tiny_study import write_synthesis

FINDINGS = "config/synthesis/findings.csv"
CORRESPONDENCES = "config/synthesis/correspondences.csv"
HEADERS = {
    FINDINGS: "finding_id,question,wording,guideline_ids,shows,status,decided_at",
    CORRESPONDENCES: "correspondence_id,guideline_id,published_guideline,relation,status,decided_at",
}
PROTOCOL = """\
# Protocol

## Research questions

1. Which barrels
   last?
2) Which overflow?

## Search

1. No question.
"""
ORIGINAL = """\
original:
  {title: Butts, authors: [A. Cooper, B. Hoop], year: 2020, url: "https://example.org/butts", identifier: "doi:10/x",
   relation: update, counts: {sources: 3}, not_compared: ""}
"""


@pytest.fixture
def folder(tmp_path):
    write_synthesis(tmp_path)
    (tmp_path / "config/protocol.md").write_text(PROTOCOL, encoding="utf-8")
    with (tmp_path / "config/config.yaml").open("a", encoding="utf-8") as config:
        config.write(ORIGINAL)
    return tmp_path


def write(folder, file, *rows):
    (folder / file).write_text("\n".join([HEADERS[file], *rows]) + "\n", encoding="utf-8")
    return [(fault.row, fault.column, fault.problem) for fault in read_study(folder)[1]]


def test_questions_are_the_numbered_list_of_their_section():
    assert list_questions(PROTOCOL) == {1: "Which barrels last?", 2: "Which overflow?"}
    assert list_questions("# Protocol\n\n## Research questions\n\nWhich barrels?\n") == {}
    assert list_questions("") == {}


def test_findings_come_by_question_and_those_of_none_last():
    row = {"status": "", "decided_at": "2026-01-01"}
    rows = [
        {**row, "finding_id": finding_id, "question": question}
        for finding_id, question in [("F1", ""), ("F2", "2"), ("F3", "10"), ("F4", "2"), ("F5", "1")]
    ]
    rows.append({**rows[-1], "status": "withdrawn"})
    assert [row["finding_id"] for row in list_findings(rows)] == ["F2", "F4", "F3", "F1"]


def test_a_number_is_filled_in_by_its_name_and_an_unknown_one_stays_seen():
    wording = "Of {sources}, { codes } and {nothing}."
    assert list_named(wording) == ["sources", "codes", "nothing"]
    assert fill_wording(wording, {"sources": "103", "codes": "34"}) == "Of 103, 34 and {nothing}."


@pytest.mark.parametrize(
    "wording",
    [
        "Most of {sources} sources follow G05 and S012-003.",
        "ISO/IEC 25010:2023 lacks cost, as in 2024.",
        "Python3 and layer-2 switches.",
        "No number at all.",
    ],
)
def test_ids_years_and_names_are_no_typed_numbers(folder, wording):
    assert write(folder, FINDINGS, f'F1,1,"{wording}",G01,guidelines,,2026-02-02') == []


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        ("F1,1,There are 29 guidelines.,,,,", "wording", "has a number typed by hand, which would go stale"),
        ("F1,1,Half (50 %) of it.,,,,", "wording", "has a number typed by hand, which would go stale"),
        ('F1,1,"About 1,200 words.",,,,', "wording", "has a number typed by hand, which would go stale"),
        ("F1,1,There are {guidelines.,,,,", "wording", "has a brace without the other"),
        ("F1,3,No such question.,,,,", "question", "is no research question of the protocol"),
        ("F1,1,Unknown.,G09,,,", "guideline_ids", "is not in guidelines.csv"),
    ],
)
def test_a_finding_that_would_go_stale_or_leads_nowhere_is_refused(folder, row, column, problem):
    faults = write(folder, FINDINGS, row)
    assert [(number, name, words.split(";")[0].split(" (did")[0]) for number, name, words in faults] == [
        (2, column, problem)
    ]


def test_a_name_that_no_number_has_is_remarked_once_there_are_numbers(folder):
    write(folder, FINDINGS, "F1,1,There are {guidelines} of {sorces}.,,,,")
    study = read_tables(folder)[0]
    assert remark_numbers(study, {}) == []
    (remark,) = remark_numbers(study, {"guidelines": "2", "sources": "3"})
    assert (remark.value, "'sources'" in remark.problem or "sources" in remark.problem) == ("sorces", True)


def test_a_study_without_questions_says_where_they_belong(folder):
    (folder / "config/protocol.md").write_text("# Protocol\n", encoding="utf-8")
    write(folder, FINDINGS, "F1,1,An answer.,,,,")
    (fault,) = read_study(folder)[1]
    assert "## Research questions" in fault.expected


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        (["O1,G01,The first,same,,", "O2,G02,,none,,", "O3,,The second,none,,"], []),
        (["O1,G01,,same,,"], ["lacks one of the two"]),
        (["O1,G01,The first,none,,"], ["names both or neither"]),
        (["O1,,,none,,"], ["names both or neither"]),
        (["O1,G01,The first,same,,", "O2,G01,The first,part,,"], ["is the pair of O1 too"]),
        (["O1,G01,The first,same,,", "O1,G01,The first,part,,2026-03-01"], []),
        (["O1,G01,The first,same,,", "O1,G01,The first,same,withdrawn,2026-03-01", "O2,G01,The first,part,,"], []),
        (["O1,G07,The first,same,,"], ["is not in guidelines.csv"]),
    ],
)
def test_correspondences_name_what_they_relate(folder, rows, problems):
    found = [words.split(";")[0].split(" (did")[0] for _, _, words in write(folder, CORRESPONDENCES, *rows)]
    assert found == problems


def test_correspondences_without_an_original_are_refused(tmp_path):
    write_synthesis(tmp_path)
    (problem,) = [words for _, _, words in write(tmp_path, CORRESPONDENCES, "O1,G01,The first,same,,")]
    assert problem == "answers a study that the config does not name"


def test_the_last_row_of_a_correspondence_is_in_force():
    row = {"correspondence_id": "O1", "decided_at": "", "status": "", "relation": "same"}
    assert list_correspondences([row, row | {"relation": "part"}]) == [row | {"relation": "part"}]
    assert list_correspondences([row, row | {"status": "withdrawn"}]) == []


def test_an_original_is_cited_with_what_is_known_of_it():
    original = {"authors": ["A. Cooper", "B. Hoop"], "year": 2020, "title": "Butts", "identifier": "doi:10/x"}
    assert cite_original(original) == "A. Cooper, B. Hoop (2020): Butts, doi:10/x"
    assert cite_original(original | {"identifier": ""}) == "A. Cooper, B. Hoop (2020): Butts"
    assert cite_original(original | {"authors": []}) == "Butts (2020), doi:10/x"
