"""A settler's desk: settles candidates that all assigned screeners decided on, and on which they do not agree."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from graylit.desk.screening.room import Room
from graylit.desk.screening.screener import HEADER, fill_decision
from graylit.desk.screening.screenings import SCREENINGS_CONTRACT, SCREENINGS_FILE
from graylit.desk.tasks import DecisionError, StaleError
from graylit.screening.outranking import leave_outranked
from graylit.study.writing import extend_table
from graylit.tables.rows import Cells, Row


class Settler:
    """One settler at work."""

    def __init__(self, room: Room) -> None:
        self.room, self.name = room, room.visit.person
        self._done: list[Cells] = []  # settlements that can be undone

    def list_pages(self) -> list[str]:
        """Return the candidates that stand for a page each, in the order of the table."""
        screened = self.room.screenings.of_candidate.keys()
        stand_ins = self.room.candidates.choose_stand_ins(screened)
        return list(dict.fromkeys(stand_ins.values()))

    def list_open(self) -> list[str]:
        """Return the candidates that are to be settled."""
        self.room.screenings.refresh()
        assigned = self.room.name_people("screener")
        return [candidate_id for candidate_id in self.list_pages() if self._is_open(candidate_id, assigned)]

    def _is_open(self, candidate_id: str, assigned: list[str]) -> bool:
        if candidate_id in self.room.screenings.settled:
            return False
        rows = self.list_deciding(candidate_id)
        decisions = {row["decision"] for row in rows}
        are_all = set(assigned) <= {row["screener"] for row in self._list_last(candidate_id)}
        return bool(rows) and are_all and (len(decisions) > 1 or "unsure" in decisions)

    def list_deciding(self, candidate_id: str) -> list[Cells]:
        """Return the screeners' decisions in force of the last round, in an order that gives no name away.

        Where a person has decided, those of models are left out.
        """
        return sorted(leave_outranked(self._list_last(candidate_id), self.room.list_models()), key=_mix)

    def _list_last(self, candidate_id: str) -> list[Cells]:
        rows = [row for row in self.room.screenings.list_current(candidate_id) if not row["settles"]]
        last = max((int(row["round"]) for row in rows), default=0)
        return [row for row in rows if int(row["round"]) == last]

    def list_settled(self) -> dict[str, Cells]:
        """Return the settlements in force, by candidate."""
        return self.room.screenings.settled

    def tell_version(self, candidate_id: str) -> str:
        """Return what is different after each row on a candidate."""
        ids = [row["screening_id"] for row in self.room.screenings.of_candidate.get(candidate_id, [])]
        return hashlib.sha256(" ".join(ids).encode()).hexdigest()[:16]

    @property
    def last_settled(self) -> str:
        """Return the candidate whose settlement can be undone; '' if there is none."""
        return self._done[-1]["candidate_id"] if self._done else ""

    def decide(self, candidate_id: str, asked: Mapping[str, str]) -> Cells:
        """Settle a candidate, or take a settlement back; return its row, which is on disk.

        Raises
        ------
        StaleError
            Somebody has decided on it since it was shown.
        DecisionError
            The decision is refused.
        """
        self.room.screenings.refresh()
        if asked.get("version", "") != self.tell_version(candidate_id):
            raise StaleError("candidate")
        deciding = self.list_deciding(candidate_id)
        if asked.get("kind") == "undo":
            return self._undo(candidate_id)
        if asked.get("kind") == "unsure":
            raise DecisionError("A settlement includes or excludes.")
        if not self._is_open(candidate_id, self.room.name_people("screener")):
            raise DecisionError(f"{candidate_id} is not to be settled: all agree, one has not decided, or it was.")
        row = fill_decision(candidate_id, asked, self.room.candidates.list_criteria())
        row |= {"settles": "; ".join(sorted(one["screening_id"] for one in deciding)), "round": deciding[0]["round"]}
        self._done.append(self._add(row))
        return self._done[-1]

    def _undo(self, candidate_id: str) -> Cells:
        if self.last_settled != candidate_id:
            raise DecisionError("There is nothing to undo here.")
        settled = self._done.pop()
        if self.room.screenings.settled.get(candidate_id) != settled:
            raise DecisionError(f"{settled['screening_id']} was replaced elsewhere meanwhile, so it is left as it is.")
        row = dict.fromkeys(SCREENINGS_CONTRACT.names, "") | {"candidate_id": candidate_id, "round": settled["round"]}
        return self._add(row | {"replaces": settled["screening_id"]})

    def _add(self, row: Row) -> Cells:
        row |= {"screening_id": self.room.screenings.number_next(self.name)}
        row |= {"screener": self.name, "screened_at": self.room.visit.read_clock()}
        extend_table(self.room.visit.folder, SCREENINGS_FILE, [row], SCREENINGS_CONTRACT, HEADER)
        self.room.screenings.refresh()
        return self.room.screenings.of_candidate[row["candidate_id"]][-1]


def _mix(row: Cells) -> str:
    return hashlib.sha256(f"{row['candidate_id']} {row['screener']}".encode()).hexdigest()
