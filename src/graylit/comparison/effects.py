"""What the changes since the release did to the evidence: of guidelines, themes, codes, topics and saturation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from graylit.comparison.pairs import pair
from graylit.comparison.topics import OUTLIERS, match_topics
from graylit.pages.wording import count_things
from graylit.tables.rows import list_rows
from graylit.tables.sources import names_publisher

Counts = Mapping[str, Any]  # what is counted of one guideline, theme, code or topic
EffectRow = dict[str, Any]  # a row of the table of effects, by column
KINDS = ("guideline", "claim", "theme", "code", "topic", "saturation")
RANK_MOVES = "rank moves"
COUNTS = ("n_codings", "n_sources", "n_publishers")
FLOOR_WORDS = {
    "guideline": ("falls below the floor", "reaches the floor"),
    "claim": ("falls below the floor", "reaches the floor"),
    "theme": ("falls below the floor", "reaches the floor"),
    "code": ("no longer saturated", "saturated now"),
}
SETTINGS = ("order_name", "base_size", "run_length", "threshold")


def count_themes(evidence: pd.DataFrame) -> pd.DataFrame:
    """Return the codings, sources and publishers of each theme; a publisher that nobody knows is none."""
    evidence = evidence.assign(publisher=evidence["publisher"].where(evidence["publisher"].map(names_publisher)))
    counted = {"n_codings": "coding_id", "n_sources": "source_id", "n_publishers": "publisher"}
    grouped = evidence.groupby("theme_id").agg(**{name: (column, "nunique") for name, column in counted.items()})
    return grouped.reset_index()


def list_sources(links: pd.DataFrame, column: str) -> dict[str, set[str]]:
    """Return the sources of each guideline, theme or code."""
    return {str(subject): set(rows) for subject, rows in links.groupby(column)["source_id"]}


def tell_change(old: Counts | None, new: Counts | None, gained: set[str], lost: set[str]) -> str:
    """Return what became of the evidence of one thing: by its sources; if these are the same, by its codings."""
    if old is None or new is None:
        return "new" if old is None else "gone"
    n_more = int(new["n_codings"]) - int(old["n_codings"])
    has_gained, has_lost = bool(gained) or (not lost and n_more > 0), bool(lost) or (not gained and n_more < 0)
    return {(True, True): "gains and loses", (True, False): "gains", (False, True): "loses"}.get(
        (has_gained, has_lost), "none"
    )


def tell_floor(old: Counts | None, new: Counts | None, min_publishers: int, words: tuple[str, str]) -> str:
    """Return the remark on a thing that fell below the floor of publishers, or reached it; '' otherwise."""
    before, after = (side is not None and int(side["n_publishers"]) >= min_publishers for side in (old, new))
    return words[0] if before and not after else words[1] if after and not before and old is not None else ""


def compare_support(
    kind: str,
    tables: tuple[pd.DataFrame, pd.DataFrame],
    sources: tuple[dict[str, set[str]], dict[str, set[str]]],
    names: Mapping[str, str],
    min_publishers: int,
) -> list[EffectRow]:
    """Return a row for each guideline, theme or code, before and after; `tables` have its id first and the counts."""
    id_column = tables[0].columns[0]
    before, after = ({str(row[id_column]): row for row in list_rows(table)} for table in tables)
    rows = []
    for subject, old, new in pair(before, after):
        released, current = (side.get(subject, set()) for side in sources)
        gained, lost = current - released, released - current
        row: EffectRow = {"kind": kind, "subject": subject, "name": names.get(subject, "")}
        row |= {"change": tell_change(old, new, gained, lost)}
        for name in (*COUNTS, "rank"):
            row[f"{name}_before"], row[name] = (side.get(name) if side else None for side in (old, new))
        row |= {"sources_gained": "; ".join(sorted(gained)), "sources_lost": "; ".join(sorted(lost))}
        floor = tell_floor(old, new, min_publishers, FLOOR_WORDS[kind])
        remark = f"{floor} of {count_things(min_publishers, 'publisher')}" if "floor" in floor else floor
        is_moved = None not in (row["rank_before"], row["rank"]) and row["rank_before"] != row["rank"]
        rows.append(row | {"remark": remark or (RANK_MOVES if is_moved else "")})
    return rows


def add_remarks(rows: list[EffectRow], remarks: Mapping[str, str]) -> list[EffectRow]:
    """Return rows with more remarks, by subject."""
    added = ("; ".join(filter(None, [row["remark"], remarks.get(row["subject"], "")])) for row in rows)
    return [row | {"remark": remark} for row, remark in zip(rows, added, strict=True)]


def group_codes(evidence: pd.DataFrame, column: str) -> dict[str, set[str]]:
    """Return the codes with evidence of each guideline, theme or code."""
    return {str(subject): set(rows) for subject, rows in evidence.groupby(column)["code_id"]}


def describe_topics(
    tables: tuple[pd.DataFrame, pd.DataFrame], placed: tuple[pd.DataFrame, pd.DataFrame]
) -> list[EffectRow]:
    """Return a row for each topic, now and as released; topics of another fit are matched by the segments of both."""
    old, new = ({str(int(row["topic_id"])): row for row in list_rows(table)} for table in tables)
    if {topic: row["words"] for topic, row in old.items()} == {topic: row["words"] for topic, row in new.items()}:
        former = {topic: topic for topic in new}
    else:
        groups = (
            {f"{topic:.0f}": set(ids) for topic, ids in table.groupby("topic_id")["segment_id"]} for table in placed
        )
        former = {pair.now: pair.before for pair in match_topics(*groups) if pair.now and pair.before}
    rows = []
    for topic in sorted(new.keys() - {OUTLIERS}, key=int):
        before = former.get(topic, "")
        remark = f"was topic {before}" if before not in ("", topic) else ""
        rows.append(_describe_topic(f"topic.{topic}", old.get(before), new[topic]) | {"remark": remark})
    removed = sorted(old.keys() - set(former.values()) - {OUTLIERS}, key=int)
    return rows + [_describe_topic(f"released.{topic}", old[topic], None) | {"remark": ""} for topic in removed]


def _describe_topic(subject: str, old: Counts | None, new: Counts | None) -> EffectRow:
    row: EffectRow = {"kind": "topic", "subject": subject, "name": (new or old or {})["words"]}
    for name, column in (("n_codings", "n_segments"), ("n_sources", "n_sources")):
        row |= {f"{name}_before": old[column] if old else None, name: new[column] if new else None}
    before, now = ({"n_codings": side["n_segments"]} if side else None for side in (old, new))
    return row | {"change": tell_change(before, now, set(), set())}


def compare_saturation(tables: tuple[pd.DataFrame, pd.DataFrame]) -> list[EffectRow]:
    """Return a row for each way to tell saturation: the sources it took before and after."""
    before, after = ({tuple(row[name] for name in SETTINGS): row for row in list_rows(table)} for table in tables)
    return [_describe_saturation(key, _read_reached(old), _read_reached(new)) for key, old, new in pair(before, after)]


def _read_reached(row: Counts | None) -> float | None:
    """Return after how many sources saturation was reached; None if it was not."""
    return None if row is None or pd.isna(row["reached_at"]) else float(row["reached_at"])


def _describe_saturation(key: tuple[Any, ...], old: float | None, new: float | None) -> EffectRow:
    order_name, base, run, threshold = key
    change, remark = _tell_saturation(old, new)
    return {
        "kind": "saturation",
        "subject": f"{order_name}.base{base}.run{run}.at{threshold:g}",
        "name": f"sources {order_name}: base of {base}, run of {run}, at most {threshold:.0%} new codes",
        "change": change,
        "n_sources_before": None if old is None else round(old),
        "n_sources": None if new is None else round(new),
        "remark": remark,
    }


def _tell_saturation(old: float | None, new: float | None) -> tuple[str, str]:
    """Return what became of saturation, and the remark on it."""
    if old == new:
        return "none", ""
    if new is None:
        return "gone", "saturation no longer reached"
    if old is None:
        return "new", ""
    reached = f"after {new:g} sources, released after {old:g}"
    return ("gains", f"earlier: {reached}") if new < old else ("loses", f"later: {reached}")


def describe_page(effects: pd.DataFrame, n_sources: int) -> dict[str, Any]:
    """Return what the page shows: the rows that changed, by kind, and how many did not."""
    every = [{name: None if pd.isna(cell) else cell for name, cell in row.items()} for row in list_rows(effects)]
    shown = [row for row in every if row["change"] != "none" or row["remark"]]
    n_all = effects["kind"].value_counts()
    return {
        "parts": [
            (kind, [row for row in shown if row["kind"] == kind], int(n_all.get(kind, 0)))
            for kind in KINDS
            if kind != "claim" or kind in n_all  # a study may do without claims
        ],
        "remarks": [row for row in shown if row["remark"] not in ("", RANK_MOVES) and row["kind"] != "topic"],
        "n_sources": n_sources,
    }
