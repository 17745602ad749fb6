"""A reader's desk: says what places say of claims, as rows that are on disk at once.

What others read is looked at only to know whether they are through: nothing that a reader is answered depends on it
before all are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from graylit.desk.claims.room import Room, fill_reading
from graylit.desk.tasks import DecisionError, StaleError
from graylit.synthesis.readings import Pair, digest_wording
from graylit.tables.claims import CLAIM_READINGS
from graylit.tables.rows import Cells


class Entry(NamedTuple):
    """A row that was added for a pair, and the one in force before it (None if none was)."""

    pair: Pair
    row: Cells
    before: Cells | None


Step = list[Entry]  # the rows of one decision: coders may have coded the very same words, which are read once


class Reader:
    """One reader at work."""

    def __init__(self, room: Room) -> None:
        self.room, self.name = room, room.visit.person
        self._done: list[Step] = []
        self._n_seen = room.n_seen

    def list_left(self) -> list[Pair]:
        """Return the pairs that the reader has still to read, in the order drawn for them."""
        return self.room.look().left.get(self.name, [])

    def list_assigned(self) -> list[Pair]:
        """Return the pairs that the reader is to read, read or not."""
        return self.room.look().assigned.get(self.name, [])

    def find_own(self, pair: Pair) -> Cells | None:
        """Return the reader's reading in force of a pair, also if the claim has other words by now."""
        own = (row for row in self._list_own() if (row["claim_id"], row["coding_id"]) == pair)
        return next(own, None)

    def _list_own(self) -> list[Cells]:
        return [row for row in self.room.look().current if row["reader"] == self.name and not row["settles"]]

    def list_recent(self, n_most: int) -> list[Cells]:
        """Return the reader's last readings in force of pairs that are to be read, the last one first."""
        links = self.room.look().links
        own = [row for row in self._list_own() if (row["claim_id"], row["coding_id"]) in links]
        return own[-n_most:][::-1]

    def is_of_now(self, row: Cells) -> bool:
        """Return whether a reading is of the claim as it is worded now."""
        return any(one is row for one in self.room.look().of_now)

    def tell_version(self, pair: Pair) -> str:
        """Return what is different after each of the reader's decisions on a pair, and once the claim is reworded."""
        rows = self.room.look().rows
        own = (row["reading_id"] for row in reversed(rows) if _is_on(row, pair) and row["reader"] == self.name)
        claim = self.room.look().claims[pair[0]]
        return f"{digest_wording(claim['wording'])[:8]}:{next(own, '')}"

    @property
    def last_step(self) -> Step:
        """Return the last reading that can be undone: none that was made before the person saw those of others."""
        if self._n_seen != self.room.n_seen:
            self._done, self._n_seen = [], self.room.n_seen
        return self._done[-1] if self._done else []

    def decide(self, pair: Pair, asked: Mapping[str, str]) -> Cells:
        """Take a reading of a pair, or an undo; return its row, which is on disk.

        Where the very same words were coded twice, the reading is one of each coding that the reader is to read.

        Raises
        ------
        StaleError
            The reader has read it elsewhere since it was shown, or the claim was worded anew.
        DecisionError
            The reading is refused.
        """
        if asked.get("version", "") != self.tell_version(pair):
            raise StaleError("place")
        if asked.get("kind") == "undo":
            return self._undo(pair)
        before = self.find_own(pair)
        row = fill_reading(asked.get("kind", ""), asked.get("note", ""))
        self._require_open(pair, row, before)
        row |= {"wording_sha256": digest_wording(self.room.look().claims[pair[0]]["wording"])}
        befores = {one: self.find_own(one) for one in (pair, *self._list_companions(pair, before))}
        given = [
            (one, row | {"replaces": earlier["reading_id"] if earlier else ""}) for one, earlier in befores.items()
        ]
        added = self.room.add(given)
        self._done.append([Entry(one, new, befores[one]) for (one, _), new in zip(given, added, strict=True)])
        return added[0]

    def _require_open(self, pair: Pair, row: Cells, before: Cells | None) -> None:
        if not before or not self.is_of_now(before):
            if pair not in self.list_left():
                raise DecisionError("This pair is not among those that you are to read.")
            return
        if not self.room.can_change():
            raise DecisionError("All readers are through; a change of mind is a settlement now.")
        if _tell(before) == _tell(row):
            raise DecisionError("Nothing was changed.")

    def _list_companions(self, pair: Pair, before: Cells | None) -> list[Pair]:
        """Return the pairs of the same words that are left to the reader, or were read as this one was before."""
        left = set(self.list_left())
        companions = []
        for twin in self.room.look().list_twins(pair):
            own = self.find_own(twin)
            is_alike = before is not None and own is not None and _tell(own) == _tell(before)
            if twin in left or (is_alike and own is not None and self.is_of_now(own)):
                companions.append(twin)
        return companions

    def _undo(self, pair: Pair) -> Cells:
        step = self.last_step
        if not step or step[0].pair != pair:
            raise DecisionError("There is nothing to undo: read the place anew instead.")
        self._done.pop()
        if any(entry.row is not self.find_own(entry.pair) for entry in step):
            raise DecisionError(
                f"{step[0].row['reading_id']} was replaced elsewhere meanwhile, so it is left as it is."
            )
        blank = dict.fromkeys(CLAIM_READINGS.names, "")
        given = [(one, {**blank, **(earlier or {}), "replaces": row["reading_id"]}) for one, row, earlier in step]
        added = self.room.add(given)
        again = {id(earlier): new for (_, _, earlier), new in zip(step, added, strict=True) if earlier}
        self._done = [[entry._replace(row=again.get(id(entry.row), entry.row)) for entry in one] for one in self._done]
        return added[0]


def _is_on(row: Cells, pair: Pair) -> bool:
    return (row["claim_id"], row["coding_id"]) == pair and not row["settles"]


def _tell(row: Cells) -> tuple[str, str]:
    return row["reading"], row["reason"]
