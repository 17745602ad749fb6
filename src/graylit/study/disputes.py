"""Where coders who have read the same unit gave different codes, and which of their codings that makes open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells

if TYPE_CHECKING:
    import pandas as pd

SIDE = ["round", "unit_id", "source_id", "segment_id", "kind", "coder", "code_ids", "coding_ids"]


def list_disagreements(marks: pd.DataFrame) -> pd.DataFrame:
    """Return one row per disputed unit and coder who has read it; `marks` are those of `units.gather_marks`."""
    import pandas as pd

    numbers = pd.Series(pd.factorize(marks["code_ids"])[0], index=marks.index)
    units = [marks["round"], marks["unit_id"]]
    n_sets = numbers.groupby(units).transform("nunique")
    n_filled = numbers.where(marks["code_ids"].map(len) > 0).groupby(units).transform("nunique")
    kinds = n_filled.gt(1).map({True: "coding", False: "unitizing"})
    disputed = marks.assign(kind=kinds)[n_sets > 1]
    joined = {column: disputed[column].map("; ".join) for column in ("code_ids", "coding_ids")}
    return disputed.assign(**joined)[SIDE]


def list_disputed(sides: Iterable[Cells], code_of: Mapping[str, str]) -> list[str]:
    """Return the codings of a disputed unit whose code not all of its coders gave: a dispute is about these.

    `sides` are the unit's rows of `list_disagreements`; `code_of` has the code of each coding before adjudication.
    """
    sides = list(sides)
    shared = set.intersection(*(set(split_ids(side["code_ids"])) for side in sides))
    coding_ids = [coding_id for side in sides for coding_id in split_ids(side["coding_ids"])]
    return [coding_id for coding_id in coding_ids if code_of[coding_id] not in shared]
