"""What the report says about agreement, saturation, categories, impacts, topics, sensitivity and screening.

Every part is None or empty where its tables have no rows; the report then leaves its section out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graylit.pages.drawings import draw_curves, draw_dendrogram
from graylit.tables.coding import AGREEMENT, SATURATION, SATURATION_MEASURES
from graylit.tables.kinds import split_ids
from graylit.tables.rows import Cells
from graylit.tables.sources import PUBLISHER_SENSITIVITY, QUALITY_SCORES, QUALITY_SENSITIVITY
from graylit.tables.synthesis import CARD_CLUSTERS, CARD_MEASURES, CARD_MERGES, QUALITY_ATTRIBUTES
from graylit.tables.topics import CROSSWALK, CROSSWALK_GAPS, CROSSWALK_MEASURES

Records = list[dict[str, Any]]
ANALYSES = {
    "agreement": AGREEMENT,
    "saturation": SATURATION,
    "saturation_measures": SATURATION_MEASURES,
    "card_clusters": CARD_CLUSTERS,
    "card_merges": CARD_MERGES,
    "card_measures": CARD_MEASURES,
    "crosswalk": CROSSWALK,
    "crosswalk_gaps": CROSSWALK_GAPS,
    "crosswalk_measures": CROSSWALK_MEASURES,
    "quality_scores": QUALITY_SCORES,
    "by_quality": QUALITY_SENSITIVITY,
    "by_publisher": PUBLISHER_SENSITIVITY,
}
N_PAIRS = 20  # pairs of topic and code shown
LABEL_LENGTH = 38
SHOWN_MEASURES = {
    "share_agreed": "share agreed",
    "cohen_kappa": "Cohen's kappa",
    "fleiss_kappa": "Fleiss' kappa",
    "alpha_nominal": "Krippendorff's alpha, nominal",
    "alpha_jaccard": "alpha, Jaccard distance of sets",
    "alpha_masi": "alpha, MASI distance of sets",
}
QUESTIONS = {"unitizing_": "what to code", "coding_": "which codes, where all coded"}


def list_records(table: pd.DataFrame) -> Records:
    """Return the rows of a table, None where a cell has no value."""
    return table.astype(object).where(table.notna(), None).to_dict("records")


def describe_agreement(agreement: pd.DataFrame, codebook: Mapping[str, Cells]) -> Records:
    """Return each round and group of coders with its overall measures, and alpha code by code."""
    groups = []
    for (number, coders), rows in agreement.groupby(["round", "coders"]):
        overall = [{**row, **_name_measure(row["measure"])} for row in list_records(rows[rows["scope"] == "overall"])]
        codes = rows[(rows["scope"] != "overall") & (rows["measure"] == "alpha_nominal")]
        named = [{**row, "name": codebook.get(row["scope"], {}).get("name", "")} for row in list_records(codes)]
        ordered = sorted(overall, key=lambda row: (row["place"], row["label"]))
        groups.append({"round": int(number), "coders": coders, "overall": ordered, "codes": named})
    return groups


def compare_rounds(groups: Records) -> dict[str, Any] | None:
    """Return alpha of each code in each round: columns are rounds with their coders, rows codes; None without any."""
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
    """Return a measure's name in words, the question it is about, and the place of that among the questions."""
    for place, (prefix, question) in enumerate(QUESTIONS.items(), start=1):
        if measure.startswith(prefix):
            plain = measure.removeprefix(prefix)
            return {"label": SHOWN_MEASURES.get(plain, plain), "question": question, "place": place}
    return {"label": SHOWN_MEASURES.get(measure, measure), "question": "both together", "place": 0}


def describe_saturation(saturation: pd.DataFrame, measures: pd.DataFrame) -> dict[str, Any] | None:
    """Return the curves of saturation, and where it is reached by each base, run and threshold."""
    drawing = draw_curves(saturation)
    if drawing is None:
        return None
    settings = ["base_size", "run_length", "threshold"]
    rows = []
    for key, of_setting in measures.groupby(settings):
        by_order = {row["order_name"]: row for row in list_records(of_setting)}
        rows.append(dict(zip(settings, key, strict=True)) | by_order)
    return {"drawing": drawing, "rows": rows, "n_sources": int(saturation["n_sources"].max())}


def describe_categories(
    categories: pd.DataFrame, guidelines: pd.DataFrame, clusters: pd.DataFrame, merges: pd.DataFrame
) -> dict[str, Any] | None:
    """Return the categories with their guidelines (those of none last), and the dendrogram of the card sort."""
    names = dict(zip(guidelines["guideline_id"], guidelines["name"], strict=True))
    cluster_of = dict(zip(clusters["guideline_id"], clusters["cluster"].fillna(0), strict=True))
    described, placed = [], set()
    for row in categories.to_dict("records"):
        members = [one for one in split_ids(row["guideline_ids"]) if one in names]
        placed |= set(members)
        described.append({**row, "members": _name_members(members, names, cluster_of)})
    free = _name_members([one for one in names if one not in placed], names, cluster_of)
    if described and free:
        described.append({"category_id": "", "name": "In no category", "description": "", "members": free})
    n_clusters = int(max(clusters["cluster"].dropna(), default=0))
    drawing = draw_dendrogram(merges, _label_leaves(clusters, names), n_clusters)
    return {"categories": described, "drawing": drawing} if described or drawing else None


def _name_members(members: list[str], names: Mapping[str, str], cluster_of: Mapping[str, int]) -> Records:
    return [{"guideline_id": one, "name": names[one], "cluster": int(cluster_of.get(one, 0))} for one in members]


def _label_leaves(clusters: pd.DataFrame, names: Mapping[str, str]) -> Records:
    leaves = []
    for row in clusters.sort_values("leaf").to_dict("records"):
        words = " ".join(filter(None, [row["category_id"], row["guideline_id"], names.get(row["guideline_id"], "")]))
        label = words if len(words) <= LABEL_LENGTH else words[: LABEL_LENGTH - 1] + "…"
        leaves.append({"guideline_id": row["guideline_id"], "label": label, "words": words})
    return leaves


def describe_practices(practices: pd.DataFrame) -> dict[str, Any] | None:
    """Return how many practices were merged into guidelines, and those that were dropped."""
    if practices.empty:
        return None
    is_dropped = practices["guideline_id"] == ""
    merged = practices[~is_dropped]
    dropped = practices[is_dropped].to_dict("records")
    return {
        "n": len(practices),
        "n_merged": len(merged),
        "n_into": merged["guideline_id"].nunique(),
        "dropped": dropped,
    }


def describe_impacts(impacts: pd.DataFrame, guidelines: pd.DataFrame) -> dict[str, Any] | None:
    """Return the matrix of guidelines and quality attributes with counts by effect, and the impacts themselves."""
    if impacts.empty:
        return None
    names = dict(zip(guidelines["guideline_id"], guidelines["name"], strict=True))
    rows = impacts.sort_values(["guideline_id", "impact_id"]).to_dict("records")
    counts: dict[tuple[str, str], dict[str, list[str]]] = {}
    for row in rows:
        cell = counts.setdefault((row["guideline_id"], row["quality_attribute"]), {"strengthened": [], "strained": []})
        cell[row["effect"]].append(row["impact_id"])
    attributes = [one for one in QUALITY_ATTRIBUTES if any(one == attribute for _, attribute in counts)]
    matrix = [
        {"guideline_id": one, "name": names.get(one, ""), "cells": [counts.get((one, other)) for other in attributes]}
        for one in dict.fromkeys(row["guideline_id"] for row in rows)
    ]
    return {"attributes": attributes, "matrix": matrix, "rows": rows}


def describe_crosswalk(
    crosswalk: pd.DataFrame, gaps: pd.DataFrame, codebook: Mapping[str, Cells], words: Mapping[int, str]
) -> dict[str, Any] | None:
    """Return the strongest pairs of topic and code, and what has no counterpart; `words` are those of topics."""
    if crosswalk.empty:
        return None
    pairs = crosswalk[crosswalk["topic_id"] >= 0].sort_values(
        ["share_of_code", "n_segments", "code_id", "topic_id"], ascending=[False, False, True, True]
    )
    strong = pairs[(pairs["lift"] >= 1) & (pairs["n_segments"] > 1)].head(N_PAIRS)
    named = [
        {**row, "topic_id": int(row["topic_id"]), "name": _name_of(codebook, row["code_id"]),
         "words": words.get(int(row["topic_id"]), "")}
        for row in strong.to_dict("records")
    ]  # fmt: skip
    by_kind = {kind: list_records(rows) for kind, rows in gaps.groupby("kind")}
    codes = [{**row, "name": _name_of(codebook, row["subject"])} for row in by_kind.get("code no topic shows", [])]
    topics = [{**row, "words": words.get(int(row["subject"]), "")} for row in by_kind.get("topic no code names", [])]
    return {"pairs": named, "n_pairs": len(crosswalk), "codes": codes, "topics": topics}


def _name_of(codebook: Mapping[str, Cells], code_id: str) -> str:
    return codebook.get(code_id, {}).get("name", "")


def describe_sensitivity(
    by_quality: pd.DataFrame, by_publisher: pd.DataFrame, scores: pd.DataFrame, guidelines: pd.DataFrame
) -> dict[str, Any] | None:
    """Return what each cut-off changes, guideline by guideline, and the publishers without which one falls."""
    if by_quality.empty and by_publisher.empty:
        return None
    names = dict(zip(guidelines["guideline_id"], guidelines["name"], strict=True))
    rows = []
    for guideline_id, of_guideline in by_quality.groupby("guideline_id"):
        cells = of_guideline.sort_values("cut_off").to_dict("records")
        rows.append({"guideline_id": guideline_id, "name": names.get(guideline_id, ""), "cells": cells})
    falling = by_publisher[by_publisher["falls"] == "yes"].groupby("guideline_id")["publisher"].agg(sorted)
    return {
        "cut_offs": sorted(by_quality["cut_off"].unique().tolist()),
        "rows": rows,
        "n_scored": int(scores["score"].notna().sum()),
        "n_sources": len(scores),
        "falling": [
            {"guideline_id": one, "name": names.get(one, ""), "publishers": falling[one]} for one in falling.index
        ],
    }
