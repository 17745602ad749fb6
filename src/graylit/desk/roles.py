"""Who has which role in a study, as the table of people says now."""

from __future__ import annotations

from pathlib import Path

from graylit.desk.watching import Watched, read_peoples
from graylit.study.people import name_awaited, name_deciders
from graylit.study.state import latest_rows
from graylit.study.study import OPTIONAL_TABLES
from graylit.tables.rows import Cells


class Roles:
    """The roles of a study's deciders; read again when the table has changed."""

    def __init__(self, folder: Path) -> None:
        file, contract = OPTIONAL_TABLES["people"]
        self._people: Watched[dict[str, Cells]] = Watched(
            folder / file, lambda: dict(latest_rows(read_peoples(folder, file, contract), "decider"))
        )

    def name(self, role: str) -> list[str]:
        """Return who has a role."""
        return name_deciders(self._people.get(), role)

    def name_awaited(self, role: str) -> list[str]:
        """Return those with a role for whom others wait: people, or models if no person has it."""
        return name_awaited(self._people.get(), role)

    def has(self, person: str, role: str) -> bool:
        """Return whether a person has a role."""
        return person in self.name(role)
