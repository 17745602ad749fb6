"""An adjudicator at work: decides on the codings of a dispute by rows that are on disk at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from graylit.desk.adjudicating.gathering import Dispute, Gathered, Gatherer
from graylit.desk.adjudicating.room import ADJUDICATIONS, ADJUDICATIONS_FILE, CodingRoom
from graylit.desk.answers import NO_DECISION
from graylit.desk.tasks import DecisionError, StaleError
from graylit.study.state import latest_rows
from graylit.study.writing import extend_table
from graylit.tables.kinds import MOST_DIGITS, split_ids
from graylit.tables.names import name_ids
from graylit.tables.rows import Cells, Row, store_words

HEADER = ",".join(ADJUDICATIONS.names) + "\n"
MARK = "-j"  # between the name and the number of an id that the desk gives
MOST_SIGNS = 5_000  # of a reason: chosen, a page of text
MOST_EARLIER = 5  # earlier settlements that are shown: chosen, a key each
UNDONE = "taken back"


class Settler:
    """One adjudicator at work."""

    def __init__(self, room: CodingRoom) -> None:
        self.room, self.name, self._gatherer = room, room.visit.person, Gatherer(room)
        self._done: list[tuple[str, list[Row]]] = []  # disputes and the rows that settled them, to undo these

    def gather(self) -> Gathered:
        """Return the disputes as the tables say now. Raises DecisionError if the person may not see them."""
        self.room.require_seeing()
        return self._gatherer.gather()

    def judge(self, gathered: Gathered) -> dict[str, Cells]:
        """Return the adjudications in force of the disputed codings."""
        disputed = [gathered.codings[one] for dispute in gathered.disputes.values() for one in dispute.coding_ids]
        return self.room.judge(disputed)

    def split(self, gathered: Gathered) -> tuple[list[Dispute], list[Dispute]]:
        """Return the disputes that are open, and those that are settled."""
        judged = self.judge(gathered)
        open_ones: list[Dispute] = []
        settled: list[Dispute] = []
        for dispute in gathered.disputes.values():
            (settled if all(one in judged for one in dispute.coding_ids) else open_ones).append(dispute)
        return open_ones, settled

    def tell_version(self, dispute: Dispute) -> str:
        """Return what is different after each row on a dispute, and each change of its codes."""
        codings, codebook = set(dispute.coding_ids), latest_rows(self.room.shelf.list_codebook(), "code_id")
        rows = [row for row in self.room.adjudications if codings & set(split_ids(row["coding_ids"]))]
        state = [list(dispute.sides), rows, [codebook.get(code_id) for code_id in dispute.choices]]
        return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]

    def list_earlier(self, dispute: Dispute, gathered: Gathered) -> list[dict[str, object]]:
        """Return how disputes about the same codes were settled, the last first; of equal reasons the last."""
        judged = self.judge(gathered)
        found: dict[tuple[str, str], dict[str, object]] = {}
        for other in gathered.disputes.values():
            if other.key == dispute.key or other.pair != dispute.pair:
                continue
            if told := _tell_verdicts(other, judged):
                row = max((judged[one] for one in other.coding_ids if one in judged), key=lambda row: row["decided_at"])
                key = (row["reason"], str(told))
                n = int(str(found.get(key, {}).get("n", 0))) + 1
                found[key] = {"reason": row["reason"], "n": n, "decided_at": row["decided_at"], "verdicts": told}
        ordered = sorted(found.values(), key=lambda one: str(one["decided_at"]), reverse=True)
        return ordered[:MOST_EARLIER]

    @property
    def last(self) -> str:
        """Return the dispute whose settlement can be undone; '' if there is none."""
        return self._done[-1][0] if self._done else ""

    # Decisions -------------------------------------------------------------------------------------------------

    def decide(self, key: str, asked: Mapping[str, str]) -> str:
        """Settle a dispute or a part of it, or take that back; return what was decided in words. It is on disk.

        Raises
        ------
        StaleError
            Somebody has decided on it, or changed a coding or a code of it, since it was shown.
        DecisionError
            The decision is refused.
        """
        gathered = self.gather()
        dispute = gathered.disputes.get(key)
        if dispute is None or asked.get("version", "") != self.tell_version(dispute):
            raise StaleError("dispute")
        if asked.get("kind") == "undo":
            return self._undo(dispute)
        reason = store_words(asked.get("reason", ""))
        if not reason:
            raise DecisionError("Say why: a reason stands beside every settlement.")
        if len(reason) > MOST_SIGNS:
            raise DecisionError(f"A reason has {MOST_SIGNS:,} signs at most.")
        words, verdicts = self._read(dispute, asked)
        self._done.append((key, self._add(verdicts, reason)))
        return words

    def _read(self, dispute: Dispute, asked: Mapping[str, str]) -> tuple[str, list[tuple[str, str, list[str]]]]:
        """Return a decision in words, and each verdict with its code and its codings."""
        kind, codes = asked.get("kind", ""), list(dispute.choices)
        chosen = split_ids(asked.get("code_ids", "")) or codes
        if not set(chosen) <= set(codes):
            raise DecisionError(f"The dispute is about {', '.join(codes)}.")
        ids = [one for code_id in codes if code_id in chosen for one in dispute.choices[code_id]]
        named = ", ".join(code_id for code_id in codes if code_id in chosen)
        if kind in ("stands", "falls"):
            return f"{named} {kind if len(chosen) == 1 else kind[:-1]}", [(kind, "", ids)]
        if kind == "only":
            others = [one for one in dispute.coding_ids if one not in ids]
            verdicts = [("stands", "", ids), *([("falls", "", others)] if others else [])]
            return f"{named} alone stands", verdicts
        if kind == "recoded":
            row = latest_rows(self.room.shelf.list_codebook(), "code_id").get(asked.get("code_id", ""))
            if row is None or row["status"] != "active":
                raise DecisionError(f"There is no code {asked.get('code_id', '')!r} in use.")
            if set(chosen) == {row["code_id"]}:
                raise DecisionError(f"That is the code it has: say that {row['code_id']} stands.")
            return f"{named} recoded to {row['code_id']}", [("recoded", row["code_id"], ids)]
        raise DecisionError(NO_DECISION)

    def _undo(self, dispute: Dispute) -> str:
        if self.last != dispute.key:
            raise DecisionError("There is nothing to undo here.")
        _, rows = self._done.pop()
        ids = [one for row in rows for one in split_ids(row["coding_ids"])]
        judged = self.room.judge([{"coding_id": one} for one in ids])
        ours = {row["adjudication_id"] for row in rows}
        if any(judged.get(one, {}).get("adjudication_id") not in ours for one in ids):
            raise DecisionError("It was settled anew elsewhere meanwhile, so it is left as it is.")
        self._add([("open", "", ids)], UNDONE)
        return "undone"

    def _add(self, verdicts: Sequence[tuple[str, str, list[str]]], reason: str) -> list[Row]:
        """Add a row for each verdict, all or none, and return them."""
        decided = {"reason": reason, "decided_by": self.name, "decided_at": self.room.visit.read_clock()}
        ids = self._number(len(verdicts))
        rows = []
        for row_id, (verdict, code_id, codings) in zip(ids, verdicts, strict=True):
            cells = {
                "adjudication_id": row_id,
                "coding_ids": "; ".join(codings),
                "verdict": verdict,
                "code_id": code_id,
            }
            rows.append(cells | decided)
        extend_table(self.room.folder, ADJUDICATIONS_FILE, rows, ADJUDICATIONS, HEADER)
        return rows

    def _number(self, n: int) -> list[str]:
        """Return the ids of the next rows: two people on two machines never give the same one."""
        start = f"{name_ids(self.name)}{MARK}"
        ids = (row["adjudication_id"] for row in self.room.adjudications)
        ends = (row_id.removeprefix(start) for row_id in ids if row_id.startswith(start))
        numbers = [int(end) for end in ends if end.isdecimal() and len(end) <= MOST_DIGITS]
        return [f"{start}{max(numbers, default=0) + i:04d}" for i in range(1, n + 1)]


def _tell_verdicts(dispute: Dispute, judged: Mapping[str, Cells]) -> list[str]:
    """Return in words what became of each code of a dispute that was settled."""
    words = []
    for code_id, ids in dispute.choices.items():
        for row in {judged[one]["adjudication_id"]: judged[one] for one in ids if one in judged}.values():
            words.append(" ".join([code_id, f"becomes {row['code_id']}" if row["code_id"] else row["verdict"]]))
    return words
