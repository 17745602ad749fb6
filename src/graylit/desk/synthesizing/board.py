"""The board of an author: decisions on themes, practices, guidelines and their relations, each undone by rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graylit.desk.answers import NO_DECISION
from graylit.desk.synthesizing.rows import KINDS, Make
from graylit.desk.synthesizing.written import Added, Written
from graylit.desk.tasks import DecisionError, StaleError
from graylit.study.study import ALL_TABLES
from graylit.tables.rows import Cells, Row

Key = tuple[str, ...]
# How a row that had none before it is taken back: the cells that say so.
TAKEN_BACK = {"practices": {"status": "withdrawn", "guideline_id": ""}}


@dataclass
class Step:
    """The rows that a decision added, and those in force before them, to undo it."""

    rows: dict[str, list[Row]]
    before: dict[str, list[Cells | None]] = field(default_factory=dict)


class Board:
    """An author at work."""

    def __init__(self, written: Written, kinds: Mapping[str, Make] = KINDS) -> None:
        self.written, self._kinds = written, kinds
        self._done: list[Step] = []

    @property
    def can_undo(self) -> bool:
        """Return whether the last decision since the desk was opened can be taken back."""
        return bool(self._done)

    def decide(self, asked: Mapping[str, str]) -> list[str]:
        """Take a decision, as rows that are on disk at return; return the ids of what it was about.

        Raises
        ------
        StaleError
            Something was written since the author saw the board.
        DecisionError
            The decision is refused.
        """
        if asked.get("version") != self.written.tell_version():
            raise StaleError("board")
        if asked.get("kind") == "undo":
            return self._undo()
        make = self._kinds.get(asked.get("kind", ""))
        if make is None:
            raise DecisionError(NO_DECISION)
        step = Step({})

        def plan() -> Added:
            rows = make(self.written, defaultdict(str, asked))
            step.before = {name: [self._find_last(name, row) for row in of_one] for name, of_one in rows.items()}
            return rows

        added = self.written.add(plan)
        step.rows = {name: list(rows) for name, rows in added.items()}
        self._done.append(step)
        return list_ids(added)

    def _find_last(self, name: str, row: Row) -> Cells | None:
        """Return the last row of the id of a row that is about to be added; None if there is none."""
        key = tell_key(name, row)
        return next((old for old in reversed(self.written.rows(name)) if tell_key(name, old) == key), None)

    def _undo(self) -> list[str]:
        if not self._done:
            raise DecisionError("Nothing was decided here since the desk was opened.")
        step = self._done[-1]
        for name, rows in step.rows.items():
            for row in rows:
                if self._find_last(name, row) != row:
                    self._done.pop()
                    raise DecisionError(
                        f"{' '.join(tell_key(name, row))} was changed meanwhile, so it is left as it is."
                    )
        added = self.written.add(lambda: take_back(step))
        self._done.pop()
        self._restate(step, added)
        return list_ids(added)

    def _restate(self, step: Step, added: Added) -> None:
        """Note that rows restate those before an undone step, so that the steps before it can be undone as well."""
        for name, rows in added.items():
            for row, before in zip(rows, step.before[name], strict=True):
                for other in self._done:
                    kept = other.rows.get(name, [])
                    other.rows |= {name: [row if one == before else one for one in kept]} if kept else {}


def take_back(step: Step) -> Added:
    """Return the rows that undo a step: those before it once more, or withdrawals of what was new."""
    return {
        name: [
            dict(before) if before else {**row, "status": "withdrawn", **TAKEN_BACK.get(name, {})}
            for row, before in zip(rows, step.before[name], strict=True)
        ]
        for name, rows in step.rows.items()
    }


def tell_key(name: str, row: Cells) -> Key:
    """Return what a row of a table is about: its key without the time."""
    return tuple(row[column] for column in ALL_TABLES[name][1].key if column != "decided_at")


def list_ids(added: Mapping[str, Sequence[Cells]]) -> list[str]:
    """Return the ids of what rows are about, each once."""
    return list(dict.fromkeys(tell_key(name, row)[0] for name, rows in added.items() for row in rows))
