"""A mapping: what somebody's columns mean in our tables, as a researcher wrote it down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Said:
    """Words of a mapping: their line, and the keys above them, for messages."""

    words: str
    line: int
    place: str


@dataclass(frozen=True)
class Expression:
    """What a column of ours holds: a column of theirs, several joined by a template, or always the same words."""

    said: Said
    is_constant: bool = False


@dataclass(frozen=True)
class Condition:
    """Which rows count: those whose cell is one of `allowed`, none of `refused`, empty or filled, or has words."""

    column: Said
    allowed: tuple[Said, ...] = ()
    refused: tuple[str, ...] = ()
    contains: str = ""
    is_empty: bool | None = None


@dataclass(frozen=True)
class Rule:
    """Codings whose cells are these get another code."""

    cells: dict[str, str]
    becomes: str
    said: Said


@dataclass(frozen=True)
class Split:
    """How a cell holds several values: between `signs`, after `after`, which is repeated, or where a pattern fits."""

    signs: tuple[str, ...] = ()
    after: str = ""
    pattern: str = ""


@dataclass(frozen=True)
class Recoding:
    """Our words for theirs: those of the mapping, or the columns `theirs` and `ours` of a table of theirs."""

    words: dict[str, Said] = field(default_factory=dict)
    file: Said | None = None
    sheets: tuple[Said, ...] = ()
    theirs: Said | None = None
    ours: Said | None = None
    ignores_case: bool = False


@dataclass(frozen=True)
class Wide:
    """The columns whose cells are looked at, each cell a row: those named, or from one to another, or the rest."""

    columns: tuple[Said, ...] = ()
    ends: tuple[Said, Said] | None = None
    excepted: tuple[Said, ...] = ()
    marks: tuple[str, ...] = ()
    parts: str = ""  # a pattern that takes headings apart
    has_counts: bool = False
    called: dict[str, Said] = field(default_factory=dict)  # the names of columns by what they are called here


@dataclass(frozen=True)
class Variable:
    """A column of theirs that becomes a variable of the sources."""

    expression: Expression
    meaning: str


@dataclass(frozen=True)
class Entry:
    """What a mapping says of one part of a study; a part may be made of several, if tables are built differently."""

    part: str
    line: int
    files: tuple[Said, ...] = ()
    sheets: tuple[Said, ...] = ()
    header: tuple[int, ...] = (1,)  # rows with names of columns; none if there is no such row
    encoding: str = ""
    down: tuple[Said, ...] = ()
    wide: Wide | None = None
    where: tuple[Condition, ...] = ()
    columns: dict[str, Expression] = field(default_factory=dict)
    fill: dict[str, Said] = field(default_factory=dict)
    recode: dict[str, Recoding] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    split: dict[str, Split] = field(default_factory=dict)
    prefix: dict[str, str] = field(default_factory=dict)
    dates: dict[str, tuple[str, ...]] = field(default_factory=dict)
    blank: tuple[str, ...] = ()
    unify: tuple[str, ...] = ()
    known_as: tuple[Said, ...] = ()
    drops_unknown: bool = False
    repeats: str = ""  # drop, first or last
    empty: frozenset[str] = frozenset()  # words that stand for an empty cell
    has_one_name: bool = False
    variables: dict[str, Variable] = field(default_factory=dict)


@dataclass(frozen=True)
class Mapping:
    """A mapping as it was read; `parts` have the entries of each part that it names."""

    path: Path
    text: str
    title: str
    texts: Said | None
    contact: str
    parts: dict[str, tuple[Entry, ...]]

    def list_entries(self, part: str) -> tuple[Entry, ...]:
        """Return what is said of a part; nothing if the mapping does not name it."""
        return self.parts.get(part, ())

    def list_variables(self) -> Iterator[tuple[str, str]]:
        """Yield the name and the meaning of each variable of the sources, once."""
        seen = {name: rule.meaning for entry in self.list_entries("sources") for name, rule in entry.variables.items()}
        yield from seen.items()
