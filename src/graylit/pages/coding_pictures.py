"""Pictures of the coding: agreement round by round and code by code, saturation, and sources over the years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from graylit.pages.drawings import LABEL_LETTERS, draw_curves
from graylit.pages.pictures import LETTER, Picture, cut_lines, place_rows
from graylit.pages.wording import count_things

SCALE = 380  # width of an alpha from 0 to 1
BOUNDS = ((0.667, ".667"), (0.8, ".800"))  # Krippendorff 2004: tentative, reliable
TOP = 26
CELL, LARGEST = 46, 17  # of the grid of sources: width of a year, and radius of the largest circle


def draw_agreement(
    rounds: Sequence[Mapping[str, Any]], codes: Sequence[Mapping[str, Any]], measure: str, root: str = ""
) -> Picture | None:
    """Return the agreement of coders with its intervals: of each round, and in the last one of each code.

    Rows hold label, value, low, high (None if unknown); those of codes also code_id and before, their value in the
    round before. `measure` names that of the rounds, that of the codes is nominal alpha. None without values.
    """
    parts = [
        (f"Rounds, {measure}", [row for row in rounds if row["value"] is not None]),
        ("Codes in the last round, nominal alpha", [row for row in codes if row["value"] is not None]),
    ]
    parts = [(words, rows) for words, rows in parts if rows]
    if not parts:
        return None
    rows = [row for words, of_part in parts for row in ({"label": words}, *of_part)]
    labels = [cut_lines(entry["label"], LABEL_LETTERS) for entry in rows]
    placed = place_rows(labels, TOP)
    start, bottom = placed.width, placed.bottom
    told = (
        "A dot is an agreement, the line through it its 95 % interval, a ring the value of the round before. The "
        "dashed lines stand at .667 (tentative) and .800 (reliable)."
    )
    picture = Picture("agreement", start + SCALE + 56, bottom + 26, "Agreement by round and by code", told)
    for bound, words in BOUNDS:
        picture.add("path", "bound", d=f"M{start + SCALE * bound:g} {TOP - 6}V{bottom:g}")
        picture.write(start + SCALE * bound, TOP - 12, words, anchor="middle", role="small")
    for share in (0, 0.25, 0.5, 0.75, 1):
        picture.write(start + SCALE * share, bottom + 18, f"{share:g}", anchor="middle", role="small")
    for row, lines, middle in zip(rows, labels, placed.middles, strict=True):
        target = f"{root}codes/{row['code_id']}.html" if root and row.get("code_id") else ""
        picture.write_lines(start - 8, middle, lines, role="words" if "value" in row else "small", target=target)
        if "value" in row:
            _draw_alpha(picture, start, middle, row)
    return picture


def _draw_alpha(picture: Picture, start: float, middle: float, row: Mapping[str, Any]) -> None:
    picture.add("path", "axis", d=f"M{start:g} {middle:g}h{SCALE}")
    if row["low"] is not None and row["high"] is not None:
        low, high = (start + SCALE * min(max(end, 0), 1) for end in (row["low"], row["high"]))
        picture.add("path", "range", d=f"M{low:g} {middle:g}H{high:g}")
    if row.get("before") is not None:
        x = start + SCALE * max(row["before"], 0)
        picture.add("circle", "ring", f"round before: {row['before']:.2f}", cx=x, cy=middle, r=3.6)
    picture.add("circle", "dot", f"{row['value']:.3f}", cx=start + SCALE * max(row["value"], 0), cy=middle, r=4.2)
    is_near = f"{row['value']:.2f}" in ("0.67", "0.80")  # two decimals would hide on which side of a bound it is
    value = f"{row['value']:.3f}" if is_near else f"{row['value']:.2f}"
    picture.write(start + SCALE + 12, middle + 4, value, role="small")


def draw_saturation(saturation: pd.DataFrame) -> Picture | None:
    """Return the codes seen by number of sources read: as listed, and the mean of shuffled orders in its band."""
    curves = draw_curves(saturation)
    if curves is None:
        return None
    left, right, top, bottom = (curves[name] for name in ("left", "right", "top", "bottom"))
    told = (
        "A curve that rises with the sources read and flattens where they bring no more codes: the line is the order "
        "of the list, the dashes the mean of shuffled orders, the band where the middle 95 % of these lie."
    )
    picture = Picture("saturation", right + 20, bottom + 46, "Codes seen by number of sources read", told)
    for tick in curves["x_ticks"]:
        picture.write(float(tick["x"]), bottom + 18, str(tick["label"]), anchor="middle", role="small")
    for tick in curves["y_ticks"]:
        picture.add("path", "axis", d=f"M{left:g} {tick['y']}H{right:g}")
        picture.write(left - 6, float(tick["y"]) + 4, str(tick["label"]), anchor="end", role="small")
    picture.add("polygon", "band", points=curves["band"])
    picture.add("polyline", "thin", points=curves["shuffled"])
    picture.add("polyline", "line", points=curves["listed"])
    words = "sources read (line: as listed; dashes: shuffled, with their middle 95 %)"
    picture.write((left + right) / 2, bottom + 38, words, anchor="middle", role="small")
    picture.write(left + 4, top + 2, "codes seen", role="small")
    return picture


def draw_sources(counts: Mapping[tuple[str, str], int], root: str = "") -> Picture | None:
    """Return the sources by kind and year of publication: a circle for each pair, as large as it has sources.

    `counts` holds the number of sources by kind and year; the year of one without a date is empty. None without any.
    """
    if not counts:
        return None
    kinds = sorted({kind for kind, _ in counts}, key=lambda kind: (-_sum(counts, kind=kind), kind))
    years = sorted({year for _, year in counts}, key=lambda year: (year == "", year))
    start = LETTER * max(len(kind) for kind in [*kinds, "all kinds"]) + 16
    most = max(counts.values())
    height, bottom = 2 * LARGEST + 4, TOP + (2 * LARGEST + 4) * len(kinds)
    told = (
        f"A grid of {count_things(len(kinds), 'kind')} of sources and {count_things(len(years), 'year')}: the larger a "
        "circle, the more sources; the number stands in it or beside it. The last row and column add up."
    )
    width = start + CELL * (len(years) + 1)
    picture = Picture("sources", width, bottom + 34, "Sources by kind and year of publication", told)
    for place, year in enumerate([*years, "all"]):
        picture.write(start + CELL * (place + 0.5), TOP - 10, year or "no date", anchor="middle", role="small")
    for number, kind in enumerate(kinds):
        middle = TOP + height * (number + 0.5)
        target = f"{root}sources.html?{urlencode({'source_type': kind})}" if root else ""
        picture.write(start - 10, middle + 4, kind, anchor="end", target=target)
        picture.add("path", "axis", d=f"M{start:g} {middle:g}H{start + CELL * len(years):g}")
        for place, year in enumerate(years):
            if n := counts.get((kind, year), 0):
                _draw_circle(picture, start + CELL * (place + 0.5), middle, n, (n / most) ** 0.5 * LARGEST)
        picture.write(start + CELL * (len(years) + 0.5), middle + 4, str(_sum(counts, kind=kind)), anchor="middle")
    picture.write(start - 10, bottom + 20, "all kinds", anchor="end")
    for place, year in enumerate(years):
        picture.write(start + CELL * (place + 0.5), bottom + 20, str(_sum(counts, year=year)), anchor="middle")
    picture.write(start + CELL * (len(years) + 0.5), bottom + 20, str(sum(counts.values())), anchor="middle")
    return picture


def _draw_circle(picture: Picture, x: float, y: float, n: int, radius: float) -> None:
    picture.add("circle", "bar", count_things(n, "source"), cx=x, cy=y, r=round(radius, 1))
    if radius >= 9:
        picture.write(x, y + 4, str(n), anchor="middle", role="inverse")
    else:
        picture.write(x + radius + 3, y + 4, str(n), role="small")


def _sum(counts: Mapping[tuple[str, str], int], kind: str | None = None, year: str | None = None) -> int:
    return sum(n for (one, other), n in counts.items() if kind in (None, one) and year in (None, other))
