"""Making rows of a study from those that were drafted: ids, references, cells that fit, and what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from graylit.exchange.foreign_cells import explain_cell, fit_cell
from graylit.exchange.foreign_ids import Ids
from graylit.exchange.foreign_rows import Drafted
from graylit.exchange.mapping import Entry
from graylit.exchange.mapping_keys import PARTS
from graylit.exchange.outcomes import Draft, Origin, Outcome
from graylit.pages.wording import count_things
from graylit.study.writing import RESERVED
from graylit.tables.charsets import restore_words
from graylit.tables.faults import Fault
from graylit.tables.kinds import DATED, Column
from graylit.tables.rows import Row

LETTERS = {  # what ids that are made start with
    "source": "S",
    "code": "C",
    "theme": "T",
    "candidate": "H",
    "criterion": "E",
    "screening": "N",
    "guideline": "G",
    "practice": "P",
    "category": "K",
    "impact": "I",
    "adjudication": "J",
    "person": "P",
    "unit": "U",
    "coding": "X",
}
SILENT = ("round", "status", "decision")  # columns whose defaults say nothing that anybody would miss
REFERENCES = {  # columns whose cells name things of another table, and which
    "source_id": "source",
    "code_id": "code",
    "given_code_id": "code",
    "code_ids": "code",
    "replaced_by": "code",
    "theme_id": "theme",
    "guideline_id": "guideline",
    "guideline_ids": "guideline",
    "related": "guideline",
    "candidate_id": "candidate",
    "duplicate_of": "candidate",
    "criterion_id": "criterion",
    "coding_ids": "coding",
    "coder": "person",
    "screener": "person",
    "appraiser": "person",
    "sorter": "person",
}
TABLE_OF = {"criterion": "criteria"}  # the part that lists things of a kind, if its name is not theirs and an s


@dataclass
class Making:
    """A study as it is being made: what others call its things, what became of their rows, and what is wrong."""

    mapping: str  # its file, for messages
    today: str
    ids: dict[str, Ids] = field(
        default_factory=lambda: {
            kind: Ids(letter, "person", [RESERVED]) if kind == "person" else Ids(letter)
            for kind, letter in LETTERS.items()
        }
    )
    refused: set[str] = field(default_factory=set)  # ids of sources that the mapping leaves out
    outcomes: list[Outcome] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    examples: dict[str, tuple[str, str]] = field(default_factory=dict)  # of cells written otherwise, by column
    origins: dict[tuple[str, int], Origin] = field(default_factory=dict)  # by the table and the place of a row in it

    def refuse(self, origin: Origin, column: str, value: str | None, problem: str, expected: str, remedy: str) -> None:
        """Keep a fault of a row of theirs."""
        self.faults.append(Fault(origin.place, problem, expected, remedy, origin.row, column, value))

    def note_renamed(self) -> None:
        """Count the ids and names that could not stay as they were; one of each kind is shown, and every person."""
        for kind in ("source", "candidate", "unit", "person"):
            renamed = [(theirs, ours) for theirs, ours in self.ids[kind].list_ids() if theirs != ours]
            for theirs, ours in renamed if kind == "person" else renamed[:1]:
                n_like = 1 if kind == "person" else len(renamed)
                garbled = f" (garbled, probably {meant!r}: recode it)" if (meant := restore_words(theirs)) else ""
                more = ", and so on" * (n_like > 1)
                self.notes[f"{kind}: cannot be called {theirs!r}{garbled}, and is {ours!r}{more}"] = n_like

    def leave_out(self, part: str, draft: Draft, reason: str) -> None:
        """Write down that nothing was made of a row, and why."""
        self.outcomes.append(Outcome(part, draft.origin, reason="; ".join(filter(None, [reason, draft.remark]))))

    def account(self, part: str, draft: Draft, became: str, remark: str = "") -> None:
        """Write down what was made of a row."""
        self.outcomes.append(Outcome(part, draft.origin, became, "; ".join(filter(None, [remark, draft.remark]))))

    def fit(self, column: Column, draft: Draft, entry: Entry) -> str:
        """Return the cell of a row for a column of ours; '' and a fault if it does not fit."""
        theirs = draft.cells.get(column.name, "")
        fitted = fit_cell(column, theirs, entry.dates.get(column.name, ()))
        is_ahead = column.kind in DATED and fitted[:10] > self.today[: len(fitted)]
        if not fitted or (column.accepts(fitted) and not (is_ahead and column.name in entry.blank)):
            if fitted != theirs and column.kind != "quote" and not column.is_name:
                self.note_fitted(column.name, theirs, fitted)
            return fitted
        if column.name in entry.blank:
            self.notes[f"{column.name}: not valid, and left empty as `blank` says"] += 1
            return ""
        self.refuse(draft.origin, column.name, theirs, "is not valid", column.expected, explain_cell(column))
        return ""

    def note_fitted(self, column: str, theirs: str, fitted: str) -> None:
        """Count a cell that was written as our tables have it; the first of a column is shown."""
        example = self.examples.setdefault(column, (theirs, fitted))
        self.notes[f"{column}: written as our tables have it, such as {example[0]!r} as {example[1]!r}"] += 1

    def fill(self, part: str, column: str, row: Mapping[str, str], theirs: str) -> str:
        """Return what an empty cell of ours holds if a mapping does not say: '' or the default of the part."""
        default = PARTS[part].defaults.get(column, "")
        words = default.replace("{today}", self.today).replace("{id}", theirs)
        words = words.replace("{name}", row.get("name", ""))
        if words and column not in SILENT:
            said = {"{id}": "their id", "{name}": "the name", "{today}": "today"}.get(default, repr(words))
            self.notes[f"{part}: {column} is empty in their tables, and is {said}"] += 1
        return words

    def refer(self, column: str, theirs: str, draft: Draft, entry: Entry) -> str | None:
        """Return our id of what a cell names; None if it is nowhere, which is a fault unless the mapping drops it."""
        kind = REFERENCES[column]
        if kind == "person":
            return self.ids[kind].add(theirs)
        ours = self.ids[kind].find(theirs)
        if ours is None and not entry.drops_unknown and not (kind == "source" and theirs in self.refused):
            table = TABLE_OF.get(kind, kind + "s")
            problem = self.ids[kind].explain(theirs, table)
            remedy = f"correct it, add it to {table}, or say `unknown: drop` under {entry.part} in the mapping"
            self.refuse(draft.origin, column, theirs, problem, f"one of {table}", remedy)
        return ours

    def name_unit(self, source: str, unit: str) -> str:
        """Return our id of a unit of a source; units of two sources may have one name."""
        return self.ids["unit"].add(unit if unit.startswith(source) else f"{source}-{unit}")

    def explain_lost(self, column: str, theirs: str) -> str:
        """Return why a row that names something is left out: it is nowhere, or was left out itself."""
        is_refused = REFERENCES[column] == "source" and theirs in self.refused
        return f"its {REFERENCES[column]} {theirs!r} {'was left out' if is_refused else 'is nowhere'}"

    def refer_each(self, column: str, cell: str, draft: Draft, entry: Entry) -> list[str]:
        """Return our ids of all that a cell names, each once, between `;` if the mapping does not say otherwise."""
        parts = [part.strip() for part in cell.split(";") if part.strip()]
        found = [self.refer(column, part, draft, entry) for part in parts]
        for part, ours in zip(parts, found, strict=True):
            if ours is None:
                self.notes[f"{entry.part}: {column} names {part!r}, which is nowhere and left out"] += 1
        return list(dict.fromkeys(filter(None, found)))


def list_drafts(drafteds: Iterable[Drafted]) -> list[tuple[Draft, Entry]]:
    """Return the drafts of several entries, each with its entry."""
    return [(draft, drafted.entry) for drafted in drafteds for draft in drafted.drafts]


def list_different(row: Row, other: Row) -> list[str]:
    """Return the columns in which two rows differ."""
    return [name for name in row if row[name] != other.get(name, "")]


def group_faults(faults: Iterable[Fault]) -> list[Fault]:
    """Return faults with those that say the same of several rows as one, which counts the others."""
    first: dict[tuple[str, ...], Fault] = {}
    counts: Counter[tuple[str, ...]] = Counter()
    for fault in dict.fromkeys(faults):
        key = (fault.file, fault.column, fault.value or "", fault.problem)
        first.setdefault(key, fault)
        counts[key] += 1
    more = {key: n - 1 for key, n in counts.items() if n > 1}
    return [
        replace(fault, problem=f"{fault.problem} (and in {count_things(more[key], 'more row')})")
        if key in more
        else fault
        for key, fault in first.items()
    ]
