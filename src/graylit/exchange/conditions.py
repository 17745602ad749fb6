"""Which rows of somebody's tables count, by the conditions of a mapping."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from graylit.exchange.binding import Getter
from graylit.exchange.foreign_tables import ForeignTable
from graylit.exchange.mapping import Condition
from graylit.exchange.outcomes import Record
from graylit.exchange.recoding import list_values
from graylit.tables.faults import Fault, suggest_name


def find_reason(tests: Sequence[tuple[Condition, Getter]], record: Record, met: Counter[int]) -> str:
    """Return why a row does not count, '' if it does; `met` counts the rows that meet each condition."""
    for number, (condition, find) in enumerate(tests):
        cell = find(record)
        if not _holds(condition, cell):
            return f"`where`: {condition.column.words} is {repr(cell) if cell else 'empty'}"
        met[number] += 1
    return ""


def _holds(condition: Condition, cell: str) -> bool:
    if condition.is_empty is not None and condition.is_empty != (not cell):
        return False
    if condition.contains and condition.contains not in cell:
        return False
    return cell not in condition.refused and (
        not condition.allowed or any(cell == said.words for said in condition.allowed)
    )


def list_unmet(
    conditions: Sequence[Condition], met: Counter[int], tables: Iterable[ForeignTable], file: str
) -> Iterator[Fault]:
    """Yield a fault for the condition that leaves no row."""
    tables = list(tables)
    for number, condition in enumerate(conditions):
        if not met[number] and (not number or met[number - 1]):
            said, values = condition.column, list_values(condition.column.words, tables)
            wanted = condition.allowed[0].words if condition.allowed else None
            hint = suggest_name(wanted, values) if wanted else ""
            expected = f"one of its cells: {', '.join(values[:10])}" if values else "a condition that some rows meet"
            yield Fault(file, f"leaves no row{hint}", expected, "correct the condition", said.line, said.place, wanted)
