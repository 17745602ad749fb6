"""The page of an author of impacts: guidelines with theirs, places to be picked, and the rows that are added."""

from __future__ import annotations

from collections.abc import Container, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words, route_files
from graylit.desk.synthesizing.board import Board
from graylit.desk.synthesizing.places_page import PlacesPane
from graylit.desk.synthesizing.rows import Asked, Make, give_id, require_change
from graylit.desk.synthesizing.written import Added, Written
from graylit.desk.tasks import DecisionError
from graylit.desk.watching import Watched
from graylit.study.impact_readings import list_current_readings
from graylit.tables.impacts import EFFECTS, list_attributes
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells, Row, store_words

FILES = {"": "impacts.html", "impacts.js": "impacts.js", "board.css": "board.css"}
SHOWN = ("impact_id", "component", "decision", "decided_by", "decided_at")
SEEN = ("quality_attribute", "effect", "reason")  # not shown to who is to read the impact a second time


class ImpactsPage:
    """The impacts of guidelines, as one author sees and writes them."""

    def __init__(self, title: str, written: Written, pane: PlacesPane, readings: Watched[list[Row]]) -> None:
        self.title, self.written, self.pane, self._readings = title, written, pane, readings
        self.board = Board(written, self._list_kinds())

    def _list_kinds(self) -> Mapping[str, Make]:
        return {"save_impact": self.save_impact, "withdraw_impact": withdraw_impact}

    def list_active(self) -> dict[str, Cells]:
        """Return the attributes that may be used."""
        found = list_attributes(self.written.rows("attributes"))
        return {name: row for name, row in found.items() if row["status"] != "retired"}

    def save_impact(self, written: Written, asked: Asked) -> Added:
        """Return the row of a new impact, or of one that is seen or shown otherwise."""
        impact_id = asked["impact_id"]
        before = written.require("impacts", impact_id, "impact") if impact_id else {}
        guideline_id = before.get("guideline_id") or asked["guideline_id"]
        guideline = written.require("guidelines", guideline_id, "guideline")
        evidence = {row["coding_id"] for row in self.pane.evidence.list_codings(guideline["code_ids"])}
        picked = split_ids(asked["coding_ids"])
        if not picked:
            raise DecisionError("Pick the codings that show the impact first: open their places.")
        if strangers := [coding_id for coding_id in picked if coding_id not in evidence]:
            raise DecisionError(f"{', '.join(strangers)}: no evidence of {guideline_id} now; leave it out.")
        attribute = asked["quality_attribute"]
        if attribute not in self.list_active() and attribute != before.get("quality_attribute"):
            raise DecisionError(f"{attribute!r} is no quality attribute that this study uses.")
        row = {"impact_id": impact_id or give_id(written, "impacts", "I"), "guideline_id": guideline_id}
        row |= {"quality_attribute": attribute, "effect": asked["effect"], "coding_ids": asked["coding_ids"]}
        row |= {name: store_words(asked[name]) for name in ("component", "decision", "reason")}
        return {"impacts": [require_change(row, before)]}

    # What the page shows -----------------------------------------------------------------------------------------

    def describe(self) -> dict[str, object]:
        """Return the guidelines with their impacts; the page sends `version` back with the next decision."""
        self.pane.log.require_seeing()
        visit, hidden = self.written.visit, self._list_hidden()
        return {
            "title": self.title,
            "person": visit.person,
            "is_read_only": visit.is_read_only,
            "version": self.written.tell_version(),
            "can_undo": self.board.can_undo,
            "lack": self.pane.evidence.explain_lack(),
            "attributes": [[name, row["definition"]] for name, row in self.list_active().items()],
            "effects": list(EFFECTS),
            "codes": {code_id: row["name"] for code_id, row in self.written.latest("codebook").items()},
            "guidelines": [
                self._describe_guideline(row, hidden) for row in self.written.in_force("guidelines").values()
            ],
        }

    def _list_hidden(self) -> set[str]:
        """Return the impacts of others that the person has still to read a second time."""
        person = self.written.visit.person
        if "reader" not in self.written.list_roles():
            return set()
        read = list_current_readings(self.written.rows("impacts"), self._readings.get())
        own = {row["impact_id"] for row in self.written.rows("impacts") if row["decided_by"] == person}
        return {key for key in self.written.in_force("impacts") if key not in own and (key, person) not in read}

    def _describe_guideline(self, row: Cells, hidden: Container[str]) -> dict[str, object]:
        impacts = [
            one for one in self.written.in_force("impacts").values() if one["guideline_id"] == row["guideline_id"]
        ]
        codings = self.pane.evidence.list_codings(row["code_ids"])
        return {
            **{name: row[name] for name in ("guideline_id", "name", "statement")},
            "code_ids": self.written.follow(row["code_ids"]),
            **self.pane.evidence.count(codings),
            "impacts": [_describe_impact(one, is_hidden=one["impact_id"] in hidden) for one in impacts],
        }

    def list_routes(self) -> list[Route]:
        """Return the routes of the page, its lists and its decisions."""

        async def impacts(request: Request) -> Response:
            return JSONResponse(self.describe())

        async def decide(request: Request) -> Response:
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            self.pane.log.require_seeing()
            ids = self.board.decide(asked)
            return JSONResponse({"ids": ids, "board": self.describe()})

        return [
            *route_files(FILES),
            Route("/impacts", impacts),
            Route("/impacts", decide, methods=["POST"]),
            *self.pane.list_routes(),
        ]


def withdraw_impact(written: Written, asked: Asked) -> Added:
    """Return the row that withdraws an impact."""
    impact = written.require("impacts", asked["impact_id"], "impact")
    return {"impacts": [{**impact, "status": "withdrawn", "reason": store_words(asked["reason"])}]}


def _describe_impact(row: Cells, *, is_hidden: bool) -> dict[str, object]:
    seen = {name: "" if is_hidden else row[name] for name in SEEN}
    shown = {name: row[name] for name in SHOWN}
    return {**shown, **seen, "coding_ids": split_ids(row["coding_ids"]), "is_hidden": is_hidden}
