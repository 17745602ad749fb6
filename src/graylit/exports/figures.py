"""Draw the report's figures for a paper, as SVG and as PDF."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from graylit.exports.cards import Card
from graylit.exports.drawing import FILL, LINE, SOFT, Drawing
from graylit.exports.search_figures import draw_curve, draw_overlap
from graylit.pages.drawings import LABELS, draw_curves, draw_dendrogram
from graylit.screening.flow import Flow
from graylit.screening.prisma_drawing import draw_flow
from graylit.tables.rows import list_rows

# Pixels and characters, chosen by eye: labels fit beside the bars, and a figure fits a column.
BAR_ROW, BAR_WIDTH = 18, 320
LABEL_LENGTH = 42


def draw_figures(
    cards: list[Card], made: Mapping[str, pd.DataFrame], flow: Flow | None, engines: Mapping[str, str]
) -> dict[str, bytes]:
    """Return the figures as SVG by name; those without rows are left out.

    `engines` holds where each search was made, in the order of the searches.
    """
    counts = {row["search_id"]: row for row in list_rows(made["search_counts"])}
    searches = [(key, name, int(counts[key]["n_candidates"])) for key, name in engines.items() if key in counts]
    hits = {f"{key} {name}".strip(): int(counts[key]["n_hits"]) for key, name, _ in searches}
    names = {card["guideline_id"]: card["name"] for card in cards}
    figures = {
        "prisma": draw_prisma(flow, {name: n for name, n in hits.items() if n}),
        "overlap": draw_overlap(made["search_sets"], searches),
        "finds": draw_curve(made["search_curve"]),
        "support": draw_support(cards),
        "saturation": draw_saturation(made["saturation"]),
        "dendrogram": draw_tree(made["card_merges"], made["card_clusters"], names),
    }
    return {name: figure.to_svg() for name, figure in figures.items() if figure}


def draw_prisma(flow: Flow | None, hits: Mapping[str, int]) -> Drawing | None:
    """Return the flow of records through the screening, as PRISMA 2020 draws it; `hits` are those of each search."""
    drawn = draw_flow(flow, hits)
    if drawn is None:
        return None
    drawing = Drawing(drawn["width"], drawn["height"], "PRISMA 2020 flow")
    for stage in drawn["stages"]:
        top, middle = stage["top"], (stage["top"] + stage["bottom"]) / 2
        drawing.add("rect", x=8, y=top, width=24, height=stage["bottom"] - top, fill=FILL)
        turned = {"transform": f"rotate(-90 24 {middle:g})"}
        drawing.write(24, middle, stage["name"], anchor="middle", fill="#ffffff", **turned)
    for box in drawn["boxes"]:
        size = {name: box[name] for name in ("x", "y", "width", "height")}
        drawing.add("rect", **size, fill="none", stroke=SOFT, stroke_width=1)
        for line in box["lines"]:
            drawing.write(line["x"], line["y"], line["words"])
    for path in drawn["arrows"]:
        drawing.add("path", d=path, fill="none", stroke=SOFT, stroke_width=1.5)
        drawing.add("path", d=_point_of(path), fill=SOFT, stroke="none")
    return drawing


def _point_of(path: str) -> str:
    """Return the point of an arrow along a path of one line, down or to the right."""
    start, end = re.split("[HV]", path.removeprefix("M"))
    x, y = map(float, start.split())
    if "V" in path:
        return f"M{x - 4:g} {end}L{x + 4:g} {end}L{x:g} {float(end) + 7:g}Z"
    return f"M{end} {y - 4:g}L{end} {y + 4:g}L{float(end) + 7:g} {y:g}Z"


def draw_support(cards: list[Card]) -> Drawing | None:
    """Return a bar for each guideline: its sources, most supported first."""
    counted = [(card["support"]["n_sources"], card) for card in cards if card["support"]]
    most = max((n for n, _ in counted), default=0)
    if not most:
        return None
    drawing = Drawing(LABELS + BAR_WIDTH + 60, BAR_ROW * len(counted) + 30, "Sources that support each guideline")
    for place, (n, card) in enumerate(sorted(counted, key=lambda bar: (-bar[0], bar[1]["guideline_id"]))):
        y = BAR_ROW * place + 8
        drawing.write(LABELS - 8, y + 11, shorten(f"{card['guideline_id']} {card['name']}"), anchor="end")
        drawing.add("rect", x=LABELS, y=y, width=BAR_WIDTH * n / most, height=BAR_ROW - 5, fill=FILL)
        drawing.write(LABELS + BAR_WIDTH * n / most + 5, y + 11, str(n), fill=SOFT)
    drawing.write(LABELS, BAR_ROW * len(counted) + 22, "sources", fill=SOFT)
    return drawing


def shorten(words: str) -> str:
    """Return words cut to fit beside a drawing."""
    return words if len(words) <= LABEL_LENGTH else words[: LABEL_LENGTH - 1] + "…"


def draw_saturation(saturation: pd.DataFrame) -> Drawing | None:
    """Return the codes seen by number of sources read: as listed, and the mean of shuffled orders in its band."""
    curves = draw_curves(saturation)
    if curves is None:
        return None
    left, right, top, bottom = (curves[name] for name in ("left", "right", "top", "bottom"))
    drawing = Drawing(right + 20, bottom + 46, "Codes seen by number of sources read")
    for tick in curves["x_ticks"]:
        drawing.write(float(tick["x"]), bottom + 18, str(tick["label"]), anchor="middle", fill=SOFT)
    for tick in curves["y_ticks"]:
        drawing.add("line", x1=left, y1=tick["y"], x2=right, y2=tick["y"], stroke=LINE, stroke_width=1)
        drawing.write(left - 6, float(tick["y"]) + 4, str(tick["label"]), anchor="end", fill=SOFT)
    drawing.add("polygon", points=curves["band"], fill=FILL, fill_opacity=0.2, stroke="none")
    drawing.add(
        "polyline", points=curves["shuffled"], fill="none", stroke=SOFT, stroke_width=1.5, stroke_dasharray="5,4"
    )
    drawing.add("polyline", points=curves["listed"], fill="none", stroke=FILL, stroke_width=2)
    drawing.write(
        (left + right) / 2, bottom + 38, "sources read (line: as listed; dashes: shuffled, 95 %)", "middle", fill=SOFT
    )
    drawing.write(left + 4, top + 2, "codes", fill=SOFT)
    return drawing


def draw_tree(merges: pd.DataFrame, clusters: pd.DataFrame, names: Mapping[str, str]) -> Drawing | None:
    """Return the dendrogram of the card sort, its leaves named."""
    leaves = _name_leaves(clusters, names)
    tree = draw_dendrogram(merges, leaves, int(max(clusters["cluster"].dropna(), default=0)))
    if tree is None:
        return None
    drawing = Drawing(tree["width"], tree["height"], "Dendrogram of the card sort")
    for label in tree["labels"]:
        drawing.write(label["x"], label["y"] + 4, label["label"], anchor="end")
    for path in tree["paths"]:
        colour = FILL if path["is_within"] else SOFT
        drawing.add("path", d=path["d"], fill="none", stroke=colour, stroke_width=1.5)
    for tick in tree["ticks"]:
        drawing.write(tick["x"], tree["bottom"] + 18, tick["label"], anchor="middle", fill=SOFT)
    drawing.write(LABELS, tree["bottom"] + 36, "distance (1 − share of sorters who put both on one pile)", fill=SOFT)
    return drawing


def _name_leaves(clusters: pd.DataFrame, names: Mapping[str, str]) -> Sequence[Mapping[str, Any]]:
    ordered = clusters.sort_values("leaf")["guideline_id"]
    return [{"guideline_id": leaf, "label": shorten(f"{leaf} {names.get(leaf, '')}")} for leaf in ordered]


def convert_to_pdf(svg: bytes) -> bytes:
    """Return an SVG picture as PDF; the same picture gives the same bytes."""
    from reportlab.graphics import renderPDF
    from reportlab.pdfgen.canvas import Canvas
    from svglib.svglib import svg2rlg

    picture = svg2rlg(io.BytesIO(svg))
    if picture is None:
        raise ValueError("svglib cannot read the SVG that was just drawn")
    page = io.BytesIO()
    canvas = Canvas(page, pagesize=(picture.width, picture.height), invariant=1)
    renderPDF.draw(picture, canvas, 0, 0)
    canvas.save()
    return page.getvalue()
