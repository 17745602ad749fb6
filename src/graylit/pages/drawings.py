"""Drawings of the report: lengths and points of inline SVG, computed here so that templates only place them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from graylit.pages.pictures import cut_lines, place_rows
from graylit.tables.kinds import split_ids

TREE = 420  # width of a dendrogram without its labels
LABEL_LETTERS = 50  # of a line of a label, of which there are as many as it needs
CURVES = {"left": 46.0, "right": 700.0, "top": 12.0, "bottom": 240.0}


def draw_dendrogram(
    merges: pd.DataFrame, leaves: Sequence[Mapping[str, Any]], n_clusters: int
) -> dict[str, Any] | None:
    """Return the lines of a dendrogram, its leaves on the left; None if nothing was merged.

    `leaves`, in the order of the drawing, have guideline_id and label, which is shown whole. Merges inside one of the
    clusters that the dendrogram was cut into are marked `is_within`.
    """
    if merges.empty:
        return None
    lines = [cut_lines(leaf["label"], LABEL_LETTERS) for leaf in leaves]
    rows = place_rows(lines, 0)
    start = rows.width
    places: dict[tuple[str, ...], tuple[float, float]] = {
        (leaf["guideline_id"],): (start, middle) for leaf, middle in zip(leaves, rows.middles, strict=True)
    }
    paths = []
    for merge in merges.sort_values("step").to_dict("records"):
        left, right = tuple(split_ids(merge["left"])), tuple(split_ids(merge["right"]))
        x = start + TREE * merge["distance"]
        (x_left, y_left), (x_right, y_right) = places[left], places[right]
        path = f"M{x_left:.1f} {y_left:.1f}H{x:.1f}V{y_right:.1f}H{x_right:.1f}"
        paths.append({"d": path, "is_within": 0 < n_clusters <= len(leaves) - merge["step"], **merge})
        places[left + right] = (x, (y_left + y_right) / 2)
    ticks = [{"x": start + TREE * share, "label": f"{share:g}"} for share in (0, 0.25, 0.5, 0.75, 1)]
    labels = [
        {**leaf, "lines": lines[number], "x": start - 8, "y": rows.middles[number]}
        for number, leaf in enumerate(leaves)
    ]
    return {
        "width": start + TREE + 20,
        "height": rows.bottom + 42,
        "bottom": rows.bottom,
        "paths": paths,
        "ticks": ticks,
        "labels": labels,
    }


def draw_curves(saturation: pd.DataFrame) -> dict[str, Any] | None:
    """Return the points of the curves of saturation: as listed, the mean of shuffled orders, and their band."""
    if saturation.empty:
        return None
    n_sources, n_codes = int(saturation["n_sources"].max()), float(saturation["high"].max())

    def place(x: float, y: float) -> str:
        across = CURVES["left"] + (CURVES["right"] - CURVES["left"]) * x / max(n_sources, 1)
        up = CURVES["bottom"] - (CURVES["bottom"] - CURVES["top"]) * y / max(n_codes, 1)
        return f"{across:.1f},{up:.1f}"

    by_order = {name: rows.sort_values("n_sources") for name, rows in saturation.groupby("order_name")}
    shuffled = by_order.get("shuffled", saturation.head(0))
    return {
        **CURVES,
        "listed": _join(by_order.get("listed", saturation.head(0)), "codes_seen", place),
        "shuffled": _join(shuffled, "codes_seen", place),
        "band": f"{_join(shuffled, 'low', place)} {_join(shuffled[::-1], 'high', place)}",
        "x_ticks": [_tick(place(n, 0), n) for n in choose_ticks(n_sources)],
        "y_ticks": [_tick(place(0, n), n) for n in choose_ticks(int(n_codes))],
    }


def _join(rows: pd.DataFrame, column: str, place: Callable[[float, float], str]) -> str:
    return " ".join(place(float(x), float(y)) for x, y in zip(rows["n_sources"], rows[column], strict=True))


def _tick(point: str, label: int) -> dict[str, Any]:
    x, y = point.split(",")
    return {"x": x, "y": y, "label": label}


def choose_ticks(largest: int, n_most: int = 6) -> list[int]:
    """Return round numbers from 0 to `largest`, at most `n_most` steps apart by 1, 2 or 5 times a power of ten."""
    step = 1
    while largest // step > n_most:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return list(range(0, largest + 1, step))
