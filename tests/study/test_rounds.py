"""Rounds of coding: the last round of a coder over a source is in force, earlier ones stay as they were."""

from locate_codings import find_superseded, place_codings, tabulate_codings

from graylit.study.checking import read_study
from graylit.study.coding_checks import check_codings
from graylit.study.state import codings_in_force, last_rounds, superseded_ids
from tiny_study import replace_once, write_study

A = "config/coding/codings/A.csv"
HEADER = "coding_id,source_id,start,end,exact_sha256,code_id,memo,confidence,coded_at"


def coding(coding_id: str, source_id: str, number: str, code_id: str = "C01", **cells: str) -> dict[str, str]:
    row = {"coding_id": coding_id, "source_id": source_id, "round": number, "code_id": code_id}
    place = dict.fromkeys(("start", "end", "exact_sha256", "exact", "segment_id", "replaces", "coded_at"), "")
    return {**row, **place, "coder": "A", **cells}


def finished(source_id: str, number: str, at: str = "") -> dict[str, str]:
    return {"coder": "A", "source_id": source_id, "round": number, "finished_at": at}


def test_a_round_without_number_is_the_first():
    assert last_rounds([coding("A-1", "S001", "")], []) == {"S001": 1}


def test_a_later_round_over_a_source_supersedes_the_earlier_one():
    rows = [coding("A-1", "S001", "1"), coding("A-2", "S001", "3"), coding("A-3", "S002", "1")]
    assert superseded_ids(rows, []) == {"A-1"}


def test_a_finished_round_without_codings_supersedes_too():
    rows = [coding("A-1", "S001", "1")]
    assert superseded_ids(rows, [finished("S001", "2")]) == {"A-1"}


def test_a_round_finished_after_the_date_does_not_count_yet():
    rows = [coding("A-1", "S001", "1")]
    assert superseded_ids(rows, [finished("S001", "2", "2026-03-01")], at="2026-02-01") == set()


def test_codings_in_force_are_of_the_last_round_and_not_replaced():
    rows = [
        coding("A-1", "S001", "1"),
        coding("A-2", "S001", "2"),
        coding("A-3", "S001", "2"),
        coding("A-4", "S001", "2", replaces="A-3"),
    ]
    assert [row["coding_id"] for row in codings_in_force(rows, [])] == ["A-2", "A-4"]


def test_superseded_codings_are_located_and_no_evidence():
    rows = [coding("A-1", "S001", "1"), coding("A-2", "S001", "2")]
    places = place_codings(rows, None)
    located = tabulate_codings(rows, places, {}, {}, {}, superseded={"A-1"})
    assert located[["standing", "is_evidence"]].to_numpy().tolist() == [["superseded", "no"], ["open", "yes"]]


def test_the_same_words_may_get_the_same_code_in_another_round(tmp_path):
    folder = write_study(tmp_path)
    replace_once(folder, A, HEADER, f"{HEADER},round")
    table = (folder / A).read_text(encoding="utf-8").splitlines()
    rows = [table[0], *(f"{line}," for line in table[1:]), "A-9,S001,0,12,,C01,,,2026-01-03,2"]
    (folder / A).write_text("\n".join(rows) + "\n", encoding="utf-8")
    study, faults = read_study(folder)
    assert (faults, check_codings(study)) == ([], [])
    assert find_superseded(study) == {"A-1"}


def test_the_same_words_with_the_same_code_twice_in_one_round_are_a_fault(tmp_path):
    folder = write_study(tmp_path)
    with (folder / A).open("a", encoding="utf-8") as table:
        table.write("A-9,S001,0,12,,C01,,,2026-01-03\n")
    _, faults = read_study(folder)
    assert [(fault.file, fault.row, fault.column, fault.value) for fault in faults] == [(A, 5, "coding_id", "A-9")]
