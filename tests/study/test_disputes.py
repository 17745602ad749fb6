"""Where coders differ, which of their codings that makes open, and who has begun what and not finished it."""

import pandas as pd

from graylit.study.disputes import list_disagreements, list_disputed
from graylit.study.state import current_codings, judge_codings, list_unfinished


def mark(coder, *code_ids, unit_id="S001-001"):
    place = {"round": 1, "unit_id": unit_id, "source_id": "S001", "segment_id": unit_id}
    return place | {"coder": coder, "code_ids": code_ids, "coding_ids": tuple(f"{coder}-{code}" for code in code_ids)}


def find_sides(*marks):
    return list_disagreements(pd.DataFrame(marks)).to_dict("records")


def dispute(*marks):
    sides = find_sides(*marks)
    return list_disputed(sides, {one: one.partition("-")[2] for row in marks for one in row["coding_ids"]})


def test_what_all_gave_is_not_disputed():
    assert dispute(mark("A", "C1", "C2"), mark("B", "C1", "C3")) == ["A-C2", "B-C3"]


def test_a_unit_that_somebody_left_is_disputed():
    marks = mark("A", "C1"), mark("B")
    assert dispute(*marks) == ["A-C1"]
    assert {side["kind"] for side in find_sides(*marks)} == {"unitizing"}


def test_of_three_coders_a_code_of_two_is_disputed():
    assert dispute(mark("A", "C1"), mark("B", "C1"), mark("C")) == ["A-C1", "B-C1"]


def test_where_all_gave_the_same_nothing_is_disputed():
    assert find_sides(mark("A", "C1"), mark("B", "C1"), mark("A", unit_id="S002"), mark("B", unit_id="S002")) == []


def test_an_adjudication_that_was_taken_back_is_none():
    ruling = {"coding_ids": "A-1; A-2", "verdict": "falls", "decided_at": "2026-01-01"}
    back = ruling | {"coding_ids": "A-1", "verdict": "open"}
    codings = [{"coding_id": one} for one in ("A-1", "A-2")]
    assert judge_codings(codings, [ruling, back]) == {"A-2": ruling}
    assert judge_codings(codings, [ruling, back, ruling]) == {"A-1": ruling, "A-2": ruling}


def coding(coding_id, source_id="S001", number="1", replaces="", coded_at="2026-01-01"):
    row = {"coding_id": coding_id, "source_id": source_id, "code_id": "C1", "round": number}
    return row | {"replaces": replaces, "coded_at": coded_at}


def test_what_was_begun_is_finished_by_a_row_of_its_last_round():
    finished = {"source_id": "S001", "round": "1", "finished_at": ""}
    assert list_unfinished([coding("A-1"), coding("A-2", "S002")], [finished], []) == ["S002"]
    assert list_unfinished([coding("A-1"), coding("A-2", number="2")], [finished], []) == ["S001"]
    assert list_unfinished([], [], [{"source_id": "S003", "round": "1"}]) == ["S003"]
    assert list_unfinished([], [finished], []) == []


def test_a_row_that_puts_back_what_it_undoes_comes_after_it_in_a_past_state():
    rows = [
        coding("A-1", coded_at="2026-01-01"),
        coding("A-2", replaces="A-1", coded_at="2026-01-03"),
        coding("A-3", replaces="A-2", coded_at="2026-01-01"),
    ]
    for at, expected in (("2026-01-02", ["A-1"]), ("2026-01-03", ["A-3"]), ("", ["A-3"])):
        assert [row["coding_id"] for row in current_codings(rows, at)] == expected
