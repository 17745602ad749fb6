"""The lists of the audit pages: guidelines by category, codes by theme, sources, candidates, and all codings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graylit.audit.codings import is_in_force
from graylit.audit.parts import Audit
from graylit.audit.tables import CODING_COLUMNS
from graylit.tables.kinds import split_ids

Records = list[dict[str, Any]]


def list_categories(audit: Audit) -> Records:
    """Return the categories with their guidelines; guidelines of no category come last."""
    groups: Records = []
    placed: set[str] = set()
    for category_id, row in sorted(audit.categories.items()):
        members = [guideline_id for guideline_id in split_ids(row["guideline_ids"]) if guideline_id in audit.guidelines]
        placed |= set(members)
        groups.append({**row, "category_id": category_id, "members": members})
    free = sorted(set(audit.guidelines) - placed)
    if free:
        name = "In no category" if groups else "Guidelines"
        groups.append({"category_id": "", "name": name, "description": "", "members": free})
    return groups


def list_themes(audit: Audit) -> Records:
    """Return the themes with their codes; codes of no theme, and retired ones, come last."""
    codes: dict[str, list[str]] = {theme_id: [] for theme_id in [*sorted(audit.themes), "", "retired"]}
    for code_id, row in sorted(audit.codebook.items()):
        is_retired = row["status"] == "retired"
        for key in ["retired"] if is_retired else audit.themes_of.get(code_id, [""]):
            codes[key].append(code_id)
    blank = {"description": ""}
    rows = audit.themes | {"": blank | {"name": "In no theme"}, "retired": blank | {"name": "Retired codes"}}
    return [{**rows[key], "theme_id": key, "codes": members} for key, members in codes.items() if members]


def list_sources(audit: Audit) -> Iterator[dict[str, Any]]:
    """Yield a line for each source."""
    for source_id in sorted(audit.sources):
        codings = [row for row in audit.located_of_source.get(source_id, []) if is_in_force(row)]
        line = {
            "text": audit.texts.get(source_id),
            "change": audit.changes.get(source_id),
            "has_words": source_id in audit.words,
            "n_segments": len(audit.segments.get(source_id, [])),
            "n_codings": len(codings),
            "n_codes": len({row["code_id"] for row in codings}),
            "score": audit.scores.get(source_id, ""),
        }
        yield {**audit.sources[source_id], **line}


def list_candidates(audit: Audit) -> Iterator[dict[str, Any]]:
    """Yield a line for each candidate, with the rows that decided on it."""
    decisions = audit.tables["screening_decisions"].key("candidate_id")
    criteria = {row["criterion_id"]: row["name"] for row in audit.tables["criteria"]}
    rows = audit.tables["screenings"].group("candidate_id")
    pairs = _list_alike(audit)
    hits = audit.tables["hits"].group("candidate_id")
    engines = {row["search_id"]: row["engine"] for row in audit.tables["searches"]}
    for candidate in audit.tables["candidates"].sort("candidate_id"):
        decision = decisions.get(candidate["candidate_id"], {})
        screenings = [
            {**row, "criterion": criteria.get(row["criterion_id"], "")}
            for row in rows.get(candidate["candidate_id"], [])
        ]
        line = {
            "decision": decision.get("decision", "open"),
            "criterion_id": decision.get("criterion_id", ""),
            "criterion": criteria.get(decision.get("criterion_id", ""), ""),
            "source_id": decision.get("source_id", ""),
            "screenings": screenings,
            "alike": pairs.get(candidate["candidate_id"], []),
            "hits": [
                {name: hit[name] for name in ("search_id", "rank")}
                | {"engine": engines.get(hit["search_id"], ""), "cited_by": split_ids(hit["cited_by"])}
                for hit in hits.get(candidate["candidate_id"], [])
            ],
        }
        yield {**candidate, **line}


def _list_alike(audit: Audit) -> dict[str, Records]:
    """Return for each candidate the others that are, or may be, the same page."""
    alike: dict[str, Records] = {}
    for row in audit.tables["duplicate_candidates"]:
        for own, other in ((row["candidate_id"], row["other_id"]), (row["other_id"], row["candidate_id"])):
            alike.setdefault(own, []).append({**row, "other_id": other})
    return alike


def list_codings(audit: Audit) -> Iterator[dict[str, str]]:
    """Yield the rows of the page of all codings, by id."""
    for row in audit.tables["located_codings"].sort("coding_id"):
        coding = audit.describe_coding(row)
        yield {column.name: coding[column.name] for column in CODING_COLUMNS}
