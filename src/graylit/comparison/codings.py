"""What coders decided differently in two states of a study: the effect of added rows on the codings in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graylit.comparison.changes import Change, change_row, compare_history, in_file, keep_known
from graylit.comparison.pairs import by_column, pair
from graylit.study.state import current_codings, follow_code, latest_rows, superseded_ids
from graylit.study.study import CODINGS_FOLDER, Study
from graylit.tables.coding import CODINGS
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells


def compare_coders(before: Study, after: Study) -> list[Change]:
    """Return the changes of all coders' tables."""
    changes = []
    codebook = latest_rows(after.codebook.cells, "code_id")
    for coder, *tables in pair(before.codings, after.codings):
        old, now = (table.cells if table else [] for table in tables)
        passes = [[row for row in study.passes.cells if row["coder"] == coder] for study in (before, after)]
        found = compare_history("coding", CODINGS, old, now)
        found += compare_codings(keep_known(CODINGS, old, now), now, passes, codebook)
        changes += in_file(f"{CODINGS_FOLDER}/{coder}.csv", found)
    return changes


def compare_codings(
    before: Iterable[Cells], after: Sequence[Cells], passes: Sequence[Sequence[Cells]], codebook: Mapping[str, Cells]
) -> list[Change]:
    """Return what the rows added to a coder's table do to the codings in force; `passes` before and after."""
    old, now = (by_column("coding_id", current_codings(rows)) for rows in (before, after))
    superseded = superseded_ids(now.values(), passes[1]) - superseded_ids(old.values(), passes[0])
    next_of = {replaced: row for row in after for replaced in split_ids(row["replaces"])}
    changes, successors = [], set()
    for coding_id in sorted(old.keys() - now.keys()):
        successor = _find_successor(coding_id, next_of)
        if not successor["code_id"]:
            changes.append(change_row("coding", coding_id, "withdrawn", "code_id", old[coding_id]["code_id"]))
        else:
            successors.add(successor["coding_id"])
            changes += _name_differences(old[coding_id], successor, codebook)
    for coding_id in sorted(now.keys() - old.keys() - successors):
        changes.append(change_row("coding", coding_id, "added", "code_id", "", now[coding_id]["code_id"]))
    for coding_id in sorted(superseded & old.keys()):
        changes.append(change_row("coding", coding_id, "superseded", "code_id", old[coding_id]["code_id"]))
    return changes


def _find_successor(coding_id: str, next_of: Mapping[str, Cells]) -> Cells:
    """Return the last of the rows that replaced a coding one after the other."""
    row = next_of[coding_id]
    while row["coding_id"] in next_of:
        row = next_of[row["coding_id"]]
    return row


def _name_differences(old: Cells, now: Cells, codebook: Mapping[str, Cells]) -> list[Change]:
    """Return how the coding that took another's place differs from it: code, place, note; or in nothing."""
    coding_id = old["coding_id"]
    changes = []
    if follow_code(old["code_id"], codebook) != follow_code(now["code_id"], codebook):
        changes.append(change_row("coding", coding_id, "recoded", "code_id", old["code_id"], now["code_id"]))
    if _place_of(old) != _place_of(now):
        changes.append(change_row("coding", coding_id, "moved", "start–end", _place_of(old), _place_of(now)))
    for column in ("memo", "confidence"):
        if old[column] != now[column]:
            changes.append(change_row("coding", coding_id, "noted", column, old[column], now[column]))
    return changes or [change_row("coding", coding_id, "replaced", "coding_id", coding_id, now["coding_id"])]


def _place_of(row: Cells) -> str:
    place = f"{row['start']}–{row['end']}" if row["start"] else row["segment_id"] or "whole source"
    return f"{row['source_id']} {place}"
