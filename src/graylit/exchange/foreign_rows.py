"""Rows of other people's tables, as a mapping reads them: which count, and what they say in our columns."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from graylit.exchange.binding import Binder
from graylit.exchange.conditions import find_reason, list_unmet
from graylit.exchange.foreign_tables import ForeignTable, find_files, read_tables
from graylit.exchange.mapping import Entry, Said
from graylit.exchange.mapping_keys import PARTS
from graylit.exchange.outcomes import Draft, Origin, Outcome, Record
from graylit.exchange.recoding import Recoder
from graylit.exchange.splitting import find_rest, split_cell
from graylit.exchange.wide import Cell, WideReader, read_count
from graylit.pages.wording import count_things
from graylit.tables.faults import Fault, InputError
from graylit.tables.kinds import DATED


@dataclass(frozen=True)
class Drafted:
    """The rows of one entry that count, what became of the others, and how many there were."""

    entry: Entry
    drafts: list[Draft] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    n_read: int = 0
    tables: tuple[ForeignTable, ...] = ()
    refused: set[str] = field(default_factory=set)  # ids of sources that `where` left out
    remarks: tuple[str, ...] = ()  # on how tables were read
    n_more: int = 0  # rows that are more than one, since a cell holds several values


def read_entry(entry: Entry, folder: Path, file: str) -> Drafted:
    """Return the rows that an entry of a mapping draws from a folder of tables; `file` is the mapping's name.

    Raises InputError if a file, a sheet or a column is missing, or if something that is said applies to no row.
    """
    drafted = Drafted(entry)
    met: Counter[int] = Counter()
    faults: list[Fault] = []
    tables = list_tables(entry, folder, file)
    remarks = [remark for table in tables for remark in table.remarks]
    recoder = Recoder(entry, folder, file)
    for table in tables:
        binder = Binder(table, entry, file)
        reader = _TableReader(entry, table, binder, recoder)
        faults += binder.faults
        if not binder.faults:
            reader.read(drafted, met)
            faults += reader.faults
            remarks += reader.list_dated()
    n_kept = len({id(draft.record) for draft in drafted.drafts})
    n_read = n_kept + sum(outcome.n for outcome in drafted.outcomes)
    if not faults and any(table.rows for table in tables):
        faults = [*list_unmet(entry.where, met, tables, file), *recoder.list_unused(tables)]
    if faults:
        raise InputError(dict.fromkeys(faults))
    n_more = len(drafted.drafts) - n_kept
    return replace(drafted, n_read=n_read, n_more=n_more, remarks=tuple(remarks), tables=tuple(tables))


def list_tables(entry: Entry, folder: Path, file: str) -> list[ForeignTable]:
    """Return the tables of an entry, each file once. Raises InputError with everything that is missing."""
    if not folder.is_dir():
        problem, remedy = "is no folder", "correct what stands after --from"
        raise InputError([Fault(str(folder), problem, "the folder of their tables", remedy)])
    tables, faults = [], []
    sheets = [said.words for said in entry.sheets]
    paths: dict[Path, Said] = {}
    for said in entry.files:
        found = find_files(folder, said.words)
        paths |= {path: said for path in found if path not in paths}
        if not found:
            problem, remedy = f"stands for no file in {folder}", "correct it, or the folder after --from"
            faults.append(Fault(file, problem, "the name of a file", remedy, said.line, said.place, said.words))
    for path in paths:
        try:
            shown = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)
            tables += read_tables(path, shown, sheets, entry.header, entry.encoding)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tables


class _TableReader:
    """Reads the rows of one table as an entry says."""

    def __init__(self, entry: Entry, table: ForeignTable, binder: Binder, recoder: Recoder) -> None:
        self._entry, self._table, self._recoder = entry, table, recoder
        self._getters = {name: binder.bind(expression) for name, expression in entry.columns.items()}
        self._getters |= {name: binder.bind(rule.expression) for name, rule in entry.variables.items()}
        self._fill = {name: binder.bind_fill(said) for name, said in entry.fill.items()}
        self._tests = [(condition, binder.find(condition.column)) for condition in entry.where]
        self._known_as = [binder.find(said) for said in entry.known_as]
        self._down = [binder.index(said) for said in entry.down]
        places = binder.list_wide()
        self._wide = WideReader(entry, places) if entry.wide else None
        self._places = binder.read | {at for at, _ in places}
        self.faults: list[Fault] = []

    def list_dated(self) -> list[str]:
        """Return a remark on each column of ours that holds no dates, for which a workbook has some."""
        known = {column.name: column.kind for column in PARTS[self._entry.part].contract.columns}
        remarks = []
        for name, expression in self._entry.columns.items():
            at = self._table.find(expression.said.words)
            rows = sorted(row for row, place in self._table.dated if place == at)
            if rows and known.get(name) not in DATED and name not in self._entry.dates:
                first = f"{self._table.place}, row {rows[0]}"
                cells = count_things(len(rows), "cell")
                remarks.append(f"{first}: {name} is a date, which may have been made of what was typed ({cells})")
        return remarks

    def _require_said(self, row: int) -> None:
        """Keep a fault for each cell of a row that is read and does not say what was in it."""
        for at in sorted(self._places if self._table.unsaid else ()):
            if found := self._table.unsaid.get((row, at)):
                problem, remedy = found
                place, name = self._table.place, self._table.header[at]
                self.faults.append(Fault(place, problem, "what the cell says", remedy, row, name))

    def read(self, drafted: Drafted, met: Counter[int]) -> None:
        """Add the rows of the table, and what became of those that do not count."""
        for number, cells in self._fill_down(self._list_rows()):
            origin = Origin(self._table.file, self._table.sheet, number)
            for cell in self._list_cells(origin, cells, drafted):
                record = Record(replace(origin, heading=cell.heading), cells, cell.heading, cell.words)
                reason = find_reason(self._tests, record, met)
                if reason:
                    if self._entry.part == "sources":
                        drafted.refused.update(made.cells["source_id"] for made in self._draft(record))
                    drafted.outcomes.append(Outcome(self._entry.part, record.origin, reason=reason))
                else:
                    self._require_said(number)
                    drafted.drafts.extend(self._draft(record))

    def _list_cells(self, origin: Origin, cells: tuple[str, ...], drafted: Drafted) -> list[Cell]:
        """Return the cells of a row that give something, in a wide table; else the row as one without a heading."""
        if self._wide is None:
            return [Cell("", "")]
        given, n_empty = self._wide.list_cells(cells, origin)
        if n_empty:
            drafted.outcomes.append(Outcome(self._entry.part, origin, reason=self._wide.reason, n=n_empty))
        return given

    def _list_rows(self) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the rows of the table; words that stand for an empty cell are none."""
        for number, cells in self._table.rows:
            yield number, tuple("" if cell in self._entry.empty else cell for cell in cells)

    def _fill_down(self, rows: Iterable[tuple[int, tuple[str, ...]]]) -> Iterator[tuple[int, tuple[str, ...]]]:
        above: dict[int, str] = {}
        for number, cells in rows:
            if self._down:
                filled = list(cells)
                for at in self._down:
                    above[at] = filled[at] = filled[at] or above.get(at, "")
                cells = tuple(filled)
            yield number, cells

    def _draft(self, record: Record) -> list[Draft]:
        """Return what a row says in our columns: more than one if a cell holds several values."""
        cells = {name: getter(record) for name, getter in self._getters.items()}
        for name, getter in self._fill.items():
            cells[name] = cells.get(name) or getter(record)
        is_done = {name: self._recoder.knows(name, cell) for name, cell in cells.items()}
        cells = {name: self._recoder.write(name, cell) for name, cell in cells.items()}
        self._recoder.apply_rules(cells)
        known_as = tuple(getter(record) for getter in self._known_as)
        rests = [rest for name, split in self._entry.split.items() if (rest := find_rest(cells.get(name, ""), split))]
        remark = f"{', '.join(map(repr, rests))} in its cell was not read" if rests else ""
        wide = self._entry.wide
        n_times = read_count(record.cell) if wide and wide.has_counts else 1
        made = self._split(cells, is_done)
        return [Draft(record, row, known_as, remark, time) for row in made for time in range(n_times)]

    def _split(self, cells: dict[str, str], is_done: dict[str, bool]) -> list[dict[str, str]]:
        """Return one row for each combination of the values that its cells hold, with what goes in front of them.

        A cell that was written otherwise as a whole is done; of the others, each value may be.
        """
        parts = {}
        for name, cell in cells.items():
            split = self._entry.split.get(name)
            values = split_cell(cell, split) if split else [cell]
            if split and not is_done[name]:
                values = [self._recoder.write(name, value) for value in values]
            prefix = self._entry.prefix.get(name, "")
            parts[name] = [prefix + value if value else "" for value in values]
        return [dict(zip(parts, made, strict=True)) for made in itertools.product(*parts.values())]
