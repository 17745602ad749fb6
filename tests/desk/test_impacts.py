"""Impacts at the desk: written with the codings that show them, and read a second time by somebody who is blind."""

import pytest

from applications import TOKEN, ask, get, list_asked, list_told, open_desk, post
from boards import add_coding, write_coded
from conftest import read_table
from desks import list_people
from graylit.study.checking import read_study
from graylit.tables.faults import describe_faults

THEMES = "T01,Water,,C01; C02; C04,,2026-01-05,Ana,\n"
GUIDELINES = "G01,Cover the inlet,Put a mesh over it.,,,,T01,C01,,,2026-01-05,Ana,\n"
IMPACT = {
    "component": "inlet",
    "quality_attribute": "reliability",
    "effect": "strengthened",
    "decision": "How fine it is",
}
ROLES = {"Ana": "synthesizer", "Bo": "reader", "Cy": "synthesizer; reader"}


@pytest.fixture
def folder(tmp_path):
    folder = write_coded(tmp_path / "study", **ROLES)
    for name, row in (("themes", THEMES), ("guidelines", GUIDELINES)):
        with (folder / f"config/synthesis/{name}.csv").open("a", encoding="utf-8") as table:
            table.write(row)
    return folder


def take(desk, kind, **asked):
    version = get(desk, "impacts/impacts")["version"]
    status, answer = post(desk, "impacts/impacts", kind=kind, version=version, **asked)
    assert status == 200, answer
    return answer


def refuse(desk, kind, **asked):
    version = get(desk, "impacts/impacts")["version"]
    status, answer = post(desk, "impacts/impacts", kind=kind, version=version, **asked)
    assert status == 422, answer
    return answer["message"]


def write_impact(desk, **changed):
    return take(desk, "save_impact", **({"guideline_id": "G01", "coding_ids": "A-1; A-3"} | IMPACT | changed))


def rows_of(folder, name):
    return read_table(folder / f"config/synthesis/{name}.csv")


def assert_no_fault(folder):
    _, faults = read_study(folder)
    assert faults == [], describe_faults(faults)


def read(desk, kind="shown", **asked):
    one = get(desk, "read-impacts/next")["impact"]
    status, answer = post(
        desk, "read-impacts/next", kind=kind, impact_id=one["impact_id"], version=one["version"], **asked
    )
    assert status == 200, answer
    return answer


def test_an_impact_is_a_row_that_is_edited_withdrawn_and_undone_by_rows(folder):
    desk = open_desk(folder, "Ana")
    write_impact(desk)
    (row,) = rows_of(folder, "impacts")
    assert (row["impact_id"], row["coding_ids"], row["decided_by"]) == ("I-Ana-01", "A-1; A-3", "Ana")
    take(desk, "save_impact", impact_id="I-Ana-01", coding_ids="A-1", **IMPACT | {"effect": "strained"})
    take(desk, "withdraw_impact", impact_id="I-Ana-01", reason="too weak")
    shown = take(desk, "undo")["board"]["guidelines"][0]["impacts"]
    assert [(one["effect"], one["coding_ids"]) for one in shown] == [("strained", ["A-1"])]
    take(desk, "undo")
    assert [(row["effect"], row["status"]) for row in rows_of(folder, "impacts")] == [
        ("strengthened", ""), ("strained", ""), ("strained", "withdrawn"), ("strained", ""), ("strengthened", ""),
    ]  # fmt: skip
    assert_no_fault(folder)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"coding_ids": ""}, "Pick the codings"),
        ({"coding_ids": "A-1; A-2"}, "A-2: no evidence of G01 now"),
        ({"quality_attribute": "speed"}, "'speed' is no quality attribute"),
        ({"effect": "weakened"}, "is not valid"),
        ({"component": " "}, "component is empty"),
        ({"guideline_id": "G09"}, "no guideline 'G09'"),
        ({"impact_id": "I99"}, "no impact 'I99'"),
    ],
)
def test_what_is_no_impact_is_refused(folder, changed, said):
    desk = open_desk(folder, "Ana")
    asked = {"guideline_id": "G01", "coding_ids": "A-1"} | IMPACT | changed
    assert said in refuse(desk, "save_impact", **asked)
    assert not (folder / "config/synthesis/impacts.csv").exists()


def test_a_study_offers_the_attributes_that_it_lists(folder):
    (folder / "config/attributes.csv").write_text("attribute,definition,status\ncost,What it takes,\nbeauty,,retired\n")
    desk = open_desk(folder, "Ana")
    assert get(desk, "impacts/impacts")["attributes"] == [["cost", "What it takes"]]
    assert "'reliability' is no" in refuse(desk, "save_impact", guideline_id="G01", coding_ids="A-1", **IMPACT)
    write_impact(desk, quality_attribute="cost")
    assert_no_fault(folder)


def test_a_second_reader_sees_component_decision_and_places_only(folder):
    write_impact(open_desk(folder, "Ana"), reason="a secret reason")
    desk = open_desk(folder, "Bo")
    one = get(desk, "read-impacts/next")["impact"]
    assert sorted(one) == ["component", "decision", "impact_id", "places", "version"]
    marked = [part["words"] for place in one["places"] for part in place["parts"] if part["coding_ids"]]
    assert marked == ["A mesh over the inlet", "the mesh comes first"]
    told = b"".join(ask(desk, "GET", path, origin="").body for method, path in list_asked(desk) if method == "GET")
    assert b"a secret reason" not in told
    assert f"/{TOKEN}/impacts/impacts" not in [path for _, path in list_asked(desk)]


@pytest.mark.parametrize("changed", [{"effect": "strained"}, {"quality_attribute": "safety"}, {"reason": "another"}])
def test_no_answer_to_a_reader_depends_on_what_the_author_saw(folder, tmp_path, changed):
    write_impact(open_desk(folder, "Ana"))
    bodies = []
    for asked in ({}, changed):
        if asked:
            cells = {"impact_id": "I-Ana-01", "coding_ids": "A-1; A-3"} | IMPACT | asked
            take(open_desk(folder, "Ana"), "save_impact", **cells)
        desk = open_desk(folder, "Bo")
        bodies.append([ask(desk, "GET", path, origin="").body for path in list_told(desk)])
    assert bodies[0] == bodies[1]


def test_readings_are_rows_and_undone_by_rows(folder):
    write_impact(open_desk(folder, "Ana"))
    write_impact(open_desk(folder, "Ana"), component="lid")
    desk = open_desk(folder, "Bo")
    assert read(desk, quality_attribute="safety", effect="strained", reason="why")["n_left"] == 1
    answer = read(desk, "not_shown")
    assert (answer["impact"], answer["n_done"]) == (None, 2)
    status, answer = post(desk, "read-impacts/next", kind="undo", **answer["undo"])
    assert (status, answer["n_left"], answer["said"]) == (200, 1, "undone")
    status, answer = post(desk, "read-impacts/next", kind="undo", **answer["undo"])
    assert (answer["n_left"], answer["undo"]) == (2, None)
    assert [row["reading"] for row in rows_of(folder, "impact_readings")] == [
        "shown",
        "not_shown",
        "withdrawn",
        "withdrawn",
    ]
    assert_no_fault(folder)


def test_a_reading_needs_an_attribute_and_a_direction_and_the_impact_as_it_was_seen(folder):
    author = open_desk(folder, "Ana")
    write_impact(author)
    desk = open_desk(folder, "Bo")
    one = get(desk, "read-impacts/next")["impact"]
    about = {"impact_id": one["impact_id"], "version": one["version"], "kind": "shown"}
    for asked, said in (({}, "Choose the attribute"), ({"quality_attribute": "safety"}, "one of strengthened")):
        status, answer = post(desk, "read-impacts/next", **about, **asked)
        assert (status, said in answer["message"]) == (422, True)
    take(author, "save_impact", impact_id="I-Ana-01", coding_ids="A-1", **IMPACT)
    assert post(desk, "read-impacts/next", **about, quality_attribute="safety", effect="strained")[0] == 409


def test_an_impact_whose_places_were_changed_is_to_be_read_again(folder):
    author = open_desk(folder, "Ana")
    write_impact(author)
    desk = open_desk(folder, "Bo")
    read(desk, quality_attribute="safety", effect="strained")
    take(author, "save_impact", impact_id="I-Ana-01", coding_ids="A-1; A-3", **IMPACT | {"effect": "strained"})
    assert get(desk, "read-impacts/next")["impact"] is None
    author.visit.read_clock.second += 100  # the desks of a test have clocks of their own
    take(author, "save_impact", impact_id="I-Ana-01", coding_ids="A-1", **IMPACT)
    assert get(desk, "read-impacts/next")["impact"]["impact_id"] == "I-Ana-01"


def test_an_author_who_reads_sees_what_others_saw_only_after_reading(folder):
    write_impact(open_desk(folder, "Ana"), reason="a secret reason")
    desk = open_desk(folder, "Cy")
    (one,) = get(desk, "impacts/impacts")["guidelines"][0]["impacts"]
    assert (one["is_hidden"], one["quality_attribute"], one["effect"], one["reason"]) == (True, "", "", "")
    read(desk, "not_shown")
    (one,) = get(desk, "impacts/impacts")["guidelines"][0]["impacts"]
    assert (one["is_hidden"], one["reason"]) == (False, "a secret reason")
    write_impact(desk, component="lid")
    assert [task["n_left"] for task in get(desk, "left")["tasks"] if task["name"] == "read-impacts"] == [0]


def test_the_tasks_are_theirs_who_have_the_roles(folder):
    write_impact(open_desk(folder, "Ana"))
    names = {
        name: [task["name"] for task in get(open_desk(folder, name), "left")["tasks"]] for name in ("Ana", "Bo", "A")
    }
    assert [("impacts" in of_one, "read-impacts" in of_one) for of_one in names.values()] == [
        (True, False), (False, True), (False, False),
    ]  # fmt: skip
    list_people(folder, A="coder; reader", B="coder", Ana="synthesizer")
    (left,) = [task for task in get(open_desk(folder, "A"), "left")["tasks"] if task["name"] == "read-impacts"]
    assert left["waits_for"]


def test_a_coding_that_was_made_and_reviewed_while_the_desk_is_open_can_be_picked(folder):
    desk = open_desk(folder, "Ana")
    assert "A-9: no evidence" in refuse(desk, "save_impact", guideline_id="G01", coding_ids="A-9", **IMPACT)
    add_coding(folder, "A-9", "C01", "S002", "A pump wants clean water")
    write_impact(desk, coding_ids="A-9")
    (place,) = [one for one in get(desk, "impacts/places?code_ids=C01")["places"] if len(one["codings"]) > 1][1:]
    status, shown = post(desk, "impacts/places", code_ids="C01", place_id=place["place_id"])
    assert (status, [one["memo"] for one in shown["codings"]]) == (200, ["note on A-9", "note on A-3"])
    assert_no_fault(folder)
