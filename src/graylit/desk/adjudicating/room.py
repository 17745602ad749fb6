"""The rows of all coders of a study as one person's desk reads them, and when the person may see them.

Nobody who codes sees what others gave before all are through with what they have begun, and they themselves with
everything that can be read.
"""

from __future__ import annotations

from collections.abc import Iterable

from graylit.desk.coding.shelf import Shelf
from graylit.desk.roles import Roles
from graylit.desk.tasks import DecisionError, Visit
from graylit.desk.watching import Growing, Watched, read_peoples
from graylit.study.state import codings_in_force, judge_codings, list_unfinished
from graylit.study.study import CODINGS_FOLDER, OPTIONAL_TABLES, Study, find_codings
from graylit.tables.coding import CODINGS
from graylit.tables.rows import Cells, Row

ADJUDICATIONS_FILE, ADJUDICATIONS = OPTIONAL_TABLES["adjudications"]
WAITING = "opens as soon as all coders have finished what they have begun, and you all that can be read, if you code"


class CodingRoom:
    """Who has coded what, and how far everybody is."""

    def __init__(self, visit: Visit, study: Study) -> None:
        self.visit, self.study, self.folder = visit, study, visit.folder
        self.roles, self.shelf = Roles(visit.folder), Shelf(visit.folder, study)
        self._passes, self._readings = (self._watch(name) for name in ("passes", "readings"))
        self._tables: dict[str, Watched[list[Row]]] = {}
        self._judging = Growing(visit.folder, ADJUDICATIONS_FILE, ADJUDICATIONS)
        self._adjudications: list[Row] = []

    def _watch(self, name: str) -> Watched[list[Row]]:
        file, contract = OPTIONAL_TABLES[name]
        return Watched(self.folder / file, lambda: read_peoples(self.folder, file, contract))

    def list_codings(self) -> dict[str, list[Row]]:
        """Return all rows of each coder: the same lists as long as the tables are the same."""
        for coder in find_codings(self.folder):
            if coder not in self._tables:
                self._tables[coder] = self._watch_coder(coder)
        return {coder: table.get() for coder, table in sorted(self._tables.items())}

    def _watch_coder(self, coder: str) -> Watched[list[Row]]:
        file = f"{CODINGS_FOLDER}/{coder}.csv"
        return Watched(self.folder / file, lambda: read_peoples(self.folder, file, CODINGS))

    @property
    def passes(self) -> list[Row]:
        """Return the rows that finish sources."""
        return self._passes.get()

    @property
    def readings(self) -> list[Row]:
        """Return the rows that leave segments without a code."""
        return self._readings.get()

    @property
    def adjudications(self) -> list[Row]:
        """Return all adjudications, in their order."""
        is_anew, rows = self._judging.read_new()
        self._adjudications = rows if is_anew else [*self._adjudications, *rows] if rows else self._adjudications
        return self._adjudications

    def list_current(self) -> dict[str, list[Cells]]:
        """Return the codings in force of each coder, those of sources swapped out left aside."""
        return {
            coder: [
                row for row in codings_in_force(rows, _of(coder, self.passes)) if row["source_id"] in self.shelf.sources
            ]
            for coder, rows in self.list_codings().items()
        }

    def judge(self, codings: Iterable[Cells]) -> dict[str, Cells]:
        """Return the adjudication in force of each of these codings that has one."""
        return judge_codings(codings, self.adjudications)

    # Who may see what ------------------------------------------------------------------------------------------

    def list_assigned(self) -> list[str]:
        """Return who codes, by the table of people."""
        return self.roles.name("coder")

    def list_open_sources(self, coder: str) -> list[str]:
        """Return the sources that a coder has begun and not finished."""
        codings = self.list_codings().get(coder, [])
        begun = list_unfinished(codings, _of(coder, self.passes), _of(coder, self.readings))
        return [source_id for source_id in begun if source_id in self.shelf.sources]

    def are_through(self) -> bool:
        """Return whether every coder has finished all that they have begun."""
        return not any(self.list_open_sources(coder) for coder in self.roles.name_awaited("coder"))

    def may_see(self) -> bool:
        """Return whether the person may see what coders gave."""
        person = self.visit.person
        if not self.are_through():
            return False
        if person not in self.list_assigned():
            return True
        finished = {row["source_id"] for row in _of(person, self.passes)}
        return all(source_id in finished or self.shelf.explain_lack(source_id) for source_id in self.shelf.sources)

    def require_seeing(self) -> None:
        """Raise DecisionError if the person may not see what coders gave."""
        if not self.may_see():
            raise DecisionError(f"Coding still goes on, so what coders gave is not shown: this {WAITING}.")

    def is_ended(self) -> bool:
        """Return whether the person's own coding is over: whoever settles has seen, or may see, what others gave."""
        person = self.visit.person
        has_both = self.roles.has(person, "adjudicator") and self.roles.has(person, "coder")
        return has_both and self.may_see()


def _of(coder: str, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row["coder"] == coder]


def enter_coding_room(visit: Visit, study: Study) -> CodingRoom:
    """Return the room of a visit, which its tasks share."""
    room = visit.shared.get("coding room")
    if not isinstance(room, CodingRoom):
        room = visit.shared["coding room"] = CodingRoom(visit, study)
    return room
