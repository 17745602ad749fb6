"""The support of guidelines: counted from their evidence, and ranked by number of sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graylit.tables.sources import names_publisher

Guideline = Mapping[str, str]
COUNTED = {"n_codes": "code_id", "n_codings": "coding_id", "n_sources": "source_id", "n_publishers": "publisher"}


def rank_guidelines(
    guidelines: Iterable[Guideline], evidence: Iterable[Mapping[str, str]], min_publishers: int
) -> list[dict[str, str | int]]:
    """Return one row per guideline: its support, and its rank by number of sources (1 is the most supported).

    A publisher that nobody knows is none.
    """
    supporting: dict[str, dict[str, set[str]]] = {}
    for link in evidence:
        found = supporting.setdefault(link["guideline_id"], {name: set() for name in COUNTED})
        for name, column in COUNTED.items():
            if column != "publisher" or names_publisher(link[column]):
                found[name].add(link[column])
    counted = [(row, _count(supporting.get(row["guideline_id"], {}))) for row in guidelines]
    n_sources = [counts["n_sources"] for _, counts in counted]
    return [
        {
            "guideline_id": row["guideline_id"],
            "name": row["name"],
            **counts,
            "rank": 1 + sum(n > counts["n_sources"] for n in n_sources),
            "has_floor": "yes" if counts["n_publishers"] >= min_publishers else "no",
        }
        for row, counts in counted
    ]


def _count(supporting: Mapping[str, set[str]]) -> dict[str, int]:
    return {name: len(supporting.get(name, ())) for name in COUNTED}
