"""The codings of an imported study: a table for each coder, and in it every coding that a row of theirs gives."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graylit.exchange.foreign_rows import Drafted
from graylit.exchange.making import Making, list_drafts
from graylit.exchange.making_codes import Code, Codes
from graylit.exchange.making_tables import find_missing
from graylit.exchange.mapping import Entry
from graylit.exchange.mapping_keys import PARTS
from graylit.exchange.outcomes import Draft
from graylit.tables.coding import CODINGS
from graylit.tables.names import name_ids
from graylit.tables.rows import Row

KEPT = ("memo", "confidence", "round", "coded_at", "exact", "prefix", "suffix")  # cells that are taken over
N_DIGITS = 4  # digits of a coding's number, if there are no more


@dataclass
class Placed:
    """A coding before its code has an id."""

    draft: Draft
    row: Row
    code: Code
    theirs: str


@dataclass
class Codings:
    """The codings by coder, and how many of them say the same as another."""

    by_coder: dict[str, list[Placed]] = field(default_factory=dict)
    n_repeats: int = 0


def place_codings(drafteds: Iterable[Drafted], codes: Codes, making: Making) -> Codings:
    """Return the codings by coder; a row without a source or a code, or one that cannot be placed, is accounted for."""
    codings = Codings()
    seen: dict[tuple[str, ...], Draft] = {}
    drafts = list_drafts(drafteds)
    counted = choose_rows(drafts)
    for draft, entry in drafts:
        if entry.repeats in ("first", "last") and counted[key_reading(draft)] != draft.origin.line:
            reason = f"another row of its coder and source counts (`repeats: {entry.repeats}`)"
            making.leave_out("codings", draft, reason)
            continue
        placed = _place(draft, entry, codes, making)
        if placed is None:
            continue
        said = (*placed.row.values(), str(id(placed.code)), str(draft.time))
        if said in seen:
            is_same_row = seen[said].record is draft.record
            if entry.repeats == "drop" or is_same_row:
                reason = "its cell says it twice" if is_same_row else f"says the same as {seen[said].origin}"
                making.leave_out("codings", draft, reason)
                continue
            codings.n_repeats += 1
        seen.setdefault(said, draft)
        codings.by_coder.setdefault(placed.row["coder"], []).append(placed)
    return codings


def choose_rows(drafts: Iterable[tuple[Draft, Entry]]) -> dict[tuple[str, ...], tuple[str, str, int]]:
    """Return which row of theirs counts for each coder, source, unit and round, as their entries say (`repeats`)."""
    counted: dict[tuple[str, ...], tuple[str, str, int]] = {}
    for draft, entry in drafts:
        if entry.repeats == "last":
            counted[key_reading(draft)] = draft.origin.line
        elif entry.repeats == "first":
            counted.setdefault(key_reading(draft), draft.origin.line)
    return counted


def key_reading(draft: Draft) -> tuple[str, ...]:
    """Return whose reading of what a row is of."""
    return tuple(draft.cells.get(name, "") for name in ("coder", "source_id", "segment_id", "round"))


def _place(draft: Draft, entry: Entry, codes: Codes, making: Making) -> Placed | None:
    missing = find_missing("codings", draft, "")
    if missing == "name" and draft.cells.get("segment_id"):
        making.leave_out("codings", draft, "a unit without a code: `readings` can say that it was read")
        return None
    if missing:
        making.leave_out("codings", draft, f"its {missing} is empty")
        return None
    source_id = making.refer("source_id", draft.cells["source_id"], draft, entry)
    if source_id is None:
        making.leave_out("codings", draft, making.explain_lost("source_id", draft.cells["source_id"]))
        return None
    name, theme = draft.cells.get("code_id") or draft.cells["name"], draft.cells.get("theme", "")
    code = codes.use(name, theme, draft.origin)
    if code is None:
        themes = "; ".join(codes.list_meant(name))
        problem, expected = f"is the name of several codes ({themes})", "one code"
        remedy = "map `theme` under codings, or `code_id`"
        making.refuse(draft.origin, "name", name, problem, expected, remedy)
        making.leave_out("codings", draft, f"{name!r} is the name of several codes")
        return None
    cells = {column.name: making.fit(column, draft, entry) for column in CODINGS.columns if column.name in KEPT}
    coder = draft.cells.get("coder", "")
    if not coder:
        coder = PARTS["codings"].defaults["coder"]
        making.notes[f"codings: no coder is said; they are by {coder!r}"] += 1
    row = {"source_id": source_id, **cells, "coder": making.ids["person"].add(coder)}
    unit = draft.cells.get("segment_id", "")
    if unit:
        row["segment_id"] = making.name_unit(draft.cells["source_id"], unit)
    return Placed(draft, row, code, draft.cells.get("coding_id", ""))


def number_codings(codings: Codings, making: Making) -> dict[str, list[Row]]:
    """Return the rows of each coder's table, sorted by source and code; codings without an id are numbered."""
    tables: dict[str, list[Row]] = {}
    for coder, placed in sorted(codings.by_coder.items()):
        ordered = sorted(placed, key=lambda p: (p.row["source_id"], p.code.code_id))
        width = max(N_DIGITS, len(str(len(ordered))))
        rows: list[Row] = []
        for number, each in enumerate(ordered, start=1):
            made = f"{name_ids(coder)}-{number:0{width}d}"
            coding_id = making.ids["coding"].claim(each.theirs or made)
            for known in filter(None, (each.theirs, coding_id)):
                making.ids["coding"].call(known, coding_id)
            row = dict.fromkeys(CODINGS.names, "") | each.row | {"coding_id": coding_id, "code_id": each.code.code_id}
            row.pop("coder")
            making.origins[(f"codings {coder}", len(rows))] = each.draft.origin
            making.account("codings", each.draft, coding_id)
            rows.append(row)
        tables[coder] = rows
    return tables
