"""Evidence that changed: codings, and readings for claims, whose words moved, read otherwise now, or are gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from graylit.synthesis.readings import list_current
from graylit.tables.locating import EXACT, LOST, PLACED, SIMILAR
from graylit.tables.rows import Cells, Row

DECIDED_AGAINST = ("falls", "superseded", "outranked", "untrusted")  # of a coding that is no evidence anyhow
NEEDING = ("gone", "reworded")


def tell_change(before: Cells | None, now: Cells) -> str:
    """Return what became of the words of a coding since the release; '' if nothing did.

    `before` is its row as released; without a release, only words that are gone are told.
    """
    if now["standing"] in DECIDED_AGAINST or (before is not None and before["is_evidence"] != "yes"):
        return ""
    if now["method"] in LOST:
        return "gone" if before is None or before["method"] in PLACED else ""
    if before is None or now["method"] not in (*EXACT, *SIMILAR):
        return ""
    if now["method"] in SIMILAR and before["method"] in EXACT:
        return "reworded" if now["method"] == "sketch" else "place_moved"
    is_there = all(now[name] == before[name] for name in ("start", "end"))
    return "" if is_there or not before["start"] else "place_moved"


def list_changed_codings(located: Iterable[Cells], released: Iterable[Cells], is_released: bool) -> dict[str, Row]:
    """Return the codings in force whose words changed, by id: what became of them, and their source and code.

    A coding that its coder has replaced, or that was made since the release, is none: somebody has looked at it.
    """
    before = {row["coding_id"]: row for row in released}
    changed = {}
    for row in located:
        was = before.get(row["coding_id"])
        if is_released and was is None:
            continue
        if state := tell_change(was, row):
            named = {name: row[name] for name in ("coding_id", "source_id", "code_id", "note")}
            changed[row["coding_id"]] = named | {"state": state}
    return changed


def list_changed_readings(readings: Iterable[Cells], changed: Mapping[str, Row]) -> list[Row]:
    """Return the readings in force of codings whose words read otherwise or are gone, each with what became of them."""
    return [
        {name: row[name] for name in ("reading_id", "claim_id", "coding_id", "reading")}
        | {"state": changed[row["coding_id"]]["state"]}
        for row in list_current(readings)
        if row["coding_id"] in changed
    ]


def list_guidelines(evidence: Iterable[Cells]) -> dict[str, list[str]]:
    """Return the guidelines that each coding is evidence of."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for row in evidence:
        found[row["coding_id"]][row["guideline_id"]] = None
    return {coding_id: sorted(ids) for coding_id, ids in found.items()}


def count_lost(located: Iterable[Cells], changed: Mapping[str, Row], gone: Iterable[str]) -> tuple[int, int]:
    """Return how many codings no longer stand at the address of their source, and how many there are.

    Their words are gone from its page, or the page is `gone` from the web; that we hold a capture of it does not count.
    """
    gone, n_lost, n_all = set(gone), 0, 0
    for row in located:
        if row["standing"] in DECIDED_AGAINST:
            continue
        is_lost = row["source_id"] in gone or changed.get(row["coding_id"], {}).get("state") == "gone"
        n_lost, n_all = n_lost + is_lost, n_all + 1
    return n_lost, n_all
