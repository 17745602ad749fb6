"""Card sort and categories as a task of the desk: the analysis of the piles, and the form that names categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_asked, route_files
from graylit.desk.sorting.analysis import WAITING, describe_analysis
from graylit.desk.sorting.grouping import Categories
from graylit.desk.sorting.table import SortTables
from graylit.desk.tasks import DecisionError, Left, Visit
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import require_tidy
from graylit.tables.kinds import read_count, split_ids

FILES = {"": "categories.html", "categories.js": "categories.js", "categories.css": "categories.css"}


class CategoriesTask:
    """What sorters put together, and the categories that follow."""

    name, title = "categories", "Card sort and categories"

    def __init__(self, categories: Categories, can_name: bool) -> None:
        self.categories, self.tables, self.can_name = categories, categories.tables, can_name
        self.only_shows = not can_name

    def count_left(self) -> Left:
        """Return how many guidelines are in no category; nothing before all sorts are finished."""
        if self.tables.list_waiting():
            return Left("guidelines", 0, 0, waits_for=WAITING)
        n_free = len(self.categories.list_free()) if self.can_name else 0
        return Left("guidelines", n_free, len(self.tables.cards) - len(self.categories.list_free()))

    def list_lines(self) -> Sequence[str]:
        """Return nothing: the first page says it."""
        return []

    def describe(self, n_asked: int) -> dict[str, object]:
        """Return the analysis once all sorts are finished, and the categories in force."""
        tables, is_open = self.tables, not self.tables.list_waiting()
        groups = [asdict(group) for group in self.categories.list_groups()]
        return {
            "title": tables.config["title"],
            "person": tables.visit.person,
            "can_name": self.can_name and is_open and not tables.visit.is_read_only,
            "waits_for": "" if is_open else WAITING,
            "analysis": describe_analysis(tables, n_asked) if is_open else None,
            "cards": {guideline_id: row["name"] for guideline_id, row in tables.cards.items()},
            "groups": groups,
            "version": self.categories.tell_version(),
            "can_undo": self.categories.can_undo,
        }

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, its questions and its decisions."""

        async def analysis(request: Request) -> Response:
            return JSONResponse(self.describe(read_count(request.query_params.get("clusters", "")) or 0))

        async def decide(request: Request) -> Response:
            asked = await read_asked(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            if self.tables.list_waiting():
                raise DecisionError(f"Categories follow from the card sort: this {WAITING}.")
            if not self.can_name:
                raise DecisionError("Whoever has the role of synthesizer names categories.")
            self.categories.decide(asked)
            return JSONResponse(self.describe(0))

        return [*route_files(FILES), Route("/analysis", analysis), Route("/groups", decide, methods=["POST"])]


def open_categories(visit: Visit, study: Study) -> CategoriesTask | None:
    """Return the page for those who sort or write guidelines, and for observers; None for others, or without cards."""
    roles = split_ids(list_people(study).get(visit.person, {}).get("roles", ""))
    can_name = "synthesizer" in roles
    if not study.guidelines.cells or not (visit.is_read_only or can_name or "sorter" in roles):
        return None
    require_tidy([study.card_sorts, study.sort_sessions, study.categories])
    return CategoriesTask(Categories(SortTables(visit, study)), can_name)
