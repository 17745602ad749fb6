"""What readers found in a place for a claim: the readings in force, and which of them counts.

Rows are only ever added. A reading is of a claim's words: once these are others, it has to be read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
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
