"""Settling as a task of the desk: whose it is, when it opens, and how many candidates wait."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from graylit.desk.screening.room import WAITING, enter_room
from graylit.desk.settling.page import SettlingPage, list_routes
from graylit.desk.settling.settler import Settler
from graylit.desk.tasks import Left, Visit
from graylit.pages.wording import count_things
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import require_tidy
from graylit.tables.kinds import split_ids


class SettlingTask:
    """The candidates on which screeners differ."""

    name, title = "settle", "Settle screenings"

    def __init__(self, page: SettlingPage) -> None:
        self.page = page

    def count_left(self) -> Left:
        """Return how many candidates are to be settled, and how many were; nothing before that may be seen."""
        settler = self.page.settler
        if not settler.room.may_see():
            return Left("candidates", 0, 0, waits_for=WAITING)
        settler.room.require_seeing()
        own = [row for row in settler.list_settled().values() if row["screener"] == settler.name]
        last_at = max((row["screened_at"] for row in own), default="")
        return Left("candidates", len(settler.list_open()), len(settler.list_settled()), last_at)

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the settling page."""
        return list_routes(self.page)

    def list_lines(self) -> Sequence[str]:
        """Return who settles, and how much."""
        left = self.count_left()
        of = left.waits_for or f"{count_things(left.n_left, 'candidate')} to settle"
        return [f"{self.page.title}: settler {self.page.settler.name}, {of}"]


def open_settling(visit: Visit, study: Study) -> SettlingTask | None:
    """Return the task of a person who settles; None if it is not theirs, or if there are no candidates yet."""
    row = list_people(study).get(visit.person, {})
    if not study.candidates.cells or "settler" not in split_ids(row.get("roles", "")):
        return None
    require_tidy([study.screenings])
    return SettlingTask(SettlingPage(study.config["title"], Settler(enter_room(visit, study))))
