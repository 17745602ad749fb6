"""Decisions on pairs of candidates, and what is wrong with them."""

import pytest

from graylit.screening.same_pages import choose_stand_ins, make_pair, settle_pairs
from graylit.study.checking import read_study
from graylit.tables.faults import describe_faults
from tiny_study import write_study

CANDIDATES = """\
candidate_id,url,title,found_by,duplicate_of
H001,https://example.org/barrels,Choosing a barrel,google-1,
H002,https://example.org/barrels#top,Choosing a barrel,google-2,H001
H006,https://club.example/lost,Lost,google-1,
H007,https://example.org/taps,Taps,google-1,
H008,https://example.org/hoses,Hoses,google-1,
"""

HEADER = "duplicate_id,candidate_id,other_id,decision,decided_by,reason,decided_at\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config/screening").mkdir(parents=True)
    (tmp_path / "config/screening/candidates.csv").write_text(CANDIDATES)
    return write_study(tmp_path)


def decide(folder, *rows):
    (folder / "config/search").mkdir(parents=True, exist_ok=True)
    lines = [f"D{number},{row},A,,2026-03-01" for number, row in enumerate(rows, start=1)]
    (folder / "config/search/duplicates.csv").write_text(HEADER + "".join(f"{line}\n" for line in lines))
    faults = [fault for fault in read_study(folder)[1] if "not an included candidate" not in fault.problem]
    return [describe_faults([fault]) for fault in faults]


def row(candidate_id, duplicate_of=""):
    return {"candidate_id": candidate_id, "duplicate_of": duplicate_of}


def decision(one, other, decided, duplicate_id="D1"):
    return {"duplicate_id": duplicate_id, "candidate_id": one, "other_id": other, "decision": decided}


def test_the_last_row_about_a_pair_is_in_force_whatever_its_order():
    rows = [decision("H1", "H2", "same"), decision("H2", "H1", "different", "D2")]
    assert [row["duplicate_id"] for row in settle_pairs(rows).values()] == ["D2"]
    assert choose_stand_ins([row("H1"), row("H2")], rows) == {"H1": "H1", "H2": "H2"}


def test_of_a_group_the_named_one_stands_for_the_page_else_the_first_screened_else_the_first():
    rows = [row("H1"), row("H2"), row("H3"), row("H4", "H3")]
    pairs = [decision("H1", "H2", "same"), decision("H2", "H3", "same", "D2")]
    assert set(choose_stand_ins(rows, pairs).values()) == {"H3"}
    assert set(choose_stand_ins(rows[:3], pairs, screened={"H2"}).values()) == {"H2"}
    assert set(choose_stand_ins(rows[:3], pairs).values()) == {"H1"}


def test_what_is_sure_joins_nothing_that_people_parted():
    rows, sure = [row("H1"), row("H2"), row("H3")], [make_pair("H1", "H2"), make_pair("H2", "H3")]
    assert set(choose_stand_ins(rows, [], sure).values()) == {"H1"}
    assert choose_stand_ins(rows, [decision("H3", "H1", "different")], sure) == {"H1": "H1", "H2": "H1", "H3": "H3"}


def test_decisions_that_agree_are_no_faults(folder):
    assert decide(folder, "H001,H007,different", "H007,H008,same", "H001,H008,different") == []


def test_a_candidate_is_not_compared_with_itself(folder):
    (fault,) = decide(folder, "H001,H001,same")
    assert "config/search/duplicates.csv, row 2" in fault
    assert "is the candidate itself" in fault


def test_decisions_that_contradict_each_other_are_named_with_the_way(folder):
    (fault,) = decide(folder, "H007,H008,same", "H006,H008,same", "H006,H007,different")
    assert "row 4" in fault
    assert "H006 = H008 (D2), H008 = H007 (D1)" in fault


def test_a_later_row_about_a_pair_ends_a_contradiction(folder):
    rows = ["H007,H008,same", "H006,H008,same", "H006,H007,different", "H008,H006,different"]
    assert decide(folder, *rows) == []


def test_a_decision_against_duplicate_of_contradicts_it(folder):
    (fault,) = decide(folder, "H002,H001,different")
    assert "H001 = H002 (duplicate_of)" in fault


def test_a_row_that_says_same_serves_as_duplicate_of_does(folder):
    path = folder / "config/screening/candidates.csv"
    path.write_text(CANDIDATES.replace("google-2,H001", "google-2,"))
    (fault,) = decide(folder)
    assert "is the same page as row 2 (H001)" in fault
    assert decide(folder, "H002,H001,same") == []
