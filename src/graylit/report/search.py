"""The part of the report on the search: its log, what each search brought, how they overlap, what they missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graylit.pages.search_drawings import N_GROUPS
from graylit.pages.search_pictures import draw_curve, draw_overlap
from graylit.report.frames import Frames, Part, Records, list_records
from graylit.report.search_methods import describe_search, tell_rule
from graylit.report.strategy import list_items
from graylit.tables.kinds import split_ids
from graylit.tables.rows import group_rows
from graylit.tables.search_figures import TOGETHER


def describe_search_part(frames: Frames, config: Mapping[str, Any]) -> Part:
    """Describe the search: None if the study keeps no search log."""
    counts = {row["search_id"]: row for row in list_records(frames["search_counts"])}
    if not counts:
        return None
    log = list_log(frames)
    together = counts.pop(TOGETHER)
    curve = list_records(frames["search_curve"])
    names = [(entry["search_id"], entry["engine"], entry["counts"]["n_candidates"]) for entry in log]
    groups = [{**row, "keys": split_ids(row["search_ids"])} for row in list_records(frames["search_sets"])]
    stop = together["stopped_at"]
    return {
        "log": log,
        "together": together,
        "has_hits": bool(together["n_hits"]),
        "has_rule": "search" in config,
        "has_notes": any(entry["reason"] for entry in log),
        "words": describe_search(frames, config),
        "rule": tell_rule(counts, config),
        "curve": draw_curve(_rows_of(curve, TOGETHER), [] if stop is None else [int(stop)]),
        "has_stopped": stop is not None,
        "per_ten": [{**row, "rows": _rows_of(curve, row["search_id"])} for row in log],
        "ranks": _rows_of(list_records(frames["search_ranks"]), TOGETHER),
        "groups": draw_overlap(groups, names),
        "has_more_groups": len(groups) > N_GROUPS,
        "pairs": list_records(frames["search_overlap"]),
        "left_out": _rows_of(list_records(frames["search_left_out"]), TOGETHER),
        "cited": list_cited(frames),
        "estimates": list_records(frames["search_estimates"]),
        "items": list_items(frames, log),
    }


def list_log(frames: Frames) -> Records:
    """Return the searches by the time when they were made, each with what it brought."""
    counts = {row["search_id"]: row for row in list_records(frames["search_counts"])}
    rows = list_records(frames["searches"])
    ordered = sorted(rows, key=lambda row: (not row["searched_at"], row["searched_at"], row["search_id"]))
    return [{**row, "counts": counts[row["search_id"]]} for row in ordered if row["search_id"] in counts]


def list_cited(frames: Frames) -> Records:
    """Return the pages that links of sources found, with the sources that link to them; most cited pages first."""
    hits = frames["hits"]
    by_page = group_rows(list_records(hits[hits["cited_by"] != ""]), "candidate_id")
    cited = [
        {**rows[0], "cited_by": sorted({source for row in rows for source in split_ids(row["cited_by"])})}
        for candidate_id, rows in by_page.items()
        if candidate_id
    ]
    return sorted(cited, key=lambda row: (-len(row["cited_by"]), row["candidate_id"]))


def _rows_of(rows: Records, search_id: str) -> Records:
    return [row for row in rows if row["search_id"] == search_id]


def list_origins(frames: Frames) -> dict[str, int]:
    """Return the hits of each search by its name, for those that have hits."""
    return {
        f"{entry['search_id']} {entry['engine']}".strip(): int(entry["counts"]["n_hits"])
        for entry in list_log(frames)
        if entry["counts"]["n_hits"]
    }
