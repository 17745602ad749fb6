"""The desk: what each decision of a coder writes, and what it refuses."""

import os
from pathlib import Path

import pytest

from conftest import read_table
from desks import (
    A_WITHOUT_PLACES,
    PAGES,
    READINGS_FILE,
    Clock,
    assert_no_fault,
    list_people,
    rows_of,
    write_readable,
    write_texts,
)
from graylit.anchors.fingerprints import digest_exact
from graylit.desk.coding.desk import Desk
from graylit.desk.coding.page import describe_source, describe_study, describe_suggestions
from graylit.desk.coding.shelf import compile_phrase
from graylit.desk.tasks import DecisionError, StaleError
from graylit.tables.faults import InputError
from graylit.tables.files import replace_file
from graylit.tables.names import name_ids
from graylit.tables.topics import SUGGESTIONS
from tiny_study import replace_once, write_study


@pytest.fixture
def study(tmp_path):
    return write_readable(tmp_path / "study")


@pytest.fixture
def desk(study):
    return Desk(study, "B", "", Clock())


def decide(desk, kind, source_id="S001", **asked):
    return desk.decide(source_id, desk.own.look_at(source_id).version, {"kind": kind, **asked})


def give(desk, code_id="C01", segment_id="S001-002", **asked):
    return decide(desk, "give", segment_id.partition("-")[0], code_id=code_id, segment_id=segment_id, **asked)


def in_force(desk, source_id="S001"):
    return [(row["code_id"], row["memo"]) for row in desk.own.look_at(source_id).codings]


def test_a_segment_is_coded_with_its_place_and_fingerprint(study, desk):
    give(desk, memo="two meshes", confidence="high")
    (row,) = rows_of(study)
    words = PAGES["S001"][int(row["start"]) : int(row["end"])]
    assert words.startswith("A mesh over") and words.endswith("gnats out.")
    assert row["exact_sha256"] == digest_exact(words) and row["fingerprint"].startswith("15-1/1/0-")
    assert (row["coding_id"], row["memo"], row["confidence"], row["round"]) == ("B-0001", "two meshes", "high", "1")
    assert_no_fault(study)


def test_chosen_words_are_coded_at_their_own_place(study, desk):
    start = PAGES["S001"].index("wet feet 🌱")
    give(desk, "C02", "S001-003", start=str(start), end=str(start + 10))
    (row,) = rows_of(study)
    assert PAGES["S001"][int(row["start"]) : int(row["end"])] == "wet feet 🌱"
    assert desk.own.look_at("S001").segment_of == {"B-0001": "S001-003"}
    assert_no_fault(study)


@pytest.mark.parametrize(
    ("start", "end"), [("0", "5"), ("90", "400"), ("100", "100"), ("-5", "120"), ("x", "y"), ("150", "120")]
)
def test_words_outside_the_segment_are_refused(study, desk, start, end):
    with pytest.raises(DecisionError):
        give(desk, start=start, end=end)
    assert rows_of(study) == []


def test_a_segment_has_several_codes(study, desk):
    give(desk, "C01")
    give(desk, "C02")
    assert in_force(desk) == [("C01", ""), ("C02", "")]
    assert_no_fault(study)


def test_a_code_is_given_once_to_the_same_words(study, desk):
    give(desk)
    start = PAGES["S001"].index("second mesh")
    with pytest.raises(DecisionError, match="C01 is on these words already"):
        give(desk, start=str(start), end=str(start + 11))
    assert len(rows_of(study)) == 1


@pytest.mark.parametrize(
    ("code_id", "words"), [("C03", "C03 is retired; C02 took its place"), ("C09", "no code 'C09'"), ("", "no code")]
)
def test_a_code_that_is_not_in_use_is_refused(study, desk, code_id, words):
    with pytest.raises(DecisionError, match=words):
        give(desk, code_id)
    assert rows_of(study) == []


def test_a_code_added_meanwhile_can_be_given(study, desk):
    codebook = study / "config/coding/codebook.csv"
    codebook.write_text(codebook.read_text() + "C07,Gnats,Insects in the barrel,,,active,\n")
    give(desk, "C07")
    assert in_force(desk) == [("C07", "")]


def test_a_change_is_a_row_that_replaces(study, desk):
    give(desk)
    decide(desk, "change", coding_id="B-0001", code_id="C02", memo="rather this", confidence="low")
    first, second = rows_of(study)
    assert (second["replaces"], second["code_id"], second["confidence"]) == ("B-0001", "C02", "low")
    assert [first[name] == second[name] for name in ("start", "end", "fingerprint", "exact_sha256")] == [True] * 4
    assert in_force(desk) == [("C02", "rather this")]
    assert_no_fault(study)


def test_a_removal_is_a_row_that_withdraws(study, desk):
    give(desk)
    decide(desk, "remove", coding_id="B-0001")
    assert [(row["code_id"], row["replaces"]) for row in rows_of(study)] == [("C01", ""), ("", "B-0001")]
    assert in_force(desk) == []
    assert_no_fault(study)


@pytest.mark.parametrize("kind", ["change", "remove"])
def test_only_own_codings_in_force_are_changed(study, desk, kind):
    give(Desk(study, "A", "", Clock()))
    with pytest.raises(DecisionError, match="not in force"):
        decide(desk, kind, coding_id="A-0001", code_id="C02", memo="", confidence="")
    assert rows_of(study) == [] and len(rows_of(study, "A")) == 1


def test_undo_takes_back_each_decision_and_redo_takes_it_again(study, desk):
    give(desk, memo="first")
    decide(desk, "change", coding_id="B-0001", code_id="C02", memo="second", confidence="")
    decide(desk, "remove", coding_id="B-0002")
    states = [in_force(desk)]
    for kind in ("undo", "undo", "undo", "redo", "redo", "redo"):
        assert decide(desk, kind) == "S001-002"
        states.append(in_force(desk))
    first, second = [("C01", "first")], [("C02", "second")]
    assert states == [[], second, first, [], first, second, []]
    assert len(rows_of(study)) == 9
    assert_no_fault(study)


def test_undo_has_an_end(desk):
    give(desk)
    decide(desk, "undo")
    with pytest.raises(DecisionError, match="Nothing was decided here"):
        decide(desk, "undo")


def test_undo_is_about_the_source_that_is_read(desk):
    give(desk)
    with pytest.raises(DecisionError):
        decide(desk, "undo", source_id="S002")


def test_a_new_decision_forgets_what_was_undone(desk):
    give(desk)
    decide(desk, "undo")
    give(desk, "C02")
    with pytest.raises(DecisionError, match="Nothing was undone"):
        decide(desk, "redo")


def test_a_segment_left_without_a_code_counts_as_decided_until_it_is_reopened(study, desk):
    decide(desk, "leave", segment_id="S001-001")
    assert desk.own.look_at("S001").decided == {"S001-001"}
    decide(desk, "reopen", segment_id="S001-001")
    assert desk.own.look_at("S001").decided == set()
    decide(desk, "undo")
    assert desk.own.look_at("S001").decided == {"S001-001"}
    assert [row["decision"] for row in read_table(study / READINGS_FILE)] == ["no_code", "reopened", "no_code"]
    assert_no_fault(study)


def test_a_segment_left_is_known_by_its_words_after_the_text_changed(study, desk):
    decide(desk, "leave", segment_id="S001-002")
    write_texts(
        study,
        {
            **PAGES,
            "S001": PAGES["S001"].replace(
                "# Choosing a barrel\n", "# Choosing a barrel\n\nOne more paragraph of some words stands before.\n"
            ),
        },
    )
    assert desk.own.look_at("S001").left == {"S001-003"}


def test_a_coding_whose_words_moved_is_shown_where_they_are_now(study, desk):
    give(desk)
    write_texts(
        study,
        {
            **PAGES,
            "S001": PAGES["S001"].replace(
                "# Choosing a barrel\n", "# Choosing a barrel\n\nOne more paragraph of some words stands before.\n"
            ),
        },
    )
    assert desk.own.look_at("S001").segment_of == {"B-0001": "S001-003"}


def test_a_coding_that_moved_makes_room_at_its_old_place(study, desk):
    give(desk)
    moved = (
        "# Choosing a barrel\n\n" + "A sentence of quite other words takes the place of two others here. " * 3 + "\n"
    )
    write_texts(study, {**PAGES, "S001": PAGES["S001"].replace("# Choosing a barrel\n", moved)})
    give(desk, segment_id="S001-001")
    assert [row["replaces"] for row in rows_of(study)] == ["", "B-0001", ""]
    assert sorted(desk.own.look_at("S001").segment_of.values()) == ["S001-001", "S001-003"]
    assert_no_fault(study)


def test_segments_of_an_older_text_are_not_coded(study, desk):
    (study / "data/processed/texts/S001.txt").write_text(PAGES["S001"].replace("mesh", "sieve"))
    with pytest.raises(InputError, match="has another text"):
        give(desk)


def test_a_finished_source_is_a_row_of_passes(study, desk):
    decide(desk, "finish")
    row = {"coder": "B", "round": "1", "source_id": "S001", "finished_at": "2026-03-01"}
    assert read_table(study / "config/coding/passes.csv") == [row]
    assert desk.own.look_at("S001").is_finished
    with pytest.raises(DecisionError, match="finished in round 1 already"):
        decide(desk, "finish")
    assert_no_fault(study)


def test_a_source_without_text_is_not_finished(study, desk):
    with pytest.raises(DecisionError, match="has not been captured"):
        decide(desk, "finish", source_id="S003")
    assert not (study / "config/coding/passes.csv").exists()


def test_a_decision_on_what_has_changed_meanwhile_is_refused(study, desk):
    version = desk.own.look_at("S001").version
    give(desk)
    with pytest.raises(StaleError):
        desk.decide("S001", version, {"kind": "give", "code_id": "C02", "segment_id": "S001-002"})
    assert len(rows_of(study)) == 1


def test_a_decision_on_another_source_makes_nothing_stale(desk):
    version = desk.own.look_at("S002").version
    give(desk)
    desk.decide("S002", version, {"kind": "give", "code_id": "C02", "segment_id": "S002-001"})
    assert in_force(desk, "S002") == [("C02", "")]


def test_rows_that_others_added_stay_and_are_seen(study, desk):
    give(desk)
    table = study / "config/coding/codings/B.csv"
    (row,) = rows_of(study)
    by_hand = row | {"coding_id": "B-0002", "code_id": "C02", "memo": "by hand"}
    table.write_text(table.read_text() + ",".join(by_hand.values()) + "\n")
    give(desk, "C01", "S001-001")
    assert in_force(desk) == [("C01", ""), ("C02", "by hand"), ("C01", "")]


@pytest.mark.parametrize(
    "memo", ["=HYPERLINK(1)", "@cmd", 'two\r\nlines, and "quotes"', "\u0000\ud800 zero", "🌱" * 500]
)
def test_any_memo_is_kept_as_a_valid_cell(study, desk, memo):
    give(desk, memo=memo)
    assert_no_fault(study)
    assert len(rows_of(study)) == 1


def test_a_coder_sees_nothing_of_what_others_coded(study, desk):
    give(Desk(study, "A", "", Clock()), memo="seen by A alone")
    decide(Desk(study, "A", "", Clock()), "finish")
    shown = str([describe_study(desk), describe_source(desk, "S001")])
    assert "seen by A alone" not in shown and "A-0001" not in shown and "'is_finished': True" not in shown


def test_a_new_coder_gets_a_table_with_the_first_decision(study):
    desk = Desk(study, "C", "", Clock())
    assert not (study / "config/coding/codings/C.csv").exists()
    give(desk)
    assert [row["coding_id"] for row in rows_of(study, "C")] == ["C-0001"]
    assert_no_fault(study)


def test_a_coder_codes_under_the_name_of_a_person(study):
    list_people(study, **{"Ana-Mar\u00eda O'Neil": "coder"})
    desk = Desk(study, "Ana-Mari\u0301a O'Neil", "", Clock())  # as some keyboards write it
    give(desk)
    (row,) = rows_of(study, "Ana-Mar\u00eda O'Neil")
    assert row["coding_id"] == f"{name_ids(desk.coder)}-0001"
    assert row["coding_id"].startswith("Ana-Maria-O-Neil-")
    assert_no_fault(study)


def test_rows_belong_to_the_round_asked_for(study, desk):
    give(desk)
    later = Desk(study, "B", "2", Clock())
    assert in_force(later) == []
    give(later, "C02")
    assert [row["round"] for row in rows_of(study)] == ["1", "2"]
    assert_no_fault(study)


def test_without_a_round_a_source_stays_in_its_last_one(study, desk):
    give(desk)
    give(Desk(study, "B", "2", Clock()), "C02", "S002-001")
    again = Desk(study, "B", "", Clock())
    assert [again.own.look_at(source_id).round for source_id in ("S001", "S002", "S003")] == [1, 2, 2]


def test_a_round_that_is_over_is_refused(study):
    give(Desk(study, "B", "2", Clock()))
    with pytest.raises(InputError, match="B has coded in round 2"):
        Desk(study, "B", "1", Clock())


def test_suggestions_wait_for_the_decision_unless_asked_for(study, desk):
    row = {
        "segment_id": "S001-002",
        "source_id": "S001",
        "code_id": "C02",
        "coder": "model",
        "score": "0.7",
        "rank": "1",
    }
    SUGGESTIONS.write(SUGGESTIONS.to_frame([row]), study / "data/processed/suggestions.csv")
    hidden, shown = {"hidden": True, "codes": []}, {"hidden": False, "codes": [{"code_id": "C02", "score": 0.7}]}
    assert describe_suggestions(desk, "S001", "S001-002", is_asked=False) == hidden
    assert describe_suggestions(desk, "S001", "S001-002", is_asked=True) == shown
    decide(desk, "leave", segment_id="S001-002")
    assert describe_suggestions(desk, "S001", "S001-002", is_asked=False) == shown


def test_words_are_found_in_all_sources_whatever_their_case_and_spaces(desk):
    hits, is_cut = desk.shelf.find_words("THE  mesh")
    assert [(hit["segment_id"], hit["found"]) for hit in hits] == [("S002-001", "the mesh")] and not is_cut


@pytest.mark.parametrize("sought", ["模型部署", "模型 部署", "用Kubernetes"])
def test_words_without_spaces_are_found_over_the_end_of_a_line(sought):
    found = compile_phrase(sought).search("我们把模\n型部署到集群，用kubernetes管理")
    assert found is not None


@pytest.mark.parametrize("words", ["", "  ", "(", "[a-", "\\"])
def test_a_search_is_no_pattern(desk, words):
    assert desk.shelf.find_words(words) == ([], False)


def test_progress_is_told_for_each_source(study, desk):
    give(desk)
    decide(desk, "finish", source_id="S002")
    told = [
        (one["n_decided"], one["n_segments"], one["is_finished"], one["lack"])
        for one in describe_study(desk)["sources"]
    ]
    assert told == [
        (1, 3, False, ""),
        (1, 1, True, ""),
        (0, 0, False, "the page has not been captured on this machine"),
    ]


def test_a_study_without_texts_codes_whole_sources(tmp_path):
    study = write_study(tmp_path / "study")
    replace_once(study, "config/config.yaml", "has_texts: true", "has_texts: false")
    for coder in ("A", "B"):
        (study / f"config/coding/codings/{coder}.csv").write_text(A_WITHOUT_PLACES)
    desk = Desk(study, "B", "", Clock())
    decide(desk, "give", code_id="C01")
    with pytest.raises(DecisionError, match="already"):
        decide(desk, "give", code_id="C01")
    assert in_force(desk) == [("C01", "")]
    assert_no_fault(study)


def test_a_table_is_on_disk_before_it_takes_the_place_of_the_old_one(study, monkeypatch):
    order = []
    sync, put = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda number: order.append("fsync") or sync(number))
    monkeypatch.setattr(Path, "replace", lambda path, target: order.append(target.name) or put(path, target))
    replace_file(study / "new.csv", "a\n")
    assert order == ["fsync", "new.csv", "fsync"]
