"""Marks of a conflict that git left: named as such with file and row, and nothing else is said about these rows."""

import pytest

from graylit.study.checking import read_study
from graylit.study.known_rows import write_known
from tiny_study import FILES, PATHS, faults_of, only_fault, place, replace_once, write_synthesis

PROTOCOL, CONFIG, CODEBOOK = "config/protocol.md", "config/config.yaml", "config/coding/codebook.csv"
A, QUALITY = "config/coding/codings/A.csv", "config/quality.csv"
TABLES = [file for file in FILES if file.endswith(".csv")] + [file for file, _ in PATHS.values()]
TWO = ["<<<<<<< HEAD", "{ours}", "=======", "{theirs}", ">>>>>>> 8c1f0de (Ben's codings)"]
THREE = ["<<<<<<< ours", "{ours}", "||||||| 5d3c1aa", "{base}", "=======", "{theirs}", ">>>>>>> theirs"]


@pytest.fixture
def folder(tmp_path):
    """Return a study without texts that was run: its rows are known."""
    write_synthesis(tmp_path)
    replace_once(tmp_path, CONFIG, "has_texts: true", "has_texts: false")
    (tmp_path / PROTOCOL).write_text("# Protocol\n\nWe ask\n=======\nwhat barrels are for.\n", encoding="utf-8")
    write_known(tmp_path, read_study(tmp_path)[0])
    return tmp_path


def leave_conflict(folder, file, style=TWO, at=1, end="\n", **sides):
    """Have git's marks stand around a line of a file."""
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    sides = {"ours": lines[at], "base": "x,,,", "theirs": f'{lines[at]}"'} | sides
    lines[at : at + 1] = [line.format_map(sides) for line in style]
    (folder / file).write_bytes("".join(f"{line}{end}" for line in lines).encode())


def test_a_heading_of_the_protocol_that_is_underlined_is_no_conflict(folder):
    assert faults_of(folder) == []


@pytest.mark.parametrize("style", [TWO, THREE])
@pytest.mark.parametrize("file", TABLES)
def test_a_conflict_in_a_table_is_named_with_its_rows_and_nothing_else_is(folder, file, style):
    leave_conflict(folder, file, style)
    fault = only_fault(folder)
    assert place(fault) == (file, 2, "", style[0])
    assert f"which ends in row {len(style) + 1}:" in fault.problem
    assert "keep the rows of both sides" in fault.remedy and f"git add {file}" in fault.remedy


def test_rows_around_conflicts_are_checked_as_ever_under_their_own_numbers(folder):
    leave_conflict(folder, QUALITY, THREE, at=3)
    leave_conflict(folder, QUALITY, TWO, at=12)
    replace_once(folder, QUALITY, "Q15,1", "Q15,many")
    faults = faults_of(folder)
    assert [(fault.row, fault.value) for fault in faults] == [(4, THREE[0]), (13, TWO[0]), (26, "many")]


def test_rows_in_cells_of_several_lines_are_counted_as_a_spreadsheet_does(folder):
    replace_once(folder, A, "whole page", '"whole\n=======\n""page"""')
    leave_conflict(folder, A, at=2)
    write_known(folder, read_study(folder)[0])
    assert place(only_fault(folder)) == (A, 3, "", TWO[0])
    (folder / A).write_text((folder / A).read_text() + "\n".join(TWO) + "\n", encoding="utf-8")
    assert [fault.row for fault in faults_of(folder)] == [3, 9]


def test_conflicts_in_lines_that_end_as_on_windows_or_went_through_a_spreadsheet_are_named(folder):
    style = [line if "{" in line else f"{line},,," for line in TWO]
    leave_conflict(folder, QUALITY, style, end="\r\n")
    assert (QUALITY, 2, "", style[0]) in map(place, faults_of(folder))


@pytest.mark.parametrize("left", ["=======", ">>>>>>> theirs", "<<<<<<< HEAD", "||||||| 5d3c1aa"])
def test_a_mark_that_was_overlooked_is_named_alone(folder, left):
    leave_conflict(folder, CODEBOOK, ["{ours}", left])
    assert place(only_fault(folder)) == (CODEBOOK, 3, "", left)
    assert "remove the line" in only_fault(folder).remedy


def test_of_a_table_whose_header_is_in_conflict_nothing_else_is_said(folder):
    leave_conflict(folder, A, at=0, theirs="coding_id,source_id,code_id")
    assert place(only_fault(folder)) == (A, 1, "", TWO[0])


@pytest.mark.parametrize("at", [0, 3, 7])
def test_a_conflict_in_the_config_is_named_and_tables_are_checked_as_one_side_has_it(folder, at):
    leave_conflict(folder, CONFIG, THREE, at=at)
    assert place(only_fault(folder)) == (CONFIG, at + 1, "", THREE[0])


def test_a_conflict_in_the_protocol_is_named(folder):
    leave_conflict(folder, PROTOCOL, at=2)
    assert place(only_fault(folder)) == (PROTOCOL, 3, "", TWO[0])
    assert "keep what is right of the two sides" in only_fault(folder).remedy
