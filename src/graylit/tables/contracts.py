"""Contracts of tables: what each column holds, how a table is read and written, and what is wrong with one.

A table that people write is read by `Contract.read_rows`, which reports every fault of the file at once. A
table that a step made is read by `Contract.read` and written by `Contract.write`. CSV, UTF-8, LF; the empty
cell is the missing value.
"""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from graylit.tables.conflicts import take_out_conflicts
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.files import read_text
from graylit.tables.forms import Sheet, format_records, open_sheet
from graylit.tables.kinds import KINDS, Column, Dtype
from graylit.tables.parsing import check_header, parse_table, split_text
from graylit.tables.rows import Row, Rows, Values, format_value, guard_cell, order_values, unguard_cell

if TYPE_CHECKING:  # pandas takes half a second to import, and checking needs none of it
    import pandas as pd


@dataclass(frozen=True)
class Contract:
    """A table's columns and key, and the only way to read or write it; a growing table may end in an unfinished row.

    Tables that people keep (`is_peoples`) are read in every form in which spreadsheets save them.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    is_growing: bool = False
    is_peoples: bool = False

    @property
    def names(self) -> list[str]:
        """The column names in order."""
        return [column.name for column in self.columns]

    @functools.cached_property
    def worded(self) -> frozenset[str]:
        """The names of the columns that hold words, which may begin like a formula."""
        return frozenset(column.name for column in self.columns if column.is_worded)

    def with_columns(self, columns: Iterable[Column]) -> Contract:
        """Return the contract with more columns at its end."""
        return replace(self, columns=self.columns + tuple(columns))

    def read_rows(self, path: Path, file: str = "") -> tuple[Rows, list[Fault]]:
        """Return the rows of a table that people wrote, and every fault of the file.

        `file` is the name to show for it; rows are returned as far as they could be read.
        """
        file = file or str(path)
        if self.is_peoples:
            sheet, faults = open_sheet(path, file, self.columns)
            return self._parse_sheet(sheet, faults) if sheet else (Rows(file, is_whole=False), faults)
        text, faults = read_text(path, file, self.is_growing)
        if text is None:
            return Rows(file, is_whole=False), faults
        rows, more = self.parse_rows(text, file)
        return rows, faults + more

    def parse_rows(self, text: str, file: str) -> tuple[Rows, list[Fault]]:
        """Return the rows of a table in a text, be it on disk yet or not, and every fault of its rows."""
        text, conflicts, faults = take_out_conflicts(text, file)
        if conflicts and 1 in conflicts[0]:
            return Rows(file, is_whole=False), faults
        records = ((number, row) for number, row in split_text(text) if not any(number in part for part in conflicts))
        rows, more = self._parse(records, file)
        return replace(rows, is_whole=rows.is_whole and not conflicts), faults + more

    def _parse_sheet(self, sheet: Sheet, known: list[Fault]) -> tuple[Rows, list[Fault]]:
        rows, faults = self._parse(sheet, sheet.file)
        named = {(fault.row, fault.column) for fault in known}
        faults = [fault for fault in faults if (fault.row, fault.column) not in named]
        is_whole = rows.is_whole and sheet.is_whole
        return replace(rows, ways=tuple(sheet.ways), is_whole=is_whole), known + sheet.faults + faults

    def _parse(self, records: Iterable[tuple[int, list[str]]], file: str) -> tuple[Rows, list[Fault]]:
        return parse_table(records, file, self.name, self.columns, self.key)

    def read_plain(self, path: Path) -> str:
        """Return a table that people wrote in the canonical form; one that is in it already, byte for byte.

        Raises InputError if it cannot be read.
        """
        sheet, faults = open_sheet(path, str(path), self.columns)
        if faults or sheet is None:
            raise InputError(faults)
        records = [record for _, record in sheet]
        if sheet.faults:
            raise InputError(sheet.faults)
        return format_records(records) if sheet.ways else sheet.text

    def check_header(self, header: list[str], file: str) -> list[Fault]:
        """Return what is wrong with the first row of a table."""
        return check_header(header, file, self.name, self.columns)

    def to_frame(self, rows: Iterable[dict[str, str]]) -> pd.DataFrame:
        """Return rows of cells as a frame of the contract's columns and types, sorted by key."""
        import pandas as pd

        frame = pd.DataFrame(list(rows), columns=self.names, dtype="str").fillna("")
        for column in self.columns:
            frame[column.name] = _typed(frame[column.name], KINDS[column.kind].dtype)
        return self._sorted(frame)

    def read(self, path: str | Path, columns: Container[str] | None = None) -> pd.DataFrame:
        """Return a table that passed its check or that a step made: the contract's columns, typed.

        `columns` names those to read, if a step needs only a few. Raises InputError if one is missing; columns that
        the contract does not know are left out.
        """
        import pandas as pd

        asked = [column for column in self.columns if columns is None or column.name in columns]
        names = [column.name for column in asked]
        frame = pd.read_csv(
            io.StringIO(self.read_plain(Path(path))) if self.is_peoples else path,
            dtype="str",
            keep_default_na=False,
            encoding="utf-8",
            lineterminator="\n",
            usecols=lambda n: n in names,
        )
        self._require(asked, frame.columns, path)
        frame = frame.reindex(columns=names, fill_value="")
        for column in asked:
            if column.is_worded and frame[column.name].str.startswith("'").any():
                frame[column.name] = frame[column.name].map(unguard_cell)
            frame[column.name] = _typed(frame[column.name], KINDS[column.kind].dtype)
        return frame

    def read_or_empty(self, path: str | Sequence[str], columns: Container[str] | None = None) -> pd.DataFrame:
        """Return a table as `read` does; an empty one if a study does without it, which is no path."""
        return self.read(str(path), columns) if path else self.to_frame([])

    def read_each(self, path: str | Path, columns: Container[str] | None = None) -> Iterator[Row]:
        """Yield the rows of such a table one by one, as cells of the contract's columns, or of those named."""
        asked = [column for column in self.columns if columns is None or column.name in columns]
        blank = {column.name: "" for column in asked}
        with self._open(Path(path)) as lines:
            records = csv.reader(lines)
            header = next(records, [])
            self._require(asked, header, path)
            places = [(name, header.index(name)) for name in blank if name in header]
            worded = [name for name, _ in places if name in self.worded]
            for record in filter(None, records):
                row = blank | {name: record[place] for name, place in places}
                yield row | {name: unguard_cell(row[name]) for name in worded if row[name][:1] == "'"}

    def _open(self, path: Path) -> TextIO:
        """Return the lines of a table in the canonical form."""
        return io.StringIO(self.read_plain(path)) if self.is_peoples else path.open(encoding="utf-8", newline="")

    def list_cells(self, path: str | Sequence[str], columns: Container[str] | None = None) -> list[Row]:
        """Return the rows of such a table as cells; none if a study does without it, which is no path."""
        return list(self.read_each(str(path), columns)) if path else []

    @staticmethod
    def _require(columns: Iterable[Column], header: Container[str], path: str | Path) -> None:
        missing = [column.name for column in columns if column.is_required and column.name not in header]
        if missing:
            expected = ", ".join(column.name for column in columns)
            remedy = f"remove the file, and run `{name_command('review')}` again"
            raise InputError([Fault(str(path), f"lacks {', '.join(missing)}", expected, remedy)])

    def write(self, frame: pd.DataFrame, path: str | Path) -> None:
        """Write a frame that has the contract's columns, sorted by key; the same rows give the same bytes.

        Raises
        ------
        ValueError
            The frame lacks a column, has another one, or repeats a key: a mistake in a script.
        """
        if set(frame.columns) != set(self.names):
            raise ValueError(f"{self.name}: columns {sorted(frame.columns)}, contract says {sorted(self.names)}")
        if frame.duplicated(subset=list(self.key)).any():
            raise ValueError(f"{self.name}: a key {self.key} repeats")
        ordered = self._sorted(frame)[self.names]
        guarded = {
            name: ordered[name].map(guard_cell, na_action="ignore") for name in self.names if name in self.worded
        }
        ordered = ordered.assign(**guarded)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        ordered.to_csv(path, index=False, lineterminator="\n", encoding="utf-8", float_format="%.6g")

    def write_rows(self, rows: Iterable[Values], path: str | Path) -> None:
        """Write rows of values, sorted by key, as `write` does a frame of them; raise ValueError as it does."""
        listed = list(rows)
        if wrong := next((row for row in listed if row.keys() != set(self.names)), None):
            raise ValueError(f"{self.name}: columns {sorted(wrong)}, contract says {sorted(self.names)}")
        numbers = {column.name for column in self.columns if KINDS[column.kind].dtype != "str"}
        keyed = {tuple(order_values(row[name], name in numbers) for name in self.key): row for row in listed}
        if len(keyed) < len(listed):
            raise ValueError(f"{self.name}: a key {self.key} repeats")
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        with Path(path).open("w", encoding="utf-8", newline="") as lines:
            table = csv.writer(lines, lineterminator="\n")
            table.writerow(self.names)
            table.writerows(self._format_row(keyed[key]) for key in sorted(keyed))

    def write_each(self, rows: Iterable[Mapping[str, str]], path: str | Path) -> None:
        """Write rows that arrive singly, sorted by a key of text, as `write` would; raise ValueError as it does."""
        last: tuple[str, ...] = ("",)
        with Path(path).open("w", encoding="utf-8", newline="") as lines:
            table = csv.DictWriter(lines, self.names, lineterminator="\n")
            table.writeheader()
            for row in rows:
                key = tuple(row[name] for name in self.key)
                if key <= last:
                    raise ValueError(f"{self.name}: a key {self.key} repeats or is out of order: {key}")
                table.writerow(dict(row) | {name: guard_cell(row[name]) for name in row.keys() & self.worded})
                last = key

    def _format_row(self, row: Values) -> list[str]:
        """Return the cells of a row, none of which a spreadsheet would run."""
        cells = ((name, format_value(row[name])) for name in self.names)
        return [guard_cell(cell) if name in self.worded else cell for name, cell in cells]

    def _sorted(self, frame: pd.DataFrame) -> pd.DataFrame:
        return frame.sort_values(list(self.key), kind="stable", ignore_index=True)


def _typed(cells: pd.Series, dtype: Dtype) -> pd.Series:
    import pandas as pd

    if dtype == "str":
        return cells
    numbers = pd.to_numeric(cells.replace("", None))
    return numbers.astype(dtype)
