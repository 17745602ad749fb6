"""Tables that people keep: ids, appended rows, tables that several people write, one program on a table."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import read_table
from graylit.collection.capture_table import CaptureTable
from graylit.study.checking import read_study
from graylit.study.locks import hold_table
from graylit.study.past import rebuild_state
from graylit.study.writing import append_rows, extend_table, read_coder
from graylit.tables.coding import CODINGS, READINGS
from graylit.tables.faults import InputError
from graylit.tables.files import replace_file
from graylit.tables.kinds import number_ids
from tiny_study import write_study

SHA = "0" * 64
HEADER = ",".join(READINGS.names) + "\n"
READINGS_FILE = "config/coding/readings.csv"


def read_row(**cells):
    row = {"coder": "A", "round": "1", "source_id": "S001", "segment_id": "S001-001", "segment_sha256": SHA}
    return row | {"decision": "no_code", "read_at": "2026-03-01T10:00:00Z"} | cells


@pytest.fixture
def tiny(tmp_path):
    return write_study(tmp_path / "tiny")


def test_ids_go_on_as_they_were_written():
    assert number_ids(["A-0009", "A-0011"], 2, first="A-0001") == ["A-0012", "A-0013"]
    assert number_ids([], 1, first="B-0001") == ["B-0001"]
    assert number_ids(["C99"], 1, first="C01") == ["C100"]


def test_a_row_appended_leaves_the_bytes_before_it():
    table = 'coding_id,source_id,code_id\n"A-1",S001,C01'
    grown = append_rows(table, [{"coding_id": "A-2", "source_id": "S001", "code_id": "C01"}], CODINGS)
    assert grown == table + "\nA-2,S001,C01\n"
    wider = append_rows(table, [{"coding_id": "A-2", "source_id": "S001", "memo": "why"}], CODINGS)
    assert wider == "coding_id,source_id,code_id,memo\nA-1,S001,C01,\nA-2,S001,,why\n"


def test_a_table_is_made_with_its_header_and_grows_at_its_end(tiny):
    for time in ("2026-03-01T10:00:00Z", "2026-03-01T10:00:01Z"):
        extend_table(tiny, READINGS_FILE, [read_row(read_at=time)], READINGS, HEADER)
    lines = (tiny / READINGS_FILE).read_text().splitlines()
    assert lines[0] + "\n" == HEADER and [line[-20:] for line in lines[1:]] == [
        "2026-03-01T10:00:00Z",
        "2026-03-01T10:00:01Z",
    ]


def test_rows_added_at_once_to_a_shared_table_all_stand_there(tiny):
    times = [f"2026-03-01T10:00:{second:02d}Z" for second in range(40)]
    with ThreadPoolExecutor(4) as at_once:
        list(at_once.map(lambda at: extend_table(tiny, READINGS_FILE, [read_row(read_at=at)], READINGS, HEADER), times))
    assert sorted(row["read_at"] for row in read_table(tiny / READINGS_FILE)) == times


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


@pytest.mark.parametrize("coder", ["b", "model", "Model", "", "../B", "B/C"])
def test_a_name_that_is_none_or_of_another_case_is_refused(coder):
    with pytest.raises(InputError):
        read_coder(coder, ["A", "B"])


def test_a_name_typed_with_letters_and_accents_apart_is_that_of_the_table():
    assert read_coder("Jo\u0308rg", ["J\u00f6rg"]) == "J\u00f6rg"


# Links ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def linked(tmp_path):
    """Return a link to a table in another folder, which only its owner may write."""
    table = tmp_path / "elsewhere/table.csv"
    table.parent.mkdir()
    table.write_text(HEADER)
    table.chmod(0o640)
    link = tmp_path / READINGS_FILE
    link.parent.mkdir(parents=True)
    link.symlink_to("../../elsewhere/table.csv")
    return link


def test_a_table_that_is_a_link_stays_one_and_keeps_who_may_read_it(tmp_path, linked):
    extend_table(tmp_path, READINGS_FILE, [read_row()], READINGS, HEADER)
    assert linked.is_symlink()
    assert [row["coder"] for row in read_table(tmp_path / "elsewhere/table.csv")] == ["A"]
    assert (tmp_path / "elsewhere/table.csv").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in linked.parent.iterdir()) == ["readings.csv"]


def test_a_link_to_a_table_that_is_not_there_yet_makes_it_there(tmp_path, linked):
    (tmp_path / "elsewhere/table.csv").unlink()
    replace_file(linked, HEADER)
    assert linked.is_symlink()
    assert (tmp_path / "elsewhere/table.csv").read_text() == HEADER


def test_a_table_of_captures_that_is_a_link_stays_one_when_it_gets_more_columns(tmp_path):
    table = tmp_path / "elsewhere.csv"
    table.write_text("capture_id,source_id,url,origin,outcome,attempted_at\n")
    (tmp_path / "captures.csv").symlink_to(table)
    CaptureTable(tmp_path / "captures.csv").read()
    assert (tmp_path / "captures.csv").is_symlink()
    assert "sha256" in table.read_text()
