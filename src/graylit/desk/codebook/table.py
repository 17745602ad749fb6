"""The codebook as one person's desk reads it, and the rows that the desk adds to it.

A code that a coder makes while reading is seen by that coder and by editors, until an editor takes it up by a row: what
others make of what they read would lead a coder. So does an editor who codes not see it, until all are through. Its id
carries the name of its maker, so that two coders who know nothing of each other make different ones.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from graylit.desk.roles import Roles
from graylit.desk.tasks import DecisionError
from graylit.desk.watching import Watched, read_peoples
from graylit.study.open_codes import MARK, list_untaken
from graylit.study.state import latest_rows
from graylit.study.study import PEOPLES_TABLES
from graylit.study.writing import append_rows, extend_table, read_own
from graylit.tables.coding import CODEBOOK
from graylit.tables.kinds import MOST_DIGITS
from graylit.tables.names import fold_name, name_ids
from graylit.tables.rows import Cells, Row, store_words

CODEBOOK_FILE = PEOPLES_TABLES["codebook"][0]
HEADER = ",".join(CODEBOOK.names) + "\n"
WORDS = ("name", "definition", "include_when", "exclude_when")
MOST_SIGNS = 5_000  # of a cell: chosen, a page of text


class CodebookTable:
    """The rows of a codebook that a person sees, and those that the person adds."""

    def __init__(
        self, folder: Path, person: str, read_clock: Callable[[], str], sees_all: Callable[[], bool] = lambda: False
    ) -> None:
        self.folder, self.person, self._read_clock, self._sees_all = folder, person, read_clock, sees_all
        self.roles = Roles(folder)
        self._rows = Watched(folder / CODEBOOK_FILE, lambda: read_peoples(folder, CODEBOOK_FILE, CODEBOOK))
        self._seen: tuple[object, list[str], bool, list[Row]] = (None, [], False, [])
        self._in_force: tuple[object, dict[str, Cells]] = (None, {})

    def list_all(self) -> Sequence[Cells]:
        """Return every row, in their order."""
        return self._rows.get()

    def list_seen(self) -> Sequence[Cells]:
        """Return the rows that the person sees, in their order."""
        rows, editors, sees_all = self._rows.get(), self.roles.name("editor"), self._sees_all()
        if self._seen[0] is not rows or self._seen[1:3] != (editors, sees_all):
            untaken = {} if sees_all else list_untaken(rows, editors)
            hidden = {code_id for code_id, maker in untaken.items() if maker != self.person}
            self._seen = (rows, editors, sees_all, [row for row in rows if row["code_id"] not in hidden])
        return self._seen[3]

    def in_force(self) -> dict[str, Cells]:
        """Return the row in force of each code that the person sees."""
        rows = self.list_seen()
        if self._in_force[0] is not rows:
            self._in_force = (rows, latest_rows(rows, "code_id"))
        return self._in_force[1]

    def list_untaken(self) -> list[str]:
        """Return the codes in use that coders have made while reading, and no editor has taken up."""
        untaken, in_force = list_untaken(self.list_seen(), self.roles.name("editor")), self.in_force()
        return [code_id for code_id in untaken if in_force[code_id]["status"] == "active"]

    def tell_version(self) -> str:
        """Return what is different after every row that the person sees."""
        return hashlib.sha256(json.dumps(self.list_seen(), sort_keys=True).encode()).hexdigest()[:16]

    def require(self, code_id: str) -> Cells:
        """Return the row in force of a code in use. Raises DecisionError if there is none."""
        row = self.in_force().get(code_id)
        if row is None or row["status"] != "active":
            raise DecisionError(f"There is no code {code_id!r} in use.")
        return row

    # Rows ------------------------------------------------------------------------------------------------------

    def number_ids(self, n: int) -> list[str]:
        """Return the ids of the next codes that the person makes."""
        start = f"{name_ids(self.person)}{MARK}"
        ends = (row["code_id"].removeprefix(start) for row in self.list_all() if row["code_id"].startswith(start))
        numbers = [int(end) for end in ends if end.isdecimal() and len(end) <= MOST_DIGITS]
        return [f"{start}{max(numbers, default=0) + i:02d}" for i in range(1, n + 1)]

    def fill_code(self, asked: Mapping[str, object]) -> Row:
        """Return a row with the words that a form gives for a code, which is in use. Raises DecisionError."""
        words = {name: asked.get(name, "") for name in WORDS}
        if not all(isinstance(cell, str) for cell in words.values()):
            raise DecisionError("The words of a code are words.")
        stored = {name: store_words(str(cell)) for name, cell in words.items()}
        if not stored["name"] or not stored["definition"]:
            raise DecisionError("A code has a name and a definition: what it means, in a sentence.")
        if any(len(cell) > MOST_SIGNS for cell in stored.values()):
            raise DecisionError(f"No part of a code has more than {MOST_SIGNS:,} signs.")
        return dict.fromkeys(CODEBOOK.names, "") | stored | {"status": "active"}

    def add(self, rows: Sequence[Cells], reason: str, later_than: str = "") -> list[Row]:
        """Add rows to the table, all or none, and return them; on disk at return.

        They are dated later than `later_than`, so that what was coded until then is told from what comes after.

        Raises
        ------
        DecisionError
            The table would have a fault with them, or this machine's clock is behind.
        """
        if len(reason) > MOST_SIGNS:
            raise DecisionError(f"A reason has {MOST_SIGNS:,} signs at most.")
        decided = {"decided_by": self.person, "reason": store_words(reason)}
        whole = [dict.fromkeys(CODEBOOK.names, "") | dict(row) | decided for row in rows]
        self._require_names(whole)
        dates = [row["decided_at"] for row in self.list_all() if row["code_id"] in {new["code_id"] for new in whole}]
        now = wait_until_after(max([later_than, *dates]), self._read_clock)
        whole = [row | {"decided_at": now, "n_sources": ""} for row in whole]
        _, faults = CODEBOOK.parse_rows(append_rows(HEADER, whole, CODEBOOK), "the form")
        if faults:
            raise DecisionError(" ".join(map(str, faults)))
        extend_table(self.folder, CODEBOOK_FILE, whole, CODEBOOK, HEADER)
        return whole

    def _require_names(self, rows: Iterable[Cells]) -> None:
        """Raise DecisionError if two codes in use would have one name, as far as the person sees them."""
        after = self.in_force() | {row["code_id"]: row for row in rows}
        named: dict[str, str] = {}
        for code_id, row in after.items():
            if row["status"] != "active":
                continue
            other = named.setdefault(fold_name(row["name"]), code_id)
            if other != code_id:
                raise DecisionError(f"{other} has the name {row['name']!r} already.")

    def warm(self) -> None:
        """Read what a first decision would wait for."""
        read_own(self.folder, CODEBOOK_FILE, CODEBOOK, HEADER)


def wait_until_after(when: str, read_clock: Callable[[], str]) -> str:
    """Return the time, as soon as it is later than a time in tables. Raises DecisionError if that takes too long.

    Times are whole seconds: what follows another within one could not be told from it.
    """
    is_timed = len(when) > len("2026-01-01")
    for _ in range(30):
        now = read_clock()
        if now > when if is_timed else now[: len(when)] >= when:
            return now
        if now < when:
            break
        time.sleep(0.05)  # the same second still
    raise DecisionError(f"A row is dated {when}, and the clock of this machine says {now}: set it right first.")
