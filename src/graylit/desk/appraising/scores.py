"""Rows of quality.csv that the desk adds: scores and settlements, each on disk at return, and their undoing.

Everything is read from the table; the desk itself remembers only what can be undone.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from graylit.desk.tasks import DecisionError, StaleError, Visit
from graylit.desk.watching import Watched, read_peoples
from graylit.study.appraisals import Appraisals, read_appraisals
from graylit.study.people import list_people, name_awaited, name_deciders
from graylit.study.state import latest_rows
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.study.writing import extend_table
from graylit.tables.appraisal import CHECKLIST, Item, list_items
from graylit.tables.kinds import split_ids
from graylit.tables.people import PEOPLE
from graylit.tables.rows import Cells, Row, store_words
from graylit.tables.sources import QUALITY

FILE, CHECKLIST_FILE, PEOPLE_FILE = (OPTIONAL_TABLES[name][0] for name in ("quality", "checklist", "people"))
PLACE = ("source_id", "appraiser", "item", "appraised_at")


@dataclass(frozen=True)
class Step:
    """A row that was added, and the one in force before it (None if none was), to undo it."""

    row: Row
    before: Cells | None


@dataclass
class Scores:
    """The scores of a study, and those that one person adds."""

    visit: Visit
    sources: Mapping[str, Cells]
    _table: Watched[list[Row]]
    _checklist: Watched[dict[str, Item]]
    _people: Watched[dict[str, Cells]]
    _done: dict[str, list[Step]] = field(default_factory=dict)

    @property
    def person(self) -> str:
        """Return who sits at the desk."""
        return self.visit.person

    @property
    def items(self) -> dict[str, Item]:
        """Return the questions of the checklist as it is now."""
        return self._checklist.get()

    @property
    def rows(self) -> Sequence[Cells]:
        """Return all rows, in their order."""
        return self._table.get()

    def list_own(self, source_id: str = "") -> list[Cells]:
        """Return the person's own scores in their order, settlements aside: of one source, or of all."""
        return [
            row
            for row in self.rows
            if row["appraiser"] == self.person and not row["settles_scores_of"] and source_id in ("", row["source_id"])
        ]

    def read_own(self) -> Appraisals:
        """Return the person's own scores in force; nobody else's are looked at."""
        return read_appraisals(self.list_own())

    def read_all(self) -> Appraisals:
        """Return the scores and settlements of everybody in force."""
        return read_appraisals(self.rows)

    @property
    def is_appraiser(self) -> bool:
        """Return whether the person is one of those who appraise, as the table of people says now."""
        return self.person in self._list_assigned()

    def _list_assigned(self) -> list[str]:
        return name_deciders(self._people.get(), "appraiser")

    def list_through(self, found: Appraisals) -> list[str]:
        """Return the sources that all who appraise, two at least, have scored by all questions."""
        assigned = set(name_awaited(self._people.get(), "appraiser"))
        if len(assigned) < 2:
            return []
        return [
            source_id for source_id in self.sources if assigned <= set(found.list_appraisers(source_id, self.items))
        ]

    def are_through(self, found: Appraisals) -> bool:
        """Return whether all who appraise, two at least, have scored every source by all questions."""
        return len(self.list_through(found)) == len(self.sources)

    def require(self, source_id: str, item: str, score: str) -> None:
        """Raise DecisionError if there is no such source, question or score."""
        if source_id not in self.sources:
            raise DecisionError(f"There is no source {source_id!r} in this study.")
        if item not in self.items:
            raise DecisionError(f"There is no question {item!r} in the checklist.")
        if score not in [known for known, _ in self.items[item].scores]:
            raise DecisionError(f"{score!r} is no score of {item}.")

    def add(self, row: Mapping[str, str], before: Cells | None, key: str) -> None:
        """Add a row to the table, and note it under a key as what the next undo there takes back."""
        self._done.setdefault(key, []).append(Step(self._write(row), before))

    def can_undo(self, key: str) -> bool:
        """Return whether something was decided under a key since the desk was opened."""
        return bool(self._done.get(key))

    def undo(self, key: str) -> Row:
        """Take back the last decision under a key by a row that restates what was before; return the row taken back."""
        if not self.can_undo(key):
            raise DecisionError("Nothing was decided here since the desk was opened; score again instead.")
        step = self._done[key][-1]
        blank = {name: step.row[name] for name in ("source_id", "item", "settles_scores_of")}
        before = {name: step.before[name] for name in ("score", "note")} if step.before else {}
        self._write(blank | before)
        self._done[key].pop()
        return step.row

    def _write(self, row: Mapping[str, str]) -> Row:
        """Return a row as it stands at the end of the table."""
        whole = dict.fromkeys(QUALITY.names, "") | {**row, "appraiser": self.person}
        whole["note"] = store_words(whole["note"])
        whole["appraised_at"] = self.visit.read_clock()
        places = {tuple(known[name] for name in PLACE) for known in self.rows}
        while tuple(whole[name] for name in PLACE) in places:
            time.sleep(0.05)  # times are whole seconds, and no two rows on a question may have the same one
            whole["appraised_at"] = self.visit.read_clock()
        extend_table(self.visit.folder, FILE, [whole], QUALITY, ",".join(QUALITY.names) + "\n")
        return whole


def open_scores(visit: Visit, study: Study) -> Scores:
    """Return the scores of a study, for a person to add to."""
    folder = visit.folder
    table = Watched(folder / FILE, lambda: read_peoples(folder, FILE, QUALITY))
    checklist = Watched(folder / CHECKLIST_FILE, lambda: list_items(read_peoples(folder, CHECKLIST_FILE, CHECKLIST)))
    people = Watched(folder / PEOPLE_FILE, lambda: latest_rows(read_peoples(folder, PEOPLE_FILE, PEOPLE), "decider"))
    return Scores(visit, {row["source_id"]: row for row in study.sources.cells}, table, checklist, people)


def has_role(visit: Visit, study: Study, role: str) -> bool:
    """Return whether the person at the desk has a role."""
    return role in split_ids(list_people(study).get(visit.person, {}).get("roles", ""))


def require_version(version: str, shown: str, thing: str) -> None:
    """Raise StaleError if what a decision was taken on is not what is there now."""
    if version != shown:
        raise StaleError(thing)


def name_version(rows: Iterable[Cells], items: Mapping[str, Item]) -> str:
    """Return what is new after every change of some rows, or of the checklist."""
    state = [[dict(row) for row in rows], [vars(item) for item in items.values()]]
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]


def describe_item(item: Item) -> dict[str, object]:
    """Return a question as pages show it; its scores in the order of their keys."""
    scores = [{"score": score, "words": words} for score, words in item.scores]
    return {"item": item.item, "area": item.area, "question": item.question, "scores": scores}
