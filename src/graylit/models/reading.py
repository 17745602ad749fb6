"""Checking claims by a model: a claim with one place, and what the words there say of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graylit.models.hiding import hide_words
from graylit.models.screening import describe_object
from graylit.models.tasks import Answer, Decision, Number, RefusedError, Rows, Settled, Shown, Undecided, find_most
from graylit.models.texts import PROCESSED, Texts
from graylit.study.evidence import list_links, list_study_places
from graylit.study.model_remarks import ASIDE
from graylit.study.people import list_people, name_deciders
from graylit.study.state import rows_in_force
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.synthesis.assigning import assign_pairs, read_plan
from graylit.synthesis.claims import list_claims, list_pairs
from graylit.synthesis.readings import Pair, digest_wording
from graylit.tables.claims import READINGS
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.locating import LOST
from graylit.tables.models import CHECK_CLAIMS
from graylit.tables.names import name_ids
from graylit.tables.reading import read_made
from graylit.tables.rows import store_words

CLAIM_READINGS_FILE = OPTIONAL_TABLES["claim_readings"][0]
SHOWN = ("title", "publisher", "source_type", "published")


class ReadingTask:
    """The pairs of a claim and a coding that are a model's to read, as they would be a person's."""

    name, role = CHECK_CLAIMS, "reader"

    def __init__(self, folder: Path, study: Study, decider: str) -> None:
        self._sources = {row["source_id"]: row for row in study.sources.cells}
        self._texts = Texts(folder, list(self._sources))
        located = read_made(folder, f"{PROCESSED}/located_codings.csv", LOCATED_CODINGS)
        self._located = {row["coding_id"]: row for row in located}
        self._claims = list_claims(study.claims.cells, rows_in_force(study.guidelines.cells, "guideline_id"))
        lost = {row["coding_id"] for row in located if row["method"] in LOST or row["standing"] in ASIDE}
        pairs = [pair for pair, _ in list_pairs(self._claims, list_links(study, lost))]
        readers = name_deciders(list_people(study), self.role)
        plan, places = read_plan(study.config), list_study_places(study)
        self._pairs = assign_pairs(pairs, list(dict.fromkeys([*readers, decider])), plan, places)[decider]

    def list_units(self) -> Sequence[str]:
        """Return the pairs that the model is to read and whose words are at hand: claim and coding, with a blank."""
        return [" ".join(pair) for pair in self._pairs if self._is_at_hand(pair)]

    def _is_at_hand(self, pair: Pair) -> bool:
        row = self._located.get(pair[1])
        return row is not None and row["segment_id"] in self._texts.segments and self._texts.has_text(row["source_id"])

    def show(self, unit: str) -> Shown:
        """Return a claim and the passage with the coded words in it."""
        claim_id, coding_id = unit.split()
        row = self._located[coding_id]
        source, text = self._sources[row["source_id"]], self._texts.words_of(row["source_id"]).text
        page = [(name, source[name]) for name in SHOWN if source[name]]
        page += self._texts.describe(self._texts.segments[row["segment_id"]])
        if row["start"]:
            page.append(("the words in question", text[int(row["start"]) : int(row["end"])]))
        schema = describe_object({"reason": {"type": "string"}, "reading": {"type": "string", "enum": list(READINGS)}})
        return Shown({"claim": self._claims[claim_id]["wording"]}, page, schema)

    def keep(self, unit: str, answer: Answer, shown: Shown) -> Answer:
        """Return a reading with the words of the claim that it is of."""
        wording = digest_wording(self._claims[unit.split()[0]]["wording"])
        return {**answer, "reason": hide_words(answer["reason"], shown.words), "wording_sha256": wording}


class ReadingMaker(Undecided):
    """Rows of readings of claims."""

    def decide(self, answers: Sequence[Answer]) -> Decision:
        """Return what more than half of the answers say. Raises RefusedError if nothing is."""
        most = find_most([answer["reading"] for answer in answers])
        if not most:
            raise RefusedError("no_majority", "no more than half of the answers say the same")
        first = next(answer for answer in answers if answer["reading"] == most)
        return Decision(first, most, sum(answer["reading"] == most for answer in answers))

    def make_rows(self, settled: Settled, number: Number) -> Rows:
        """Return the row of a reading; it replaces an earlier one of the same pair."""
        claim_id, coding_id = settled.unit.split()
        answer, before = settled.decision.answer, settled.before.get(CLAIM_READINGS_FILE, [])
        row = {
            "reading_id": f"{name_ids(settled.decider)}-r{number(CLAIM_READINGS_FILE):04d}",
            "claim_id": claim_id,
            "coding_id": coding_id,
            "reader": settled.decider,
            "reading": answer["reading"],
            "reason": store_words(answer["reason"]),
            "read_at": settled.at,
            "replaces": before[-1]["reading_id"] if before else "",
            "wording_sha256": answer["wording_sha256"],
        }
        return {CLAIM_READINGS_FILE: [row]}
