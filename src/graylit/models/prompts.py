"""What a model is asked in words: templates of the study, filled with the rows that people see, and a fenced page.

The words of a page are data. They reach a template only as one block between two lines that no page can hold, since
the lines carry a digest of the words between them; they are never read as a template; and signs by which servers tell
who speaks are broken up.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from graylit.models.tasks import Shown
from graylit.runs.places import PROMPTS
from graylit.study.model_settings import PROMPTS_FOLDER
from graylit.tables.faults import Fault, InputError
from graylit.tables.files import replace_file

PARTS = "\n=== user ===\n"  # stands between what the system says and what the user asks
JOINER = "\u2060"  # word joiner: unseen, and no sign that a server takes for anything
# How chat formats say who speaks, or that a turn ends.
_TURNS = re.compile(r"<[|｜]|\[/?INST\]|</?s>|<</?SYS>>|<(?:start|end)_of_turn>|<(?:bos|eos|unk)>", re.IGNORECASE)
Message = dict[str, str]


@dataclass(frozen=True)
class Prompt:
    """What one unit is asked with: the messages, and the digest of them and of the schema of the answer."""

    messages: tuple[Message, ...]
    sha256: str

    def say_again(self, detail: str) -> tuple[Message, ...]:
        """Return the messages of another try, which tells why the last answer could not be used."""
        if not detail:
            return self.messages
        *before, last = self.messages
        return (*before, {**last, "content": f"{last['content']}\n\nAn earlier answer was refused: {detail}"})


class Template:
    """A prompt of a study: `config/models/prompts/<task>.md`."""

    def __init__(self, folder: Path, task: str) -> None:
        self.file = f"{PROMPTS_FOLDER}/{task}.md"
        self._path = folder / self.file

    def provide(self, task: str) -> bool:
        """Put the default into the study if it has no such prompt yet; return whether it had none."""
        if self._path.exists():
            return False
        self._path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(self._path, (PROMPTS / f"{task}.md").read_text(encoding="utf-8"))
        return True

    @cached_property
    def _text(self) -> str:
        return self._path.read_text(encoding="utf-8")

    @cached_property
    def sha256(self) -> str:
        """Return the digest of the file."""
        return hashlib.sha256(self._path.read_bytes()).hexdigest()

    @cached_property
    def _parts(self) -> list[jinja2.Template]:
        # What a template says reaches a model as text, not a browser as HTML.
        environment = ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=False)
        environment.globals.clear()
        try:
            return [environment.from_string(part) for part in self._text.split(PARTS)]
        except jinja2.TemplateError as error:
            raise self._refuse(error) from error

    def fill(self, shown: Shown, title: str) -> Prompt:
        """Return the prompt of a unit. Raises InputError if the template cannot be filled."""
        given = {"title": title, "page": fence_page(shown.page), "schema": json.dumps(shown.schema, indent=1)}
        if len(self._parts) != 2:
            remedy = f"write the line {PARTS.strip()!r} between what the system says and what is asked"
            raise InputError([Fault(self.file, f"has {len(self._parts)} parts", "two parts", remedy)])
        try:
            said = [part.render({**shown.rows, **given}) for part in self._parts]
        except (jinja2.TemplateError, TypeError) as error:
            raise self._refuse(error) from error
        messages = tuple({"role": r, "content": w.strip()} for r, w in zip(("system", "user"), said, strict=True))
        content = json.dumps([messages, shown.schema], ensure_ascii=False)
        return Prompt(messages, hashlib.sha256(content.encode("utf-8")).hexdigest())

    def _refuse(self, error: Exception) -> InputError:
        problem = f"cannot be filled ({type(error).__name__}: {error})"
        remedy = "correct it, or remove it for the default; config/README.md says what it may name"
        return InputError([Fault(self.file, problem, "a template in Jinja", remedy)])


def fence_page(parts: Sequence[tuple[str, str]]) -> str:
    """Return the parts of a page between two lines that none of them can hold."""
    body = "\n".join(f"{label}: {words}" if label else words for label, words in parts)
    body = break_turns(body)
    mark = hashlib.sha256(body.encode("utf-8")).hexdigest()[:24]
    return f"[page {mark} begins]\n{body}\n[page {mark} ends]"


def break_turns(words: str) -> str:
    """Return words in which nothing says who speaks: an unseen sign stands inside whatever would."""
    return _TURNS.sub(lambda found: found[0][0] + JOINER + found[0][1:], words)
