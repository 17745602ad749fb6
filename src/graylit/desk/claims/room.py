"""What the tasks of claims have in common: claims, their pairs, the readings of all, and who may see them when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from graylit.desk.claims.places import Places
from graylit.desk.tasks import DecisionError, Visit
from graylit.desk.watching import Growing, Watched, read_peoples
from graylit.study.people import list_models, name_awaited, name_deciders
from graylit.study.state import latest_rows
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.study.writing import extend_table
from graylit.synthesis.assigning import assign_pairs, list_left, read_plan
from graylit.synthesis.assigning import may_see as may_see_readings
from graylit.synthesis.claims import list_claims, list_pairs
from graylit.synthesis.readings import Pair, carry_over, group_pairs, leave_outranked, list_current, list_of_now
from graylit.tables.claims import READINGS
from graylit.tables.kinds import MOST_DIGITS
from graylit.tables.names import name_ids
from graylit.tables.rows import Cells, Row, store_words

CLAIMS_FILE, CLAIMS = OPTIONAL_TABLES["claims"]
READINGS_FILE, CLAIM_READINGS = OPTIONAL_TABLES["claim_readings"]
PEOPLE_FILE, PEOPLE = OPTIONAL_TABLES["people"]
HEADER = ",".join(CLAIM_READINGS.names) + "\n"
WAITING = "opens as soon as all readers are through"
MARK = "-r"  # between the name and the number of an id that the desk gives
MOST_SIGNS = 5_000  # of a reason: chosen, a page of text


@dataclass(frozen=True)
class Stand:
    """The claims of a study as they stand now: pairs to be read, who reads which, and what was read."""

    claims: dict[str, Cells]
    links: dict[Pair, Cells]
    readers: list[str]
    assigned: dict[str, list[Pair]]
    places: dict[str, str]  # by coding
    rows: list[Cells]  # of readings, in force or not; those of models only where no person has read
    awaited: list[str]  # the readers for whom others wait

    @cached_property
    def current(self) -> list[Cells]:
        """The readings in force, whatever the words of the claim were."""
        return list_current(self.rows)

    @cached_property
    def of_now(self) -> list[Cells]:
        """The readings in force of the claims as they are worded now."""
        return list_of_now(self.rows, self.claims)

    @cached_property
    def of_pair(self) -> dict[Pair, list[Cells]]:
        """The readings of `of_now` by pair."""
        return group_pairs(self.of_now)

    @cached_property
    def of_place(self) -> dict[tuple[str, str], list[Pair]]:
        """The pairs by claim and place: coders may have coded the very same words, which are read once."""
        places: dict[tuple[str, str], list[Pair]] = {}
        for claim_id, coding_id in self.links:
            places.setdefault((claim_id, self._place(coding_id)), []).append((claim_id, coding_id))
        return places

    def _place(self, coding_id: str) -> str:
        return self.places.get(coding_id, coding_id)

    def list_twins(self, pair: Pair) -> list[Pair]:
        """Return the other pairs of the same claim and the very same words."""
        return [other for other in self.of_place[pair[0], self._place(pair[1])] if other != pair]

    @cached_property
    def left(self) -> dict[str, list[Pair]]:
        """What each of the readers for whom others wait has still to read."""
        left = list_left(self.assigned, self.of_now)
        return {name: left[name] for name in self.awaited}


class Room:
    """The claims of a study, as one person's desk reads them."""

    def __init__(self, visit: Visit, study: Study) -> None:
        folder = visit.folder
        self.visit, self.places, self.plan = visit, Places(visit, study), read_plan(study.config)
        self.min_publishers: int = study.config["synthesis"]["min_publishers"]
        self._claims = Watched(folder / CLAIMS_FILE, lambda: read_peoples(folder, CLAIMS_FILE, CLAIMS))
        self._people = Watched(
            folder / PEOPLE_FILE, lambda: latest_rows(read_peoples(folder, PEOPLE_FILE, PEOPLE), "decider")
        )
        self._table = Growing(folder, READINGS_FILE, CLAIM_READINGS)
        self._rows: list[Cells] = []  # as they are written
        self._carried: tuple[tuple[object, ...], list[Cells]] = ((), [])  # of the codings that are in force
        self._made_of: tuple[object, ...] = ()
        self._stand: Stand | None = None
        self.n_seen = 0  # how often the person has looked at what others read

    @property
    def claim_rows(self) -> list[Row]:
        """Return the rows of claims, in their order."""
        return self._claims.get()

    def look(self) -> Stand:
        """Return how the claims stand now; the same object as long as no table has changed."""
        is_anew, new = self._table.read_new()
        if is_anew:
            self._carried = ((), [])
        if is_anew or new:
            self._rows = [*new] if is_anew else [*self._rows, *new]
        made_of = (self._claims.get(), self._people.get(), self.places.list_links(), self._carry())
        if self._stand is None or any(old is not now for old, now in zip(self._made_of, made_of, strict=True)):
            self._made_of, self._stand = made_of, self._take_stock(self._stand)
        return self._stand

    def _carry(self) -> list[Cells]:
        """Return the readings of the codings in force: the same list, of the same rows, until a table changes."""
        made_of, (before, carried) = (self._rows, self.places.successors), self._carried
        if not before or before[1] is not made_of[1]:
            carried = carry_over(self._rows, made_of[1])
        elif before[0] is not made_of[0]:
            carried = [*carried, *carry_over(self._rows[len(carried) :], made_of[1])]
        self._carried = (made_of, carried)
        return carried

    def _take_stock(self, before: Stand | None) -> Stand:
        claims = list_claims(self.claim_rows, self.places.guidelines)
        links = dict(list_pairs(claims, self.places.list_links()))
        readers, places = name_deciders(self._people.get(), "reader"), self.places.by_coding
        is_same = before is not None and (before.readers, before.links.keys()) == (readers, links.keys())
        assigned = before.assigned if before and is_same else assign_pairs(list(links), readers, self.plan, places)
        awaited, models = name_awaited(self._people.get(), "reader"), list_models(self._people.get().values())
        return Stand(claims, links, readers, assigned, places, leave_outranked(self._carry(), models), awaited)

    def may_see(self) -> bool:
        """Return whether the person may see what others read: a reader, only if all are through."""
        return may_see_readings(self.visit.person, self.look().left)

    def require_seeing(self) -> None:
        """Raise DecisionError if the person may not see what others read; from now on, they have."""
        if not self.may_see():
            raise DecisionError(f"You read still, so you do not see what others found: this {WAITING}.")
        self.n_seen += 1

    def can_change(self) -> bool:
        """Return whether a reader may read anew: not after all are through, unless there is nobody else."""
        stand = self.look()
        return stand.readers == [self.visit.person] or any(stand.left.values())

    def require_pair(self, claim_id: str, coding_id: str) -> Pair:
        """Return a pair of the study. Raises DecisionError if it is none."""
        pair = (claim_id, coding_id)
        if pair not in self.look().links:
            raise DecisionError(f"There is no pair of {claim_id or 'a claim'} and {coding_id or 'a coding'} to read.")
        return pair

    def describe_pair(self, pair: Pair) -> dict[str, object]:
        """Return a claim and a place to read it against, without anything that somebody read."""
        stand = self.look()
        claim, link = stand.claims[pair[0]], stand.links[pair]
        guideline = self.places.guidelines[claim["guideline_id"]]
        shown = {name: guideline[name] for name in ("guideline_id", "name", "statement")}
        return {"claim_id": pair[0], "wording": claim["wording"], "guideline": shown} | self.places.describe(link)

    def add(self, given: Sequence[tuple[Pair, Row]]) -> list[Cells]:
        """Add readings of pairs by the person, all of them at once, and return them as they are on disk."""
        start = name_ids(self.visit.person)
        numbers = [row["reading_id"].rpartition(MARK) for row in self.look().rows]
        last = max(
            (int(n) for mine, _, n in numbers if mine == start and n.isdecimal() and len(n) <= MOST_DIGITS), default=0
        )
        now = {"reader": self.visit.person, "read_at": self.visit.read_clock()}
        rows = [
            row | {"reading_id": f"{start}{MARK}{number:04d}", "claim_id": pair[0], "coding_id": pair[1]} | now
            for number, (pair, row) in enumerate(given, start=last + 1)
        ]
        extend_table(self.visit.folder, READINGS_FILE, rows, CLAIM_READINGS, HEADER)
        added = {row["reading_id"] for row in rows}
        return [row for row in self.look().rows if row["reading_id"] in added]


def fill_reading(reading: str, reason: str) -> Row:
    """Return a row with what was read, and why. Raises DecisionError if it is no reading."""
    if reading not in READINGS:
        raise DecisionError(f"A reading is one of {', '.join(READINGS)}.")
    if len(reason) > MOST_SIGNS:
        raise DecisionError(f"A reason has {MOST_SIGNS:,} signs at most.")
    return dict.fromkeys(CLAIM_READINGS.names, "") | {"reading": reading, "reason": store_words(reason)}


def enter_room(visit: Visit, study: Study) -> Room:
    """Return the room of a visit, which all its tasks of claims share."""
    room = visit.shared.get("claims")
    if not isinstance(room, Room):
        room = visit.shared["claims"] = Room(visit, study)
    return room
