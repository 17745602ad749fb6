"""The adjudications of an imported study: what was decided on the codings of a source, a unit, a code or a coder."""

from __future__ import annotations

from dataclasses import replace

from graylit.exchange.foreign_rows import Drafted
from graylit.exchange.making import Making
from graylit.exchange.making_tables import make_table
from graylit.exchange.mapping import Entry
from graylit.exchange.outcomes import Draft
from graylit.tables.coding import ADJUDICATIONS
from graylit.tables.rows import Row

NAMED = {"source_id": "source_id", "segment_id": "segment_id", "given_code_id": "code_id", "coder": "coder"}


def make_adjudications(drafted: list[Drafted], codings: dict[str, list[Row]], making: Making) -> list[Row]:
    """Return the adjudications, each with the codings that it decides on; one that decides on none is left out."""
    every = [row | {"coder": coder} for coder, rows in codings.items() for row in rows]
    by_source: dict[str, list[Row]] = {}
    for row in every:
        by_source.setdefault(row["source_id"], []).append(row)
    found = []
    for one in drafted:
        drafts = []
        for draft in one.drafts:
            named = _find_codings(draft, one.entry, by_source, making)
            if named or draft.cells.get("coding_ids"):
                cells = {**draft.cells, "coding_ids": draft.cells.get("coding_ids") or "; ".join(named)}
                drafts.append(replace(draft, cells=cells))
            else:
                making.leave_out("adjudications", draft, "there is no such coding")
        found.append(replace(one, drafts=drafts))
    return make_table("adjudications", found, making, ADJUDICATIONS)


def _find_codings(draft: Draft, entry: Entry, by_source: dict[str, list[Row]], making: Making) -> list[str]:
    """Return the ids of the codings that a row is about."""
    wanted = {}
    for theirs, ours in NAMED.items():
        cell = draft.cells.get(theirs, "")
        if cell:
            if theirs == "segment_id":
                wanted[ours] = making.name_unit(draft.cells.get("source_id", ""), cell)
            else:
                wanted[ours] = making.refer(theirs, cell, draft, entry) or ""
    rows = by_source.get(wanted.get("source_id", ""), [])
    return [row["coding_id"] for row in rows if all(row[name] == cell for name, cell in wanted.items())]
