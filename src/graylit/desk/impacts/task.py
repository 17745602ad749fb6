"""Writing impacts as a task of the desk: whose it is, and which guidelines have none yet."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from graylit.desk.adjudicating.room import WAITING
from graylit.desk.impacts.page import ImpactsPage
from graylit.desk.synthesizing.evidence import enter_evidence
from graylit.desk.synthesizing.places_log import enter_log
from graylit.desk.synthesizing.places_page import PlacesPane
from graylit.desk.synthesizing.stands import Stands
from graylit.desk.synthesizing.written import enter_written
from graylit.desk.tasks import Left, Visit
from graylit.desk.watching import Watched, read_peoples
from graylit.pages.wording import count_things
from graylit.study.people import list_people
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.study.writing import require_tidy
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Row

READINGS_FILE, READINGS = OPTIONAL_TABLES["impact_readings"]


class ImpactsTask:
    """The impacts that an author writes."""

    name, title = "impacts", "Write impacts"

    def __init__(self, page: ImpactsPage) -> None:
        self.page = page

    def count_left(self) -> Left:
        """Return how many guidelines have no impact yet."""
        if not self.page.pane.log.may_see():
            return Left("guidelines", 0, 0, waits_for=WAITING)
        written = self.page.written
        impacts, guidelines = written.in_force("impacts").values(), written.in_force("guidelines")
        n_done = len({row["guideline_id"] for row in impacts} & guidelines.keys())
        own = [row["decided_at"] for row in written.rows("impacts") if row["decided_by"] == written.visit.person]
        return Left("guidelines", len(guidelines) - n_done, n_done, max(own, default=""))

    def list_lines(self) -> Sequence[str]:
        """Return how many impacts have been written."""
        n = len(self.page.written.in_force("impacts"))
        return [f"{self.page.title}: {self.page.written.visit.person or 'nobody'} writes, {count_things(n, 'impact')}"]

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page."""
        return self.page.list_routes()


def watch_readings(visit: Visit) -> Watched[list[Row]]:
    """Return the rows of second readers, read again as they change."""
    return Watched(visit.folder / READINGS_FILE, lambda: read_peoples(visit.folder, READINGS_FILE, READINGS))


def open_impacts(visit: Visit, study: Study) -> ImpactsTask | None:
    """Return the task of an author; None if it is not theirs, or if there are no sources yet."""
    roles = split_ids(list_people(study).get(visit.person, {}).get("roles", ""))
    if not study.sources.cells or not ("synthesizer" in roles or visit.is_read_only):
        return None
    require_tidy([study.impacts, study.places_read])
    evidence, written = enter_evidence(visit, study), enter_written(visit, study)
    pane = PlacesPane(evidence, enter_log(visit, study), Stands(visit, study, written, evidence))
    return ImpactsTask(ImpactsPage(study.config["title"], written, pane, watch_readings(visit)))
