"""What people decided differently in two states of a study: rows that differ, and the effect of rows that were added.

People's tables only grow, so an existing row that was edited or removed is a change of its own. The effect of added
rows is read from what is in force: once without them, and once with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from graylit.comparison.changes import (
    WHEN_AND_WHY,
    Change,
    change_row,
    compare_history,
    in_file,
    keep_known,
    list_added,
    list_differences,
    tell_coming,
)
from graylit.comparison.codings import compare_coders
from graylit.comparison.merges import compare_merges
from graylit.comparison.pairs import by_column, pair
from graylit.comparison.readings import compare_readings
from graylit.study.config import CONFIG
from graylit.study.state import latest_rows
from graylit.study.study import OPTIONAL_TABLES, PEOPLES_TABLES, Study
from graylit.tables.contracts import Contract
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells

SUBJECTS = {
    "people": "decider",
    "asked": "unit asked",
    "sample": "sampled segment",
    "sample_codes": "codes of a sampled segment",
    "trusted": "trust in a model",
    "sources": "source",
    "codebook": "code",
    "codings": "coding",
    "adjudications": "adjudication",
    "passes": "pass",
    "readings": "reading",
    "searches": "search",
    "hits": "hit",
    "duplicates": "duplicate",
    "candidates": "candidate",
    "criteria": "criterion",
    "screenings": "screening",
    "practices": "practice",
    "themes": "theme",
    "guidelines": "guideline",
    "categories": "category",
    "card_sorts": "card",
    "relations": "relation",
    "correspondences": "correspondence",
    "findings": "finding",
    "places_read": "place",
    "attributes": "attribute",
    "sort_sessions": "card sort",
    "impacts": "impact",
    "impact_readings": "impact reading",
    "claims": "claim",
    "claim_readings": "claim reading",
    "checklist": "question",
    "quality": "appraisal",
}
DECIDED_TABLES = (
    "people",
    "codebook",
    "themes",
    "guidelines",
    "practices",
    "categories",
    "impacts",
    "criteria",
    "claims",
    "correspondences",
    "findings",
    "searches",
)  # the last row counts


def compare_decisions(before: Study, after: Study) -> list[Change]:
    """Return every change between the people's tables of two states."""
    changes = in_file(CONFIG, compare_config(before.config, after.config))
    for name, (file, contract) in {**PEOPLES_TABLES, **OPTIONAL_TABLES}.items():
        old, now = getattr(before, name).cells, getattr(after, name).cells
        if name == "sources":
            found = compare_sources(old, now)
        elif name in DECIDED_TABLES:
            found = compare_decided(SUBJECTS[name], contract, old, now)
        else:
            found = compare_history(SUBJECTS[name], contract, old, now) + list_added(SUBJECTS[name], contract, old, now)
        found += compare_readings(before, after) if name == "claim_readings" else []
        changes += in_file(file, found)
    return changes + compare_merges(before, after) + compare_coders(before, after)


def compare_config(before: Mapping[str, object], after: Mapping[str, object]) -> list[Change]:
    """Return the keys of the config that differ."""
    return [
        change_row("config", key, tell_coming(old, now) or "changed", "value", old or "", now or "")
        for key, old, now in pair(dict(_flatten(before)), dict(_flatten(after)))
        if old != now
    ]


def _flatten(config: Mapping[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in config.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)


def compare_sources(before: Iterable[Cells], after: Iterable[Cells]) -> list[Change]:
    """Return the sources that came, went, have another address or are described otherwise."""
    changes = []
    for source_id, old, now in pair(by_column("source_id", before), by_column("source_id", after)):
        if old is None or now is None:
            addresses = [row["url"] if row else "" for row in (old, now)]
            changes.append(change_row("source", source_id, tell_coming(old, now), "url", *addresses))
            continue
        for column, *cells in list_differences(old, now):
            change = "readdressed" if column in ("url", "pinned_url", "further_urls") else "described"
            changes.append(change_row("source", source_id, change, column, *cells))
    return changes


def compare_decided(subject: str, contract: Contract, before: Iterable[Cells], after: Iterable[Cells]) -> list[Change]:
    """Return what changed in a table whose last rows are in force, such as the codebook or the guidelines."""
    after = list(after)
    id_column = contract.key[0]
    kept = keep_known(contract, before, after)
    label = _label_code if subject == "code" else _label_decided(contract)
    changes = compare_history(subject, contract, before, after)
    for subject_id, old, now in pair(latest_rows(kept, id_column), latest_rows(after, id_column)):
        if now is None or now is old:
            continue
        if old is None:
            name = now.get("name") or now.get("wording") or now.get("component", "")
            changes.append(change_row(subject, subject_id, "added", "name", "", name))
            continue
        found = list_differences(old, now, left_out=WHEN_AND_WHY)
        changes += [change_row(subject, subject_id, label(now, column), column, *cells) for column, *cells in found]
        if not found:
            decided = (old["decided_at"], now["decided_at"])
            changes.append(change_row(subject, subject_id, "confirmed", "decided_at", *decided))
    return changes


def _label_code(row: Cells, column: str) -> str:
    if column in ("status", "replaced_by"):
        successors = len(split_ids(row["replaced_by"]))
        return "reinstated" if row["status"] == "active" else ("retired", "merged", "split")[min(successors, 2)]
    return "renamed" if column == "name" else "redefined"


def _label_decided(contract: Contract) -> Callable[[Cells, str], str]:
    kinds = {column.name: column.kind for column in contract.columns}

    def label(row: Cells, column: str) -> str:
        if column == "status":
            return "withdrawn" if row["status"] == "withdrawn" else "reinstated"
        return "linked" if kinds.get(column) in ("id", "ids") else "worded"

    return label


def compare_files(before: Mapping[str, bytes], after: Mapping[str, bytes], changes: Iterable[Change]) -> list[Change]:
    """Return the files of config/ that were added, removed, or differ in what no other change says (order, quotes)."""
    explained = {row["file"] for row in changes}
    found = []
    for file, old, now in pair(before, after):
        if old != now and file not in explained:
            found += in_file(file, [change_row("file", file, tell_coming(old, now) or "written anew", "file")])
    return found
