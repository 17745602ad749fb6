"""A synthesizer writes claims at the desk: adds, rewords, withdraws and accepts them, by rows."""

import pytest

from applications import get, open_desk, post
from claim_desks import CLAIMS_FILE, READINGS_FILE, write_claimed
from conftest import read_table
from desks import assert_no_fault

READINGS = "reading_id,claim_id,coding_id,reader,reading\n"


@pytest.fixture
def study(tmp_path):
    return write_claimed(tmp_path / "study")


@pytest.fixture
def dora(study):
    return open_desk(study, "DORA")


def find_claim(desk, claim_id):
    guidelines = get(desk, "claims/guidelines")["guidelines"]
    return next(claim for one in guidelines for claim in one["claims"] if claim["claim_id"] == claim_id)


def decide(desk, kind, claim=None, **more):
    named = {name: claim[name] for name in ("claim_id", "version")} if claim else {}
    return post(desk, "claims/guidelines", kind=kind, **named, **more)


def rows_of(study, claim_id):
    return [row for row in read_table(study / CLAIMS_FILE) if row["claim_id"] == claim_id]


def test_guidelines_are_shown_with_their_claims_and_how_these_fare(dora, study):
    (study / READINGS_FILE).write_text(READINGS + "R1,L01,A-1,ANN,supports\nR2,L01,A-2,ANN,against\n")
    seen = get(dora, "claims/guidelines")
    assert [[one["claim_id"] for one in row["claims"]] for row in seen["guidelines"]] == [["L01", "L02"], ["L03"]]
    counts = find_claim(dora, "L01")["counts"]
    assert (counts["n_pairs"], counts["n_supports"], counts["n_against"], counts["has_floor"]) == (2, 1, 1, "no")


def test_a_reader_sees_no_counts_before_all_are_through(tmp_path):
    roles = {"A": "coder", "B": "coder", "ANN": "reader; synthesizer", "BEN": "reader", "DORA": "synthesizer"}
    study = write_claimed(tmp_path / "study", **roles)
    assert find_claim(open_desk(study, "ANN"), "L01")["counts"] is None
    assert find_claim(open_desk(study, "DORA"), "L01")["counts"]["n_unread"] == 2


def test_a_claim_is_added_with_an_id_that_is_the_persons_own(dora, study):
    status, answer = decide(dora, "add", guideline_id="G02", wording="Walls stay dry.")
    assert (status, answer["saved"]["claim_id"]) == (200, "DORA-L01")
    (row,) = rows_of(study, "DORA-L01")
    assert (row["guideline_id"], row["status"], row["decided_by"]) == ("G02", "active", "DORA")
    assert decide(dora, "add", guideline_id="G02", wording="Beds stay wet.")[1]["saved"]["claim_id"] == "DORA-L02"
    assert_no_fault(study)


def test_a_claim_is_reworded_withdrawn_and_accepted_by_later_rows(dora, study):
    assert decide(dora, "reword", find_claim(dora, "L01"), wording="A mesh keeps most leaves out.")[0] == 200
    assert decide(dora, "accept", find_claim(dora, "L01"), reason="Known from one source only")[0] == 200
    assert decide(dora, "open", find_claim(dora, "L01"))[0] == 200
    assert decide(dora, "withdraw", find_claim(dora, "L01"), reason="Says what L02 says")[0] == 200
    rows = rows_of(study, "L01")
    assert [row["status"] for row in rows] == ["", "active", "accepted", "active", "withdrawn"]
    assert {row["wording"] for row in rows[1:]} == {"A mesh keeps most leaves out."}
    assert len({row["decided_at"] for row in rows}) == len(rows)
    assert_no_fault(study)


def test_each_decision_is_undone_by_a_row(dora, study):
    decide(dora, "add", guideline_id="G02", wording="Walls stay dry.")
    decide(dora, "reword", find_claim(dora, "L01"), wording="Other words.")
    assert decide(dora, "undo")[1]["saved"]["claim_id"] == "L01"
    assert find_claim(dora, "L01")["wording"] == "A mesh keeps leaves out."
    status, answer = decide(dora, "undo")
    assert (status, answer["undo"]) == (200, None)
    assert rows_of(study, "DORA-L01")[-1]["status"] == "withdrawn"
    assert decide(dora, "undo")[0] == 422
    assert_no_fault(study)


@pytest.mark.parametrize(
    ("kind", "more", "status"),
    [
        ("add", {"guideline_id": "G09", "wording": "Walls stay dry."}, 422),
        ("add", {"guideline_id": "G01", "wording": "  "}, 422),
        ("add", {"guideline_id": "G01", "wording": "…"}, 422),
        ("add", {"guideline_id": "G01", "wording": "A mesh keeps leaves out."}, 422),
        ("add", {"guideline_id": "G01", "wording": "x" * 5_001}, 422),
        ("withdraw", {"claim_id": "L01", "version": "1", "reason": ""}, 422),
        ("accept", {"claim_id": "L01", "version": "1"}, 422),
        ("reword", {"claim_id": "L01", "version": "0", "wording": "New"}, 409),
        ("reword", {"claim_id": "L09", "version": "1", "wording": "New"}, 422),
        ("rename", {"claim_id": "L01", "version": "1"}, 422),
    ],
)
def test_what_is_no_decision_is_refused_and_writes_nothing(dora, study, kind, more, status):
    before = (study / CLAIMS_FILE).read_bytes()
    assert decide(dora, kind, **more)[0] == status
    assert (study / CLAIMS_FILE).read_bytes() == before


def test_what_was_changed_elsewhere_meanwhile_is_not_undone(dora, study):
    decide(dora, "reword", find_claim(dora, "L01"), wording="Other words.")
    decide(open_desk(study, "DORA"), "reword", find_claim(dora, "L01"), wording="Still others.")
    status, answer = decide(dora, "undo")
    assert (status, "left as it is" in answer["message"]) == (422, True)
    assert find_claim(dora, "L01")["wording"] == "Still others."


def test_the_first_claims_of_a_study_make_its_table(tmp_path):
    study = write_claimed(tmp_path / "study", claims="")
    dora = open_desk(study, "DORA")
    assert next(one for one in get(dora, "left")["tasks"] if one["name"] == "claims")["n_left"] == 2
    assert decide(dora, "add", guideline_id="G01", wording="A mesh keeps leaves out.")[0] == 200
    assert len(read_table(study / CLAIMS_FILE)) == 1
    assert_no_fault(study)
