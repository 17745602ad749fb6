"""Names that look alike, written as the most frequent of them, in the columns for which a mapping asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from graylit.exchange.foreign_rows import Drafted
from graylit.exchange.outcomes import Draft
from graylit.tables.names import fold_name

PEOPLE = ("coder", "screener", "appraiser", "sorter")
CODES = ("codes", "codings")  # parts whose `name` is that of a code


def unify_names(drafted: Mapping[str, list[Drafted]], notes: Counter[str]) -> dict[str, list[Drafted]]:
    """Return the drafts with the names for which their entries ask (`unify`) written alike; each is counted."""
    counts: dict[str, Counter[str]] = {}
    asked = {_pool(part, name) for part, several in drafted.items() for one in several for name in one.entry.unify}
    for part, draft in _list_all(drafted):
        for name, cell in draft.cells.items():
            if cell and _pool(part, name) in asked:
                counts.setdefault(_pool(part, name), Counter())[cell] += 1
    usual = {pool: _choose(cells) for pool, cells in counts.items()}
    return {part: [_unify(part, one, usual, notes) for one in several] for part, several in drafted.items()}


def _pool(part: str, column: str) -> str:
    """Return under which name the cells of a column are compared with those of other tables."""
    if column in PEOPLE:
        return "person"
    if column == "theme" or (part in CODES and column == "name"):
        return f"{column} of a code"
    return f"{part}.{column}"


def _list_all(drafted: Mapping[str, list[Drafted]]) -> Iterable[tuple[str, Draft]]:
    return ((part, draft) for part, several in drafted.items() for one in several for draft in one.drafts)


def _choose(cells: Counter[str]) -> dict[str, str]:
    """Return the most frequent spelling of each name, by every spelling of it that is another."""
    alike: dict[str, list[str]] = {}
    for cell in cells:
        alike.setdefault(fold_name(cell), []).append(cell)
    return {
        cell: max(sorted(spellings), key=lambda spelling: cells[spelling])
        for spellings in alike.values()
        for cell in spellings
        if len(spellings) > 1
    }


def _unify(part: str, one: Drafted, usual: Mapping[str, Mapping[str, str]], notes: Counter[str]) -> Drafted:
    drafts = []
    for draft in one.drafts:
        cells = {name: usual.get(_pool(part, name), {}).get(cell, cell) for name, cell in draft.cells.items()}
        for name, cell in cells.items():
            if cell != draft.cells[name]:
                notes[f"{part}: {name} {draft.cells[name]!r} written as {cell!r}"] += 1
        drafts.append(replace(draft, cells=cells))
    return replace(one, drafts=drafts)
