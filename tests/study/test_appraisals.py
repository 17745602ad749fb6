"""Appraisals: faults beside the checklist, and what is still to be appraised, finished or settled."""

import pytest

from graylit.study.checking import read_study
from graylit.study.remarks import list_remarks
from tiny_study import PATHS, faults_of, only_fault, place, replace_once, write_synthesis

QUALITY, CHECKLIST = PATHS["quality"][0], "config/checklist.csv"
OWN = """\
item,area,question,scores,is_turned
K1,rigour,Is it sound?,2 = yes; 1 = partly; 0 = no,
K2,rigour,Is it an advertisement?,1 = yes; 0 = no,yes
"""


@pytest.fixture
def folder(tmp_path):
    return write_synthesis(tmp_path)


def write_own(folder, *rows, more=""):
    """Write a checklist of two questions, and scores of it: rows of source, appraiser, item, score, names settled."""
    (folder / CHECKLIST).write_text(OWN + more)
    header = "source_id,appraiser,item,score,settles_scores_of,appraised_at"
    lines = [f"{row},2026-03-01T10:00:{number:02}Z" for number, row in enumerate(rows)]
    (folder / QUALITY).write_text("\n".join([header, *lines, ""]))
    return folder


def remarks_of(folder):
    study, faults = read_study(folder)
    assert faults == []
    return [remark.problem for remark in list_remarks(study, folder) if remark.file == QUALITY]


def test_a_checklist_of_the_study_takes_the_place_of_the_twenty_questions(folder):
    write_own(folder, "S001,A,K1,2,", "S001,A,K2,1,")
    assert faults_of(folder) == []
    replace_once(folder, QUALITY, "S001,A,K1,2,", "S001,A,Q01,1,")
    fault = only_fault(folder)
    assert (place(fault), fault.expected) == ((QUALITY, 2, "item", "Q01"), "one of K1, K2")


def test_each_question_has_its_own_scale(folder):
    write_own(folder, "S001,A,K1,2,", "S001,A,K2,2,")
    fault = only_fault(folder)
    assert (place(fault), fault.expected) == ((QUALITY, 3, "score", "2"), "one of 1 (yes), 0 (no)")


def test_a_score_may_be_written_with_a_decimal(folder):
    assert faults_of(write_own(folder, "S001,A,K1,2.0,")) == []


@pytest.mark.parametrize("scores", ["yes; no", "1 = yes", "1 = yes; 1.0 = no", "1 = yes, 0 = no", ";"])
def test_scores_that_are_no_scale_are_refused(folder, scores):
    write_own(folder, more=f'K3,rigour,Is it dated?,"{scores}",\n')
    assert place(only_fault(folder))[:3] == (CHECKLIST, 4, "scores")


def test_a_row_without_a_score_withdraws_an_earlier_one_or_is_a_fault(folder):
    write_own(folder, "S001,A,K1,2,", "S001,A,K1,,")
    assert remarks_of(folder) == ["All 3 sources were appraised by nobody: S001, S002, S003"]
    write_own(folder, "S001,A,K1,2,", "S001,B,K1,,")
    assert place(only_fault(folder)) == (QUALITY, 3, "score", "")


def test_a_settlement_names_who_scored_the_question_before(folder):
    scored = "S001,A,K1,2,", "S001,B,K1,0,"
    assert faults_of(write_own(folder, *scored, "S001,C,K1,1,A; B")) == []
    assert place(only_fault(write_own(folder, *scored, "S001,C,K1,1,A; D"))) == (QUALITY, 4, "settles_scores_of", "D")
    assert place(only_fault(write_own(folder, *scored, "S001,C,K2,1,A"))) == (QUALITY, 4, "settles_scores_of", "A")


def test_what_is_not_appraised_not_finished_and_not_settled_is_named(folder):
    finished = [f"S00{n},{name},K{item},{score}," for n, name, item, score in
                [(1, "A", 1, 2), (1, "A", 2, 0), (1, "B", 1, 0), (1, "B", 2, 0), (2, "A", 2, 1)]]  # fmt: skip
    write_own(folder, *finished)
    assert remarks_of(folder) == [
        "1 of 3 sources was appraised by nobody: S003",
        "1 appraisal is not finished: S002 by A without K1",
        "1 score differs and nobody has settled it: S001 K1",
    ]
    write_own(folder, *finished, "S001,C,K1,1,A; B", "S002,A,K1,1,", "S003,A,K1,1,", "S003,A,K2,1,")
    assert remarks_of(folder) == []


def test_a_study_that_appraises_nothing_is_reminded_of_nothing(folder):
    (folder / QUALITY).unlink()
    assert remarks_of(folder) == []
