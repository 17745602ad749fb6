"""A coder's queue after changes of the codebook: computed from the coder's rows and the codebook, never kept.

The decisions are those of the coder's desk, so that its page and the queue undo each other's rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from graylit.desk.answers import NO_DECISION
from graylit.desk.coding.desk import Desk
from graylit.desk.tasks import DecisionError, StaleError
from graylit.desk.watching import Watched, read_peoples
from graylit.study.restating import Codebook, Waiting, list_waiting
from graylit.study.state import is_by, judge_codings
from graylit.study.study import OPTIONAL_TABLES


class Recoder:
    """One coder at work on what waits."""

    def __init__(self, desk: Desk, read_clock: Callable[[], str]) -> None:
        self._read_clock = read_clock
        file, contract = OPTIONAL_TABLES["adjudications"]
        self.desk, self.n_done = desk, 0
        self._adjudications = Watched(desk.folder / file, lambda: read_peoples(desk.folder, file, contract))
        self._done: list[tuple[str, str, str]] = []  # the coding, its source, and the row that was added

    def list_waiting(self) -> list[Waiting]:
        """Return what waits, code by code, in the order of sources and places."""
        sources = {source_id: number for number, source_id in enumerate(self.desk.shelf.sources)}
        codings = [row for row in self.desk.own.list_in_force() if row["source_id"] in sources]
        judged = judge_codings(codings, self._adjudications.get())
        waiting = list_waiting(codings, Codebook(self.desk.codes.list_seen()), judged)

        def place(one: Waiting) -> tuple[str, int, int]:
            return one.before["code_id"], sources[one.coding["source_id"]], int(one.coding["start"] or 0)

        return sorted(waiting, key=place)

    def tell_version(self, one: Waiting) -> str:
        """Return what is different after each change of a coding's source or of the codebook."""
        state = self.desk.own.look_at(one.coding["source_id"]).version + self.desk.codes.tell_version()
        return hashlib.sha256(state.encode()).hexdigest()[:16]

    @property
    def last(self) -> str:
        """Return the coding whose decision can be undone; '' if there is none."""
        return self._done[-1][0] if self._done else ""

    def decide(self, coding_id: str, asked: Mapping[str, str]) -> str:
        """Take a decision on a coding that waits, as a row that is on disk at return; return what it was in words.

        Raises
        ------
        StaleError
            The coding or the codebook has changed since it was shown.
        DecisionError
            The decision is refused.
        """
        if asked.get("kind") == "undo":
            return self._undo(coding_id)
        one = next((one for one in self.list_waiting() if one.coding["coding_id"] == coding_id), None)
        if one is None or asked.get("version", "") != self.tell_version(one):
            raise StaleError("coding")
        words, decision = self._read(one, asked)
        source_id = one.coding["source_id"]
        version = self.desk.own.look_at(source_id).version
        self.desk.decide(source_id, version, {"coding_id": coding_id} | decision)
        self._done.append((coding_id, source_id, self.desk.tell_last(source_id)))
        self.n_done += 1
        return f"{words} on {coding_id}"

    def _read(self, one: Waiting, asked: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        kind = asked.get("kind")
        if kind == "withdraw":
            return "withdrawn", {"kind": "remove"}
        if kind == "give":
            self._require_clock(asked.get("code_id", ""))
            return asked.get("code_id", ""), {"kind": "keep", "code_id": asked.get("code_id", "")}
        if kind != "keep":
            raise DecisionError(NO_DECISION)
        if len(one.now) != 1:
            raise DecisionError("Its code is no longer in use: give one of those that took its place, or another one.")
        self._require_clock(one.now[0]["code_id"])
        return "kept", {"kind": "keep", "code_id": one.now[0]["code_id"]}

    def _require_clock(self, code_id: str) -> None:
        """Raise DecisionError if a coding of now would seem to come before the definition in force."""
        when, now = self.desk.codes.in_force().get(code_id, {}).get("decided_at", ""), self._read_clock()
        if not is_by(when, now):
            raise DecisionError(
                f"{code_id} has a row of {when}, and this machine's clock says {now}: set it right first."
            )

    def _undo(self, coding_id: str) -> str:
        if self.last != coding_id:
            raise DecisionError("There is nothing to undo here.")
        _, source_id, row_id = self._done.pop()
        if self.desk.tell_last(source_id) != row_id:
            raise DecisionError(f"Something else was decided on {source_id} since; undo it on the coding page.")
        self.desk.decide(source_id, self.desk.own.look_at(source_id).version, {"kind": "undo"})
        self.n_done -= 1
        return f"undone on {coding_id}"
