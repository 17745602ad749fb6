"""The codings that are evidence, as the last review located them, and the places where they stand with their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from graylit.desk.adjudicating.room import enter_coding_room
from graylit.desk.coding.shelf import PROCESSED, Shelf
from graylit.desk.tasks import DecisionError, Visit
from graylit.desk.watching import Watched
from graylit.pages.templates import web_address
from graylit.study.state import follow_ids, latest_rows
from graylit.study.study import Study
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.reading import read_made
from graylit.tables.rows import Cells
from graylit.tables.sources import list_publishers

LOCATED = f"{PROCESSED}/located_codings.csv"
SHOWN = ("source_id", "title", "publisher", "source_type")


@dataclass(frozen=True)
class Located:
    """The codings that are evidence, in the order of sources and texts: by code, by place, and by id."""

    of_code: Mapping[str, list[Cells]]
    of_place: Mapping[str, list[Cells]]
    by_id: Mapping[str, Cells]


class Evidence:
    """What the guidelines of a study rest on: codings, their places, and what is to be read there."""

    def __init__(self, visit: Visit, study: Study) -> None:
        self.shelf = Shelf(visit.folder, study)
        self._folder = visit.folder
        self._located = Watched(visit.folder / LOCATED, self._read)
        self._room = enter_coding_room(visit, study)

    def _read(self) -> Located:
        found = read_made(self._folder, LOCATED, LOCATED_CODINGS) if (self._folder / LOCATED).exists() else []
        kept = [row for row in found if row["is_evidence"] == "yes" and row["source_id"] in self.shelf.sources]
        of_code: dict[str, list[Cells]] = {}
        of_place: dict[str, list[Cells]] = {}
        for row in sorted(kept, key=_in_order):
            of_code.setdefault(row["code_id"], []).append(row)
            of_place.setdefault(name_place(row), []).append(row)
        return Located(of_code, of_place, {row["coding_id"]: row for row in kept})

    @property
    def located(self) -> Located:
        """Return the codings as the last review left them."""
        return self._located.get()

    def codebook(self) -> dict[str, Cells]:
        """Return the codes in force, by id."""
        return latest_rows(self.shelf.list_codebook(), "code_id")

    def explain_lack(self) -> str:
        """Return why there are no codings to be read; '' if there are some."""
        if not (self._folder / LOCATED).exists():
            return "No review has been made yet, so the codings have no places: run graylit review first."
        return "" if self.located.by_id else "No coding is evidence yet."

    def list_codings(self, code_ids: str) -> list[Cells]:
        """Return the codings of a cell of code ids, each once; merged codes lead to those in force."""
        codes = follow_ids(code_ids, self.codebook())
        return [row for code_id in codes for row in self.located.of_code.get(code_id, ())]

    def count(self, codings: Sequence[Cells]) -> dict[str, int]:
        """Return the numbers of codings, of their sources and of the publishers of these."""
        sources = dict.fromkeys(row["source_id"] for row in codings)
        publishers = list_publishers(self.shelf.sources[source_id]["publisher"] for source_id in sources)
        return {"n_codings": len(codings), "n_sources": len(sources), "n_publishers": len(publishers)}

    def list_places(self, codings: Iterable[Cells], opened: Iterable[str]) -> list[dict[str, object]]:
        """Return the places of codings without their words; `opened` are the codings that the person has opened."""
        grouped: dict[str, list[Cells]] = {}
        for row in sorted(codings, key=_in_order):
            grouped.setdefault(name_place(row), []).append(row)
        seen = set(opened)
        return [
            {
                "place_id": place_id,
                **{name: self.shelf.sources[rows[0]["source_id"]][name] for name in SHOWN},
                "codings": [{name: row[name] for name in ("coding_id", "coder", "code_id")} for row in rows],
                "is_opened": all(row["coding_id"] in seen for row in rows),
            }
            for place_id, rows in grouped.items()
        ]

    def open_place(self, place_id: str, coding_ids: Iterable[str]) -> dict[str, object]:
        """Return what is to be read at a place: its words cut where codings begin and end, and what surrounds them."""
        rows = self.require_place(place_id, coding_ids)
        source_id, segment_id = rows[0]["source_id"], rows[0]["segment_id"]
        named = {row["coding_id"] for row in rows}
        coded = (row for of_one in self._room.list_codings().values() for row in of_one)
        notes = {row["coding_id"]: row for row in coded if row["coding_id"] in named}
        shown: dict[str, object] = {
            "place_id": place_id,
            "url": web_address(self.shelf.sources[source_id]["url"]),
            "codings": [describe_coding(row, notes.get(row["coding_id"], {})) for row in rows],
        }
        text, segments = self.shelf.text_of(source_id), self.shelf.segments_of(source_id)
        numbers = [number for number, row in enumerate(segments) if row["segment_id"] == segment_id]
        if text is None or not numbers:
            lack = self.shelf.explain_lack(source_id) or "the codings are of the whole source"
            return shown | {"lack": lack, "headings": [], "before": "", "after": "", "parts": []}
        self.shelf.require_fresh(source_id, text)
        (number,) = numbers
        around = [segments[at] if 0 <= at < len(segments) else None for at in (number - 1, number + 1)]
        before, after = ("" if row is None else text[int(row["start"]) : int(row["end"])] for row in around)
        return shown | {
            "lack": "",
            "headings": list(self.shelf.headings_of(source_id, text)[segment_id]),
            "before": before,
            "after": after,
            "parts": cut_words(text, (int(segments[number]["start"]), int(segments[number]["end"])), rows),
        }

    def require_place(self, place_id: str, coding_ids: Iterable[str]) -> list[Cells]:
        """Return the codings of a place, those asked for. Raises DecisionError if there are none."""
        asked = set(coding_ids)
        rows = [row for row in self.located.of_place.get(place_id, []) if row["coding_id"] in asked]
        if not rows:
            raise DecisionError(f"There is no such place {place_id!r} with evidence; load the page again.")
        return rows


def describe_coding(row: Cells, note: Cells) -> dict[str, str]:
    """Return a coding as a place shows it; `note` is its row in the coder's table."""
    said = {name: note.get(name, "") for name in ("memo", "confidence")}
    return {name: row[name] for name in ("coding_id", "coder", "code_id")} | said


def name_place(row: Cells) -> str:
    """Return the id of the place of a coding: its segment, or its source if the whole of it is coded."""
    return row["segment_id"] or (row["coding_id"] if row["start"] else row["source_id"])


def cut_words(text: str, span: tuple[int, int], rows: Sequence[Cells]) -> list[dict[str, object]]:
    """Return the words of a segment in parts, each with the codings that it belongs to."""
    first, end = span
    marks = [(int(row["start"]), int(row["end"]), row["coding_id"]) for row in rows if row["start"]]
    cuts = sorted({first, end, *(min(max(at, first), end) for mark in marks for at in mark[:2])})
    parts: list[dict[str, object]] = []
    for start, stop in zip(cuts, cuts[1:], strict=False):
        coding_ids = [coding_id for low, high, coding_id in marks if low < stop and start < high]
        parts.append({"words": text[start:stop], "coding_ids": coding_ids})
    return parts


def _in_order(row: Cells) -> tuple[str, int, str]:
    return row["source_id"], int(row["start"] or 0), row["coding_id"]


def enter_evidence(visit: Visit, study: Study) -> Evidence:
    """Return the evidence of a visit, which all its tasks of writing share."""
    evidence = visit.shared.get("evidence")
    if not isinstance(evidence, Evidence):
        evidence = visit.shared["evidence"] = Evidence(visit, study)
    return evidence
