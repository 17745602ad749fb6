"""Other people's ids, and what they are called in a study: valid, each once, and theirs kept beside.

The rule: an id that can stay stays. Otherwise every sign that an id cannot have becomes '-', and a letter goes in front
if it starts with none. If that is empty, longer than 40 signs or taken, it is the letter and the next free number.
Ids that differ in upper and lower case only are taken for two, and the second gets a number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from graylit.tables.faults import suggest_name
from graylit.tables.kinds import KINDS
from graylit.tables.names import fold_name

MAX_HINTS = 50  # names for which a close one is looked for: chosen; more faults than that have one cause
MAX_MADE = 40  # signs of an id that was made of theirs: chosen; a title made an id is worse to read than a number


class Ids:
    """The ids of one kind of thing, by what others call it; `letter` starts those that are made."""

    def __init__(self, letter: str, kind: str = "id", reserved: Iterable[str] = ()) -> None:
        self._letter, self._kind = letter, KINDS[kind]
        self._ours: dict[str, str] = {}
        self._also: dict[str, set[str]] = {}
        self._taken = set(reserved)
        self._hints: dict[str, str] = {}
        self._last = 0

    def add(self, theirs: str, also: Iterable[str] = ()) -> str:
        """Return our id for theirs, a new one if it has none; `also` are other names by which it is found.

        Names of people that differ in blanks or in the form of Unicode only are one: no reader can tell them apart.
        """
        theirs = _compose(theirs) if self._kind is KINDS["person"] else theirs
        if theirs not in self._ours:
            ours = self._make(theirs)
            self._taken.add(fold_name(ours))
            self._ours[theirs] = ours
        for name in filter(None, also):
            self._also.setdefault(name, set()).add(self._ours[theirs])
        return self._ours[theirs]

    def number(self, name: str, also: Iterable[str] = (), width: int = 1) -> str:
        """Return our id for what has a name and no id: the letter and the next number, of `width` digits at least."""
        if name not in self._ours:
            self._ours[name] = self._next(width)
            self._taken.add(fold_name(self._ours[name]))
        return self.add(name, also)

    def claim(self, wanted: str) -> str:
        """Return an id that nothing has, made of the one that is wanted; it stays if it can."""
        ours = self._make(wanted)
        self._taken.add(fold_name(ours))
        return ours

    def call(self, theirs: str, ours: str) -> None:
        """Have what has an id of ours be found by theirs."""
        self._ours.setdefault(theirs, ours)

    def keep(self, ids: Iterable[str]) -> None:
        """Have ids that can stay reserved, so that none made before them takes their place."""
        for theirs in ids:
            if theirs not in self._ours and self._can_stay(theirs):
                self._ours[theirs] = theirs
                self._taken.add(fold_name(theirs))

    def find(self, name: str) -> str | None:
        """Return our id of what others call so; None if nothing is called so, or several things are."""
        if name in self._ours:
            return self._ours[name]
        known = self._also.get(name, set())
        return next(iter(known)) if len(known) == 1 else None

    def explain(self, name: str, table: str) -> str:
        """Return why a name leads to nothing in a table, in words that go on 'it …'."""
        if len(self._also.get(name, ())) > 1:
            return f"names {len(self._also[name])} of the {table}: {', '.join(sorted(self._also[name]))}"
        if name not in self._hints:  # a close name among thousands takes time to find
            is_looked_for = len(self._hints) < MAX_HINTS
            self._hints[name] = suggest_name(name, [*self._ours, *self._also]) if is_looked_for else ""
        return f"is none of the {table}{self._hints[name]}"

    def list_ids(self) -> Iterator[tuple[str, str]]:
        """Yield theirs and ours."""
        yield from self._ours.items()

    def _can_stay(self, theirs: str) -> bool:
        return bool(theirs) and self._kind.is_valid(theirs) and fold_name(theirs) not in self._taken

    def _make(self, theirs: str) -> str:
        for kept in (theirs, _compose(theirs)):
            if self._can_stay(kept):
                return kept
        plain = unicodedata.normalize("NFKD", theirs)
        plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
        made = re.sub(r"[^A-Za-z0-9_.]+", "-", plain).strip("-")
        made = made if re.match(r"[A-Za-z]", made) or not made else self._letter + made
        if made and len(made) <= MAX_MADE and self._can_stay(made):
            return made
        return self._next(1)

    def _next(self, width: int) -> str:
        while True:
            self._last += 1
            made = f"{self._letter}{self._last:0{width}d}"
            if self._can_stay(made):
                return made


def _compose(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())
