"""Topics in the report: a map of how near they are to each other, and where they meet the codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from graylit.tables.rows import Cells

WIDTH, HEIGHT, MARGIN = 1040.0, 620.0, 60.0
LARGEST = 30.0  # radius of the largest topic
LETTER = 3.4  # half the width of a letter of a label
N_ROUNDS = 600  # of moving circles apart
N_SHADES = 5


def place_topics(centres: np.ndarray) -> np.ndarray:
    """Return the topics' places on a plane, shape (n_topics, 2), as near to their distances as a plane allows.

    Distances are those of the topics' centres by their angle; the plane is that of classical scaling (Torgerson 1952,
    doi:10.1007/BF02288916). The first topic lies to the left and above the middle, so that one input has one map.
    """
    units = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    squares = 2 - 2 * np.clip(units @ units.T, -1, 1)
    middle = np.eye(len(units)) - 1 / len(units)
    values, vectors = np.linalg.eigh(-middle @ squares @ middle / 2)
    places = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0))
    if places.shape[1] < 2:  # a single topic
        places = np.zeros((len(units), 2))
    return np.where(places[0] > 0, -1, 1) * places


def draw_topics(topics: pd.DataFrame, centres: np.ndarray) -> dict[str, Any] | None:
    """Return the circles of the map of topics, by their place, size and words; None where there are no topics.

    `centres` has a row for each topic from 0 on.
    """
    rows = topics[topics["topic_id"] >= 0].sort_values("topic_id").to_dict("records")
    if not rows or len(rows) != len(centres):
        return None
    places = place_topics(centres)
    spread = np.maximum(places.max(axis=0) - places.min(axis=0), 1e-12)
    places = MARGIN + (places - places.min(axis=0)) / spread * np.array([WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN])
    sizes = np.array([row["n_segments"] for row in rows], dtype=float)
    radii = LARGEST * np.sqrt(sizes / sizes.max())
    labels = [" ".join(row["words"].split(", ")[:2]) for row in rows]
    widths = np.maximum(radii, [LETTER * len(label) for label in labels]) + 4
    places = _move_apart(places, np.stack([widths, radii + 10], axis=1))
    circles = [
        {**row, "topic_id": int(row["topic_id"]), "x": x, "y": y, "radius": radius, "label": label}
        for row, (x, y), radius, label in zip(rows, places, radii, labels, strict=True)
    ]
    return {"width": WIDTH, "height": HEIGHT, "circles": circles}


def _move_apart(places: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Return places at which circles do not cover each other, nor the words below them, as far as there is space.

    `room` is half the width and half the height that each takes.
    """
    places = places.copy()
    later = np.sign(np.subtract.outer(np.arange(len(places)), np.arange(len(places))))  # parts two at one place
    for _ in range(N_ROUNDS):
        apart = places[:, None] - places[None]
        overlap = room[:, None] + room[None] - np.abs(apart)
        is_over = (overlap > 0).all(axis=2) & ~np.eye(len(places), dtype=bool)
        if not is_over.any():
            break
        way = np.argmin(overlap, axis=2)  # the shorter way out
        for axis in (0, 1):
            push = np.where(is_over & (way == axis), overlap[:, :, axis] / 2, 0)
            order = np.where(apart[:, :, axis] == 0, later, np.sign(apart[:, :, axis]))
            places[:, axis] += 0.5 * (push * order).sum(axis=1)
        low, high = room, np.array([WIDTH, HEIGHT]) - room
        places = np.clip(places, low, high)
    return places


def lay_out_crosswalk(
    crosswalk: pd.DataFrame, codes: Sequence[str], codebook: Mapping[str, Cells], words: Mapping[int, str]
) -> dict[str, Any] | None:
    """Return the matrix of codes (in the order given) and topics: segments that have both, shaded by share of code."""
    met = crosswalk[crosswalk["topic_id"] >= 0]
    if met.empty:
        return None
    cells = {(row["code_id"], int(row["topic_id"])): row for row in met.to_dict("records")}
    topics = sorted({topic_id for _, topic_id in cells})
    rows = []
    for code_id in [one for one in codes if any(one == code for code, _ in cells)]:
        own = [_shade(cells.get((code_id, topic_id))) for topic_id in topics]
        rows.append({"code_id": code_id, "name": codebook.get(code_id, {}).get("name", ""), "cells": own})
    return {"topics": [{"topic_id": one, "words": words.get(one, "")} for one in topics], "rows": rows}


def _shade(cell: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    shade = min(int(cell["share_of_code"] * N_SHADES * 2), N_SHADES)  # darkest from half on
    return {**cell, "topic_id": int(cell["topic_id"]), "shade": shade}
