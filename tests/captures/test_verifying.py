"""Rows of captures.csv held against what their WARC files state, without reading any body."""

import datetime

import pytest

from archives import PAGES, write_archive
from graylit.captures.archive_index import index_archives
from graylit.captures.choosing import MOST_FAULTS
from graylit.captures.verifying import check_captures, verify_file
from graylit.collection.archives import take_from_archive
from graylit.collection.capture_files import CaptureWriter
from graylit.study.checking import read_study
from graylit.study.outline import digest_checked, write_stamp
from graylit.study.study import CAPTURES as TABLE
from graylit.study.study import read_captures
from graylit.tables.collection import CAPTURES
from graylit.tables.rows import Rows

BLANK = dict.fromkeys(CAPTURES.names, "")
FREE = ("capture_id", "warc_file", "warc_offset")  # what names a row and its record


@pytest.fixture
def raw(tmp_path):
    """Return a folder of captures, each in a group that states its row, and the rows."""
    writer = CaptureWriter(tmp_path, datetime.datetime(2026, 3, 2))
    index = index_archives([write_archive(tmp_path / "old.warc.gz", PAGES[:3])])
    rows = []
    for number, page in enumerate(PAGES[:3], start=1):
        source = {"source_id": f"S{number:03d}", "url": page.url}
        attempt = take_from_archive(source, index, 1_000_000, "2026-03-03T00:00:00Z")
        rows.append(writer.add(BLANK | attempt.row | {"capture_id": f"S{number:03d}-1"}, attempt.records))
    writer.close()
    return tmp_path, rows


def check(folder, rows):
    return check_captures(folder, Rows("captures.csv", rows, list(range(2, len(rows) + 2))), "captures.csv")


def change_letter(cell):
    return f"{cell[:-1]}{'8' if cell[-1:] == '7' else '7'}"


@pytest.mark.parametrize("name", [name for name in CAPTURES.names if name not in FREE])
def test_a_changed_letter_in_any_cell_is_named_with_its_row(raw, name):
    folder, rows = raw
    assert check(folder, rows) == []
    rows[1] = rows[1] | {name: change_letter(rows[1][name])}
    (fault,) = check(folder, rows)
    assert fault.row == 3
    assert f"{name} is {rows[1][name]!r}" in fault.problem


def test_a_changed_id_is_named_once(raw):
    folder, rows = raw
    rows[0] = rows[0] | {"capture_id": "S001-7"}
    assert [fault.finding for fault in check(folder, rows)] == [
        f"captures.csv, row 2: capture_id is 'S001-7', but {rows[0]['warc_file']} has 'S001-1' for it"
    ]


def test_a_row_that_is_gone_is_named_and_the_last_is_left_to_the_next_collection(raw):
    folder, rows = raw
    (fault,) = check(folder, [rows[0], rows[2]])
    assert "lacks S002-1, which captures-" in fault.problem
    assert "collect --no-live" in fault.remedy
    assert check(folder, rows[:2]) == []
    path = folder / rows[0]["warc_file"]
    assert "S002-1 has no row in captures.csv; restore the file" in verify_file(path, [rows[0], rows[2]])[1][0]
    assert "S003-1 has no row in captures.csv; the next `graylit collect` adds it" in verify_file(path, rows[:2])[1][0]


def test_faults_of_one_cause_are_counted(raw):
    folder, rows = raw
    many = [rows[0] | {"note": str(number)} for number in range(MOST_FAULTS + 2)]
    assert [fault.problem for fault in check(folder, many)][-1] == "has 2 more such faults"


def test_a_missing_file_and_attempts_without_a_record_are_no_matter_of_this_check(raw):
    folder, rows = raw
    assert check(folder, [*rows, BLANK | {"capture_id": "S001-2", "source_id": "S001", "outcome": "timeout"}]) == []
    (folder / rows[0]["warc_file"]).unlink()
    assert check(folder, rows) == []


@pytest.mark.parametrize(
    ("name", "new"), [("captured_at", "2025-03-02T08:15:30Z"), ("url", "http://axpiary-society.example/guides/4")]
)
def test_the_check_of_a_study_names_a_row_that_is_not_as_its_record_is(mini, name, new):
    row = next(row for row in read_captures(mini / TABLE) if row["source_id"] == "S002")
    content = (mini / TABLE).read_text(encoding="utf-8")
    line = next(line for line in content.splitlines() if line.startswith("S002-1,"))
    changed = line.replace(f",{row[name]},", f",{new},", 1)
    (mini / TABLE).write_text(content.replace(line, changed), encoding="utf-8")
    (fault,) = read_study(mini)[1]
    assert (fault.file, fault.row) == (TABLE, 3)
    assert new in fault.problem


def test_records_are_not_read_again_while_the_table_is_as_at_the_last_run(mini):
    (mini / TABLE).write_text((mini / TABLE).read_text().replace("T08:15:30Z", "T08:15:31Z"))
    assert len(read_study(mini)[1]) == MOST_FAULTS + 1
    write_stamp(mini, digest_checked(mini))
    assert read_study(mini)[1] == []
