"""Settling codings as a task of the desk: whose it is, when it opens, and how many disputes wait."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from graylit.desk.adjudicating.page import AdjudicatingPage, list_routes
from graylit.desk.adjudicating.room import WAITING, enter_coding_room
from graylit.desk.adjudicating.settler import Settler
from graylit.desk.tasks import Left, Visit
from graylit.pages.wording import count_things
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import require_tidy
from graylit.tables.kinds import split_ids


class AdjudicatingTask:
    """The units on which coders differ."""

    name, title = "adjudicate", "Settle codings"

    def __init__(self, page: AdjudicatingPage) -> None:
        self.page = page

    def count_left(self) -> Left:
        """Return how many disputes are open, and how many are settled; nothing before that may be seen."""
        settler = self.page.settler
        if not settler.room.may_see():
            return Left("disputes", 0, 0, waits_for=WAITING)
        waiting, settled = settler.split(settler.gather())
        own = [row["decided_at"] for row in settler.room.adjudications if row["decided_by"] == settler.name]
        since = max((row["finished_at"] for row in settler.room.passes), default="")
        return Left("disputes", len(waiting), len(settled), last_at=max(own, default=""), since=since)

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page."""
        return list_routes(self.page)

    def list_lines(self) -> Sequence[str]:
        """Return who settles, and how much."""
        left = self.count_left()
        of = left.waits_for or f"{count_things(left.n_left, 'dispute')} to settle"
        return [f"{self.page.title}: adjudicator {self.page.settler.name}, {of}"]


def open_adjudicating(visit: Visit, study: Study) -> AdjudicatingTask | None:
    """Return the task of a person who adjudicates; None if it is not theirs, or without sources."""
    roles = split_ids(list_people(study).get(visit.person, {}).get("roles", ""))
    if not study.sources.cells or "adjudicator" not in roles:
        return None
    require_tidy([study.adjudications])
    return AdjudicatingTask(AdjudicatingPage(study.config["title"], Settler(enter_coding_room(visit, study))))
