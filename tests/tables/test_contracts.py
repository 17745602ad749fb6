"""Reading and writing tables: every fault of people's files is found, named and reported at once."""

import csv
import io
import math
import re

import pandas as pd
import pytest

from graylit.study.writing import guard_table
from graylit.tables.contracts import Column, Contract
from graylit.tables.faults import InputError, describe_faults
from graylit.tables.kinds import KINDS, split_ids
from graylit.tables.reading import read_finished, read_made

BOOKS = Contract(
    "books",
    (
        Column("book_id", "id", "id of the book"),
        Column("title", "text", "its title"),
        Column("status", "text", "whether it is lent", choices=("shelved", "lent")),
        Column("url", "url", "where it is described", is_required=False),
        Column("published", "date", "when it came out", is_required=False),
        Column("n_pages", "count", "pages", is_required=False),
        Column("shelf_ids", "ids", "where it stands", is_required=False),
        Column("note", "text", "anything else", is_required=False),
    ),
    key=("book_id",),
)
HEADER = "book_id,title,status,url,published,n_pages,shelf_ids,note\n"
GOOD = "B1,Owls,shelved,https://example.org/owls,2024-05-01,120,N1; N2,\n"

LOANS = Contract(
    "loans",
    (
        Column("loan_id", "id", "id of the loan"),
        Column("decided_at", "when", "when the row was decided", is_required=False),
    ),
    key=("loan_id", "decided_at"),
)
MADE = Contract(
    "made",
    (
        Column("part_id", "id", "id of the part"),
        Column("n_words", "count", "words", is_required=False),
        Column("share", "share", "share of all", is_required=False),
        Column("words", "page_text", "its words", is_required=False),
    ),
    key=("part_id",),
)
MEASURES = Contract(
    "measures", (Column("measure", "id", "its name"), Column("value", "number", "its value")), key=("measure",)
)


def read(tmp_path, content):
    """Return rows and faults of a file with this content (text or bytes)."""
    path = tmp_path / "books.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return BOOKS.read_rows(path, "books.csv")


def only_fault(tmp_path, content):
    """Return the one fault of a file."""
    _, faults = read(tmp_path, content)
    assert len(faults) == 1, describe_faults(faults)
    assert faults[0].file == "books.csv"
    return faults[0]


def place(fault):
    return fault.row, fault.column, fault.value


# Header ---------------------------------------------------------------------------------------------------------


def test_a_correct_table_has_no_faults(tmp_path):
    rows, faults = read(tmp_path, HEADER + GOOD)
    assert faults == []
    assert list(rows) == [
        (
            2,
            {
                "book_id": "B1",
                "title": "Owls",
                "status": "shelved",
                "url": "https://example.org/owls",
                "published": "2024-05-01",
                "n_pages": "120",
                "shelf_ids": "N1; N2",
                "note": "",
            },
        )
    ]


def test_a_table_with_only_a_header_has_no_rows_and_no_faults(tmp_path):
    rows, faults = read(tmp_path, HEADER)
    assert (list(rows), faults) == ([], [])


def test_columns_may_stand_in_any_order(tmp_path):
    header = "note,shelf_ids,n_pages,published,url,status,title,book_id\n"
    rows, faults = read(tmp_path, header + ",,,,,lent,Owls,B1\n")
    assert faults == []
    assert rows.cells[0]["book_id"] == "B1"


def test_a_missing_column_is_named(tmp_path):
    fault = only_fault(tmp_path, HEADER.replace("title,", "") + GOOD.replace("Owls,", ""))
    assert fault.row == 1
    assert fault.problem == "column 'title' is missing"


def test_an_optional_column_may_be_missing_and_its_cells_are_empty(tmp_path):
    rows, faults = read(tmp_path, "book_id,title,status\nB1,Owls,lent\n")
    assert faults == []
    assert rows.cells == [
        {"book_id": "B1", "title": "Owls", "status": "lent"}
        | dict.fromkeys(("url", "published", "n_pages", "shelf_ids", "note"), "")
    ]


def test_an_unknown_column_is_named(tmp_path):
    fault = only_fault(tmp_path, HEADER.replace("note", "note,weight") + GOOD.replace("\n", ",7\n"))
    assert (fault.row, fault.column) == (1, "weight")
    assert fault.problem == "is not a column of books"


def test_a_misspelt_column_gets_a_hint(tmp_path):
    _, faults = read(tmp_path, HEADER.replace("title", "titel") + GOOD)
    assert [f.problem for f in faults] == [
        "column 'title' is missing",
        "is not a column of books (did you mean 'title'?)",
    ]


def test_a_column_in_other_case_gets_a_hint(tmp_path):
    fault = only_fault(tmp_path, HEADER.replace("url", "URL") + GOOD)
    assert (fault.row, fault.column) == (1, "URL")
    assert fault.problem == "is not a column of books (did you mean 'url'?)"


def test_a_misspelt_optional_column_gets_a_hint_also_where_a_required_one_is_missing(tmp_path):
    _, faults = read(tmp_path, HEADER.replace("title", "titel").replace("published", "publisht") + GOOD)
    assert [f.problem for f in faults] == [
        "column 'title' is missing",
        "is not a column of books (did you mean 'title'?)",
        "is not a column of books (did you mean 'published'?)",
    ]


def test_a_duplicate_column_is_named_once(tmp_path):
    fault = only_fault(tmp_path, HEADER.replace("note", "note,title") + GOOD.replace("\n", ",Owls\n"))
    assert (fault.row, fault.column, fault.problem) == (1, "title", "stands in the header twice")


# Cells ----------------------------------------------------------------------------------------------------------


def test_a_duplicate_id_names_both_rows(tmp_path):
    fault = only_fault(tmp_path, HEADER + GOOD + GOOD.replace("Owls", "Larks"))
    assert place(fault) == (3, "book_id", "B1")
    assert fault.problem == "stands in row 2 already"


def test_what_to_do_about_a_duplicate_id_depends_on_what_the_rows_say(tmp_path):
    other, same = (only_fault(tmp_path, HEADER + GOOD + row) for row in (GOOD.replace("Owls", "Larks"), GOOD))
    assert "give it a new id (B2), also in rows that name it" in other.remedy
    assert same.remedy == "remove one of the two rows, which say the same"


def test_new_ids_for_many_duplicates_are_free(tmp_path):
    _, faults = read(tmp_path, HEADER + GOOD + GOOD.replace("Owls", "Larks") + GOOD.replace("Owls", "Wrens"))
    assert [fault.remedy.partition("(")[2].partition(")")[0] for fault in faults] == ["B2", "B3"]


def test_a_header_again_and_another_one_are_named_as_such_and_rows_below_the_other_are_not(tmp_path):
    wide = HEADER.replace("note", "note,shelf") + GOOD.replace("\n", ",3\n").replace("B1", "B2")
    _, faults = read(tmp_path, HEADER + GOOD + HEADER + HEADER.partition(",")[0] + ",title\nB3,Larks\n" + wide)
    assert [(fault.row, fault.problem) for fault in faults][:2] == [
        (3, "is the header again"),
        (4, "is another header than row 1"),
    ]
    assert 5 not in [fault.row for fault in faults]


def test_two_rows_run_into_one_are_told_from_a_cell_too_many(tmp_path):
    joined, long = (only_fault(tmp_path, HEADER + GOOD.strip() + more) for more in (GOOD, ",x\n"))
    assert "two rows run into one" in joined.remedy and "put quotes around" in long.remedy


def test_an_empty_required_cell_is_named(tmp_path):
    fault = only_fault(tmp_path, HEADER + GOOD.replace("Owls", ""))
    assert (fault.row, fault.column, fault.problem) == (2, "title", "is empty")


def test_an_empty_id_is_no_duplicate_of_another_empty_id(tmp_path):
    _, faults = read(tmp_path, HEADER + GOOD.replace("B1", "") + GOOD.replace("B1", ""))
    assert [(f.row, f.problem) for f in faults] == [(2, "is empty"), (3, "is empty")]


def read_loans(tmp_path, *rows):
    (tmp_path / "loans.csv").write_text("loan_id,decided_at\n" + "".join(f"{row}\n" for row in rows))
    return LOANS.read_rows(tmp_path / "loans.csv", "loans.csv")


def test_one_id_may_stand_in_rows_of_several_dates(tmp_path):
    rows, faults = read_loans(tmp_path, "L1,", "L1,2026-03-05", "L1,2026-03-05T09:30:00Z", "L2,2026-03-05")
    assert (len(rows.cells), faults) == (4, [])


@pytest.mark.parametrize(("when", "value"), [("2026-03-05", "L1, 2026-03-05"), ("", "L1")])
def test_one_id_in_two_rows_of_one_date_or_of_none_is_named(tmp_path, when, value):
    _, faults = read_loans(tmp_path, f"L1,{when}", "L2,", f"L1,{when}")
    assert [place(fault) for fault in faults] == [(4, "loan_id, decided_at", value)]


@pytest.mark.parametrize(
    ("kind", "cell"), [("count", "１２"), ("count", "9" * 24), ("number", "٣.٥"), ("date", "２０２６")]
)
def test_numbers_are_of_ascii_digits_and_of_a_size_that_can_be_counted(kind, cell):
    assert not KINDS[kind].is_valid(cell)


@pytest.mark.parametrize("cell", ["2026-03-05", "2026-03-05T09:30:00Z"])
def test_a_when_is_a_day_or_a_time(cell):
    assert KINDS["when"].is_valid(cell)


@pytest.mark.parametrize("cell", ["2026", "2026-03", "2026-02-30", "2026-03-05 09:30", "2026-03-05T09:30:00", ""])
def test_a_when_is_nothing_else(cell):
    assert not KINDS["when"].is_valid(cell)


@pytest.mark.parametrize("cell", ["12-1/1/0-f0054892-cd910a9f-e43baec4", "0-0/0/0-00000000-00000000-00000000"])
def test_a_fingerprint_is_what_make_anchor_writes(cell):
    assert KINDS["fingerprint"].is_valid(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "12-1/1/0-f0054892-cd910a9f",
        "12-1/1-f0054892-cd910a9f-e43baec4",
        "12-1/1/0-F0054892-cd910a9f-e43baec4",
        "12-1/1/0-f0054892-cd910a9f-e43baec4a",
        "the words themselves",
    ],
)
def test_a_fingerprint_is_nothing_else(cell):
    assert not KINDS["fingerprint"].is_valid(cell)


@pytest.mark.parametrize("cell", ["2024-02-30", "2024-13", "24-05-01", "May 2024", "2024-5-1", "2024-05-01T10:00:00Z"])
def test_a_date_that_is_none_is_refused(tmp_path, cell):
    fault = only_fault(tmp_path, HEADER + GOOD.replace("2024-05-01", cell))
    assert place(fault) == (2, "published", cell)
    assert fault.expected == "a date: 2026, 2026-08 or 2026-08-24"


@pytest.mark.parametrize("cell", ["2024", "2024-05", "2024-02-29"])
def test_a_date_may_be_a_year_a_month_or_a_day(tmp_path, cell):
    _, faults = read(tmp_path, HEADER + GOOD.replace("2024-05-01", cell))
    assert faults == []


@pytest.mark.parametrize(
    "cell",
    [
        "example.org/owls",
        "ftp://example.org/owls",
        "javascript:alert(1)",
        "https://",
        "https://example.org/o wls",
        "https://[::1",
        "https://example.org:99999/owls",
        "https://example.org:port/owls",
    ],
)
def test_an_address_that_is_none_is_refused(tmp_path, cell):
    fault = only_fault(tmp_path, HEADER + GOOD.replace("https://example.org/owls", cell))
    assert place(fault) == (2, "url", cell)
    assert fault.expected == "an address that starts with http:// or https://"


def test_a_bad_choice_gets_the_choices_and_a_hint(tmp_path):
    fault = only_fault(tmp_path, HEADER + GOOD.replace("shelved", "shelfed"))
    assert place(fault) == (2, "status", "shelfed")
    assert fault.problem == "is not valid (did you mean 'shelved'?)"
    assert fault.expected == "one of shelved, lent"


@pytest.mark.parametrize("cell", ["-1", "1.5", "many", "1 000", "²"])
def test_a_count_that_is_none_is_refused(tmp_path, cell):
    assert place(only_fault(tmp_path, HEADER + GOOD.replace("120", cell))) == (2, "n_pages", cell)


@pytest.mark.parametrize("cell", ["=1+1", "=HYPERLINK(A1)", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(tmp_path, cell):
    fault = only_fault(tmp_path, HEADER + GOOD.replace("Owls", cell))
    assert place(fault) == (2, "title", cell)
    assert "a spreadsheet would run it" in fault.expected


def test_ids_without_separator_are_refused(tmp_path):
    assert place(only_fault(tmp_path, HEADER + GOOD.replace("N1; N2", "N1 N2"))) == (2, "shelf_ids", "N1 N2")


def test_the_same_id_twice_in_a_cell_is_refused(tmp_path):
    fault = only_fault(tmp_path, HEADER + GOOD.replace("N1; N2", "N1; N2; N1"))
    assert place(fault) == (2, "shelf_ids", "N1; N2; N1")


def test_ids_are_split_at_semicolons_with_any_blanks():
    assert split_ids(" N1;N2 ; N3 ;") == ["N1", "N2", "N3"]


# Rows -----------------------------------------------------------------------------------------------------------


def test_half_a_row_is_named_with_its_number_of_cells(tmp_path):
    fault = only_fault(tmp_path, HEADER + "B2,Larks,le\n" + GOOD)
    assert (fault.row, fault.problem) == (2, "has 3 cells where the header has 8")


def test_rows_after_half_a_row_are_still_read(tmp_path):
    rows, _ = read(tmp_path, HEADER + "B2,Larks,le\n" + GOOD)
    assert [(number, cells["book_id"]) for number, cells in rows] == [(3, "B1")]


def test_an_unquoted_comma_is_a_row_with_too_many_cells(tmp_path):
    fault = only_fault(tmp_path, HEADER + GOOD.replace("Owls", "Owls, and larks"))
    assert (fault.row, fault.problem) == (2, "has 9 cells where the header has 8")


def test_an_unclosed_quote_is_named_at_the_row_where_it_opens(tmp_path):
    content = HEADER + GOOD + GOOD.replace("B1,Owls", 'B2,"Larks') + GOOD.replace("B1", "B3")
    fault = only_fault(tmp_path, content)
    assert fault.row == 3
    assert "cannot be read as CSV" in fault.problem
    assert "close the quotes" in fault.remedy


def test_a_row_number_is_the_one_a_spreadsheet_shows_after_a_line_break_in_a_cell(tmp_path):
    content = HEADER + GOOD.replace("Owls", '"Owls\nby day\nand night"') + GOOD.replace("B1", "B2").replace("120", "x")
    assert place(only_fault(tmp_path, content)) == (3, "n_pages", "x")


def test_a_line_break_in_a_cell_is_kept(tmp_path):
    rows, faults = read(tmp_path, HEADER + GOOD.replace("Owls", '"Owls\nby day"'))
    assert (rows.cells[0]["title"], faults) == ("Owls\nby day", [])


# Bytes ----------------------------------------------------------------------------------------------------------


def test_windows_line_ends_are_one_fault_and_the_rows_are_read(tmp_path):
    rows, faults = read(tmp_path, (HEADER + GOOD).replace("\n", "\r\n"))
    assert [(f.row, f.problem) for f in faults] == [(1, "has Windows line ends (CRLF)")]
    assert rows.cells[0]["title"] == "Owls"


def test_mixed_line_ends_are_named_at_their_first_row(tmp_path):
    fault = only_fault(tmp_path, HEADER + GOOD + GOOD.replace("B1", "B2").replace("\n", "\r\n"))
    assert (fault.row, fault.problem) == (3, "mixes line ends")


def test_a_byte_order_mark_is_one_fault_and_the_first_column_is_known(tmp_path):
    rows, faults = read(tmp_path, b"\xef\xbb\xbf" + (HEADER + GOOD).encode())
    assert [f.problem for f in faults] == ["starts with a byte order mark (BOM)"]
    assert rows.cells[0]["book_id"] == "B1"


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_refused(tmp_path, charset):
    fault = only_fault(tmp_path, (HEADER + GOOD).encode(charset))
    assert "is not UTF-8 (it looks like UTF-16" in fault.problem


def test_latin_1_is_refused_with_the_row_and_the_byte(tmp_path):
    fault = only_fault(tmp_path, (HEADER + GOOD + GOOD.replace("Owls", "Käuze")).encode("latin-1"))
    assert fault.row == 3
    assert "byte 0xe4" in fault.problem


def test_the_row_of_a_latin_1_byte_does_not_count_line_breaks_in_cells(tmp_path):
    content = HEADER + GOOD.replace("Owls", '"Owls\nby day"') + GOOD.replace("B1", "B2").replace("Owls", "Käuze")
    assert only_fault(tmp_path, content.encode("latin-1")).row == 3


def test_a_nul_byte_is_refused(tmp_path):
    fault = only_fault(tmp_path, HEADER + GOOD.replace("Owls", "Ow\x00ls"))
    assert "binary file" in fault.problem


@pytest.mark.parametrize("content", ["", "\n", " \n\n"])
def test_an_empty_file_is_refused(tmp_path, content):
    fault = only_fault(tmp_path, content)
    assert (fault.problem, fault.expected) == ("is empty", "at least the header row")


def test_a_missing_file_is_named(tmp_path):
    _, faults = BOOKS.read_rows(tmp_path / "none.csv", "config/none.csv")
    assert [(f.file, f.problem) for f in faults] == [("config/none.csv", "is missing")]


def test_a_folder_in_place_of_a_file_is_a_fault(tmp_path):
    _, faults = BOOKS.read_rows(tmp_path, "books.csv")
    assert [f.problem for f in faults] == ["cannot be read (Is a directory)"]


# All faults at once ---------------------------------------------------------------------------------------------


def test_all_faults_of_a_file_are_reported_at_once(tmp_path):
    content = (
        HEADER.replace("note", "notes")
        + GOOD.replace("Owls", "")
        + GOOD.replace("shelved", "lend").replace("2024-05-01", "soon")
        + "B3,Larks\n"
    )
    _, faults = read(tmp_path, b"\xef\xbb\xbf" + content.replace("\n", "\r\n").encode())
    assert sorted((f.row, f.column) for f in faults) == [
        (1, ""),  # BOM
        (1, ""),  # CRLF
        (1, "notes"),
        (2, "title"),
        (3, "book_id"),  # stands in row 2 already
        (3, "published"),
        (3, "status"),
        (4, ""),  # half a row
    ]


def test_faults_are_counted_and_numbered_for_people(tmp_path):
    _, faults = read(tmp_path, HEADER + GOOD.replace("Owls", "").replace("120", "x"))
    assert describe_faults(faults) == (
        "2 faults found, nothing was run:\n"
        "  1. books.csv, row 2, column title: '' is empty; expected text that does not start with = or @ "
        "(a spreadsheet would run it); fill the cell.\n"
        "  2. books.csv, row 2, column n_pages: 'x' is not valid; expected a whole number from 0; correct the cell."
    )


def test_a_long_value_is_shortened_in_the_message(tmp_path):
    fault = only_fault(tmp_path, HEADER + GOOD.replace("120", "9" * 500 + "x"))
    assert "9" * 79 + "…" in str(fault)
    assert len(str(fault)) < 250


# Tables that steps make -----------------------------------------------------------------------------------------

PARTS = pd.DataFrame(
    {"part_id": ["P1", "P2", "P3"], "n_words": [3, 0, 12], "share": [0.25, 0.0, 0.75], "words": ["a", "", 'b, "c"\nd']}
)


def test_shuffled_rows_and_columns_are_written_byte_for_byte_the_same(tmp_path):
    MADE.write(PARTS, tmp_path / "ordered.csv")
    MADE.write(PARTS.iloc[[2, 0, 1]][["words", "part_id", "share", "n_words"]], tmp_path / "shuffled.csv")
    assert (tmp_path / "ordered.csv").read_bytes() == (tmp_path / "shuffled.csv").read_bytes()


def test_a_table_is_written_with_unix_line_ends_and_sorted_by_key(tmp_path):
    MADE.write(PARTS.iloc[[1, 0]], tmp_path / "made.csv")
    assert (tmp_path / "made.csv").read_bytes() == b"part_id,n_words,share,words\nP1,3,0.25,a\nP2,0,0,\n"


def test_writing_leaves_the_frame_as_it_is(tmp_path):
    shuffled = PARTS.iloc[[2, 0, 1]]
    before = shuffled.copy()
    MADE.write(shuffled, tmp_path / "made.csv")
    pd.testing.assert_frame_equal(shuffled, before)


def test_writing_refuses_a_missing_column(tmp_path):
    with pytest.raises(ValueError, match="made: columns"):
        MADE.write(PARTS.drop(columns="share"), tmp_path / "made.csv")


def test_writing_refuses_another_column(tmp_path):
    with pytest.raises(ValueError, match="'weight'"):
        MADE.write(PARTS.assign(weight=1), tmp_path / "made.csv")


def test_writing_refuses_a_repeated_key(tmp_path):
    with pytest.raises(ValueError, match=r"a key \('part_id',\) repeats"):
        MADE.write(PARTS.assign(part_id="P1"), tmp_path / "made.csv")


def test_nothing_is_written_where_writing_is_refused(tmp_path):
    with pytest.raises(ValueError):
        MADE.write(PARTS.assign(part_id="P1"), tmp_path / "made.csv")
    assert not (tmp_path / "made.csv").exists()


def test_what_is_written_is_read_back_with_values_and_types(tmp_path):
    MADE.write(PARTS, tmp_path / "made.csv")
    back = MADE.read(tmp_path / "made.csv")
    assert back.dtypes.astype(str).to_dict() == {
        "part_id": "object",
        "n_words": "Int64",
        "share": "float64",
        "words": "object",
    }
    pd.testing.assert_frame_equal(back, PARTS.astype({"n_words": "Int64"}))


def test_an_empty_count_is_read_back_as_missing_and_not_as_zero(tmp_path):
    MADE.write(PARTS.assign(n_words=pd.array([3, None, 12], dtype="Int64")), tmp_path / "made.csv")
    assert MADE.read(tmp_path / "made.csv")["n_words"].isna().tolist() == [False, True, False]


@pytest.mark.parametrize("cell", ["NA", "null", "None", "nan", "007", " x ", "1e5", "TRUE"])
def test_words_that_look_like_something_else_are_read_back_as_words(tmp_path, cell):
    MADE.write(PARTS.head(1).assign(words=cell), tmp_path / "made.csv")
    assert MADE.read(tmp_path / "made.csv")["words"].tolist() == [cell]


def test_a_table_without_rows_keeps_its_types(tmp_path):
    MADE.write(PARTS.head(0), tmp_path / "made.csv")
    assert MADE.read(tmp_path / "made.csv").dtypes.astype(str).tolist() == ["object", "Int64", "float64", "object"]


def test_reading_a_made_table_without_a_required_column_is_a_fault(tmp_path):
    (tmp_path / "made.csv").write_text("n_words,share,words\n3,0.5,a\n")
    with pytest.raises(InputError, match=r"made\.csv: lacks part_id"):
        MADE.read(tmp_path / "made.csv")


def test_an_optional_column_that_a_table_lacks_is_read_as_empty_and_of_its_type(tmp_path):
    (tmp_path / "made.csv").write_text("part_id\nP1\n")
    back = MADE.read(tmp_path / "made.csv")
    assert back.dtypes.astype(str).tolist() == ["object", "Int64", "float64", "object"]
    assert back.isna().to_numpy().tolist() == [[False, True, True, False]]
    assert back["words"].tolist() == [""]


def test_rows_of_cells_become_a_typed_frame_sorted_by_key():
    frame = MADE.to_frame([{"part_id": "P2", "n_words": "4"}, {"part_id": "P1", "share": "0.5"}])
    assert frame["part_id"].tolist() == ["P1", "P2"]
    assert frame["n_words"].tolist() == [pd.NA, 4]
    assert frame["words"].tolist() == ["", ""]


def test_only_the_columns_asked_for_are_read(tmp_path):
    (tmp_path / "made.csv").write_text("part_id,n_words,share,words\nP1,many,.5,owl\n")
    assert MADE.read(tmp_path / "made.csv", columns=["words", "part_id"]).to_dict("list") == {
        "part_id": ["P1"],
        "words": ["owl"],
    }


def test_a_required_column_asked_for_that_a_table_lacks_is_named(tmp_path):
    (tmp_path / "made.csv").write_text("n_words,words\n3,owl\n")
    with pytest.raises(InputError, match="lacks part_id"):
        MADE.read(tmp_path / "made.csv", columns=["part_id", "words"])


def test_rows_that_come_one_by_one_are_written_and_read_as_a_table_is(tmp_path):
    MADE.write(PARTS, tmp_path / "whole.csv")
    rows = list(MADE.read_each(tmp_path / "whole.csv"))
    MADE.write_each(iter(rows), tmp_path / "each.csv")
    assert rows[2] == {"part_id": "P3", "n_words": "12", "share": "0.75", "words": 'b, "c"\nd'}
    assert (tmp_path / "each.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


@pytest.mark.parametrize("keys", [["P2", "P1"], ["P1", "P1"]])
def test_rows_that_come_one_by_one_come_by_key(tmp_path, keys):
    rows = [{"part_id": key, "n_words": "1", "share": "0.5", "words": ""} for key in keys]
    with pytest.raises(ValueError, match="repeats or is out of order"):
        MADE.write_each(rows, tmp_path / "made.csv")


VALUES = [
    {"part_id": "P2", "n_words": 3, "share": 1 / 3, "words": "with, a comma"},
    {"part_id": "P10", "n_words": None, "share": math.nan, "words": 'with "quotes"'},
    {"part_id": "P1", "n_words": 1_234_567, "share": 1.0, "words": ""},
]


def test_rows_of_values_are_written_as_a_frame_of_them(tmp_path):
    MADE.write_rows(VALUES, tmp_path / "rows.csv")
    MADE.write(pd.DataFrame(VALUES).astype({"n_words": "Int64"}), tmp_path / "frame.csv")
    assert (tmp_path / "rows.csv").read_bytes() == (tmp_path / "frame.csv").read_bytes()


def test_rows_of_values_are_sorted_by_numbers_as_numbers_and_missing_ones_last(tmp_path):
    counted = Contract(
        "counted", (Column("n_words", "count", "words"), Column("share", "share", "share")), ("n_words",)
    )
    rows = [{"n_words": n, "share": 0.0} for n in (10, None, 9)]
    counted.write_rows(rows, tmp_path / "rows.csv")
    assert [row["n_words"] for row in counted.list_cells(str(tmp_path / "rows.csv"))] == ["9", "10", ""]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([VALUES[0], VALUES[0]], "repeats"),
        ([{"part_id": "P1"}], "contract says"),
        ([VALUES[0] | {"colour": "red"}], "contract says"),
    ],
)
def test_rows_of_values_that_do_not_fit_are_a_mistake_and_not_written(tmp_path, rows, problem):
    with pytest.raises(ValueError, match=problem):
        MADE.write_rows(rows, tmp_path / "rows.csv")
    assert not (tmp_path / "rows.csv").exists()


@pytest.mark.parametrize("path", ["", [], ()])
def test_a_table_that_a_study_does_without_has_no_rows(path):
    assert MADE.list_cells(path) == []
    assert MADE.read_or_empty(path).columns.tolist() == MADE.names


def test_cells_are_those_of_the_contract_or_those_asked_for(tmp_path):
    (tmp_path / "made.csv").write_text("share,part_id,other\n0.5,P1,x\n\n")
    path = str(tmp_path / "made.csv")
    assert MADE.list_cells(path) == [dict.fromkeys(MADE.names, "") | {"part_id": "P1", "share": "0.5"}]
    assert MADE.list_cells(path, ["part_id"]) == [{"part_id": "P1"}]


# Formulas -------------------------------------------------------------------------------------------------------

FORMULAS = ["+1", "-2+3+cmd|' /C calc'!A0", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", "'+1", "''-1", "+", "-"]


@pytest.mark.parametrize("cell", [*FORMULAS, "=1+1", "@x", "'=1", "'a", "a", ""])
def test_no_made_cell_is_a_formula_and_every_one_is_read_as_it_was(tmp_path, cell):
    rows = [{"part_id": "A1", "n_words": "1", "share": "", "words": cell}]
    MADE.write_each(rows, tmp_path / "each.csv")
    MADE.write_rows([{**rows[0], "n_words": 1, "share": None}], tmp_path / "rows.csv")
    MADE.write(MADE.to_frame(rows), tmp_path / "frame.csv")
    contents = {(tmp_path / f"{name}.csv").read_bytes() for name in ("each", "rows", "frame")}
    assert len(contents) == 1
    assert not re.search(r',"?[=+\-@\t\r＝＋－＠]', contents.pop().decode())
    path = tmp_path / "frame.csv"
    cell = cell.replace("\r", "\n")  # the csv module would end the row there
    assert MADE.read(path)["words"].tolist() == [cell]
    assert [row["words"] for row in MADE.list_cells(str(path))] == [cell]
    assert [row["words"] for row in read_finished(path, MADE)] == [cell]
    assert [row["words"] for row in read_made(tmp_path, "frame.csv", MADE)] == [cell]


def test_numbers_keep_their_sign(tmp_path):
    MEASURES.write_rows([{"measure": "kappa", "value": -0.25}], tmp_path / "measures.csv")
    assert (tmp_path / "measures.csv").read_text() == "measure,value\nkappa,-0.25\n"


@pytest.mark.parametrize("cell", [*(cell for cell in FORMULAS if "\r" not in cell), "'=1", "'@x", "'a"])
def test_a_table_of_people_that_was_published_is_read_as_it_was_written(tmp_path, cell):
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(["B1", "Owls", "lent", cell, "kept"])
    content = "book_id,title,status,note,shelf_ids\n" + line.getvalue() + 'B2,"Tits",lent,,\n'
    published = guard_table(content, BOOKS.worded)
    assert published.endswith('B2,"Tits",lent,,\n')
    assert not re.search(r',"?[+\-\t\r＝＋－＠]', published)
    assert BOOKS.parse_rows(published, "")[0].cells == BOOKS.parse_rows(content, "")[0].cells
