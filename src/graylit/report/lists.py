"""What the report lists: the flow of sources, counts, guidelines, themes with their codes, suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graylit.study.state import follow_ids
from graylit.tables.rows import Cells


def describe_flow(sources: pd.DataFrame, texts: pd.DataFrame | None, codings: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the stages sources pass through: label, number of sources, and what became of the others."""
    coded = set(codings["source_id"])
    flow = [{"label": "sources in the study", "n": len(sources), "others": {}}]
    if texts is not None:
        held = texts[texts["outcome"] != "not_captured"]
        lost = texts[texts["outcome"] == "not_captured"]["capture_outcome"].replace("", "not tried")
        extracted = held[held["outcome"] == "extracted"]
        failed = held[held["outcome"] != "extracted"]["outcome"]
        flow.append({"label": "captured", "n": len(held), "others": _count(lost)})
        flow.append({"label": "with text", "n": len(extracted), "others": _count(failed)})
    flow.append({"label": "coded", "n": len(coded), "others": {"without coding": len(sources) - len(coded)}})
    return flow


def _count(words: pd.Series) -> dict[str, int]:
    return {str(word).replace("_", " "): int(n) for word, n in words.value_counts().sort_index().items()}


def sum_counts(counts: pd.DataFrame, column: str) -> list[tuple[str, int]]:
    """Return the number of sources for each value of a column of the source counts, largest first."""
    sums = counts.groupby(column)["n_sources"].sum()
    return sorted(((str(value), int(n)) for value, n in sums.items()), key=lambda pair: (-pair[1], pair[0]))


def fold_tail(counts: list[tuple[str, int]], n_most: int = 14) -> list[tuple[str, int]]:
    """Return the first counts, the others put together as one."""
    shown, rest = counts[:n_most], counts[n_most:]
    return shown + ([(f"{len(rest)} others", sum(n for _, n in rest))] if rest else [])


def describe_guidelines(
    guidelines: pd.DataFrame, support: pd.DataFrame, groups: pd.DataFrame, themes: pd.DataFrame
) -> dict[str, dict[str, Any]]:
    """Return the guidelines by id in order of rank, each with its support, and its sources by their type."""
    table = guidelines.merge(support.drop(columns="name"), on="guideline_id", validate="one_to_one")
    named = themes[["theme_id", "name"]].rename(columns={"name": "theme"})
    table = table.merge(named, on="theme_id", validate="many_to_one").sort_values(["rank", "guideline_id"])
    of_types = groups[(groups["variable"] == "source_type") & (groups["n_sources"] > 0)]
    ordered = of_types.sort_values(["n_sources", "value"], ascending=[False, True])
    types = {key: rows.to_dict("records") for key, rows in ordered.groupby("guideline_id")}
    return {
        row["guideline_id"]: {**row, "types": types.get(row["guideline_id"], [])} for row in table.to_dict("records")
    }


def group_guidelines(guidelines: Mapping[str, Any], categories: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return the categories with their guidelines in order of rank; one group of all where there are none."""
    order = list(guidelines)
    all_of_them = {"category_id": "", "name": "By rank", "description": ""}
    groups = categories["categories"] if categories else []
    groups = groups or [{**all_of_them, "members": [{"guideline_id": one} for one in order]}]
    return [
        {**group, "members": sorted(group["members"], key=lambda one: order.index(one["guideline_id"]))}
        for group in groups
        if group["members"]
    ]


def describe_themes(themes: pd.DataFrame, counts: pd.DataFrame, codebook: Mapping[str, Cells]) -> list[dict[str, Any]]:
    """Return the themes, each with its codes and their counts; codes of no theme come last."""
    by_code = counts.set_index("code_id", drop=False).to_dict("index")
    described, placed = [], set()
    for theme in themes.to_dict("records"):
        codes = [by_code[code_id] for code_id in follow_ids(theme["code_ids"], codebook) if code_id in by_code]
        placed |= {code["code_id"] for code in codes}
        described.append({**theme, "codes": sorted(codes, key=lambda code: (-code["n_sources"], code["code_id"]))})
    free = [code for code_id, code in by_code.items() if code_id not in placed]
    if free:
        described.append({"theme_id": "", "name": "In no theme", "description": "", "codes": free})
    return described


def describe_suggestions(
    quality: pd.DataFrame, suggestions: pd.DataFrame, codebook: Mapping[str, Cells]
) -> list[dict[str, Any]]:
    """Return each code with how exact the model's suggestions of it proved, and how many are listed."""
    n_listed = suggestions["code_id"].value_counts()
    rows = quality.astype(object).where(quality.notna(), None).to_dict("records")
    return [
        {**row, "name": codebook[row["code_id"]]["name"], "n_listed": int(n_listed.get(row["code_id"], 0))}
        for row in rows
    ]
