"""New codes while reading: who may make them, who sees them when, and that two coders never make one id."""

import pytest

from applications import get, post
from coding_desks import Team
from desks import assert_no_fault
from graylit.models.coding import CodingTask
from graylit.study.checking import require_study
from tiny_study import replace_once

GNATS = {"name": "Gnats", "definition": "Insects in the barrel", "include_when": "", "exclude_when": ""}
OPEN = ("config/config.yaml", "has_texts: true", "has_texts: true\nhas_open_coding: true")


@pytest.fixture
def team(tmp_path):
    team = Team(tmp_path / "study")
    replace_once(team.folder, *OPEN)
    return team


def make(team, who, **asked):
    version = get(team[who], "code/codes")["codebook_version"]
    return post(team[who], "code/codes", version=version, **(GNATS | asked))


def list_codes(team, name):
    return [code["code_id"] for code in get(team[name], "code/codes")["codes"]]


def test_a_new_code_is_at_once_in_the_list_and_can_be_given(team):
    status, answer = make(team, "A")
    assert (status, answer["code_id"]) == (200, "A-c01")
    assert [code["code_id"] for code in answer["codes"]] == ["C01", "C02", "A-c01"]
    team.code("A", "S001-002", "A-c01")
    assert team.codings("A")[-1]["code_id"] == "A-c01"
    assert team.codebook()[-1]["decided_by"] == "A"
    assert_no_fault(team.folder)


def test_coders_make_different_codes_and_see_only_their_own(team):
    assert [make(team, name)[1]["code_id"] for name in ("A", "B")] == ["A-c01", "B-c01"]
    assert list_codes(team, "A") == ["C01", "C02", "A-c01"]
    assert list_codes(team, "B") == ["C01", "C02", "B-c01"]
    source = get(team["B"], "code/sources/S001")["decisions"]
    asked = {"kind": "give", "segment_id": "S001-002", "code_id": "A-c01", "version": source["version"]}
    status, answer = post(team["B"], "code/sources/S001", **asked)
    assert (status, answer["message"]) == (422, "There is no code 'A-c01' in the codebook.")


def test_names_that_coders_write_otherwise_stop_nobody(team):
    assert [make(team, "A")[0], make(team, "B", name="gnats")[0]] == [200, 200]
    assert_no_fault(team.folder)
    assert make(team, "B", name="Gnats")[0] == 422  # B's own code looks like it


def test_an_editor_takes_up_what_coders_made(team):
    make(team, "A")
    shown = {one["code_id"]: one["is_untaken"] for one in get(team["EVE"], "codebook/codes")["codes"]}
    assert shown == {"C01": False, "C02": False, "C03": False, "A-c01": True}
    assert next(task for task in get(team["EVE"], "left")["tasks"] if task["name"] == "codebook")["n_left"] == 1
    assert team.change("take_up", code_id="A-c01", reason="")[0] == 200
    assert list_codes(team, "B") == ["C01", "C02", "A-c01"]
    assert_no_fault(team.folder)


def test_a_code_that_others_are_to_get_is_everybodys(team):
    make(team, "A")
    team.change("split", code_id="C01", parts=["A-c01", "C02"])
    assert list_codes(team, "B") == ["C02", "A-c01"]


def test_an_editor_who_codes_sees_new_codes_of_others_once_all_are_through(tmp_path):
    team = Team(tmp_path / "study", A="coder; editor", B="coder")
    replace_once(team.folder, *OPEN)
    make(team, "B")
    team.code("B", "S001-002", "B-c01")
    assert "B-c01" not in [one["code_id"] for one in get(team["A"], "codebook/codes")["codes"]]
    team.finish("A", "B")
    assert "B-c01" in [one["code_id"] for one in get(team["A"], "codebook/codes")["codes"]]


def test_without_the_config_only_editors_who_code_make_codes(tmp_path):
    team = Team(tmp_path / "study", A="coder; editor", B="coder")
    assert make(team, "A")[0] == 200
    before = team.codebook()
    status, answer = make(team, "B")
    assert (status, "editors make codes" in answer["message"]) == (422, True)
    assert [get(team[name], "code/study")["can_make_codes"] for name in ("A", "B")] == [True, False]
    assert team.codebook() == before


def test_a_code_made_on_a_codebook_of_before_is_refused(team):
    version = get(team["A"], "code/codes")["codebook_version"]
    make(team, "A")
    assert post(team["A"], "code/codes", version=version, **GNATS | {"name": "Flies"})[0] == 409


def test_a_model_that_codes_sees_no_code_that_is_its_makers_alone(team):
    make(team, "A")

    def is_shown():
        task = CodingTask(team.folder, require_study(team.folder))
        return "A-c01" in str(task.show("S001-001"))

    assert not is_shown()
    team.change("take_up", code_id="A-c01", reason="")
    assert is_shown()
