"""What readers found in the places of guidelines, for and against their claims, for whoever may see it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from graylit.desk.roles import Roles
from graylit.desk.synthesizing.evidence import Evidence
from graylit.desk.synthesizing.written import Written
from graylit.desk.tasks import Visit
from graylit.desk.watching import Watched, read_peoples
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.synthesis.assigning import assign_pairs, list_left, may_see, read_plan
from graylit.synthesis.claims import list_claims, list_pairs
from graylit.synthesis.readings import Pair, carry_over, judge_pairs, list_of_now, list_places, list_successors
from graylit.tables.claims import AGAINST, DISPUTED, NOT_ABOUT, PARTLY, SUPPORTS
from graylit.tables.rows import Cells, Row

SHOWN = (SUPPORTS, PARTLY, AGAINST, NOT_ABOUT, DISPUTED)


class Stands:
    """The readings that count, by guideline and coding; none for a reader before all readers are through."""

    def __init__(self, visit: Visit, study: Study, written: Written, evidence: Evidence) -> None:
        self._person, self._written, self._evidence = visit.person, written, evidence
        self._claims, self._readings = (_watch(visit, name) for name in ("claims", "claim_readings"))
        self._roles, self._plan = Roles(visit.folder), read_plan(study.config)
        codings = [row for rows in study.codings.values() for row in rows.cells]
        self._successors, self._places = list_successors(codings), list_places(codings)

    def _list_readings(self) -> list[Cells]:
        return carry_over(self._readings.get(), self._successors)

    def _list_claims(self) -> dict[str, Cells]:
        return list_claims(self._claims.get(), self._written.in_force("guidelines"))

    @property
    def _is_blind(self) -> bool:
        """Return whether the person reads claims, and not all who do are through."""
        readers = self._roles.name("reader")
        if self._person not in readers:
            return False
        claims = self._list_claims()
        links = [
            {"guideline_id": guideline_id, "coding_id": coding["coding_id"]}
            for guideline_id, row in self._written.in_force("guidelines").items()
            for coding in self._evidence.list_codings(row["code_ids"])
        ]
        pairs = [pair for pair, _ in list_pairs(claims, links)]
        assigned = assign_pairs(pairs, readers, self._plan, self._places)
        left = list_left(assigned, list_of_now(self._list_readings(), claims))
        return not may_see(self._person, {name: left[name] for name in self._roles.name_awaited("reader")})

    @property
    def has_claims(self) -> bool:
        """Return whether places can be told apart by what readers found in them."""
        return not self._is_blind and bool(self._list_claims())

    def _judge(self, guideline_id: str) -> dict[Pair, str]:
        if self._is_blind:
            return {}
        claims = {key: row for key, row in self._list_claims().items() if row["guideline_id"] == guideline_id}
        return {pair: found.reading for pair, found in judge_pairs(self._list_readings(), claims).items()}

    def of(self, guideline_id: str) -> Mapping[str, set[str]]:
        """Return what was found for the claims of a guideline, by coding."""
        found: dict[str, set[str]] = {}
        for (_, coding_id), reading in self._judge(guideline_id).items():
            found.setdefault(coding_id, set()).add(reading)
        return found

    def count_claims(self, guideline_id: str) -> list[dict[str, object]]:
        """Return the claims of a guideline, each with how many codings were read which way."""
        judged = self._judge(guideline_id)
        own = {key: row for key, row in self._list_claims().items() if row["guideline_id"] == guideline_id}
        described: list[dict[str, object]] = []
        for claim_id, row in own.items():
            n = Counter(reading for (read_of, _), reading in judged.items() if read_of == claim_id)
            shown = {reading: n[reading] for reading in SHOWN if n[reading]}
            described.append({"claim_id": claim_id, "wording": row["wording"], "readings": shown})
        return described


def _watch(visit: Visit, name: str) -> Watched[list[Row]]:
    file, contract = OPTIONAL_TABLES[name]
    return Watched(visit.folder / file, lambda: read_peoples(visit.folder, file, contract))
