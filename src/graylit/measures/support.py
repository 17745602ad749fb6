"""The support of guidelines: counted from their evidence, and ranked by number of sources."""

from __future__ import annotations

import pandas as pd


def rank_guidelines(guidelines: pd.DataFrame, evidence: pd.DataFrame, min_publishers: int) -> pd.DataFrame:
    """Return one row per guideline: its support, and its rank by number of sources (1 is the most supported)."""
    counted = {"n_codes": "code_id", "n_codings": "coding_id", "n_sources": "source_id", "n_publishers": "publisher"}
    counts = evidence.groupby("guideline_id").agg(**{name: (column, "nunique") for name, column in counted.items()})
    table = guidelines[["guideline_id", "name"]].merge(counts, on="guideline_id", how="left", validate="one_to_one")
    table = table.fillna(dict.fromkeys(counted, 0)).astype(dict.fromkeys(counted, int))
    rank = table["n_sources"].rank(method="min", ascending=False).astype(int)
    has_floor = (table["n_publishers"] >= min_publishers).map({True: "yes", False: "no"})
    return table.assign(rank=rank, has_floor=has_floor)
