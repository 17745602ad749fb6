"""Write the ledger: every attempt for every source, how each source stands, and how many addresses have rotted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from graylit.captures.choosing import group_captures, read_rows
from graylit.comparison.ledger import describe_source, list_attempts, measure_rot
from graylit.pages.templates import make_environment, render_alone
from graylit.preparation.serving import read_serving
from graylit.runs.steps import Step
from graylit.tables.collection import LEDGER, LINK_ROT, STANDINGS
from graylit.tables.comparison import SOURCE_CHANGES
from graylit.tables.rows import Row
from graylit.tables.sources import SOURCES
from graylit.tables.synthesis import EVIDENCE


def describe_sources(
    sources: Iterable[Row], captures: Mapping[str, list[Row]], serving: Mapping[str, str], changes: Mapping[str, Row]
) -> dict[str, Row]:
    """Return, by source, how it stands, what serves it and how like it is to what was coded."""
    described = {}
    for source in sources:
        source_id = source["source_id"]
        change = changes.get(source_id, {})
        served_by, is_changed = serving[source_id], change.get("state") == "changed"
        row = describe_source(source, captures[source_id], served_by == "frozen", is_changed)
        row |= {name: change.get(name, "") for name in ("similarity", "n_codings", "n_held")}
        described[source_id] = row | {"served_by": row["origin"] if served_by == "captured" else served_by}
    return described


def count_held(released: Iterable[Row], evidence: Iterable[Row]) -> list[dict[str, Any]]:
    """Return for each guideline the codings that it was released with, and how many of them still support it."""
    now = {(row["guideline_id"], row["coding_id"]) for row in evidence}
    rows: dict[str, dict[str, Any]] = {}
    for row in released:
        guideline_id = row["guideline_id"]
        counts = rows.setdefault(guideline_id, {"guideline_id": guideline_id, "n_codings": 0, "n_held": 0})
        counts["n_codings"] += 1
        counts["n_held"] += (guideline_id, row["coding_id"]) in now
    return [rows[guideline_id] for guideline_id in sorted(rows)]


def list_ledger(sources: Iterable[Row], captures: Mapping[str, list[Row]], described: Mapping[str, Row]) -> list[Row]:
    """Return one row per attempt, and one for each source that has none."""
    rows = []
    for source in sources:
        stands = {name: described[source["source_id"]][name] for name in LEDGER.names if name in OF_SOURCE}
        for number, attempt in enumerate(list_attempts(source, captures[source["source_id"]]) or [{}]):
            tried = {name: attempt.get(name, "") for name in LEDGER.names if name not in (*OF_SOURCE, "n_before")}
            rows.append(stands | tried | {"n_before": str(number)})
    return rows


OF_SOURCE = ("source_id", "state", "served_by", "is_substitution", "similarity", "n_codings", "n_held")


def describe_page(sources: list[Row], ledger: list[Row], rot: list[Row]) -> dict[str, Any]:
    """Return what the page shows."""
    by_source: dict[str, list[Row]] = {source["source_id"]: [] for source in sources}
    for row in ledger:
        by_source[row["source_id"]].append(row)
    counts = Counter(rows[0]["state"] for rows in by_source.values())
    runs = Counter(row["run"] for row in ledger if row["run"])
    return {
        "sources": [(source, by_source[source["source_id"]]) for source in sources],
        "standings": [(standing, counts[standing]) for standing in STANDINGS if counts[standing]],
        "n_substituted": sum(rows[0]["is_substitution"] == "yes" for rows in by_source.values()),
        "runs": sorted(runs.items()),
        "rot": [row for row in rot if row["variable"] != "all"],
        "overall": next(row for row in rot if row["variable"] == "all"),
    }


def render_page(shown: Mapping[str, Any], templates: Path) -> str:
    """Return the page, made of the template in a folder of them."""
    return render_alone(make_environment(templates), "ledger.html", shown, ["pages.js"])


if __name__ == "__main__":
    step, paths = Step(snakemake), snakemake.input
    sources, captures = SOURCES.list_cells(paths.sources), group_captures(read_rows(Path("data/raw/captures.csv")))
    changes = {row["source_id"]: row for row in SOURCE_CHANGES.list_cells(paths.changes)}
    described = describe_sources(sources, captures, read_serving(paths.serving), changes)
    ledger = list_ledger(sources, captures, described)
    rot = measure_rot(sources, captures, {source_id: row["state"] for source_id, row in described.items()})
    LEDGER.write_rows(ledger, step.output.ledger)
    LINK_ROT.write_rows(rot, step.output.rot)
    guidelines = count_held(EVIDENCE.list_cells(paths.released), EVIDENCE.list_cells(paths.evidence))
    page = describe_page(sources, ledger, rot) | {"title": snakemake.params.title, "guidelines": guidelines}
    Path(step.output.page).write_text(render_page(page, Path(paths.templates[0]).parent), encoding="utf-8")
    counts = ", ".join(f"{n} {standing}" for standing, n in page["standings"])
    step.close(f"{len(sources)} sources", f"{sum(map(len, captures.values()))} attempts", counts)
