"""Categories as a synthesizer decides them: what the form says becomes rows, and the rows of an undo."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graylit.desk.answers import NO_DECISION
from graylit.desk.sorting.table import SortTables
from graylit.desk.tasks import DecisionError, StaleError
from graylit.desk.watching import Watched, read_peoples
from graylit.study.state import latest_rows, rows_in_force
from graylit.study.study import OPTIONAL_TABLES
from graylit.study.writing import append_rows, extend_table
from graylit.tables.kinds import number_ids, split_ids
from graylit.tables.rows import Cells, Row, store_words
from graylit.tables.synthesis import CATEGORIES

FILE = OPTIONAL_TABLES["categories"][0]
HEADER = ",".join(CATEGORIES.names) + "\n"
SAID = ("name", "description", "guideline_ids")


@dataclass(frozen=True)
class Group:
    """One category as the form has it; `category_id` is '' for a new one."""

    category_id: str
    name: str
    description: str
    guideline_ids: tuple[str, ...]

    @property
    def cells(self) -> Row:
        """Return what it says as cells of the table."""
        said = (store_words(self.name), store_words(self.description), "; ".join(self.guideline_ids))
        return dict(zip(SAID, said, strict=True))


class Categories:
    """The categories of a study, and what one person makes of them."""

    def __init__(self, tables: SortTables) -> None:
        self.tables, folder = tables, tables.visit.folder
        self._rows: Watched[list[Row]] = Watched(folder / FILE, lambda: read_peoples(folder, FILE, CATEGORIES))
        self._done: list[list[Group]] = []  # before each decision that can be undone

    @property
    def can_undo(self) -> bool:
        """Return whether something was decided since the desk was opened."""
        return bool(self._done)

    def list_groups(self) -> list[Group]:
        """Return the categories in force."""
        rows = rows_in_force([{"status": "", **row} for row in self._rows.get()], "category_id").values()
        return [
            Group(row["category_id"], row["name"], row.get("description", ""), tuple(split_ids(row["guideline_ids"])))
            for row in rows
        ]

    def list_free(self) -> list[str]:
        """Return the guidelines in force that are in no category."""
        placed = {one for group in self.list_groups() for one in group.guideline_ids}
        return [guideline_id for guideline_id in self.tables.cards if guideline_id not in placed]

    def tell_version(self) -> str:
        """Return what is different after each change of the categories or of the guidelines."""
        state = [self._rows.get(), sorted(self.tables.cards)]
        return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]

    def decide(self, asked: Mapping[str, object]) -> None:
        """Save the categories that the form has, or take the last saving back; the rows are on disk at return.

        Raises
        ------
        StaleError
            They have changed since the form was shown.
        DecisionError
            What the form says is refused.
        """
        if asked.get("version") != self.tell_version():
            raise StaleError("list of categories")
        before = self.list_groups()
        if asked.get("kind") == "undo":
            if not self._done:
                raise DecisionError("Nothing was decided here since the desk was opened.")
            self._save(self._done[-1])
            self._done.pop()
            return
        if asked.get("kind") != "save":
            raise DecisionError(NO_DECISION)
        self._save(_read_groups(asked.get("groups")))
        self._done.append(before)

    def _save(self, groups: Sequence[Group]) -> None:
        self._require_placeable(groups)
        known = latest_rows(self._rows.get(), "category_id")
        if unknown := [group.category_id for group in groups if group.category_id and group.category_id not in known]:
            raise DecisionError(f"There is no category {unknown[0]!r}.")
        rows = [*self._withdraw(groups), *self._word(groups, known)]
        if not rows:
            raise DecisionError("Nothing was changed.")
        now = self.tables.visit.read_clock()
        while any(known.get(row["category_id"], {}).get("decided_at") == now for row in rows):
            time.sleep(0.05)  # times are whole seconds, and no two rows of a category may have the same one
            now = self.tables.visit.read_clock()
        rows = [row | {"decided_at": now, "decided_by": self.tables.visit.person} for row in rows]
        if faults := CATEGORIES.parse_rows(append_rows(HEADER, rows, CATEGORIES), "the form")[1]:
            raise DecisionError(" ".join(map(str, faults)))
        extend_table(self.tables.visit.folder, FILE, rows, CATEGORIES, HEADER)

    def _require_placeable(self, groups: Sequence[Group]) -> None:
        placed = [one for group in groups for one in group.guideline_ids]
        if twice := sorted({one for one in placed if placed.count(one) > 1}):
            raise DecisionError(f"{twice[0]} is in two categories; leave it in one.")
        if unknown := [one for one in placed if one not in self.tables.cards]:
            raise DecisionError(f"There is no guideline {unknown[0]!r} in force.")
        if unnamed := [group for group in groups if not store_words(group.name)]:
            raise DecisionError(f"Give the category with {', '.join(unnamed[0].guideline_ids) or 'no card'} a name.")
        if empty := [group for group in groups if not group.guideline_ids]:
            raise DecisionError(f"{empty[0].name} has no guideline; take it out.")
        ids = [group.category_id for group in groups if group.category_id]
        if len(set(ids)) < len(ids):
            raise DecisionError(NO_DECISION)

    def _withdraw(self, groups: Sequence[Group]) -> list[Row]:
        kept = {group.category_id for group in groups}
        gone = [group for group in self.list_groups() if group.category_id not in kept]
        return [group.cells | {"category_id": group.category_id, "status": "withdrawn"} for group in gone]

    def _word(self, groups: Sequence[Group], known: Mapping[str, Cells]) -> list[Row]:
        """Return a row for each category that is new, says something else, or comes back."""
        fresh = iter(number_ids(known, len(groups), first="K01"))
        rows = []
        for group in groups:
            row = group.cells | {"category_id": group.category_id or next(fresh), "status": "active"}
            was = known.get(row["category_id"], {})
            is_active = was.get("status", "withdrawn") != "withdrawn"
            if not is_active or any(was.get(name, "") != row[name] for name in SAID):
                rows.append(row)
        return rows


def _read_groups(said: object) -> list[Group]:
    if not isinstance(said, list) or not all(isinstance(one, dict) for one in said):
        raise DecisionError(NO_DECISION)
    return [_read_group(one) for one in said]


def _read_group(one: Mapping[str, object]) -> Group:
    words = [one.get(name) for name in ("category_id", "name", "description")]
    cards = one.get("guideline_ids")
    if not isinstance(cards, list) or not all(isinstance(cell, str) for cell in (*words, *cards)):
        raise DecisionError(NO_DECISION)
    category_id, name, description = (str(cell) for cell in words)
    return Group(category_id, name, description, tuple(cards))
