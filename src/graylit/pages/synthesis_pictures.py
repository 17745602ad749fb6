"""Pictures of what guidelines rest on: support and quality, readings of claims, and the dendrogram of the card sort."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from graylit.pages.drawings import choose_ticks, draw_dendrogram
from graylit.pages.pictures import LINE_HEIGHT, Picture, cut_lines, place_rows
from graylit.pages.wording import count_things

TOP, BOTTOM = 30, 34  # heights above the first row and below the last
BARS, PANEL, GAP = 320, 120, 44  # widths of the bars, of the panel beside them, and of what parts them
BAR_ROW = 20  # height of a bar below its label, so that both are seen at once on a phone
LETTERS = 70  # of a line of a label
MOST_ROWS = 16  # of a picture: so many bars with their labels fit on a page of paper in a size that can be read
WHOLE = slice(None)
SHARES = 320  # width of all readings of a guideline
READINGS = (
    ("n_supports", "supports", "bar"),
    ("n_partly", "partly", "part"),
    ("n_not_about", "not about it", "rest"),
    ("n_against", "against", "contrary"),
)


def cut_rows(n_rows: int) -> list[slice]:
    """Return the parts in which many rows are drawn, as equal as can be: each fits on a page of paper."""
    n_parts = -(-n_rows // MOST_ROWS)
    return [slice(n_rows * part // n_parts, n_rows * (part + 1) // n_parts) for part in range(n_parts)]


def _name_part(name: str, title: str, part: slice, n_rows: int) -> tuple[str, str]:
    """Return the name and the title of a picture that shows a part of the rows; those of the whole if it is all."""
    first, last, _ = part.indices(n_rows)
    if last - first == n_rows:
        return name, title
    return f"{name}-{first + 1}" if first else name, f"{title}: {first + 1} to {last} of {n_rows}"


def draw_support(
    rows: Sequence[Mapping[str, Any]], most_points: float, root: str = "", part: slice = WHOLE
) -> Picture | None:
    """Return what each guideline rests on: its sources, their publishers, and the median score of their quality.

    `rows` hold guideline_id, name, n_sources, n_publishers and median_score (None if unknown), in the order of the
    picture; a source has at most `most_points`. `root` leads to the audit pages. A `part` of the rows has the scale of
    all. None if nothing is supported.
    """
    most = max((row["n_sources"] for row in rows), default=0)
    if not most:
        return None
    all_labels = [cut_lines(f"{row['guideline_id']} {row['name']}", LETTERS) for row in rows]
    widest, labels, n_rows = place_rows(all_labels, TOP, BAR_ROW).width, all_labels[part], len(rows)
    placed = place_rows(labels, TOP, BAR_ROW)
    start, bottom = 2, placed.bottom
    has_scores = any(row["median_score"] is not None for row in rows)
    right = start + BARS + 30
    panel = right + GAP
    width = max(panel + PANEL + 44 if has_scores else right + 20, widest)
    rows = rows[part]
    beside = f", and the median score of their quality, of {most_points:g} points" if has_scores else ""
    told = (
        f"A bar for each of {count_things(len(rows), 'guideline')}: the sources that support it; a mark on it: their "
        f"publishers{beside}."
    )
    name, title = _name_part("support", "What each guideline rests on", part, n_rows)
    picture = Picture(name, width, bottom + BOTTOM, title, told)
    _draw_axis(picture, (start, BARS / most), choose_ticks(most), bottom, "sources; mark: publishers")
    if has_scores:
        step = PANEL / most_points
        ticks = choose_ticks(int(most_points), 4)
        _draw_axis(picture, (panel, step), ticks, bottom, "median quality score")
    for row, lines, middle in zip(rows, labels, placed.middles, strict=True):
        target = f"{root}guidelines/{row['guideline_id']}.html" if root else ""
        picture.write_lines(start, middle - BAR_ROW / 2, lines, "start", target=target)
        y = middle + LINE_HEIGHT * len(lines) / 2
        length = BARS * row["n_sources"] / most
        words = f"{count_things(row['n_sources'], 'source')} of {count_things(row['n_publishers'], 'publisher')}"
        picture.add("rect", "bar", words, x=start, y=y - 6, width=length, height=12)
        picture.add("rect", "mark", x=start + BARS * row["n_publishers"] / most - 1.5, y=y - 8, width=3, height=16)
        picture.write(start + length + 7, y + 4, str(row["n_sources"]), role="small")
        if row["median_score"] is not None:
            x = panel + PANEL / most_points * row["median_score"]
            picture.add("path", "axis", d=f"M{panel:g} {y:g}H{panel + PANEL:g}")
            picture.add("circle", "dot", f"median score {row['median_score']:g}", cx=x, cy=y, r=4.5)
            picture.write(panel + PANEL + 6, y + 4, f"{row['median_score']:g}", role="small")
    return picture


def _draw_axis(picture: Picture, scale: tuple[float, float], ticks: Sequence[float], bottom: float, words: str) -> None:
    """Draw the lines of an axis, whose numbers stand below; `scale` holds where it begins and the width of a unit."""
    start, step = scale
    for tick in ticks:
        x = start + step * tick
        picture.add("path", "axis", d=f"M{x:g} {TOP - 4}V{bottom:g}")
        picture.write(x, bottom + 16, f"{tick:g}", anchor="middle", role="small")
    picture.write(start, TOP - 12, words, role="small")


def draw_readings(rows: Sequence[Mapping[str, Any]], root: str = "", part: slice = WHOLE) -> Picture | None:
    """Return how the evidence of each guideline was read against its claims, as shares of all its readings.

    `rows` hold guideline_id, name and the numbers of readings in the columns of READINGS; those without readings are
    left out. Of a `part` of the rows only these are drawn. None without any.
    """
    n_rows = len(rows)
    read = [(row, n) for row in rows[part] if (n := sum(row[column] for column, _, _ in READINGS))]
    if not read:
        return None
    labels = [cut_lines(f"{row['guideline_id']} {row['name']}", LETTERS) for row, _ in read]
    placed = place_rows(labels, TOP, BAR_ROW)
    start, bottom = 2, placed.bottom
    told = (
        "For each guideline the shares of its evidence that support a claim of it, do so in part, are not about it, or "
        "speak against it; behind the bar the number of readings."
    )
    name, title = _name_part("readings", "How evidence bears claims out", part, n_rows)
    picture = Picture(name, max(SHARES + 60, placed.width), bottom + BOTTOM, title, told)
    x = start
    for _, name, role in READINGS:
        picture.add("rect", role, x=x, y=TOP - 21, width=11, height=11)
        picture.write(x + 16, TOP - 12, name, role="small")
        x += 30 + 7 * len(name)
    for (row, n), lines, middle in zip(read, labels, placed.middles, strict=True):
        target = f"{root}guidelines/{row['guideline_id']}.html#claims" if root else ""
        picture.write_lines(start, middle - BAR_ROW / 2, lines, "start", target=target)
        x, y = start, middle + LINE_HEIGHT * len(lines) / 2
        for column, name, role in READINGS:
            length = SHARES * row[column] / n
            words = f"{name}: {row[column]} of {count_things(n, 'reading')} ({row[column] / n:.0%})"
            if row[column]:
                picture.add("rect", role, words, x=x, y=y - 7, width=length, height=14)
            x += length
        share = row["n_supports"] / n
        if share > 0.12:
            picture.write(start + 5, y + 4, f"{share:.0%}", role="inverse")
        picture.write(start + SHARES + 7, y + 4, f"{n:,}", role="small")
    picture.write(start, bottom + 16, "share of all readings; behind the bar, their number", role="small")
    return picture


def draw_tree(
    merges: pd.DataFrame, leaves: Sequence[Mapping[str, Any]], n_clusters: int, root: str = ""
) -> Picture | None:
    """Return the dendrogram of the card sort, its leaves named in full; None if nothing was merged."""
    tree = draw_dendrogram(merges, leaves, n_clusters)
    if tree is None:
        return None
    told = (
        f"{count_things(len(leaves), 'guideline')} as leaves of a tree; the further left two branches meet, the more "
        "sorters put their guidelines on one pile. Strong lines lie within a cluster."
    )
    picture = Picture("dendrogram", tree["width"], tree["height"], "Dendrogram of the card sort", told)
    for tick in tree["ticks"]:
        picture.add("path", "axis", d=f"M{tick['x']:g} 0V{tree['bottom']:g}")
        picture.write(tick["x"], tree["bottom"] + 18, tick["label"], anchor="middle", role="small")
    for label in tree["labels"]:
        target = f"{root}guidelines/{label['guideline_id']}.html" if root else ""
        picture.write_lines(label["x"], label["y"], label["lines"], target=target)
    for path in tree["paths"]:
        words = f"{path['left']} with {path['right']} at {path['distance']:.2f}"
        picture.add("path", "line" if path["is_within"] else "apart", words, d=path["d"])
    words = "distance: 1 less the share of sorters who put both on one pile"
    picture.write(tree["ticks"][0]["x"], tree["bottom"] + 36, words, role="small")
    return picture
