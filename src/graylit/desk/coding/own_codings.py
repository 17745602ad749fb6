"""One coder's decisions so far, from the coder's own rows; nobody else's codings are read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graylit.anchors.locating import place_codings
from graylit.anchors.places import Place, assign_segments
from graylit.desk.coding.shelf import Shelf
from graylit.desk.watching import Watched, read_peoples
from graylit.study.state import codings_in_force, current_codings, last_rounds, round_of
from graylit.study.study import CODINGS_FOLDER, OPTIONAL_TABLES
from graylit.tables.coding import CODINGS, PASSES, READINGS
from graylit.tables.contracts import Contract
from graylit.tables.faults import Fault, InputError
from graylit.tables.rows import Cells

PASSES_FILE, READINGS_FILE = OPTIONAL_TABLES["passes"][0], OPTIONAL_TABLES["readings"][0]


@dataclass(frozen=True)
class View:
    """A coder's decisions on one source in one round; `version` is new after every change."""

    version: str
    round: int
    codings: list[Cells]  # in force
    places: dict[str, Place]  # by coding_id
    segment_of: dict[str, str]  # by coding_id; none for codings of the whole source and those whose words are gone
    used: list[str]  # the codes in the order in which they were first given here
    left: frozenset[str]  # segments read and left without a code
    is_finished: bool

    @property
    def decided(self) -> frozenset[str]:
        """Return the segments that have a code or were left without one."""
        return self.left | set(self.segment_of.values())


class OwnRows:
    """A coder's rows of one table, in its order and by source."""

    def __init__(self, rows: Sequence[Cells]) -> None:
        self.rows = rows
        self._by_source: dict[str, list[Cells]] = {}
        for row in rows:
            self._by_source.setdefault(row["source_id"], []).append(row)

    def of(self, source_id: str) -> list[Cells]:
        """Return the rows about a source: the same list as long as the table is the same."""
        return self._by_source.setdefault(source_id, [])


class OwnCodings:
    """A coder's own rows: codings, finished sources, and segments left without a code; read anew after every change."""

    def __init__(self, folder: Path, coder: str, shelf: Shelf, asked_round: str) -> None:
        self.folder, self.coder, self.shelf = folder, coder, shelf
        self.file = f"{CODINGS_FOLDER}/{coder}.csv"
        self._codings = Watched(folder / self.file, lambda: OwnRows(read_peoples(folder, self.file, CODINGS)))
        self._passes = self._watch_own(PASSES_FILE, PASSES)
        self._readings = self._watch_own(READINGS_FILE, READINGS)
        self._views: dict[str, tuple[tuple, View]] = {}
        last = max([1, *self._last_rounds(self._codings.get().rows).values()])
        self._asked_round = int(asked_round) if asked_round else 0
        self.round = self._asked_round or last
        if self.round < last:
            problem, remedy = (
                f"is over: {coder} has coded in round {last}",
                f"leave --round out, or write --round {last}",
            )
            raise InputError([Fault("--round", problem, f"{last} or later", remedy, value=asked_round)])

    @property
    def ids(self) -> list[str]:
        """Return the ids of all rows of the coder's table, in its order."""
        return [row["coding_id"] for row in self._codings.get().rows]

    @property
    def last_at(self) -> str:
        """Return when the coder last decided, as far as rows say so."""
        tables = ((self._codings, "coded_at"), (self._passes, "finished_at"), (self._readings, "read_at"))
        return max((row[when] for table, when in tables for row in table.get().rows), default="")

    def list_in_force(self) -> list[Cells]:
        """Return the coder's codings of the last round over each source, or of the round that was asked for."""
        codings = codings_in_force(self._codings.get().rows, self._passes.get().rows)
        return [row for row in codings if self._asked_round in (0, round_of(row))]

    def readings_of(self, source_id: str) -> list[Cells]:
        """Return the readings of a source: the rows that leave segments without a code, or reopen them."""
        return self._readings.get().of(source_id)

    def _watch_own(self, file: str, contract: Contract) -> Watched[OwnRows]:
        def read() -> OwnRows:
            return OwnRows([row for row in read_peoples(self.folder, file, contract) if row["coder"] == self.coder])

        return Watched(self.folder / file, read)

    def _last_rounds(self, rows: Sequence[Cells]) -> dict[str, int]:
        return last_rounds(current_codings(rows), self._passes.get().rows)

    def look_at(self, source_id: str) -> View:
        """Return what the coder has decided on a source, as the tables say now."""
        rows, passes, readings = (table.get().of(source_id) for table in (self._codings, self._passes, self._readings))
        seen = (rows, passes, readings, self.shelf.segments_of(source_id), self.shelf.has_text(source_id))
        known = self._views.get(source_id)
        if known is None or any(before is not now for before, now in zip(known[0], seen, strict=True)):
            view = self._make_view(source_id, rows, passes, readings)
            self._views[source_id] = (seen, view)
        return self._views[source_id][1]

    def _make_view(self, source_id: str, rows: list[Cells], passes: list[Cells], readings: list[Cells]) -> View:
        number = self._asked_round or self._last_rounds(rows).get(source_id, self.round)
        text = self.shelf.text_of(source_id)
        segments = self.shelf.segments_of(source_id)
        codings = [row for row in current_codings(rows) if round_of(row) == number]
        places = place_codings(codings, text)
        counted = [row for row in readings if round_of(row) == number]
        state = [rows, passes, readings, [[row["start"], row["end"], row["sha256"]] for row in segments], text is None]
        return View(
            version=hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16],
            round=number,
            codings=codings,
            places=places,
            segment_of=_find_segments(places, segments, text),
            used=list(dict.fromkeys(row["code_id"] for row in rows if row["code_id"] and round_of(row) == number)),
            left=_find_left(counted, segments),
            is_finished=any(round_of(row) == number for row in passes),
        )


def _find_segments(places: Mapping[str, Place], segments: list[Cells], text: str | None) -> dict[str, str]:
    """Return the segment with the first word of each coding with a place, by coding_id; none without a text."""
    if text is None:
        return {}
    numbers, _ = assign_segments(places, [(int(row["start"]), int(row["end"])) for row in segments], text)
    return {coding_id: segments[number]["segment_id"] for coding_id, number in numbers.items()}


def _find_left(readings: list[Cells], segments: list[Cells]) -> frozenset[str]:
    """Return the segments whose last reading left them without a code.

    A segment is recognised by its number and its words. If its number has gone to other words, its words alone
    decide; if the table has no digest of its words, its number alone.
    """
    digests = {row["segment_id"]: row["sha256"] for row in segments}
    by_number: dict[str, str] = {}
    by_words: dict[str, str] = {}
    for row in readings:
        now = digests.get(row["segment_id"])
        if now == row["segment_sha256"] or (now is not None and "" in (now, row["segment_sha256"])):
            by_number[row["segment_id"]] = row["decision"]
        elif row["segment_sha256"]:
            by_words[row["segment_sha256"]] = row["decision"]
    decisions = {i: by_number.get(i) or by_words.get(sha) for i, sha in digests.items()}
    return frozenset(i for i, decision in decisions.items() if decision == "no_code")
