"""A coder's desk: takes the coder's decisions on each source and adds their rows to the tables.

Everything is read from the tables and written to them at once; the desk itself remembers only what can be undone.
A coder does not see the codings of others.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

from graylit.anchors.places import Place
from graylit.desk.codebook.table import CodebookTable
from graylit.desk.coding import rows as plan
from graylit.desk.coding.own_codings import PASSES_FILE, READINGS_FILE, OwnCodings, View
from graylit.desk.coding.rows import Step
from graylit.desk.coding.shelf import Shelf
from graylit.desk.tasks import DecisionError, StaleError
from graylit.study.checking import require_screened
from graylit.study.writing import NEW_TABLE, check_round, extend_table, fill_place, read_coder, require_tidy
from graylit.tables.coding import CODINGS, PASSES, READINGS
from graylit.tables.kinds import number_ids
from graylit.tables.names import name_ids
from graylit.tables.rows import Cells, Row


class Desk:
    """One coder at work on one study."""

    def __init__(self, folder: Path, coder: str, asked_round: str, read_clock: Callable[[], str]) -> None:
        check_round(asked_round)
        study = require_screened(folder)
        self.folder, self.coder, self.title = folder, read_coder(coder, study.codings), study.config["title"]
        own = [rows for name, rows in study.codings.items() if name == self.coder]
        require_tidy([*own, study.passes, study.readings])
        self.is_new = self.coder not in study.codings
        self.shelf = Shelf(folder, study)
        self.codes = CodebookTable(folder, self.coder, read_clock)
        self.is_open = study.config.get("has_open_coding") is True
        self.own = OwnCodings(folder, self.coder, self.shelf, asked_round)
        self._read_clock = read_clock
        self._done: dict[str, list[Step]] = defaultdict(list)
        self._undone: dict[str, list[Step]] = defaultdict(list)

    def can_undo(self, source_id: str) -> tuple[bool, bool]:
        """Return whether a decision on a source can be undone, and whether an undone one can be taken again."""
        return bool(self._done[source_id]), bool(self._undone[source_id])

    def tell_last(self, source_id: str) -> str:
        """Return the row that the next undo on a source takes back; '' if there is none."""
        return self._done[source_id][-1].row.get("coding_id", "") if self._done[source_id] else ""

    # What the coder decides ------------------------------------------------------------------------------------

    def decide(self, source_id: str, version: str, asked: Mapping[str, str]) -> str:
        """Take a decision on a source, as rows that are on disk at return; return the segment it was about.

        Raises
        ------
        StaleError
            The source has changed since the coder saw it.
        DecisionError
            The decision is refused.
        """
        view = self.own.look_at(source_id)
        if version != view.version:
            raise StaleError("source")
        kinds = {"give": self._give, "change": self._change, "remove": self._remove, "leave": self._leave}
        kinds |= {"keep": self._keep}
        kinds |= {"reopen": self._leave, "undo": self._undo, "redo": self._undo, "finish": self._finish}
        if asked.get("kind") not in kinds:
            raise DecisionError("The page asked for something that is no decision; load it again.")
        return kinds[asked["kind"]](source_id, view, defaultdict(str, asked))

    def _give(self, source_id: str, view: View, asked: Mapping[str, str]) -> str:
        plan.require_active(asked["code_id"], self.codes.in_force())
        row = {"source_id": source_id, "code_id": asked["code_id"], "round": str(view.round), "replaces": ""}
        row = plan.fill_remarks(dict.fromkeys(CODINGS.names, "") | row, asked["memo"], asked["confidence"])
        if asked["segment_id"]:
            row = self._place(row, source_id, asked)
        elif self.shelf.has_texts:
            raise DecisionError("Say to which segment the code is to go.")
        self._write(source_id, view, Step(row, None))
        return asked["segment_id"]

    def _place(self, row: Row, source_id: str, asked: Mapping[str, str]) -> Row:
        """Return a row with its place: a segment, or the words in it from `start` to `end`."""
        text = self.shelf.text_of(source_id)
        found = [
            segment for segment in self.shelf.segments_of(source_id) if segment["segment_id"] == asked["segment_id"]
        ]
        if text is None or not found:
            raise DecisionError(f"There is no segment {asked['segment_id']!r} in {source_id}.")
        self.shelf.require_fresh(source_id, text)
        start, end = (asked[name] or found[0][name] for name in ("start", "end"))
        if not (start.isdecimal() and end.isdecimal()):
            raise DecisionError("The place of the words is no place.")
        if not int(found[0]["start"]) <= int(start) < int(end) <= int(found[0]["end"]):
            raise DecisionError("Choose words within one segment.")
        return fill_place(row, (int(start), int(end)), self.shelf.words_of(text))

    def _change(self, source_id: str, view: View, asked: Mapping[str, str]) -> str:
        own = _require_own(view, asked["coding_id"])
        if asked["code_id"] != own["code_id"]:
            plan.require_active(asked["code_id"], self.codes.in_force())
        row = plan.restate_coding(own, asked["code_id"], asked["memo"], asked["confidence"])
        self._write(source_id, view, Step(row, own))
        return view.segment_of.get(own["coding_id"], "")

    def _keep(self, source_id: str, view: View, asked: Mapping[str, str]) -> str:
        """Restate a coding under the definition in force, by the code that took the place of its own."""
        own = _require_own(view, asked["coding_id"])
        plan.require_active(asked["code_id"], self.codes.in_force())
        self._write(source_id, view, Step(plan.keep_coding(own, asked["code_id"]), own))
        return view.segment_of.get(own["coding_id"], "")

    def _remove(self, source_id: str, view: View, asked: Mapping[str, str]) -> str:
        own = _require_own(view, asked["coding_id"])
        self._write(source_id, view, Step(plan.withdraw_coding(own), own))
        return view.segment_of.get(own["coding_id"], "")

    def _leave(self, source_id: str, view: View, asked: Mapping[str, str]) -> str:
        segment_id, decision = asked["segment_id"], "no_code" if asked["kind"] == "leave" else "reopened"
        if segment_id not in {row["segment_id"] for row in self.shelf.segments_of(source_id)}:
            raise DecisionError(f"There is no segment {segment_id!r} in {source_id}.")
        if (segment_id in view.left) == (decision == "no_code"):
            raise DecisionError("Nothing was changed.")
        row = self._add_reading(source_id, view, segment_id, decision)
        self._remember(source_id, Step(row, None))
        return segment_id

    def _undo(self, source_id: str, view: View, asked: Mapping[str, str]) -> str:
        is_undo = asked["kind"] == "undo"
        taken, kept = (self._done, self._undone) if is_undo else (self._undone, self._done)
        if not taken[source_id]:
            why = "Nothing was decided here since the page was started; remove older codings one by one."
            raise DecisionError(why if is_undo else "Nothing was undone.")
        step = taken[source_id][-1]
        if "decision" in step.row:
            segment_id = step.row["segment_id"]
            decision = "reopened" if step.row["decision"] == "no_code" else "no_code"
            row = self._add_reading(source_id, view, segment_id, decision)
        else:
            if step.row["code_id"] and step.row["coding_id"] not in view.places:
                taken[source_id].pop()
                raise DecisionError(
                    f"{step.row['coding_id']} was replaced elsewhere meanwhile, so it is left as it is."
                )
            row = self._add_coding(source_id, view, plan.take_back(step))
            segment_id = view.segment_of.get(step.row["coding_id"], "")
            if step.before:
                self._rename(source_id, step.before["coding_id"], row)
        taken[source_id].pop()
        kept[source_id].append(Step(row, step.row))
        return segment_id or self.own.look_at(source_id).segment_of.get(row.get("coding_id", ""), "")

    def _finish(self, source_id: str, view: View, asked: Mapping[str, str]) -> str:
        if view.is_finished:
            raise DecisionError(f"{source_id} is finished in round {view.round} already.")
        if lack := self.shelf.explain_lack(source_id):
            raise DecisionError(f"{source_id} cannot be read to its end here: {lack}.")
        row = {"coder": self.coder, "round": str(view.round), "source_id": source_id}
        self._make_table()
        row["finished_at"] = self._read_clock()[:10]
        extend_table(self.folder, PASSES_FILE, [row], PASSES, ",".join(PASSES.names) + "\n")
        return ""

    # The rows --------------------------------------------------------------------------------------------------

    def _write(self, source_id: str, view: View, step: Step) -> None:
        self._remember(source_id, Step(self._add_coding(source_id, view, step.row), step.before))

    def _remember(self, source_id: str, step: Step) -> None:
        self._done[source_id].append(step)
        self._undone[source_id].clear()

    def _rename(self, source_id: str, coding_id: str, row: Row) -> None:
        """Note that a row has replaced one that can be undone, so that the next undo is about the new row."""
        for steps in (self._done[source_id], self._undone[source_id]):
            for i, step in enumerate(steps):
                if step.row.get("coding_id") == coding_id:
                    steps[i] = Step(row, step.before)

    def _add_coding(self, source_id: str, view: View, row: Row) -> Row:
        """Add a row to the coder's table, and return it as it stands there."""
        rows = [*self._move_out(source_id, view, row), row] if row.get("code_id") else [row]
        ids = number_ids(self.own.ids, len(rows), first=f"{name_ids(self.coder)}-0001")
        rows = [
            {**new, "coding_id": i, "coded_at": new.get("coded_at") or self._read_clock()}
            for new, i in zip(rows, ids, strict=True)
        ]
        extend_table(self.folder, self.own.file, rows, CODINGS, NEW_TABLE)
        for moved in rows[:-1]:
            self._rename(source_id, moved["replaces"], moved)
        return dict.fromkeys(CODINGS.names, "") | rows[-1]

    def _move_out(self, source_id: str, view: View, row: Row) -> list[Row]:
        """Return rows that move codings from the row's place, where the table still has them, to where their words are.

        Raises DecisionError if the row's words have the row's code already.
        """
        present = [_with_place(coding, view.places[coding["coding_id"]]) for coding in view.codings]
        if plan.find_same(row, [coding for coding in present if coding]):
            raise DecisionError(f"{row['code_id']} is on these words already.")
        moved = []
        text = self.shelf.text_of(source_id)
        for coding in plan.find_same(row, view.codings):
            place = view.places[coding["coding_id"]]
            if place.span is None or text is None:
                raise DecisionError(
                    f"Your coding {coding['coding_id']} gave {row['code_id']} to words that stood here and are gone: "
                    "remove it first (it is listed above the text)."
                )
            moved.append(plan.move_coding(coding, place, self.shelf.words_of(text)))
        return moved

    def _add_reading(self, source_id: str, view: View, segment_id: str, decision: str) -> Row:
        """Add a row to the table of readings, and return it."""
        digests = {row["segment_id"]: row["sha256"] for row in self.shelf.segments_of(source_id)}
        row = {"coder": self.coder, "round": str(view.round), "source_id": source_id, "segment_id": segment_id}
        row |= {"segment_sha256": digests[segment_id], "decision": decision, "read_at": self._read_clock()}
        while any(all(old[name] == row[name] for name in READINGS.key) for old in self.own.readings_of(source_id)):
            time.sleep(0.05)  # times are whole seconds, and no two rows on a segment may have the same one
            row["read_at"] = self._read_clock()
        self._make_table()
        extend_table(self.folder, READINGS_FILE, [row], READINGS, ",".join(READINGS.names) + "\n")
        return row

    def _make_table(self) -> None:
        """Make the coder's table if it is missing, since other tables may only name coders who have one."""
        if not (self.folder / self.own.file).exists():
            extend_table(self.folder, self.own.file, [], CODINGS, NEW_TABLE)


def _require_own(view: View, coding_id: str) -> Cells:
    found = [row for row in view.codings if row["coding_id"] == coding_id]
    if not found:
        raise DecisionError(f"The coding {coding_id!r} is not in force here.")
    return found[0]


def _with_place(row: Cells, place: Place) -> Row | None:
    """Return a coding as if it had been given where its words stand now, or None if they are gone."""
    if place.start is None:
        return dict(row) if plan.is_of_whole(row) else None
    return {**row, "start": str(place.start), "end": str(place.end)}
