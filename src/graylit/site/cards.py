"""What most people look for in the data of the site, as one JSON file: guidelines, codes and sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graylit.exports.cards import list_cards
from graylit.exports.citation import About
from graylit.study.state import latest_rows
from graylit.study.study import Study
from graylit.tables.kinds import split_ids
from graylit.tables.store import Table

CODE = ("name", "definition", "include_when", "exclude_when", "status")
COUNTS = ("n_codings", "n_sources", "n_publishers")


def list_content(
    study: Study, about: About, tables: Mapping[str, Table], sources: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the guidelines with their claims, impacts, support and sources, the codes, and the sources."""
    made = {name: [*tables[name]] for name in ("guideline_claims", "claim_evidence", "claim_support")}
    cards = list_cards(study, [*tables["guideline_support"]], [*tables["evidence"]], made)
    # A source is described once, in the list of sources.
    cards = [{**card, "sources": {one["source_id"]: one["n_codings"] for one in card["sources"]}} for card in cards]
    counts = {row["code_id"]: row for row in tables["code_counts"]}
    codes = [
        {
            "code_id": code_id,
            **{name: row[name] for name in CODE},
            "replaced_by": split_ids(row["replaced_by"]),
            **{name: int(counts[code_id][name]) for name in COUNTS if code_id in counts},
        }
        for code_id, row in sorted(latest_rows(study.codebook.cells, "code_id").items())
    ]
    return {
        "title": about.title,
        "authors": [author.name for author in about.authors],
        "licence": about.licence,
        "date": about.date,
        "guidelines": cards,
        "codes": codes,
        "sources": list(sources),
    }
