"""The screening of an imported study: decisions of screeners, and final ones that settle them."""

from __future__ import annotations

from dataclasses import replace

from graylit.exchange.foreign_rows import Drafted
from graylit.exchange.making import Making
from graylit.exchange.making_tables import make_table
from graylit.exchange.outcomes import Draft
from graylit.tables.rows import Row
from graylit.tables.screening import CRITERIA, SCREENINGS
from graylit.tables.sources import NOT_STATED


def make_screenings(drafted: list[Drafted], tables: dict[str, list[Row]], making: Making) -> dict[str, list[Row]]:
    """Return the decisions, and the criteria with one for exclusions that name none."""
    told = [replace(one, drafts=[_tell_reason(draft, making) for draft in one.drafts]) for one in drafted]
    rows = make_table("screenings", told, making, SCREENINGS)
    criteria = list(tables.get("criteria", []))
    bare = [row for row in rows if row["decision"] == "exclude" and not row["criterion_id"]]
    if bare:
        criterion_id = making.ids["criterion"].number(NOT_STATED, width=2)
        named = {"criterion_id": criterion_id, "kind": "exclusion", "name": NOT_STATED, "status": "active"}
        criteria.append(dict.fromkeys(CRITERIA.names, "") | named)
        making.notes[f"screenings: exclusions without a criterion; it is {NOT_STATED!r}"] = len(bare)
        for row in bare:
            row["criterion_id"] = criterion_id
    earlier: dict[str, list[str]] = {}
    for row in rows:
        if row["settles"] == "all":
            row["settles"] = "; ".join(earlier.get(row["candidate_id"], []))
            earlier[row["candidate_id"]] = [row["screening_id"]]
        else:
            earlier.setdefault(row["candidate_id"], []).append(row["screening_id"])
    return {"criteria": criteria, "screenings": rows}


def _tell_reason(draft: Draft, making: Making) -> Draft:
    """Return a decision whose criterion is none of the criteria with these words as its reason."""
    words = draft.cells.get("criterion_id", "")
    if not words or making.ids["criterion"].find(words):
        return draft
    making.notes["screenings: a criterion that is none of `criteria`; its words are the reason"] += 1
    reason = "; ".join(filter(None, [words, draft.cells.get("reason", "")]))
    return replace(draft, cells={**draft.cells, "criterion_id": "", "reason": reason})
