"""The copies of a study's sources that a web archive keeps, as the table of mementos has them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graylit.tables.mementos import KEPT, MEMENTOS
from graylit.tables.reading import read_finished
from graylit.tables.rows import Cells

MEMENTOS_FILE = "data/mementos.csv"


def read_offers(folder: Path) -> list[Cells]:
    """Return all rows of a study's table of mementos; none if nothing was offered to an archive."""
    return [*read_finished(folder / MEMENTOS_FILE, MEMENTOS)]


def find_mementos(offers: Iterable[Cells]) -> dict[tuple[str, str], Cells]:
    """Return the last copy that was looked at, by source and address: what stands in exports and on the public site.

    An address of which the last request failed keeps the copy of an earlier one.
    """
    return {(row["source_id"], row["url"]): row for row in offers if row["outcome"] in KEPT and row["memento"]}
