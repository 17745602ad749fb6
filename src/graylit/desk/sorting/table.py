"""What the tasks of the card sort read: cards, piles and sessions as the tables hold them now, and who is through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graylit.desk.tasks import Visit
from graylit.desk.watching import Watched, read_peoples
from graylit.study.card_sorts import list_assigned, list_waiting
from graylit.study.cards import list_cards
from graylit.study.state import latest_rows
from graylit.study.study import ALL_TABLES, Study
from graylit.synthesis import piles
from graylit.synthesis.piles import Piled
from graylit.tables.rows import Cells, Row

SORTS_FILE, SESSIONS_FILE = ALL_TABLES["card_sorts"][0], ALL_TABLES["sort_sessions"][0]


class SortTables:
    """The card sort of a study, as one person's desk reads it."""

    def __init__(self, visit: Visit, study: Study) -> None:
        self.visit = visit
        self.config: Mapping[str, Any] = study.config
        self._guidelines = self._watch("guidelines")
        self._sorts, self._sessions, self._people = map(self._watch, ("card_sorts", "sort_sessions", "people"))

    def _watch(self, name: str) -> Watched[list[Row]]:
        folder, (file, contract) = self.visit.folder, ALL_TABLES[name]
        return Watched(folder / file, lambda: read_peoples(folder, file, contract))

    @property
    def cards(self) -> dict[str, Cells]:
        """Return the guidelines in force, by id."""
        return list_cards(self._guidelines.get())

    @property
    def people(self) -> dict[str, Cells]:
        """Return who decides in the study, by name."""
        return latest_rows(self._people.get(), "decider")

    def list_rows(self, sorter: str) -> list[Row]:
        """Return the rows of a sorter, in their order."""
        return [row for row in self._sorts.get() if row["sorter"] == sorter]

    def list_all_rows(self) -> list[Row]:
        """Return the rows of everybody: for those who may see them."""
        return self._sorts.get()

    def list_all_sessions(self) -> list[Row]:
        """Return the sessions of everybody."""
        return self._sessions.get()

    def read_piles(self, sorter: str) -> Piled:
        """Return the piles of one sorter; nobody else's are looked at."""
        return piles.read_piles(self.list_rows(sorter))

    def read_sessions(self) -> dict[str, Cells]:
        """Return the session in force of each sorter."""
        return piles.read_sessions(self._sessions.get())

    def list_sorters(self) -> list[str]:
        """Return who sorts: by their role, or by rows."""
        return list_assigned(self.people, piles.read_piles(self._sorts.get()), self.read_sessions())

    def list_waiting(self) -> list[str]:
        """Return the sorters who are not through."""
        lying = piles.read_piles(self._sorts.get())
        return list_waiting(self.people, lying, self.read_sessions(), self.cards)
