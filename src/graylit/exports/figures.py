"""Draw the report's figures for a paper, as SVG and as PDF."""

from __future__ import annotations

import io
from collections.abc import Mapping

import pandas as pd

from graylit.exports.cards import Card
from graylit.pages.coding_pictures import draw_saturation
from graylit.pages.search_pictures import draw_curve, draw_overlap, draw_prisma
from graylit.pages.synthesis_pictures import draw_support, draw_tree
from graylit.screening.flow import Flow
from graylit.screening.prisma_drawing import draw_flow
from graylit.tables.kinds import split_ids
from graylit.tables.rows import list_rows
from graylit.tables.search_figures import TOGETHER


def draw_figures(
    cards: list[Card], made: Mapping[str, pd.DataFrame], flow: Flow | None, engines: Mapping[str, str]
) -> dict[str, bytes]:
    """Return the figures as SVG by name; those without rows are left out.

    `engines` holds where each search was made, in the order of the searches.
    """
    counts = {row["search_id"]: row for row in list_rows(made["search_counts"])}
    searches = [(key, name, int(counts[key]["n_candidates"])) for key, name in engines.items() if key in counts]
    hits = {f"{key} {name}".strip(): int(counts[key]["n_hits"]) for key, name, _ in searches}
    groups = [{**row, "keys": split_ids(row["search_ids"])} for row in list_rows(made["search_sets"])]
    curve = made["search_curve"]
    clusters = made["card_clusters"]
    n_clusters = int(max(clusters["cluster"].dropna(), default=0))
    figures = [
        draw_prisma(draw_flow(flow, {name: n for name, n in hits.items() if n})),
        draw_overlap(groups, searches),
        draw_curve(list_rows(curve[curve["search_id"] == TOGETHER])),
        draw_support(list_supported(cards), most_points=0),
        draw_saturation(made["saturation"]),
        draw_tree(made["card_merges"], _name_leaves(cards, clusters), n_clusters),
    ]
    return {figure.name: figure.to_svg() for figure in figures if figure}


def list_supported(cards: list[Card]) -> list[dict[str, object]]:
    """Return the supported guidelines, most sources first, as they are drawn."""
    rows = [
        {name: card[name] for name in ("guideline_id", "name")}
        | {name: card["support"][name] for name in ("n_sources", "n_publishers")}
        | {"median_score": None}
        for card in cards
        if card["support"]
    ]
    return sorted(rows, key=lambda row: (-row["n_sources"], row["guideline_id"]))


def _name_leaves(cards: list[Card], clusters: pd.DataFrame) -> list[dict[str, str]]:
    names = {card["guideline_id"]: card["name"] for card in cards}
    ordered = clusters.sort_values("leaf")["guideline_id"]
    return [{"guideline_id": leaf, "label": f"{leaf} {names.get(leaf, '')}"} for leaf in ordered]


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
