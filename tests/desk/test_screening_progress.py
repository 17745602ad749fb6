"""How the screening goes, live: for observers, settlers, and screeners who are all through; and sources made of it."""

import pytest

from applications import TOKEN, ask, decide_at, get, open_desk, post
from conftest import read_table
from desks import assert_no_fault
from screening_desks import SCREENINGS_FILE, list_candidates, write_screened

HEADER = "screening_id,candidate_id,screener,round,decision,criterion_id,reason,screened_at,settles\n"
ROWS = """\
A1,H00001,ANNA,1,include,,,,
B1,H00001,BEN,1,include,,,,
A2,H00002,ANNA,1,exclude,E2,,,
B2,H00002,BEN,1,exclude,E2,,,
A3,H00003,ANNA,1,unsure,,,,
B3,H00003,BEN,1,include,,,,
"""


@pytest.fixture
def study(tmp_path):
    folder = write_screened(tmp_path / "study", list_candidates(4))
    (folder / SCREENINGS_FILE).write_text(HEADER + ROWS, encoding="utf-8")
    return folder


@pytest.mark.parametrize(("name", "more"), [("CLEO", {}), ("", {"is_read_only": True})], ids=["settler", "observer"])
def test_whoever_does_not_screen_sees_how_far_all_are(study, name, more):
    desk = open_desk(study, name, **more)
    left = {task["name"]: (task["n_left"], task["n_done"]) for task in get(desk, "left")["tasks"]}
    assert left["progress"] == (2, 2)
    seen = get(desk, "progress/figures")
    assert [(one["name"], one["n_done"], one["n_pages"]) for one in seen["screeners"]] == [
        ("ANNA", 3, 4),
        ("BEN", 3, 4),
    ]
    values = {row["measure"]: row["value"] for row in seen["agreement"]}
    assert (values["share_agreed"], values["cohen_kappa"]) == ("0.667", "0.500")
    assert dict(seen["flow"]) == {
        "identified": 4,
        "not screened yet": 1,
        "excluded: No practice": 1,
        "awaiting a decision": 1,
        "included": 1,
    }


def test_exclusions_by_different_criteria_are_counted(study):
    assert get(open_desk(study, "CLEO"), "progress/figures")["n_divided"] == 0
    (study / SCREENINGS_FILE).write_text(
        HEADER + ROWS.replace("BEN,1,exclude,E2", "BEN,1,exclude,E1"), encoding="utf-8"
    )
    seen = get(open_desk(study, "CLEO"), "progress/figures")
    assert (seen["n_divided"], dict(seen["flow"])["excluded: Off topic"]) == (1, 1)


def test_a_screener_sees_it_as_soon_as_all_are_through(study):
    anna = open_desk(study, "ANNA")
    assert ask(anna, "GET", f"/{TOKEN}/progress/figures", origin="").status == 422
    for name in ("ANNA", "BEN"):
        desk = open_desk(study, name)
        decide_at(desk, "screen", get(desk, "screen/next")["candidate"], "include")
    assert get(anna, "progress/figures")["n_unlisted"] == 2


def test_included_candidates_become_sources_by_one_action_of_a_settler_when_all_is_settled(study):
    cleo = open_desk(study, "CLEO")
    seen = get(cleo, "progress/figures")
    assert seen["is_settled"] is False
    status, answer = post(cleo, "progress/include", version=seen["version"])
    assert (status, "all screeners are through" in answer["message"]) == (422, True)
    for name in ("ANNA", "BEN"):
        desk = open_desk(study, name)
        decide_at(desk, "screen", get(desk, "screen/next")["candidate"], "include")
    assert post(cleo, "progress/include", version=seen["version"])[0] == 422  # H00003 is still to be settled
    decide_at(cleo, "settle", get(cleo, "settle/next")["candidate"], "exclude", criterion_id="E1")
    assert post(cleo, "progress/include", version="9")[0] == 409
    seen = get(cleo, "progress/figures")
    status, answer = post(cleo, "progress/include", version=seen["version"])
    assert (status, "2 sources added" in answer["lines"][0], "graylit" in answer["next"]) == (200, True, True)
    assert [row["source_id"] for row in read_table(study / "config/sources.csv")] == ["H00001", "H00004"]
    assert get(cleo, "progress/figures")["n_unlisted"] == 0
    assert_no_fault(study)
