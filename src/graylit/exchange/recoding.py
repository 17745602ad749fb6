"""Cells that a mapping writes otherwise: by words for words, by a table of theirs, or by rules for codings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from graylit.exchange.foreign_tables import ForeignTable, read_tables
from graylit.exchange.mapping import Entry, Recoding, Rule, Said
from graylit.tables.faults import Fault, InputError, suggest_name


class Recoder:
    """Writes cells otherwise as an entry says, and knows which of its words were nowhere."""

    def __init__(self, entry: Entry, folder: Path, file: str) -> None:
        self._entry, self._file = entry, file
        self._used: Counter[tuple[str, str]] = Counter()
        self._listed = {
            name: _read_list(recoding, recoding.file, folder, file, entry.empty)
            for name, recoding in entry.recode.items()
            if recoding.file
        }

    def knows(self, name: str, cell: str) -> bool:
        """Return whether a cell of one of our columns is to be written otherwise."""
        recoding = self._entry.recode.get(name)
        return recoding is not None and (cell in recoding.words or _fold(cell, recoding) in self._listed.get(name, {}))

    def write(self, name: str, cell: str) -> str:
        """Return a cell of one of our columns as it is to be written."""
        if not self.knows(name, cell):
            return cell
        recoding = self._entry.recode[name]
        if cell in recoding.words:
            self._used[(name, cell)] += 1
            return recoding.words[cell].words
        return self._listed[name][_fold(cell, recoding)]

    def apply_rules(self, cells: dict[str, str]) -> None:
        """Give a coding the code that a rule has for its cells."""
        for rule in self._entry.rules:
            if all(cells.get(name, "") == cell for name, cell in rule.cells.items()):
                self._used[_key_rule(rule)] += 1
                cells["name"] = rule.becomes

    def list_unused(self, tables: Iterable[ForeignTable]) -> Iterator[Fault]:
        """Yield a fault for each word to be written otherwise, and each rule, that applies to nothing."""
        tables = list(tables)
        for name, recoding in self._entry.recode.items():
            expression = self._entry.columns.get(name)
            values = list_values(expression.said.words, tables) if expression else []
            for theirs, said in recoding.words.items():
                if not self._used[(name, theirs)]:
                    problem = f"is no cell of {name}{suggest_name(theirs, values)}"
                    expected = f"a cell as it stands in the table{f', such as {values[0]!r}' if values else ''}"
                    yield self._refuse(said, theirs, problem, expected, "correct it, or leave it out")
        for rule in self._entry.rules:
            if not self._used[_key_rule(rule)]:
                expected, remedy = "cells as they stand in the table", "correct the rule, or leave it out"
                yield self._refuse(rule.said, rule.said.words, "applies to no row", expected, remedy)

    def _refuse(self, said: Said, value: str, problem: str, expected: str, remedy: str) -> Fault:
        return Fault(self._file, problem, expected, remedy, said.line, said.place, value)


def _key_rule(rule: Rule) -> tuple[str, str]:
    return (rule.said.place, rule.said.words)


def _fold(cell: str, recoding: Recoding) -> str:
    return " ".join(cell.split()).casefold() if recoding.ignores_case else cell


def _read_list(recoding: Recoding, said: Said, folder: Path, file: str, empty: frozenset[str]) -> dict[str, str]:
    """Return our words by theirs, as a table of theirs lists them; of two rows for one word the first counts."""
    [table] = read_tables(folder / said.words, said.words, [sheet.words for sheet in recoding.sheets], (1,))[:1]
    faults, places = [], []
    for column in (recoding.theirs, recoding.ours):
        if column is None or column.words not in table.header:
            words = column.words if column else ""
            problem = f"is no column of {table.place}{suggest_name(words, table.header)}"
            line, place = (column or said).line, (column or said).place
            faults.append(Fault(file, problem, ", ".join(table.header), "correct the mapping", line, place, words))
        else:
            places.append(table.header.index(column.words))
    if faults:
        raise InputError(faults)
    listed: dict[str, str] = {}
    for _, cells in table.rows:
        if cells[places[0]]:
            ours = "" if cells[places[1]] in empty else cells[places[1]]
            listed.setdefault(_fold(cells[places[0]], recoding), ours)
    return listed


def list_values(column: str, tables: Iterable[ForeignTable]) -> list[str]:
    """Return the different cells of a column of theirs, the most frequent first."""
    counts: Counter[str] = Counter()
    for table in tables:
        if column in table.header:
            at = table.header.index(column)
            counts.update(cells[at] for _, cells in table.rows if cells[at])
    return [value for value, _ in counts.most_common()]
