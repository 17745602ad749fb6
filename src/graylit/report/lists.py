"""The lists of the report: the flow of sources, counts, guidelines, themes with their codes, suggestions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import pandas as pd

from graylit.report.counts import count_reasons, list_coded, list_texts
from graylit.report.frames import Frames, Part, Records, key_rows, list_records
from graylit.study.relations import list_relations, tell_relations
from graylit.study.state import follow_ids
from graylit.tables.rows import Cells, list_rows

Counts = list[tuple[str, int]]  # values with the number of their sources


def describe_flow(frames: Frames, *, has_texts: bool) -> Records:
    """Return the stages that sources pass through: label, number of sources, and what became of the others."""
    n_sources, n_coded = len(frames["sources"]), len(list_coded(frames))
    flow: Records = [{"label": "in the study", "n": n_sources, "others": {}}]
    if has_texts:
        flow.append({"label": "with a text", "n": len(list_texts(frames)), "others": count_reasons(frames)})
    others = {"without a coding that counts": n_sources - n_coded}
    return [*flow, {"label": "coded", "n": n_coded, "others": others}]


def sum_counts(counts: pd.DataFrame, column: str) -> Counts:
    """Return the number of sources for each value of a column of the source counts, largest first."""
    sums = counts.groupby(column)["n_sources"].sum()
    return sorted(((str(value), int(n)) for value, n in sums.items()), key=lambda pair: (-pair[1], pair[0]))


def fold_tail(counts: Counts, n_most: int = 14) -> Counts:
    """Return the first counts, and the sum of the others as the last one; a single other is shown itself."""
    n_shown = n_most if len(counts) > n_most + 1 else len(counts)
    shown, rest = counts[:n_shown], counts[n_shown:]
    return shown + ([(f"{len(rest)} others", sum(n for _, n in rest))] if rest else [])


def describe_guidelines(
    guidelines: pd.DataFrame, support: pd.DataFrame, groups: pd.DataFrame, themes: pd.DataFrame
) -> dict[str, dict[str, Any]]:
    """Return the guidelines by id in order of rank, each with its support and the types of its sources."""
    table = guidelines.merge(support.drop(columns="name"), on="guideline_id", validate="one_to_one")
    named = themes[["theme_id", "name"]].rename(columns={"name": "theme"})
    table = table.merge(named, on="theme_id", validate="many_to_one").sort_values(["rank", "guideline_id"])
    of_types = groups[(groups["variable"] == "source_type") & (groups["n_sources"] > 0)]
    ordered = of_types.sort_values(["n_sources", "value"], ascending=[False, True])
    types = {key: list_rows(rows) for key, rows in ordered.groupby("guideline_id")}
    return {key: {**row, "types": types.get(key, [])} for key, row in key_rows(table, "guideline_id").items()}


def add_quality(guidelines: Mapping[str, dict[str, Any]], quality: Records) -> dict[str, dict[str, Any]]:
    """Return the guidelines with how well their sources were appraised; None of one of which nothing is known."""
    found = {row["guideline_id"]: row for row in quality}
    return {key: {**row, "quality": found.get(key)} for key, row in guidelines.items()}


def describe_relations(relations: pd.DataFrame, guidelines: Collection[str]) -> dict[str, list[tuple[str, str, str]]]:
    """Return for each guideline what it has to do with others: in words, the other one, and why."""
    in_force = list_relations(list_rows(relations), guidelines)
    return {guideline_id: tell_relations(in_force, guideline_id) for guideline_id in guidelines}


def group_guidelines(guidelines: Mapping[str, Any], categories: Part) -> Records:
    """Return the categories with their guidelines in order of rank; a single group if there are no categories."""
    order = list(guidelines)
    all_of_them = {"category_id": "", "name": "By rank", "description": ""}
    groups = categories["categories"] if categories else []
    groups = groups or [{**all_of_them, "members": [{"guideline_id": guideline_id} for guideline_id in order]}]
    return [
        {**group, "members": sorted(group["members"], key=lambda member: order.index(member["guideline_id"]))}
        for group in groups
        if group["members"]
    ]


def describe_themes(themes: pd.DataFrame, counts: pd.DataFrame, codebook: Mapping[str, Cells]) -> Records:
    """Return the themes, each with its codes and their counts; codes of no theme come last."""
    by_code = key_rows(counts, "code_id")
    described, placed = [], set()
    for theme in list_rows(themes):
        codes = [by_code[code_id] for code_id in follow_ids(theme["code_ids"], codebook) if code_id in by_code]
        placed |= {code["code_id"] for code in codes}
        described.append({**theme, "codes": sorted(codes, key=lambda code: (-code["n_sources"], code["code_id"]))})
    free = [code for code_id, code in by_code.items() if code_id not in placed]
    if free:
        described.append({"theme_id": "", "name": "In no theme", "description": "", "codes": free})
    return described


def describe_suggestions(quality: pd.DataFrame, suggestions: pd.DataFrame, codebook: Mapping[str, Cells]) -> Records:
    """Return each code with how exact the model's suggestions of it proved, and how many are listed."""
    n_listed = suggestions["code_id"].value_counts()
    return [
        {**row, "name": codebook[row["code_id"]]["name"], "n_listed": int(n_listed.get(row["code_id"], 0))}
        for row in list_records(quality)
    ]
