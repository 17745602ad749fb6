"""Measure how the review grows with its sources: each stage and the whole, cold, unchanged and with one source swapped.

Larger reviews are made from the corpus: pages recombined from its pages, and the decisions that go with them. Beside
them in the same run: trafilatura's own command, BERTopic's defaults, and a Snakemake workflow of as many files in which
nothing is to be done. Ratios are what is kept; times are those of this machine.
"""

import argparse
import itertools
import shutil
import statistics
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from enlarging import (
    carry_codings,
    index_codings,
    name_newcomer,
    name_sources,
    name_url,
    read_rows,
    write_codings,
    write_rows,
    write_tables,
)
from figures import Figure, Run, start_afresh, swap_source, write_figures
from graylit.preparation.shards import FOLDER
from graylit.study.checking import require_study
from graylit.study.config import CONFIG
from graylit.study.study import CODINGS_FOLDER, Study
from graylit.tables.benches import BENCH_STAGES
from recombining import read_pages, recombine_pages, write_archive
from rivals import N_REPEATS, measure_cores, measure_topics, run_workflow, time_empty
from scaling import count_bytes, describe_machine, draw_growth, fit_growth, read_stages

SEED = 20260606  # any number; changing it makes other studies
CAPTURED_AT = "2026-11-20T08:00:00Z"
UNITS = {"wall": "s", "peak": "MB", "captures": "MB", "processed": "MB", "results": "MB", "seconds": "s"}
# What plots show beside the stages' seconds or peak_mb: the whole, in words.
WHOLE = {
    "seconds": {
        "cold_wall": "whole review",
        "swapped_wall": "one source swapped",
        "unchanged_wall": "nothing changed",
        "collect_wall": "collection from an archive",
    },
    "peak_mb": {
        "cold_peak": "whole review, all processes",
        "collect_peak": "collection, all processes",
        "disk_captures": "captures on disk",
        "disk_processed": "texts and tables on disk",
        "disk_results": "results on disk",
    },
}
TITLES = {"seconds": ("Time of a review", "s"), "peak_mb": ("Memory of a review, and what it takes on disk", "MB")}


@dataclass
class Grown:
    """What was measured of a review of one size."""

    n_sources: int
    folder: Path
    figures: dict[str, float] = field(default_factory=dict)
    stages: list[pd.DataFrame] = field(default_factory=list)


def list_segments(folder: Path) -> list[dict[str, str]]:
    """Return the segments of all shards, with all digests, those of a source together."""
    tables = [read_rows(path) for path in sorted((folder / FOLDER).glob("*/segments.csv"))]
    return sorted(itertools.chain(*tables), key=lambda row: (row["source_id"], int(row["start"])))


def prepare_study(study: Study, folder: Path, archive: Path) -> dict[str, list]:
    """Take the study itself to its segments; return its codings by the digest of their segment."""
    shutil.copytree("config", folder / "config")
    run_workflow(folder, "collect", config=["collect=True", "live=False", f"archives={archive}"])
    run_workflow(folder, "data/processed/segments.csv")
    return index_codings(study, list_segments(folder))


def make_archive(pages: list[bytes], n_sources: int, folder: Path) -> Path:
    """Write recombined pages, one more than sources, to an archive, if an earlier run did not; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"recombined-{n_sources}.warc.gz"
    if not archive.exists():
        unfinished = archive.with_suffix(".part")
        urls = (name_url(number) for number in range(n_sources + 1))
        write_archive(unfinished, zip(urls, recombine_pages(pages, n_sources + 1, SEED), strict=True), CAPTURED_AT)
        unfinished.replace(archive)
    return archive


def make_study(study: Study, n_sources: int, folder: Path) -> dict[str, str]:
    """Write a study of `n_sources` recombined pages, without codings; return a source that waits to be swapped in."""
    newcomer = name_newcomer(study, n_sources)
    write_tables(study, name_sources(study, n_sources), newcomer, folder)
    shutil.copyfile(CONFIG, folder / CONFIG)
    for coder, rows in study.codings.items():
        write_rows(folder / f"{CODINGS_FOLDER}/{coder}.csv", rows.cells[0], [])
    return newcomer[0]


def collect(folder: Path, archive: Path) -> Run:
    """Capture the sources of a study from its archive."""
    asked = ["collect=True", "live=False", f"archives={archive}", "refresh="]
    return run_workflow(folder, "collect", "--forcerun", "collect_captures", config=asked)


def measure_growth(study: Study, known: dict[str, list], archive: Path, n_sources: int, folder: Path) -> Grown:
    """Measure a review of `n_sources`, cold, unchanged and with one source swapped."""
    grown = Grown(n_sources, folder)
    newcomer = make_study(study, n_sources, folder)
    collected = collect(folder, archive)
    # Codings sit in texts, so they can only be carried over once there are texts: the cold run is taken in two parts.
    prepared = run_workflow(folder, "data/processed/segments.csv")
    carried = carry_codings(list_segments(folder), folder / "data/processed/texts", known)
    n_codings = write_codings(study, carried, folder)
    rest = run_workflow(folder, "review")
    grown.stages.append(read_stages(folder / "results/logs").assign(run="cold", n_sources=n_sources))
    unchanged = [run_workflow(folder, "review") for _ in range(N_REPEATS)]
    empty, bare = time_empty(folder, folder / "empty"), time_empty(folder, folder / "bare", is_bare=True)
    grown.figures |= {
        "segments": len(read_rows(folder / "data/processed/segments.csv")),
        "codings": n_codings,
        "collect_wall": collected.seconds,
        "collect_peak": collected.peak_mb,
        "cold_wall": prepared.seconds + rest.seconds,
        "cold_peak": max(prepared.peak_mb, rest.peak_mb),
        "unchanged_wall": statistics.median(run.seconds for run in unchanged),
        "empty_wall": statistics.median(run.seconds for run in empty),
        "bare_wall": statistics.median(run.seconds for run in bare),
        "disk_captures": count_bytes(folder / "data/raw") / 1e6,
        "disk_processed": count_bytes(folder / "data/processed") / 1e6,
        "disk_results": count_bytes(folder / "results") / 1e6,
    }
    swap_source(folder, "R000000", newcomer)
    collect(folder, archive)
    before = {path: path.stat().st_mtime_ns for path in (folder / "results/logs").glob("*.benchmark.tsv")}
    swapped = run_workflow(folder, "review")
    redone = [path for path in before if path.stat().st_mtime_ns != before[path]]
    grown.stages.append(read_stages(folder / "results/logs", redone).assign(run="swapped", n_sources=n_sources))
    grown.figures |= {"swapped_wall": swapped.seconds, "swapped_peak": swapped.peak_mb}
    grown.figures["swapped_shards"] = sum(path.name.startswith("extract_texts") for path in redone)
    return grown


def summarize_sizes(grown: list[Grown]) -> list[Figure]:
    """Return the figures of all sizes with their goals, and how they grow from one size to ten times as many."""
    figures = []
    for size in grown:
        for name, value in size.figures.items():
            unit = UNITS.get(name.rpartition("_")[2], name if name in ("segments", "codings") else "shards")
            goal = "<= 2000" if name in ("cold_peak", "swapped_peak") else ""
            goal = "<= 2" if name == "swapped_shards" else goal
            figures.append(Figure(f"{name}_{size.n_sources}", value, unit, goal))
        ratio = size.figures["unchanged_wall"] / size.figures["empty_wall"]
        figures.append(Figure(f"unchanged_to_empty_{size.n_sources}", ratio, "times", "<= 1.5"))
    for small, large in itertools.pairwise(grown):
        ratio = large.figures["cold_wall"] / small.figures["cold_wall"]
        goal = f"<= {1.1 * large.n_sources / small.n_sources:.3g}" if small.n_sources >= 1000 else ""
        figures.append(Figure(f"cold_{large.n_sources}_to_{small.n_sources}", ratio, "times", goal))
    return figures


def name_unit(measure: str) -> str:
    """Return the unit of a measure of rivals."""
    endings = {"seconds": "s", "cores": "s", "cli": "s", "peak": "MB", "outliers": "share", "topics": "topics"}
    return endings.get(measure.rpartition("_")[2], "-1 to 1")


def summarize_rivals(name: str, found: dict[str, float]) -> list[Figure]:
    """Return the figures of rivals of one study, and ours beside them with their goals."""
    figures = [Figure(f"{measure}_{name}", value, name_unit(measure)) for measure, value in found.items()]
    if "topics_seconds" in found:
        faster = found["topics_bertopic_seconds"] / found["topics_seconds"]
        figures.append(Figure(f"topics_faster_than_bertopic_{name}", faster, "times", ">= 5"))
        for what in ("coherence", "agreement"):
            # Recombined pages share segments, words and codes: how good topics are shows on real pages only.
            goal = ">= 0" if name == "study" else ""
            more = found[f"topics_{what}"] - found[f"topics_bertopic_{what}"]
            figures.append(Figure(f"topics_{what}_above_bertopic_{name}", more, "difference", goal))
    if "extraction_1_cores" in found:
        ratio = found["extraction_1_cores"] / found["extraction_2_cores"]
        figures.append(Figure(f"extraction_two_cores_to_one_{name}", ratio, "times", ">= 1.8"))
        rival = found["extraction_2_cores"] / found["extraction_trafilatura_cli"]
        figures.append(Figure(f"extraction_to_trafilatura_cli_{name}", rival, "times"))
    return figures


def draw_plot(grown: list[Grown], measure: str) -> str:
    """Return the growth of the whole and of the largest stages of cold runs as an SVG; of seconds, or of peak_mb.

    Beside memory, what a review takes on disk. Behind each name: how it grows between the two largest sizes.
    """
    of_whole, (title, unit) = WHOLE[measure], TITLES[measure]
    stages = pd.concat([table for size in grown for table in size.stages])
    cold = stages[stages["run"] == "cold"].pivot(index="stage", columns="n_sources", values=measure).fillna(0)
    largest = cold.sort_values(cold.columns[-1], ascending=False).head(12 - len(of_whole))
    series = {words: {size.n_sources: size.figures[name] for size in grown} for name, words in of_whole.items()}
    series |= {str(stage): dict(zip(map(int, row.index), row, strict=True)) for stage, row in largest.iterrows()}
    if len(grown) > 1:
        series = {f"{name}, n^{fit_growth(list(row), list(row.values())):.2f}": row for name, row in series.items()}
    return draw_growth(series, title, unit)


def measure_all(corpus: Path, sizes: list[int], python: Path, scratch: Path) -> tuple[list[Grown], list[Figure]]:
    """Measure all sizes; return their figures and those of the rivals. Of `scratch` only archives are used again."""
    study, pages, runs = require_study(Path()), read_pages(corpus / "mirror.warc.gz"), start_afresh(scratch / "runs")
    known = prepare_study(study, runs / "study", (corpus / "mirror.warc.gz").resolve())
    run_workflow(runs / "study", "review")
    figures = summarize_rivals("study", measure_topics(runs / "study", python, runs / "topics", is_first=True))
    grown = []
    for n_sources in sizes:
        archive = make_archive(pages, n_sources, scratch)
        measured = measure_growth(study, known, archive, n_sources, start_afresh(runs / str(n_sources)))
        if 1000 <= n_sources < 5000:
            name, rivals = str(n_sources), measured.folder / "rivals"
            figures += summarize_rivals(name, measure_cores(measured.folder, archive, rivals))
            figures += summarize_rivals(name, measure_topics(measured.folder, python, rivals / "topics"))
        shutil.rmtree(measured.folder)  # a large one takes gigabytes
        grown.append(measured)
        seconds = {words: measured.figures[name] for name, words in WHOLE["seconds"].items()}
        times = ", ".join(f"{words} {value:.1f} s" for words, value in seconds.items())
        print(f"{n_sources:,} sources: {times}; {measured.figures['cold_peak']:,.0f} MB at most", flush=True)
    return grown, figures


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--sizes", required=True, help="numbers of sources, separated by commas")
    parser.add_argument("--rival", type=Path, required=True, help="a Python that has the packages of the group rivals")
    parser.add_argument("--scratch", type=Path, required=True, help="a folder for archives, kept for the next time")
    asked = parser.parse_args()
    if not (asked.corpus / "mirror.warc.gz").exists():
        sys.exit(f"{asked.corpus}/mirror.warc.gz is missing; name a folder with a WARC file of pages with --corpus")
    machine = describe_machine()
    sizes = [int(number) for number in asked.sizes.split(",")]
    grown, rivals = measure_all(asked.corpus, sizes, asked.rival, asked.scratch.resolve())
    stages = pd.concat([table for size in grown for table in size.stages], ignore_index=True)
    BENCH_STAGES.write(stages, "results/bench/scale_stages.csv")
    for name, measure in (("time", "seconds"), ("memory", "peak_mb")):
        Path(f"results/bench/scale_{name}.svg").write_text(draw_plot(grown, measure), encoding="utf-8")
    sys.exit(0 if write_figures("scale", [*machine, *summarize_sizes(grown), *rivals]) else 1)
