"""The parts of the report on agreement, saturation, categories, impacts, topics and sensitivity.

A part is None or empty if its tables have no rows; the report then leaves its section out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graylit.report.frames import Frames, Part, Records, list_records
from graylit.tables.coder_pairs import ALL_CODERS
from graylit.tables.impacts import list_attributes
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells, list_rows

N_PAIRS = 20  # pairs of topic and code shown. Chosen, not measured: more than anyone compares by eye
SHOWN_MEASURES = {
    "share_agreed": "share agreed",
    "cohen_kappa": "Cohen's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "alpha_nominal": "Krippendorff's alpha, nominal",
    "alpha_jaccard": "alpha, Jaccard distance of sets",
    "alpha_masi": "alpha, MASI distance of sets",
}
QUESTIONS = {"unitizing_": "what to code", "coding_": "which codes, where all coded"}


def describe_agreement(agreement: pd.DataFrame, codebook: Mapping[str, Cells]) -> Records:
    """Return each round and group of coders with its overall measures, and alpha code by code.

    `has_pairs` says whether the pairs of coders of the round are shown.
    """
    groups = []
    for (_, coders), rows in agreement.groupby(["round", "coders"]):
        overall = [{**row, **_name_measure(row["measure"])} for row in list_records(rows[rows["scope"] == "overall"])]
        codes = rows[(rows["scope"] != "overall") & (rows["measure"] == "alpha_nominal")]
        named = [{**row, "name": codebook.get(row["scope"], {}).get("name", "")} for row in list_records(codes)]
        ordered = sorted(overall, key=lambda measure: (measure["place"], measure["label"]))
        number = int(rows["round"].iloc[0])
        groups.append({"round": number, "coders": coders, "overall": ordered, "codes": named})
    paired = {group["round"] for group in groups if group["coders"] != ALL_CODERS}
    return [group | {"has_pairs": group["round"] in paired} for group in groups]


def compare_rounds(groups: Records) -> Part:
    """Return alpha of each code (rows) in each round with its coders (columns); None if no code has one."""
    columns = [{"round": group["round"], "coders": group["coders"]} for group in groups if group["codes"]]
    by_code: dict[str, list[Any]] = {}
    for number, group in enumerate(group for group in groups if group["codes"]):
        for row in group["codes"]:
            by_code.setdefault(row["scope"], [None] * len(columns))[number] = row
    rows = []
    for code_id, cells in sorted(by_code.items()):
        name = next(cell["name"] for cell in cells if cell)
        rows.append({"code_id": code_id, "name": name, "cells": cells})
    return {"columns": columns, "rows": rows} if rows else None


def _name_measure(measure: str) -> dict[str, Any]:
    """Return a measure's name in words, the question it answers, and the place of that question in the table."""
    for place, (prefix, question) in enumerate(QUESTIONS.items(), start=1):
        if measure.startswith(prefix):
            plain = measure.removeprefix(prefix)
            return {"label": SHOWN_MEASURES.get(plain, plain), "question": question, "place": place}
    return {"label": SHOWN_MEASURES.get(measure, measure), "question": "both together", "place": 0}


def describe_saturation(saturation: pd.DataFrame, measures: pd.DataFrame) -> Part:
    """Return the source at which each base, run and threshold reaches saturation."""
    if saturation.empty:
        return None
    settings = ["base_size", "run_length", "threshold"]
    rows = []
    for key, of_setting in measures.groupby(settings):
        by_order = {row["order_name"]: row for row in list_records(of_setting)}
        rows.append(dict(zip(settings, key, strict=True)) | by_order)
    return {"rows": rows, "n_sources": int(saturation["n_sources"].max())}


def describe_categories(
    categories: pd.DataFrame, guidelines: pd.DataFrame, clusters: pd.DataFrame, merges: pd.DataFrame
) -> Part:
    """Return the categories with their guidelines, those in no category last, and whether cards were sorted."""
    names = dict(zip(guidelines["guideline_id"], guidelines["name"], strict=True))
    cluster_of = dict(zip(clusters["guideline_id"], clusters["cluster"].fillna(0), strict=True))
    described, placed = [], set()
    for row in list_rows(categories):
        members = [guideline_id for guideline_id in split_ids(row["guideline_ids"]) if guideline_id in names]
        placed |= set(members)
        described.append({**row, "members": _name_members(members, names, cluster_of)})
    free = _name_members([guideline_id for guideline_id in names if guideline_id not in placed], names, cluster_of)
    if described and free:
        described.append({"category_id": "", "name": "In no category", "description": "", "members": free})
    return {"categories": described, "drawing": len(merges) > 0} if described or len(merges) else None


def describe_cut(frames: Frames) -> Part:
    """Return the chosen cut of the dendrogram, and the cards that fit another cluster better."""
    chosen = frames["card_cuts"][frames["card_cuts"]["is_chosen"] == "yes"]
    if chosen.empty:
        return None
    names = dict(zip(frames["guidelines"]["guideline_id"], frames["guidelines"]["name"], strict=True))
    fits = [{**row, "name": names.get(row["guideline_id"], "")} for row in list_records(frames["card_fits"])]
    return {
        **list_records(chosen)[0],
        "n_cuts": len(frames["card_cuts"]),
        "misfits": [row for row in fits if row["is_misfit"] == "yes"],
    }


def _name_members(members: list[str], names: Mapping[str, str], cluster_of: Mapping[str, int]) -> Records:
    return [
        {"guideline_id": guideline_id, "name": names[guideline_id], "cluster": int(cluster_of.get(guideline_id, 0))}
        for guideline_id in members
    ]


def describe_practices(practices: pd.DataFrame) -> Part:
    """Count the practices that were merged into guidelines, and list those that were dropped."""
    if practices.empty:
        return None
    is_merged, is_open = practices["guideline_id"] != "", practices["status"] == "open"
    return {
        "n": len(practices),
        "n_merged": int(is_merged.sum()),
        "n_into": practices[is_merged]["guideline_id"].nunique(),
        "n_open": int(is_open.sum()),
        "dropped": list_rows(practices[~is_merged & ~is_open]),
    }


def describe_impacts(impacts: pd.DataFrame, guidelines: pd.DataFrame, attributes: pd.DataFrame) -> Part:
    """Return the matrix of guidelines and quality attributes with counts by effect, and the impacts themselves."""
    if impacts.empty:
        return None
    names = dict(zip(guidelines["guideline_id"], guidelines["name"], strict=True))
    rows = list_rows(impacts.sort_values(["guideline_id", "impact_id"]))
    counts: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in rows:
        cell = counts.setdefault((row["guideline_id"], row["quality_attribute"]), {"strengthened": [], "strained": []})
        cell[row["effect"]].append(row["impact_id"])
    touched = {attribute for _, attribute in counts}
    known = [attribute for attribute in list_attributes(list_rows(attributes)) if attribute in touched]
    matrix = []
    for guideline_id in dict.fromkeys(row["guideline_id"] for row in rows):
        cells = [counts.get((guideline_id, attribute)) for attribute in known]
        matrix.append({"guideline_id": guideline_id, "name": names.get(guideline_id, ""), "cells": cells})
    return {"attributes": known, "is_own": not attributes.empty, "matrix": matrix, "rows": rows}


def describe_crosswalk(
    crosswalk: pd.DataFrame, gaps: pd.DataFrame, codebook: Mapping[str, Cells], words: Mapping[int, str]
) -> Part:
    """Return the strongest pairs of topic and code, and what has no counterpart; `words` holds the topics' words."""
    if crosswalk.empty:
        return None
    pairs = crosswalk[crosswalk["topic_id"] >= 0].sort_values(
        ["share_of_code", "n_segments", "code_id", "topic_id"], ascending=[False, False, True, True]
    )
    strong = pairs[(pairs["lift"] >= 1) & (pairs["n_segments"] > 1)].head(N_PAIRS)
    named = [
        {**row, "topic_id": int(row["topic_id"]), "name": _name_of(codebook, row["code_id"]),
         "words": words.get(int(row["topic_id"]), "")}
        for row in list_rows(strong)
    ]  # fmt: skip
    by_kind = {kind: list_records(rows) for kind, rows in gaps.groupby("kind")}
    codes = [{**row, "name": _name_of(codebook, row["subject"])} for row in by_kind.get("code no topic shows", [])]
    topics = [{**row, "words": words.get(int(row["subject"]), "")} for row in by_kind.get("topic no code names", [])]
    return {"pairs": named, "n_pairs": len(crosswalk), "codes": codes, "topics": topics}


def _name_of(codebook: Mapping[str, Cells], code_id: str) -> str:
    return codebook.get(code_id, {}).get("name", "")
