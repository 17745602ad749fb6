"""Sorting cards as a task of the desk: whose it is, what its page shows, and how much is left."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from graylit.desk.answers import read_words, route_files
from graylit.desk.sorting.sorter import Sorter
from graylit.desk.sorting.table import SortTables
from graylit.desk.tasks import Left, Visit
from graylit.pages.wording import count_things
from graylit.study.cards import lay_out_cards, list_cards, name_card
from graylit.study.people import list_people
from graylit.study.study import Study
from graylit.study.writing import require_tidy
from graylit.tables.card_sorting import FINISHED
from graylit.tables.kinds import split_ids

FILES = {"": "sort.html", "sort.js": "sort.js", "sort_desk.js": "sort_desk.js", "sort.css": "sort.css"}


class SortingTask:
    """The cards that a sorter puts on piles."""

    name, title = "sort", "Sort cards"

    def __init__(self, sorter: Sorter, since: str) -> None:
        self.sorter, self._since = sorter, since

    def count_left(self) -> Left:
        """Return how many steps are left: each card is one, and to say that the sort is finished."""
        sorter = self.sorter
        n_cards = len(sorter.tables.cards)
        n_left = len(sorter.list_left()) + (not sorter.is_finished)
        last_at = max((row.get("sorted_at", "") for row in sorter.tables.list_rows(sorter.name)), default="")
        return Left("steps", n_left, n_cards + 1 - n_left, last_at, self._since)

    def list_lines(self) -> Sequence[str]:
        """Return how many cards are left to sort."""
        n_left, n_cards = len(self.sorter.list_left()), len(self.sorter.tables.cards)
        return [f"{self.sorter.name or 'nobody'} sorts: {n_left:,} of {count_things(n_cards, 'card')} left"]

    def describe(self) -> dict[str, object]:
        """Return the cards in the order that was drawn for the sorter, without ids, and the sorter's piles."""
        sorter = self.sorter
        cards = sorter.tables.cards
        piles = sorter.list_piles()
        return {
            "title": sorter.tables.config["title"],
            "person": sorter.name,
            "kind": sorter.session["kind"],
            "version": sorter.tell_version(),
            "cards": lay_out_cards(cards, int(sorter.session["seed"]), sorter.name),
            "piles": [{"name": name, "cards": [name_card(cards[one]) for one in of]} for name, of in piles.items()],
            "is_finished": sorter.session["status"] == FINISHED,
            "can_undo": sorter.can_undo,
        }

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of the page, its questions and its decisions."""

        async def state(request: Request) -> Response:
            return JSONResponse(self.describe())

        async def decide(request: Request) -> Response:
            asked = await read_words(request)
            # From here to the answer nothing else runs: decisions are taken one after another.
            self.sorter.decide(asked)
            return JSONResponse(self.describe())

        return [*route_files(FILES), Route("/state", state), Route("/decisions", decide, methods=["POST"])]


def open_sorting(visit: Visit, study: Study) -> SortingTask | None:
    """Return the task of a person who sorts; None if it is not theirs, or if no guideline is in force."""
    row = list_people(study).get(visit.person, {})
    if not list_cards(study.guidelines.cells) or "sorter" not in split_ids(row.get("roles", "")):
        return None
    require_tidy([study.card_sorts, study.sort_sessions])
    return SortingTask(Sorter(SortTables(visit, study)), since=row["decided_at"])
