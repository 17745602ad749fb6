"""The settling page: what all assigned screeners decided on and differ in is settled by a row that is final."""

import pytest

from applications import decide_at, get, open_desk
from desks import assert_no_fault
from graylit.screening.deciding import decide_candidate
from screening_desks import SCREENINGS_FILE, list_candidates, read_screenings, write_screened

HEADER = "screening_id,candidate_id,screener,round,decision,criterion_id,reason,screened_at,settles\n"
ROWS = """\
A1,H00001,ANNA,1,include,,,,
B1,H00001,BEN,1,include,,,,
A2,H00002,ANNA,1,include,,shows how,,
B2,H00002,BEN,1,exclude,E2,a price list,,
A3,H00003,ANNA,1,unsure,,,,
B3,H00003,BEN,1,unsure,,,,
A4,H00004,ANNA,1,unsure,,BEN has not seen it,,
"""


@pytest.fixture
def study(tmp_path):
    folder = write_screened(tmp_path / "study", list_candidates(5))
    (folder / SCREENINGS_FILE).write_text(HEADER + ROWS, encoding="utf-8")
    return folder


@pytest.fixture
def cleo(study):
    return open_desk(study, "CLEO")


def test_only_what_all_have_decided_on_and_differ_in_is_settled(cleo):
    seen = get(cleo, "settle/next")
    assert (seen["n_left"], seen["n_done"], seen["candidate"]["candidate_id"]) == (2, 0, "H00002")
    sides = {(side["decision"], side["criterion_id"], side["reason"]) for side in seen["candidate"]["sides"]}
    assert sides == {("include", "", "shows how"), ("exclude", "E2", "a price list")}
    left = next(task for task in get(cleo, "left")["tasks"] if task["name"] == "settle")
    assert (left["n_left"], left["n_done"]) == (2, 0)


def test_names_are_told_only_if_asked_for(cleo):
    assert "screener" not in get(cleo, "settle/next")["candidate"]["sides"][0]
    named = get(cleo, "settle/next?names=yes")["candidate"]["sides"]
    assert {side["screener"] for side in named} == {"ANNA", "BEN"}


def test_a_settlement_is_a_row_that_is_final_and_can_be_taken_back(study, cleo):
    one = get(cleo, "settle/next")["candidate"]
    status, answer = decide_at(cleo, "settle", one, "exclude", criterion_id="E2", note="no practice in it")
    assert (status, answer["candidate"]["candidate_id"], answer["n_done"]) == (200, "H00003", 1)
    row = read_screenings(study)[-1]
    assert [row[name] for name in ("screening_id", "settles", "decision", "round")] == [
        "CLEO-s0001",
        "A2; B2",
        "exclude",
        "1",
    ]
    mine = [row for row in read_screenings(study) if row["candidate_id"] == "H00002"]
    assert decide_candidate(mine)[0] == "exclude"
    assert_no_fault(study)
    status, answer = decide_at(cleo, "settle", answer["undo"], "undo")
    assert (status, answer["candidate"]["candidate_id"], answer["n_left"], answer["undo"]) == (200, "H00002", 2, None)
    mine = [row for row in read_screenings(study) if row["candidate_id"] == "H00002"]
    assert decide_candidate(mine)[0] == "open"
    assert_no_fault(study)
    assert decide_at(cleo, "settle", answer["candidate"], "include")[0] == 200
    assert_no_fault(study)


@pytest.mark.parametrize(("candidate_id", "kind", "status"), [("H00002", "unsure", 422), ("H00001", "include", 409)])
def test_what_cannot_be_settled_is_refused(study, cleo, candidate_id, kind, status):
    before = read_screenings(study)
    one = get(cleo, "settle/next")["candidate"] | {"candidate_id": candidate_id}
    assert decide_at(cleo, "settle", one, kind)[0] == status
    assert read_screenings(study) == before


def test_a_candidate_that_was_settled_meanwhile_is_shown_anew(study, cleo):
    one = get(cleo, "settle/next")["candidate"]
    other = open_desk(study, "CLEO")
    assert decide_at(other, "settle", get(other, "settle/next")["candidate"], "include")[0] == 200
    assert decide_at(cleo, "settle", one, "exclude", criterion_id="E1")[0] == 409
    assert get(cleo, "settle/next")["candidate"]["candidate_id"] == "H00003"
