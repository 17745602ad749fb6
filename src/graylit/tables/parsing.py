"""The text of a table that people wrote, read into rows, and every fault of its header, rows, cells and keys."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from graylit.tables.faults import Fault, suggest_name
from graylit.tables.files import SharedCells, say_empty
from graylit.tables.kinds import Column, number_ids
from graylit.tables.rows import Cells, Rows, unguard_typed
from graylit.tables.turned import TURNED_SIGNS, explain_turned, explain_worded, is_cut

csv.field_size_limit(10_000_000)  # characters of a cell: chosen, not measured; the default of 131,072 is too few
MANY_SIGNS = 30_000  # shorter cells were not cut


def parse_table(
    records: Iterable[tuple[int, list[str]]], file: str, name: str, columns: Sequence[Column], key: Sequence[str]
) -> tuple[Rows, list[Fault]]:
    """Return the rows of a table and the faults of its header, its rows, its cells and its keys.

    `records` are the header and the rows, each with its number. Each row that is returned has every column. Cells of a
    column that the table lacks are empty, and then the rows are not whole.
    """
    numbers, cells = [], []
    header: list[str] = []
    faults: list[Fault] = []
    blank = {column.name: "" for column in columns}
    names = blank.keys()
    shared, number, is_whole, n_below = SharedCells(), 0, True, 0
    try:
        for number, record in records:
            if not header:
                header = record
                faults += check_header(header, file, name, columns)
            elif record == header or is_header(record, names):
                n_below, is_whole = len(record), False
                faults.append(_repeat_header(file, number, record == header))
            elif len(record) != len(header):
                is_whole = False
                faults += [_miscount_cells(file, number, len(record), len(header))] if len(record) != n_below else []
            else:
                cells.append(blank | dict(zip(header, shared.share(record), strict=True)))
                numbers.append(number)
    except csv.Error as error:
        is_whole = False
        remedy = "close the quotes; write a quote inside a quoted cell as two quotes"
        faults.append(Fault(file, f"cannot be read as CSV ({error})", "complete CSV rows", remedy, row=number + 1))
    faults += [say_empty(file)] if not header and not faults else []
    is_whole = is_whole and all(column.name in header for column in columns if column.is_required)
    rows = Rows(file, cells, numbers, is_whole, header=tuple(header))
    asked = [column for column in columns if column.name in header]
    faults += [fault for number, row in rows for fault in check_cells(number, row, file, asked)]
    for name in (column.name for column in asked if column.is_worded):
        for row in cells:
            row[name] = unguard_typed(row[name])
    return rows, faults + (check_keys(rows, key) if rows.is_whole or set(key) <= set(header) else [])


def is_header(record: list[str], names: Set[str]) -> bool:
    """Return whether a row holds names of columns only: git keeps both headers if two people made a table."""
    return len(record) > 1 and all(cell in names for cell in record)


def _repeat_header(file: str, number: int, is_same: bool) -> Fault:
    rows = "write the rows below it under the columns of row 1, if they do not stand above it, then remove it"
    problem = "is the header again" if is_same else "is another header than row 1"
    return Fault(file, problem, "one header, in row 1", "remove the row" if is_same else rows, row=number)


def split_text(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a text in the canonical form, each with the number that a spreadsheet shows for it."""
    yield from enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1)


def _miscount_cells(file: str, number: int, n_cells: int, n_columns: int) -> Fault:
    problem = f"has {n_cells} cells where the header has {n_columns}"
    remedy = "complete the row, or put quotes around cells that hold commas"
    if n_columns > 1 and n_cells == 2 * n_columns - 1:
        remedy = "if two rows run into one, since a file did not end in a line break, break the line between them"
    return Fault(file, problem, f"{n_columns} cells", remedy, row=number)


def check_header(header: list[str], file: str, table: str, columns: Sequence[Column]) -> list[Fault]:
    """Return what is wrong with the first row of a table."""
    if len(header) == 1 and (sign := next((sign for sign in ";\t" if sign in header[0]), "")):
        return [Fault(file, f"separates cells by {sign!r}", "commas", "save it again as 'CSV UTF-8'", row=1)]
    faults = []
    names = [column.name for column in columns]
    missing = [column.name for column in columns if column.is_required and column.name not in header]
    for name in missing:
        remedy = f"add the column; its order does not matter ({table}: {', '.join(names)})"
        faults.append(Fault(file, f"column {name!r} is missing", f"a column {name}", remedy, row=1))
    for name in dict.fromkeys(header):
        if name not in names:
            hint = suggest_name(name, [known for known in names if known not in header])
            remedy = "rename or remove it, or declare it under 'variables' in config/config.yaml"
            faults.append(Fault(file, f"is not a column of {table}{hint}", "known columns", remedy, 1, name))
        if header.count(name) > 1:
            faults.append(Fault(file, "stands in the header twice", "each column once", "remove one", 1, name))
    return faults


def check_cells(number: int, cells: Mapping[str, str], file: str, columns: Iterable[Column]) -> list[Fault]:
    """Return the faults of one row's cells, each looked at alone."""
    faults = []
    for column in columns:
        cell = cells[column.name]
        if not cell:
            if column.is_required:
                faults.append(Fault(file, "is empty", column.expected, "fill the cell", number, column.name, cell))
        elif not column.accepts(cell):
            problem, remedy = explain_turned(cell, column) or (
                f"is not valid{suggest_name(cell, column.choices)}",
                "correct the cell",
            )
            faults.append(Fault(file, problem, column.expected, remedy, number, column.name, cell))
        elif turned := _explain_accepted(cell, column):
            faults.append(Fault(file, turned[0], column.expected, turned[1], number, column.name, cell))
    return faults


def _explain_accepted(cell: str, column: Column) -> tuple[str, str] | None:
    """Return what a spreadsheet made of a cell in which any words may stand, and what to do."""
    if len(cell) > MANY_SIGNS and is_cut(cell):
        remedy = "put back the whole text; if it is whole, add or remove a sign"
        return f"has as many signs as spreadsheets leave of a longer text ({len(cell):,})", remedy
    return explain_worded(cell) if cell[0] in TURNED_SIGNS and column.kind == "text" else None


def check_keys(rows: Rows, key: Sequence[str]) -> list[Fault]:
    """Return a fault for each row whose key an earlier row has."""
    faults: list[Fault] = []
    seen: dict[tuple[str, ...], tuple[int, Cells]] = {}
    ids = [cells.get(key[0], "") for cells in rows.cells]
    for number, cells in rows:
        values = tuple(cells.get(name, "") for name in key)
        if not values[0]:
            continue
        if values in seen:
            problem, shown = f"stands in row {seen[values][0]} already", ", ".join(filter(None, values))
            remedy = _part_rows(cells, seen[values][1], key, ids)
            faults.append(Fault(rows.file, problem, "each key once", remedy, number, ", ".join(key), shown))
        else:
            seen[values] = number, cells
    return faults


def _part_rows(cells: Cells, first: Cells, key: Sequence[str], ids: list[str]) -> str:
    """Return what to do about two rows of one key; an id that is given out for one of them is added to `ids`."""
    if cells == first:
        return "remove one of the two rows, which say the same"
    same = "if they are two versions of one row, as git keeps them if two people changed it, remove the wrong one"
    if len(key) == 1:
        ids += number_ids([*ids, cells[key[0]]], 1, first=cells[key[0]])
        return f"if it is a row of its own, give it a new id ({ids[-1]}), also in rows that name it; {same}"
    if key[1:] == ("decided_at",):
        return f"if both were decided, give the later one its time of day, and put it last; {same}"
    return f"{same}; else correct what is to tell them apart"
