"""One sorter at work: rows of card_sorts.csv and sort_sessions.csv, each on disk at return, and their undoing."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Iterable, Mapping

from graylit.desk.answers import NO_DECISION
from graylit.desk.sorting.table import SESSIONS_FILE, SORTS_FILE, SortTables
from graylit.desk.tasks import DecisionError, StaleError
from graylit.study.card_sorts import list_given_piles, name_kind
from graylit.study.cards import name_card
from graylit.study.writing import extend_table
from graylit.synthesis.piles import draw_order, list_counted, list_unsorted
from graylit.tables.card_sorting import BEGUN, CARD_SORTS, CLOSED, FINISHED, SORT_SESSIONS
from graylit.tables.names import compose_name, fold_name
from graylit.tables.rows import Cells, store_words

UNNAMED = "unnamed"
_PROVISIONAL = re.compile(rf"{UNNAMED} [0-9]+")
MOST_SIGNS = 100  # of a pile's name: chosen, more than a heading has
_SORTS_HEADER, _SESSIONS_HEADER = (",".join(contract.names) + "\n" for contract in (CARD_SORTS, SORT_SESSIONS))


class Sorter:
    """The cards and piles of one person, and what becomes of decisions."""

    def __init__(self, tables: SortTables) -> None:
        self.tables, self.name = tables, tables.visit.person
        self._done: list[dict[str, str]] = []  # of each decision that can be undone: where its cards lay before

    # What there is -----------------------------------------------------------------------------------------------

    @property
    def piles(self) -> dict[str, str]:
        """Return the pile of each card in force that lies on one of the sorter's."""
        lying, cards = self.tables.read_piles(self.name).get(self.name, {}), self.tables.cards
        return {card: pile for card, pile in lying.items() if card in cards}

    @property
    def session(self) -> Cells:
        """Return the session in force; one that is still to begin if there is none."""
        config = self.tables.config
        fresh = {"status": "", "kind": name_kind(config), "seed": str(config["seed"]), "way": "desk", "note": ""}
        return self.tables.read_sessions().get(self.name, fresh)

    @property
    def given(self) -> list[str]:
        """Return the piles that are given in a closed sort; none in an open one."""
        return list_given_piles(self.tables.config) if self.session["kind"] == CLOSED else []

    @property
    def is_finished(self) -> bool:
        """Return whether the sorter has said so, or sorted before sessions were recorded, and no card is left."""
        counted = list_counted({self.name: self.piles}, self.tables.read_sessions())
        return bool(counted) and not self.list_left()

    @property
    def can_undo(self) -> bool:
        """Return whether something can be undone."""
        return bool(self._done) and self.session["status"] != FINISHED

    def list_left(self) -> list[str]:
        """Return the cards that lie on no pile, in the order that was drawn for the sorter."""
        return list_unsorted(self.piles, draw_order(self.tables.cards, int(self.session["seed"]), self.name))

    def list_piles(self) -> dict[str, list[str]]:
        """Return the piles with their cards, in the order in which they were put there; given ones first."""
        rows = self.tables.list_rows(self.name)
        place = {row["guideline_id"]: number for number, row in enumerate(rows)}
        piles: dict[str, list[str]] = {name: [] for name in self.given}
        for card, pile in sorted(self.piles.items(), key=lambda item: place[item[0]]):
            piles.setdefault(pile, []).append(card)
        return piles

    def tell_version(self) -> str:
        """Return what is different after each decision, and after each change of the cards."""
        cards = [name_card(row) for row in self.tables.cards.values()]
        state = [self.piles, dict(self.session), cards, len(self.tables.list_rows(self.name))]
        return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]

    # What the sorter decides -------------------------------------------------------------------------------------

    def decide(self, asked: Mapping[str, str]) -> None:
        """Take a decision; its rows are on disk at return.

        Raises
        ------
        StaleError
            Something has changed since the page showed it.
        DecisionError
            The decision is refused.
        """
        if asked.get("version") != self.tell_version():
            raise StaleError("card sort")
        kind = asked.get("kind", "")
        if kind == "reopen":
            return self._reopen()
        if self.session["status"] == FINISHED:
            raise DecisionError("You said that you have finished. Go on sorting first, then change it.")
        deciders = {"put": self._put, "rename": self._rename, "merge": self._merge, "finish": self._finish}
        if kind == "undo":
            return self._undo()
        if kind not in deciders:
            raise DecisionError(NO_DECISION)
        return deciders[kind](asked)

    def _put(self, asked: Mapping[str, str]) -> None:
        keys = {name_card(row): guideline_id for guideline_id, row in self.tables.cards.items()}
        card, pile = keys.get(asked.get("card", ""), ""), asked.get("pile", "")
        if not card:
            raise DecisionError("There is no such card any more; load the page again.")
        if pile or "pile" not in asked:
            pile = self._read_name(pile, self.list_piles())
        if self.piles.get(card, "") == pile:
            raise DecisionError("The card lies there already.")
        self._move({card: pile})

    def _rename(self, asked: Mapping[str, str]) -> None:
        pile = self._require_pile(asked.get("pile", ""))
        others = [name for name in self.list_piles() if name != pile]
        name = self._read_name(asked.get("name", ""), others)
        if name in others:
            raise DecisionError(f"There is a pile {name!r} already; merge the two, or take another name.")
        if name == pile:
            raise DecisionError("The pile has that name already.")
        self._move(dict.fromkeys(self.list_piles()[pile], name))

    def _merge(self, asked: Mapping[str, str]) -> None:
        pile, into = self._require_pile(asked.get("pile", "")), self._require_pile(asked.get("into", ""))
        if pile == into:
            raise DecisionError("Name two piles.")
        self._move(dict.fromkeys(self.list_piles()[pile], into))

    def _require_pile(self, name: str) -> str:
        if self.given:
            raise DecisionError("The piles of this sort are given; cards are put on them.")
        if name not in self.list_piles():
            raise DecisionError(f"There is no pile {name!r}.")
        return name

    def _read_name(self, asked: str, known: Iterable[str]) -> str:
        """Return a pile's name as the table holds it; one that is known if it looks like one of these."""
        name = store_words(compose_name(asked))
        if self.given and name not in self.given:
            raise DecisionError(f"The piles of this sort are given: {', '.join(self.given)}.")
        if not name:
            raise DecisionError("Give the pile a name.")
        column = next(column for column in CARD_SORTS.columns if column.name == "pile")
        if len(name) > MOST_SIGNS or not column.accepts(name):
            raise DecisionError(f"A pile cannot have that name: {column.expected}, {MOST_SIGNS} signs at most.")
        return next((one for one in known if fold_name(one) == fold_name(name)), name)

    def _undo(self) -> None:
        if not self.can_undo:
            raise DecisionError("Nothing was decided here since the desk was opened.")
        before = self._done[-1]
        self._write(before)
        self._done.pop()

    def _finish(self, asked: Mapping[str, str]) -> None:
        if left := self.list_left():
            raise DecisionError(f"{len(left)} of {len(self.tables.cards)} cards lie on no pile yet.")
        if unnamed := [name for name in self.list_piles() if _PROVISIONAL.fullmatch(name)]:
            raise DecisionError(f"Give each pile a name first: {', '.join(unnamed)}.")
        self._write_session(FINISHED, store_words(asked.get("note", "")))

    def _reopen(self) -> None:
        if self.session["status"] != FINISHED:
            raise DecisionError("The sort is open.")
        if not self.can_reopen:
            raise DecisionError(
                "All who sort have finished, and may have seen what others did: the sort stays as it is."
            )
        self._write_session(BEGUN, "")

    @property
    def can_reopen(self) -> bool:
        """Return whether a finished sort may be changed: not once all have finished, unless nobody else sorts."""
        return bool(self.tables.list_waiting()) or set(self.tables.list_sorters()) <= {self.name}

    # Rows --------------------------------------------------------------------------------------------------------

    def _move(self, cards: Mapping[str, str]) -> None:
        before = {card: self.piles.get(card, "") for card in cards}
        if self.session["status"] != BEGUN:
            self._write_session(BEGUN, "")
        self._write(cards)
        self._done.append(before)

    def _write(self, cards: Mapping[str, str]) -> None:
        taken = {(row["guideline_id"], row.get("sorted_at", "")) for row in self.tables.list_rows(self.name)}
        now = self.tables.visit.read_clock()
        while any((card, now) in taken for card in cards):
            time.sleep(0.05)  # times are whole seconds, and no two rows on a card may have the same one
            now = self.tables.visit.read_clock()
        rows = [
            {"sorter": self.name, "guideline_id": card, "pile": pile, "sorted_at": now} for card, pile in cards.items()
        ]
        extend_table(self.tables.visit.folder, SORTS_FILE, rows, CARD_SORTS, _SORTS_HEADER)

    def _write_session(self, status: str, note: str) -> None:
        session, now = self.session, self.tables.visit.read_clock()
        while session.get("decided_at") == now:
            time.sleep(0.05)
            now = self.tables.visit.read_clock()
        row = {name: session[name] for name in ("kind", "way", "seed")}
        row |= {"sorter": self.name, "status": status, "note": note, "decided_at": now}
        extend_table(self.tables.visit.folder, SESSIONS_FILE, [row], SORT_SESSIONS, _SESSIONS_HEADER)
