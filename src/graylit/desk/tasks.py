"""What every task of the desk is, and who sits at it.

A task is a kind of decision for one person. To add one, write a folder of `graylit.desk` with a class that does what
`Task` says and a function that opens it for a visit, or returns None if it is not this person's; name that function in
`graylit.desk.opening.OPENERS`. Then the first page lists it, and its routes lie below `/<name>/` behind the guards
that all routes share (`graylit.pages.serving`): the token, the names of host and origin, JSON only, the size of bodies.

What its routes do is the same everywhere:

- `GET` shows; it changes nothing. A page is a file of `graylit.templates` (`answers.route_files`) that takes style and
  script from `../desk.css` and `../desk.js`.
- `POST` decides. It carries the `version` of what the page showed, and is refused by `StaleError` if that has changed.
  A decision is one or more rows added to a table (`study.writing.extend_table`), and on disk when the answer says so.
  From reading the version to the answer nothing is awaited, so that decisions are taken one after another.
- An undo is a row as well: it withdraws the row before, or restates it.
- What is refused is a `DecisionError` with words for the person; nothing was written then.
- No answer may differ by what another person decided, until both are through with all that is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from starlette.routing import Route


class DecisionError(Exception):
    """A decision that was refused; the message tells the person why. Nothing was written."""


class StaleError(Exception):
    """A decision on a thing (a source, say) that has changed since the person saw it. Nothing was written."""


@dataclass(frozen=True)
class Visit:
    """Who sits at the desk of which study, and how."""

    folder: Path
    person: str  # the name in tables; '' for somebody who only looks
    read_clock: Callable[[], str]
    asked_round: str = ""  # '' if none was asked for
    is_read_only: bool = False
    shared: dict[str, object] = field(default_factory=dict)  # what its tasks have in common, by a name of theirs


@dataclass(frozen=True)
class Left:
    """How much of a task is left for a person, and since when."""

    things: str  # what is counted, in the plural
    n_left: int
    n_done: int
    last_at: str = ""  # when the person last decided in this task; '' if never
    since: str = ""  # since when it is the person's; '' if that is not known
    waits_for: str = ""  # why nothing can be done yet, as the end of a sentence; '' if it can


@runtime_checkable
class Shared(Protocol):
    """What tasks of a visit have in common, if something of it must end with the desk."""

    def close(self) -> None:
        """End what runs beside the desk."""


class Task(Protocol):
    """One kind of decision, for one person.

    One on which nothing is decided says so by `only_shows`, which is true; others leave it out.
    """

    name: str  # the first part of its address
    title: str  # as the first page calls it

    def count_left(self) -> Left:
        """Return how much is left, as the tables say now."""

    def list_routes(self) -> Sequence[Route]:
        """Return the routes of its page, its questions and its decisions, below its name."""

    def list_lines(self) -> Sequence[str]:
        """Return what the terminal says of it when the desk opens."""
