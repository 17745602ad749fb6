"""Compare each source with its frozen self: is it still the same page, and how many of its codings still hold?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graylit.anchors.fingerprints import digest_sequence
from graylit.anchors.sketches import count_equal_values
from graylit.captures.page_keys import key_of
from graylit.preparation.serving import read_serving
from graylit.runs.steps import Step
from graylit.study.frozen import match_frozen
from graylit.study.study import read_captures
from graylit.tables.coding import LOCATED_CODINGS
from graylit.tables.comparison import SOURCE_CHANGES
from graylit.tables.locating import LOST, PLACED
from graylit.tables.preparation import FROZEN_TEXTS, SEGMENTS, TEXTS
from graylit.tables.rows import Cells, Value, group_rows
from graylit.tables.sources import SOURCES

MIN_EQUAL = 12  # of 16 values: of two segments about different things, one pair in 10,000 has as many


def measure_similarity(before: Sequence[Cells], after: Sequence[Cells]) -> float:
    """Return the share of the words before that stand in segments still there: by their digest, or by their sketch."""
    digests, sketches = {row["sha256"] for row in after} - {""}, [int(row["sketch"], 16) for row in after]
    n_kept = 0
    for row in before:
        best = max((count_equal_values(int(row["sketch"], 16), sketch) for sketch in sketches), default=0)
        n_kept += int(row["n_words"]) if row["sha256"] in digests or best >= MIN_EQUAL else 0
    n_words = sum(int(row["n_words"]) for row in before)
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
    now: Cells, served_by: str, frozen: Cells | None, words_sha256: str, last: Cells, places: Sequence[Cells]
) -> dict[str, Value]:
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
        "n_held": sum(row["method"] in PLACED for row in places),
        "note": f"{last['outcome']} {last['note']}".strip() if standing == "gone" else "",
    }


def find_last_asked(sources: Iterable[Cells], captures: Iterable[Cells]) -> dict[str, Cells]:
    """Return the last time that each source's present address was asked for: an attempt of captures.csv."""
    known = {row["source_id"]: (row["url"], key_of(row)) for row in sources}
    asked = (row for row in captures if row["origin"] == "live" and row["source_id"] in known)
    mine = ((row, *known[row["source_id"]]) for row in asked)
    return {row["source_id"]: row for row, url, key in mine if key(url) == key(row["url"])}


@dataclass(frozen=True)
class Sides:
    """What is known of each source, by source_id: who serves it, its frozen text, its words, when it was asked for."""

    serving: Mapping[str, str]
    frozen: Mapping[str, Cells]
    words_sha256: Mapping[str, str]
    asked: Mapping[str, Cells]


def digest_captured(serving: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the digest of the words of each source that a captured page serves; their texts are in the folder."""
    captured = (source_id for source_id, served_by in serving.items() if served_by == "captured")
    return {
        source_id: digest_sequence((folder / f"{source_id}.txt").read_bytes().decode("utf-8")) for source_id in captured
    }


def compare_sources(
    texts: Iterable[Cells], sides: Sides, segments: tuple[Iterable[Cells], Iterable[Cells]], located: Iterable[Cells]
) -> list[dict[str, Value]]:
    """Return the row of each source; `segments` are the frozen ones and those now."""
    places, rows = group_rows(located, "source_id"), []
    before, after = (group_rows(table, "source_id") for table in segments)
    for now in texts:
        source_id = now["source_id"]
        words = sides.words_sha256.get(source_id, "")
        known = (sides.serving[source_id], sides.frozen.get(source_id), words)
        row = describe_source(now, *known, {} if words else sides.asked.get(source_id, {}), places.get(source_id, []))
        if row["state"] == "changed":
            row["similarity"] = measure_similarity(before.get(source_id, []), after.get(source_id, []))
        rows.append(row)
    return rows


def describe_standings(rows: Iterable[Mapping[str, Value]]) -> str:
    """Return how many sources stand how to their frozen selves, in words."""
    standings = Counter(str(row["state"]) for row in rows)
    return ", ".join(f"{n} {standing.replace('_', ' ')}" for standing, n in sorted(standings.items()))


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    sources, serving = SOURCES.list_cells(paths.sources), read_serving(paths.serving)
    frozen = match_frozen(sources, FROZEN_TEXTS.list_cells(paths.frozen_texts))
    asked = find_last_asked(sources, read_captures(Path("data/raw/captures.csv")))
    sides = Sides(serving, frozen, digest_captured(serving, Path(paths.folder)), asked)
    segments = (SEGMENTS.list_cells(paths.frozen_segments), SEGMENTS.list_cells(paths.segments))
    located = [row for row in LOCATED_CODINGS.list_cells(paths.codings) if row["standing"] != "superseded"]
    rows = compare_sources(TEXTS.list_cells(paths.texts), sides, segments, located)
    SOURCE_CHANGES.write_rows(rows, step.output.changes)
    n_lost = sum(row["method"] in LOST for row in located)
    lost = f"{n_lost} codings have lost their place" if n_lost else ""
    step.close(f"{len(rows)} sources, {len(located)} codings", describe_standings(rows), lost)
