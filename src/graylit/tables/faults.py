"""What is wrong with an input, said so that its author can mend it."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MAX_WORD = 300  # signs shown of one word in a message: chosen, longer than most addresses
ASKED_STUDY = "GRAYLIT_STUDY"  # in the environment: what -C named


@dataclass(frozen=True)
class Fault:
    """One fault of one input: where it is, what stands there, what was expected and what to do."""

    file: str
    problem: str
    expected: str
    remedy: str
    row: int | None = None
    column: str = ""
    value: str | None = None

    @property
    def finding(self) -> str:
        """Return where the fault is and what it is, as one line for a person."""
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        shown = "" if self.value is None else f" {_shorten(self.value)!r}"
        return _keep_short(f"{place}:{shown} {self.problem}")

    def __str__(self) -> str:
        """Return the fault, what was expected and what to do, as one line for a person."""
        return f"{self.finding}; expected {_keep_short(self.expected)}; {_keep_short(self.remedy)}."


class InputError(Exception):
    """The input has faults: nothing was run and nothing written. `faults` holds all of them."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(describe_faults(self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        """Return what makes the same error in another process."""
        return type(self), (self.faults,)


def describe_faults(faults: Iterable[Fault]) -> str:
    """Return all faults as text, one numbered line each, under a line that counts them."""
    faults = tuple(faults)
    heading = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    lines = [f"  {number}. {fault}" for number, fault in enumerate(faults, start=1)]
    return "\n".join([f"{heading} found, nothing was run:", *lines])


def name_command(command: str, folder: str | os.PathLike[str] | None = None) -> str:
    """Return a command as it is typed here: `graylit -C folder review`; without -C in the study that is asked about.

    The study is `folder`, or else the one that the running command was asked about, and its steps are.
    """
    asked = os.environ.get(ASKED_STUDY, "") if folder is None else os.fspath(folder)
    return f"graylit {f'-C {shlex.quote(asked)} ' if asked not in ('', '.') else ''}{command}"


@contextlib.contextmanager
def name_study(asked: str) -> Iterator[None]:
    """Have the commands that messages name, those of steps included, be about a study; '' is the one we are in."""
    before = os.environ.get(ASKED_STUDY, "")
    os.environ[ASKED_STUDY] = asked
    try:
        yield
    finally:
        os.environ[ASKED_STUDY] = before


def suggest_name(wrong: str, known: Iterable[str]) -> str:
    """Return ' (did you mean …?)' if one of the `known` names is close to the `wrong` one, else ''."""
    known = sorted(known)
    by_lower = {name.lower(): name for name in known}
    close = [by_lower[wrong.lower()]] if wrong.lower() in by_lower else []
    close = close or difflib.get_close_matches(wrong, known, n=1, cutoff=0.7)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _keep_short(line: str) -> str:
    """Return a message as one line, of words that can be read: what it quotes may be anything."""
    return re.sub(rf"\S{{{MAX_WORD},}}", lambda word: _shorten(word[0], MAX_WORD), re.sub(r"[\r\n\v\f]+", " ", line))


def _shorten(value: str, limit: int = 80) -> str:
    return value if len(value) <= limit else value[: limit - 1] + "…"
