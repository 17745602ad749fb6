"""Pairs that a review proposed as one page: a check counts those on which nobody has decided."""

import pytest

from graylit.desk.remaining import list_stages, tell_open
from graylit.study.checking import read_study, require_screened
from graylit.study.remarks import list_remarks
from graylit.study.study import MERGED
from graylit.tables.screening import DUPLICATE_CANDIDATES
from screening_desks import list_candidates, write_screened

HEADER = "duplicate_id,candidate_id,other_id,decision,decided_by\n"
FILE = "config/search/duplicates.csv"


@pytest.fixture
def folder(tmp_path):
    folder = write_screened(tmp_path / "study", list_candidates(4))
    propose(folder, ("H00001", "H00002"), ("H00002", "H00003"), ("H00001", "H00003"))
    return folder


def propose(folder, *pairs, status="proposed"):
    """Write the table that a review makes of pairs of candidates."""
    made = folder / MERGED
    made.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{one},{other},title,0.9,{status},\n" for one, other in pairs]
    made.write_text(",".join(DUPLICATE_CANDIDATES.names) + "\n" + "".join(lines), encoding="utf-8")


def decide(folder, *rows):
    lines = [f"D{at},{row},CLEO\n" for at, row in enumerate(rows)]
    (folder / FILE).write_text(HEADER + "".join(lines), encoding="utf-8")


def told(folder):
    """Return what a check and `graylit status` say of pairs."""
    study, _ = read_study(folder)
    remarks = [one.problem for one in list_remarks(study, folder) if one.file == FILE]
    return remarks, [tell_open(one) for one in list_stages(folder, require_screened(folder)) if one.name == "pairs"]


def test_pairs_that_wait_for_a_decision_are_named_and_counted(folder):
    (problem,), (line,) = told(folder)
    assert "3 pairs of candidates that may be one page: H00001 and H00002, H00001 and H00003" in problem
    assert line == f"3 pairs may be one page: decide in {FILE}"


def test_pairs_are_decided_by_rows_about_them_or_about_others_of_their_groups(folder):
    decide(folder, "H00002,H00001,different")
    assert "2 pairs" in told(folder)[0][0]
    decide(folder, "H00002,H00001,different", "H00002,H00003,same")
    assert told(folder) == ([], [])
    decide(folder, "H00001,H00002,same", "H00002,H00003,same")
    assert told(folder) == ([], [])


def test_pairs_of_pages_that_are_no_candidates_any_more_are_not_asked_about(folder):
    propose(folder, ("H00001", "H00009"))
    assert told(folder) == ([], [])


def test_pairs_that_a_review_merged_and_a_study_without_a_review_ask_for_nothing(folder):
    propose(folder, ("H00001", "H00002"), status="merged")
    assert told(folder) == ([], [])
    (folder / MERGED).unlink()
    assert told(folder) == ([], [])
