"""The screening page as a server: decisions become rows, undo takes them back, tabs do not overwrite each other."""

import pytest

from desks import assert_no_fault
from screening_desks import decide, list_candidates, look, read_screenings, serve_screener, write_screened


@pytest.fixture
def study(tmp_path):
    return write_screened(tmp_path / "study", list_candidates(4))


@pytest.fixture
def anna(study):
    with serve_screener(study, "ANNA") as server:
        yield server


def cells_of(study, *names):
    return [tuple(row[name] for name in names) for row in read_screenings(study)]


def test_a_candidate_is_shown_with_its_hits_and_the_criteria_in_use(anna):
    study, seen = look(anna, "study"), look(anna)
    assert [row["criterion_id"] for row in study["criteria"]] == ["I1", "E1", "E2", "R1"]
    assert (seen["n_left"], seen["n_done"], seen["undo"], seen["recent"]) == (4, 0, None, [])
    one = seen["candidate"]
    assert (one["candidate_id"], one["title"], one["published"]) == ("H00001", "Barrel number 1", "2024-05")
    assert one["snippets"] == ["Words of 1"]
    assert one["hits"] == [{"search_id": "X01", "rank": "1", "engine": "searx", "query": "rain barrel mesh"}]


def test_each_decision_is_a_row_on_disk_and_brings_the_next_candidate(study, anna):
    one = look(anna)["candidate"]
    status, answer = decide(anna, one, "include", note="meshes, and why")
    assert (status, answer["candidate"]["candidate_id"], answer["n_left"]) == (200, "H00002", 3)
    _, answer = decide(anna, answer["candidate"], "exclude", criterion_id="E2")
    _, answer = decide(anna, answer["candidate"], "unsure")
    names = ("screening_id", "candidate_id", "screener", "round", "decision", "criterion_id", "reason")
    assert cells_of(study, *names) == [
        ("ANNA-s0001", "H00001", "ANNA", "1", "include", "", "meshes, and why"),
        ("ANNA-s0002", "H00002", "ANNA", "1", "exclude", "E2", ""),
        ("ANNA-s0003", "H00003", "ANNA", "1", "unsure", "", ""),
    ]
    assert_no_fault(study)


@pytest.mark.parametrize(
    ("kind", "more", "said"),
    [
        ("exclude", {}, "names the criterion that it rests on: one of E1, E2, R1"),
        ("exclude", {"criterion_id": "I1"}, "names the criterion"),
        ("exclude", {"criterion_id": "E3"}, "names the criterion"),
        ("maybe", {}, "include, exclude or unsure"),
        ("undo", {}, "nothing to undo"),
        ("include", {"note": "x" * 6000}, "5,000 signs"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_writes_nothing(study, anna, kind, more, said):
    status, answer = decide(anna, look(anna)["candidate"], kind, **more)
    assert (status, said in answer["message"]) == (422, True), answer
    assert read_screenings(study) == []


def test_undo_takes_back_and_shows_the_candidate_again(study, anna):
    first = look(anna)["candidate"]
    _, answer = decide(anna, first, "include")
    status, answer = decide(anna, answer["undo"], "undo")
    assert (status, answer["candidate"]["candidate_id"], answer["candidate"]["decided"]) == (200, "H00001", None)
    assert (answer["n_left"], answer["undo"]) == (4, None)
    _, answer = decide(anna, answer["candidate"], "exclude", criterion_id="E1")
    assert cells_of(study, "decision", "replaces") == [("include", ""), ("", "ANNA-s0001"), ("exclude", "")]
    assert_no_fault(study)


def test_a_change_of_mind_replaces_and_its_undo_restates(study, anna):
    _, answer = decide(anna, look(anna)["candidate"], "include")
    _, answer = decide(anna, look(anna, "candidates/H00001")["candidate"], "exclude", criterion_id="E1", note="no")
    assert [row["decision"] for row in answer["recent"]] == ["exclude"]
    _, answer = decide(anna, answer["undo"], "undo")
    assert answer["candidate"]["decided"]["decision"] == "include"
    _, answer = decide(anna, answer["undo"], "undo")
    assert (answer["candidate"]["decided"], answer["n_left"]) == (None, 4)
    rows = [("include", ""), ("exclude", "ANNA-s0001"), ("include", "ANNA-s0002"), ("", "ANNA-s0003")]
    assert cells_of(study, "decision", "replaces") == rows
    assert_no_fault(study)


def test_of_two_tabs_the_one_that_saw_less_is_told_and_overwrites_nothing(study, anna):
    seen = look(anna)["candidate"]
    assert decide(anna, seen, "include")[0] == 200
    status, answer = decide(anna, seen, "exclude", criterion_id="E1")
    assert (status, "candidate was changed elsewhere" in answer["message"]) == (409, True)
    assert cells_of(study, "decision") == [("include",)]


def test_a_desk_goes_on_where_the_last_one_ended(study):
    with serve_screener(study, "ANNA") as server:
        decide(server, look(server)["candidate"], "include")
    with serve_screener(study, "ANNA") as server:
        seen = look(server)
        assert (seen["candidate"]["candidate_id"], seen["n_done"], seen["undo"]) == ("H00002", 1, None)
        decide(server, seen["candidate"], "include")
    with serve_screener(study, "ANNA", "--round", "2") as server:
        assert look(server)["candidate"]["candidate_id"] == "H00001"
    assert cells_of(study, "screening_id", "round") == [("ANNA-s0001", "1"), ("ANNA-s0002", "1")]


def test_one_page_is_screened_once_by_the_candidate_that_stands_for_it(tmp_path):
    rows = [row | {"duplicate_of": "H00003" if row["candidate_id"] == "H00001" else ""} for row in list_candidates(3)]
    study = write_screened(tmp_path / "study", rows)
    with serve_screener(study, "ANNA") as server:
        seen = look(server)
        assert seen["n_left"] == 2
        _, answer = decide(server, seen["candidate"], "include")
        assert {seen["candidate"]["candidate_id"], answer["candidate"]["candidate_id"]} == {"H00002", "H00003"}
        assert server.ask("candidates/H00001")[0] == 422


def test_rows_that_somebody_else_adds_meanwhile_stay(study, anna):
    _, answer = decide(anna, look(anna)["candidate"], "include")
    with (study / "config/screening/screenings.csv").open("a", encoding="utf-8") as table:
        cells = {"screening_id": "X1", "candidate_id": "H00001", "screener": "BEN", "round": "1", "decision": "unsure"}
        header = table.name and read_screenings(study)[0]
        table.write(",".join(cells.get(name, "") for name in header) + "\n")
    assert decide(anna, answer["candidate"], "include")[0] == 200
    assert cells_of(study, "screener", "decision") == [("ANNA", "include"), ("BEN", "unsure"), ("ANNA", "include")]


@pytest.mark.parametrize("note", ["=1+1", "@sum", "-2", 'line\nbreak, "quote"', "\u202e \x00 \x07 bell", "🌱 'x'"])
def test_any_note_is_kept_and_leaves_a_table_without_faults(study, anna, note):
    status, answer = decide(anna, look(anna)["candidate"], "include", note=note)
    assert status == 200, answer
    assert decide(anna, answer["candidate"], "include")[0] == 200
    assert_no_fault(study)
    assert len(read_screenings(study)) == 2
