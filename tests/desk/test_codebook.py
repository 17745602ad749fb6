"""The page of the codebook: what each form writes, what it refuses, and what an undo does."""

import pytest

from applications import get, post
from coding_desks import Team
from desks import assert_no_fault
from tiny_study import replace_once

WORDS = {"name": "Gnats", "definition": "Insects in the barrel", "include_when": "", "exclude_when": ""}


@pytest.fixture
def team(tmp_path):
    return Team(tmp_path / "study")


def share_codes(team):
    replace_once(team.folder, "config/config.yaml", "has_texts: true", "has_texts: true\nhas_shared_codes: true")


def in_force(team):
    return {row["code_id"]: row for row in team.codebook()}


def code_of(team, code_id, name="EVE"):
    return next(one for one in get(team[name], "codebook/codes")["codes"] if one["code_id"] == code_id)


def test_a_new_code_is_a_row_of_its_maker(team):
    status, answer = team.change("new", **WORDS, reason="")
    assert (status, answer["saved"]) == (200, "EVE-c01 is a code")
    row = team.codebook()[-1]
    assert (row["name"], row["definition"], row["status"], row["decided_by"]) == (
        *("Gnats", "Insects in the barrel", "active", "EVE"),
    )
    assert row["decided_at"].startswith("2026-03-01T10:")
    assert_no_fault(team.folder)
    assert team.change("new", **WORDS | {"name": "Flies"})[1]["saved"] == "EVE-c02 is a code"


def test_a_code_is_worded_anew(team):
    words = {"name": "Mesh", "definition": "A mesh over the inlet", "include_when": "Leaves", "exclude_when": ""}
    status, answer = team.change("reword", code_id="C01", **words, reason="it was too wide")
    assert (status, answer["saved"]) == (200, "C01 has other words")
    assert in_force(team)["C01"]["include_when"] == "Leaves"
    assert code_of(team, "C01")["history"][-1]["reason"] == "it was too wide"
    assert_no_fault(team.folder)


def test_a_merge_of_codes_of_two_themes_is_refused_until_one_theme_has_both(team):
    status, answer = team.change("merge", code_ids=["C01"], into="C02")
    assert (status, "is in theme T01 already (C01 was merged into C02)" in answer["message"]) == (422, True)
    assert in_force(team)["C01"]["status"] == "active"


def test_a_merge_retires_what_is_merged(team):
    share_codes(team)
    assert team.change("merge", code_ids=["C01"], into="C02")[0] == 200
    row = in_force(team)["C01"]
    assert (row["status"], row["replaced_by"], row["reason"]) == ("retired", "C02", "why")


def test_a_split_makes_codes_and_retires_the_old_one(team):
    parts = [WORDS, "C02", WORDS | {"name": "Leaves"}]
    status, answer = team.change("split", code_id="C01", parts=parts)
    assert (status, answer["saved"]) == (200, "C01 split into C02, EVE-c01, EVE-c02")
    assert in_force(team)["C01"]["replaced_by"] == "C02; EVE-c01; EVE-c02"
    assert in_force(team)["EVE-c02"]["name"] == "Leaves"


def test_a_code_is_retired(team):
    assert team.change("retire", code_id="C01")[0] == 200
    assert (in_force(team)["C01"]["status"], in_force(team)["C01"]["replaced_by"]) == ("retired", "")


@pytest.mark.parametrize(
    ("kind", "asked", "words"),
    [
        ("new", WORDS | {"definition": " "}, "a name and a definition"),
        ("new", WORDS | {"name": "mesh"}, "C01 has the name"),
        ("new", WORDS | {"name": "x" * 6000}, "more than 5,000 signs"),
        ("new", WORDS | {"name": 7}, "words of a code are words"),
        ("reword", {"code_id": "C01", "name": "Mesh", "definition": "A mesh keeps leaves out"}, "Nothing was changed"),
        ("reword", {"code_id": "C03", **WORDS}, "no code 'C03' in use"),
        ("reword", {"code_id": "C01", **WORDS, "reason": " "}, "Say why"),
        ("merge", {"code_ids": ["C01"], "into": "C01"}, "another one"),
        ("merge", {"code_ids": [], "into": "C01"}, "another one"),
        ("merge", {"code_ids": "C01", "into": "C02"}, "no decision"),
        ("merge", {"code_ids": ["C01"], "into": "C09"}, "no code 'C09'"),
        ("split", {"code_id": "C01", "parts": ["C02"]}, "two others or more"),
        ("split", {"code_id": "C01", "parts": ["C01", "C02"]}, "two others or more"),
        ("split", {"code_id": "C01", "parts": [WORDS, WORDS]}, "has the name"),
        ("take_up", {"code_id": "C01"}, "everybody's already"),
        ("revolt", {"code_id": "C01"}, "no decision"),
        ("undo", {}, "Nothing was changed since"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(team, kind, asked, words):
    before = team.codebook()
    status, answer = team.change(kind, **asked)
    assert (status, words in answer["message"]) == (422, True), answer
    assert team.codebook() == before


def test_a_codebook_that_has_changed_meanwhile_is_shown_anew(team):
    version = get(team["EVE"], "codebook/codes")["version"]
    assert team.change("retire", code_id="C01")[0] == 200
    asked = {"kind": "retire", "code_id": "C02", "reason": "why", "version": version}
    assert post(team["EVE"], "codebook/codes", **asked)[0] == 409


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("new", WORDS),
        ("reword", {"code_id": "C01", "name": "Net", "definition": "A net"}),
        ("merge", {"code_ids": ["C01"], "into": "C02"}),
        ("split", {"code_id": "C01", "parts": ["C02", WORDS]}),
        ("retire", {"code_id": "C01"}),
    ],
)
def test_an_undo_is_rows_that_put_back_what_was(team, kind, asked):
    share_codes(team)
    shown = ("name", "definition", "status", "replaced_by")
    before = {code_id: [row[name] for name in shown] for code_id, row in in_force(team).items()}
    done = team.change(kind, **asked)[1]["saved"]
    n_rows = len(team.codebook())
    status, answer = team.change("undo")
    assert (status, answer["saved"], answer["undo"]) == (200, f"taken back: {done}", "")
    after = {code_id: [row[name] for name in shown] for code_id, row in in_force(team).items()}
    assert {code_id: after[code_id] for code_id in before} == before
    assert all(after[code_id][2:] == ["retired", ""] for code_id in after.keys() - before.keys())
    assert len(team.codebook()) > n_rows
    assert_no_fault(team.folder)


def test_a_clock_behind_the_last_coding_changes_nothing(team):
    team.clock.second = 100
    team.code("A", "S001-002", "C01")
    team.clock.second = 0
    before = team.codebook()
    status, answer = team.change("retire", code_id="C01")
    assert (status, "the clock of this machine" in answer["message"]) == (422, True)
    assert team.codebook() == before


def test_how_many_codings_a_change_touches_is_shown(team):
    team.code("A", "S001-002", "C01")
    team.code("A", "S002-001", "C01")
    team.code("B", "S001-002", "C01")
    assert code_of(team, "C01")["counts"] == {"A": 2, "B": 1}


def test_an_editor_who_codes_sees_counts_of_others_once_all_are_through(tmp_path):
    team = Team(tmp_path / "study", A="coder; editor", B="coder")
    team.code("A", "S001-002", "C01")
    team.code("B", "S001-002", "C01")
    assert code_of(team, "C01", "A")["counts"] == {"A": 1}
    team.finish("A", "B")
    assert code_of(team, "C01", "A")["counts"] == {"A": 1, "B": 1}


def test_the_task_is_an_editors_alone(team):
    names = {name: [task["name"] for task in get(team[name], "left")["tasks"]] for name in ("A", "EVE")}
    assert ("codebook" in names["A"], "codebook" in names["EVE"]) == (False, True)
