"""The published study that a study goes back to, and which of its guidelines ours answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from graylit.study.ids import list_unknown
from graylit.study.state import latest_rows
from graylit.tables.faults import Fault
from graylit.tables.rows import Cells

if TYPE_CHECKING:
    from graylit.study.study import Study

NONE = "none"


def cite_original(original: dict[str, Any]) -> str:
    """Return a published study as a reference in one line."""
    authors, title = ", ".join(original["authors"]), original["title"]
    identifier = f", {original['identifier']}" if original["identifier"] else ""
    named = f"{authors} ({original['year']}): {title}" if authors else f"{title} ({original['year']})"
    return f"{named}{identifier}"


def list_correspondences(rows: Iterable[Cells]) -> list[Cells]:
    """Return the correspondences in force, by their ids."""
    latest = latest_rows(rows, "correspondence_id")
    return [row for _, row in sorted(latest.items()) if row.get("status") != "withdrawn"]


def check_correspondences(study: Study) -> list[Fault]:
    """Return the faults of correspondences: unknown or withdrawn guidelines, and rows that name too few or too many."""
    rows = study.correspondences
    filled = [cells for cells in study.guidelines.cells if {"guideline_id", "decided_at", "status"} <= set(cells)]
    latest = latest_rows(filled, "guideline_id")
    known = {cells["guideline_id"] for cells in study.guidelines.cells if cells.get("guideline_id")}
    faults = list_unknown(rows, "guideline_id", known, "guidelines.csv")
    if rows.cells and not study.config.get("original"):
        problem, expected = "answers a study that the config does not name", "the key original in config/config.yaml"
        faults.append(Fault(rows.file, problem, expected, "describe the published study there"))
    dated = [(number, cells) for number, cells in rows if {"correspondence_id", "decided_at"} <= set(cells)]
    in_force = {id(row) for row in latest_rows((cells for _, cells in dated), "correspondence_id").values()}
    seen: dict[tuple[str, str], str] = {}
    for number, cells in dated:
        faults += _check_named(rows.file, number, cells)
        if id(cells) not in in_force or cells.get("status") == "withdrawn":
            continue
        ours, pair = (
            cells.get("guideline_id", ""),
            (cells.get("guideline_id", ""), cells.get("published_guideline", "")),
        )
        if ours and latest.get(ours, {}).get("status") == "withdrawn":
            remedy = "add a later row of the same id with status withdrawn"
            faults.append(
                Fault(rows.file, "is withdrawn", "a guideline in force", remedy, number, "guideline_id", ours)
            )
        if pair in seen:
            problem, remedy = f"is the pair of {seen[pair]} too", "withdraw one of the two"
            faults.append(Fault(rows.file, problem, "each pair once", remedy, number, "correspondence_id", pair[0]))
        seen.setdefault(pair, cells["correspondence_id"])
    return faults


def _check_named(file: str, number: int, cells: Cells) -> list[Fault]:
    named = [name for name in ("guideline_id", "published_guideline") if cells.get(name)]
    relation = cells.get("relation", "")
    if relation == NONE and len(named) != 1:
        problem, expected = "names both or neither", "only the one that has no counterpart"
        return [Fault(file, problem, expected, "empty one of the two cells", number, "relation", relation)]
    if relation and relation != NONE and len(named) != 2:
        problem, expected = "lacks one of the two", "a guideline of the study and a published one"
        return [Fault(file, problem, expected, "name both, or write none", number, "relation", relation)]
    return []
