"""A sample of segments for people to code: stratified by how models coded them and by kind of source, drawn by seed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from graylit.study.given import Codes
from graylit.tables.kinds import number_ids
from graylit.tables.rows import Cells, Row

LEAST = 2  # segments of each stratum that are drawn, if it has so many: chosen, so that none is left unlooked at
Stratum = tuple[str, str]  # how models had coded it, and the kind of its source


def tell_standing(codes: Sequence[Codes]) -> str:
    """Return how a segment stands by what each of the models that have read it gave."""
    if not any(codes):
        return "uncoded"
    if len(codes) == 1:
        return "coded"
    return "agreed" if len(set(codes)) == 1 else "disputed"


def group_strata(
    segments: Iterable[Cells], given: Iterable[Mapping[str, Codes]], type_of: Mapping[str, str]
) -> dict[Stratum, list[Cells]]:
    """Return segments by stratum; `given` holds what each model gave to the segments that it has read."""
    sets = list(given)
    strata: dict[Stratum, list[Cells]] = defaultdict(list)
    for row in segments:
        codes = [one[row["segment_id"]] for one in sets if row["segment_id"] in one]
        strata[tell_standing(codes), type_of.get(row["source_id"], "")].append(row)
    return dict(sorted(strata.items()))


def share_out(sizes: Mapping[Stratum, int], size: int) -> dict[Stratum, int]:
    """Return how many are drawn of each stratum: by its share, and no fewer than two, as far as it has them."""
    whole = sum(sizes.values())
    shares = {stratum: size * n / whole for stratum, n in sizes.items()} if whole else {}
    drawn = {stratum: min(n, max(LEAST, int(shares[stratum]))) for stratum, n in sizes.items()}
    # What rounding left goes to those that lost most by it.
    for stratum in sorted(sizes, key=lambda one: (int(shares[one]) - shares[one], one)):
        if sum(drawn.values()) < min(size, whole) and drawn[stratum] < sizes[stratum]:
            drawn[stratum] += 1
    return drawn


def draw_sample(
    strata: Mapping[Stratum, Sequence[Cells]], size: int, seed: int, before: Sequence[Cells], at: str
) -> list[Row]:
    """Return the rows of a new draw, in an order that tells nothing of how segments stood."""
    draw = max((int(row["draw"]) for row in before), default=0) + 1
    drawn = share_out({stratum: len(rows) for stratum, rows in strata.items()}, size)

    def mix(row: Cells) -> tuple[str, str]:
        words = f"{seed}\n{draw}\n{row['segment_id']}"
        return hashlib.sha256(words.encode("utf-8")).hexdigest(), row["segment_id"]

    chosen = []
    for (stood, source_type), rows in strata.items():
        n_drawn = drawn[stood, source_type]
        cells = {"draw": str(draw), "stood": stood, "source_type": source_type, "seed": str(seed), "drawn_at": at}
        cells |= {"n_stratum": str(len(rows)), "n_drawn": str(n_drawn)}
        chosen += [(mix(row), row, cells) for row in sorted(rows, key=mix)[:n_drawn]]
    chosen.sort(key=lambda one: one[0])
    ids = number_ids((row["sample_id"] for row in before), len(chosen), first="V0001")
    return [
        {
            "sample_id": row_id,
            "segment_id": row["segment_id"],
            "source_id": row["source_id"],
            "segment_sha256": row["sha256"],
            **cells,
        }
        for row_id, (_, row, cells) in zip(ids, chosen, strict=True)
    ]
