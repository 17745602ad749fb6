"""Coding the sample: one segment at a time, with its headings and the codebook, as a model is shown it.

What models gave, and how a segment stood when it was drawn, is not shown; nor is what other people gave.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import NO_DECISION, read_words, route_files
from graylit.desk.coding.page import describe_segments
from graylit.desk.coding.shelf import Shelf
from graylit.desk.tasks import DecisionError, Left, StaleError, Visit
from graylit.desk.watching import Watched, read_peoples
from graylit.study.given import read_sample
from graylit.study.people import list_people
from graylit.study.state import latest_rows
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.study.writing import extend_table, require_tidy
from graylit.tables.kinds import split_ids
from graylit.tables.people import MODEL
from graylit.tables.rows import Cells, Row

FILES = {
    "": "sample.html",
    "sample.js": "sample.js",
    "claims.css": "claims.css",
    "place.css": "place.css",
    "place.js": "place.js",
}
FILE, CONTRACT = OPTIONAL_TABLES["sample_codes"]
SHOWN = ("code_id", "name", "definition", "include_when", "exclude_when")
OF_SOURCE = ("title", "publisher", "source_type", "published")


class SamplingTask:
    """The segments of the sample that a person codes."""

    name, title = "sample", "Code the sample"

    def __init__(self, visit: Visit, study: Study, shelf: Shelf) -> None:
        self.visit, self.study_title, self.shelf = visit, study.config["title"], shelf
        self._sources = read_sample(study.sample.cells).sources
        self._drawn = sorted(self._sources, key=self._mix)
        self._table = Watched(visit.folder / FILE, lambda: read_peoples(visit.folder, FILE, CONTRACT))
        self._done: list[tuple[Row, Cells | None]] = []  # rows that can be undone, and those in force before them

    def _mix(self, segment_id: str) -> str:
        return hashlib.sha256(f"{self.visit.person}\n{segment_id}".encode()).hexdigest()

    def list_own(self) -> dict[str, Cells]:
        """Return the person's decisions in force, by segment."""
        own = [row for row in self._table.get() if row["coder"] == self.visit.person]
        return {key: row for key, row in latest_rows(own, "segment_id").items() if row["decision"] != "reopened"}

    def list_units(self) -> list[str]:
        """Return the drawn segments whose words are at hand, in an order drawn for the person."""
        return [
            one
            for one in self._drawn
            if self.shelf.has_text(self._sources[one])
            and any(row["segment_id"] == one for row in self.shelf.segments_of(self._sources[one]))
        ]

    def count_left(self) -> Left:
        """Return how many segments are left to code."""
        own, units = self.list_own(), self.list_units()
        n_left = sum(one not in own for one in units)
        last_at = max((row["decided_at"] for row in own.values()), default="")
        waits_for = "" if units else "needs the texts of the sources"
        return Left("segments", n_left, len(units) - n_left, last_at=last_at, waits_for=waits_for)

    def list_lines(self) -> Sequence[str]:
        """Return how much of the sample is left."""
        left = self.count_left()
        return [f"{self.visit.person} codes the sample: {left.n_left:,} of {left.n_left + left.n_done:,} segments left"]

    def describe_study(self) -> dict[str, object]:
        """Return who codes, and the codes that may be given."""
        codes = [{name: row[name] for name in SHOWN} for row in self._list_codes()]
        return {"title": self.study_title, "person": self.visit.person, "codes": codes}

    def _list_codes(self) -> list[Cells]:
        latest = latest_rows(self.shelf.list_codebook(), "code_id")
        return [row for row in latest.values() if row["status"] == "active"]

    def describe_next(self, segment_id: str = "") -> dict[str, object]:
        """Return how much is left, and the segment that was asked for, or comes next; None if none is left."""
        own, left = self.list_own(), self.count_left()
        following = segment_id or next((one for one in self.list_units() if one not in own), "")
        undo = self._done[-1][0]["segment_id"] if self._done else ""
        return {
            "n_left": left.n_left,
            "n_done": left.n_done,
            "segment": self.describe_segment(following) if following else None,
            "undo": {"segment_id": undo, "version": self.tell_version(undo)} if undo else None,
        }

    def describe_segment(self, segment_id: str) -> dict[str, object]:
        """Return a segment with its words and headings, and the person's own codes of it."""
        source_id = self._sources[segment_id]
        shown = next(one for one in describe_segments(self.shelf, source_id) if one["segment_id"] == segment_id)
        source, own = self.shelf.sources[source_id], self.list_own().get(segment_id)
        return {
            **{name: shown[name] for name in ("segment_id", "kind", "headings", "words")},
            **{name: source[name] for name in OF_SOURCE},
            "version": self.tell_version(segment_id),
            "given": split_ids(own["code_ids"]) if own else None,
        }

    def tell_version(self, segment_id: str) -> str:
        """Return what is new after each of the person's rows on a segment, and each change of the codes."""
        own = [
            row for row in self._table.get() if row["coder"] == self.visit.person and row["segment_id"] == segment_id
        ]
        state = [own, [dict(row) for row in self._list_codes()]]
        return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]

    def decide(self, asked: Mapping[str, str]) -> dict[str, object]:
        """Take the codes of a segment, or take that back, by a row that is on disk at return; return what is next."""
        segment_id = asked.get("segment_id", "")
        if segment_id not in self.list_units():
            raise DecisionError(f"There is no segment {segment_id!r} in the sample.")
        if asked.get("version", "") != self.tell_version(segment_id):
            raise StaleError("segment")
        if asked.get("kind") == "undo":
            return self._undo(segment_id)
        if asked.get("kind") != "code":
            raise DecisionError(NO_DECISION)
        codes = split_ids(asked.get("code_ids", ""))
        known = {row["code_id"] for row in self._list_codes()}
        if unknown := [code for code in codes if code not in known]:
            raise DecisionError(f"There is no code {unknown[0]!r} in use.")
        before = self.list_own().get(segment_id)
        row = {"segment_id": segment_id, "decision": "coded" if codes else "no_code", "code_ids": "; ".join(codes)}
        if before and before["code_ids"] == row["code_ids"]:
            raise DecisionError("Nothing was changed.")
        self._done.append((self._add(row), before))
        return {"saved": {"segment_id": segment_id, "code_ids": codes}} | self.describe_next()

    def _undo(self, segment_id: str) -> dict[str, object]:
        if not self._done or self._done[-1][0]["segment_id"] != segment_id:
            raise DecisionError("There is nothing to undo here: code it anew instead.")
        _, before = self._done.pop()
        kept = {name: before[name] for name in ("decision", "code_ids")} if before else {"decision": "reopened"}
        self._add({"segment_id": segment_id, "code_ids": "", **kept})
        return {"saved": {"segment_id": segment_id, "code_ids": None}} | self.describe_next(segment_id)

    def _add(self, row: Row) -> Row:
        segments = self.shelf.segments_of(self._sources[row["segment_id"]])
        digests = {one["segment_id"]: one["sha256"] for one in segments}
        whole = {**row, "coder": self.visit.person, "segment_sha256": digests[row["segment_id"]]}
        whole["decided_at"] = self.visit.read_clock()
        while any(all(old[name] == whole[name] for name in CONTRACT.key) for old in self._table.get()):
            time.sleep(0.05)  # times are whole seconds, and no two rows on a segment may have the same one
            whole["decided_at"] = self.visit.read_clock()
        extend_table(self.visit.folder, FILE, [whole], CONTRACT, ",".join(CONTRACT.names) + "\n")
        return whole

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, its questions and its decisions."""

        async def study(request: Request) -> Response:
            return JSONResponse(self.describe_study())

        async def following(request: Request) -> Response:
            segment_id = request.query_params.get("segment", "")
            if segment_id and segment_id not in self.list_units():
                raise DecisionError(f"There is no segment {segment_id!r} in the sample.")
            return JSONResponse(self.describe_next(segment_id))

        async def decide(request: Request) -> Response:
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            return JSONResponse(self.decide(asked))

        return [
            *route_files(FILES),
            Route("/study", study),
            Route("/next", following),
            Route("/segments", decide, methods=["POST"]),
        ]


def open_sampling(visit: Visit, study: Study) -> SamplingTask | None:
    """Return the task of a person who codes; None if it is not theirs, or if no sample was drawn."""
    row = list_people(study).get(visit.person, {})
    is_theirs = "coder" in split_ids(row.get("roles", "")) and row.get("kind") != MODEL
    if not (is_theirs and study.sample.cells and study.config["has_texts"]):
        return None
    require_tidy([study.sample_codes])
    return SamplingTask(visit, study, Shelf(visit.folder, study))
