"""The queue after changes of the codebook: what waits, what each decision writes, and that nothing stays behind."""

import pytest

from applications import get, post
from coding_desks import Team
from desks import assert_no_fault
from graylit.study.checking import read_study
from graylit.study.remarks import list_remarks
from tiny_study import replace_once

GNATS = {"name": "Gnats", "definition": "Insects in the barrel", "include_when": "", "exclude_when": ""}
SHARPER = {"name": "Mesh", "definition": "A mesh over the inlet", "include_when": "", "exclude_when": ""}


@pytest.fixture
def team(tmp_path):
    team = Team(tmp_path / "study")
    replace_once(team.folder, "config/config.yaml", "has_texts: true", "has_texts: true\nhas_shared_codes: true")
    team.code("A", "S001-002", "C01", memo="two meshes", confidence="high")
    team.code("A", "S002-001", "C01")
    team.code("A", "S001-003", "C02")
    team.code("B", "S001-002", "C01")
    return team


def look(team, name="A"):
    return get(team[name], "recode/next")


def decide(team, kind, name="A", **asked):
    one = look(team, name)["coding"]
    path = f"recode/codings/{asked.pop('coding_id', one and one['coding_id'])}"
    return post(team[name], path, **({"kind": kind, "version": one["version"] if one else ""} | asked))


def remarks(team):
    study, faults = read_study(team.folder)
    assert faults == []
    return [str(one) for one in list_remarks(study, team.folder) if "wait" in str(one) or "retired" in str(one)]


def test_nothing_waits_before_anything_changes(team):
    assert (look(team)["n_left"], look(team)["coding"]) == (0, None)


def test_after_a_sharpened_definition_own_codings_wait_with_words_and_both_definitions(team):
    team.change("reword", code_id="C01", **SHARPER)
    seen = look(team)
    assert (seen["n_left"], look(team, "B")["n_left"]) == (2, 1)
    one = seen["coding"]
    assert (one["coding_id"], one["why"], one["memo"]) == ("A-0001", "sharpened", "two meshes")
    assert (one["before"]["definition"], [row["definition"] for row in one["now"]]) == (
        "A mesh keeps leaves out",
        ["A mesh over the inlet"],
    )
    words = [segment["words"][:6] for segment in one["place"]["segments"]]
    assert words == ["A barr", "A mesh", "The ov"]
    assert (one["change"]["reason"], one["change"]["decided_by"]) == ("why", "EVE")
    assert len(remarks(team)) == 2


def test_a_coding_that_is_kept_is_restated_under_the_new_definition(team):
    team.change("reword", code_id="C01", **SHARPER)
    status, answer = decide(team, "keep")
    assert (status, answer["saved"], answer["n_left"]) == (200, "kept on A-0001", 1)
    row = team.codings("A")[-1]
    assert (row["replaces"], row["code_id"], row["memo"], row["confidence"]) == ("A-0001", "C01", "two meshes", "high")
    assert decide(team, "withdraw")[1]["n_left"] == 0
    assert decide(team, "keep", "B")[0] == 200
    assert remarks(team) == []
    assert_no_fault(team.folder)


def test_after_a_merge_and_a_split_the_queue_empties_and_the_check_is_silent(team):
    team.change("merge", code_ids=["C01"], into="C02")
    team.change("split", code_id="C02", parts=[GNATS, GNATS | {"name": "Leaves"}])
    assert {one["why"] for one in (look(team)["coding"], look(team, "B")["coding"])} == {"split"}
    assert len(remarks(team)) == 2
    for name in ("A", "B"):
        while one := look(team, name)["coding"]:
            assert decide(team, "give", name, code_id=one["now"][0]["code_id"])[0] == 200
    assert {row["code_id"] for name in ("A", "B") for row in team.codings(name)} == {"C01", "C02", "EVE-c01"}
    assert remarks(team) == []
    assert_no_fault(team.folder)


def test_what_was_merged_is_kept_under_the_code_that_took_its_place(team):
    team.change("merge", code_ids=["C01"], into="C02")
    assert [row["code_id"] for row in look(team)["coding"]["now"]] == ["C02"]
    assert decide(team, "keep")[0] == 200
    assert team.codings("A")[-1]["code_id"] == "C02"


def test_what_has_the_successor_already_is_withdrawn(team):
    team.code("A", "S001-002", "C02")
    team.change("merge", code_ids=["C01"], into="C02")
    status, answer = decide(team, "keep")
    assert (status, answer["message"]) == (422, "C02 is on these words already.")
    assert decide(team, "withdraw")[0] == 200


def test_a_split_code_cannot_be_kept(team):
    team.change("split", code_id="C01", parts=["C02", GNATS])
    before = team.codings("A")
    status, answer = decide(team, "keep")
    assert (status, "took its place" in answer["message"]) == (422, True)
    assert decide(team, "give", code_id="C01")[0] == 422
    assert team.codings("A") == before


def test_an_undo_puts_the_coding_back_into_the_queue(team):
    team.change("reword", code_id="C01", **SHARPER)
    decide(team, "keep")
    status, answer = decide(team, "undo", coding_id=look(team)["undo"])
    assert (status, answer["n_left"], answer["n_done"], answer["undo"]) == (200, 2, 0, "")
    assert team.codings("A")[-1]["coded_at"] == team.codings("A")[0]["coded_at"]
    assert look(team)["coding"]["memo"] == "two meshes"
    assert_no_fault(team.folder)


def test_what_was_decided_on_the_coding_page_since_is_not_undone_here(team):
    team.change("reword", code_id="C01", **SHARPER)
    decide(team, "keep")
    team.code("A", "S001-001", "C02")
    status, answer = decide(team, "undo", coding_id="A-0001")
    assert (status, "coding page" in answer["message"]) == (422, True)
    assert team.codings("A")[-1]["code_id"] == "C02"


def test_a_clock_behind_the_codebook_decides_nothing(team):
    team.change("reword", code_id="C01", **SHARPER)
    team.clock.second = 1
    before = team.codings("A")
    status, answer = decide(team, "keep")
    assert (status, "this machine's clock" in answer["message"]) == (422, True)
    assert team.codings("A") == before


def test_a_decision_on_what_has_changed_meanwhile_is_refused(team):
    team.change("reword", code_id="C01", **SHARPER)
    one = look(team)["coding"]
    team.change("reword", code_id="C01", **SHARPER | {"definition": "A mesh over the inlet, of steel"})
    asked = {"kind": "keep", "version": one["version"]}
    assert post(team["A"], f"recode/codings/{one['coding_id']}", **asked)[0] == 409
    assert look(team)["coding"]["now"][0]["definition"].endswith("of steel")


def test_a_change_that_was_taken_back_leaves_nothing_waiting(team):
    team.change("reword", code_id="C01", **SHARPER)
    team.change("undo")
    assert look(team)["n_left"] == 0
    assert remarks(team) == []


def test_the_first_page_says_how_many_wait(team):
    team.change("reword", code_id="C01", **SHARPER)
    task = next(task for task in get(team.open("A"), "left")["tasks"] if task["name"] == "recode")
    assert (task["n_left"], task["n_done"]) == (2, 0)
