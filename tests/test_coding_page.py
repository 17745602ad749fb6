"""The coding page: what a coder is shown, the rows that a decision writes, and that no decision is ever lost."""

import pytest
from tiny_study import write_study

from glr.coder_tables import check_coder, extend_table, hold_table
from glr.faults import InputError
from glr.study import read_study
from glr.tables import READINGS
from rebuild_state import rebuild_state

SHA = "0" * 64
HEADER = ",".join(READINGS.names) + "\n"
READINGS_FILE = "config/coding/readings.csv"


def read_row(**cells):
    row = {"coder": "A", "round": "1", "source_id": "S001", "segment_id": "S001-001", "segment_sha256": SHA}
    return row | {"decision": "no_code", "read_at": "2026-03-01T10:00:00Z"} | cells


@pytest.fixture
def tiny(tmp_path):
    return write_study(tmp_path / "tiny")


# Tables ---------------------------------------------------------------------------------------------------------


def test_a_table_is_made_with_its_header_and_grows_at_its_end(tiny):
    for time in ("2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z"):
        extend_table(tiny, READINGS_FILE, [read_row(read_at=time)], READINGS, HEADER)
    lines = (tiny / READINGS_FILE).read_text().splitlines()
    assert lines[0] + "\n" == HEADER and [line[-20:] for line in lines[1:]] == [
        "2026-03-01T10:00:00Z",
        "2026-03-01T10:00:01Z",
    ]


def test_a_reading_passes_the_check(tiny):
    extend_table(tiny, READINGS_FILE, [read_row()], READINGS, HEADER)
    assert read_study(tiny)[1] == []


@pytest.mark.parametrize(("column", "cell"), [("coder", "Z"), ("source_id", "S009"), ("decision", "maybe")])
def test_a_reading_of_nobody_or_of_nothing_is_a_fault(tiny, column, cell):
    extend_table(tiny, READINGS_FILE, [read_row(**{column: cell})], READINGS, HEADER)
    assert [(fault.row, fault.column) for fault in read_study(tiny)[1]] == [(2, column)]


def test_a_state_holds_no_later_readings(tiny):
    extend_table(tiny, READINGS_FILE, [read_row(), read_row(read_at="2026-03-02T10:00:00Z")], READINGS, HEADER)
    files, _ = rebuild_state(read_study(tiny)[0], tiny, "2026-03-01")
    assert files[READINGS_FILE].decode().count("no_code") == 1


def test_two_programs_do_not_write_one_table(tiny):
    with (
        hold_table(tiny, "A"),
        hold_table(tiny, "B"),
        pytest.raises(InputError, match="written by another program"),
        hold_table(tiny, "A"),
    ):
        pass


def test_a_table_is_free_again_after_a_fault(tiny):
    with pytest.raises(ZeroDivisionError), hold_table(tiny, "A"):
        raise ZeroDivisionError
    with hold_table(tiny, "A"):
        pass


@pytest.mark.parametrize("coder", ["b", "model", "Model", "", "../B", "B C"])
def test_a_name_that_is_none_or_of_another_case_is_refused(coder):
    with pytest.raises(InputError):
        check_coder(coder, ["A", "B"])
