"""Drawings of searches: candidates along their hits, and which searches found the same ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graylit.pages.drawings import CURVES, choose_ticks

LABELS = 230.0  # width of the names of searches
COLUMN, ROW, BARS = 30.0, 24.0, 110.0  # of a group of candidates, of a search, and the height of the largest bar
N_GROUPS = 15  # drawn; the table has them all. Chosen by eye: they fit the width of the page
MAX_LETTERS = 32


def draw_finds(curve: Sequence[Mapping[str, Any]], stops: Sequence[int]) -> dict[str, Any] | None:
    """Return the lines of candidates and of included ones found along hits, and where a rule held; None without hits.

    `curve` are the rows of one search, or of all together, in the table `search_curve`.
    """
    if not curve or not curve[-1]["n_seen"]:
        return None
    n_hits, n_seen = int(curve[-1]["n_hits"]), int(curve[-1]["n_seen"])
    across, up = (CURVES["right"] - CURVES["left"]) / n_hits, (CURVES["bottom"] - CURVES["top"]) / n_seen

    def place(hits: int, seen: int) -> tuple[float, float]:
        return round(CURVES["left"] + across * hits, 1), round(CURVES["bottom"] - up * seen, 1)

    def join(column: str) -> str:
        points = [place(0, 0), *(place(int(row["n_hits"]), int(row[column])) for row in curve)]
        return " ".join(f"{x},{y}" for x, y in points)

    return {
        **CURVES,
        "seen": join("n_seen"),
        "included": join("n_included_seen"),
        "x_ticks": [{"x": place(n, 0)[0], "label": n} for n in choose_ticks(n_hits)],
        "y_ticks": [{"y": place(0, n)[1], "label": n} for n in choose_ticks(n_seen)],
        "stops": [{"x": place(n, 0)[0], "label": n} for n in stops],
    }


def draw_groups(groups: Sequence[Mapping[str, Any]], searches: Sequence[tuple[str, str, int]]) -> dict[str, Any] | None:
    """Return the picture of how searches overlap (an UpSet plot); None if fewer than two searches found any.

    `groups` are the rows of the table `search_sets`, with `keys` in the place of its ids; `searches` hold id, name and
    number of candidates of each. A group is a column: a bar as high as it has candidates, the lower part those
    included, and dots at the searches that found them.
    """
    rows = [search for search in searches if search[2]]
    if len(rows) < 2 or not groups:
        return None
    largest = sorted(groups, key=lambda group: (-group["n_candidates"], group["keys"]))
    shown, most = largest[:N_GROUPS], largest[0]["n_candidates"]
    top = BARS + 24
    y_of = {key: top + ROW * (number + 0.5) + 8 for number, (key, _, _) in enumerate(rows)}
    columns = []
    for number, group in enumerate(shown):
        x, height = LABELS + COLUMN * (number + 0.5), BARS * group["n_candidates"] / most
        dots = [y_of[key] for key in y_of if key in group["keys"]]
        included = BARS * group["n_included"] / most
        columns.append({**group, "x": x, "y": top - height, "height": height, "included": included, "dots": dots})
    return {
        "width": LABELS + COLUMN * len(shown) + 10,
        "height": top + ROW * len(rows) + 16,
        "top": top,
        "columns": columns,
        "rows": [{"y": y_of[key], "label": _shorten(f"{key} {name}"), "n": n} for key, name, n in rows],
        "labels": LABELS - 14,
        "n_groups": len(groups),
        "n_shown": len(shown),
    }


def _shorten(words: str) -> str:
    words = words.strip()
    return words if len(words) <= MAX_LETTERS else words[: MAX_LETTERS - 1] + "…"
