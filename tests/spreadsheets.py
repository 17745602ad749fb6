"""Tables as spreadsheets save them: what each program writes, in its languages, for the same rows of cells."""

import csv
import datetime
import io
import re

import openpyxl

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def split_cells(content):
    """Return the rows of a table in the canonical form."""
    return list(csv.reader(io.StringIO(content, newline="")))


def write_cells(rows, separator=",", end="\r\n", quoting=csv.QUOTE_MINIMAL):
    """Return rows as CSV, as a program writes them that ends lines by `end`."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=separator, lineterminator="\n", quoting=quoting).writerows(rows)
    return lines.getvalue().replace("\n", end)


def with_commas(rows):
    """Return rows in which numbers have decimal commas, as German and French programs write them."""
    return [[re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", cell) for cell in row] for row in rows]


def with_empty(rows, n_rows=895, n_columns=3):
    """Return rows with empty rows and columns at their ends, as a table has whose cells were once formatted."""
    wide = [[*row, *[""] * n_columns] for row in rows]
    return wide + [[""] * len(wide[0])] * n_rows


def wrap(rows):
    """Return rows as a German Excel saves a file with commas: each row is one cell."""
    return [[write_cells([row], end="\n").removesuffix("\n")] for row in rows]


def make_workbook(rows, sheets=("Table",), further=()):
    """Return a workbook of rows, in which what looks like a number or a day is one, as if it was typed."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = sheets[0]
    for row in rows:
        sheet.append([read_typed(cell) for cell in row])
    for name in sheets[1:]:
        book.create_sheet(name)
    for name, cell in further:
        book.create_sheet(name)["A1"] = cell
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def read_typed(cell):
    """Return what Excel makes of a cell that is typed: a day, a number, or words."""
    if DATE.fullmatch(cell):
        return datetime.datetime.fromisoformat(cell)
    return float(cell) if re.fullmatch(r"\d+(\.\d+)?", cell) else cell or None


def drop_last(rows):
    """Return rows without empty cells at their ends, as Excel writes some of them."""
    short = [re.sub(r"\x1f+$", "", "\x1f".join(row)).split("\x1f") for row in rows[1:]]
    return [rows[0], *short]


# Forms that are read alike: (program, ending, bytes of rows).
ALIKE = {
    "Excel, CSV UTF-8": (".csv", lambda rows: write_cells(rows).encode("utf-8-sig")),
    "Excel, CSV": (".csv", lambda rows: write_cells(rows).encode("cp1252")),
    "Excel, CSV, short rows": (".csv", lambda rows: write_cells(drop_last(rows)).encode("cp1252")),
    "Excel, Unicode text under the name of the table": (".csv", lambda rows: write_cells(rows, "\t").encode("utf-16")),
    "Excel, text with tabs": (".csv", lambda rows: write_cells(rows, "\t").encode("cp1252")),
    "Excel, two byte order marks": (
        ".csv",
        lambda rows: b"\xef\xbb\xbf" + write_cells(rows).encode("utf-8-sig"),
    ),
    "Excel for Mac, CSV UTF-8": (".csv", lambda rows: write_cells(rows, end="\r").encode("utf-8-sig")),
    "Excel, formatted empty rows and columns": (".csv", lambda rows: write_cells(with_empty(rows)).encode("utf-8-sig")),
    "Excel, capitals": (".CSV", lambda rows: write_cells(rows).encode("utf-8-sig")),
    "Excel, workbook": (".xlsx", lambda rows: make_workbook(rows)),
    "Excel, workbook with empty sheets": (".xlsx", lambda rows: make_workbook(rows, ("Table", "Sheet2", "Sheet3"))),
    "Excel, workbook, capitals": (".XLSX", lambda rows: make_workbook(rows)),
    "German Excel, CSV UTF-8": (".csv", lambda rows: write_cells(with_commas(rows), ";").encode("utf-8-sig")),
    "German Excel, CSV": (".csv", lambda rows: write_cells(with_commas(rows), ";").encode("cp1252")),
    "German Excel, short rows": (".csv", lambda rows: write_cells(drop_last(with_commas(rows)), ";").encode("cp1252")),
    "German Excel, Unicode text": (".csv", lambda rows: write_cells(with_commas(rows), "\t").encode("utf-16")),
    "German Excel, empty rows": (".csv", lambda rows: write_cells(with_empty(with_commas(rows)), ";").encode("cp1252")),
    "German Excel, a file with commas saved again": (
        ".csv",
        lambda rows: write_cells(wrap(rows), ";").encode("utf-8-sig"),
    ),
    "German Excel, the separator named": (
        ".csv",
        lambda rows: ("sep=;\r\n" + write_cells(with_commas(rows), ";")).encode("utf-8-sig"),
    ),
    "French Excel, CSV UTF-8": (".csv", lambda rows: write_cells(with_commas(rows), ";").encode("utf-8-sig")),
    "LibreOffice, CSV": (".csv", lambda rows: write_cells(rows, end="\n").encode()),
    "LibreOffice, all cells quoted": (".csv", lambda rows: write_cells(rows, end="\n", quoting=csv.QUOTE_ALL).encode()),
    "German LibreOffice, semicolons": (".csv", lambda rows: write_cells(with_commas(rows), ";", end="\n").encode()),
    "German LibreOffice, commas": (".csv", lambda rows: write_cells(with_commas(rows), end="\n").encode()),
    "LibreOffice, tabs": (".csv", lambda rows: write_cells(rows, "\t", end="\n").encode()),
    "LibreOffice, UTF-16": (".csv", lambda rows: write_cells(rows, end="\n").encode("utf-16")),
    "LibreOffice, blank line at the end": (".csv", lambda rows: (write_cells(rows, end="\n") + "\n").encode()),
    "Google Sheets, CSV": (".csv", lambda rows: write_cells(rows).removesuffix("\r\n").encode()),
    "Google Sheets, TSV renamed": (".csv", lambda rows: write_cells(rows, "\t").removesuffix("\r\n").encode()),
    "Google Sheets, workbook": (".xlsx", lambda rows: make_workbook([*rows, *[[""] * len(rows[0])] * 900])),
    "Numbers, CSV": (".csv", lambda rows: write_cells(with_empty(rows, n_rows=12, n_columns=1)).encode()),
    "German Numbers, CSV": (".csv", lambda rows: write_cells(with_empty(with_commas(rows), 12, 1), ";").encode()),
}
