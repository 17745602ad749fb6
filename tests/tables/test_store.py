"""Tables on disk: rows come back as they were added, by the values of a column, and in its order."""

import pytest

from graylit.tables.store import Store

ROWS = [
    {"coding_id": "A-2", "source_id": "S2", "when": "2026-03-02", "memo": "a\nb, “c”\x00"},
    {"coding_id": "A-1", "source_id": "S1", "when": "", "memo": ""},
    {"coding_id": "B-1", "source_id": "S2", "when": "2026-03-01", "memo": "NULL"},
]


@pytest.fixture
def table():
    return Store().add("codings", list(ROWS[0]), ROWS)


def test_rows_come_back_as_they_were_added_each_time(table):
    assert [list(table), list(table), len(table)] == [ROWS, ROWS, 3]


def test_further_rows_follow_on():
    table = Store().add("codings", ["coding_id"], ROWS[:1])
    table.add(ROWS[1:])
    assert list(table) == [{"coding_id": row["coding_id"]} for row in ROWS]


def test_a_table_without_rows_is_empty():
    empty = Store().add("codings", ["coding_id"])
    assert (list(empty), len(empty), list(empty.group("coding_id"))) == ([], 0, [])


def test_rows_are_found_by_the_value_of_a_column_in_their_order(table):
    assert table.group("source_id")["S2"] == [ROWS[0], ROWS[2]]


def test_values_come_in_the_order_in_which_they_first_occur(table):
    assert list(table.group("source_id")) == ["S2", "S1"]
    assert len(table.group("source_id")) == 2


def test_a_value_that_no_row_has_is_not_there(table):
    groups = table.group("source_id")
    assert ("S3" in groups, groups.get("S3", [])) == (False, [])


def test_of_equal_ids_the_last_row_counts(table):
    assert table.key("source_id")["S2"] == ROWS[2]


def test_empty_cells_come_last_in_the_order_of_a_column(table):
    assert [row["coding_id"] for row in table.sort("when")] == ["B-1", "A-2", "A-1"]


def test_rows_are_found_while_others_are_gone_through(table):
    groups = table.group("source_id")
    assert [len(groups[row["source_id"]]) for row in table] == [2, 1, 2]


@pytest.mark.parametrize(
    "names", [("title", "Title", "URL", "url"), ("rowid", 'a "b"', "oid", "c0"), ("c1", "c0", "select", "")]
)
def test_a_study_can_call_its_columns_as_it_likes(names):
    rows = [{name: f"{name} {number}" for name in names} for number in (2, 1, 3)]
    table = Store().add("sources", names, rows)
    assert list(table) == rows
    assert table.group(names[0])[f"{names[0]} 3"] == [rows[2]]
    assert list(table.sort(names[1])) == [rows[1], rows[0], rows[2]]
