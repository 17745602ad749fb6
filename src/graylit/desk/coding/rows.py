"""Make the rows that a coder's decisions add: a coding given, changed, withdrawn, and any of these undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graylit.anchors.fingerprints import Words
from graylit.anchors.places import Place
from graylit.desk.tasks import DecisionError
from graylit.study.state import round_of
from graylit.study.writing import fill_place
from graylit.tables.coding import CODINGS
from graylit.tables.rows import Cells, Row, store_words

_COPIED = [name for name in CODINGS.names if name not in ("coding_id", "replaces", "coded_at")]
_CONFIDENCES = next(column.choices for column in CODINGS.columns if column.name == "confidence")


@dataclass(frozen=True)
class Step:
    """A row that a decision added, and the row that was in force before it (None if none was), to undo it."""

    row: Row
    before: Cells | None


def fill_remarks(row: Row, memo: str, confidence: str) -> Row:
    """Return a row with a coder's memo and confidence, which may both be empty. Raises DecisionError."""
    if confidence and confidence not in _CONFIDENCES:
        raise DecisionError(f"Confidence is one of {', '.join(_CONFIDENCES)}, or not said.")
    return {**row, "memo": store_words(memo), "confidence": confidence}


def restate_coding(row: Cells, code_id: str, memo: str, confidence: str) -> Row:
    """Return a row that replaces a coding: the same words with another code, memo or confidence."""
    copied = {name: row[name] for name in _COPIED}
    changed = fill_remarks({**copied, "code_id": code_id, "replaces": row["coding_id"]}, memo, confidence)
    if all(changed[name] == row[name] for name in ("code_id", "memo", "confidence")):
        raise DecisionError("Nothing was changed.")
    return changed


def keep_coding(row: Cells, code_id: str) -> Row:
    """Return a row that replaces a coding: the same decision again, by the code that took the place of the old one."""
    copied = {name: row[name] for name in _COPIED}
    return {**copied, "code_id": code_id, "replaces": row["coding_id"]}


def withdraw_coding(row: Cells) -> Row:
    """Return a row that only withdraws a coding."""
    return {"source_id": row["source_id"], "round": row["round"], "replaces": row["coding_id"]}


def take_back(step: Step) -> Row:
    """Return the row that undoes a step: the one in force before it, or a withdrawal if there was none.

    What is put back was coded when it was: its definition of then counts, not that of now.
    """
    if step.before is None or not step.before["code_id"]:
        return withdraw_coding(step.row)
    copied = {name: step.before[name] for name in (*_COPIED, "coded_at")}
    return {**copied, "replaces": step.row["coding_id"]}


def move_coding(row: Cells, place: Place, words: Words) -> Row:
    """Return a row that replaces a coding whose words have moved to `place`: nothing is decided anew.

    Raises ValueError if there is no place.
    """
    if place.span is None:
        raise ValueError(f"{row['coding_id']} has no place to be moved to")
    copied = {name: row[name] for name in (*_COPIED, "coded_at")}
    return fill_place({**copied, "replaces": row["coding_id"]}, place.span, words)


def require_active(code_id: str, codebook: Mapping[str, Cells]) -> None:
    """Raise DecisionError if coders may not use a code."""
    row = codebook.get(code_id)
    if row is None:
        raise DecisionError(f"There is no code {code_id!r} in the codebook.")
    if row["status"] != "active":
        instead = f"; {row['replaced_by']} took its place" if row["replaced_by"] else ""
        raise DecisionError(f"{code_id} is retired{instead}.")


def is_of_whole(row: Cells) -> bool:
    """Return whether a coding is about its source as a whole."""
    return not (row["start"] or row["segment_id"] or row["exact"])


def find_same(row: Cells, others: Iterable[Cells]) -> list[Cells]:
    """Return the codings among `others` that give the row's code to some of the row's words in the row's round."""
    return [other for other in others if other["coding_id"] != row["replaces"] and _is_same(row, other)]


def _is_same(row: Cells, other: Cells) -> bool:
    if (row["code_id"], round_of(row)) != (other["code_id"], round_of(other)):
        return False
    if not row["start"] or not other["start"]:
        return is_of_whole(row) and is_of_whole(other)
    return int(row["start"]) < int(other["end"]) and int(other["start"]) < int(row["end"])
