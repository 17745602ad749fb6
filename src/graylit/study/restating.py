"""Codings that wait for their coder to look at them again, since their code was merged, split or defined anew.

Nothing remembers them: they follow from the rows of the codebook and of the coders. A coding waits until a later row
takes its place, under the definitions in force.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graylit.pages.wording import agree, count_things
from graylit.study.state import codings_in_force, is_by, judge_codings
from graylit.tables.faults import Fault, name_command
from graylit.tables.kinds import split_ids
from graylit.tables.names import quote_name
from graylit.tables.rows import Cells

if TYPE_CHECKING:
    from graylit.study.study import Study

WORDING = ("definition", "include_when", "exclude_when")  # what a code means; its name is a label
MERGED, SPLIT, RETIRED, SHARPENED = "merged", "split", "retired", "sharpened"


@dataclass(frozen=True)
class Waiting:
    """A coding that waits: why, the row of the codebook by which it was given, and the codes that took its place."""

    coding: Cells
    why: str  # merged, split, retired or sharpened
    before: Cells
    now: tuple[Cells, ...]  # the code itself, the one it was merged into, those it was split into, or none


class Codebook:
    """The rows of a codebook: those in force, and those that were in force when something was coded."""

    def __init__(self, rows: Iterable[Cells]) -> None:
        self._rows: dict[str, list[Cells]] = {}
        for row in rows:
            self._rows.setdefault(row["code_id"], []).append(row)
        self.in_force = {code_id: of_code[-1] for code_id, of_code in self._rows.items()}

    def row_at(self, code_id: str, when: str) -> Cells:
        """Return the row of a code that was in force at a time: its first one, if the time lies before all of them."""
        by_then = [row for row in self._rows[code_id] if is_by(row["decided_at"], when)]
        return by_then[-1] if by_then else self._rows[code_id][0]

    def list_heirs(self, code_id: str) -> list[str]:
        """Return the codes in use that a code leads to: itself, or those that took its place, each once."""
        heirs: dict[str, None] = {}
        seen: set[str] = set()
        open_ids = [code_id]
        while open_ids:
            one = open_ids.pop(0)
            row = self.in_force.get(one)
            if row is None or one in seen:
                continue
            seen.add(one)
            if row["status"] == "retired":
                open_ids += split_ids(row["replaced_by"])
            else:
                heirs[one] = None
        return list(heirs)

    def find_change(self, code_id: str, when: str) -> str:
        """Return what has become of a code since it was given at a time ('' is not known); '' if nothing has."""
        row = self.in_force.get(code_id)
        if row is None:
            return ""
        if row["status"] == "retired":
            heirs = self.list_heirs(code_id)
            if len(heirs) == 1:  # a merge is followed meanwhile; one that a coding came after is a remark of its own
                return "" if is_by(row["decided_at"], when) else MERGED
            return SPLIT if heirs else RETIRED
        before = self.row_at(code_id, when)
        return SHARPENED if any(before[name] != row[name] for name in WORDING) else ""


def list_waiting(codings: Iterable[Cells], codebook: Codebook, judged: Mapping[str, Cells]) -> list[Waiting]:
    """Return those of a coder's codings in force that wait; `judged` are the adjudications in force, by coding_id.

    A coding that fell does not wait. One that was adjudicated has the code, and the time, of its adjudication.
    """
    found = []
    for coding in codings:
        ruling = judged.get(coding["coding_id"])
        if ruling and ruling["verdict"] == "falls":
            continue
        code_id, when = coding["code_id"], coding["coded_at"]
        if ruling:
            code_id, when = ruling["code_id"] or code_id, ruling["decided_at"]
        if why := codebook.find_change(code_id, when):
            now = tuple(codebook.in_force[heir] for heir in codebook.list_heirs(code_id))
            found.append(Waiting(coding, why, codebook.row_at(code_id, when), now))
    return found


def list_waiting_of(study: Study, coder: str) -> list[Waiting]:
    """Return the codings of a coder of a study that wait; those of sources swapped out are left aside."""
    passes = [row for row in study.passes.cells if row["coder"] == coder]
    in_force = codings_in_force(study.codings[coder].cells, passes)
    codings = [row for row in in_force if row["source_id"] not in study.former]
    return list_waiting(codings, Codebook(study.codebook.cells), judge_codings(codings, study.adjudications.cells))


def remark_waiting(study: Study) -> list[Fault]:
    """Return a remark for each coder whose codings wait, with how many of which codes."""
    return [
        _remark(coder, study.codings[coder].file, waiting)
        for coder in study.codings
        if (waiting := list_waiting_of(study, coder))
    ]


def _remark(coder: str, file: str, waiting: Sequence[Waiting]) -> Fault:
    counts = Counter((one.before["code_id"], one.why) for one in waiting)
    codes = ", ".join(f"{code_id} {why} ({n})" for (code_id, why), n in sorted(counts.items()))
    n, has = count_things(len(waiting), "coding"), agree(len(waiting), "waits", "wait")
    problem = f"{n} of {coder} {has} to be looked at again, since the codebook has changed: {codes}"
    remedy = f"restate, recode or withdraw them: {name_command(f'desk --as {quote_name(coder)}')}"
    return Fault(file, problem, "codings under the definitions in force", remedy)
