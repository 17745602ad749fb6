"""What readers found in a place for a claim: the readings in force, and which of them counts.

Rows are only ever added. A reading is of the words of a claim and of a place: once those of the claim are others, it
has to be read again; a coding that took the place of another over the same words takes over what was read there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from graylit.languages.words import list_words
from graylit.tables.claims import DISPUTED, UNREAD
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells

Pair = tuple[str, str]  # a claim and a coding


class Judgement(NamedTuple):
    """What counts of a pair: a reading, disputed or unread; and the rows that decide it."""

    reading: str
    rows: list[Cells]
    n_readers: int


NOTHING = Judgement(UNREAD, [], 0)


def digest_wording(wording: str) -> str:
    """Return the SHA-256 of the words of a claim in lower case: other marks or capitals are no other claim."""
    return hashlib.sha256(" ".join(word.casefold() for word in list_words(wording)).encode("utf-8")).hexdigest()


def list_successors(codings: Iterable[Cells]) -> dict[str, str]:
    """Return, for each coding that a later row over the same words replaced, the last of these rows."""
    rows = {row["coding_id"]: row for row in codings if row.get("coding_id")}
    successor_of = {
        before: coding_id
        for coding_id, row in rows.items()
        for before in split_ids(row.get("replaces", ""))
        if row.get("code_id") and before in rows and _have_same_words(rows[before], row)
    }
    last = {}
    for coding_id in successor_of:
        seen = {after := coding_id}
        while (further := successor_of.get(after)) and further not in seen:
            seen.add(after := further)
        last[coding_id] = after
    return last


def _have_same_words(row: Cells, other: Cells) -> bool:
    if row.get("source_id") != other.get("source_id"):
        return False
    digest = row.get("normal_sha256", "")
    is_same_place = all(row.get(name, "") == other.get(name, "") for name in ("segment_id", "start", "end", "exact"))
    return is_same_place or bool(digest) and digest == other.get("normal_sha256", "")


def list_places(codings: Iterable[Cells]) -> dict[str, str]:
    """Return the place of each coding by its id: codings of the very same words, be they of two coders, have one."""
    names = ("source_id", "segment_id", "start", "end", "exact", "prefix", "suffix")
    return {row["coding_id"]: "\n".join(row.get(name, "") for name in names) for row in codings}


def carry_over(readings: Iterable[Cells], successors: Mapping[str, str]) -> list[Cells]:
    """Return readings of the codings that are in force now; rows of codings that nothing replaced as they are."""
    return [
        {**row, "coding_id": successors[row["coding_id"]]} if row.get("coding_id") in successors else row
        for row in readings
    ]


def list_current(readings: Iterable[Cells]) -> list[Cells]:
    """Return the readings in force: without those that a later row replaces, and without rows that only take back."""
    rows = list(readings)
    replaced = {row["replaces"] for row in rows if row.get("replaces")}
    return [row for row in rows if row.get("reading") and row["reading_id"] not in replaced]


def list_of_now(readings: Iterable[Cells], claims: Mapping[str, Cells]) -> list[Cells]:
    """Return the readings in force of claims in force as these are worded now."""
    digests = {claim_id: digest_wording(row["wording"]) for claim_id, row in claims.items()}

    def is_of_now(row: Cells) -> bool:
        digest = row.get("wording_sha256", "")
        return row["claim_id"] in digests and digest in ("", digests[row["claim_id"]])

    return [row for row in list_current(readings) if is_of_now(row)]


def leave_outranked(readings: Iterable[Cells], models: Collection[str]) -> list[Cells]:
    """Return the readings that count: those of models only of pairs that no person has read."""
    rows = list(readings)
    if not models:
        return rows
    by_people = {(row["claim_id"], row["coding_id"]) for row in list_current(rows) if row["reader"] not in models}
    return [row for row in rows if row["reader"] not in models or (row["claim_id"], row["coding_id"]) not in by_people]


def group_pairs(readings: Iterable[Cells]) -> dict[Pair, list[Cells]]:
    """Return readings by the pair of claim and coding that they are of."""
    grouped: dict[Pair, list[Cells]] = {}
    for row in readings:
        grouped.setdefault((row["claim_id"], row["coding_id"]), []).append(row)
    return grouped


def find_settlement(current: Iterable[Cells]) -> Cells | None:
    """Return the settlement of one pair that no later one settles; None if there is none."""
    settlements = [row for row in current if row.get("settles")]
    settled = {reading_id for row in settlements for reading_id in split_ids(row["settles"])}
    return next((row for row in reversed(settlements) if row["reading_id"] not in settled), None)


def judge_pair(current: Iterable[Cells]) -> Judgement:
    """Return what counts of the readings in force of one pair: the settlement, or what all its readers agree on."""
    rows = list(current)
    own = {row["reader"]: row for row in rows if not row.get("settles")}
    if settlement := find_settlement(rows):
        return Judgement(settlement["reading"], [settlement], len(own))
    readings = {row["reading"] for row in own.values()}
    if not readings:
        return NOTHING
    return Judgement(readings.pop() if len(readings) == 1 else DISPUTED, list(own.values()), len(own))


def judge_pairs(readings: Iterable[Cells], claims: Mapping[str, Cells]) -> dict[Pair, Judgement]:
    """Return what counts of each pair that somebody has read; `claims` are those in force, by claim_id."""
    return {pair: judge_pair(rows) for pair, rows in group_pairs(list_of_now(readings, claims)).items()}
