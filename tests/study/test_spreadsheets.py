"""A study whose tables a spreadsheet saved: read alike, or refused with the cell and a remedy that works."""

import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from graylit.comparison.release import list_decisions
from graylit.desk.coding.desk import Desk
from graylit.study.checking import read_study
from graylit.study.known_rows import write_known
from graylit.study.name_checks import remark_strays
from graylit.study.past import rebuild_state
from graylit.study.study import list_files, list_peoples, name_plain, read_plain
from graylit.study.tidying import plan_tidying, remark_forms, tidy_table
from graylit.study.writing import NEW_TABLE, extend_table, read_clock
from graylit.tables.coding import CODINGS
from graylit.tables.faults import InputError, describe_faults
from running import call_graylit
from spreadsheets import ALIKE, make_workbook, split_cells, write_cells
from tiny_study import faults_of, only_fault, place, replace_once, write_synthesis

SOURCES, QUALITY, A = "config/sources.csv", "config/quality.csv", "config/coding/codings/A.csv"
WORDS = "Größere Fässer für Gärten – „rund“, ‚eckig‘; 5 €"


@pytest.fixture
def folder(tmp_path):
    folder = write_synthesis(tmp_path)
    replace_once(folder, SOURCES, "Choosing a barrel", f'"{WORDS}"')
    replace_once(folder, SOURCES, "Ann Brook", "Müller & Söhne")
    replace_once(folder, A, ",high,", ",high,")
    replace_once(folder, A, "C01,,high", 'C01,"Two lines:\n""quoted"", and more",high')
    assert faults_of(folder) == [], describe_faults(faults_of(folder))
    return folder


def save_as(folder, path, form):
    """Have a program save a table in its form, in the place of the file."""
    ending, write = ALIKE[form]
    content = write(split_cells(path.read_bytes().decode()))
    path.unlink()
    path.with_suffix(ending).write_bytes(content)


def cells_of(folder):
    """Return the cells of every table of a study, by the table's name."""
    return {name_plain(rows.file): rows.cells for rows, _ in list_peoples(read_study(folder)[0])}


def snapshot(folder):
    """Return every file below config by its path."""
    paths = (path for path in (folder / "config").rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def tidy(folder):
    """Write all tables of a study in the canonical form; return what was said of each."""
    needed = [planned for planned in plan_tidying(folder) if planned.is_needed]
    for planned in needed:
        list(tidy_table(folder, planned))
    return [str(planned) for planned in needed]


@pytest.mark.parametrize("form", ALIKE)
def test_what_a_spreadsheet_saved_is_read_alike_and_tidied_without_loss(folder, form):
    before, cells = snapshot(folder), cells_of(folder)
    write_known(folder, read_study(folder)[0])
    for path, _ in list_files(folder):
        save_as(folder, path, form)
    study, faults = read_study(folder)
    assert faults == [], describe_faults(faults)
    assert cells_of(folder) == cells
    saved = snapshot(folder)
    assert {file: content.encode() for file, content in read_plain(folder).items()}.keys() <= before.keys()
    assert [remark.file for remark in remark_forms(study)] == [
        rows.file for rows, _ in list_peoples(study) if rows.ways
    ]
    tidy(folder)
    assert snapshot(folder) == before
    assert tidy(folder) == []
    assert remark_forms(read_study(folder)[0]) == []
    kept = {
        path.relative_to(folder / ".graylit.tidied").as_posix() for path in (folder / ".graylit.tidied").rglob("*.*")
    }
    assert all((folder / ".graylit.tidied" / file).read_bytes() == saved[file] for file in kept)
    assert {file for file in saved if saved[file] != before.get(file)} == kept


def mend_by(form):
    """Return what writes a table of rows as the remedy says."""
    return ALIKE[form][1]


REFUSED = {
    # what stands in the file, given its rows: the ending, the bytes, the place, and a part of what is said
    "French Excel, CSV with words of two readings": (
        lambda rows: (".csv", write_cells([rows[0], [*rows[1][:2], "Très grand", *rows[1][3:]]], ";").encode("cp1252")),
        (2, "title"),
        "'Très grand' (Windows-1252) or 'Trčs grand' (Windows-1250)",
    ),
    "Excel, CSV (MS-DOS)": (
        lambda rows: (".csv", write_cells(rows).encode("cp850", "replace")),
        (2, "title"),
        "neither",
    ),
    "Excel, CSV (Macintosh)": (
        lambda rows: (".csv", write_cells(rows, end="\r").encode("mac_roman")),
        (2, "title"),
        "not",
    ),
    "Excel, UTF-16 without a mark": (lambda rows: (".csv", write_cells(rows).encode("utf-16-le")), (1, ""), "UTF-16"),
    "a workbook under the name of a CSV file": (lambda rows: (".csv", make_workbook(rows)), (None, ""), "workbook"),
    "Numbers, workbook with its summary": (
        lambda rows: (".xlsx", make_workbook(rows, further=[("Export Summary", "This was exported")])),
        (None, ""),
        "2 sheets with cells: 'Table', 'Export Summary'",
    ),
    "a text file under the name of a workbook": (
        lambda rows: (".xlsx", write_cells(rows).encode()),
        (None, ""),
        "workbook",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_told_is_refused_with_a_remedy_that_works(folder, name):
    write, at, said = REFUSED[name]
    rows = split_cells((folder / SOURCES).read_bytes().decode())
    ending, content = write(rows)
    (folder / SOURCES).unlink()
    (folder / SOURCES).with_suffix(ending).write_bytes(content)
    before = snapshot(folder)
    faults = [fault for fault in faults_of(folder) if fault.file.startswith("config/sources")]
    assert len(faults) == 1, describe_faults(faults)
    assert (faults[0].row, faults[0].column) == at
    assert said in faults[0].problem
    assert tidy(folder) == []
    assert snapshot(folder) == before
    (folder / SOURCES).with_suffix(ending).unlink()
    (folder / SOURCES).write_bytes(mend_by("German Excel, CSV UTF-8")(rows))
    assert faults_of(folder) == []


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("published", "14/03/2025", "is a date as a spreadsheet writes it"),
        ("published", "3/14/2025", "is a date as a spreadsheet writes it"),
        ("published", "14.03.25", "is a date as a spreadsheet writes it"),
        ("published", "14.03.2025", "is a date as a spreadsheet writes it"),
        ("published", "2025/03/14", "is a date as a spreadsheet writes it"),
        ("published", "14-Mar-25", "is a date as a spreadsheet writes it"),
        ("published", "Mrz 25", "is a date as a spreadsheet writes it"),
        ("published", "mars-25", "is a date as a spreadsheet writes it"),
        ("published", "May-24", "is a date as a spreadsheet writes it"),
        ("published", "14. März 2025", "is a date as a spreadsheet writes it"),
        ("published", "March 14, 2025", "is a date as a spreadsheet writes it"),
        ("published", "2025-03-14 00:00:00", "is a date as a spreadsheet writes it"),
        ("published", "45730", "is the number by which a spreadsheet keeps a date"),
        ("published", "########", "is what a spreadsheet shows if a column is too narrow"),
        ("source_id", "1E+05", "is a number in short form, which a spreadsheet made of what was typed"),
        ("source_id", "1,00E+05", "is a number in short form, which a spreadsheet made of what was typed"),
        ("source_id", "100000", "is a number, as a spreadsheet makes one of an id (zeros in front of it are lost)"),
        ("source_id", "1-Mar", "is a date, which a spreadsheet made of what was typed"),
        ("source_id", "01. Mrz", "is a date, which a spreadsheet made of what was typed"),
        ("title", "#NAME?", "is the error of a formula, which a spreadsheet made of what was typed"),
        ("title", "#REF!", "is the error of a formula, which a spreadsheet made of what was typed"),
        ("title", "#BEZUG!", "is the error of a formula, which a spreadsheet made of what was typed"),
        ("title", "#NAAM?", "is the error of a formula, which a spreadsheet made of what was typed"),
        ("published", "#ЗНАЧ!", "is the error of a formula, which a spreadsheet made of what was typed"),
        ("title", "#####", "is what a spreadsheet shows if a column is too narrow"),
        ("title", "#NOM?", "is the error of a formula, which a spreadsheet made of what was typed"),
        ("region", "Err:508", "is the error of a formula, which a spreadsheet made of what was typed"),
        ("url", "#NV", "is the error of a formula, which a spreadsheet made of what was typed"),
        ("region", "1.23457E+18", "is a number in short form, which a spreadsheet made of what was typed"),
        ("region", "1234567890123450000", "seems rounded: spreadsheets keep fifteen digits of a number"),
        ("title", "x" * 32_767, "has as many signs as spreadsheets leave of a longer text (32,767)"),
    ],
)
@pytest.mark.parametrize("form", ["LibreOffice, CSV", "German Excel, CSV UTF-8"])
def test_what_a_spreadsheet_changed_for_good_is_refused_at_its_cell(folder, column, cell, problem, form):
    header, *rows = split_cells((folder / SOURCES).read_bytes().decode())
    rows[2][header.index(column)] = cell
    (folder / SOURCES).write_bytes(ALIKE[form][1]([header, *rows]))
    faults = [fault for fault in faults_of(folder) if fault.file == SOURCES]
    assert [place(fault) for fault in faults] == [(SOURCES, 4, column, cell)]
    assert faults[0].problem == problem
    assert faults[0].remedy != "correct the cell"


@pytest.mark.parametrize(
    ("name", "value", "shown_as", "problem"),
    [
        ("C4", datetime.datetime(2025, 3, 4), None, "is a date, which a spreadsheet made of what was typed"),
        ("C4", datetime.time(12, 30), None, "is a time of day, which a spreadsheet made of what was typed"),
        ("F4", datetime.datetime(2024, 5, 1), "mmm-yy", "is shown as a month, and held as the day 2024-05-01"),
        ("F4", datetime.datetime(2024, 5, 1), "[$-407]MMM\\ yy", "is shown as a month, and held as the day 2024-05-01"),
        ("F4", datetime.datetime(2024, 5, 1), "yyyy", "is shown as a year, and held as the day 2024-05-01"),
        ("F4", 45730, None, "is the number by which a spreadsheet keeps a date"),
        ("F4", datetime.datetime(2024, 5, 1, 9, 30), None, "is a date as a spreadsheet writes it"),
        ("A4", 100000, None, "is a number, as a spreadsheet makes one of an id (zeros in front of it are lost)"),
        ("C4", "=A1+1", None, "holds a formula without its value"),
        ("I4", 1234567890123456789, None, "seems rounded: spreadsheets keep fifteen digits of a number"),
    ],
)
def test_what_a_workbook_changed_for_good_is_refused_at_its_cell(folder, name, value, shown_as, problem):
    content = make_workbook(split_cells((folder / SOURCES).read_bytes().decode()))
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = book.active[name]
    cell.value = value
    cell.number_format = shown_as or cell.number_format
    (folder / SOURCES).unlink()
    book.save(folder / "config/sources.xlsx")
    faults = [fault for fault in faults_of(folder) if fault.file == "config/sources.xlsx"]
    header = [cell.value for cell in book.active[1]]
    assert [(fault.row, fault.column) for fault in faults] == [(4, header["ABCDEFGHI".index(name[0])])]
    assert faults[0].problem == problem


def test_an_error_in_a_workbook_and_merged_cells_are_refused_at_their_cell(folder):
    content = make_workbook(split_cells((folder / SOURCES).read_bytes().decode()))
    book = openpyxl.load_workbook(io.BytesIO(content))
    book.active["C3"].value, book.active["C3"].data_type = "#REF!", "e"
    book.active.merge_cells("I2:I3")
    (folder / SOURCES).unlink()
    book.save(folder / "config/sources.xlsx")
    found = [(fault.row, fault.column, fault.problem) for fault in faults_of(folder)]
    assert (3, "title", "holds the error #REF! of a formula") in found
    assert (2, "region", "is merged with others, to I3") in found


def test_the_first_day_of_a_month_that_is_shown_as_a_day_is_that_day(folder):
    replace_once(folder, SOURCES, "2024-03-01", "2024-05-01")
    save_as(folder, folder / SOURCES, "Excel, workbook")
    assert faults_of(folder) == []
    assert cells_of(folder)[SOURCES][0]["published"] == "2024-05-01"


@pytest.mark.parametrize(
    ("cell", "read"), [("0,5", "0.5"), ("1,0000", "1.0000"), ("0,250", "0.250"), ("1,500", None), ("1.234,5", None)]
)
def test_a_decimal_comma_is_read_if_it_cannot_be_one_of_thousands(folder, cell, read):
    header, *rows = split_cells((folder / QUALITY).read_bytes().decode())
    rows[0][3] = cell
    (folder / QUALITY).write_bytes(write_cells([header, *rows], ";").encode())
    first = cells_of(folder)[QUALITY][0]["score"]
    assert first == (read or cell)
    assert read or place(only_fault(folder)) == (QUALITY, 2, "score", cell)


def test_a_cell_below_no_name_is_named_and_keeps_the_table_from_being_tidied(folder):
    rows = split_cells((folder / SOURCES).read_bytes().decode())
    wide = [[*rows[0], ""], [*rows[1], "note"], *([*row, ""] for row in rows[2:])]
    (folder / SOURCES).write_bytes(write_cells(wide, ";").encode())
    fault = only_fault(folder)
    assert place(fault) == (SOURCES, 2, "", "note")
    assert fault.problem == "stands in column J, which has no name"
    assert tidy(folder) == []


def test_a_broken_row_keeps_a_table_from_being_tidied(folder):
    content = (folder / SOURCES).read_bytes().replace(b"\n", b"\r\n") + b"S009,\xe2\x80\x9cx,y,z,a,b,c,d,e,f\r\n"
    (folder / SOURCES).write_bytes(content)
    assert only_fault(folder).problem == "has 10 cells where the header has 9"
    assert tidy(folder) == []
    assert (folder / SOURCES).read_bytes() == content


def test_a_workbook_beside_its_table_is_named_and_put_away_if_it_says_the_same(folder):
    rows = split_cells((folder / A).read_bytes().decode())
    workbook = (folder / A).with_suffix(".xlsx")
    workbook.write_bytes(make_workbook(rows[:-1]))
    before = snapshot(folder)
    assert only_fault(folder).problem == f"is a second file of the table {A}"
    assert tidy(folder) == []
    assert snapshot(folder) == before
    workbook.write_bytes(make_workbook(rows))  # as a run leaves it that was killed before it removed the workbook
    assert len(tidy(folder)) == 1
    assert not workbook.exists()
    assert faults_of(folder) == []


def test_a_killed_tidying_leaves_the_table_whole_and_the_next_one_ends_it(folder):
    cells, before = cells_of(folder), (folder / A).read_bytes()
    save_as(folder, folder / A, "Excel, workbook")
    workbook = (folder / A).with_suffix(".xlsx")
    content = workbook.read_bytes()
    for planned in plan_tidying(folder):
        if planned.is_needed:
            next(tidy_table(folder, planned))  # and no further: the copy is made, and nothing else
    assert workbook.read_bytes() == content
    assert cells_of(folder) == cells
    tidy(folder)
    assert ((folder / A).read_bytes(), workbook.exists()) == (before, False)
    kept = [path for path in (folder / ".graylit.tidied").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in kept] == [content]


def test_what_was_there_is_kept_each_time(folder):
    first = (folder / A).read_bytes().replace(b"\n", b"\r\n")
    for content in (first, b"\xef\xbb\xbf" + first):
        (folder / A).write_bytes(content)
        tidy(folder)
    kept = folder / ".graylit.tidied/config/coding/codings"
    assert [(kept / name).read_bytes() for name in ("A.csv", "A-2.csv")] == [first, b"\xef\xbb\xbf" + first]


LIBREOFFICE = Path(__file__).parent.parent / "libreoffice"
KEPT = ["kept.xlsx", "kept.ods", "kept_german.csv", "kept_ansi.csv", "kept_utf16.csv"]


@pytest.mark.parametrize("name", KEPT)
def test_what_libreoffice_wrote_is_read_alike_and_tidied_to_the_bytes_it_opened(folder, name):
    (folder / SOURCES).unlink()
    (folder / SOURCES).with_suffix(Path(name).suffix).write_bytes((LIBREOFFICE / name).read_bytes())
    assert [fault for fault in faults_of(folder) if fault.file.startswith("config/sources")] == []
    tidy(folder)
    assert (folder / SOURCES).read_bytes() == (LIBREOFFICE / "kept.csv").read_bytes()


@pytest.mark.parametrize("name", ["turned.xlsx", "turned.ods"])
def test_what_libreoffice_turned_into_a_date_is_refused_at_its_cell(folder, name):
    (folder / SOURCES).unlink()
    file = f"config/sources{Path(name).suffix}"
    (folder / file).write_bytes((LIBREOFFICE / name).read_bytes())
    faults = [fault for fault in faults_of(folder) if fault.file == file]
    assert [(fault.row, fault.column) for fault in faults] == [(2, "region")]
    assert tidy(folder) == []


@pytest.mark.parametrize("form", ["Excel, CSV UTF-8", "German Excel, CSV", "Excel, workbook", "Excel, capitals"])
def test_programs_that_add_rows_ask_for_a_tidy_table_and_change_nothing(folder, form):
    added = [{"coding_id": "A-9", "source_id": "S001", "code_id": "C01"}]
    save_as(folder, folder / A, form)
    before = snapshot(folder)
    with pytest.raises(InputError, match="run: graylit tidy"):
        extend_table(folder, A, added, CODINGS, NEW_TABLE)
    with pytest.raises(InputError, match="run: graylit tidy"):
        Desk(folder, "A", "", read_clock)
    assert snapshot(folder) == before
    tidy(folder)
    extend_table(folder, A, added, CODINGS, NEW_TABLE)
    assert read_study(folder)[0].codings["A"].cells[-1]["coding_id"] == "A-9"
    assert Desk(folder, "A", "", read_clock).own.ids[-1] == "A-9"


@pytest.mark.parametrize("form", ["German Excel, CSV UTF-8", "Excel, workbook", "Excel, capitals"])
def test_decisions_states_and_packages_are_the_same_whatever_form_a_table_has(folder, form):
    study = read_study(folder)[0]
    decisions, state = list_decisions(folder), rebuild_state(study, folder, "2026-01-02")
    for path, _ in list_files(folder):
        save_as(folder, path, form)
    study = read_study(folder)[0]
    assert list_decisions(folder) == decisions
    after = rebuild_state(study, folder, "2026-01-02")
    assert after[0] == state[0]
    assert [(kept.n_kept, kept.n_left_out) for kept in after[1]] == [
        (kept.n_kept, kept.n_left_out) for kept in state[1]
    ]


def test_the_commands_say_what_they_do(folder):
    save_as(folder, folder / A, "Excel, workbook")
    before = snapshot(folder)
    shown = call_graylit("-C", folder, "tidy", "--dry-run")
    assert (shown.returncode, snapshot(folder)) == (0, before)
    line = f"{A} (from A.xlsx): 3 rows, without the form of a workbook (xlsx)"
    assert shown.stdout.splitlines() == [line, "1 table would be written"]
    done = call_graylit("-C", folder, "tidy")
    assert done.stdout.splitlines() == [f"{line}; as it was: .graylit.tidied/{A[:-4]}.xlsx", "1 table written"]
    assert call_graylit("-C", folder, "tidy").stdout == "Every table that can be read is tidy\n"
    (folder / QUALITY).write_bytes((folder / QUALITY).read_bytes().replace(b"0.5", b"14.03.25"))
    left = call_graylit("-C", folder, "tidy")
    assert left.returncode == 1
    assert "1 fault left, which tidying cannot mend:\n  1. config/quality.csv, row 21, column score" in left.stdout


def test_a_table_that_was_put_behind_another_has_its_header_named_whatever_marks_begin_it(folder):
    header, *rows = (folder / A).read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / A).write_text(f"\ufeff{header}{''.join(rows)}\ufeff{header}", encoding="utf-8")
    (fault,) = [fault for fault in faults_of(folder) if fault.file == A]
    assert (fault.row, fault.problem) == (5, "is the header again")  # the note of one row has two lines


def test_tidying_shows_cells_with_garbled_letters_and_leaves_them(folder):
    garbled = "M\u00fcller und S\u00f6hne".encode().decode("cp1252")
    path = folder / "config/sources.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Brook & Sons", garbled), encoding="utf-8")
    content = path.read_bytes()
    assert garbled.encode() in content
    done = call_graylit("-C", folder, "tidy")
    assert done.returncode == 0
    n_cells = content.count(garbled.encode())
    assert f"{n_cells} cell" in done.stdout.splitlines()[1]
    assert f"'{garbled}' was probably 'M\u00fcller und S\u00f6hne'" in done.stdout.splitlines()[2]
    assert path.read_bytes() == content


def test_files_beside_the_tables_that_nothing_reads_are_named(folder):
    for name in ("sources (1).csv", "coding/codings/notes.txt", "coding/codings/~$A.xlsx", "README.md", "search.md"):
        (folder / "config" / name).write_text("x")
    assert [remark.problem for remark in remark_strays(folder)] == [
        "holds what is no table of a study and is not read: config/coding/codings/notes.txt, config/sources (1).csv"
    ]
