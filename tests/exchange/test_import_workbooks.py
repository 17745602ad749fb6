"""Workbooks of others, imported as they are: their sheets, their numbers, dates and merged cells."""

import datetime

import openpyxl
import pytest

from importing import import_tables, list_codings, list_themes, refuse

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
    assert "book.xlsx: cannot be read as a spreadsheet" in refuse(tmp_path, "title: t\n" + SOURCES)
