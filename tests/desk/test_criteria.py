"""Criteria at the desk: added, reworded, retired, taken back, each by a row; screeners see those in force."""

import pytest

from applications import get, open_desk, post
from conftest import read_table
from desks import list_people
from graylit.screening.criteria import list_active
from graylit.study.checking import read_study
from graylit.study.remarks import list_remarks
from graylit.tables.faults import describe_faults
from screening_desks import list_candidates, write_screened

FILE = "config/screening/criteria.csv"
AS_BEFORE = {"name": "Off topic", "definition": "It is about something else"}


@pytest.fixture
def folder(tmp_path):
    return write_screened(tmp_path / "study", list_candidates(3), ANNA="screener", BEN="screener", ED="editor")


@pytest.fixture
def desk(folder):
    return open_desk(folder, "ED")


def decide(desk, kind, **asked):
    return post(desk, "criteria/criteria", kind=kind, version=get(desk, "criteria/criteria")["version"], **asked)


def take(desk, kind, **asked):
    status, answer = decide(desk, kind, **asked)
    assert status == 200, answer
    faults = [fault for fault in read_study(desk.visit.folder)[1] if "sources" not in fault.file]
    assert faults == [], describe_faults(faults)
    return answer


def shown(folder):
    return [(row["criterion_id"], row["name"]) for row in get(open_desk(folder, "ANNA"), "screen/study")["criteria"]]


def test_a_criterion_is_added_reworded_retired_and_used_again(desk, folder):
    before = read_table(folder / FILE)
    assert (
        take(desk, "save", criterion_kind="exclusion", name="Sales", definition="It sells barrels")["criterion_id"]
        == "E4"
    )
    take(
        desk,
        "save",
        criterion_id="E4",
        criterion_kind="exclusion",
        name="Sales",
        definition="It only sells",
        reason="clearer",
    )
    take(desk, "retire", criterion_id="E1", reason="covered by E4")
    assert shown(folder) == [("I1", "Barrels"), ("E2", "No practice"), ("R1", "Not to be had"), ("E4", "Sales")]
    take(desk, "reinstate", criterion_id="E3")
    assert ("E3", "Given up") in shown(folder)
    rows = read_table(folder / FILE)
    assert [row["criterion_id"] for row in rows[len(before) :]] == ["E4", "E4", "E1", "E3"]
    assert {row["decided_by"] for row in rows[len(before) :]} == {"ED"}
    (one,) = [row for row in get(desk, "criteria/criteria")["criteria"] if row["criterion_id"] == "E4"]
    assert [row["definition"] for row in one["earlier"]] == ["It sells barrels"]


def test_each_change_is_undone_by_a_row(desk, folder):
    before = shown(folder)
    take(desk, "save", criterion_kind="inclusion", name="Rain", definition="It rains")
    take(desk, "save", criterion_id="I2", criterion_kind="inclusion", name="Rain", definition="It pours")
    take(desk, "undo")
    assert list_active(read_table(folder / FILE))[-1]["definition"] == "It rains"
    take(desk, "undo")
    assert shown(folder) == before
    status, answer = decide(desk, "undo")
    assert (status, "Nothing was changed here" in answer["message"]) == (422, True)


def test_an_exclusion_by_a_criterion_that_was_reworded_is_kept(desk, folder):
    anna = open_desk(folder, "ANNA")
    one = get(anna, "screen/next")["candidate"]
    asked = {"kind": "exclude", "criterion_id": "E1", "version": one["version"]}
    assert post(anna, f"screen/candidates/{one['candidate_id']}", **asked)[0] == 200
    desk.visit.read_clock.second += 100  # the desks of a test have clocks of their own
    take(desk, "save", criterion_id="E1", criterion_kind="exclusion", name="Off topic", definition="No barrel in it")
    assert ("E1", "Off topic") in shown(folder)
    study, _ = read_study(folder)
    (remark,) = [one for one in list_remarks(study, folder) if one.file == FILE]
    assert (remark.value, remark.problem) == ("E1", "1 decision rests on its earlier wording")


@pytest.mark.parametrize(
    ("kind", "asked", "said"),
    [
        ("save", {"criterion_kind": "exclusion"}, "The name is empty"),
        ("save", {"criterion_kind": "whim", "name": "x"}, "The kind is not valid"),
        ("save", {"criterion_id": "E9", "criterion_kind": "exclusion", "name": "x"}, "no criterion 'E9'"),
        ("save", {"criterion_id": "E1", "criterion_kind": "exclusion", **AS_BEFORE}, "Nothing was changed"),
        ("retire", {"criterion_id": "E3"}, "Nothing was changed"),
        ("burn", {}, "no decision"),
    ],
)  # fmt: skip
def test_what_is_no_criterion_is_refused(desk, folder, kind, asked, said):
    before = (folder / FILE).read_bytes()
    status, answer = decide(desk, kind, **asked)
    assert (status, said in answer["message"]) == (422, True), answer
    assert (folder / FILE).read_bytes() == before


def test_another_editor_makes_it_stale_and_gives_other_ids(desk, folder):
    list_people(folder, ANNA="screener", BEN="screener", ED="editor", EVA="editor")
    version = get(desk, "criteria/criteria")["version"]
    eva = open_desk(folder, "EVA")
    assert take(eva, "save", criterion_kind="exclusion", name="Sales")["criterion_id"] == "E-EVA-1"
    asked = {"kind": "save", "criterion_kind": "exclusion", "name": "Talk", "version": version}
    assert post(desk, "criteria/criteria", **asked)[0] == 409
    assert take(desk, "save", criterion_kind="exclusion", name="Talk")["criterion_id"] == "E-ED-1"


def test_the_task_is_the_editors(folder):
    names = {name: [task["name"] for task in get(open_desk(folder, name), "left")["tasks"]] for name in ("ED", "ANNA")}
    assert ("criteria" in names["ED"], "criteria" in names["ANNA"]) == (True, False)
