"""What every task is that a model can be asked: its units, what is shown of each, and what of an answer is taken.

To add one, write a class that does what `AskedTask` says and a `Maker` of the rows that its answers become, and name
both in `graylit.models.opening`. A task keeps nothing of other deciders: a model sees what a person sees who decides
blind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from graylit.tables.rows import Row

Answer = dict[str, Any]  # what a model said, by the schema of its task; kept: with places instead of quotes
Rows = dict[str, list[Row]]  # by the file of the table that they belong to


class RefusedError(Exception):
    """An answer that cannot be used: `why` in a word, `detail` for a person and for the model's next try."""

    def __init__(self, why: str, detail: str) -> None:
        self.why, self.detail = why, detail
        super().__init__(f"{why}: {detail}")


@dataclass(frozen=True)
class Shown:
    """What a model is shown of one unit.

    `rows` are what people decided that templates may use (criteria, codes, questions); `page` are the parts of a page,
    each with a label, which reach the prompt only fenced in; `schema` is what the answer must be.
    """

    rows: Mapping[str, object]
    page: Sequence[tuple[str, str]]
    schema: Mapping[str, Any]

    @property
    def words(self) -> str:
        """Return all words of the page that are shown."""
        return "\n".join(words for _, words in self.page)


@dataclass(frozen=True)
class Decision:
    """What several answers on a unit come to: the answer in force, in short words, and how many of them say it."""

    answer: Answer
    words: str
    n_agreeing: int


class AskedTask(Protocol):
    """A kind of decision that a model is asked for, unit by unit."""

    name: str
    role: str  # of who decides so, as people.csv has it

    def list_units(self) -> Sequence[str]:
        """Return the units in the order of their table. Raises InputError if something must be made first."""

    def show(self, unit: str) -> Shown:
        """Return what is shown of a unit: the same for every decider and at every time, as long as tables stay."""

    def keep(self, unit: str, answer: Answer, shown: Shown) -> Answer:
        """Return an answer as it is kept: with what its rows need, and without words of sources.

        Raises RefusedError if it names what is not there, or quotes what does not stand in the text.
        """


@dataclass(frozen=True)
class Settled:
    """A unit on which a model has decided, for rows to be made of."""

    decider: str
    round: str
    unit: str
    at: str
    decision: Decision
    before: Rows = field(default_factory=dict)  # what an earlier decision of the model on the unit made


Number = Callable[[str], int]  # the number of the decider's next row in a table, from 1, by the table's file


class Maker(Protocol):
    """Makes rows of decisions by nothing but what was kept of answers, so that a replay makes the same ones."""

    def decide(self, answers: Sequence[Answer]) -> Decision:
        """Return what answers on one unit come to, by the rule of the task.

        Raises RefusedError if by it they say nothing.
        """

    def make_rows(self, settled: Settled, number: Number) -> Rows:
        """Return the rows of a decision, in their order."""

    def make_refused(self, settled: Settled, number: Number) -> Rows:
        """Return the rows of a unit of which no answer could be used, so that nobody waits for it; mostly none."""


class Undecided:
    """A maker whose refused units leave no row: they are open, as if nobody had been asked."""

    def make_refused(self, settled: Settled, number: Number) -> Rows:
        """Return no rows."""
        return {}


def find_most(said: Sequence[str]) -> str:
    """Return what more than half of several answers say; '' if nothing is."""
    most, n_most = Counter(said).most_common(1)[0] if said else ("", 0)
    return most if 2 * n_most > len(said) else ""
