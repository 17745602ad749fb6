"""The pictures of the report: one for each question that a picture answers better than a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graylit.pages.coding_pictures import draw_agreement, draw_saturation, draw_sources
from graylit.pages.pictures import Picture
from graylit.pages.search_pictures import draw_prisma
from graylit.pages.synthesis_pictures import READINGS, cut_rows, draw_readings, draw_support, draw_tree
from graylit.report.appraising import read_items
from graylit.report.frames import Frames, Records, key_rows, list_records
from graylit.screening.prisma_drawing import FlowDrawing
from graylit.tables.appraisal import sum_bounds
from graylit.tables.coder_pairs import ALL_CODERS
from graylit.tables.rows import Cells, list_rows

AUDIT = "audit/"  # the folder of the audit pages, seen from the report
OF_ROUND, OF_CODE = "alpha_masi", "alpha_nominal"  # measures: sets of codes by their distance, one code given or not


def draw_pictures(
    frames: Frames, codebook: Mapping[str, Cells], guidelines: Mapping[str, Any], flow: FlowDrawing | None
) -> dict[str, Picture]:
    """Return the pictures of the report by name; those without rows are left out, those of many rows are in parts."""
    support, readings = list_support(frames, guidelines), list_readings(frames, guidelines)
    pictures = [
        draw_prisma(flow),
        *(draw_support(support, sum_bounds(read_items(frames))[1], AUDIT, part) for part in cut_rows(len(support))),
        *(draw_readings(readings, AUDIT, part) for part in cut_rows(len(readings))),
        draw_agreement(*list_agreement(frames["agreement"], codebook), "alpha of sets of codes (MASI)", AUDIT),
        draw_saturation(frames["saturation"]),
        draw_sources(count_years(frames["source_counts"]), AUDIT),
        draw_card_sort(frames),
    ]
    return {picture.name: picture for picture in pictures if picture}


def list_support(frames: Frames, guidelines: Mapping[str, Any]) -> Records:
    """Return the guidelines in order of rank with their sources and publishers, and the median score of the sources."""
    scores = {row["guideline_id"]: row["median_score"] for row in list_records(frames["guideline_quality"])}
    return [
        {name: row[name] for name in ("guideline_id", "name", "n_sources", "n_publishers")}
        | {"median_score": scores.get(guideline_id)}
        for guideline_id, row in guidelines.items()
    ]


def list_readings(frames: Frames, guidelines: Mapping[str, Any]) -> Records:
    """Return the guidelines in order of rank with how often their evidence was read to support a claim, or not to."""
    columns = [column for column, _, _ in READINGS]
    added = frames["claim_support"].groupby("guideline_id")[columns].sum()
    sums = key_rows(added.reset_index(), "guideline_id")
    return [
        {"guideline_id": guideline_id, "name": row["name"]}
        | {column: int(sums[guideline_id][column]) for column in columns}
        for guideline_id, row in guidelines.items()
        if guideline_id in sums
    ]


def list_agreement(agreement: pd.DataFrame, codebook: Mapping[str, Cells]) -> tuple[Records, Records]:
    """Return the agreement of each round, and of each code in the last one with that of the round before."""
    of_rounds = list_records(agreement[(agreement["scope"] == "overall") & (agreement["measure"] == OF_ROUND)])
    together = {row["round"] for row in of_rounds if row["coders"] == ALL_CODERS}
    kept = [row for row in of_rounds if row["round"] not in together or row["coders"] == ALL_CODERS]
    rounds = [row | {"label": _name_round(row)} for row in kept]
    of_codes = list_records(agreement[(agreement["scope"] != "overall") & (agreement["measure"] == OF_CODE)])
    if not of_codes:
        return rounds, []
    last = max(row["round"] for row in of_codes)
    groups = {row["coders"] for row in of_codes if row["round"] == last}
    coders = ALL_CODERS if ALL_CODERS in groups else min(groups)
    before = {row["scope"]: row["value"] for row in of_codes if row["round"] == last - 1}
    codes = [
        row
        | {
            "code_id": row["scope"],
            "label": f"{row['scope']} {codebook.get(row['scope'], {}).get('name', '')}",
            "before": before.get(row["scope"]),
        }
        for row in of_codes
        if (row["round"], row["coders"]) == (last, coders) and row["value"] is not None
    ]
    return rounds, sorted(codes, key=lambda row: (-row["value"], row["code_id"]))


def _name_round(row: Mapping[str, Any]) -> str:
    coders = "all coders" if row["coders"] == ALL_CODERS else row["coders"].replace("; ", " and ")
    return f"round {row['round']}, {coders}"


def count_years(counts: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Return the number of sources by kind and year."""
    of_years = list_rows(counts[counts["variable"] == "year"])
    return {(str(row["source_type"]), str(row["value"])): int(row["n_sources"]) for row in of_years}


def draw_card_sort(frames: Frames) -> Picture | None:
    """Return the dendrogram of the card sort, its leaves with their category, id and whole name."""
    clusters = frames["card_clusters"]
    names = dict(zip(frames["guidelines"]["guideline_id"], frames["guidelines"]["name"], strict=True))
    leaves = [
        {
            "guideline_id": row["guideline_id"],
            "label": " ".join(filter(None, [row["category_id"], row["guideline_id"], names.get(row["guideline_id"])])),
        }
        for row in list_rows(clusters.sort_values("leaf"))
    ]
    return draw_tree(frames["card_merges"], leaves, int(max(clusters["cluster"].dropna(), default=0)), AUDIT)
