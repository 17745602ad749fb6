"""Writing guidelines as a task of the desk: whose it is, and which codes and practices wait for a place."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from graylit.desk.adjudicating.room import WAITING
from graylit.desk.synthesizing.board import Board
from graylit.desk.synthesizing.evidence import enter_evidence
from graylit.desk.synthesizing.page import BoardPage
from graylit.desk.synthesizing.places_log import enter_log
from graylit.desk.synthesizing.places_page import PlacesPane
from graylit.desk.synthesizing.stands import Stands
from graylit.desk.synthesizing.written import TABLES, enter_written
from graylit.desk.tasks import Left, Visit
from graylit.pages.wording import count_things
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import require_tidy
from graylit.tables.kinds import split_ids


class SynthesizingTask:
    """The codes, themes, practices and guidelines of an author."""

    name, title = "synthesize", "Write practices and guidelines"

    def __init__(self, page: BoardPage) -> None:
        self.page = page

    def count_left(self) -> Left:
        """Return how many codes are in no theme, and how many practices are neither merged nor dropped."""
        if not self.page.log.may_see():
            return Left("codes and practices", 0, 0, waits_for=WAITING)
        written, evidence = self.page.written, self.page.evidence
        active = {key for key, row in evidence.codebook().items() if row["status"] == "active"}
        themes, practices = written.in_force("themes").values(), written.in_force("practices").values()
        placed = {code for row in themes for code in written.follow(row["code_ids"])} & active
        n_open = sum(row["status"] == "open" for row in practices)
        own = [row for name in TABLES for row in written.rows(name) if row["decided_by"] == written.visit.person]
        last_at = max((row["decided_at"] for row in own), default="")
        n_left, n_done = len(active - placed) + n_open, len(placed) + len(practices) - n_open
        return Left("codes and practices", n_left, n_done, last_at)

    def list_lines(self) -> Sequence[str]:
        """Return what has been written so far."""
        n = len(self.page.written.in_force("guidelines"))
        return [
            f"{self.page.title}: {self.page.written.visit.person or 'nobody'} writes, {count_things(n, 'guideline')}"
        ]

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the board."""
        return self.page.list_routes()


def open_synthesizing(visit: Visit, study: Study) -> SynthesizingTask | None:
    """Return the task of a person who writes guidelines; None if it is not theirs, or if there are no sources yet."""
    roles = split_ids(list_people(study).get(visit.person, {}).get("roles", ""))
    if not study.sources.cells or not ("synthesizer" in roles or visit.is_read_only):
        return None
    require_tidy([study.themes, study.practices, study.guidelines, study.relations, study.places_read])
    evidence, written = enter_evidence(visit, study), enter_written(visit, study)
    stands = Stands(visit, study, written, evidence)
    pane = PlacesPane(evidence, enter_log(visit, study), stands)
    floor = int(study.config["synthesis"]["min_publishers"])
    return SynthesizingTask(BoardPage(study.config["title"], Board(written), pane, stands, floor))
