"""Codes that were merged since another state, and which themes, guidelines and codes that touches."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from graylit.comparison.changes import Change, change_row, in_file
from graylit.study.state import follow_code, follow_ids, latest_rows, rows_in_force
from graylit.study.study import PEOPLES_TABLES, Study
from graylit.tables.rows import Cells

Groups = Mapping[str, Set[str]]  # codes by the theme or guideline that they belong to


@dataclass(frozen=True)
class Merge:
    """A code that was merged into another one, and the groups that lost it and took it in by that."""

    code_id: str
    into: str
    losing: tuple[str, ...]
    gaining: tuple[str, ...]


def list_merged(code_ids: Set[str], codebook: Mapping[str, Cells]) -> dict[str, str]:
    """Return which code took the place of each code that is in force no more; those that were split are left out."""
    followed = {code_id: follow_code(code_id, codebook) for code_id in sorted(code_ids)}
    return {code_id: into for code_id, into in followed.items() if into != code_id}


def find_merges(merged: Mapping[str, str], before: Groups, after: Groups) -> list[Merge]:
    """Return the merges that took a code from one group to another."""
    found = []
    for code_id, into in merged.items():
        losing = (group for group in sorted(before) if code_id in before[group] and into not in after.get(group, ()))
        gaining = (group for group in sorted(after) if into in after[group] and code_id not in before.get(group, ()))
        found.append(Merge(code_id, into, tuple(losing), tuple(gaining)))
    return [merge for merge in found if merge.losing]


def describe_merges(merges: list[Merge], kind: str) -> dict[str, str]:
    """Return a remark for each group that merges touched; codes that are groups themselves are not named."""
    remarks: dict[str, list[str]] = {}
    for merge in merges:
        into, of = ("", "") if kind == "code" else (_name_groups(merge.gaining), _name_groups(merge.losing))
        for group in merge.losing:
            remarks.setdefault(group, []).append(f"{merge.code_id} was merged into {merge.into}{into}")
        for group in merge.gaining:
            remarks.setdefault(group, []).append(f"{merge.into} took in {merge.code_id}{of}")
    return {group: "; ".join(said) for group, said in remarks.items()}


def _name_groups(groups: tuple[str, ...]) -> str:
    return f" of {', '.join(groups)}" if groups else ""


def compare_merges(before: Study, after: Study) -> list[Change]:
    """Return the themes and guidelines that lost a code to another one, or took one in, because codes were merged."""
    codebooks = [latest_rows(study.codebook.cells, "code_id") for study in (before, after)]
    in_use = {code_id for code_id in codebooks[0] if follow_code(code_id, codebooks[0]) == code_id}
    merged = list_merged(in_use, codebooks[1])
    changes = []
    for table in ("themes", "guidelines"):
        subject = table[:-1]
        groups = [
            {
                row_id: set(follow_ids(row["code_ids"], codebook))
                for row_id, row in rows_in_force(getattr(study, table).cells, f"{subject}_id").items()
            }
            for study, codebook in zip((before, after), codebooks, strict=True)
        ]
        found = [change for merge in find_merges(merged, *groups) for change in _tell_merge(subject, merge)]
        changes += in_file(PEOPLES_TABLES[table][0], found)
    return changes


def _tell_merge(subject: str, merge: Merge) -> list[Change]:
    into, of = f"{merge.into}{_name_groups(merge.gaining)}", f"{merge.code_id}{_name_groups(merge.losing)}"
    lost = [change_row(subject, group, "lost by merge", "code_ids", merge.code_id, into) for group in merge.losing]
    return lost + [change_row(subject, group, "won by merge", "code_ids", of, merge.into) for group in merge.gaining]
