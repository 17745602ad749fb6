"""A run of `graylit ask`: what is to be asked of a study, asked, recorded, and made rows of."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graylit.models.asking import Asking, Budget, Tally
from graylit.models.calls import Asker, Job
from graylit.models.deciders import Deciders, require_model
from graylit.models.decisions import ANSWERED, Decisions, name_question
from graylit.models.endpoint import require_consent
from graylit.models.opening import Wish, open_makers, open_task
from graylit.models.prompts import Template
from graylit.models.recording import Recorder, add_rows, compare_all
from graylit.models.tasks import AskedTask
from graylit.study.checking import require_screened
from graylit.study.model_log import LOG, START, Call, GrowingLog, read_calls
from graylit.study.model_settings import ModelSettings, name_settings, read_settings
from graylit.study.study import Study
from graylit.tables.faults import Fault, InputError, name_command
from graylit.tables.files import replace_file
from graylit.tables.models import REFUSED

ANSWERS_FILE = "data/raw/models/answers.jsonl"  # answers as they came, of models that keep words; git leaves it out
WRITE_EVERY_S = 2.0  # seconds between two additions to the tables: chosen; the log has every answer at once


@dataclass(frozen=True)
class Asked:
    """What a run is asked for."""

    task: str
    decider: str
    round: str = "1"
    at: str = ""
    only: frozenset[str] = frozenset()
    send_words_to: str = ""
    is_again: bool = False
    is_refused: bool = False  # whether units of which no answer could be used are asked again


@dataclass(frozen=True)
class Ended:
    """What a run has come to: units asked about and left, and what became of calls."""

    n_units: int
    n_before: int  # units that needed no call
    tally: Tally
    n_rows: int
    template_file: str
    is_new_template: bool


def draw_order(units: list[str], seed: int, decider: str, task: str) -> list[str]:
    """Return units in an order that looks random, and depends on the seed, the model and the task alone."""

    def draw(unit: str) -> tuple[bytes, str]:
        return hashlib.sha256(f"{seed}\n{decider}\n{task}\n{unit}".encode()).digest(), unit

    return sorted(units, key=draw)


@dataclass
class ReadLog:
    """What the log of a study says: decisions, how many calls it has, its last digest, and each model's last answer."""

    decisions: Decisions = field(default_factory=lambda: Decisions(open_makers()))
    n_calls: int = 0
    last: str = START
    answered: dict[str, Call] = field(default_factory=dict)


def read_log(folder: Path) -> ReadLog:
    """Return what the log of a study says. Raises InputError if it is not sound."""
    read = ReadLog()
    for call in read_calls(folder / LOG):
        read.decisions.take(call)
        read.n_calls, read.last = call["call"], call["sha256"]
        if call["outcome"] == ANSWERED or (call["outcome"] == REFUSED and call["decider"] not in read.answered):
            read.answered[call["decider"]] = call
    return read


def complete_rows(folder: Path, read: ReadLog, decider: str, read_clock: Callable[[], str]) -> int:
    """Add the rows that a killed run left out; return how many. Raises InputError if others are not as in the log."""
    standings = compare_all(folder, read.decisions, [decider])[decider]
    faults = []
    for one in standings:
        if wrong := one.differing + one.unknown:
            remedy = f"see all that differs: {name_command('ask --replay')}"
            faults.append(Fault(one.file, f"is not as the log of models has it: {wrong[0]}", "its rows", remedy))
    if faults:
        raise InputError(faults)
    if any(one.missing for one in standings) and decider in read.answered:
        Deciders(folder, read_clock).close(read.answered[decider])
    for one in standings:
        if one.missing:
            add_rows(folder, one.file, one.missing)
    return sum(len(one.missing) for one in standings)


class Run:
    """One run of one model at one task."""

    def __init__(self, folder: Path, asked: Asked, budget: Budget, read_clock: Callable[[], str]) -> None:
        self.folder, self.asked, self._budget, self._clock = folder, asked, budget, read_clock
        self.settings: ModelSettings = read_settings(folder, asked.decider)
        if budget.max_cost is not None and not self.settings.price:
            problem, remedy = "cannot be kept without a price", f"add price to {name_settings(asked.decider)}"
            raise InputError([Fault("--max-cost", problem, "a price in the settings of the model", remedy)])
        self._sent_to = require_consent(self.settings.endpoint, asked.send_words_to)
        self.study: Study = require_screened(folder)
        require_model(self.study, asked.decider)
        wish = Wish(asked.decider, asked.at, asked.only)
        self.task: AskedTask = open_task(asked.task, folder, self.study, wish)
        self._template = Template(folder, asked.task)
        self._is_new_template = self._template.provide(asked.task)
        self._log = read_log(folder)
        self._decisions = self._log.decisions
        self._n_rows = complete_rows(folder, self._log, asked.decider, read_clock)
        self._asker = Asker(
            self.settings,
            asked.task,
            asked.round,
            self._template.sha256,
            self._sent_to,
            int(self.study.config["seed"]),
            self.settings.describe(),
        )

    def ask(self, note: Callable[[int, int, Tally], None]) -> Ended:
        """Ask about every unit that is not decided yet; `note` is told now and then how many units are through."""
        units = draw_order(list(self.task.list_units()), self._asker.order_seed, self.asked.decider, self.asked.task)
        self._n_before, self._n_begun = 0, 0
        recorder = Recorder(self.folder, self._decisions, self.asked.decider)
        deciders = Deciders(self.folder, self._clock)
        last: Call | None = None
        written_at = time.monotonic()
        with GrowingLog(self.folder / LOG, self._log.last) as log:

            def record(calls: list[Call]) -> None:
                nonlocal last, written_at
                self._keep_words(calls)
                for call in log.add(calls):
                    self._decisions.take(call)
                    # A refused answer, too, is of a model, and may leave a row of it.
                    if call["outcome"] == ANSWERED or (call["outcome"] == REFUSED and last is None):
                        deciders.note(call)
                        last = call
                if time.monotonic() - written_at > WRITE_EVERY_S:
                    self._n_rows += recorder.write()
                    written_at = time.monotonic()

            asking = Asking(self._asker, self.task, self._budget, record, self._clock, self._log.n_calls)
            try:
                tally = asking.run(self._list_jobs(units), lambda tally: note(self._n_begun, len(units), tally))
            finally:
                if last:
                    deciders.close(last)
                self._n_rows += recorder.write()
        return Ended(len(units), self._n_before, tally, self._n_rows, self._template.file, self._is_new_template)

    def _list_jobs(self, units: list[str]) -> Iterator[Job]:
        """Yield what is to be asked, unit by unit; a prompt is made when its turn comes."""
        for place, unit in enumerate(units, start=1):
            shown = self.task.show(unit)
            prompt = self._template.fill(shown, self.study.config["title"])
            question = name_question(
                self.asked.task, self.asked.round, unit, prompt.sha256, self._asker.settings_sha256
            )
            repeat = self._find_repeat(question)
            known = self._decisions.questions[self.asked.decider, question, repeat]
            asks = self.settings.asks if not self.asked.is_refused else 10**9
            samples = [i for i in range(self.settings.samples) if not known.is_done(i, asks)]
            self._n_begun += 1
            self._n_before += not samples
            for sample in samples:
                job = Job(unit, place, sample, repeat, question, shown, prompt, n_refused=known.refused[sample])
                yield job

    def _find_repeat(self, question: str) -> int:
        """Return which time a question is asked: 0, or with --again the first time that is not complete."""
        if not self.asked.is_again:
            return 0
        repeat = 1
        while (key := (self.asked.decider, question, repeat)) in self._decisions.questions:
            if not self._decisions.questions[key].are_done(self.settings.samples, self.settings.asks):
                break
            repeat += 1
        return repeat

    def _keep_words(self, calls: list[Call]) -> None:
        """Take the words out of calls; they are kept beside the log if the study wants it."""
        kept = [(call, call.pop("content", "")) for call in calls]
        if not self.settings.keep_words:
            return
        path = self.folder / ANSWERS_FILE
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as lines:
            for call, content in kept:
                if content:
                    line = {"call": call["call"], "answer_sha256": call["answer_sha256"], "content": content}
                    lines.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")


def draft_settings(folder: Path, name: str, draft: str) -> str:
    """Write a file of settings to be filled in, and return its name in the study."""
    path = folder / name_settings(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, draft)
    return name_settings(name)
