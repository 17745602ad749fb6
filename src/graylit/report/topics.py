"""Topics in the report: a map of how near they are to each other, and the codes that they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from graylit.report.frames import Part
from graylit.tables.rows import Cells, list_rows

# Sizes in units of the drawing, chosen by eye, not measured.
WIDTH, HEIGHT, MARGIN = 1040.0, 620.0, 60.0
LARGEST = 30.0  # radius of the largest topic
LETTER = 3.4  # half the width of a letter of a label
N_ROUNDS = 600  # of moving circles apart, at most: a crowded map never settles
N_SHADES = 5  # of a cell of the matrix; style.css has a class for each


def place_topics(centres: np.ndarray) -> np.ndarray:
    """Return the topics' places on a plane, (n_topics, 2), as near to their true distances as a plane allows.

    The distance of two topics is that of their centres by angle. The plane comes from classical scaling (Torgerson
    1952, doi:10.1007/BF02288916). The first topic lies left of the middle and above it, so that one input has one map.
    """
    units = centres / np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-12)
    squares = 2 - 2 * np.clip(units @ units.T, -1, 1)
    middle = np.eye(len(units)) - 1 / len(units)
    values, vectors = np.linalg.eigh(-middle @ squares @ middle / 2)
    places = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0))
    if places.shape[1] < 2:  # a single topic
        places = np.zeros((len(units), 2))
    return np.where(places[0] > 0, -1, 1) * places


def draw_topics(topics: pd.DataFrame, centres: np.ndarray) -> Part:
    """Return the circles of the map of topics, with their places, sizes and words; None if there are no topics.

    `centres` has a row for each topic from 0 on.
    """
    rows = list_rows(topics[topics["topic_id"] >= 0].sort_values("topic_id"))
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
    """Move circles until none covers another or the words below it, as far as there is space; return their places.

    `room` (n_topics, 2) is half the width and half the height that each circle takes.
    """
    places = places.copy()
    later = np.sign(np.subtract.outer(np.arange(len(places)), np.arange(len(places))))  # parts two on one spot
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
) -> Part:
    """Return the matrix of codes, in their order, and topics: segments that have both, shaded by share of code."""
    met = crosswalk[crosswalk["topic_id"] >= 0]
    if met.empty:
        return None
    cells = {(row["code_id"], int(row["topic_id"])): row for row in list_rows(met)}
    topics = sorted({topic_id for _, topic_id in cells})
    rows = []
    crossed = {code_id for code_id, _ in cells}
    for code_id in [code_id for code_id in codes if code_id in crossed]:
        own = [_shade(cells.get((code_id, topic_id))) for topic_id in topics]
        rows.append({"code_id": code_id, "name": codebook.get(code_id, {}).get("name", ""), "cells": own})
    columns = [{"topic_id": topic_id, "words": words.get(topic_id, "")} for topic_id in topics]
    return {"topics": columns, "rows": rows}


def _shade(cell: Part) -> Part:
    if cell is None:
        return None
    shade = min(int(cell["share_of_code"] * N_SHADES * 2), N_SHADES)  # darkest from half on
    return {**cell, "topic_id": int(cell["topic_id"]), "shade": shade}
