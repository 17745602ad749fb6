"""Who serves each source in this run: a captured page, the frozen corpus or nobody, as gather_texts decided."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from graylit.tables.preparation import SERVING

if TYPE_CHECKING:
    import pandas as pd


def read_serving(path: str | Path) -> dict[str, str]:
    """Return who serves each source, by source_id: captured, frozen or none."""
    return {row["source_id"]: row["served_by"] for row in SERVING.read_each(path)}


def mark_served(segments: pd.DataFrame, serving: Mapping[str, str]) -> pd.DataFrame:
    """Return segments with the column `served_by`: who serves their source."""
    return segments.assign(served_by=segments["source_id"].map(dict(serving)))
