"""Settling appraisals: what appraisers scored differently, side by side, of sources that all of them are through with.

To somebody who appraises, too, nothing is shown before all are through with everything: they would not be blind.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import NO_DECISION, read_words, route_files
from graylit.desk.appraising.scores import Scores, describe_item, has_role, name_version, open_scores, require_version
from graylit.desk.appraising.task import SHOWN
from graylit.desk.tasks import DecisionError, Left, Visit
from graylit.pages.templates import web_address
from graylit.study.appraisals import Appraisals
from graylit.study.people import list_people, name_deciders
from graylit.study.study import Study

FILES = {"": "settle_scores.html", "settle_scores.js": "settle_scores.js", "appraise.css": "appraise.css"}
WAITING = "opens as soon as all appraisers are through"
Place = tuple[str, str]  # a source and a question


class SettlingTask:
    """The scores on which appraisers differ."""

    name, title = "settle-scores", "Settle appraisals"

    def __init__(self, scores: Scores, title: str) -> None:
        self.scores, self.study_title = scores, title

    def may_see(self, found: Appraisals) -> bool:
        """Return whether the person may see what others scored: an appraiser, only if all are through."""
        return not self.scores.is_appraiser or self.scores.are_through(found)

    def list_places(self, found: Appraisals) -> list[Place]:
        """Return where appraisers differ, settled or not, as far as all of them are through and the person may see."""
        through = self.scores.list_through(found) if self.may_see(found) else []
        return [
            (source_id, item) for source_id in through for item in found.list_differing(source_id, self.scores.items)
        ]

    def count_left(self) -> Left:
        """Return how many differences are not settled yet."""
        found = self.scores.read_all()
        places = self.list_places(found)
        n_done = sum(item in found.settlements_of(source_id) for source_id, item in places)
        settled = [row for rows in found.settled.values() for row in rows.values() if places]
        last_at = max((row["appraised_at"] for row in settled if row["appraiser"] == self.scores.person), default="")
        waits_for = "" if self.may_see(found) else WAITING
        return Left("scores", len(places) - n_done, n_done, last_at=last_at, waits_for=waits_for)

    def list_lines(self) -> Sequence[str]:
        """Return nothing: what is left to settle is told on the page, once all are through."""
        return []

    def describe_all(self) -> dict[str, object]:
        """Return every difference with its sides, in the order of sources and questions."""
        found = self.scores.read_all()
        who = {"title": self.study_title, "person": self.scores.person, "is_open": self.may_see(found)}
        return {**who, "places": [self.describe_place(found, *place) for place in self.list_places(found)]}

    def describe_place(self, found: Appraisals, source_id: str, item: str) -> dict[str, object]:
        """Return a difference: its source and question, each side with its note, and the settlement if there is one."""
        source = self.scores.sources[source_id]
        sides = {name: rows[item] for name, rows in sorted(found.of(source_id).items()) if item in rows}
        settled = found.settlements_of(source_id).get(item)
        rows = [*sides.values(), *([settled] if settled else [])]
        return {
            **{name: source[name] for name in SHOWN},
            "url": web_address(source["url"]),
            **describe_item(self.scores.items[item]),
            "sides": [{"appraiser": name, "score": row["score"], "note": row["note"]} for name, row in sides.items()],
            "settled": {"score": settled["score"], "note": settled["note"]} if settled else None,
            "version": name_version(rows, self.scores.items),
            "can_undo": self.scores.can_undo(_name_place(source_id, item)),
        }

    def decide(self, asked: dict[str, str]) -> dict[str, object]:
        """Settle a difference, or take that back, by a row that is on disk at return; return how it stands."""
        found = self.scores.read_all()
        source_id, item = place = asked.get("source_id", ""), asked.get("item", "")
        if place not in self.list_places(found):
            raise DecisionError("Here nobody differs, or not all who appraise are through yet.")
        shown = self.describe_place(found, *place)
        require_version(asked.get("version", ""), str(shown["version"]), "score")
        if asked.get("kind") == "undo":
            self.scores.undo(_name_place(*place))
        elif asked.get("kind") == "settle":
            self._settle(found, source_id, item, asked)
        else:
            raise DecisionError(NO_DECISION)
        return self.describe_place(self.scores.read_all(), *place)

    def _settle(self, found: Appraisals, source_id: str, item: str, asked: dict[str, str]) -> None:
        score, note = asked.get("score", ""), asked.get("note", "")
        self.scores.require(source_id, item, score)
        before = found.settlements_of(source_id).get(item)
        if before and (before["score"], before["note"]) == (score, note):
            raise DecisionError("Nothing was changed.")
        names = "; ".join(sorted(found.of(source_id)))
        row = {"source_id": source_id, "item": item, "score": score, "note": note, "settles_scores_of": names}
        self.scores.add(row, before, _name_place(source_id, item))

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, its list and its decisions."""

        async def places(request: Request) -> Response:
            return JSONResponse(self.describe_all())

        async def decide(request: Request) -> Response:
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            return JSONResponse(self.decide(asked))

        return [*route_files(FILES), Route("/places", places), Route("/places", decide, methods=["POST"])]


def _name_place(source_id: str, item: str) -> str:
    return f"{source_id} {item}"


def open_settling_scores(visit: Visit, study: Study) -> SettlingTask | None:
    """Return the task of a person who settles; None if it is not theirs, or if nobody appraises anything."""
    is_theirs = has_role(visit, study, "settler") or visit.is_read_only
    if not (is_theirs and study.sources.cells and name_deciders(list_people(study), "appraiser")):
        return None
    return SettlingTask(open_scores(visit, study), study.config["title"])
