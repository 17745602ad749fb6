"""Keeping attempts while they come: each one's records, then its row, on disk before the next."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from glr.capture_files import CaptureWriter, make_records
from glr.captures import CaptureTable, Row
from glr.origins import Attempt
from glr.steps import Progress
from glr.tables import HELD_OUTCOMES, MISTAKABLE, UNCHANGED
from glr.web import Web


class Keeper:
    """Keeps attempts. `left` are the sources that no origin gave yet, `served` the captures from before the run."""

    def __init__(
        self,
        table: CaptureTable,
        writer: CaptureWriter,
        captures: Iterable[Row],
        pending: Iterable[Row],
        served: Mapping[str, Mapping[str, str]],
        taken_as_is: Collection[str] = (),
    ) -> None:
        self.left = list(pending)
        self.n_pending = len(self.left)
        self.served = served
        self.folder = table.path.parent
        self._table, self._writer, self._taken_as_is = table, writer, taken_as_is
        self._counts = Counter(row["source_id"] for row in captures)
        self._progress = Progress("collect_captures", self.n_pending)
        self._outcomes: dict[str, str] = {}

    def keep_all(self, attempts: Iterable[Attempt], web: Web | None = None) -> None:
        """Keep attempts as they come, and the robots.txt files that were asked for on the way."""
        for attempt in attempts:
            self.keep(attempt)
            self._keep_robots(web.robots_hops if web else [])

    def keep(self, attempt: Attempt) -> None:
        """Keep one attempt."""
        row = self._take_as_is(attempt.row)
        source_id = row["source_id"]
        self._counts[source_id] += 1
        row = {"capture_id": f"{source_id}-{self._counts[source_id]}"} | row | {"run": self._writer.began_at}
        self._table.add(self._writer.add(row, attempt.records) if attempt.records else row)
        if row["outcome"] in (*HELD_OUTCOMES, UNCHANGED):
            self.left = [source for source in self.left if source["source_id"] != source_id]
        if source_id not in self._outcomes:
            self._progress.advance(row["url"])
        self._outcomes[source_id] = row["outcome"]

    def _take_as_is(self, row: Row) -> Row:
        """Return a row whose page is taken for what it is not said to be, where the config asks for that."""
        if row["source_id"] not in self._taken_as_is or row["outcome"] not in MISTAKABLE:
            return row
        return row | {"outcome": "captured", "note": f"taken as it is; looks like {row['outcome']} ({row['note']})"}

    def _keep_robots(self, hops: list) -> None:
        while hops:
            hop = hops.pop(0)
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            self._writer.add({"final_url": hop.url}, make_records([hop], now))

    def needing_browser(self) -> list[Row]:
        """Return the sources whose page of this run shows its text in a browser only."""
        return [source for source in self.left if self._outcomes.get(source["source_id"]) == "needs_browser"]

    def count_unasked(self) -> int:
        """Return the number of sources that this run had no attempt for."""
        return sum(source["source_id"] not in self._outcomes for source in self.left)
