"""The log of the places that an author has opened, and whether the author may open any yet."""

from __future__ import annotations

from collections.abc import Iterable

from graylit.desk.adjudicating.room import WAITING, enter_coding_room
from graylit.desk.tasks import DecisionError, Visit
from graylit.desk.watching import Watched, read_peoples
from graylit.study.places_opened import find_first
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.study.writing import extend_table
from graylit.tables.rows import Row

FILE, CONTRACT = OPTIONAL_TABLES["places_read"]
HEADER = ",".join(CONTRACT.names) + "\n"


class PlacesLog:
    """Who has opened which places, and when first; the person's own are added."""

    def __init__(self, visit: Visit, study: Study) -> None:
        self._visit, self._room = visit, enter_coding_room(visit, study)
        self._table: Watched[list[Row]] = Watched(
            visit.folder / FILE, lambda: read_peoples(visit.folder, FILE, CONTRACT)
        )

    @property
    def is_read_only(self) -> bool:
        """Return whether the person only looks, so that nothing is noted."""
        return self._visit.is_read_only

    @property
    def first(self) -> dict[tuple[str, str], str]:
        """Return when each person first opened each coding."""
        return find_first(self._table.get())

    @property
    def opened(self) -> set[str]:
        """Return the codings that the person has opened."""
        return {coding_id for person, coding_id in self.first if person == self._visit.person}

    def note(self, coding_ids: Iterable[str]) -> None:
        """Note that the person has opened codings; those opened before are noted already."""
        opened, now = self.opened, self._visit.read_clock()
        rows = [
            {"opened_by": self._visit.person, "coding_id": coding_id, "opened_at": now}
            for coding_id in dict.fromkeys(coding_ids)
            if coding_id not in opened
        ]
        if rows:
            extend_table(self._visit.folder, FILE, rows, CONTRACT, HEADER)

    def may_see(self) -> bool:
        """Return whether the person may see what coders gave: one of several coders, only once all are through."""
        coders = self._room.roles.name("coder")
        return coders == [self._visit.person] or self._visit.person not in coders or self._room.may_see()

    def require_seeing(self) -> None:
        """Raise DecisionError if the person codes still, and would see what others gave."""
        if not self.may_see():
            raise DecisionError(f"Coding still goes on, so you do not see what others gave: this {WAITING}.")


def enter_log(visit: Visit, study: Study) -> PlacesLog:
    """Return the log of a visit, which all its tasks of writing share."""
    log = visit.shared.get("places_log")
    if not isinstance(log, PlacesLog):
        log = visit.shared["places_log"] = PlacesLog(visit, study)
    return log
