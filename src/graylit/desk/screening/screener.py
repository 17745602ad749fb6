"""A screener's desk: takes decisions on candidates, as rows that are on disk at once.

What others decided is read only to know whether they are through: nothing that a screener is answered depends on it
before all are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from graylit.desk.screening.ordering import Choice, Order
from graylit.desk.screening.room import Room
from graylit.desk.screening.screenings import SCREENINGS_CONTRACT, SCREENINGS_FILE
from graylit.desk.tasks import DecisionError, StaleError
from graylit.study.writing import extend_table
from graylit.tables.rows import Cells, Row, store_words

MOST_SIGNS = 5_000  # of a note: chosen, a page of text
KINDS = ("include", "exclude", "unsure")


@dataclass(frozen=True)
class Step:
    """A row that was added, and the one in force before it (None if none was), to undo it."""

    row: Cells
    before: Cells | None


class Screener:
    """One screener at work in one round."""

    def __init__(self, room: Room) -> None:
        visit = room.visit
        self.room, self.folder, self.name, self._read_clock = room, visit.folder, visit.person, visit.read_clock
        self.candidates, self.screenings = room.candidates, room.screenings
        self.round = room.choose_round(self.name)
        self._done: list[Step] = []
        self._n_seen = room.n_seen
        self._kept: dict[str, Cells] = {}  # how the candidates that were shown came to be next
        self._pages: tuple[tuple[object, ...], dict[str, None]] = ((), {})

    @property
    def own(self) -> dict[str, Cells]:
        """Return the screener's decisions in force in this round, by candidate."""
        return self.screenings.in_force[self.name, self.round]

    def list_pages(self) -> Collection[str]:
        """Return the candidates to be screened, each page once, in the order of the table."""
        tables = self.candidates.list_tables()
        if not self._pages[1] or any(old is not new for old, new in zip(self._pages[0], tables, strict=True)):
            stand_ins = self.candidates.choose_stand_ins(screened=self.own)
            self._pages = (tables, dict.fromkeys(stand_ins.values()))
        return self._pages[1].keys()

    def list_left(self) -> list[str]:
        """Return the candidates on which the screener has not decided."""
        self.screenings.refresh()
        own = self.own
        return [candidate_id for candidate_id in self.list_pages() if candidate_id not in own]

    def choose_next(self, order: Order, left: Sequence[str]) -> str:
        """Return which of the candidates that are left comes next; '' if none is left."""
        choice = order.choose(left, self.own) if left else Choice("")
        self._kept = {**self._kept, choice.candidate_id: choice.kept} if choice.kept else self._kept
        return choice.candidate_id

    def tell_version(self, candidate_id: str) -> str:
        """Return what is different after each of the screener's decisions on a candidate."""
        last = self.screenings.last[self.name, self.round].get(candidate_id)
        return f"{self.round}:{last['screening_id'] if last else ''}"

    @property
    def last_step(self) -> Step | None:
        """Return the last decision that can be undone: none that was taken before the person saw those of others."""
        if self._n_seen != self.room.n_seen:
            self._done, self._n_seen = [], self.room.n_seen
        return self._done[-1] if self._done else None

    # Decisions -------------------------------------------------------------------------------------------------

    def decide(self, candidate_id: str, asked: Mapping[str, str]) -> Cells:
        """Take a decision on a candidate, and return its row, which is on disk.

        Raises
        ------
        StaleError
            The screener has decided on it elsewhere since it was shown.
        DecisionError
            The decision is refused.
        """
        self.screenings.refresh()
        if asked.get("version", "") != self.tell_version(candidate_id):
            raise StaleError("candidate")
        if asked.get("kind") == "undo":
            return self._undo(candidate_id)
        before = self.own.get(candidate_id)
        if before and not self.room.can_change(self.name, self.round):
            raise DecisionError("All screeners are through; a change of mind is a settlement now.")
        row = fill_decision(candidate_id, asked, self.candidates.list_criteria())
        row |= self._kept.get(candidate_id, {})
        if before and all(before[name] == row[name] for name in ("decision", "criterion_id", "reason")):
            raise DecisionError("Nothing was changed.")
        return self._write(row, before)

    def _undo(self, candidate_id: str) -> Cells:
        step = self.last_step
        if step is None or step.row["candidate_id"] != candidate_id:
            raise DecisionError("There is nothing to undo: decide on the candidate anew instead.")
        self._done.pop()
        if step.row is not self.screenings.last[self.name, self.round].get(candidate_id):
            raise DecisionError(f"{step.row['screening_id']} was replaced elsewhere meanwhile, so it is left as it is.")
        before = step.before or dict.fromkeys(SCREENINGS_CONTRACT.names, "") | {"candidate_id": candidate_id}
        written = self._add(dict(before), replaces=step.row["screening_id"])
        self._done = [Step(written, one.before) if one.row is step.before else one for one in self._done]
        return written

    def _write(self, row: Row, before: Cells | None) -> Cells:
        written = self._add(row, replaces=before["screening_id"] if before else "")
        self._done.append(Step(written, before))
        return written

    def _add(self, row: Row, replaces: str) -> Cells:
        screening_id = self.screenings.number_next(self.name)
        made = {"screening_id": screening_id, "screener": self.name, "round": str(self.round)}
        made |= {"replaces": replaces, "screened_at": self._read_clock()}
        extend_table(self.folder, SCREENINGS_FILE, [row | made], SCREENINGS_CONTRACT, HEADER)
        self.screenings.refresh()
        return self.screenings.last[self.name, self.round][row["candidate_id"]]


HEADER = ",".join(SCREENINGS_CONTRACT.names) + "\n"


def fill_decision(candidate_id: str, asked: Mapping[str, str], criteria: Sequence[Cells]) -> Row:
    """Return a row with what was decided on a candidate, by which criterion, and why. Raises DecisionError."""
    kind, criterion_id, note = (asked.get(name, "") for name in ("kind", "criterion_id", "note"))
    if kind not in KINDS:
        raise DecisionError("A decision is include, exclude or unsure.")
    excluding = {row["criterion_id"] for row in criteria if row["kind"] != "inclusion"}
    if kind == "exclude" and criterion_id not in excluding:
        known = f"one of {', '.join(sorted(excluding))}" if excluding else "a row of criteria.csv, which has none"
        raise DecisionError(f"An exclusion names the criterion that it rests on: {known}.")
    if len(note) > MOST_SIGNS:
        raise DecisionError(f"A note has {MOST_SIGNS:,} signs at most.")
    cells = {"candidate_id": candidate_id, "decision": kind, "reason": store_words(note)}
    cells["criterion_id"] = criterion_id if kind == "exclude" else ""
    return dict.fromkeys(SCREENINGS_CONTRACT.names, "") | cells
