"""How far coders agree before anything was settled, and after: as the review measures it, over units as wholes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from graylit.desk.adjudicating.gathering import Dispute, Gathered
from graylit.tables.rows import Cells

if TYPE_CHECKING:
    import pandas as pd

    from graylit.measures.agreement import Estimate

MEASURES = ("share_agreed", "alpha_nominal", "alpha_masi")


def settle_marks(gathered: Gathered, judged: Mapping[str, Cells]) -> pd.DataFrame:
    """Return the marks as if all coders of a settled unit had given what stands there: the codes that all gave
    already, those that stand, and those that others became.
    """
    settled = {
        (dispute.round, dispute.unit_id): _list_standing(dispute, judged)
        for dispute in gathered.disputes.values()
        if all(one in judged for one in dispute.coding_ids)
    }
    marks = gathered.marks
    units = zip(marks["round"].astype(str), marks["unit_id"], marks["code_ids"], strict=True)
    return marks.assign(code_ids=[settled.get((number, unit_id), codes) for number, unit_id, codes in units])


def _list_standing(dispute: Dispute, judged: Mapping[str, Cells]) -> tuple[str, ...]:
    codes = set(dispute.shared)
    for code_id, ids in dispute.choices.items():
        verdicts = [judged[one] for one in ids]
        codes |= {row["code_id"] for row in verdicts if row["verdict"] == "recoded"}
        codes |= {code_id for row in verdicts if row["verdict"] == "stands"}
    return tuple(sorted(codes))


def measure_rounds(marks: pd.DataFrame, settled: pd.DataFrame, seed: int) -> list[dict[str, object]]:
    """Return for each round and group of coders how far they agree, before and after; takes a while."""
    from graylit.measures.agreement import list_groups, name_group
    from graylit.study.coder_agreement import measure_wholes
    from graylit.study.units import rate_sets

    found: list[dict[str, object]] = []
    for number, in_round in marks.groupby("round"):
        after = settled[settled["round"] == number]
        code_ids = sorted({code for frame in (in_round, after) for codes in frame["code_ids"] for code in codes})
        both = [rate_sets(frame, code_ids, seed) for frame in (in_round, after)]
        for group in list_groups(both[0].coders):
            chosen = [rated.choose(group) for rated in both]
            if len(chosen[0].ratings.sources):
                measured = [measure_wholes(rated) for rated in chosen]
                rows = [{"measure": name, **_tell(measured[0][name], measured[1][name])} for name in MEASURES]
                n_units = len(chosen[0].ratings.sources)
                found.append({"round": str(number), "coders": name_group(group), "n_units": n_units, "measures": rows})
    return found


def _tell(before: Estimate, after: Estimate) -> dict[str, object]:
    ends = {"before": before.value, "low": before.low, "high": before.high, "after": after.value}
    return {name: round(value, 3) if math.isfinite(value) else None for name, value in ends.items()}
