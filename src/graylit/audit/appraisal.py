"""The appraisal of a source on its audit page: every row, with its question, its standing, and what its score says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graylit.study.appraisals import read_appraisals
from graylit.tables.appraisal import Item
from graylit.tables.rows import Cells

UNKNOWN = Item("", "", "", ())


def describe_appraisal(rows: Sequence[Cells], items: Mapping[str, Item]) -> list[dict[str, str]]:
    """Return the rows of one source, each with its question and whether it counts, in their order."""
    found = read_appraisals(rows)
    counting = {id(row) for of in found.given.values() for scored in of.values() for row in scored.values()}
    counting |= {id(row) for settled in found.settled.values() for row in settled.values()}
    return [_describe_row(row, items.get(row["item"], UNKNOWN), id(row) in counting) for row in rows]


def _describe_row(row: Cells, item: Item, is_counting: bool) -> dict[str, str]:
    words = item.name_score(row["score"]) if row["score"] else ""
    standing = "counts" if is_counting else "withdraws" if not row["score"] else "replaced"
    settled = f", settles {row['settles_scores_of']}" if row.get("settles_scores_of") else ""
    more = {"area": item.area, "question": item.question, "words": words, "standing": standing + settled}
    return {**row, **more}
