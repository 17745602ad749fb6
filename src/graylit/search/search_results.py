"""What was found: a search as a file or an engine tells it, its hits, and what became of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from graylit.tables.rows import Cells

# Why a hit is no candidate.
NO_ADDRESS = "no address"
INCOMPLETE = "address incomplete"
NOT_OF_WEB = "not an address of the web"
UNREADABLE = "not a readable address"
PRIVATE = "private address"
SECRET = "works with a secret only"
SIGN_IN = "page to sign in"
OF_ENGINE = "page of a search engine"
SHOWN = (INCOMPLETE, NO_ADDRESS, NOT_OF_WEB, UNREADABLE, SIGN_IN, OF_ENGINE)  # hits whose titles tell nothing private


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit as it was found: its address may be a redirect, and is cleaned before anything is written.

    `left_out` says why it is no candidate, if that is known from where it was found. Without a `rank` it follows the
    hit before it. `cited_by` names the sources that link to it, if it was found by links.
    """

    url: str = ""
    title: str = ""
    snippet: str = ""
    published: str = ""
    publisher: str = ""
    left_out: str = ""
    rank: int | None = None
    cited_by: str = ""


@dataclass(frozen=True)
class Found:
    """A search, or a part of one, with its hits in their order.

    `facts` are cells of searches.csv as far as they are known (engine, query, file_sha256, …); `given` are those that
    somebody gave beside the file, which complete a search that is known already. `first_rank` is the rank of the first
    hit, if the file says it: the second page of a search begins with 11, say.
    """

    facts: Cells
    hits: Sequence[Hit]
    given: Cells = field(default_factory=dict)
    first_rank: int | None = None


@dataclass(frozen=True)
class Unused:
    """A row of a file that made no candidate of its own: what it is called, and why it made none."""

    rank: int
    title: str
    url: str  # '' if it may be private
    reason: str


@dataclass
class Recorded:
    """What became of a search and its hits: `n_new` + `n_merged` + those left out are all of them.

    A file that was read before is `known`, and its hits are all there; `completed` are the facts that were added.
    """

    search_id: str
    facts: Cells
    n_new: int = 0
    n_merged: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    n_known: int = 0
    n_words_left: int = 0
    completed: tuple[str, ...] = ()
    unused: list[Unused] = field(default_factory=list)  # the rows that were merged or left out

    def merge(self, row: Unused) -> None:
        """Note a row whose page is a candidate already."""
        self.n_merged += 1
        self.unused.append(row)

    def leave_out(self, row: Unused) -> None:
        """Note a row that is no candidate."""
        self.left_out[row.reason] += 1
        self.unused.append(row)

    @property
    def n_hits(self) -> int:
        """Return the number of hits that the file or the engine gave."""
        return self.n_new + self.n_merged + self.left_out.total() + self.n_known
