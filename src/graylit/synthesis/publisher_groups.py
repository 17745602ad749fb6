"""Publishers and who stands behind them: what would fall if publishers of one group counted as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from graylit.tables.claims import SUPPORTS
from graylit.tables.rows import Cells, Values
from graylit.tables.sources import names_publisher

YES_NO = {True: "yes", False: "no"}


class Supporters(NamedTuple):
    """A guideline or claim, and the publishers that support it."""

    kind: str
    counted_id: str
    guideline_id: str
    publishers: frozenset[str]


def list_supporters(
    guidelines: Iterable[Cells],
    evidence: Iterable[Mapping[str, str]],
    claims: Iterable[Cells] = (),
    pairs: Iterable[Mapping[str, str]] = (),
) -> list[Supporters]:
    """Return the publishers that support each guideline and each claim; one that nobody knows is none.

    `evidence` holds the links that count as support, `claims` and `pairs` are rows of claim_support and claim_evidence.
    """
    of_guideline: dict[str, set[str]] = {}
    for link in evidence:
        of_guideline.setdefault(link["guideline_id"], set()).add(link["publisher"])
    of_claim: dict[str, set[str]] = {}
    for pair in pairs:
        if pair["reading"] == SUPPORTS:
            of_claim.setdefault(pair["claim_id"], set()).add(pair["publisher"])

    def named(publishers: Iterable[str]) -> frozenset[str]:
        return frozenset(filter(names_publisher, publishers))

    return [
        *(
            Supporters("guideline", row["guideline_id"], row["guideline_id"], named(of_guideline.get(key, ())))
            for row in guidelines
            for key in [row["guideline_id"]]
        ),
        *(
            Supporters("claim", row["claim_id"], row["guideline_id"], named(of_claim.get(row["claim_id"], ())))
            for row in claims
        ),
    ]


def count_groups(supporters: Iterable[Supporters], group_of: Mapping[str, str], min_publishers: int) -> list[Values]:
    """Return for each guideline and claim its publishers and their groups, and whether it falls by groups."""
    rows: list[Values] = []
    for one in supporters:
        n_publishers = len(one.publishers)
        n_groups = len({group_of.get(publisher, publisher) for publisher in one.publishers})
        rows.append(
            {
                "kind": one.kind,
                "counted_id": one.counted_id,
                "guideline_id": one.guideline_id,
                "n_publishers": n_publishers,
                "n_groups": n_groups,
                "has_floor": YES_NO[n_groups >= min_publishers],
                "falls": YES_NO[n_publishers >= min_publishers > n_groups],
            }
        )
    return rows


def describe_groups(rows: Iterable[Values]) -> str:
    """Return how many guidelines and claims lose their floor if groups are counted, in words; '' if none does."""
    n_falling = sum(row["falls"] == "yes" for row in rows)
    return f"{n_falling} guidelines and claims below it once groups are counted" if n_falling else ""
