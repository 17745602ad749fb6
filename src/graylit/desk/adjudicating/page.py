"""The page of an adjudicator: disputes one by one, and its routes."""

from __future__ import annotations

import hashlib

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.anchors.places import Place
from graylit.desk.adjudicating.agreeing import measure_rounds, settle_marks
from graylit.desk.adjudicating.gathering import Dispute, Gathered
from graylit.desk.adjudicating.settler import Settler
from graylit.desk.answers import read_words, route_files
from graylit.desk.context import describe_place
from graylit.pages.templates import web_address
from graylit.study.restating import WORDING
from graylit.study.state import latest_rows
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells

FILES = {"": "adjudicate.html", "adjudicate.js": "adjudicate.js"}
SHOWN = ("code_id", "name", *WORDING)


class AdjudicatingPage:
    """What an adjudicator is shown."""

    def __init__(self, title: str, settler: Settler) -> None:
        self.title, self.settler = title, settler

    def describe_study(self) -> dict[str, object]:
        """Return who settles, and the codes that a coding can become: none before they may be seen."""
        codebook = self._codebook() if self.settler.room.may_see() else {}
        active = (row for row in codebook.values() if row["status"] == "active")
        codes = [{name: row[name] for name in SHOWN} for row in active]
        return {"title": self.title, "person": self.settler.name, "codes": codes}

    def _codebook(self) -> dict[str, Cells]:
        return latest_rows(self.settler.room.shelf.list_codebook(), "code_id")

    def describe_next(self, is_named: bool, key: str = "") -> dict[str, object]:
        """Return how much is left, and the dispute asked for, else the first that is open."""
        settler = self.settler
        gathered = settler.gather()
        waiting, settled = settler.split(gathered)
        chosen = gathered.disputes.get(key) or next(iter(waiting), None)
        undone = gathered.disputes.get(settler.last)
        return {
            "n_left": len(waiting),
            "n_done": len(settled),
            "undo": {"key": undone.key, "version": settler.tell_version(undone)} if undone else None,
            "dispute": self._describe(chosen, gathered, is_named) if chosen else None,
        }

    def _describe(self, dispute: Dispute, gathered: Gathered, is_named: bool) -> dict[str, object]:
        settler, codebook = self.settler, self._codebook()
        source = settler.room.shelf.sources[dispute.source_id]
        given = {code_id for side in dispute.sides for code_id in split_ids(side["code_ids"])}
        sides = sorted(dispute.sides, key=lambda side: _mix(dispute.key, side["coder"]))
        return {
            **{name: getattr(dispute, name) for name in ("key", "round", "source_id", "segment_id", "kind")},
            **{name: source[name] for name in ("title", "publisher")},
            "url": web_address(source["url"]),
            "choices": list(dispute.choices),
            "codes": [{name: codebook[code_id][name] for name in SHOWN} for code_id in sorted(given)],
            "sides": [_describe_side(side, gathered, is_named) for side in sides],
            "place": describe_place(settler.room.shelf, dispute.source_id, _join_places(dispute, gathered)),
            "earlier": settler.list_earlier(dispute, gathered),
            "version": settler.tell_version(dispute),
        }

    async def measure(self) -> dict[str, object]:
        """Return how far coders agree, before anything was settled and after."""
        settler = self.settler
        gathered = settler.gather()
        settled = settle_marks(gathered, settler.judge(gathered))
        seed = int(settler.room.study.config["seed"])
        return {"rounds": await run_in_threadpool(measure_rounds, gathered.marks, settled, seed)}


def _describe_side(side: Cells, gathered: Gathered, is_named: bool) -> dict[str, object]:
    """Return what one coder gave; its coding ids name the coder, so they go with the name."""
    codings = [gathered.codings[coding_id] for coding_id in split_ids(side["coding_ids"])]
    shown = ("code_id", "memo", "confidence", *(("coding_id",) if is_named else ()))
    named = {"coder": side["coder"]} if is_named else {}
    return {
        "code_ids": split_ids(side["code_ids"]),
        "codings": [{name: row[name] for name in shown} for row in codings],
    } | named


def _join_places(dispute: Dispute, gathered: Gathered) -> Place | None:
    """Return the words that the disputed codings have between them; None if none of them has a place."""
    places = [gathered.places[one] for one in dispute.coding_ids]
    spans = [place.span for place in places if place.span]
    if not spans:
        return places[0] if places else None
    return Place(min(start for start, _ in spans), max(end for _, end in spans), places[0].method, 1.0)


def _mix(key: str, coder: str) -> str:
    """Return by what sides are ordered, so that their order gives no name away."""
    return hashlib.sha256(f"{key} {coder}".encode()).hexdigest()


def list_routes(page: AdjudicatingPage) -> list[Route]:
    """Return the routes of the page, of its files, and of its questions and decisions.

    None but the page itself and the codes answers before coding is through.
    """

    def is_named(request: Request) -> bool:
        return request.query_params.get("names") == "yes"

    async def study(request: Request) -> Response:
        return JSONResponse(page.describe_study())

    async def following(request: Request) -> Response:
        return JSONResponse(page.describe_next(is_named(request)))

    async def agreement(request: Request) -> Response:
        return JSONResponse(await page.measure())

    async def decide(request: Request) -> Response:
        key: str = request.path_params["key"]
        asked = await read_words(request)
        # From here to the answer nothing else runs: decisions are taken one after another.
        saved = page.settler.decide(key, asked)
        again = key if asked.get("kind") == "undo" else ""
        return JSONResponse({"saved": saved} | page.describe_next(is_named(request), again))

    return [
        *route_files(FILES),
        Route("/study", study),
        Route("/next", following),
        Route("/agreement", agreement),
        Route("/disputes/{key}", decide, methods=["POST"]),
    ]
