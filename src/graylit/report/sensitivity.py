"""The part of the report on sensitivity: weak sources, single publishers, and publishers that are not independent."""

from __future__ import annotations

from graylit.pages.wording import tell_share
from graylit.report.appraising import name_points, name_questions
from graylit.report.counts import count_publisher_groups, count_publishers, list_appraised, list_weak
from graylit.report.frames import Frames, Part, list_records
from graylit.tables.rows import list_rows


def describe_sensitivity(frames: Frames) -> Part:
    """Describe the change of each guideline at each cut-off, and the publishers whose loss would fell a guideline."""
    by_quality, by_publisher = frames["quality_sensitivity"], frames["publisher_sensitivity"]
    if by_quality.empty and by_publisher.empty:
        return None
    guidelines, n_appraised = frames["guidelines"], len(list_appraised(frames))
    names = dict(zip(guidelines["guideline_id"], guidelines["name"], strict=True))
    rows = []
    for guideline_id, of_guideline in by_quality.groupby("guideline_id"):
        cells = list_rows(of_guideline.sort_values("cut_off"))
        rows.append({"guideline_id": guideline_id, "name": names.get(str(guideline_id), ""), "cells": cells})
    falling = by_publisher[by_publisher["falls"] == "yes"].groupby("guideline_id")["publisher"].agg(sorted)
    return {
        "cut_offs": sorted(by_quality["cut_off"].unique().tolist()),
        "questions": name_questions(frames),
        "points": name_points(frames),
        "rows": rows,
        "appraised": tell_share(n_appraised, len(frames["sources"]), "source", "was", "were"),
        "n_firm": len(guidelines) - len(list_weak(frames)),
        "falling": [
            {"guideline_id": guideline_id, "name": names.get(guideline_id, ""), "publishers": publishers}
            for guideline_id, publishers in falling.items()
        ],
        "groups": describe_groups(frames),
    }


def describe_groups(frames: Frames) -> Part:
    """Describe the groups of publishers, and what falls if each counts once; None if each publisher is on its own."""
    sources = frames["sources"]
    grouped = sources[(sources["publisher_group"] != "") & (sources["publisher_group"] != sources["publisher"])]
    if grouped.empty:
        return None
    members = grouped.groupby("publisher_group")
    named = sources[sources["publisher_group"].isin(grouped["publisher_group"])]
    rows = list_records(frames["group_sensitivity"])
    names = dict(zip(frames["guidelines"]["guideline_id"], frames["guidelines"]["name"], strict=True))
    names |= {row["claim_id"]: row["wording"] for row in list_rows(frames["claim_support"])}
    return {
        "groups": [
            {
                "name": group,
                "publishers": sorted(named.loc[named["publisher_group"] == group, "publisher"].unique()),
                "n_sources": int((named["publisher_group"] == group).sum()),
            }
            for group, _ in members
        ],
        "n_publishers": count_publishers(frames),
        "n_groups": count_publisher_groups(frames),
        "falling": [row | {"name": names.get(row["counted_id"], "")} for row in rows if row["falls"] == "yes"],
        "rows": [row | {"name": names.get(row["counted_id"], "")} for row in rows if row["kind"] == "guideline"],
        "kinds": sorted({row["kind"] for row in rows}, reverse=True),
    }
