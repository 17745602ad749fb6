"""Pictures of the way from searches to sources: the flow of PRISMA, candidates along the hits, overlap of searches."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from graylit.pages.pictures import Picture
from graylit.pages.search_drawings import draw_finds, draw_groups


def draw_prisma(drawn: Mapping[str, Any] | None) -> Picture | None:
    """Return the flow of records through the screening, as PRISMA 2020 draws it; `drawn` has its boxes and arrows."""
    if drawn is None:
        return None
    told = "; ".join(line["words"] for box in drawn["boxes"] for line in box["lines"])
    picture = Picture("prisma", drawn["width"], drawn["height"], "PRISMA 2020 flow of candidates", f"{told}.")
    for stage in drawn["stages"]:
        top, middle = stage["top"], (stage["top"] + stage["bottom"]) / 2
        picture.add("rect", "stage", x=8, y=top, width=24, height=stage["bottom"] - top, rx=4)
        picture.write(24, middle, stage["name"], "middle", "inverse", transform=f"rotate(-90 24 {middle:g})")
    for box in drawn["boxes"]:
        picture.add("rect", "box", rx=5, **{name: box[name] for name in ("x", "y", "width", "height")})
        for line in box["lines"]:
            picture.write(line["x"], line["y"], line["words"], target=line["target"])
    for path in drawn["arrows"]:
        picture.add("path", "arrow", d=path)
        picture.add("path", "point", d=_point_of(path))
    return picture


def _point_of(path: str) -> str:
    """Return the point of an arrow along a path of one line, down or to the right."""
    start, end = re.split("[HV]", path.removeprefix("M"))
    x, y = map(float, start.split())
    if "V" in path:
        return f"M{x - 4:g} {end}L{x + 4:g} {end}L{x:g} {float(end) + 7:g}Z"
    return f"M{end} {y - 4:g}L{end} {y + 4:g}L{float(end) + 7:g} {y:g}Z"


def draw_curve(curve: Sequence[Mapping[str, Any]], stops: Sequence[int] = ()) -> Picture | None:
    """Return the candidates found along the hits of all searches, the included ones, and where a rule to stop held.

    `curve` are the rows of all searches together in the table `search_curve`.
    """
    drawn = draw_finds(curve, stops)
    if drawn is None:
        return None
    left, right, top, bottom = (drawn[name] for name in ("left", "right", "top", "bottom"))
    told = "Two curves that rise with the hits read: candidates found (line), and the included ones of them (dashes)."
    picture = Picture("finds", right + 20, bottom + 46, "Candidates found along the hits", told)
    for tick in drawn["x_ticks"]:
        picture.write(tick["x"], bottom + 18, str(tick["label"]), "middle", "small")
    for tick in drawn["y_ticks"]:
        picture.add("path", "axis", d=f"M{left:g} {tick['y']:g}H{right:g}")
        picture.write(left - 6, tick["y"] + 4, str(tick["label"]), "end", "small")
    for stop in drawn["stops"]:
        picture.add("path", "apart", f"the rule to stop held after {stop['label']} hits",
                    d=f"M{stop['x']:g} {top:g}V{bottom:g}")  # fmt: skip
    picture.add("polyline", "thin", points=drawn["included"])
    picture.add("polyline", "line", points=drawn["seen"])
    picture.write((left + right) / 2, bottom + 38, "hits (line: candidates; dashes: included ones)", "middle", "small")
    return picture


def draw_overlap(groups: Sequence[Mapping[str, Any]], searches: Sequence[tuple[str, str, int]]) -> Picture | None:
    """Return the candidates by exactly the searches that found them: bars over dots at these searches.

    `groups` and `searches` are those of `draw_groups`.
    """
    drawn = draw_groups(groups, searches)
    if drawn is None:
        return None
    told = (
        "A column for each group of searches that found the same candidates: dots at these searches, and above them a "
        "bar as high as the group has candidates, its solid part the included ones."
    )
    picture = Picture("overlap", drawn["width"], drawn["height"], "Candidates by the searches that found them", told)
    for line in drawn["rows"]:
        picture.add("path", "axis", d=f"M{drawn['labels']:g} {line['y']:g}H{drawn['width'] - 10:g}")
        picture.write(drawn["labels"] - 6, line["y"] + 4, f"{line['label']}  {line['n']}", "end")
    for column in drawn["columns"]:
        x, bottom = column["x"], drawn["top"]
        picture.add("rect", "part", x=x - 9, width=18, y=column["y"], height=column["height"])
        picture.add("rect", "bar", x=x - 9, width=18, y=bottom - column["included"], height=column["included"])
        picture.write(x, column["y"] - 5, str(column["n_candidates"]), "middle", "small")
        picture.add("path", "apart", d=f"M{x:g} {column['dots'][0]:g}V{column['dots'][-1]:g}")
        for y in column["dots"]:
            picture.add("circle", "dot", cx=x, cy=y, r=5)
    return picture
