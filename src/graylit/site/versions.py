"""Other versions of a study beside the present one: how large each is, and how its guidelines read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from graylit.comparison.release import read_keyed
from graylit.comparison.results import MADE_TABLES, compare_made
from graylit.comparison.states import Side, compare_sides, count_changes
from graylit.exports.replication import date_decisions
from graylit.study.frozen import FOLDER, RELEASED_TABLES
from graylit.study.state import rows_in_force
from graylit.study.study import Study
from graylit.tables.rows import Cells

Version = dict[str, Any]
RELEASE = "the release"
SUPPORT = ("guideline_claims", "guideline_support")  # the first that has rows says what a guideline rests on


def describe_versions(folder: Path, now: Side, others: Sequence[tuple[str, Side, Sequence[str]]]) -> list[Version]:
    """Return the present version and others: each with its size, the others with what changed since.

    `others` are named, with remarks on each. The release is among them if its tables differ from those of now.
    """
    versions = [_describe_side("now", now, 0)]
    if released := _describe_release(folder, now):
        versions.append(released)
    for name, side, remarks in others:
        changes = count_changes(compare_sides(side, now))
        guidelines = _pair_guidelines(_list_guidelines(side.study), side.made, now)
        more = {"changes": changes, "guidelines": guidelines, "remarks": [*remarks, *side.remarks]}
        versions.append(_describe_side(name, side, len(versions)) | more)
    return versions if len(versions) > 1 else []


def _describe_side(name: str, side: Side, number: int) -> Version:
    study, made = side.study, side.made
    counts = {
        "guidelines": len(_list_guidelines(study)),
        "claims": len(made.get("claim_support", [])),
        "codes": sum(row["status"] == "active" for row in rows_in_force(study.codebook.cells, "code_id").values()),
        "sources": len(study.sources.cells),
        "codings that count": sum(row["is_evidence"] == "yes" for row in made.get("located_codings", [])),
    }
    return _version(name, number) | {"date": date_decisions(study), "counts": counts}


def _version(name: str, number: int) -> Version:
    blank: Version = {"date": "", "counts": {}, "changes": None, "guidelines": [], "remarks": []}
    return {**blank, "name": name, "anchor": f"version-{number}"}


def _list_guidelines(study: Study) -> dict[str, Cells]:
    return rows_in_force(study.guidelines.cells, "guideline_id")


def _describe_release(folder: Path, now: Side) -> Version | None:
    """Return the release by its tables, which say how guidelines were called and supported, and no more."""
    tables = folder / FOLDER / RELEASED_TABLES
    made = {
        name: [*read_keyed(tables / f"{name}.csv", contract).values()]
        for name, contract in MADE_TABLES.items()
        if (tables / f"{name}.csv").exists()
    }
    present = {name: rows for name, rows in now.made.items() if name in made}
    changes = count_changes(compare_made(made, present)) if made else []
    if not changes:
        return None
    named = {row["guideline_id"]: {**row, "statement": ""} for row in made.get("guideline_support", [])}
    counts = {
        "guidelines": len(named),
        "claims": len(made.get("claim_support", [])),
        "codes": len(made.get("code_counts", [])),
        "sources": len(made.get("texts", [])),
        "codings that count": sum(row["is_evidence"] == "yes" for row in made.get("located_codings", [])),
    }
    more = {"counts": counts, "changes": changes, "guidelines": _pair_guidelines(named, made, now)}
    return _version(RELEASE, 1) | more


def _pair_guidelines(then: Mapping[str, Cells], made: Mapping[str, Sequence[Cells]], now: Side) -> list[dict[str, Any]]:
    present = _list_guidelines(now.study)
    n_then, n_now = _count_sources(made), _count_sources(now.made)
    rows = []
    for guideline_id in sorted({*then, *present}):
        old, new = then.get(guideline_id), present.get(guideline_id)
        is_reworded = bool(old and new and old["statement"] and old["statement"] != new["statement"])
        n = {"n_then": n_then.get(guideline_id, ""), "n_now": n_now.get(guideline_id, "")}
        rows.append({"guideline_id": guideline_id, "then": old, "now": new, "is_reworded": is_reworded, **n})
    return rows


def _count_sources(made: Mapping[str, Iterable[Cells]]) -> dict[str, str]:
    found = next((rows for name in SUPPORT if (rows := [*made.get(name, [])])), [])
    return {row["guideline_id"]: row["n_sources"] for row in found}
