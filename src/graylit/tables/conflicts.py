"""The marks that git leaves in a file if two people changed the same lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graylit.tables.faults import Fault

# Git makes marks longer within marks. Some spreadsheets put commas behind them.
MARK = re.compile(r"(<{7,}|\|{7,}|={7,}|>{7,})(?:[ \t,;].*)?\r?")
EXPECTED = "lines without git's marks"
KEEP_ROWS = "keep the rows of both sides, of one that was changed only the right one"
KEEP_LINES = "keep what is right of the two sides"


@dataclass(frozen=True)
class Conflict:
    """Lines from one mark to its counterpart, or a mark alone: the first and the last line, counted from 0."""

    first: int
    last: int
    mark: str


def find_conflicts(lines: list[str]) -> Iterator[Conflict]:
    """Yield the conflicts in a file. A mark alone counts outside quotes only: a cell may hold such a line."""
    marks = {number: found[1] for number, line in enumerate(lines) if (found := MARK.fullmatch(line))}
    after, n_quotes = 0, 0
    for number, mark in marks.items():
        if number < after:
            continue
        n_quotes += sum(line.count('"') for line in lines[after:number])
        ends = (n for n, other in marks.items() if n > number and other == ">" * len(mark))
        last = next(ends, number) if mark.startswith("<") else number
        if last > number or n_quotes % 2 == 0:
            yield Conflict(number, last, lines[number])
        after = last + 1


def take_out_conflicts(text: str, file: str) -> tuple[str, list[range], list[Fault]]:
    """Return a table without its conflicts, whose rows are blank, then the numbers of these rows, and the faults."""
    if not any(sign * 7 in text for sign in "<|=>"):
        return text, [], []
    lines, rows, faults = text.split("\n"), [], []
    for conflict in list(find_conflicts(lines)):
        lines[conflict.first : conflict.last + 1] = [""] * (conflict.last + 1 - conflict.first)
        outside = "\n".join(lines[: conflict.first]).split('"')[::2]
        row = sum(part.count("\n") for part in outside) + 1 + bool(conflict.first)
        rows.append(range(row, row + conflict.last + 1 - conflict.first))
        faults.append(_tell_conflict(conflict, file, row, KEEP_ROWS))
    return "\n".join(lines), rows, faults


def tell_conflicts(text: str, file: str) -> list[Fault]:
    """Return the faults of the conflicts in a file that is no table; there a line of ======= underlines a heading."""
    conflicts = find_conflicts(text.split("\n"))
    told = [conflict for conflict in conflicts if conflict.mark[0] in "<>"]
    return [_tell_conflict(conflict, file, conflict.first + 1, KEEP_LINES) for conflict in told]


def keep_first_sides(text: str) -> str:
    """Return a text with the first side of each conflict, without the marks."""
    lines = text.split("\n")
    for conflict in reversed(list(find_conflicts(lines))):
        inside = lines[conflict.first + 1 : conflict.last]
        ends = (n for n, line in enumerate(inside) if (mark := MARK.fullmatch(line)) and mark[1][0] in "|=")
        lines[conflict.first : conflict.last + 1] = inside[: next(ends, 0)]
    return "\n".join(lines)


def _tell_conflict(conflict: Conflict, file: str, row: int, keep: str) -> Fault:
    if conflict.first == conflict.last:
        remedy = f"remove the line, and look whether those around it are as you want them; then run: git add {file}"
        return Fault(file, "is a mark of a conflict, left by git", EXPECTED, remedy, row, value=conflict.mark)
    last = row + conflict.last - conflict.first
    problem = f"begins a conflict, left by git, which ends in row {last}: two people changed the same rows"
    return Fault(
        file, problem, EXPECTED, f"{keep}, remove the marks, then run: git add {file}", row, value=conflict.mark
    )
