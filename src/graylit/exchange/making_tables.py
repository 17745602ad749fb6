"""Tables of a study that are made row by row: what is listed once by its id or name, and what is only noted."""

from __future__ import annotations

from collections.abc import Iterable

from graylit.exchange.foreign_rows import Drafted
from graylit.exchange.making import REFERENCES, Making, list_different, list_drafts
from graylit.exchange.mapping import Entry
from graylit.exchange.mapping_keys import PARTS
from graylit.exchange.outcomes import Draft
from graylit.tables.contracts import Contract
from graylit.tables.rows import Row

OWN = {  # parts whose rows have ids of their own, and the kind of thing that they list
    "sources": "source",
    "themes": "theme",
    "candidates": "candidate",
    "criteria": "criterion",
    "screenings": "screening",
    "guidelines": "guideline",
    "practices": "practice",
    "categories": "category",
    "impacts": "impact",
    "adjudications": "adjudication",
}
LISTS = {"code_ids", "replaced_by", "guideline_ids", "related", "coding_ids", "settles"}
WIDTHS = {"screenings": 4, "adjudications": 4}  # digits of ids that are numbered; of all others two
NAMED = ("name", "title")  # columns by which things without ids are known


def make_table(part: str, drafteds: Iterable[Drafted], making: Making, contract: Contract) -> list[Row]:
    """Return the rows of a table: those that say the same are one, those of one id that say different things faults."""
    drafts = list_drafts(drafteds)
    own = contract.key[0] if part in OWN else ""
    if own:
        making.ids[OWN[part]].keep(draft.cells.get(own, "") for draft, _ in drafts)
    is_last = any(entry.repeats == "last" for _, entry in drafts)
    rows: dict[tuple[str, ...], tuple[Row, Draft]] = {}
    for draft, entry in reversed(drafts) if is_last else drafts:
        row = make_row(part, draft, entry, making, contract, own)
        if row is None:
            continue
        key = tuple(row[name] for name in contract.key)
        if key not in rows:
            rows[key] = (row, draft)
            making.account(part, draft, row[own] if own else " ".join(key))
            continue
        settle_twice(part, row, draft, *rows[key], making, entry)
    ordered = list(reversed(rows.values())) if is_last else list(rows.values())
    making.origins |= {(part, number): draft.origin for number, (_, draft) in enumerate(ordered)}
    return [row for row, _ in ordered]


def settle_twice(
    part: str, row: Row, draft: Draft, first: Row, first_draft: Draft, making: Making, entry: Entry
) -> None:
    """Leave out a row that says what another one says, and join lists, of which each row may hold a part.

    If it says something else, the mapping says which row counts; else it is a fault.
    """
    different = list_different(row, first)
    if not different:
        making.leave_out(part, draft, f"says the same as {first_draft.origin}")
        return
    if set(different) <= LISTS:
        for name in different:
            first[name] = "; ".join(dict.fromkeys(filter(None, [*first[name].split("; "), *row[name].split("; ")])))
        making.account(part, draft, first[next(iter(first))], f"adds to {', '.join(different)}")
        return
    if entry.repeats in ("first", "last"):
        reason = f"another row of its id counts (`repeats: {entry.repeats}`), which differs in {', '.join(different)}"
        making.leave_out(part, draft, reason)
        return
    column = different[0]
    problem = f"is not what {first_draft.origin} says of the same ({first[column]!r})"
    remedy = (
        "correct it, leave one of the rows out with `where`, say which counts (`repeats: first`), or give each an id "
        "of its own (a template, `prefix`)"
    )
    making.refuse(draft.origin, column, row[column], problem, "rows of one id that say the same", remedy)


def make_row(part: str, draft: Draft, entry: Entry, making: Making, contract: Contract, own: str) -> Row | None:
    """Return a row of a table, None if nothing can be made of it, which is accounted for."""
    row = dict.fromkeys(contract.names, "")
    theirs = draft.cells.get(own, "") if own else ""
    name = next((draft.cells[column] for column in NAMED if draft.cells.get(column)), "")
    missing = find_missing(part, draft, own)
    if missing:
        making.leave_out(part, draft, f"its {missing} is empty")
        return None
    for column in contract.columns:
        cell = draft.cells.get(column.name, "")
        if column.name == own:
            row[own] = name_row(part, theirs, name, draft, making)
        elif column.name in LISTS and cell and cell != "all":
            found = making.refer_each(column.name, cell, draft, entry)
            row[column.name] = "; ".join(found)
        elif column.name == "segment_id" and cell:
            row[column.name] = making.name_unit(draft.cells.get("source_id", ""), cell)
        elif column.name in REFERENCES and cell:
            ours = making.refer(column.name, cell, draft, entry)
            if ours is None:
                making.leave_out(part, draft, making.explain_lost(column.name, cell))
                return None
            row[column.name] = ours
        else:
            row[column.name] = cell if column.name == "settles" else making.fit(column, draft, entry)
    for column in contract.columns:
        if not row[column.name]:
            row[column.name] = making.fill(part, column.name, row, theirs or name)
    return row


def name_row(part: str, theirs: str, name: str, draft: Draft, making: Making) -> str:
    """Return the id of a row: made of theirs, or numbered if it has none."""
    ids, known = making.ids[OWN[part]], [name, *draft.known_as]
    if theirs:
        return ids.add(theirs, known)
    width = WIDTHS.get(part, 2)
    return ids.number(name or f"{part} {len(making.outcomes)}", known, width)


def find_missing(part: str, draft: Draft, own: str) -> str:
    """Return the column that a row cannot do without and has nothing in; '' if there is none."""
    for group in PARTS[part].needed:
        if not any(draft.cells.get(name) for name in group) and not (own in group and own != group[0]):
            return group[0]
    return ""
