"""Appraisals in force, rebuilt from rows that were only ever added: scores of appraisers, and settlements.

The last row of an appraiser on a source and a question counts; one without a score withdraws the earlier ones. A
settlement is final, also over later scores; of several on one question the last counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from graylit.tables.appraisal import Item
from graylit.tables.rows import Cells

Given = Mapping[str, Mapping[str, Cells]]  # the rows in force on one source, by appraiser and item


@dataclass(frozen=True)
class Appraisals:
    """The rows in force: of appraisers by source, appraiser and item, and settlements by source and item."""

    given: Mapping[str, Given]
    settled: Mapping[str, Mapping[str, Cells]]

    def of(self, source_id: str) -> Given:
        """Return the rows in force on a source, by appraiser and item."""
        return self.given.get(source_id, {})

    def settlements_of(self, source_id: str) -> Mapping[str, Cells]:
        """Return the settlements in force on a source, by item."""
        return self.settled.get(source_id, {})

    def list_appraisers(self, source_id: str, items: Collection[str]) -> list[str]:
        """Return who has scored a source by all items."""
        return sorted(name for name, rows in self.of(source_id).items() if all(item in rows for item in items))

    def list_differing(self, source_id: str, items: Iterable[str]) -> list[str]:
        """Return the items that appraisers of a source have scored differently, settled or not."""
        rows = list(self.of(source_id).values())
        return [item for item in items if len({float(row[item]["score"]) for row in rows if item in row}) > 1]

    def list_unsettled(self, source_id: str, items: Iterable[str]) -> list[str]:
        """Return the items on which appraisers of a source differ, and nobody has settled."""
        settled = self.settlements_of(source_id)
        return [item for item in self.list_differing(source_id, items) if item not in settled]

    def score(self, source_id: str, items: Mapping[str, Item]) -> float | None:
        """Return the sum of a source: of each item what was settled, else the mean of those who scored all items.

        None if nobody has scored all of them.
        """
        appraisers, settled = self.list_appraisers(source_id, items), self.settlements_of(source_id)
        if not appraisers:
            return None
        given = self.of(source_id)
        return sum(
            item.credit(float(settled[name]["score"]))
            if name in settled
            else fmean(item.credit(float(given[appraiser][name]["score"])) for appraiser in appraisers)
            for name, item in items.items()
        )


def read_appraisals(quality: Iterable[Cells]) -> Appraisals:
    """Return the appraisals in force by the rows of the table, in its order."""
    given: dict[str, dict[str, dict[str, Cells]]] = defaultdict(lambda: defaultdict(dict))
    settled: dict[str, dict[str, Cells]] = defaultdict(dict)
    for row in quality:
        source_id, item = row["source_id"], row["item"]
        place = settled[source_id] if row.get("settles_scores_of") else given[source_id][row["appraiser"]]
        place.pop(item, None)
        if row["score"]:
            place[item] = row
    kept = {source_id: {name: rows for name, rows in of.items() if rows} for source_id, of in given.items()}
    return Appraisals(kept, {source_id: dict(of) for source_id, of in settled.items()})
