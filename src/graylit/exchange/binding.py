"""The columns that a mapping names, found in a table of theirs: what is said becomes what reads a row."""

from __future__ import annotations

import fnmatch
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from graylit.exchange.foreign_tables import ForeignTable
from graylit.exchange.mapping import Entry, Expression, Said
from graylit.exchange.mapping_keys import PSEUDO
from graylit.exchange.outcomes import Record
from graylit.tables.faults import Fault, suggest_name

Getter = Callable[[Record], str]
MAX_TITLES = 20  # rows above which the names of columns are looked for: chosen
TEMPLATE = re.compile(r"\{([^{}]+)\}")


class Binder:
    """Finds the columns of one table that an entry names, and keeps a fault for each that is missing."""

    def __init__(self, table: ForeignTable, entry: Entry, file: str) -> None:
        self._table, self._entry, self._file = table, entry, file
        self._at = {name: number for number, name in reversed(list(enumerate(table.header)))}
        self.faults: list[Fault] = []
        self.read: set[int] = set()  # places of the columns that are read

    def index(self, said: Said) -> int:
        """Return the place of a column of theirs; 0, and a fault, if there is none."""
        name = " ".join(said.words.split())
        if name not in self._at:
            problem = f"is no column of {self._table.place}{suggest_name(name, self._at)}"
            expected = ", ".join(self._table.header)
            remedy = f"correct the mapping{self._find_header(name)}"
            self.faults.append(Fault(self._file, problem, expected, remedy, said.line, said.place, said.words))
        at = self._at.get(name, 0)
        self.read.add(at)
        return at

    def _find_header(self, name: str) -> str:
        """Return what to say if the names of columns stand in another row; '' if that row is not found."""
        first = itertools.islice(self._table.rows, MAX_TITLES)
        row = next((row for row, cells in first if name in (" ".join(cell.split()) for cell in cells)), 0)
        return f"; row {row} has it: if the names of the columns stand there, say `header: {row}`" if row else ""

    def find(self, said: Said) -> Getter:
        """Return what reads a column of theirs, or what every row has: its file, its sheet, its number."""
        name = " ".join(said.words.split())
        wide = self._entry.wide
        if name not in self._at and wide and wide.parts and (part := re.fullmatch(r"heading ([1-9])", name)):
            return _take_part(re.compile(wide.parts), int(part[1]))
        if name not in self._at and (name in PSEUDO and (self._entry.wide or name not in ("heading", "cell"))):
            return _PSEUDO_GETTERS[name]
        at = self.index(said)
        return lambda record: record.cells[at]

    def bind(self, expression: Expression) -> Getter:
        """Return what reads an expression: a column, several joined by a template, or the same words always."""
        said = expression.said
        if expression.is_constant:
            return lambda record: said.words
        if TEMPLATE.search(said.words) and " ".join(said.words.split()) not in self._at:
            return self._join(said)
        return self.find(said)

    def bind_fill(self, said: Said) -> Getter:
        """Return what fills an empty cell: words, in which columns of theirs may stand in braces."""
        names = TEMPLATE.findall(said.words)
        is_template = names and all(name in self._at or name in PSEUDO for name in names)
        return self._join(said) if is_template else lambda record: said.words

    def _join(self, said: Said) -> Getter:
        """Return what joins columns; signs beside a cell that is empty are left out."""
        literals = TEMPLATE.split(said.words)[::2]
        getters = [self.find(Said(name, said.line, said.place)) for name in TEMPLATE.findall(said.words)]

        def join(record: Record) -> str:
            values = [getter(record) for getter in getters]
            filled = [number for number, value in enumerate(values) if value]
            if not filled:
                return ""
            joined = literals[0] if filled[0] == 0 else ""
            for place, number in enumerate(filled):
                joined += values[number]
                if place + 1 < len(filled):
                    joined += literals[number + 1]
            return joined + (literals[-1] if filled[-1] == len(values) - 1 else "")

        return join

    def list_wide(self) -> list[tuple[int, str]]:
        """Return the places and the names of the columns whose cells are looked at in a wide table."""
        wide = self._entry.wide
        if wide is None:
            return []
        names = list(self._table.header)
        if wide.ends:
            first, last = (self.index(said) for said in wide.ends)
            chosen = set(names[first : last + 1])
        elif wide.parts and not wide.columns:
            chosen = {name for name in names if re.search(wide.parts, name)}
        elif wide.columns:
            chosen = {name for said in wide.columns for name in self._match(said)}
        else:
            chosen = set(names) - {name for said in self._list_named() for name in _list_named_in(said, self._at)}
        excepted = {name for said in wide.excepted for name in self._match(said)}
        called = {" ".join(said.words.split()): name for name, said in wide.called.items()}
        return [(at, called.get(name, name)) for at, name in enumerate(names) if name in chosen - excepted]

    def _match(self, said: Said) -> list[str]:
        """Return the columns that a name, in which `*` stands for anything, means."""
        name = " ".join(said.words.split())
        if name in self._at or not any(sign in name for sign in "*?"):
            self.index(said)
            return [name]
        found = fnmatch.filter(self._table.header, name)
        if not found:
            self.index(said)
        return found

    def _list_named(self) -> Iterator[Said]:
        """Yield everything that the entry says of columns of theirs."""
        entry = self._entry
        yield from (expression.said for expression in entry.columns.values() if not expression.is_constant)
        yield from (rule.expression.said for rule in entry.variables.values())
        yield from (condition.column for condition in entry.where)
        yield from (*entry.fill.values(), *entry.down, *entry.known_as)


def _take_part(pattern: re.Pattern[str], number: int) -> Getter:
    """Return what reads a part of a heading: what stands in a pair of brackets of a pattern."""

    def take(record: Record) -> str:
        found = pattern.search(record.heading)
        return (found[number] or "").strip() if found and number <= pattern.groups else ""

    return take


def _list_named_in(said: Said, known: dict[str, int]) -> list[str]:
    name = " ".join(said.words.split())
    return [name] if name in known else TEMPLATE.findall(said.words)


_PSEUDO_GETTERS: dict[str, Getter] = {
    "heading": lambda record: record.heading,
    "cell": lambda record: record.cell,
    "file": lambda record: PurePosixPath(record.origin.file).stem,
    "sheet": lambda record: record.origin.sheet,
    "row": lambda record: str(record.origin.row),
}
