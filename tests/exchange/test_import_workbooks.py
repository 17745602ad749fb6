"""Workbooks of others, imported as they are: their sheets, their numbers, dates and merged cells."""

import datetime

import openpyxl
import pytest

from importing import import_tables, list_codings, list_themes, refuse, run_import

SOURCES = "sources: {file: book.xlsx, sheet: Papers, columns: {source_id: No, title: Title, published: Date}}\n"


def write_book(folder, **sheets):
    """Write a workbook with sheets of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "book.xlsx")
    return book


PAPERS = [["No", "Title", "Date"], [1, "One", datetime.datetime(2019, 5, 12)], [2.0, "Two", 2020], [None, None, None]]


def test_numbers_and_dates_of_a_workbook_are_read_as_people_see_them(tmp_path):
    write_book(tmp_path, Papers=PAPERS, Notes=[["x"]])
    study = import_tables(tmp_path, "title: t\n" + SOURCES)
    assert [(row["source_id"], row["published"]) for row in study.sources.cells] == [
        ("S1", "2019-05-12"),
        ("S2", "2020"),
    ]


def test_a_sheet_for_each_coder(tmp_path):
    codings = [["No", "Code"], [1, "Logging"], [2, True]]
    write_book(tmp_path, Papers=PAPERS, Ann=codings, Ben=codings[:2])
    mapping = "title: t\n" + SOURCES
    mapping += "codings: {file: book.xlsx, sheet: [Ann, B*], columns: {source_id: No, name: Code, coder: sheet}}\n"
    study = import_tables(tmp_path, mapping)
    assert list_codings(study) == [("Ann", "S1", "Logging"), ("Ann", "S2", "true"), ("Ben", "S1", "Logging")]


def test_merged_cells_mean_what_stands_above(tmp_path):
    rows = [["Theme", "Code"], ["Process", "Logging"], [None, "Tracing"], ["Tests", "Chaos"]]
    book = write_book(tmp_path, Papers=PAPERS, Codes=rows)
    book["Codes"].merge_cells("A2:A3")
    book.save(tmp_path / "book.xlsx")
    codes = "codes: {file: book.xlsx, sheet: Codes, down: Theme, columns: {name: Code, theme: Theme}}\n"
    study = import_tables(tmp_path, "title: t\n" + SOURCES + codes)
    assert list_themes(study) == {"Process": ["Logging", "Tracing"], "Tests": ["Chaos"]}


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("", "book.xlsx: has 2 sheets: Papers, Notes; expected which of them; say `sheet` in the mapping"),
        ("sheet: Paper, ", "book.xlsx: has no sheet 'Paper' (did you mean 'Papers'?)"),
    ],
)
def test_a_sheet_that_is_not_said_or_not_there_is_named(tmp_path, sheet, said):
    write_book(tmp_path, Papers=PAPERS, Notes=[["x"]])
    assert said in refuse(tmp_path, "title: t\n" + SOURCES.replace("sheet: Papers, ", sheet))


def test_a_file_that_is_no_workbook_is_named(tmp_path):
    (tmp_path / "book.xlsx").write_text("No,Title\n")
    assert "book.xlsx: cannot be read as a workbook" in refuse(tmp_path, "title: t\n" + SOURCES)


def write_marks(folder, codings, **cells):
    """Write a workbook in which cells are errors of formulas, or formulas that no spreadsheet has reckoned."""
    write_book(folder, Papers=PAPERS, Codings=codings)
    book = openpyxl.load_workbook(folder / "book.xlsx")
    for place, value in cells.items():
        book["Codings"][place] = value
    book.save(folder / "book.xlsx")


CODINGS = [["No", "Code", "Note", "Round"], [1, "Logging", "a", 1], [2, "Tracing", "b", 2]]
MAPPED = "title: t\n" + SOURCES + "codings: {file: book.xlsx, sheet: Codings, columns: {source_id: No, name: Code}%s}\n"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("#REF!", "'#REF!' is the error of a formula"),
        ('=A2&"x"', "book.xlsx (Codings), row 2, column Code: holds a formula without its value"),
    ],
)
def test_cells_that_do_not_say_what_was_in_them_are_named_if_they_are_read(tmp_path, value, said):
    write_marks(tmp_path, CODINGS, B2=value)
    assert said in refuse(tmp_path, MAPPED % "")
    write_marks(tmp_path, CODINGS, C2=value)
    assert len(list_codings(import_tables(tmp_path, MAPPED % ""))) == 2


def test_cells_of_rows_that_do_not_count_may_be_whatever_they_are(tmp_path):
    write_marks(tmp_path, CODINGS, B2='=A2&"x"')
    study = import_tables(tmp_path, MAPPED % ", where: {Round: '2'}")
    assert list_codings(study) == [("unnamed", "S2", "Tracing")]


def test_an_error_of_a_formula_may_be_an_empty_cell_if_the_mapping_says_so(tmp_path):
    write_marks(tmp_path, CODINGS, B2="#N/A")
    study = import_tables(tmp_path, MAPPED % ", empty: ['#N/A']")
    assert list_codings(study) == [("unnamed", "S2", "Tracing")]


def test_a_name_that_a_spreadsheet_turned_into_a_date_is_said(tmp_path):
    write_book(tmp_path, Papers=PAPERS, Codings=[["No", "Code"], [1, datetime.datetime(2026, 5, 3)], [2, "Tracing"]])
    ended = run_import(tmp_path, MAPPED % "").stdout
    assert "book.xlsx (Codings), row 2: name is a date, which may have been made of what was typed (1 cell)" in ended
    assert "published is a date" not in ended


def test_a_cell_far_from_the_others_and_a_password_are_named(tmp_path):
    book = write_book(tmp_path, Papers=PAPERS)
    book["Papers"]["XFD1048576"] = "x"
    book.save(tmp_path / "book.xlsx")
    assert "has a cell far from the others on sheet 'Papers'" in refuse(tmp_path, "title: t\n" + SOURCES)
