"""Wide tables: a column for each code, or each coder, and cells that say yes or no."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graylit.exchange.foreign_cells import NO, YES
from graylit.exchange.mapping import Entry
from graylit.exchange.outcomes import Origin
from graylit.tables.faults import Fault, InputError


@dataclass(frozen=True)
class Cell:
    """A cell that gives something, and the name of its column."""

    heading: str
    words: str


class WideReader:
    """Reads the cells of a wide table: which give something, by what the mapping says of them."""

    def __init__(self, entry: Entry, places: list[tuple[int, str]]) -> None:
        self._places = places
        self._marks = frozenset(entry.wide.marks if entry.wide else ())
        self._is_used = _uses_cell(entry)
        self._has_counts = entry.wide is not None and entry.wide.has_counts

    @property
    def reason(self) -> str:
        """Return why a cell gives nothing."""
        return "the cell is empty" if self._is_used and not self._marks else "the cell says no"

    def list_cells(self, cells: tuple[str, ...], origin: Origin) -> tuple[list[Cell], int]:
        """Return the cells of a row that give something, and the number of those that do not.

        Raises InputError for a cell that says neither yes nor no, if the mapping does not say which cells do.
        """
        given = [Cell(name, cells[at]) for at, name in self._places if self._gives(cells[at], name, origin)]
        return given, len(self._places) - len(given)

    def _gives(self, words: str, heading: str, origin: Origin) -> bool:
        if self._marks:
            return words in self._marks
        if self._has_counts:
            return self._count(words, heading, origin) > 0
        if self._is_used:
            return bool(words)
        if words.casefold() in YES:
            return True
        if words.casefold() in NO:
            return False
        expected = "x, 1, yes, 0, no or nothing"
        remedy = "say in the mapping which cells do: `marks` under `wide`; or use `cell` under `columns`"
        raise InputError([Fault(origin.place, "says neither yes nor no", expected, remedy, origin.row, heading, words)])

    def _count(self, words: str, heading: str, origin: Origin) -> int:
        if words.casefold() in NO:
            return 0
        if n := read_count(words):
            return n
        expected, remedy = "a whole number, or nothing", "correct it, recode it, or leave out `counts`"
        raise InputError([Fault(origin.place, "is no number", expected, remedy, origin.row, heading, words)])


def read_count(words: str) -> int:
    """Return how often a cell says something; 0 if it is no whole number of at most four digits."""
    found = re.fullmatch(r"([0-9]{1,4})([.,]0+)?", words)
    return int(found[1]) if found else 0


def _uses_cell(entry: Entry) -> bool:
    """Return whether what the cell says goes into a column, or decides which rows count."""
    expressions = [*entry.columns.values(), *(rule.expression for rule in entry.variables.values())]
    said = [expression.said.words for expression in expressions if not expression.is_constant]
    named = [*said, *(condition.column.words for condition in entry.where)]
    return any(words == "cell" or "{cell}" in words for words in named)
