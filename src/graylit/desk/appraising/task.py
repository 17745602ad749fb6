"""Appraising: one person scores each source by the questions of the checklist, and sees nobody else's scores."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import NO_DECISION, read_words, route_files
from graylit.desk.appraising.scores import (
    Scores,
    describe_item,
    has_role,
    name_version,
    open_scores,
    require_version,
)
from graylit.desk.coding.page import describe_segments
from graylit.desk.coding.shelf import Shelf
from graylit.desk.tasks import DecisionError, Left, Visit
from graylit.pages.templates import web_address
from graylit.study.study import Study

FILES = {"": "appraise.html", "appraise.js": "appraise.js", "appraise.css": "appraise.css"}
SHOWN = ("source_id", "title", "publisher", "source_type", "published")


class AppraisingTask:
    """The sources that an appraiser scores."""

    name, title = "appraise", "Appraise sources"

    def __init__(self, scores: Scores, shelf: Shelf, title: str) -> None:
        self.scores, self.shelf, self.study_title = scores, shelf, title

    def count_left(self) -> Left:
        """Return how many sources the person has not scored by all questions."""
        own, items = self.scores.read_own(), self.scores.items
        n_done = sum(bool(own.list_appraisers(source_id, items)) for source_id in self.scores.sources)
        last_at = max((row["appraised_at"] for row in self.scores.list_own()), default="")
        return Left("sources", len(self.scores.sources) - n_done, n_done, last_at=last_at)

    def list_lines(self) -> Sequence[str]:
        """Return how many sources are left to appraise."""
        left = self.count_left()
        return [f"{self.scores.person or 'nobody'} appraises: {left.n_left:,} of {left.n_left + left.n_done:,} left"]

    # What the page shows -----------------------------------------------------------------------------------------

    def describe_study(self) -> dict[str, object]:
        """Return the questions, and each source with how many of them the person has scored."""
        own, items = self.scores.read_own(), self.scores.items
        sources = []
        for source_id, row in self.scores.sources.items():
            scored = own.of(source_id).get(self.scores.person, {})
            facts = {"url": web_address(row["url"]), "lack": self.shelf.explain_lack(source_id)}
            shown = {name: row[name] for name in SHOWN} | facts
            sources.append({**shown, "n_scored": sum(item in scored for item in items)})
        who = {"title": self.study_title, "person": self.scores.person}
        return {**who, "items": [describe_item(item) for item in items.values()], "sources": sources}

    def describe_source(self, source_id: str) -> dict[str, object]:
        """Return the text of a source, and the person's scores of it."""
        self.require_source(source_id)
        return {"segments": describe_segments(self.shelf, source_id), "scores": self.describe_scores(source_id)}

    def describe_scores(self, source_id: str) -> dict[str, object]:
        """Return the person's scores of a source; the page sends `version` back with the next one."""
        rows = self.scores.list_own(source_id)
        scored = self.scores.read_own().of(source_id).get(self.scores.person, {})
        return {
            "version": name_version(rows, self.scores.items),
            "given": {item: {"score": row["score"], "note": row["note"]} for item, row in scored.items()},
            "can_undo": self.scores.can_undo(source_id),
        }

    def require_source(self, source_id: str) -> None:
        """Raise DecisionError if a source is none of the study."""
        if source_id not in self.scores.sources:
            raise DecisionError(f"There is no source {source_id!r} in this study.")

    # What the person decides -------------------------------------------------------------------------------------

    def decide(self, source_id: str, asked: dict[str, str]) -> str:
        """Take a score, a note or an undo, as a row that is on disk at return; return the question it was about."""
        self.require_source(source_id)
        shown = str(self.describe_scores(source_id)["version"])
        require_version(asked.get("version", ""), shown, "source")
        if self.scores.are_through(self.scores.read_all()):
            raise DecisionError("All who appraise are through, and may have seen the scores of others: settle instead.")
        if asked.get("kind") == "undo":
            return self.scores.undo(source_id)["item"]
        if asked.get("kind") != "score":
            raise DecisionError(NO_DECISION)
        item, score, note = (asked.get(name, "") for name in ("item", "score", "note"))
        self.scores.require(source_id, item, score)
        before = self.scores.read_own().of(source_id).get(self.scores.person, {}).get(item)
        if before and (before["score"], before["note"]) == (score, note):
            raise DecisionError("Nothing was changed.")
        row = {"source_id": source_id, "item": item, "score": score, "note": note}
        self.scores.add(row, before, source_id)
        return item

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, its questions and its decisions."""

        async def study(request: Request) -> Response:
            return JSONResponse(self.describe_study())

        async def source(request: Request) -> Response:
            return JSONResponse(self.describe_source(request.path_params["source_id"]))

        async def decide(request: Request) -> Response:
            source_id, asked = request.path_params["source_id"], await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            item = self.decide(source_id, asked)
            return JSONResponse({"item": item, "scores": self.describe_scores(source_id)})

        return [
            *route_files(FILES),
            Route("/study", study),
            Route("/sources/{source_id}", source),
            Route("/sources/{source_id}", decide, methods=["POST"]),
        ]


def open_appraising(visit: Visit, study: Study) -> AppraisingTask | None:
    """Return the task of a person who appraises; None if it is not theirs, or if there are no sources yet."""
    if not (study.sources.cells and has_role(visit, study, "appraiser")):
        return None
    return AppraisingTask(open_scores(visit, study), Shelf(visit.folder, study), study.config["title"])
