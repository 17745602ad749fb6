"""The page of the board: what it shows of codes, themes, practices and guidelines, and its routes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words, route_files
from graylit.desk.synthesizing.board import Board
from graylit.desk.synthesizing.places_page import PlacesPane
from graylit.desk.synthesizing.stands import Stands
from graylit.desk.synthesizing.written import Written
from graylit.study.places_opened import count_opened, is_logged
from graylit.study.relations import list_relations, tell_relations
from graylit.tables.kinds import split_ids
from graylit.tables.relating import RELATION_WORDS
from graylit.tables.rows import Cells

FILES = {"": "board.html", "board.js": "board.js", "board.css": "board.css"}
PARTS = ("name", "statement", "intent", "motivation", "applicability")


class BoardPage:
    """What the board shows, as the tables say now."""

    def __init__(self, title: str, board: Board, pane: PlacesPane, stands: Stands, min_publishers: int) -> None:
        self.title, self.board, self.pane, self.stands = title, board, pane, stands
        self.evidence, self.log, self.min_publishers = pane.evidence, pane.log, min_publishers

    @property
    def written(self) -> Written:
        """Return what has been written so far."""
        return self.board.written

    def describe(self) -> dict[str, object]:
        """Return the whole board; the page sends `version` back with the next decision."""
        self.log.require_seeing()
        visit = self.written.visit
        return {
            "title": self.title,
            "person": visit.person,
            "is_read_only": visit.is_read_only,
            "version": self.written.tell_version(),
            "can_undo": self.board.can_undo,
            "lack": self.evidence.explain_lack(),
            "has_claims": self.stands.has_claims,
            "relations": {name: words[0] for name, words in RELATION_WORDS.items()},
            "codes": self._list_codes(),
            "themes": [self._describe_theme(row) for row in self.written.in_force("themes").values()],
            "practices": [self._describe_practice(row) for row in self.written.in_force("practices").values()],
            "guidelines": [self._describe_guideline(row) for row in self.written.in_force("guidelines").values()],
        }

    def _list_codes(self) -> list[dict[str, object]]:
        codes = [row for row in self.evidence.codebook().values() if row["status"] == "active"]
        return [
            {name: row[name] for name in ("code_id", "name", "definition")} | self._count(row["code_id"])
            for row in sorted(codes, key=lambda row: row["code_id"])
        ]

    def _count(self, code_ids: str) -> dict[str, object]:
        """Return the figures of the codings of codes, and how many of them the person has opened."""
        codings, opened = self.evidence.list_codings(code_ids), self.log.opened
        n_seen = sum(row["coding_id"] in opened for row in codings)
        return {**self.evidence.count(codings), "n_seen": n_seen}

    def _describe_theme(self, row: Cells) -> dict[str, object]:
        shown = {name: row[name] for name in ("theme_id", "name", "description")}
        return {**shown, **self._describe_codes(row)}

    def _describe_codes(self, row: Cells) -> dict[str, object]:
        return {"code_ids": self.written.follow(row["code_ids"]), **self._count(row["code_ids"])}

    def _describe_practice(self, row: Cells) -> dict[str, object]:
        shown = {name: row[name] for name in ("practice_id", "name", "statement", "guideline_id", "reason")}
        state = "open" if row["status"] == "open" else "merged" if row["guideline_id"] else "dropped"
        return {**shown, **self._describe_codes(row), "state": state, **self._describe_writing(row)}

    def _describe_guideline(self, row: Cells) -> dict[str, object]:
        guideline_id = row["guideline_id"]
        relations = list_relations(self.written.rows("relations"), self.written.in_force("guidelines"))
        own = [one for one in relations if one["guideline_id"] == guideline_id]
        shown = self._describe_codes(row)
        return {
            **{name: row[name] for name in ("guideline_id", "theme_id", *PARTS)},
            **shown,
            **self._describe_writing(row),
            "has_floor": int(str(shown["n_publishers"])) >= self.min_publishers,
            "related": split_ids(row["related"]),
            "relations": tell_relations(relations, guideline_id),
            "own_relations": {one["other_guideline_id"]: one["relation"] for one in own},
            "claims": self.stands.count_claims(guideline_id),
        }

    def _describe_writing(self, row: Cells) -> dict[str, object]:
        """Return who wrote a row when, and how many places of its codes its author had opened by then."""
        coding_ids = [coding["coding_id"] for coding in self.evidence.list_codings(row["code_ids"])]
        first = self.log.first
        n_opened = count_opened(row, coding_ids, first) if is_logged(row, first) else None
        return {"decided_by": row["decided_by"], "decided_at": row["decided_at"], "n_opened": n_opened}

    def list_routes(self) -> list[Route]:
        """Return the routes of the page, its lists and its decisions."""

        async def board(request: Request) -> Response:
            return JSONResponse(self.describe())

        async def decide(request: Request) -> Response:
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            self.log.require_seeing()
            ids = self.board.decide(asked)
            return JSONResponse({"ids": ids, "board": self.describe()})

        return [
            *route_files(FILES),
            Route("/board", board),
            Route("/board", decide, methods=["POST"]),
            *self.pane.list_routes(),
        ]
