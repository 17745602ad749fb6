"""What the piles of all sorters say, as a page shows it: live, and only when all who sort have finished."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from graylit.desk.sorting.table import SortTables
from graylit.synthesis.card_analysis import Analysis, Piles, analyze_sorts, gather_piles
from graylit.tables.card_sorting import CARD_MERGES
from graylit.tables.rows import Cells

WAITING = "opens as soon as all who sort have finished"
LABEL_LENGTH = 38  # characters that fit beside the dendrogram, as in the report


def describe_analysis(tables: SortTables, n_asked: int) -> dict[str, object] | None:
    """Return the analysis of the sorts, cut into `n_asked` clusters (0: by the rule); None if nobody sorted."""
    piles = gather_piles(tables.list_all_rows(), tables.list_all_sessions(), tables.cards)
    if not piles.cards:
        return None
    ruled = int(tables.config.get("card_sort", {}).get("n_clusters", 0))
    made = analyze_sorts(piles, {}, n_asked or ruled)
    return {
        "n_sorters": len(piles.sorters),
        "n_cards": len(piles.cards),
        "is_stated": bool(ruled),
        "n_clusters": made.n_clusters,
        "cuts": [{name: row[name] for name in ("n_clusters", "silhouette")} for row in made.cuts],
        "clusters": describe_clusters(made, tables.cards),
        "agreement": made.agreement,
        "drawing": draw_sorts(made, tables.cards),
    }


def describe_clusters(made: Analysis, cards: Mapping[str, Cells]) -> list[dict[str, object]]:
    """Return the clusters of the chosen cut: their cards, and what each sorter called the pile of most of them."""
    clusters: dict[int, list[dict[str, object]]] = {}
    for row in made.fits:
        fit: dict[str, object] = {
            name: row[name] for name in ("guideline_id", "share_own", "share_nearest", "nearest_cluster")
        }
        name, is_misfit = cards[str(row["guideline_id"])]["name"], row["is_misfit"] == "yes"
        clusters.setdefault(int(row["cluster"] or 0), []).append(fit | {"name": name, "is_misfit": is_misfit})
    return [
        {
            "cluster": cluster,
            "cards": of,
            "piles": name_piles(made.piles, [str(card["guideline_id"]) for card in of]),
        }
        for cluster, of in sorted(clusters.items())
    ]


def name_piles(piles: Piles, members: Sequence[str]) -> list[dict[str, object]]:
    """Return for each sorter the pile on which most of some cards lie, and how many of them do."""
    places = [piles.cards.index(card) for card in members]
    named: list[dict[str, object]] = []
    for sorter, names in zip(piles.sorters, piles.names, strict=True):
        (pile, n), *_ = Counter(names[place] for place in places).most_common(1)
        named.append({"sorter": sorter, "pile": pile, "n": n})
    return named


def draw_sorts(made: Analysis, cards: Mapping[str, Cells]) -> dict[str, Any] | None:
    """Return the lines and labels of the dendrogram, as the report draws it; None if nothing was merged."""
    import pandas as pd

    from graylit.pages.drawings import draw_dendrogram

    leaves = []
    for row in sorted(made.clusters, key=lambda row: int(row["leaf"] or 0)):
        words = f"{row['guideline_id']} {cards[str(row['guideline_id'])]['name']}"
        label = words if len(words) <= LABEL_LENGTH else words[: LABEL_LENGTH - 1] + "…"
        leaves.append({"guideline_id": row["guideline_id"], "label": label, "words": words})
    merges = pd.DataFrame(made.merges, columns=CARD_MERGES.names)
    drawn = draw_dendrogram(merges, leaves, made.n_clusters)
    if drawn is None:
        return None
    paths = [{"d": path["d"], "is_within": bool(path["is_within"])} for path in drawn["paths"]]
    return {**drawn, "paths": paths}
