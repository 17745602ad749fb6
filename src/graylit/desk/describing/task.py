"""Describing sources at the desk: what no search said of them is filled in where it stands, and so is its undo."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import NO_DECISION, read_words, route_files
from graylit.desk.tasks import DecisionError, Left, StaleError, Visit
from graylit.desk.watching import Watched, read_peoples
from graylit.exchange.claims import store_words
from graylit.pages.templates import web_address
from graylit.pages.wording import count_things
from graylit.search.cells import Spellings
from graylit.study.config import sources_contract
from graylit.study.correcting import correct_row
from graylit.study.people import list_people
from graylit.study.study import PEOPLES_TABLES, Study
from graylit.study.writing import append_rows, require_tidy
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells, Row
from graylit.tables.sources import NOT_STATED

FILE = PEOPLES_TABLES["sources"][0]
FILES = {"": "describe.html", "describe.js": "describe.js", "criteria.css": "criteria.css"}
FIXED = ("source_id", "url", "pinned_url", "further_urls", "is_distinct")  # by which the page itself is known
NAMED = ("publisher", "source_type")  # a source has them, or says that nobody knows


class DescribingTask:
    """The sources of a study, and one person who says what they are."""

    name, title = "describe", "Describe sources"

    def __init__(self, visit: Visit, study: Study) -> None:
        self.visit, self._study_title = visit, study.config["title"]
        self.contract = sources_contract(study.config)
        self._table: Watched[list[Row]] = Watched(
            visit.folder / FILE, lambda: read_peoples(visit.folder, FILE, self.contract)
        )
        self._done: list[Row] = []  # rows as they were before each change that can be undone

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Return the columns that can be filled in, each with its meaning."""
        return [(column.name, column.meaning) for column in self.contract.columns if column.name not in FIXED]

    def list_sources(self) -> dict[str, Row]:
        """Return the sources, by id."""
        return {row["source_id"]: row for row in self._table.get()}

    def tell_version(self) -> str:
        """Return what is new after every change."""
        return hashlib.sha256(json.dumps(self._table.get()).encode()).hexdigest()[:16]

    def describe(self) -> dict[str, object]:
        """Return the sources with what is known of them; `version` is sent back with the next decision."""
        names = [name for name, _ in self.fields]
        sources = [
            {"source_id": source_id, "url": web_address(row["url"]), "lacks": lacks_facts(row)}
            | {"cells": {name: row.get(name, "") for name in names}}
            for source_id, row in self.list_sources().items()
        ]
        known = {name: sorted({row[name] for row in self._table.get()} - {NOT_STATED}) for name in NAMED}
        who = {"title": self._study_title, "person": self.visit.person}
        state = {"version": self.tell_version(), "can_undo": bool(self._done), "fields": self.fields}
        return who | state | {"sources": sources, "known": known}

    def decide(self, asked: Mapping[str, str]) -> str:
        """Fill in what is said of a source, or take that back; return its id. It is on disk at return.

        Raises
        ------
        StaleError
            The table has changed since it was shown.
        DecisionError
            What is said is refused.
        """
        if asked.get("version") != self.tell_version():
            raise StaleError("list of sources")
        if asked.get("kind") == "undo":
            return self._undo()
        before = self.list_sources().get(asked.get("source_id", ""))
        if asked.get("kind") != "save" or before is None:
            raise DecisionError(NO_DECISION)
        others = [row for row in self._table.get() if row["source_id"] != before["source_id"]]
        cells = {name: self._read_cell(name, asked.get(name, ""), others) for name, _ in self.fields}
        if all(before.get(name, "") == cell for name, cell in cells.items()):
            raise DecisionError("Nothing was changed.")
        self._write(before["source_id"], cells)
        self._done.append({name: before.get(name, "") for name in ("source_id", *cells)})
        return before["source_id"]

    def _read_cell(self, name: str, asked: str, others: Sequence[Cells]) -> str:
        """Return a cell as the table holds it; a name that looks like that of another source is that one."""
        cell = store_words(asked)
        is_name = any(column.is_name for column in self.contract.columns if column.name == name)
        cell = Spellings(row.get(name, "") for row in others).find(cell) if is_name else cell
        return cell or (NOT_STATED if name in NAMED else "")

    def _undo(self) -> str:
        if not self._done:
            raise DecisionError("Nothing was changed here since the desk was opened.")
        before = self._done[-1]
        self._write(before["source_id"], before)
        self._done.pop()
        return before["source_id"]

    def _write(self, source_id: str, cells: Cells) -> None:
        row = self.list_sources().get(source_id, {}) | dict(cells)
        header = ",".join(self.contract.names) + "\n"
        if faults := self.contract.parse_rows(append_rows(header, [row], self.contract), FILE)[1]:
            raise DecisionError(" ".join(f"The {one.column} {one.problem}; expected {one.expected}." for one in faults))
        try:
            correct_row(self.visit.folder, FILE, self.contract, source_id, cells)
        except LookupError:
            raise DecisionError(f"There is no source {source_id!r} any more.") from None

    # The task ----------------------------------------------------------------------------------------------------

    def count_left(self) -> Left:
        """Return how many sources lack who publishes them, or of which kind they are."""
        sources = self.list_sources().values()
        n_left = sum(lacks_facts(row) for row in sources)
        return Left("sources", n_left, len(sources) - n_left)

    def list_lines(self) -> Sequence[str]:
        """Return how many sources lack something."""
        return [f"{self._study_title}: {count_things(self.count_left().n_left, 'source')} to describe"]

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, its list and its decisions."""

        async def sources(request: Request) -> Response:
            return JSONResponse(self.describe())

        async def decide(request: Request) -> Response:
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            source_id = self.decide(asked)
            return JSONResponse({"source_id": source_id} | self.describe())

        return [*route_files(FILES), Route("/sources", sources), Route("/sources", decide, methods=["POST"])]


def lacks_facts(row: Cells) -> bool:
    """Return whether nobody has said yet who publishes a source, or of which kind it is; `unknown` says something."""
    return any(row.get(name, "") in ("", NOT_STATED) for name in NAMED)


def open_describing(visit: Visit, study: Study) -> DescribingTask | None:
    """Return the task of a searcher; None if it is not this person's, or if there are no sources yet."""
    roles = split_ids(list_people(study).get(visit.person, {}).get("roles", ""))
    if not study.sources.cells or "searcher" not in roles:
        return None
    require_tidy([study.sources])
    return DescribingTask(visit, study)
