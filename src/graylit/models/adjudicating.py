"""Settling by a model: units that models coded differently. What a person coded, a model never settles.

The model is shown the passage, the disputed codings under letters that give no name away, and the codes they name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graylit.models.coding import OF_CODE
from graylit.models.hiding import hide_words
from graylit.models.screening import describe_object
from graylit.models.tasks import Answer, Decision, Number, RefusedError, Rows, Settled, Shown, Undecided, find_most
from graylit.models.texts import PROCESSED, Texts
from graylit.study.disputes import list_disputed
from graylit.study.people import list_people
from graylit.study.state import follow_code, judge_codings, latest_rows
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.tables.coding import DISAGREEMENTS, LOCATED_CODINGS
from graylit.tables.models import SETTLE
from graylit.tables.names import name_ids
from graylit.tables.people import MODEL
from graylit.tables.reading import read_made
from graylit.tables.rows import Cells, Row, store_words

ADJUDICATIONS_FILE = OPTIONAL_TABLES["adjudications"][0]
VERDICTS = ("stands", "falls", "recoded")


@dataclass(frozen=True)
class Dispute:
    """A unit on which models differ: its segment, and its disputed codings in the order in which they are shown."""

    segment_id: str
    coding_ids: tuple[str, ...]


class SettlingTask:
    """The units on which models differ, as another model settles them."""

    name, role = SETTLE, "adjudicator"

    def __init__(self, folder: Path, study: Study, decider: str) -> None:
        self._texts = Texts(folder, [row["source_id"] for row in study.sources.cells])
        self._codebook = latest_rows(study.codebook.cells, "code_id")
        self._located = {
            row["coding_id"]: row for row in read_made(folder, f"{PROCESSED}/located_codings.csv", LOCATED_CODINGS)
        }
        self._memos = {row["coding_id"]: row["memo"] for rows in study.codings.values() for row in rows.cells}
        rows = read_made(folder, f"{PROCESSED}/disagreements.csv", DISAGREEMENTS)
        self._disputes = self._gather(study, rows, decider)

    def _gather(self, study: Study, rows: Sequence[Cells], decider: str) -> dict[str, Dispute]:
        """Return the disputes of models alone that nobody else has settled."""
        models = {name for name, row in list_people(study).items() if row["kind"] == MODEL}
        others = [row for row in study.adjudications.cells if row["decided_by"] != decider]
        judged = judge_codings([{"coding_id": coding_id} for coding_id in self._memos], others)
        units: dict[str, list[Cells]] = {}
        for row in rows:
            units.setdefault(f"{row['round']}:{row['unit_id']}", []).append(row)
        code_of = {coding_id: follow_code(r["given_code_id"], self._codebook) for coding_id, r in self._located.items()}
        found = {}
        for unit, sides in units.items():
            disputed = [one for one in list_disputed(sides, code_of) if one in self._memos]
            is_open = disputed and not any(one in judged for one in disputed)
            if is_open and sides[0]["segment_id"] and {side["coder"] for side in sides} <= models:
                found[unit] = Dispute(sides[0]["segment_id"], tuple(sorted(disputed, key=_mix)))
        return found

    def list_units(self) -> Sequence[str]:
        """Return the disputed units whose text is at hand."""
        segments = self._texts.segments
        return [
            unit
            for unit, one in self._disputes.items()
            if one.segment_id in segments and self._texts.has_text(segments[one.segment_id]["source_id"])
        ]

    def show(self, unit: str) -> Shown:
        """Return the passage with its disputed codings, and the codes that are named or may be given."""
        dispute = self._disputes[unit]
        segment = self._texts.segments[dispute.segment_id]
        text = self._texts.words_of(segment["source_id"]).text
        page, codings = self._texts.describe(segment), []
        for letter, coding_id in _letter(dispute):
            row = self._located[coding_id]
            page.append((f"words of {letter}", text[int(row["start"] or 0) : int(row["end"] or 0)]))
            codings.append({"letter": letter, "code_id": follow_code(row["given_code_id"], self._codebook)})
            page.append((f"memo of {letter}", self._memos[coding_id]))
        codes = [{name: row[name] for name in OF_CODE} for row in self._list_codes()]
        return Shown({"codings": codings, "codes": codes}, page, self._describe_schema(dispute))

    def _list_codes(self) -> list[Cells]:
        return [row for row in self._codebook.values() if row["status"] == "active"]

    def _describe_schema(self, dispute: Dispute) -> Answer:
        verdict = {
            "reason": {"type": "string"},
            "verdict": {"type": "string", "enum": list(VERDICTS)},
            "code_id": {"type": "string", "enum": ["", *(row["code_id"] for row in self._list_codes())]},
        }
        return describe_object({letter: describe_object(verdict) for letter, _ in _letter(dispute)})

    def keep(self, unit: str, answer: Answer, shown: Shown) -> Answer:
        """Return the verdicts with the codings that they are about."""
        dispute, kept = self._disputes[unit], {}
        for letter, coding_id in _letter(dispute):
            said = answer[letter]
            is_recoded = said["verdict"] == "recoded"
            code = follow_code(self._located[coding_id]["given_code_id"], self._codebook)
            if is_recoded and said["code_id"] in ("", code):
                raise RefusedError("no_other_code", f"{letter} is recoded: name another code than the one it has")
            reason = hide_words(said["reason"], shown.words)
            kept[coding_id] = {
                "verdict": said["verdict"],
                "code_id": said["code_id"] if is_recoded else "",
                "reason": reason,
            }
        return {"verdicts": kept}


def _letter(dispute: Dispute) -> list[tuple[str, str]]:
    return [(f"coding_{number}", coding_id) for number, coding_id in enumerate(dispute.coding_ids, start=1)]


def _mix(coding_id: str) -> str:
    return hashlib.sha256(coding_id.encode("utf-8")).hexdigest()


class SettlingMaker(Undecided):
    """Rows of adjudications."""

    def decide(self, answers: Sequence[Answer]) -> Decision:
        """Return of each coding what more than half of the answers say of it; others stay open."""
        decided: Answer = {}
        for coding_id in answers[0]["verdicts"]:
            said = [answer["verdicts"][coding_id] for answer in answers]
            most = find_most([f"{one['verdict']} {one['code_id']}" for one in said])
            if most:
                decided[coding_id] = next(one for one in said if f"{one['verdict']} {one['code_id']}" == most)
        if not decided:
            raise RefusedError("no_majority", "no more than half of the answers agree on any coding")
        words = "; ".join(" ".join(filter(None, [k, one["verdict"], one["code_id"]])) for k, one in decided.items())
        same = sum(
            all(_tell(answer["verdicts"][key]) == _tell(one) for key, one in decided.items()) for answer in answers
        )
        return Decision({"verdicts": decided}, words, same)

    def make_rows(self, settled: Settled, number: Number) -> Rows:
        """Return a row for each coding; a later row on the same coding is in force."""
        first = number(ADJUDICATIONS_FILE)
        rows: list[Row] = [
            {
                "adjudication_id": f"{name_ids(settled.decider)}-j{first + i:04d}",
                "coding_ids": coding_id,
                "verdict": one["verdict"],
                "code_id": one["code_id"],
                "reason": store_words(one["reason"]) or "no reason given",
                "decided_by": settled.decider,
                "decided_at": settled.at,
            }
            for i, (coding_id, one) in enumerate(settled.decision.answer["verdicts"].items())
        ]
        return {ADJUDICATIONS_FILE: rows}


def _tell(said: Answer) -> tuple[str, str]:
    return said["verdict"], said["code_id"]
