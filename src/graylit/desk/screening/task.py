"""Screening as a task of the desk: whose it is, and how many candidates are left."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from graylit.desk.screening.ordering import open_order
from graylit.desk.screening.page import ScreeningPage, list_routes
from graylit.desk.screening.room import enter_room
from graylit.desk.screening.screener import Screener
from graylit.desk.tasks import Left, Visit
from graylit.pages.wording import count_things
from graylit.screening.stopping import read_stop_rule
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import require_tidy
from graylit.tables.kinds import split_ids


class ScreeningTask:
    """The candidates that a screener decides on."""

    name, title = "screen", "Screen candidates"

    def __init__(self, page: ScreeningPage, since: str) -> None:
        self.page, self._since = page, since

    def count_left(self) -> Left:
        """Return how many candidates are left."""
        screener = self.page.screener
        n_left, n_pages = len(screener.list_left()), len(screener.list_pages())
        last_at = max((row["screened_at"] for row in screener.own.values()), default="")
        return Left("candidates", n_left, n_pages - n_left, last_at, self._since)

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the screening page."""
        return list_routes(self.page)

    def list_lines(self) -> Sequence[str]:
        """Return who screens, and how much."""
        screener, left = self.page.screener, self.count_left()
        of = f"{left.n_left:,} of {count_things(left.n_left + left.n_done, 'candidate')} left"
        return [f"{self.page.title}: screener {screener.name}, round {screener.round}, {of}"]


def open_screening(visit: Visit, study: Study) -> ScreeningTask | None:
    """Return the task of a person who screens; None if it is not theirs, or if there are no candidates yet."""
    row = list_people(study).get(visit.person, {})
    if not study.candidates.cells or "screener" not in split_ids(row.get("roles", "")):
        return None
    require_tidy([study.screenings])
    room = enter_room(visit, study)
    screener = Screener(room)
    order = open_order(visit.folder, study, screener.screenings, screener.name, screener.round)
    page = ScreeningPage(study.config["title"], screener, order, read_stop_rule(study.config))
    return ScreeningTask(page, since=row["decided_at"])
