"""Faults and remarks in claims of guidelines and in their readings."""

import pytest

from graylit.study.checking import read_study
from graylit.study.claim_remarks import check_floor, remark_claims
from tiny_study import replace_once, write_synthesis

CLAIMS, READINGS, PEOPLE = (f"config/{name}.csv" for name in ("synthesis/claims", "synthesis/claim_readings", "people"))
CONTENT = {
    CLAIMS: "claim_id,guideline_id,wording,status,decided_at,decided_by,reason\n"
    "L01,G01,A mesh keeps leaves out.,,2026-02-01,A,\n"
    "L02,G02,Water must not run against walls.,,2026-02-01,A,\n",
    READINGS: "reading_id,claim_id,coding_id,reader,reading,reason,read_at,replaces,settles\n"
    "R1,L01,A-1,A,supports,,2026-02-02,,\n"
    "R2,L01,B-1,A,supports,,2026-02-02,,\n"
    "R3,L01,B-1,B,partly,,2026-02-02,,\n"
    "R4,L01,B-1,C,supports,Plain,2026-02-03,,R2; R3\n"
    "R5,L01,A-1,A,against,,2026-02-04,R1,\n",
}


def write_claims(folder):
    write_synthesis(folder)
    for name, content in CONTENT.items():
        (folder / name).write_text(content)
    return folder


def faults_of(folder):
    return [(fault.file, fault.row, fault.column, fault.value, fault.problem) for fault in read_study(folder)[1]]


def remarks_of(folder):
    study, faults = read_study(folder)
    assert faults == []
    return [remark.problem for remark in remark_claims(study, folder)]


def weak_of(folder):
    study, faults = read_study(folder)
    assert faults == []
    return [(fault.row, fault.value, fault.problem) for fault in check_floor(study, folder)]


def test_claims_without_faults_have_none(tmp_path):
    assert faults_of(write_claims(tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "row", "column", "problem"),
    [
        (CLAIMS, "L01,G01", "L01,G9", 2, "guideline_id", "is not in guidelines.csv"),
        (CLAIMS, "walls.,,", "walls.,accepted,", 3, "reason", "is empty for an accepted claim"),
        (CLAIMS, "walls.,,", "walls.,dropped,", 3, "status", "is not valid"),
        (READINGS, "R1,L01", "R1,L09", 2, "claim_id", "is not in claims.csv"),
        (READINGS, "R3,L01,B-1", "R3,L01,B-9", 4, "coding_id", "is not in config/coding/codings"),
        (READINGS, "B,partly", "B,somewhat", 4, "reading", "is not valid"),
        (READINGS, "B,partly", "B,", 4, "reading", "is empty"),
        (READINGS, "R2; R3", "R2; R8", 5, "settles", "is not in claim_readings.csv"),
        (READINGS, "R2; R3", "R1", 5, "settles", "has another coding_id"),
        (READINGS, "2026-02-04,R1,", "2026-02-04,,", 6, "claim_id, coding_id, reader", "was read in row 2 already"),
        (READINGS, "2026-02-04,R1,", "2026-02-04,R3,", 6, "replaces", "has another coding_id, reader"),
        (READINGS, "against,,2026-02-04,R1,\n", "against,,,R1,\nR6,L01,A-1,A,partly,,,R1,\n", 7, "replaces", "was rep"),
        (READINGS, "R3\n", "R3\nR6,L01,B-1,D,partly,,,,R2\n", 6, "claim_id, coding_id", "was settled in row 5 already"),
    ],
)
def test_a_fault_is_named_with_its_place(tmp_path, name, old, new, row, column, problem):
    replace_once(write_claims(tmp_path), name, old, new)
    found = [fault for fault in faults_of(tmp_path) if (fault[0], fault[1], fault[2]) == (name, row, column)]
    assert found and found[0][-1].startswith(problem), faults_of(tmp_path)


def test_a_settlement_that_settles_or_replaces_the_earlier_one_is_no_second_one(tmp_path):
    for cells in ("R6,L01,B-1,D,partly,,,,R4", "R6,L01,B-1,D,,,,R4,"):
        replace_once(write_claims(tmp_path), READINGS, "R2; R3\n", f"R2; R3\n{cells}\n")
        assert faults_of(tmp_path) == []


def test_a_claim_of_a_withdrawn_guideline_is_a_fault_until_it_is_withdrawn_too(tmp_path):
    guidelines = "config/synthesis/guidelines.csv"
    replace_once(write_claims(tmp_path), guidelines, "theme_id,code_ids,related", "theme_id,code_ids,related,status")
    replace_once(tmp_path, guidelines, "T01,C01,G02", "T01,C01,G02,")
    replace_once(tmp_path, guidelines, "T02,C02,", "T02,C02,,withdrawn")
    assert (CLAIMS, 3, "guideline_id", "G02", "is withdrawn") in faults_of(tmp_path)
    with (tmp_path / CLAIMS).open("a") as table:
        table.write("L02,G02,Water must not run against walls.,withdrawn,2026-03-01,A,\n")
    assert not [fault for fault in faults_of(tmp_path) if fault[0] == CLAIMS]


def test_a_reader_who_is_not_listed_is_a_fault(tmp_path):
    write_claims(tmp_path)
    (tmp_path / PEOPLE).write_text("decider,kind,roles\nA,person,coder; sorter\nB,person,coder; sorter\n")
    assert [fault[:4] for fault in faults_of(tmp_path) if fault[0] == READINGS] == [(READINGS, 5, "reader", "C")]


def test_what_is_left_to_read_is_said_by_reader_and_what_is_disputed_for_all(tmp_path):
    write_claims(tmp_path)
    assert remarks_of(tmp_path) == ["holds no reading of 2 pairs of a claim and a coding: L02"]
    (tmp_path / PEOPLE).write_text(
        "decider,kind,roles\nA,person,coder; sorter; reader\nB,person,coder; sorter; reader\nC,person,adjudicator\n"
    )
    first, second = remarks_of(tmp_path)
    assert first == "holds no reading of A on 2 pairs of a claim and a coding: L02"
    assert second.startswith("holds no reading of B on")
    replace_once(tmp_path, READINGS, "R4,L01,B-1,C,supports,Plain,2026-02-03,,R2; R3\n", "")
    assert "leaves open what readers differ on, 1 pair of a claim and a coding: L01" in remarks_of(tmp_path)


def test_a_guideline_without_claims_is_remarked_on_where_others_have_some(tmp_path):
    write_claims(tmp_path)
    replace_once(tmp_path, CLAIMS, "L02,G02,Water must not run against walls.,,2026-02-01,A,\n", "")
    assert remarks_of(tmp_path) == ["holds no claim of 1 guideline: G02"]
    (tmp_path / CLAIMS).unlink()
    (tmp_path / READINGS).unlink()
    assert remarks_of(tmp_path) == []


def test_readings_of_codings_that_are_no_evidence_of_the_guideline_are_remarked_on(tmp_path):
    replace_once(write_claims(tmp_path), READINGS, "R1,L01,A-1", "R1,L01,A-2")
    replace_once(tmp_path, READINGS, "R5,L01,A-1", "R5,L01,A-2")
    assert "holds readings of 1 coding on which the guideline does not rest: A-2" in remarks_of(tmp_path)


def test_a_claim_below_the_floor_is_a_fault_of_the_check_once_all_was_read_and_unless_it_is_accepted(tmp_path):
    write_claims(tmp_path)
    assert weak_of(tmp_path) == [(2, "L01", "is supported by 1 publisher")]
    replace_once(tmp_path, READINGS, "R4,L01,B-1,C,supports,Plain,2026-02-03,,R2; R3\n", "")
    assert weak_of(tmp_path) == []  # what is disputed may still support it
    write_claims(tmp_path)
    people = "decider,kind,roles\nA,person,coder; sorter; reader\nB,person,coder; sorter\nC,person,adjudicator\n"
    (tmp_path / PEOPLE).write_text(people)
    assert [row[1] for row in weak_of(tmp_path)] == ["L01"]
    (tmp_path / PEOPLE).write_text(people + "D,person,reader\n")
    assert weak_of(tmp_path) == []  # a second reader is still at work
    (tmp_path / PEOPLE).unlink()
    with (tmp_path / CLAIMS).open("a") as table:
        table.write("L01,G01,A mesh keeps leaves out.,accepted,2026-03-01,A,One source is known for it\n")
    assert weak_of(tmp_path) == []
