"""The pane of places on pages of authors: a list of where codes stand, and the words of those that were opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words
from graylit.desk.synthesizing.evidence import Evidence
from graylit.desk.synthesizing.places_log import PlacesLog
from graylit.desk.synthesizing.stands import Stands
from graylit.desk.tasks import DecisionError


class PlacesPane:
    """The places of codes, as an author sees them."""

    def __init__(self, evidence: Evidence, log: PlacesLog, stands: Stands) -> None:
        self.evidence, self.log, self._stands = evidence, log, stands

    def list_places(self, code_ids: str, guideline_id: str) -> dict[str, object]:
        """Return the places of some codes without their words; those of a guideline with what readers found there."""
        self.log.require_seeing()
        places = self.evidence.list_places(self.evidence.list_codings(code_ids), self.log.opened)
        return {"places": [place | {"stands": self._find_stands(place, guideline_id)} for place in places]}

    def _find_stands(self, place: Mapping[str, object], guideline_id: str) -> list[str]:
        codings: Any = place["codings"]
        found = self._stands.of(guideline_id)
        return sorted({stand for row in codings for stand in found.get(row["coding_id"], ())})

    def open_place(self, asked: Mapping[str, str]) -> dict[str, object]:
        """Return the words of a place; who writes guidelines is noted to have opened it."""
        self.log.require_seeing()
        place_id = asked.get("place_id", "")
        coding_ids = [row["coding_id"] for row in self.evidence.list_codings(asked.get("code_ids", ""))]
        rows = self.evidence.require_place(place_id, coding_ids)
        shown = self.evidence.open_place(place_id, coding_ids)
        if not self.log.is_read_only:
            self.log.note([row["coding_id"] for row in rows])
        return shown

    def list_routes(self) -> list[Route]:
        """Return the routes of the places of codes: their list, and their words once somebody opens them."""

        async def places(request: Request) -> Response:
            asked = request.query_params
            return JSONResponse(self.list_places(asked.get("code_ids", ""), asked.get("guideline_id", "")))

        async def words(request: Request) -> Response:
            if not self.log.is_read_only:
                raise DecisionError("Open a place on the page: that it was opened is noted.")
            return JSONResponse(self.open_place(request.query_params))

        async def open_place(request: Request) -> Response:
            return JSONResponse(self.open_place(await read_words(request)))

        return [Route("/places", places), Route("/places", open_place, methods=["POST"]), Route("/words", words)]
