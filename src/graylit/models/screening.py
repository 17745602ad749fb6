"""Screening by a model: a candidate with its snippets and the beginning of its page, judged by the criteria in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from graylit.captures.choosing import choose_pages, is_held
from graylit.models.hiding import hide_words
from graylit.models.tasks import Answer, Decision, Number, RefusedError, Rows, Settled, Shown, find_most
from graylit.preparation.candidate_texts import find_text
from graylit.screening.criteria import list_active
from graylit.screening.same_pages import choose_stand_ins, list_merged
from graylit.study.candidate_pages import list_candidate_pages
from graylit.study.study import CAPTURES, OPTIONAL_TABLES, Study, read_captures
from graylit.tables.models import SCREEN
from graylit.tables.names import name_ids
from graylit.tables.reading import read_finished
from graylit.tables.rows import Cells, group_rows, store_words
from graylit.tables.screening import DECISIONS, DUPLICATE_CANDIDATES

MERGED = "data/processed/duplicate_candidates.csv"
MOST_SIGNS = 20_000  # of a page that are shown: chosen, some ten pages; screening reads the beginning
MOST_SNIPPETS = 20  # chosen: more than a page of hits has
SHOWN = ("title", "publisher", "source_type", "published")
OF_CRITERION = ("criterion_id", "kind", "name", "definition")
SCREENINGS_FILE = OPTIONAL_TABLES["screenings"][0]


class ScreeningTask:
    """The candidates of a study as a model screens them."""

    name, role = SCREEN, "screener"

    def __init__(self, folder: Path, study: Study) -> None:
        self._folder, self._study = folder, study
        self._criteria = list_active(study.criteria.cells)
        self._by_id = {row["candidate_id"]: row for row in study.candidates.cells}
        self._hits = group_rows(study.hits.cells, "candidate_id")

    def list_units(self) -> Sequence[str]:
        """Return the candidates, each page once."""
        merged = list_merged(read_finished(self._folder / MERGED, DUPLICATE_CANDIDATES))
        stand_ins = choose_stand_ins(self._study.candidates.cells, self._study.duplicates.cells, merged, ())
        return list(dict.fromkeys(stand_ins.values()))

    def show(self, unit: str) -> Shown:
        """Return a candidate as a screener sees it."""
        row = self._by_id[unit]
        snippets = dict.fromkeys(hit["snippet"] for hit in self._hits.get(unit, []) if hit["snippet"])
        page = [(name, row[name]) for name in SHOWN if row[name]]
        page += [("snippet", words) for words in list(snippets)[:MOST_SNIPPETS]]
        if words := self._read_page(unit):
            page.append(("its page begins", words[:MOST_SIGNS]))
        criteria = [{name: row[name] for name in OF_CRITERION} for row in self._criteria]
        return Shown({"criteria": criteria}, page, self._schema)

    @cached_property
    def _schema(self) -> Answer:
        named = [row["criterion_id"] for row in self._criteria if row["kind"] != "inclusion"]
        properties = {
            "reason": {"type": "string"},
            "decision": {"type": "string", "enum": list(DECISIONS)},
            "criterion_id": {"type": "string", "enum": ["", *named]},
        }
        return describe_object(properties)

    @cached_property
    def _captures(self) -> dict[str, list[Cells]]:
        pages = list_candidate_pages(self._study.candidates.cells)
        return choose_pages(pages, read_captures(self._folder / CAPTURES))

    def _read_page(self, unit: str) -> str:
        """Return the words of a candidate's page; '' if it was not captured, or its text not made."""
        capture = self._captures.get(unit, [{}])[0]
        keeps_code = bool(self._study.config["preparation"]["keep_code_blocks"])
        text = find_text(self._folder, unit, capture, keeps_code) if is_held(capture) else None
        return text.words if text else ""

    def keep(self, unit: str, answer: Answer, shown: Shown) -> Answer:
        """Return a decision with the criterion that it rests on; only an exclusion rests on one."""
        is_excluded = answer["decision"] == "exclude"
        if is_excluded and not answer["criterion_id"]:
            raise RefusedError("no_criterion", "an exclusion names the criterion_id that it rests on")
        reason = hide_words(answer["reason"], shown.words)
        return {**answer, "criterion_id": answer["criterion_id"] if is_excluded else "", "reason": reason}


class ScreeningMaker:
    """Rows of screenings."""

    def decide(self, answers: Sequence[Answer]) -> Decision:
        """Return what more than half of the answers say, else unsure; the criterion that most of them name."""
        decision = find_most([answer["decision"] for answer in answers]) or "unsure"
        agreeing = [answer for answer in answers if answer["decision"] == decision] or list(answers)
        named = Counter(answer["criterion_id"] for answer in agreeing)
        criterion = min(named, key=lambda name: (-named[name], name)) if decision == "exclude" else ""
        answer = {"decision": decision, "criterion_id": criterion, "reason": agreeing[0]["reason"]}
        n_agreeing = sum(one["decision"] == decision for one in answers)
        return Decision(answer, " ".join(filter(None, [decision, criterion])), n_agreeing)

    def make_rows(self, settled: Settled, number: Number) -> Rows:
        """Return the row of a decision; it replaces an earlier one in the same round."""
        answer, before = settled.decision.answer, settled.before.get(SCREENINGS_FILE, [])
        row = {
            "screening_id": f"{name_ids(settled.decider)}-s{number(SCREENINGS_FILE):04d}",
            "candidate_id": settled.unit,
            "screener": settled.decider,
            "round": settled.round,
            "decision": answer["decision"],
            "criterion_id": answer["criterion_id"],
            "reason": store_words(answer["reason"]),
            "screened_at": settled.at,
            "replaces": before[-1]["screening_id"] if before else "",
        }
        return {SCREENINGS_FILE: [row]}

    def make_refused(self, settled: Settled, number: Number) -> Rows:
        """Return a row that is unsure: the candidate is then for people to settle, and nobody waits for the model."""
        return self.make_rows(settled, number)


def describe_object(properties: Answer) -> Answer:
    """Return the schema of an object that has all of its properties and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }
