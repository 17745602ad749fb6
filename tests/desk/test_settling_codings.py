"""Settling codings: what is disputed, what each decision writes, what an undo does, and who sees it when."""

import pytest

from applications import TOKEN, ask, get, open_desk, post
from coding_desks import Team
from desks import assert_no_fault, list_people
from graylit.study.checking import read_study
from graylit.study.state import judge_codings
from tiny_study import replace_once, write_study


@pytest.fixture
def team(tmp_path):
    """Return a team that differs on three units: two codes, one of them left, and a code beside a shared one."""
    team = Team(tmp_path / "study")
    team.code("A", "S001-001", "C01", memo="a mesh", confidence="low")
    team.code("B", "S001-001", "C02", memo="it flows over")
    team.code("A", "S001-002", "C01")
    for name in ("A", "B"):
        team.code(name, "S001-003", "C01")
    team.code("A", "S001-003", "C02")
    team.code("A", "S002-001", "C02")
    team.code("B", "S002-001", "C02")
    team.finish("A", "B")
    return team


def look(team, name="CLEO", query=""):
    return get(team[name], f"adjudicate/next{query}")


def decide(team, kind, name="CLEO", **asked):
    one = look(team, name)["dispute"]
    key = asked.pop("key", one and one["key"])
    return post(
        team[name], f"adjudicate/disputes/{key}", **({"kind": kind, "version": one["version"], "reason": "why"} | asked)
    )


def rows(team):
    return [(row["coding_ids"], row["verdict"], row["code_id"]) for row in team.adjudications()]


def test_disputes_are_shown_one_by_one_with_words_codes_and_memos(team):
    seen = look(team)
    one = seen["dispute"]
    assert (seen["n_left"], seen["n_done"], one["key"], one["kind"]) == (3, 0, "1:S001-001", "coding")
    assert one["choices"] == ["C01", "C02"]
    assert {side["codings"][0]["memo"] for side in one["sides"]} == {"a mesh", "it flows over"}
    assert [code["definition"] for code in one["codes"]] == [
        "A mesh keeps leaves out",
        "Where water goes when the barrel is full",
    ]
    assert [segment["segment_id"] for segment in one["place"]["segments"]] == ["S001-001", "S001-002"]
    assert one["place"]["segments"][0]["headings"] == ["Choosing a barrel"]


def test_names_are_told_only_if_asked_for(team):
    text = str(look(team)["dispute"])
    assert "coder" not in text and "A-0" not in text and "B-0" not in text
    named = look(team, query="?names=yes")["dispute"]["sides"]
    assert {side["coder"] for side in named} == {"A", "B"}


@pytest.mark.parametrize(
    ("kind", "asked", "expected"),
    [
        ("stands", {}, [("A-0001; B-0001", "stands", "")]),
        ("falls", {}, [("A-0001; B-0001", "falls", "")]),
        ("only", {"code_ids": "C02"}, [("B-0001", "stands", ""), ("A-0001", "falls", "")]),
        ("falls", {"code_ids": "C01"}, [("A-0001", "falls", "")]),
    ],
)
def test_a_decision_is_rows_on_the_disputed_codings(team, kind, asked, expected):
    status, answer = decide(team, kind, **asked)
    assert status == 200, answer
    assert rows(team) == expected
    row = team.adjudications()[0]
    assert (row["adjudication_id"], row["decided_by"], row["reason"]) == ("CLEO-j0001", "CLEO", "why")
    assert answer["n_left"] == (3 if len(expected) == 1 and asked else 2)
    assert_no_fault(team.folder)


def test_codings_become_another_code(team):
    team.change("new", **{"name": "Gnats", "definition": "Insects"})
    status, answer = decide(team, "recoded", code_id="EVE-c01")
    assert (status, answer["saved"]) == (200, "C01, C02 recoded to EVE-c01")
    assert rows(team) == [("A-0001; B-0001", "recoded", "EVE-c01")]
    assert_no_fault(team.folder)


def test_what_all_gave_is_not_disputed(team):
    decide(team, "stands")
    decide(team, "stands")
    assert look(team)["dispute"]["choices"] == ["C02"]
    status, answer = decide(team, "falls")
    assert (status, answer["n_left"], answer["dispute"]) == (200, 0, None)
    assert rows(team)[-1] == ("A-0004", "falls", "")


@pytest.mark.parametrize(
    ("kind", "asked", "status", "words"),
    [
        ("stands", {"reason": " "}, 422, "Say why"),
        ("stands", {"reason": "x" * 6000}, 422, "5,000 signs"),
        ("stands", {"code_ids": "C09"}, 422, "is about C01, C02"),
        ("recoded", {"code_id": "C03"}, 422, "no code 'C03'"),
        ("recoded", {"code_ids": "C01", "code_id": "C01"}, 422, "say that C01 stands"),
        ("maybe", {}, 422, "no decision"),
        ("undo", {}, 422, "nothing to undo"),
        ("stands", {"key": "1:S001-009"}, 409, "changed elsewhere"),
        ("stands", {"version": "x"}, 409, "changed elsewhere"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(team, kind, asked, status, words):
    answer = decide(team, kind, **asked)
    assert (answer[0], words in answer[1]["message"]) == (status, True), answer
    assert team.adjudications() == []


def test_an_undo_is_a_row_that_takes_the_settlement_back(team):
    answer = decide(team, "only", code_ids="C01")[1]
    undone = answer["undo"]
    status, answer = decide(team, "undo", key=undone["key"], version=undone["version"])
    assert (status, answer["n_left"], answer["undo"], answer["dispute"]["key"]) == (200, 3, None, "1:S001-001")
    assert rows(team)[-1] == ("A-0001; B-0001", "open", "")
    study, faults = read_study(team.folder)
    codings = [row for table in study.codings.values() for row in table.cells]
    assert (faults, judge_codings(codings, study.adjudications.cells)) == ([], {})
    assert decide(team, "falls")[0] == 200
    assert_no_fault(team.folder)


def test_earlier_settlements_of_the_same_codes_are_shown(team):
    assert look(team)["dispute"]["earlier"] == []
    decide(team, "only", code_ids="C01", reason="the mesh is the point")
    decide(team, "falls")
    assert look(team)["dispute"]["earlier"] == []  # C02 beside nothing, and no such pair before


def test_a_dispute_like_an_earlier_one_offers_its_reason(tmp_path):
    team = Team(tmp_path / "study")
    for segment in ("S001-001", "S001-002", "S001-003"):
        team.code("A", segment, "C01")
        team.code("B", segment, "C02")
    team.finish("A", "B")
    decide(team, "only", code_ids="C02", reason="the water is the point")
    (one,) = look(team)["dispute"]["earlier"]
    assert (one["reason"], one["n"]) == ("the water is the point", 1)
    decide(team, "only", code_ids="C02", reason="the water is the point")
    (one,) = look(team)["dispute"]["earlier"]
    assert (one["n"], one["verdicts"]) == (2, ["C01 falls", "C02 stands"])


def test_agreement_is_measured_before_and_after(team):
    def shares():
        (one,) = get(team["CLEO"], "adjudicate/agreement")["rounds"]
        share = next(row for row in one["measures"] if row["measure"] == "share_agreed")
        return one["coders"], one["n_units"], share["before"], share["after"]

    assert shares() == ("A; B", 4, 0.25, 0.25)
    decide(team, "stands")
    assert shares() == ("A; B", 4, 0.25, 0.5)
    decide(team, "falls")
    decide(team, "falls")
    assert shares() == ("A; B", 4, 0.25, 1.0)


def test_a_coding_that_was_changed_meanwhile_is_shown_anew(team):
    one = look(team)["dispute"]
    team.decide("A", "S001", kind="remove", coding_id="A-0001")
    asked = {"kind": "stands", "reason": "why", "version": one["version"]}
    assert post(team["CLEO"], f"adjudicate/disputes/{one['key']}", **asked)[0] == 409
    assert look(team)["dispute"]["choices"] == ["C02"]


def test_a_restated_coding_is_disputed_anew(team):
    decide(team, "stands")
    words = {"name": "Mesh", "definition": "A mesh over the inlet", "include_when": "", "exclude_when": ""}
    team.change("reword", code_id="C01", **words)
    one = get(team["A"], "recode/next")["coding"]
    path = f"recode/codings/{one['coding_id']}"
    assert post(team["A"], path, kind="keep", version=one["version"])[0] == 200
    assert (look(team)["n_left"], look(team)["dispute"]["key"]) == (3, "1:S001-001")


def test_sources_as_wholes_are_disputed_in_a_study_without_texts(tmp_path):
    folder = write_study(tmp_path)
    replace_once(folder, "config/config.yaml", "has_texts: true", "has_texts: false")
    for coder, code_id in (("A", "C01"), ("B", "C02")):
        rows = f"coding_id,source_id,code_id,coded_at\n{coder}-1,S001,{code_id},2026-01-01\n"
        (folder / f"config/coding/codings/{coder}.csv").write_text(rows)
    (folder / "config/coding/passes.csv").write_text("coder,round,source_id\nA,1,S001\nB,1,S001\n")
    list_people(folder, A="coder", B="coder", CLEO="adjudicator")
    desk = open_desk(folder, "CLEO")
    one = get(desk, "adjudicate/next")["dispute"]
    assert (one["key"], one["segment_id"], one["choices"]) == ("1:S001", "", ["C01", "C02"])
    asked = {"kind": "only", "code_ids": "C01", "reason": "why", "version": one["version"]}
    assert post(desk, "adjudicate/disputes/1:S001", **asked)[1]["n_left"] == 0
    assert_no_fault(folder)


# Who sees what when ------------------------------------------------------------------------------------------------


def refused(team, name):
    answer = ask(team[name], "GET", f"/{TOKEN}/adjudicate/next", origin="")
    return answer.status == 422 and b"Coding still goes on" in answer.body


def test_nothing_is_shown_while_somebody_has_begun_and_not_finished(tmp_path):
    team = Team(tmp_path / "study")
    team.code("A", "S001-001", "C01")
    team.finish("A", sources=("S001",))
    team.code("B", "S001-002", "C02")
    assert refused(team, "CLEO")
    left = next(task for task in get(team["CLEO"], "left")["tasks"] if task["name"] == "adjudicate")
    assert (left["n_left"], "as soon as all coders" in left["waits_for"]) == (0, True)
    team.finish("B", sources=("S001",))
    assert look(team)["n_left"] == 2  # S002 is begun by nobody


def test_who_codes_sees_nothing_before_all_that_can_be_read_is_finished(tmp_path):
    team = Team(tmp_path / "study", A="coder; adjudicator", B="coder")
    for name, code_id in (("A", "C01"), ("B", "C02")):
        team.code(name, "S001-001", code_id)
        team.finish(name, sources=("S001",))
    assert refused(team, "A")
    team.finish("A", sources=("S002",))
    assert look(team, "A")["n_left"] == 1


def test_who_settles_does_not_change_what_is_finished(tmp_path):
    team = Team(tmp_path / "study", A="coder; adjudicator", B="coder")
    team.code("A", "S001-001", "C01")
    team.code("B", "S001-001", "C02")
    team.finish("A", "B")
    version = get(team["A"], "code/sources/S001")["decisions"]["version"]
    asked = {"kind": "give", "segment_id": "S001-002", "code_id": "C01", "version": version}
    status, answer = post(team["A"], "code/sources/S001", **asked)
    assert (status, "You settle codings" in answer["message"]) == (422, True)
    further = team.open("A", asked_round="2")
    version = get(further, "code/sources/S001")["decisions"]["version"]
    assert post(further, "code/sources/S001", **asked | {"version": version})[0] == 200


def test_the_task_is_an_adjudicators_alone(team):
    list_people(team.folder, A="coder", B="coder", CLEO="adjudicator", EVE="editor")
    names = {name: [task["name"] for task in get(team.open(name), "left")["tasks"]] for name in ("A", "CLEO")}
    assert ("adjudicate" in names["A"], "adjudicate" in names["CLEO"]) == (False, True)
