"""The account of an import: rows in, rows out, and for each row that is not in the study why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graylit.exchange.foreign_rows import Drafted
from graylit.exchange.outcomes import Outcome
from graylit.pages.wording import count_things
from graylit.tables.rows import Values

MAX_SHOWN = 12  # reasons and notes shown on the terminal: chosen; the table has all


@dataclass(frozen=True)
class Sum:
    """The rows of one part: read + more = made + left_out."""

    part: str
    n_read: int  # rows, or cells of a wide table
    n_more: int  # further rows, of cells that hold several values
    n_made: int
    n_left_out: int
    is_wide: bool  # whether cells are counted
    n_distinct: int  # what was made of the rows: several may say the same thing


def sum_up(drafted: Mapping[str, list[Drafted]], outcomes: Iterable[Outcome]) -> list[Sum]:
    """Return the sums of each part.

    Raises ValueError if they do not add up: a row would be lost, by a mistake of ours.
    """
    by_part: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_part.setdefault(outcome.part, []).append(outcome)
    sums = []
    for part, several in drafted.items():
        found = by_part.get(part, [])
        n_read = sum(one.n_read for one in several)
        n_more = sum(one.n_more for one in several)
        n_made = sum(outcome.n for outcome in found if outcome.became)
        n_left_out = sum(outcome.n for outcome in found if not outcome.became)
        if n_read + n_more != n_made + n_left_out:
            raise ValueError(f"{part}: {n_read} rows and {n_more} more became {n_made}, and {n_left_out} were left out")
        n_distinct = len({outcome.became for outcome in found if outcome.became})
        is_wide = any(one.entry.wide for one in several)
        sums.append(Sum(part, n_read, n_more, n_made, n_left_out, is_wide, n_distinct))
    return sums


def describe_sums(sums: Iterable[Sum], outcomes: Iterable[Outcome], notes: Mapping[str, int]) -> list[str]:
    """Return the account as lines for a terminal."""
    outcomes, lines = list(outcomes), []
    for each in sums:
        line = f"{each.part}: {count_things(each.n_read, 'cell' if each.is_wide else 'row')} read"
        line += f", {each.n_more:,} more from cells with several values" if each.n_more else ""
        line += f"; {each.n_distinct:,} made"
        n_same = each.n_made - each.n_distinct
        line += f", {n_same:,} say more of one of these" if n_same else ""
        line += f", {each.n_left_out:,} left out" if each.n_left_out else ""
        lines.append(line)
        lines += _describe_reasons(each.part, outcomes)
    if notes:
        lines += ["", "Note:", *_list_counted(notes)]
    return lines


def _describe_reasons(part: str, outcomes: Iterable[Outcome]) -> list[str]:
    reasons: Counter[str] = Counter()
    for outcome in outcomes:
        if outcome.part == part and not outcome.became:
            reasons[group_reason(outcome.reason)] += outcome.n
    return _list_counted(reasons)


def group_reason(reason: str) -> str:
    """Return a reason without the row that it names, under which like ones are counted."""
    start, sign, _ = reason.partition("says the same as ")
    return f"{start}says the same as an earlier row" if sign else reason


def _list_counted(counts: Mapping[str, int]) -> list[str]:
    """Return what was counted, the most frequent first; what is left out is said."""
    ordered = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))
    lines = [f"  {n:,} × {what}" for what, n in ordered[:MAX_SHOWN]]
    if len(ordered) > MAX_SHOWN:
        n_rest = sum(n for _, n in ordered[MAX_SHOWN:])
        lines.append(f"  {n_rest:,} × {len(ordered) - MAX_SHOWN:,} other reasons")
    return lines


def list_outcomes(outcomes: Iterable[Outcome]) -> list[Values]:
    """Return the outcomes as rows of the account."""
    return [
        {
            "place": place,
            "part": outcome.part,
            "file": outcome.origin.file,
            "sheet": outcome.origin.sheet,
            "row": outcome.origin.row,
            "heading": outcome.origin.heading,
            "n_cells": outcome.n,
            "became": outcome.became,
            "reason": outcome.reason,
        }
        for place, outcome in enumerate(outcomes, start=1)
    ]
