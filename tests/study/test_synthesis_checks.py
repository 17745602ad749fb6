"""Faults and remarks in the tables of the synthesis and of the appraisal."""

import pytest

from graylit.study.checking import read_study
from graylit.study.synthesis_checks import remark_evidence
from tiny_study import PATHS, replace_once, write_study, write_synthesis


def faults_of(folder):
    return [(fault.file, fault.row, fault.column, fault.value, fault.problem) for fault in read_study(folder)[1]]


def test_tables_of_the_synthesis_without_faults_have_none(tmp_path):
    assert faults_of(write_synthesis(tmp_path)) == []


def test_a_study_without_these_tables_has_no_faults(tmp_path):
    assert faults_of(write_study(tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "row", "column", "value", "problem"),
    [
        ("practices", "C01; C02", "C01; C09", 3, "code_ids", "C09", "is not in codebook.csv"),
        ("practices", "C01,G01", "C01,G1", 2, "guideline_id", "G1", "is not in guidelines.csv"),
        ("practices", "Nothing to do with water", "", 3, "reason", "", "is empty for a dropped practice"),
        ("categories", "K01,Inlet,G01", "K01,Inlet,G09", 2, "guideline_ids", "G09", "is not in guidelines.csv"),
        ("categories", "G02,,2026-02-04", "G01; G02,,2026-02-04", 4, "guideline_ids", "G01", "is in category K01"),
        ("categories", "withdrawn", "active", 5, "guideline_ids", "G01", "is in category K01 already"),
        ("card_sorts", "A,G02", "A,G07", 3, "guideline_id", "G07", "is not in guidelines.csv"),
        ("card_sorts", "B,G02", "B,G01", 5, "sorter, guideline_id, sorted_at", "B, G01", "stands in row 4 already"),
        ("card_sorts", "A,G01,in", "A,G01,=in", 2, "pile", "=in", "is not valid"),
        ("impacts", "I01,G01", "I01,G5", 2, "guideline_id", "G5", "is not in guidelines.csv"),
        ("impacts", "reliability", "speed", 2, "quality_attribute", "speed", "is no attribute of this study"),
        ("impacts", "strained", "weakened", 3, "effect", "weakened", "is not valid"),
        ("impacts", "A-2", "A-9", 3, "coding_ids", "A-9", "is no coding"),
        ("impacts", "A-2", "", 3, "coding_ids", "", "is empty"),
        ("quality", "S001,A,Q03,1", "S001,A,Q03,0.7", 4, "score", "0.7", "is not valid"),
        ("quality", "S001,A,Q03,1", "S001,A,Q21,1", 4, "item", "Q21", "is not valid"),
        (
            "quality",
            "S001,A,Q03,1",
            "S001,A,Q02,1",
            4,
            "source_id, appraiser, item, appraised_at",
            "S001, A, Q02",
            "stands in row 3",
        ),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path, name, old, new, row, column, value, problem):
    folder, file = write_synthesis(tmp_path), PATHS[name][0]
    replace_once(folder, file, old, new)
    found = [fault for fault in read_study(folder)[1] if (fault.column, fault.value) == (column, value)]
    assert [(fault.file, fault.row) for fault in found] == [(file, row)]
    assert found[0].problem.startswith(problem)
    assert found[0].expected and found[0].remedy


def test_an_appraised_source_must_be_one_of_the_study(tmp_path):
    folder = write_synthesis(tmp_path)
    path = folder / PATHS["quality"][0]
    path.write_text(path.read_text(encoding="utf-8").replace("S001", "S01"), encoding="utf-8")
    found = faults_of(folder)
    assert len(found) == 20
    assert found[0] == ("config/quality.csv", 2, "source_id", "S01", "is not in sources.csv (did you mean 'S001'?)")


def test_rows_in_force_may_not_name_withdrawn_guidelines(tmp_path):
    folder = write_synthesis(tmp_path)
    path = folder / "config/synthesis/guidelines.csv"
    path.write_text(
        "guideline_id,name,statement,theme_id,code_ids,status\n"
        "G01,Cover,Put a mesh over the inlet.,T01,C01,withdrawn\nG02,Plan,Lead it away.,T02,C02,\n",
        encoding="utf-8",
    )
    assert [fault[:4] for fault in faults_of(folder)] == [
        ("config/synthesis/practices.csv", 2, "guideline_id", "G01"),
        ("config/synthesis/categories.csv", 2, "guideline_ids", "G01"),
        ("config/synthesis/impacts.csv", 2, "guideline_id", "G01"),
    ]


def test_cards_of_withdrawn_guidelines_need_not_be_sorted(tmp_path):
    folder = write_synthesis(tmp_path)
    for name in ("practices", "categories", "impacts"):
        (folder / PATHS[name][0]).unlink()
    replace_once(folder, PATHS["card_sorts"][0], "A,G02,out\n", "")
    path = folder / "config/synthesis/guidelines.csv"
    rows = "G01,Cover,Put a mesh over the inlet.,T01,C01,\nG02,Plan,Lead it away.,T02,C02,withdrawn\n"
    path.write_text("guideline_id,name,statement,theme_id,code_ids,status\n" + rows, encoding="utf-8")
    assert faults_of(folder) == []


def judge(folder, verdict, code_id=""):
    path = folder / "config/coding/adjudications.csv"
    header = "adjudication_id,coding_ids,verdict,code_id,reason,decided_by,decided_at\n"
    path.write_text(f"{header}J-1,A-2,{verdict},{code_id},Read again,A and B,2026-02-01\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("verdict", "code_id", "problems"),
    [
        ("stands", "", []),
        ("falls", "", ["was withdrawn, replaced, superseded or found wrong"]),
        ("recoded", "C01", ["has code C01, on which G02 does not rest"]),
        ("recoded", "C03", []),
    ],
)
def test_an_impact_rests_on_codings_as_adjudicated(tmp_path, verdict, code_id, problems):
    folder = write_synthesis(tmp_path)
    judge(folder, verdict, code_id)
    study, faults = read_study(folder)
    assert (faults, [remark.problem for remark in remark_evidence(study)]) == ([], problems)


def test_an_impact_that_cites_a_coding_of_another_guideline_is_remarked(tmp_path):
    folder = write_synthesis(tmp_path)
    path = folder / "config/synthesis/impacts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("A-2", "A-1"), encoding="utf-8")
    study, faults = read_study(folder)
    remarks = [(one.row, one.column, one.value, one.problem) for one in remark_evidence(study)]
    assert (faults, remarks) == ([], [(3, "coding_ids", "A-1", "has code C01, on which G02 does not rest")])


def test_a_superseded_impact_may_name_codings_that_are_no_longer(tmp_path):
    folder = write_synthesis(tmp_path)
    judge(folder, "falls")
    path = folder / PATHS["impacts"][0]
    rows = path.read_text(encoding="utf-8").splitlines()
    later = "I02,G02,pipe,safety,strained,Where the water goes,A-3,2026-02-02"
    path.write_text("\n".join([rows[0] + ",decided_at", rows[1] + ",", rows[2] + ",", later, ""]), encoding="utf-8")
    assert faults_of(folder) == []


@pytest.mark.parametrize("name", PATHS)
def test_a_table_that_lacks_its_columns_is_a_fault_and_no_crash(tmp_path, name):
    folder = write_synthesis(tmp_path)
    (folder / PATHS[name][0]).write_text("note\nx\n", encoding="utf-8")
    assert {fault[0] for fault in faults_of(folder)} == {PATHS[name][0]}


@pytest.mark.parametrize("file", ["config/synthesis/guidelines.csv", "config/coding/codebook.csv"])
def test_tables_that_cannot_be_read_crash_no_check(tmp_path, file):
    folder = write_synthesis(tmp_path)
    (folder / file).write_text("note\nx\n", encoding="utf-8")
    assert any(fault[0] == file for fault in faults_of(folder))
