"""Which pairs of coders are shown one by one: of many coders there are too many pairs to be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from graylit.tables.rows import Cells

ALL_CODERS = "all"  # in the place of the coders of a row of agreement
MAX_PAIRS = 10  # of a round that are shown: chosen, those of five coders; thirty coders have 435


def list_crowded(groups: Iterable[tuple[str, str]]) -> set[str]:
    """Return the rounds in which too many pairs of coders were compared to be shown; `groups` are rounds and coders.

    Of such a round, pages and papers show all coders together; the table has the pairs.
    """
    compared: defaultdict[str, set[str]] = defaultdict(set)
    for number, coders in groups:
        compared[number].add(coders)
    return {number for number, coders in compared.items() if ALL_CODERS in coders and len(coders) > MAX_PAIRS + 1}


def leave_out_pairs(rows: Iterable[Cells]) -> list[Cells]:
    """Return rows of agreement without the pairs of rounds that have too many to be shown."""
    listed = list(rows)
    crowded = list_crowded((row["round"], row["coders"]) for row in listed)
    return [row for row in listed if row["coders"] == ALL_CODERS or row["round"] not in crowded]
