"""One call to a model: what is asked, what came of it, and the line of the log that says so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graylit.models.answers import FailedError, Said, is_asked_model, read_answer, read_body
from graylit.models.decisions import ANSWERED, FAILED
from graylit.models.endpoint import Reply, format_request
from graylit.models.hiding import hide_words
from graylit.models.prompts import Prompt
from graylit.models.tasks import Answer, AskedTask, RefusedError, Shown
from graylit.study.model_log import Call
from graylit.study.model_settings import ModelSettings
from graylit.tables.models import REFUSED

OF_SAMPLES = 1_000  # between the seeds of two samples: more than an answer is ever asked for
DETAIL = 300  # signs kept of why something failed: chosen


@dataclass
class Job:
    """What is to be asked: a sample of a unit; `refused` says why the last answer could not be used."""

    unit: str
    place: int
    sample: int
    repeat: int
    question: str
    shown: Shown
    prompt: Prompt
    n_refused: int = 0
    n_failed: int = 0
    refused: str = ""

    def format(self, settings: ModelSettings, task: str) -> bytes:
        """Return the body of the call."""
        messages = self.prompt.say_again(self.refused)
        return format_request(settings, messages, self.shown.schema, task, self.find_seed(settings))

    def find_seed(self, settings: ModelSettings) -> int:
        """Return the seed of the call: another one for each sample and each try."""
        return settings.seed + OF_SAMPLES * self.sample + self.n_refused


@dataclass(frozen=True)
class Outcome:
    """What came of a call: its kind, why, the kept answer, and what the server said of it."""

    kind: str
    why: str = ""
    detail: str = ""
    answer: Answer | None = None
    said: Said | None = None
    kept: str = ""  # of an answer that was refused: its words, those of the page left out


def judge_reply(reply: Reply, job: Job, task: AskedTask, settings: ModelSettings) -> Outcome:
    """Return what came of a call: an answer, a refused one, or a failure; nothing that a server sends raises."""
    if reply.failure:
        return Outcome(FAILED, reply.failure, reply.detail[:DETAIL])
    said = None
    try:
        said = read_body(reply.body)
        if not is_asked_model(said.model, settings.model, settings.returned_as):
            raise RefusedError("other_model", f"the answer is of {said.model[:80]!r}, not of {settings.model!r}")
        answer = task.keep(job.unit, read_answer(said, job.shown.schema), job.shown)
    except FailedError as error:
        return Outcome(FAILED, error.why, error.detail[:DETAIL])
    except RefusedError as error:
        shown = job.shown.words
        kept = hide_words(said.content, shown) if said else ""
        return Outcome(REFUSED, error.why, hide_words(error.detail, shown)[:DETAIL], said=said, kept=kept)
    return Outcome(ANSWERED, answer=answer, said=said)


@dataclass(frozen=True)
class Asker:
    """Who asks what, as every line of a run says it."""

    settings: ModelSettings
    task: str
    round: str
    template_sha256: str
    sent_words_to: str
    order_seed: int
    described: Mapping[str, Any] = field(default_factory=dict)

    @property
    def settings_sha256(self) -> str:
        """Return the digest of what answers depend on."""
        return hashlib.sha256(json.dumps(self.described, sort_keys=True).encode()).hexdigest()

    def describe(self, number: int, job: Job, body: bytes, reply: Reply, outcome: Outcome, at: str) -> Call:
        """Return a call as the log holds it."""
        said = outcome.said
        content = said.content.encode("utf-8", "surrogatepass") if said else b""
        return {
            "call": number,
            "at": at,
            "decider": self.settings.name,
            "task": self.task,
            "round": self.round,
            "unit": job.unit,
            "place": job.place,
            "order_seed": self.order_seed,
            "sample": job.sample,
            "repeat": job.repeat,
            "question": job.question,
            "outcome": outcome.kind,
            "why": outcome.why,
            "detail": outcome.detail,
            "answer": outcome.answer,
            "kept": outcome.kept,
            "content": said.content if said else "",  # kept beside the log, if at all
            "answer_sha256": _digest(content) if said else "",
            "request_sha256": _digest(body),
            "prompt_sha256": job.prompt.sha256,
            "template_sha256": self.template_sha256,
            "response_sha256": _digest(reply.body) if reply.body else "",
            "endpoint": self.settings.endpoint,
            "sent_words_to": self.sent_words_to,
            "asked_model": self.settings.model,
            "returned_model": said.model if said else "",
            "fingerprint": said.fingerprint if said else "",
            "weights_sha256": self.settings.weights_sha256,
            "settings": dict(self.described),
            "seed": job.find_seed(self.settings),
            "status": reply.status,
            "tokens_in": said.tokens_in if said else None,
            "tokens_out": said.tokens_out if said else None,
            "latency_s": round(reply.latency_s, 3),
            "cost": self.find_cost(said),
            "currency": self.settings.price.get("currency", ""),
        }

    def find_cost(self, said: Said | None) -> float | None:
        """Return what a call cost; None if no price is known, or the server did not say how long it was."""
        price = self.settings.price
        if not price or said is None:
            return None
        cost = (said.tokens_in * price["per_million_in"] + said.tokens_out * price["per_million_out"]) / 1e6
        return round(cost, 8)

    def bound_cost(self, body: bytes) -> float:
        """Return the most that a call can cost: no token has less than a byte."""
        price = self.settings.price
        if not price:
            return 0.0
        most_out = self.settings.max_tokens * price["per_million_out"]
        return float(len(body) * price["per_million_in"] + most_out) / 1e6


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
