"""Rows of other people's tables, as a mapping reads them: which count, and what they say in our columns."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from graylit.exchange.binding import Binder
from graylit.exchange.foreign_tables import ForeignTable, find_files, read_tables
from graylit.exchange.mapping import Condition, Entry, Rule, Said, Split
from graylit.exchange.outcomes import Draft, Origin, Outcome, Record
from graylit.exchange.wide import Cell, WideReader
from graylit.tables.faults import Fault, InputError, suggest_name


@dataclass(frozen=True)
class Drafted:
    """The rows of one entry that count, what became of the others, and how many there were."""

    entry: Entry
    drafts: list[Draft] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    n_read: int = 0
    n_more: int = 0  # rows that are more than one, since a cell holds several values


def read_entry(entry: Entry, folder: Path, file: str) -> Drafted:
    """Return the rows that an entry of a mapping draws from a folder of tables; `file` is the mapping's name.

    Raises InputError if a file, a sheet or a column is missing, or if something that is said applies to no row.
    """
    drafted = Drafted(entry)
    seen = _Seen(Counter(), Counter())
    faults: list[Fault] = []
    tables = list_tables(entry, folder, file)
    for table in tables:
        binder = Binder(table, entry, file)
        reader = _TableReader(entry, table, binder, seen)
        faults += binder.faults
        if not binder.faults:
            reader.read(drafted)
    n_kept = len({id(draft.record) for draft in drafted.drafts})
    n_read = n_kept + sum(outcome.n for outcome in drafted.outcomes)
    if not faults:
        faults = list(_find_unused(entry, tables, seen, file))
    if faults:
        raise InputError(_merge_faults(faults))
    return replace(drafted, n_read=n_read, n_more=len(drafted.drafts) - n_kept)


def _merge_faults(faults: Iterable[Fault]) -> list[Fault]:
    return list(dict.fromkeys(faults))


def list_tables(entry: Entry, folder: Path, file: str) -> list[ForeignTable]:
    """Return the tables of an entry, each file once. Raises InputError with everything that is missing."""
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
            tables += read_tables(path, shown, sheets, entry.header)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return tables


@dataclass(frozen=True)
class _Seen:
    """What of an entry has applied to a row so far: conditions and words that are written otherwise."""

    conditions: Counter[int]
    recoded: Counter[tuple[str, str]]


class _TableReader:
    """Reads the rows of one table as an entry says."""

    def __init__(self, entry: Entry, table: ForeignTable, binder: Binder, seen: _Seen) -> None:
        self._entry, self._table, self._seen = entry, table, seen
        self._getters = {name: binder.bind(expression) for name, expression in entry.columns.items()}
        self._getters |= {name: binder.bind(rule.expression) for name, rule in entry.variables.items()}
        self._fill = {name: binder.bind_fill(said) for name, said in entry.fill.items()}
        self._tests = [(condition, binder.find(condition.column)) for condition in entry.where]
        self._known_as = [binder.find(said) for said in entry.known_as]
        self._down = [binder.index(said) for said in entry.down]
        self._wide = WideReader(entry, binder.list_wide()) if entry.wide else None

    def read(self, drafted: Drafted) -> None:
        """Add the rows of the table, and what became of those that do not count."""
        for number, cells in self._fill_down(self._table.rows):
            origin = Origin(self._table.file, self._table.sheet, number)
            for cell in self._list_cells(origin, cells, drafted):
                record = Record(replace(origin, heading=cell.heading), cells, cell.heading, cell.words)
                reason = self._refuse(record)
                if reason:
                    drafted.outcomes.append(Outcome(self._entry.part, record.origin, reason=reason))
                else:
                    drafted.drafts.extend(self._draft(record))

    def _list_cells(self, origin: Origin, cells: tuple[str, ...], drafted: Drafted) -> list[Cell]:
        """Return the cells of a row that give something, in a wide table; else the row as one without a heading."""
        if self._wide is None:
            return [Cell("", "")]
        given, n_empty = self._wide.list_cells(cells, origin)
        if n_empty:
            drafted.outcomes.append(Outcome(self._entry.part, origin, reason="the cell says no", n=n_empty))
        return given

    def _fill_down(self, rows: Iterable[tuple[int, tuple[str, ...]]]) -> Iterator[tuple[int, tuple[str, ...]]]:
        above: dict[int, str] = {}
        for number, cells in rows:
            if self._down:
                filled = list(cells)
                for at in self._down:
                    above[at] = filled[at] = filled[at] or above.get(at, "")
                cells = tuple(filled)
            yield number, cells

    def _refuse(self, record: Record) -> str:
        """Return why a row does not count; '' if it does."""
        for number, (condition, find) in enumerate(self._tests):
            cell = find(record)
            if not _holds(condition, cell):
                return f"`where`: {condition.column.words} is {repr(cell) if cell else 'empty'}"
            self._seen.conditions[number] += 1
        return ""

    def _draft(self, record: Record) -> list[Draft]:
        """Return what a row says in our columns: more than one if a cell holds several values."""
        cells = {name: getter(record) for name, getter in self._getters.items()}
        for name, getter in self._fill.items():
            cells[name] = cells.get(name) or getter(record)
        cells = {name: self._recode(name, cell) for name, cell in cells.items()}
        for rule in self._entry.rules:
            if all(cells.get(name, "") == cell for name, cell in rule.cells.items()):
                self._seen.recoded[_key_rule(rule)] += 1
                cells["name"] = rule.becomes
        known_as = tuple(getter(record) for getter in self._known_as)
        return [Draft(record, made, known_as) for made in self._split(cells)]

    def _recode(self, name: str, cell: str) -> str:
        words = self._entry.recode.get(name, {}).get(cell)
        if words is None:
            return cell
        self._seen.recoded[(name, cell)] += 1
        return words.words

    def _split(self, cells: dict[str, str]) -> list[dict[str, str]]:
        """Return one row for each combination of the values that its cells hold, with what goes in front of them."""
        parts = {}
        for name, cell in cells.items():
            split = self._entry.split.get(name)
            values = [self._recode(name, part) for part in split_cell(cell, split)] if split else [cell]
            prefix = self._entry.prefix.get(name, "")
            parts[name] = [prefix + value if value else "" for value in values]
        return [dict(zip(parts, made, strict=True)) for made in itertools.product(*parts.values())]


def split_cell(cell: str, split: Split) -> list[str]:
    """Return the values in a cell, [''] if there are none."""
    before, rest = "", cell
    if split.after:
        before, sign, rest = cell.partition(split.after)
        if not sign:
            return [cell]
        before += sign
    for sign in split.signs[1:]:
        rest = rest.replace(sign, split.signs[0])
    values = [value.strip() for value in rest.split(split.signs[0])]
    return [before + value for value in values if value] or [cell if before else ""]


def _holds(condition: Condition, cell: str) -> bool:
    if condition.is_empty is not None and condition.is_empty != (not cell):
        return False
    if condition.contains and condition.contains not in cell:
        return False
    return cell not in condition.refused and (
        not condition.allowed or any(cell == said.words for said in condition.allowed)
    )


def _key_rule(rule: Rule) -> tuple[str, str]:
    return (rule.said.place, rule.said.words)


def _find_unused(entry: Entry, tables: list[ForeignTable], seen: _Seen, file: str) -> Iterator[Fault]:
    """Yield a fault for each condition that leaves no row, and for each word to recode that is nowhere."""
    if not any(table.rows for table in tables):
        return
    for number, condition in enumerate(entry.where):
        if not seen.conditions[number] and (not number or seen.conditions[number - 1]):
            said, values = condition.column, _list_values(condition.column.words, tables)
            wanted = condition.allowed[0].words if condition.allowed else None
            hint = suggest_name(wanted, values) if wanted else ""
            expected = f"one of its cells: {', '.join(values[:10])}" if values else "a condition that some rows meet"
            yield Fault(file, f"leaves no row{hint}", expected, "correct the condition", said.line, said.place, wanted)
    for name, words in entry.recode.items():
        for theirs, said in words.items():
            if not seen.recoded[(name, theirs)]:
                expression = entry.columns.get(name)
                values = _list_values(expression.said.words, tables) if expression else []
                problem = f"is no cell of {name}{suggest_name(theirs, values)}"
                expected = f"a cell as it stands in the table{f', such as {values[0]!r}' if values else ''}"
                yield Fault(file, problem, expected, "correct it, or leave it out", said.line, said.place, theirs)
    for rule in entry.rules:
        if not seen.recoded[_key_rule(rule)]:
            expected, remedy = "cells as they stand in the table", "correct the rule, or leave it out"
            yield Fault(file, "applies to no row", expected, remedy, rule.said.line, rule.said.place, rule.said.words)


def _list_values(column: str, tables: Iterable[ForeignTable]) -> list[str]:
    """Return the different cells of a column of theirs, the most frequent first."""
    counts: Counter[str] = Counter()
    for table in tables:
        if column in table.header:
            at = table.header.index(column)
            counts.update(cells[at] for _, cells in table.rows if cells[at])
    return [value for value, _ in counts.most_common()]
