"""Say what became of the evidence since the release: which guidelines, themes, codes, topics gained or lost support."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from graylit.comparison.results import OUTLIERS, align_topics
from graylit.pages.templates import make_environment, render_alone
from graylit.runs.steps import StepLog
from graylit.study.state import read_in_force
from graylit.tables.coding import CODE_COUNTS, CODEBOOK, LOCATED_CODINGS, SATURATION_MEASURES
from graylit.tables.comparison import EFFECTS
from graylit.tables.synthesis import EVIDENCE, GUIDELINE_SUPPORT, THEMES
from graylit.tables.topics import TOPIC_SEGMENTS, TOPICS

RANK_MOVES = "rank moves"
COUNTS = ("n_codings", "n_sources", "n_publishers")
SETTINGS = ("order_name", "base_size", "run_length", "threshold")


def count_themes(evidence: pd.DataFrame) -> pd.DataFrame:
    """Return the codings, sources and publishers of each theme."""
    counted = {"n_codings": "coding_id", "n_sources": "source_id", "n_publishers": "publisher"}
    grouped = evidence.groupby("theme_id").agg(**{name: (column, "nunique") for name, column in counted.items()})
    return grouped.reset_index()


def list_sources(links: pd.DataFrame, column: str) -> dict[str, set[str]]:
    """Return the sources of each guideline, theme or code."""
    return {str(one): set(rows) for one, rows in links.groupby(column)["source_id"]}


def tell_change(old: Mapping | None, new: Mapping | None, gained: set[str], lost: set[str]) -> str:
    """Return what became of the evidence of one thing: by its sources, where these are the same by its codings."""
    if old is None or new is None:
        return "new" if old is None else "gone"
    n_more = int(new["n_codings"]) - int(old["n_codings"])
    has_gained, has_lost = bool(gained) or (not lost and n_more > 0), bool(lost) or (not gained and n_more < 0)
    return {(True, True): "gains and loses", (True, False): "gains", (False, True): "loses"}.get(
        (has_gained, has_lost), "none"
    )


def tell_floor(old: Mapping | None, new: Mapping | None, min_publishers: int, words: tuple[str, str]) -> str:
    """Return the remark on a thing that fell below the floor of publishers, or reached it; '' otherwise."""
    before, after = (one is not None and int(one["n_publishers"]) >= min_publishers for one in (old, new))
    return words[0] if before and not after else words[1] if after and not before and old is not None else ""


def compare_support(
    kind: str,
    tables: tuple[pd.DataFrame, pd.DataFrame],
    sources: tuple[dict[str, set[str]], dict[str, set[str]]],
    names: Mapping[str, str],
    min_publishers: int,
) -> list[dict]:
    """Return a row for each guideline, theme or code, before and after; `tables` have its id first and the counts."""
    id_column = tables[0].columns[0]
    before, after = ({row[id_column]: row for row in table.to_dict("records")} for table in tables)
    words = {
        "guideline": ("falls below the floor", "reaches the floor"),
        "theme": ("falls below the floor", "reaches the floor"),
        "code": ("no longer saturated", "saturated now"),
    }[kind]
    rows = []
    for subject in sorted({*before, *after}):
        old, new = before.get(subject), after.get(subject)
        held, kept = (one.get(subject, set()) for one in sources)
        row = {"kind": kind, "subject": subject, "name": names.get(subject, "")}
        row["change"] = tell_change(old, new, kept - held, held - kept)
        for name in (*COUNTS, "rank"):
            row[f"{name}_before"], row[name] = (None if one is None else one.get(name) for one in (old, new))
        row["sources_gained"], row["sources_lost"] = ("; ".join(sorted(ids)) for ids in (kept - held, held - kept))
        floor = tell_floor(old, new, min_publishers, words)
        remark = f"{floor} of {min_publishers} publishers" if "floor" in floor else floor
        is_moved = None not in (row["rank_before"], row["rank"]) and row["rank_before"] != row["rank"]
        rows.append({**row, "remark": remark or (RANK_MOVES if is_moved else "")})
    return rows


def compare_topics(tables: tuple[pd.DataFrame, pd.DataFrame], placed: tuple[pd.DataFrame, pd.DataFrame]) -> list[dict]:
    """Return a row for each topic, aligned with those of the release by the segments that both hold."""
    old, new = ({str(int(r["topic_id"])): r for r in table.to_dict("records")} for table in tables)
    groups = [{str(int(topic)): set(ids) for topic, ids in one.groupby("topic_id")["segment_id"]} for one in placed]
    common = set(placed[0]["segment_id"]) & set(placed[1]["segment_id"])
    is_same = {one: row["words"] for one, row in old.items()} == {one: row["words"] for one, row in new.items()}
    pairs = {one: one for one in old} if is_same else align_topics(*groups, common)
    came_from = {now: before for before, now in pairs.items()}
    rows = []
    for one in sorted(new.keys() - {OUTLIERS}, key=int):
        rows.append(_topic_row(f"topic.{one}", old.get(came_from.get(one, "")), new[one]))
        if came_from.get(one, one) != one:
            rows[-1]["remark"] = f"was topic {came_from[one]}"
    gone = sorted(old.keys() - pairs.keys() - {OUTLIERS}, key=int)
    return rows + [_topic_row(f"released.{one}", old[one], None) for one in gone]


def _topic_row(subject: str, old: Mapping | None, new: Mapping | None) -> dict:
    row = {"kind": "topic", "subject": subject, "name": (new or old)["words"], "remark": ""}
    row |= {"n_codings_before": None if old is None else old["n_segments"]}
    row |= {"n_codings": None if new is None else new["n_segments"]}
    row |= {"n_sources_before": None if old is None else old["n_sources"]}
    row |= {"n_sources": None if new is None else new["n_sources"]}
    sides = [None if one is None else {"n_codings": one["n_segments"]} for one in (old, new)]
    return row | {"change": tell_change(*sides, set(), set())}


def compare_saturation(tables: tuple[pd.DataFrame, pd.DataFrame]) -> list[dict]:
    """Return a row for each way to tell saturation: the sources it took before and after."""
    before, after = ({tuple(row[name] for name in SETTINGS): row for row in t.to_dict("records")} for t in tables)
    rows = []
    for key in sorted({*before, *after}):
        old, new = (side.get(key, {}).get("reached_at") for side in (before, after))
        was, now = (value is not None and not pd.isna(value) for value in (old, new))
        change = "none" if old == new or not (was or now) else "gone" if not now else "new" if not was else "gains"
        if change == "gains":
            change = "gains" if new < old else "loses"
        order_name, base, run, threshold = key
        subject = f"{order_name}.base{base}.run{run}.at{threshold:g}"
        reached = f"after {new:g} sources, released after {old:g}" if was and now else ""
        remark = {"gone": "saturation no longer reached", "loses": f"later: {reached}", "gains": f"earlier: {reached}"}
        name = f"sources {order_name}: base of {base}, run of {run}, at most {threshold:.0%} new codes"
        rows.append({"kind": "saturation", "subject": subject, "name": name, "change": change})
        rows[-1]["remark"] = remark.get(change, "")
        rows[-1] |= {"n_sources_before": round(old) if was else None, "n_sources": round(new) if now else None}
    return rows


def describe_page(rows: pd.DataFrame, n_sources: int) -> dict:
    """Return what the page shows: the rows that changed, by kind, and how many did not."""
    changed = rows[(rows["change"] != "none") | (rows["remark"] != "")]
    shown = changed.astype(object).where(changed.notna(), None)
    kinds = ("guideline", "theme", "code", "topic", "saturation")
    n_all = rows["kind"].value_counts()
    return {
        "parts": [(kind, shown[shown["kind"] == kind].to_dict("records"), int(n_all.get(kind, 0))) for kind in kinds],
        "remarks": shown[~shown["remark"].isin(["", RANK_MOVES]) & shown["kind"].ne("topic")].to_dict("records"),
        "n_sources": n_sources,
    }


if __name__ == "__main__":
    log, given = StepLog(snakemake.log[0], "measure_effects"), snakemake.input
    pairs = {
        name: (table.read(given[f"released_{name}"]), table.read(given[name]))
        for name, table in {
            "evidence": EVIDENCE,
            "support": GUIDELINE_SUPPORT,
            "counts": CODE_COUNTS,
            "codings": LOCATED_CODINGS,
            "topics": TOPICS,
            "topic_segments": TOPIC_SEGMENTS,
            "saturation": SATURATION_MEASURES,
        }.items()
    }
    floor, evidence = snakemake.params.min_publishers, pairs["evidence"]
    coded = tuple(table[table["is_evidence"] == "yes"] for table in pairs["codings"])
    themes = read_in_force(THEMES, given.themes)
    codebook = read_in_force(CODEBOOK, given.codebook)
    names = dict(zip(themes["theme_id"], themes["name"], strict=True))
    names |= dict(zip(codebook["code_id"], codebook["name"], strict=True))
    names |= {row.guideline_id: row.name for table in pairs["support"] for row in table.itertuples(index=False)}
    rows = [
        *compare_support(
            "guideline",
            tuple(table[["guideline_id", *COUNTS, "rank"]] for table in pairs["support"]),
            tuple(list_sources(table, "guideline_id") for table in evidence),
            names,
            floor,
        ),
        *compare_support(
            "theme",
            tuple(count_themes(table) for table in evidence),
            tuple(list_sources(table, "theme_id") for table in evidence),
            names,
            floor,
        ),
        *compare_support(
            "code",
            tuple(table[["code_id", *COUNTS]] for table in pairs["counts"]),
            tuple(list_sources(table, "code_id") for table in coded),
            names,
            floor,
        ),
        *compare_topics(pairs["topics"], pairs["topic_segments"]),
        *compare_saturation(pairs["saturation"]),
    ]
    table = pd.DataFrame(rows, columns=EFFECTS.names).fillna({"sources_gained": "", "sources_lost": "", "remark": ""})
    numbers = {column.name: "Int64" for column in EFFECTS.columns if column.kind == "count"}
    table = table.astype(numbers)
    EFFECTS.write(table, snakemake.output.effects)
    n_sources = int(pairs["codings"][1]["source_id"].nunique())
    page = describe_page(table, n_sources) | {"title": snakemake.params.title, "floor": floor}
    environment = make_environment(Path(given.templates[0]).parent)
    Path(snakemake.output.page).write_text(
        render_alone(environment, "effects.html", page, ["pages.js"]), encoding="utf-8"
    )
    changes = table.loc[table["change"] != "none", "kind"].value_counts().sort_index()
    log.close(
        f"{len(table)} subjects", ", ".join(f"{n} {kind} rows changed" for kind, n in changes.items()) or "no change"
    )
