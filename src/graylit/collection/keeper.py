"""Keeping attempts while they come: records first, then their rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping

from graylit.captures.choosing import TAKEN_AS_IS, Page, name_page
from graylit.collection.asking import Hop
from graylit.collection.attempts import Attempt, fail_attempt, start_row, utc_now
from graylit.collection.capture_files import CaptureWriter, make_records
from graylit.collection.capture_table import CaptureTable
from graylit.collection.visits import Web
from graylit.runs.seams import Mishap, try_apart
from graylit.runs.steps import Progress
from graylit.tables.addresses import hide_users
from graylit.tables.collection import HELD_OUTCOMES, MISTAKABLE_OUTCOMES, UNCHANGED
from graylit.tables.rows import Row

# A capture costs two fsyncs (docs/decisions/0010). Pages of a local archive are on disk already, so many of them share
# two. Their number is chosen, not measured.
COPIES_AT_ONCE = 200


class Keeper:
    """Keeps attempts for the `pending` pages; `served` are the captures from before the run, by page.

    `note` takes what the log should hold of failures of the program; `failed` are the sources they happened at.
    """

    def __init__(
        self,
        table: CaptureTable,
        writer: CaptureWriter,
        captures: Iterable[Row],
        pending: Iterable[Row],
        served: Mapping[Page, Mapping[str, str]],
        taken_as_is: Collection[str] = (),
        note: Callable[[str], object] = str,
    ) -> None:
        self._left = {name_page(page): page for page in pending}
        self.n_pending = len(self._left)
        self.served = served
        self.folder = table.path.parent
        self.failed: set[str] = set()
        self.n_shared = 0  # attempts that colleagues made, taken over from their bundles
        self._note = note
        self._table, self._writer, self._taken_as_is = table, writer, taken_as_is
        captures = list(captures)
        self._ids = {row["capture_id"] for row in captures}
        self._counts = Counter(row["source_id"] for row in captures)
        self._progress = Progress("collect_captures", self.n_pending)
        self._outcomes: dict[Page, str] = {}
        self._unsaved: list[Row] = []

    @property
    def left(self) -> list[Row]:
        """Return the pages that no origin gave yet."""
        return list(self._left.values())

    def keep_copies(self, attempts: Iterable[Attempt]) -> None:
        """Keep attempts whose pages lie in an archive too: many reach the disk at once, which is much faster."""
        for attempt in attempts:
            self._keep(attempt)
            if len(self._unsaved) >= COPIES_AT_ONCE:
                self._save()
        self._save()

    def keep_answers(self, attempts: Iterable[Attempt], web: Web) -> None:
        """Keep attempts on the web, each on disk before the next, and the robots.txt files asked for on the way."""
        for attempt in attempts:
            self._keep(attempt)
            self._keep_robots(web.robots_hops)
            self._save()

    def _save(self) -> None:
        """Have the records on disk, then their rows: no row is there without its record."""
        self._writer.sync()
        self._table.add(*self._unsaved)
        self._unsaved.clear()

    def _keep(self, attempt: Attempt) -> None:
        capture_id = self._name_attempt(attempt.row["source_id"])
        written = try_apart(self._write, attempt, capture_id)
        if isinstance(written, Mishap):
            known = start_row(attempt.row, attempt.row["origin"], attempt.row["attempted_at"])
            attempt = fail_attempt(known, written)
            written = self._write(attempt, capture_id)
        row = written
        if attempt.trace:
            self._report(row, attempt.trace)
        page = name_page(row)
        self._unsaved.append(row)
        if row["outcome"] in (*HELD_OUTCOMES, UNCHANGED):
            self._left.pop(page, None)
        if page not in self._outcomes:
            self._progress.advance(row["url"])
        self._outcomes[page] = row["outcome"]

    def _write(self, attempt: Attempt, capture_id: str) -> Row:
        """Write the records of an attempt, if it has any, and return its row."""
        row = {"capture_id": capture_id} | self._take_as_is(attempt.row) | {"run": self._writer.began_at}
        row = {name: hide_users(cell) for name, cell in row.items()}
        "".join(row.values()).encode("utf-8")  # what cannot be written fails here, where it is one page's
        return self._writer.add(row, attempt.records) if attempt.records else row

    def _report(self, row: Row, trace: str) -> None:
        """Have the log say in full where the program failed at a page."""
        self.failed.add(row["source_id"])
        self._note(f"{row['capture_id']} {row['origin']} {row['url']}: {row['note']}\n{trace}")

    def _name_attempt(self, source_id: str) -> str:
        """Return an id that no attempt has: a table written again from the WARC files lacks some of their numbers."""
        self._counts[source_id] += 1
        while (capture_id := f"{source_id}-{self._counts[source_id]}") in self._ids:
            self._counts[source_id] += 1
        self._ids.add(capture_id)
        return capture_id

    def _take_as_is(self, row: Row) -> Row:
        """Return the row as captured if only the look of its page speaks against it and the config says to."""
        if row["source_id"] not in self._taken_as_is or row["outcome"] not in MISTAKABLE_OUTCOMES:
            return row
        return row | {"outcome": "captured", "note": f"{TAKEN_AS_IS}; looks like {row['outcome']} ({row['note']})"}

    def _keep_robots(self, hops: list[Hop]) -> None:
        while hops:
            hop = hops.pop(0)
            kept = try_apart(self._writer.add, {"final_url": hop.url}, make_records([hop], utc_now()))
            if isinstance(kept, Mishap):
                self._note(f"{hop.url} is not kept\n{kept.trace}")

    def count_unasked(self) -> int:
        """Return the number of pages that this run had no attempt for."""
        return sum(page not in self._outcomes for page in self._left)
