"""Compare each source with its frozen self: is it still the same page, and how many of its codings still hold?"""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from graylit.anchors.fingerprints import count_equal_values, digest_sequence
from graylit.captures.page_keys import page_key
from graylit.preparation.serving import read_serving
from graylit.runs.steps import StepLog
from graylit.study.frozen import match_frozen
from graylit.study.study import read_captures
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.comparison import SOURCE_CHANGES
from graylit.tables.locating import LOST, PLACED
from graylit.tables.preparation import FROZEN_TEXTS, SEGMENTS, TEXTS
from graylit.tables.rows import Cells
from graylit.tables.sources import SOURCES

MIN_EQUAL = 12  # of 16 values: of two segments about different things, one pair in 10,000 has as many


def measure_similarity(before: pd.DataFrame, after: pd.DataFrame) -> float:
    """Return the share of the words before that stand in segments still there: by their digest, or by their sketch."""
    digests, sketches = set(after["sha256"]) - {""}, [int(sketch, 16) for sketch in after["sketch"]]
    n_kept = 0
    for row in before.itertuples():
        best = max((count_equal_values(int(row.sketch, 16), sketch) for sketch in sketches), default=0)
        n_kept += int(row.n_words) if row.sha256 in digests or best >= MIN_EQUAL else 0
    n_words = int(before["n_words"].sum())
    return n_kept / n_words if n_words else float(len(after) == 0)


def tell_standing(now: Cells, served_by: str, frozen: Cells | None, words_sha256: str, last: Cells) -> str:
    """Return how a source stands to its frozen self; `words_sha256` is that of its captured text, if it has one."""
    if served_by == "none":
        return "no_text"
    if served_by == "frozen":
        return "gone" if last else "frozen_only"
    if frozen is None:
        return "new"
    if now["text_sha256"] == frozen["text_sha256"]:
        is_moved = now["capture_outcome"] == "moved" != frozen["capture_outcome"]
        return "moved" if is_moved else "same"
    return "reformatted" if words_sha256 == frozen["words_sha256"] else "changed"


def describe_source(
    now: Cells, served_by: str, frozen: Cells | None, words_sha256: str, last: Cells, places: pd.DataFrame
) -> dict[str, object]:
    """Return the row of a source, its similarity left open; `last` is when it was last asked for, if no text came."""
    standing = tell_standing(now, served_by, frozen, words_sha256, last)
    return {
        "source_id": now["source_id"],
        "state": standing,
        "served_by": served_by,
        "origin": now["origin"],
        "captured_at": now["captured_at"],
        "similarity": 1.0 if standing in ("same", "moved", "reformatted") else None,
        "n_codings": len(places),
        "n_held": int(places["method"].isin(PLACED).sum()),
        "note": f"{last['outcome']} {last['note']}".strip() if standing == "gone" else "",
    }


def find_last_asked(sources: Iterable[Cells], captures: Iterable[Cells]) -> dict[str, Cells]:
    """Return the last time that each source's present address was asked for: an attempt of captures.csv."""
    wanted = {row["source_id"]: page_key(row["url"]) for row in sources}
    asked = (row for row in captures if row["origin"] == "live")
    return {row["source_id"]: row for row in asked if wanted.get(row["source_id"]) == page_key(row["url"])}


if __name__ == "__main__":
    log, paths = StepLog(snakemake.log[0], "compare_sources"), snakemake.input
    sources = SOURCES.read(paths.sources).to_dict("records")
    texts, serving = TEXTS.read(paths.texts).to_dict("records"), read_serving(paths.serving)
    frozen = match_frozen(sources, FROZEN_TEXTS.read(paths.frozen_texts).to_dict("records"))
    before, after = (
        dict(iter(SEGMENTS.read(path).groupby("source_id"))) for path in (paths.frozen_segments, paths.segments)
    )
    located = LOCATED_CODINGS.read(paths.codings)
    located = located[located["standing"] != "superseded"]
    places, none = dict(iter(located.groupby("source_id"))), located.head(0)
    asked = find_last_asked(sources, read_captures(Path("data/raw/captures.csv")))
    rows = []
    for now in texts:
        source_id = now["source_id"]
        served_by, path = serving[source_id], Path(paths.folder) / f"{source_id}.txt"
        words = digest_sequence(path.read_bytes().decode("utf-8")) if served_by == "captured" else ""
        last = {} if words else asked.get(source_id, {})
        row = describe_source(now, served_by, frozen.get(source_id), words, last, places.get(source_id, none))
        if row["state"] == "changed":
            row["similarity"] = measure_similarity(before[source_id], after[source_id])
        rows.append(row)
    SOURCE_CHANGES.write(pd.DataFrame(rows, columns=SOURCE_CHANGES.names), snakemake.output.changes)
    standings = pd.Series([row["state"] for row in rows], dtype="str").value_counts().sort_index()
    n_lost = int(located["method"].isin(LOST).sum())
    log.close(
        f"{len(rows)} sources, {len(located)} codings",
        ", ".join(f"{n} {standing.replace('_', ' ')}" for standing, n in standings.items()),
        f"{n_lost} codings have lost their place" if n_lost else "",
    )
