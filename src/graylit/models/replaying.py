"""The decisions of models made again from the log, with no network, and held beside the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from graylit.models.recording import Standing, compare_all
from graylit.models.running import complete_rows, read_log
from graylit.pages.wording import count_things

MOST_NAMED = 5  # differences shown of a table: chosen


def replay_log(folder: Path) -> dict[str, list[Standing]]:
    """Return how the tables stand to the log, by model and table. Raises InputError if the log is not sound."""
    decisions = read_log(folder).decisions
    return compare_all(folder, decisions, sorted({decider for decider, _ in decisions.rows}))


def add_missing(folder: Path, found: dict[str, list[Standing]], read_clock: Callable[[], str]) -> int:
    """Add the rows that the log gives and no table has, of models of which nothing differs; return how many."""
    read = read_log(folder)
    same = [name for name, standings in found.items() if not any(one.differing or one.unknown for one in standings)]
    return sum(complete_rows(folder, read, name, read_clock) for name in same)


def describe_replay(found: dict[str, list[Standing]], is_added: bool) -> tuple[list[str], bool]:
    """Return what a replay shows, in lines, and whether nothing differs."""
    if not found:
        return ["No model was asked anything: there is no log."], True
    lines, is_same = [], True
    for decider, standings in found.items():
        for one in standings:
            lines += [f"{decider}, {one.file}: {_describe(one, is_added)}", *_name(one.differing + one.unknown)]
            is_same = is_same and not (one.differing or one.unknown)
    return lines, is_same


def _describe(one: Standing, is_added: bool) -> str:
    if one.is_same:
        return f"the log makes the same {count_things(one.n_made, 'row')}, byte for byte"
    parts = [f"{count_things(one.n_made, 'row')} by the log"]
    if one.missing:
        parts.append(f"{len(one.missing):,} were missing{' and were added' if is_added else ''}")
    if one.differing:
        parts.append(f"{len(one.differing):,} differ")
    if one.unknown:
        parts.append(f"{len(one.unknown):,} more that the log does not give")
    return "; ".join(parts)


def _name(differences: Iterable[str]) -> list[str]:
    named = list(differences)
    more = [f"  and {len(named) - MOST_NAMED} more"] if len(named) > MOST_NAMED else []
    return [f"  {one}" for one in named[:MOST_NAMED]] + more
