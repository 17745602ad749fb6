"""Decisions as the calls of the log give them: which units are decided, what is still to be asked, and all rows.

Nothing but the log is read, so the same log always gives the same rows, in the same order.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graylit.models.tasks import Answer, Decision, Maker, Number, RefusedError, Rows, Settled
from graylit.study.model_log import Call
from graylit.study.study import OPTIONAL_TABLES
from graylit.tables.models import DECIDED, REFUSED
from graylit.tables.names import name_ids
from graylit.tables.rows import Row

ANSWERED, FAILED = "answered", "failed"  # how calls end, beside REFUSED
ASKED_FILE = OPTIONAL_TABLES["asked"][0]


def name_question(task: str, number: str, unit: str, prompt_sha256: str, settings_sha256: str) -> str:
    """Return what is the same for every call that asks the same thing: unit, round, prompt and settings."""
    words = "\n".join([task, number, unit, prompt_sha256, settings_sha256])
    return hashlib.sha256(words.encode("utf-8")).hexdigest()[:32]


@dataclass
class Question:
    """What was asked of one unit with one prompt, once or again: each sample, and how often it was refused."""

    answers: dict[int, Answer] = field(default_factory=dict)  # by sample; empty once the unit is decided
    answered: set[int] = field(default_factory=set)
    refused: Counter[int] = field(default_factory=Counter)
    detail: str = ""  # why the last answer was refused

    def is_done(self, sample: int, asks: int) -> bool:
        """Return whether a sample is not to be asked any more."""
        return sample in self.answered or self.refused[sample] >= asks

    def are_done(self, samples: int, asks: int) -> bool:
        """Return whether nothing is to be asked any more."""
        return all(self.is_done(sample, asks) for sample in range(samples))

    @property
    def n_calls(self) -> int:
        """Return how many answers came, usable or not."""
        return len(self.answered) + self.refused.total()


class Decisions:
    """The decisions of all models of a study, call by call."""

    def __init__(self, makers: Mapping[str, Maker]) -> None:
        self._makers = makers
        self.questions: dict[tuple[str, str, int], Question] = defaultdict(Question)  # by decider, question, repeat
        self.rows: dict[tuple[str, str], list[Row]] = defaultdict(list)  # by decider and file
        self._before: dict[tuple[str, ...], Rows] = {}

    def take(self, call: Call) -> None:
        """Take in a call of the log; a unit that it decides has its rows then."""
        question = self.questions[call["decider"], call["question"], call["repeat"]]
        sample, settings = call["sample"], call["settings"]
        if call["outcome"] == ANSWERED:
            question.answered.add(sample)
            question.answers[sample] = call["answer"]
        elif call["outcome"] == REFUSED:
            question.refused[sample] += 1
            question.detail = call["detail"]
            if question.refused[sample] % settings["asks"]:
                return
        else:
            return
        if call["repeat"] == 0 and question.are_done(settings["samples"], settings["asks"]):
            self._settle(call, question)

    def take_all(self, calls: Iterable[Call]) -> None:
        """Take in calls in their order."""
        for call in calls:
            self.take(call)

    def _settle(self, call: Call, question: Question) -> None:
        maker = self._makers[call["task"]]
        answers = [question.answers[sample] for sample in sorted(question.answers)]
        try:
            if not answers:
                raise RefusedError("refused", question.detail)
            decision = maker.decide(answers)
        except RefusedError as error:
            self._refuse(call, question, error.detail)
            return
        made = maker.make_rows(self._tell(call, decision), self._number(call))
        self._before[_place(call)] = made
        self._add(call["decider"], made | {ASKED_FILE: [self._describe(call, question, decision, "")]})
        question.answers.clear()

    def _refuse(self, call: Call, question: Question, detail: str) -> None:
        """Add the rows of a unit of which no answer can be used; an earlier decision on it stays."""
        made: Rows = {}
        if _place(call) not in self._before:
            answer = {"decision": "unsure", "criterion_id": "", "reason": f"refused: {detail}"}
            settled = self._tell(call, Decision(answer, "", 0))
            made = self._makers[call["task"]].make_refused(settled, self._number(call))
            self._before |= {_place(call): made} if made else {}
        self._add(call["decider"], made | {ASKED_FILE: [self._describe(call, question, None, detail)]})

    def _tell(self, call: Call, decision: Decision) -> Settled:
        before = self._before.get(_place(call), {})
        return Settled(call["decider"], call["round"], call["unit"], call["at"], decision, before)

    def _number(self, call: Call) -> Number:
        return lambda file: self._count(call["decider"], file) + 1

    def _count(self, decider: str, file: str) -> int:
        return len(self.rows[decider, file])

    def _add(self, decider: str, made: Rows) -> None:
        for file, rows in made.items():
            self.rows[decider, file] += rows

    def _describe(self, call: Call, question: Question, decision: Decision | None, reason: str) -> Row:
        decider = call["decider"]
        return {
            "asked_id": f"{name_ids(decider)}-q{self._count(decider, ASKED_FILE) + 1:04d}",
            **{name: call[name] for name in ("decider", "task", "round", "unit")},
            "place": str(call["place"]),
            "outcome": DECIDED if decision else REFUSED,
            "decision": decision.words if decision else "",
            "n_samples": str(len(question.answers)),
            "n_agreeing": str(decision.n_agreeing) if decision else "",
            "n_calls": str(question.n_calls),
            "reason": reason,
            "decided_at": call["at"],
        }


def _place(call: Call) -> tuple[str, ...]:
    return call["decider"], call["task"], call["round"], call["unit"]
