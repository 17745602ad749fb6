"""What second readers saw in the places of impacts: the readings in force, and which of them an impact has outlived."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graylit.tables.rows import Cells

SHOWN = ("component", "decision", "coding_ids")  # what a second reader is shown of an impact
Reading = tuple[str, str]  # an impact and a reader


def find_changes(impacts: Iterable[Cells]) -> dict[str, str]:
    """Return when what a second reader sees of each impact was last changed; '' if that is not dated."""
    changed: dict[str, str] = {}
    last: dict[str, Cells] = {}
    for row in impacts:
        before = last.get(row["impact_id"])
        if before is None or any(before[name] != row[name] for name in SHOWN):
            changed[row["impact_id"]] = row["decided_at"]
        last[row["impact_id"]] = row
    return changed


def list_current_readings(impacts: Iterable[Cells], readings: Iterable[Cells]) -> dict[Reading, Cells]:
    """Return the readings in force by impact and reader: the last of each, if it is of the impact as it is now."""
    changed = find_changes(impacts)
    latest = {(row["impact_id"], row["reader"]): row for row in readings}
    is_current = {key: row["reading"] != "withdrawn" and _is_of_now(row, changed) for key, row in latest.items()}
    return {key: row for key, row in sorted(latest.items()) if is_current[key]}


def _is_of_now(row: Cells, changed: Mapping[str, str]) -> bool:
    return _is_no_older(row["read_at"], changed.get(row["impact_id"], ""))


def find_read(impacts: Sequence[Cells], reading: Cells) -> Cells:
    """Return the row of an impact that stood when a second reader read it: the first one if none is dated before.

    What was decided afterwards, for example because the two differed, is no agreement of theirs.
    """
    rows = [row for row in impacts if row["impact_id"] == reading["impact_id"]]
    stood = [row for row in rows if _is_no_older(reading["read_at"], row["decided_at"])]
    return stood[-1] if stood else rows[0]


def _is_no_older(at: str, other: str) -> bool:
    """Return whether a time is no older than another; of the same day it is, if one of the two is a day only."""
    n = min(len(at), len(other))
    return at[:n] >= other[:n]
