"""Rows of decisions on candidates that a fault proposes, for people to fill in."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from graylit.screening.deciding import decide_candidate
from graylit.tables.rows import Cells, Rows


def list_free_ids(screenings: Rows) -> Iterator[str]:
    """Yield the ids that come after the last decision's, in its form: after N0386 come N0387 and N0388."""
    numbered = [re.fullmatch(r"(.*?)([0-9]{1,15})", cells.get("screening_id", "")) for _, cells in screenings]
    last = max((match.groups() for match in numbered if match), key=lambda parts: int(parts[1]), default=("N", "0000"))
    for number in itertools.count(int(last[1]) + 1):
        yield f"{last[0]}{number:0{len(last[1])}}"


def write_decision(screening_id: str, candidate_id: str, decision: str, screenings: Rows, own: list[Cells]) -> str:
    """Return a row for a table of screenings that settles its `own` rows in force for a candidate.

    What is in brackets people fill in; the contract refuses a row in which they did not.
    """
    deciding = decide_candidate(own)[1]
    number = max((int(row["round"]) for row in deciding), default=1)
    cells = {"screening_id": screening_id, "candidate_id": candidate_id, "screener": "(who)", "round": str(number)}
    cells |= {"decision": decision, "criterion_id": "(criterion)" if decision == "exclude" else "", "reason": "(why)"}
    cells |= {"screened_at": "(date)", "settles": "; ".join(row["screening_id"] for row in deciding)}
    return ",".join(cells.get(name, "") for name in screenings.header or cells)
