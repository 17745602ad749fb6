"""The units on which coders differ, gathered from their rows as they are now, in the way of the review.

Places are found again in the texts that are here, as `locate_codings` does, and units compared as `measure_agreement`
does; what has not changed is not looked for again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from graylit.anchors.locating import place_codings, recall_places
from graylit.anchors.places import Place, assign_segments
from graylit.desk.adjudicating.room import CodingRoom
from graylit.desk.watching import Watched
from graylit.study.disputes import list_disagreements, list_disputed
from graylit.study.frozen import FOLDER as FROZEN_FOLDER
from graylit.study.state import current_codings, follow_code, latest_rows, round_of, superseded_ids
from graylit.tables.kinds import split_ids
from graylit.tables.preparation import FROZEN_ANCHORS
from graylit.tables.reading import read_finished
from graylit.tables.rows import Cells, Row, list_rows

if TYPE_CHECKING:
    import pandas as pd

Located = tuple[dict[str, Place], dict[str, str]]  # places, and segments of their first words, by coding_id


@dataclass(frozen=True)
class Dispute:
    """A unit on which coders differ, and the codings that are to be settled, by code in the order of the codes."""

    key: str
    round: str
    unit_id: str
    source_id: str
    segment_id: str  # '' for a source as a whole
    kind: str  # coding or unitizing
    sides: tuple[Row, ...]  # a coder each: coder, code_ids, coding_ids
    choices: dict[str, tuple[str, ...]]  # the disputed codings of each code
    shared: tuple[str, ...]  # codes that all of its coders gave

    @property
    def coding_ids(self) -> list[str]:
        """Return the codings that are to be settled."""
        return [coding_id for ids in self.choices.values() for coding_id in ids]

    @cached_property
    def pair(self) -> frozenset[str]:
        """Return what tells disputes of one kind: the codes that not all gave, and '' if somebody gave none of them."""
        disputed = set(self.choices)
        is_left = any(not disputed & set(split_ids(side["code_ids"])) for side in self.sides)
        return frozenset(disputed | ({""} if is_left else set()))


@dataclass(frozen=True)
class Gathered:
    """All disputes by key, what each coder made of each unit, and the codings behind them, by id."""

    disputes: dict[str, Dispute]
    marks: pd.DataFrame
    codings: Mapping[str, Cells]  # each with its coder
    places: dict[str, Place]


class Gatherer:
    """Gathers disputes; again only if rows have changed."""

    def __init__(self, room: CodingRoom) -> None:
        self.room = room
        file = f"{FROZEN_FOLDER}/anchors.csv"
        self._anchors = Watched(room.folder / file, lambda: self._read_anchors(file))
        self._located: dict[tuple[str, str], tuple[list[str], tuple[object, ...], Located]] = {}
        self._seen: tuple[object, ...] = ()
        self._gathered: Gathered | None = None

    def _read_anchors(self, file: str) -> dict[str, Cells]:
        return {row["coding_id"]: row for row in read_finished(self.room.folder / file, FROZEN_ANCHORS)}

    def gather(self) -> Gathered:
        """Return the disputes as the tables say now."""
        room = self.room
        seen = (*room.list_codings().values(), room.passes, room.readings, room.shelf.list_codebook())
        if self._gathered is None or not _are_same(self._seen, seen):
            self._gathered, self._seen = self._gather(), seen
        return self._gathered

    def _gather(self) -> Gathered:
        room = self.room
        current = {coder: self._choose(current_codings(rows)) for coder, rows in room.list_codings().items()}
        codings = {row["coding_id"]: {**row, "coder": coder} for coder, rows in current.items() for row in rows}
        places: dict[str, Place] = {}
        segment_of: dict[str, str] = {}
        for coder, rows in current.items():
            for source_id, of_source in _group(rows).items():
                found, named = self._locate(coder, source_id, of_source)
                places |= found
                segment_of |= named
        marks = self._mark_units(codings, places, segment_of)
        superseded = {coding_id for coder, rows in current.items() for coding_id in self._list_superseded(coder, rows)}
        return Gathered(self._list_disputes(marks, codings, superseded), marks, codings, places)

    def _choose(self, rows: Iterable[Cells]) -> list[Cells]:
        return [row for row in rows if row["source_id"] in self.room.shelf.sources]

    def _list_superseded(self, coder: str, rows: list[Cells]) -> set[str]:
        return superseded_ids(rows, [row for row in self.room.passes if row["coder"] == coder])

    def _locate(self, coder: str, source_id: str, rows: list[Cells]) -> Located:
        """Return the places of a coder's codings of a source, found again only if they or its segments have changed."""
        shelf, anchors = self.room.shelf, self._anchors.get()
        segments = shelf.segments_of(source_id)
        ids = [row["coding_id"] for row in rows]
        seen = (segments, shelf.has_text(source_id), anchors)
        known = self._located.get((coder, source_id))
        if known is None or known[0] != ids or not _are_same(known[1], seen):
            text = shelf.text_of(source_id)
            is_frozen = text is None and bool(segments) and bool(anchors)
            places = recall_places(rows, anchors) if is_frozen else place_codings(rows, text)
            spans = [(int(row["start"]), int(row["end"])) for row in segments]
            numbers, _ = assign_segments(places, spans, text) if text is not None or is_frozen else ({}, set())
            named = {coding_id: segments[number]["segment_id"] for coding_id, number in numbers.items()}
            if not shelf.has_texts:  # units are what coders name
                named = {row["coding_id"]: row["segment_id"] for row in rows}
            known = self._located[coder, source_id] = (ids, seen, (places, named))
        return known[2]

    def _mark_units(
        self, codings: Mapping[str, Cells], places: Mapping[str, Place], segment_of: Mapping[str, str]
    ) -> pd.DataFrame:
        """Return what each coder made of each unit that they have read to the end, as the review compares it."""
        import pandas as pd

        from graylit.study.units import gather_marks, list_finished, list_units, name_units
        from graylit.tables.coding import PASSES, READINGS

        shelf = self.room.shelf
        codebook = latest_rows(shelf.list_codebook(), "code_id")
        rows = [
            {
                **{name: row[name] for name in ("coding_id", "coder", "source_id")},
                "round": round_of(row),
                "segment_id": segment_of.get(coding_id, ""),
                "method": places[coding_id].method,
                "code_id": follow_code(row["code_id"], codebook),
            }
            for coding_id, row in codings.items()
        ]
        columns = ["coding_id", "coder", "source_id", "round", "segment_id", "method", "code_id"]
        frame = pd.DataFrame(rows, columns=columns).astype({"round": "Int64"})
        units = name_units(frame, has_texts=shelf.has_texts)
        readings, passes = READINGS.to_frame(self.room.readings), PASSES.to_frame(self.room.passes)
        segments = self._list_segments() if shelf.has_texts else list_units(units, readings)
        finished = list_finished(units, passes, shelf.sources)
        noted = () if shelf.has_texts else (readings, passes)
        return gather_marks(units, segments, finished, "code_id", *noted)

    def _list_segments(self) -> pd.DataFrame:
        import pandas as pd

        shelf = self.room.shelf
        rows = [(row["segment_id"], source_id) for source_id in shelf.sources for row in shelf.segments_of(source_id)]
        return pd.DataFrame(rows, columns=["segment_id", "source_id"])

    def _list_disputes(
        self, marks: pd.DataFrame, codings: Mapping[str, Cells], superseded: set[str]
    ) -> dict[str, Dispute]:
        """Return the disputes by key, in the order of sources and segments; what a later round superseded is left."""
        codebook = latest_rows(self.room.shelf.list_codebook(), "code_id")
        code_of = {coding_id: follow_code(row["code_id"], codebook) for coding_id, row in codings.items()}
        found: dict[str, list[Row]] = {}
        for row in list_rows(list_disagreements(marks)):
            key = f"{row['round']}:{row['unit_id']}"
            found.setdefault(key, []).append({name: str(value) for name, value in row.items()})
        disputes = {}
        for key, sides in found.items():
            disputed = [one for one in list_disputed(sides, code_of) if one not in superseded]
            if disputed:
                disputes[key] = _make_dispute(key, sides, disputed, code_of)
        order = {source_id: number for number, source_id in enumerate(self.room.shelf.sources)}
        places = sorted(disputes, key=lambda key: (order[disputes[key].source_id], disputes[key].segment_id, key))
        return {key: disputes[key] for key in places}


def _make_dispute(key: str, sides: list[Row], disputed: list[str], code_of: Mapping[str, str]) -> Dispute:
    codes = sorted({code_of[coding_id] for coding_id in disputed})
    choices = {code: tuple(sorted(one for one in disputed if code_of[one] == code)) for code in codes}
    first = sides[0]
    named = tuple({name: side[name] for name in ("coder", "code_ids", "coding_ids")} for side in sides)
    shared = set.intersection(*(set(split_ids(side["code_ids"])) for side in sides))
    place = {name: first[name] for name in ("round", "unit_id", "source_id", "segment_id", "kind")}
    return Dispute(key=key, **place, sides=named, choices=choices, shared=tuple(sorted(shared)))


def _group(rows: Iterable[Cells]) -> dict[str, list[Cells]]:
    grouped: dict[str, list[Cells]] = {}
    for row in rows:
        grouped.setdefault(row["source_id"], []).append(row)
    return grouped


def _are_same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    """Return whether nothing was read anew."""
    return len(before) == len(now) and all(old is new for old, new in zip(before, now, strict=True))
