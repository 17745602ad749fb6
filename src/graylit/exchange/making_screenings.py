"""The screening of an imported study: decisions of screeners, and final ones that settle them."""

from __future__ import annotations

from graylit.exchange.foreign_rows import Drafted
from graylit.exchange.making import Making
from graylit.exchange.making_tables import make_table
from graylit.exchange.mapping_keys import NOT_STATED
from graylit.tables.rows import Row
from graylit.tables.screening import CRITERIA, SCREENINGS


def make_screenings(drafted: list[Drafted], tables: dict[str, list[Row]], making: Making) -> dict[str, list[Row]]:
    """Return the decisions, and the criteria with one for exclusions that name none."""
    rows = make_table("screenings", drafted, making, SCREENINGS)
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
