"""Support by claim: which claims of guidelines the evidence supports, and how far each guideline is supported by them.

A coding is read against each claim of each guideline that it is evidence of. Only *supports* counts as support; what
supports a part, or is against it, is counted beside it, never added. What readers differ on counts for nothing until it
is settled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from graylit.measures.support import rank_guidelines
from graylit.synthesis.readings import NOTHING, Pair, judge_pairs
from graylit.tables.claims import (
    ACTIVE,
    AGAINST,
    CLAIM_EVIDENCE,
    DISPUTED,
    NOT_ABOUT,
    PARTLY,
    READINGS,
    SUPPORTS,
    UNREAD,
    WITHDRAWN,
)
from graylit.tables.rows import Cells, Values, group_rows
from graylit.tables.sources import names_publisher

LINKED = ("guideline_id", "code_id", "coding_id", "source_id", "publisher", "segment_id")  # as evidence has them
COUNTED = (SUPPORTS, PARTLY, AGAINST)
PREFERRED = ("rank", "n_codes", "n_codings", "n_sources", "n_publishers", "has_floor")  # as both tables have them
YES_NO = {True: "yes", False: "no"}


def list_claims(claims: Iterable[Cells], guideline_ids: Iterable[str]) -> dict[str, Cells]:
    """Return the claims in force by id: the last row of each that is not withdrawn and of a guideline in force."""
    latest, known = {row["claim_id"]: row for row in claims}, set(guideline_ids)
    kept = sorted(latest.items())
    return {key: row for key, row in kept if row.get("status") != WITHDRAWN and row["guideline_id"] in known}


def list_pairs(claims: Mapping[str, Cells], evidence: Iterable[Cells]) -> list[tuple[Pair, Cells]]:
    """Return every pair of a claim in force and a coding to be read against it, each with its link of evidence."""
    links = group_rows(evidence, "guideline_id")
    return [
        ((claim_id, link["coding_id"]), link)
        for claim_id, claim in claims.items()
        for link in links.get(claim["guideline_id"], ())
    ]


def link_claims(claims: Mapping[str, Cells], readings: Iterable[Cells], evidence: Iterable[Cells]) -> list[Values]:
    """Return one row for each claim in force and coding of its guideline's evidence: what counts of the pair."""
    judged = judge_pairs(readings, claims)
    rows: list[Values] = []
    for pair, link in list_pairs(claims, evidence):
        found = judged.get(pair, NOTHING)
        ids = "; ".join(sorted(row["reading_id"] for row in found.rows))
        cells = {name: link[name] for name in LINKED} | {"claim_id": pair[0]}
        values: Values = {**cells, "reading": found.reading, "n_readers": found.n_readers, "reading_ids": ids}
        rows.append({name: values[name] for name in CLAIM_EVIDENCE.names})
    return rows


def count_claims(
    claims: Mapping[str, Cells], linked: Iterable[Mapping[str, object]], min_publishers: int
) -> list[Values]:
    """Return one row for each claim in force: how its pairs were read, and by whom it is supported."""
    of_claim: dict[str, list[Mapping[str, object]]] = {}
    for link in linked:
        of_claim.setdefault(str(link["claim_id"]), []).append(link)
    return [
        {
            "claim_id": claim_id,
            "guideline_id": claim["guideline_id"],
            "wording": claim["wording"],
            "status": claim.get("status") or ACTIVE,
            **_count_links(of_claim.get(claim_id, []), min_publishers),
        }
        for claim_id, claim in claims.items()
    ]


def _count_links(links: Sequence[Mapping[str, object]], min_publishers: int) -> dict[str, str | int]:
    n = Counter(str(link["reading"]) for link in links)
    counts: dict[str, str | int] = {"n_pairs": len(links)}
    counts |= {f"n_{reading}": n[reading] for reading in (UNREAD, DISPUTED, *READINGS)}
    for reading in COUNTED:
        suffix = "" if reading == SUPPORTS else f"_{reading}"
        chosen = [link for link in links if link["reading"] == reading]
        counts[f"n_sources{suffix}"] = len({link["source_id"] for link in chosen})
        publishers = {str(link["publisher"]) for link in chosen}
        counts[f"n_publishers{suffix}"] = sum(map(names_publisher, publishers))
    return counts | {"has_floor": YES_NO[int(counts["n_publishers"]) >= min_publishers]}


def keep_supported(evidence: Iterable[Cells], linked: Iterable[Mapping[str, object]]) -> list[Cells]:
    """Return the links of evidence whose coding supports a claim of the guideline."""
    supported = {(link["guideline_id"], link["coding_id"]) for link in linked if link["reading"] == SUPPORTS}
    return [link for link in evidence if (link["guideline_id"], link["coding_id"]) in supported]


def count_guidelines(
    guidelines: Sequence[Cells],
    counted: Sequence[Values],
    evidence: Iterable[Cells],
    linked: Sequence[Mapping[str, object]],
    min_publishers: int,
) -> list[Values]:
    """Return one row for each guideline: its support by claims, and its rank; no rows if there are no claims.

    A source counts if one of its codings supports a claim of the guideline, whichever. `counted` are the rows of
    `count_claims`, `linked` those of `link_claims`. A guideline without claims has no support by them.
    """
    if not counted:
        return []
    of_guideline = group_rows(counted, "guideline_id")
    against = {
        column: {(link["guideline_id"], link[column]) for link in linked if link["reading"] == AGAINST}
        for column in ("source_id", "publisher")
    }
    rows: list[Values] = []
    for ranked in rank_guidelines(guidelines, keep_supported(evidence, linked), min_publishers):
        guideline_id = ranked["guideline_id"]
        mine = of_guideline.get(guideline_id, [])
        sums = {name: sum(int(str(row[name])) for row in mine) for name in ("n_pairs", "n_unread", "n_disputed")}
        below = sum(row["has_floor"] == "no" for row in mine)
        sources = [value for key, value in against["source_id"] if key == guideline_id]
        publishers = [
            value for key, value in against["publisher"] if key == guideline_id and names_publisher(str(value))
        ]
        rows.append(
            {**ranked, "n_claims": len(mine), "n_claims_below": below, **sums}
            | {"n_sources_against": len(sources), "n_publishers_against": len(publishers)}
        )
    return rows


def prefer_claims(support: Iterable[Cells], by_claims: Iterable[Cells]) -> list[Cells]:
    """Return the support of guidelines by claims where a study has claims, and by code where it has none."""
    of_guideline = {row["guideline_id"]: row for row in by_claims}
    return [
        {**row, **{name: of_guideline.get(row["guideline_id"], row)[name] for name in PREFERRED}} for row in support
    ]


def list_refuted(linked: Iterable[Cells]) -> set[tuple[str, str]]:
    """Return the pairs of guideline and coding that were read for every claim, and support none, not even partly."""
    readings: dict[tuple[str, str], set[str]] = {}
    for link in linked:
        readings.setdefault((link["guideline_id"], link["coding_id"]), set()).add(link["reading"])
    return {pair for pair, found in readings.items() if found <= {AGAINST, NOT_ABOUT}}
