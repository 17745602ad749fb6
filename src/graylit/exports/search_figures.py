"""Draw the figures of the search for a paper: candidates along the hits, and which searches found the same ones."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from graylit.exports.drawing import FILL, LINE, SOFT, Drawing
from graylit.pages.search_drawings import draw_finds, draw_groups
from graylit.tables.kinds import split_ids
from graylit.tables.rows import list_rows
from graylit.tables.search_figures import TOGETHER


def draw_curve(curve: pd.DataFrame) -> Drawing | None:
    """Return the candidates found along the hits of all searches, and the included ones among them."""
    drawn = draw_finds(list_rows(curve[curve["search_id"] == TOGETHER]), [])
    if drawn is None:
        return None
    left, right, top, bottom = (drawn[name] for name in ("left", "right", "top", "bottom"))
    drawing = Drawing(right + 20, bottom + 46, "Candidates found along the hits")
    for tick in drawn["x_ticks"]:
        drawing.write(tick["x"], bottom + 18, str(tick["label"]), anchor="middle", fill=SOFT)
    for tick in drawn["y_ticks"]:
        drawing.add("line", x1=left, y1=tick["y"], x2=right, y2=tick["y"], stroke=LINE, stroke_width=1)
        drawing.write(left - 6, tick["y"] + 4, str(tick["label"]), anchor="end", fill=SOFT)
    dashed = {"stroke": SOFT, "stroke_width": 1.5, "stroke_dasharray": "5,4"}
    drawing.add("polyline", points=drawn["included"], fill="none", **dashed)
    drawing.add("polyline", points=drawn["seen"], fill="none", stroke=FILL, stroke_width=2)
    drawing.write((left + right) / 2, bottom + 38, "hits (line: candidates; dashes: included ones)", "middle", SOFT)
    return drawing


def draw_overlap(groups: pd.DataFrame, searches: Sequence[tuple[str, str, int]]) -> Drawing | None:
    """Return the candidates by exactly the searches that found them: bars over dots at these searches."""
    drawn = draw_groups([{**row, "keys": split_ids(row["search_ids"])} for row in list_rows(groups)], searches)
    if drawn is None:
        return None
    drawing = Drawing(drawn["width"], drawn["height"], "Candidates by the searches that found them")
    for line in drawn["rows"]:
        drawing.add("line", x1=drawn["labels"], y1=line["y"], x2=drawn["width"] - 10, y2=line["y"], stroke=LINE)
        drawing.write(drawn["labels"] - 6, line["y"] + 4, f"{line['label']}  {line['n']}", anchor="end")
    for column in drawn["columns"]:
        x, bottom = column["x"], drawn["top"]
        bar = {"x": x - 9, "width": 18, "fill": FILL}
        drawing.add("rect", y=column["y"], height=column["height"], fill_opacity=0.35, **bar)
        drawing.add("rect", y=bottom - column["included"], height=column["included"], **bar)
        drawing.write(x, column["y"] - 5, str(column["n_candidates"]), anchor="middle", fill=SOFT)
        first, last = column["dots"][0], column["dots"][-1]
        drawing.add("line", x1=x, y1=first, x2=x, y2=last, stroke=SOFT, stroke_width=1.5)
        for y in column["dots"]:
            drawing.add("circle", cx=x, cy=y, r=5, fill=FILL)
    return drawing
