"""What the tasks of screening have in common: candidates, decisions of all, and who may see them when."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from graylit.desk.capturing import CandidatePages
from graylit.desk.screening.candidates import Candidates
from graylit.desk.screening.screenings import SCREENINGS_CONTRACT, SCREENINGS_FILE, Screenings
from graylit.desk.tasks import DecisionError, Visit
from graylit.desk.watching import Watched, read_peoples
from graylit.screening.queues import has_stopped
from graylit.study.people import list_models, name_deciders
from graylit.study.state import latest_rows
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.study.writing import read_own

WAITING = "opens as soon as all screeners are through"


class Room:
    """The screening of a study, as one person's desk reads it."""

    def __init__(self, visit: Visit, study: Study) -> None:
        file, contract = OPTIONAL_TABLES["people"]
        self.visit, self.candidates, self.screenings = visit, Candidates(visit.folder), Screenings(visit.folder)
        self._people = Watched(visit.folder / file, lambda: read_peoples(visit.folder, file, contract))
        keeps_code = bool(study.config["preparation"]["keep_code_blocks"])
        self.pages = CandidatePages(visit.folder, study.candidates.cells, keeps_code)
        self._stopping: Mapping[str, float] = study.config.get("stopping", {})
        self.n_seen = 0  # how often the person has looked at what others decided
        self._warm()

    def _warm(self) -> None:
        """Read what a first decision would wait for: the decisions so far, the hits, the form of the table."""
        self.screenings.refresh()
        for candidate_id in itertools.islice(self.candidates.by_id(), 1):
            self.candidates.describe(candidate_id)
        read_own(self.visit.folder, SCREENINGS_FILE, SCREENINGS_CONTRACT, header="")

    def close(self) -> None:
        """End what runs beside the desk."""
        self.pages.close()

    def name_people(self, role: str) -> list[str]:
        """Return who has a role, as the table of people says now."""
        return name_deciders(latest_rows(self._people.get(), "decider"), role)

    def list_models(self) -> frozenset[str]:
        """Return which deciders are models, as the table of people says now."""
        return list_models(latest_rows(self._people.get(), "decider").values())

    def choose_round(self, name: str) -> int:
        """Return the round of a person: the one that was asked for, or the last one in which they decided."""
        return int(self.visit.asked_round) if self.visit.asked_round else self.screenings.find_round(name)

    def are_through(self, number: int) -> bool:
        """Return whether every assigned screener has decided on every candidate in a round, or stopped by the rule."""
        self.screenings.refresh()
        stand_ins = self.candidates.choose_stand_ins(screened=())
        return all(self._is_through((name, number), stand_ins) for name in self.name_people("screener"))

    def _is_through(self, one: tuple[str, int], stand_ins: Mapping[str, str]) -> bool:
        pages = set(stand_ins.values())
        if pages <= {stand_ins.get(candidate_id) for candidate_id in self.screenings.in_force[one]}:
            return True
        return has_stopped(self.screenings.rows[one], pages, self._stopping)

    def may_see(self) -> bool:
        """Return whether the person may see what others decided: a screener, only if all are through."""
        name = self.visit.person
        return name not in self.name_people("screener") or self.are_through(self.choose_round(name))

    def require_seeing(self) -> None:
        """Raise DecisionError if the person may not see what others decided; from now on, they have."""
        if not self.may_see():
            raise DecisionError(f"You screen still, so you do not see what others decided: this {WAITING}.")
        self.n_seen += 1

    def can_change(self, name: str, number: int) -> bool:
        """Return whether a screener may decide anew: not after all are through, unless there is nobody else."""
        return set(self.name_people("screener")) <= {name} or not self.are_through(number)


def enter_room(visit: Visit, study: Study) -> Room:
    """Return the room of a visit, which all its tasks of screening share."""
    room = visit.shared.get("screening")
    if not isinstance(room, Room):
        room = visit.shared["screening"] = Room(visit, study)
    return room
