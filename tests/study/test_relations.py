"""Relations of guidelines, attributes of a study's own and second readings: what is in force, and what is wrong."""

import pytest

from graylit.study.checking import read_study
from graylit.study.relations import list_relations, tell_relations
from graylit.study.remarks import list_remarks
from tiny_study import PATHS, replace_once, write_synthesis

RELATIONS = "config/synthesis/relations.csv"
READINGS = "config/synthesis/impact_readings.csv"
ATTRIBUTES = "config/attributes.csv"
HEADERS = {
    RELATIONS: "guideline_id,other_guideline_id,relation,status,decided_at,decided_by,reason",
    READINGS: "impact_id,reader,reading,quality_attribute,effect,reason,read_at",
    ATTRIBUTES: "attribute,definition,status",
    "config/synthesis/places_read.csv": "opened_by,coding_id,opened_at",
}


@pytest.fixture
def folder(tmp_path):
    return write_synthesis(tmp_path)


def write(folder, file, *rows):
    (folder / file).write_text("\n".join([HEADERS[file], *rows]) + "\n", encoding="utf-8")


def faults_of(folder):
    return [(fault.row, fault.column, fault.value, fault.problem) for fault in read_study(folder)[1]]


def relation(first, second, kind, status=""):
    cells = {"guideline_id": first, "other_guideline_id": second, "relation": kind, "status": status, "reason": "why"}
    return cells | {"decided_at": "2026-02-01"}


def test_the_last_row_of_two_guidelines_is_in_force():
    rows = [relation("G1", "G2", "needs"), relation("G1", "G2", "refines"), relation("G2", "G1", "needs")]
    rows += [
        relation("G3", "G1", "conflicts"),
        relation("G1", "G9", "needs"),
        relation("G2", "G1", "needs", "withdrawn"),
    ]
    found = list_relations(rows, {"G1", "G2", "G3"})
    assert [(row["guideline_id"], row["relation"]) for row in found] == [("G1", "refines"), ("G3", "conflicts")]
    told = tell_relations(found, "G1")
    assert told == [("refines", "G2", "why"), ("conflicts with", "G3", "why")]
    assert tell_relations(found, "G2") == [("is refined by", "G1", "why")]


@pytest.mark.parametrize(
    ("file", "row", "column", "problem"),
    [
        (RELATIONS, "G01,G7,needs,,,,", "other_guideline_id", "is not in guidelines.csv"),
        (RELATIONS, "G01,G01,needs,,,,", "other_guideline_id", "is the guideline itself"),
        (RELATIONS, "G01,G02,likes,,,,", "relation", "is not valid"),
        (READINGS, "I9,Bo,not_shown,,,,2026-02-01", "impact_id", "is not in impacts.csv"),
        (READINGS, "I01,Bo,shown,safety,,,2026-02-01", "effect", "is empty for an impact that is shown"),
        (READINGS, "I01,Bo,not_shown,safety,,,2026-02-01", "quality_attribute", "is filled though no impact is shown"),
        (READINGS, "I01,Bo,shown,speed,strained,,2026-02-01", "quality_attribute", "is no attribute of this study"),
        ("config/synthesis/places_read.csv", "A,A-77,2026-02-01", "coding_id", "is not in config/coding/codings"),
    ],
)
def test_a_fault_is_named_with_its_place(folder, file, row, column, problem):
    write(folder, file, row)
    ((number, found, _, said),) = faults_of(folder)
    assert (number, found) == (2, column)
    assert said.startswith(problem)


def test_a_relation_to_a_withdrawn_guideline_is_a_fault_until_it_is_withdrawn(folder):
    write(folder, RELATIONS, "G01,G02,needs,,2026-02-01,,")
    guidelines = folder / "config/synthesis/guidelines.csv"
    header, first, second = guidelines.read_text().splitlines()
    lines = [f"{header},status,decided_at", f"{first},,", f"{second},,", f"{second},withdrawn,2026-02-02"]
    guidelines.write_text("\n".join(lines) + "\n")
    assert (2, "other_guideline_id", "G02", "is withdrawn") in faults_of(folder)
    write(folder, RELATIONS, "G01,G02,needs,,2026-02-01,,", "G01,G02,needs,withdrawn,2026-02-03,,")
    assert [fault for fault in faults_of(folder) if fault[1] == "other_guideline_id"] == []


def test_a_second_reader_is_not_the_author(folder):
    replace_once(folder, PATHS["impacts"][0], "decision,coding_ids\n", "decision,coding_ids,decided_by\n")
    replace_once(folder, PATHS["impacts"][0], "A-1; B-1\n", "A-1; B-1,Bo\n")
    replace_once(folder, PATHS["impacts"][0], "goes,A-2\n", "goes,A-2,Cy\n")
    write(folder, READINGS, "I01,Bo,not_shown,,,,2026-02-01", "I02,Bo,not_shown,,,,2026-02-01")
    assert faults_of(folder) == [(2, "reader", "Bo", "wrote this impact")]


def test_a_study_has_the_attributes_that_it_lists(folder):
    write(folder, ATTRIBUTES, "reliability,It lasts,", "cost,What it takes to run,retired")
    assert [fault[1:3] for fault in faults_of(folder)] == [("quality_attribute", "safety")]
    replace_once(folder, PATHS["impacts"][0], "safety", "cost")
    assert faults_of(folder) == []


def test_a_practice_may_wait_for_its_guideline_and_is_remarked_on(folder):
    replace_once(folder, PATHS["practices"][0], "decided_at,decided_by\n", "decided_at,decided_by,status\n")
    replace_once(folder, PATHS["practices"][0], "G01,Same thing,2026-02-01,A\n", "G01,Same thing,2026-02-01,A,\n")
    replace_once(folder, PATHS["practices"][0], "Nothing to do with water,2026-02-01,A\n", ",2026-02-01,A,open\n")
    study, faults = read_study(folder)
    assert faults == []
    (remark,) = [one for one in list_remarks(study, folder) if one.file == PATHS["practices"][0]]
    assert (remark.value, remark.problem) == ("P02", "is neither merged nor dropped")
