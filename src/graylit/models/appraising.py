"""Appraising by a model: a source with the questions of the checklist, all of them in one call."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from graylit.models.hiding import hide_words
from graylit.models.screening import describe_object
from graylit.models.tasks import Answer, Decision, Number, Rows, Settled, Shown, Undecided
from graylit.models.texts import Texts
from graylit.study.study import OPTIONAL_TABLES, Study
from graylit.tables.appraisal import list_items
from graylit.tables.models import APPRAISE
from graylit.tables.rows import store_words

MOST_SIGNS = 60_000  # of a text that are shown: chosen, some thirty pages
SHOWN = ("title", "publisher", "source_type", "published", "url")
QUALITY_FILE = OPTIONAL_TABLES["quality"][0]


class AppraisingTask:
    """The sources of a study as a model appraises them."""

    name, role = APPRAISE, "appraiser"

    def __init__(self, folder: Path, study: Study) -> None:
        self._items = list_items(study.checklist.cells)
        self._sources = {row["source_id"]: row for row in study.sources.cells}
        self._texts = Texts(folder, list(self._sources))

    def list_units(self) -> Sequence[str]:
        """Return the sources with a text at hand."""
        return [source_id for source_id in self._texts.readable if self._texts.has_text(source_id)]

    def show(self, unit: str) -> Shown:
        """Return a source with its text, and the questions with the scores that each allows."""
        row = self._sources[unit]
        page = [(name, row[name]) for name in SHOWN if row[name]]
        page.append(("text", self._texts.words_of(unit).text[:MOST_SIGNS]))
        items = [
            {"item": one.item, "area": one.area, "question": one.question, "scores": [list(s) for s in one.scores]}
            for one in self._items.values()
        ]
        return Shown({"items": items}, page, self._schema)

    @cached_property
    def _schema(self) -> Answer:
        questions = {
            one.item: describe_object(
                {
                    "reason": {"type": "string"},
                    "score": {"type": "string", "enum": [score for score, _ in one.scores]},
                }
            )
            for one in self._items.values()
        }
        return describe_object(questions)

    def keep(self, unit: str, answer: Answer, shown: Shown) -> Answer:
        """Return the scores with their reasons, in the order of the checklist."""
        return {
            item: {**answer[item], "reason": hide_words(answer[item]["reason"], shown.words)} for item in self._items
        }


class AppraisingMaker(Undecided):
    """Rows of quality."""

    def decide(self, answers: Sequence[Answer]) -> Decision:
        """Return of each question the score in the middle, the lower one of two; with the reason of whoever gave it."""
        decided: Answer = {}
        for item in answers[0]:
            ordered = sorted((float(answer[item]["score"]), i) for i, answer in enumerate(answers))
            middle, _ = ordered[(len(ordered) - 1) // 2]
            decided[item] = next(answer[item] for answer in answers if float(answer[item]["score"]) == middle)
        scores = {item: one["score"] for item, one in decided.items()}
        same = sum({item: one["score"] for item, one in answer.items()} == scores for answer in answers)
        return Decision(decided, f"{sum(map(float, scores.values())):g} in {len(scores)} questions", same)

    def make_rows(self, settled: Settled, number: Number) -> Rows:
        """Return a row for each question; a later row on the same question is in force."""
        rows = [
            {
                "source_id": settled.unit,
                "appraiser": settled.decider,
                "item": item,
                "score": one["score"],
                "note": store_words(one["reason"]),
                "appraised_at": settled.at,
            }
            for item, one in settled.decision.answer.items()
        ]
        return {QUALITY_FILE: rows}
