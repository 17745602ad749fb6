"""An editor at work on the codebook: each form is one or more rows, all or none, and an undo is rows as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from graylit.desk.adjudicating.room import CodingRoom
from graylit.desk.answers import NO_DECISION
from graylit.desk.codebook.table import WORDS, CodebookTable
from graylit.desk.codebook.whole import require_whole
from graylit.desk.tasks import DecisionError, StaleError
from graylit.tables.rows import Cells, Row

UNMADE = "taken back"


class Editor:
    """One editor at work."""

    def __init__(self, room: CodingRoom) -> None:
        visit = room.visit
        self.room = room
        self.table = CodebookTable(visit.folder, visit.person, visit.read_clock, self.sees_all)
        self._done: list[tuple[str, list[Row], list[Row]]] = []  # in words, the rows added, those that undo them

    @property
    def last(self) -> str:
        """Return in words what can be undone; '' if nothing can."""
        return self._done[-1][0] if self._done else ""

    def count_codings(self) -> dict[str, Counter[str]]:
        """Return how many codings in force have each code, by coder; only the editor's own while coding goes on.

        One that fell has none, and one that was adjudicated has the code of its adjudication.
        """
        person, counts = self.table.person, dict[str, Counter[str]]()
        sees_all = self.sees_all()
        for coder, codings in self.room.list_current().items():
            if not sees_all and coder != person:
                continue
            judged = self.room.judge(codings)
            for row in codings:
                ruling = judged.get(row["coding_id"], {})
                if ruling.get("verdict") != "falls":
                    counts.setdefault(ruling.get("code_id") or row["code_id"], Counter())[coder] += 1
        return counts

    def sees_all(self) -> bool:
        """Return whether the editor sees what others made and gave: one who codes, only when all are through."""
        is_coder = self.room.roles.has(self.room.visit.person, "coder")
        return not is_coder or self.room.may_see()

    def change(self, asked: Mapping[str, object]) -> str:
        """Take a change, as rows that are on disk at return; return in words what it was.

        Raises
        ------
        StaleError
            The codebook has changed since it was shown.
        DecisionError
            The change is refused.
        """
        if asked.get("version") != self.table.tell_version():
            raise StaleError("codebook")
        kinds = {"new": self._make, "reword": self._reword, "merge": self._merge, "split": self._split}
        kinds |= {"retire": self._retire, "take_up": self._take_up}
        kind, reason = asked.get("kind"), asked.get("reason", "")
        if kind == "undo":
            return self._undo()
        if not isinstance(kind, str) or kind not in kinds or not isinstance(reason, str):
            raise DecisionError(NO_DECISION)
        if kind not in ("new", "take_up") and not reason.strip():
            raise DecisionError("Say why: the reason stands in the codebook beside the change.")
        words, rows = kinds[kind](asked)
        before = self.table.in_force()
        undoing = [dict(before[row["code_id"]]) if row["code_id"] in before else _unmake(row) for row in rows]
        require_whole(self.room.folder, rows)
        added = self.table.add(rows, reason, later_than=self._find_last_coded())
        if kind != "take_up":  # what others have seen is not unseen
            self._done.append((words, added, undoing))
        return words

    def _undo(self) -> str:
        if not self._done:
            raise DecisionError("Nothing was changed since the desk was opened; add another change instead.")
        words, added, undoing = self._done[-1]
        in_force = self.table.in_force()
        if any(in_force.get(row["code_id"]) != row for row in added):
            self._done.pop()
            raise DecisionError(f"What was changed ({words}) was changed again since, so it is left as it is.")
        require_whole(self.room.folder, undoing)
        self.table.add(undoing, UNMADE, later_than=self._find_last_coded())
        self._done.pop()
        return f"taken back: {words}"

    def _find_last_coded(self) -> str:
        """Return when the last coding was made, of all coders: what comes after the change is told by its time."""
        rows = (row for codings in self.room.list_codings().values() for row in codings)
        times = [row["coded_at"] for row in rows if row["coded_at"]]
        return max((*times, *(row["decided_at"] for row in self.room.adjudications)), default="")

    # The changes: what each is in words, and its rows -----------------------------------------------------------

    def _make(self, asked: Mapping[str, object]) -> tuple[str, list[Row]]:
        row = self.table.fill_code(asked) | {"code_id": self.table.number_ids(1)[0]}
        return f"{row['code_id']} is a code", [row]

    def _reword(self, asked: Mapping[str, object]) -> tuple[str, list[Row]]:
        before = self._require(asked.get("code_id"))
        row = dict(before) | {name: self.table.fill_code(asked)[name] for name in WORDS}
        if all(row[name] == before[name] for name in WORDS):
            raise DecisionError("Nothing was changed.")
        return f"{row['code_id']} has other words", [row]

    def _take_up(self, asked: Mapping[str, object]) -> tuple[str, list[Row]]:
        row = self._require(asked.get("code_id"))
        if row["code_id"] not in self.table.list_untaken():
            raise DecisionError(f"{row['code_id']} is everybody's already.")
        return f"{row['code_id']} is everybody's", [dict(row)]

    def _merge(self, asked: Mapping[str, object]) -> tuple[str, list[Row]]:
        into = self._require(asked.get("into"))
        merged = [self._require(code_id) for code_id in _read_list(asked.get("code_ids"))]
        if not merged or into in merged:
            raise DecisionError("Name the codes that are merged, and another one that they are merged into.")
        rows = [_retire(row, [into["code_id"]]) for row in merged]
        return f"{', '.join(row['code_id'] for row in merged)} merged into {into['code_id']}", [
            *self._share(into),
            *rows,
        ]

    def _split(self, asked: Mapping[str, object]) -> tuple[str, list[Row]]:
        row, parts = self._require(asked.get("code_id")), _read_list(asked.get("parts"))
        made = [self.table.fill_code(part) for part in parts if isinstance(part, dict)]
        known = [self._require(part) for part in parts if not isinstance(part, dict)]
        if len(made) + len(known) < 2 or row in known:
            raise DecisionError("A code is split into two others or more.")
        new_ids = self.table.number_ids(len(made))
        made = [one | {"code_id": code_id} for one, code_id in zip(made, new_ids, strict=True)]
        ids = [one["code_id"] for one in (*known, *made)]
        shared = [shared for one in known for shared in self._share(one)]
        return f"{row['code_id']} split into {', '.join(ids)}", [*shared, *made, _retire(row, ids)]

    def _retire(self, asked: Mapping[str, object]) -> tuple[str, list[Row]]:
        row = self._require(asked.get("code_id"))
        return f"{row['code_id']} retired", [_retire(row, [])]

    def _share(self, row: Cells) -> list[Row]:
        """Return the row that makes everybody's a code that other codings are to get, if it is its maker's alone."""
        return [dict(row)] if row["code_id"] in self.table.list_untaken() else []

    def _require(self, code_id: object) -> Cells:
        return self.table.require(code_id if isinstance(code_id, str) else "")


def _retire(row: Cells, heirs: Sequence[str]) -> Row:
    return dict(row) | {"status": "retired", "replaced_by": "; ".join(heirs)}


def _unmake(row: Cells) -> Row:
    return dict(row) | {"status": "retired", "replaced_by": ""}


def _read_list(said: object) -> list:
    if not isinstance(said, list):
        raise DecisionError(NO_DECISION)
    return said
