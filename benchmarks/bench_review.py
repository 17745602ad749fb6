"""Time the whole review: replayed from the frozen corpus without network, cold from captures, unchanged, with a swap.

Runs are compared with each other: replayed and captured ones, repeated ones, one with shuffled sources.
"""

import argparse
import hashlib
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from figures import (
    Figure,
    Run,
    copy_study,
    list_graylit,
    read_corpus,
    run_graylit,
    swap_source,
    time_command,
    write_figures,
)
from graylit.comparison.release import list_tables
from graylit.study.frozen import FOLDER
from graylit.tables.comparison import VERDICT

SWAPPED = "S017"
# Steps that do more than read tables and write tables.
HEAVY = ("collect_captures", "extract_texts", "fit_topics", "measure_agreement", "measure_screening", "write_audit")


def review(folder: Path, archive: Path) -> Run:
    """Run the review in a folder as a researcher would."""
    return run_graylit("-C", folder, "review", "--archive", archive.resolve())


OFFLINE = ["unshare", "--net", "--map-root-user"]  # a network of its own, with nobody in it


def replay(folder: Path) -> tuple[Run, bool]:
    """Run the review in a folder with the frozen corpus only, cut off from any network if the system allows it."""
    is_offline = subprocess.run([*OFFLINE, "true"], capture_output=True, check=False).returncode == 0
    command = list_graylit("-C", folder, "review")
    return time_command([*(OFFLINE if is_offline else []), *command]), is_offline


def read_results(folder: Path) -> dict[str, bytes]:
    """Return the result tables of a study, by name."""
    paths = (folder / f"data/processed/{contract.name}.csv" for _, contract in list_tables())
    return {path.name: path.read_bytes() for path in paths}


def count_other_rows(first: Path, second: Path, swapped: set[str]) -> int:
    """Return the rows of other sources than the swapped ones that differ in texts, segments, terms and topics."""
    n_differing = 0
    for name in ("texts", "segments", "term_counts", "topic_segments"):
        sides = []
        for folder in (first, second):
            lines = (folder / f"data/processed/{name}.csv").read_text(encoding="utf-8").splitlines()
            sides.append({line for line in lines if line[:4] not in swapped})
        n_differing += len(sides[0] ^ sides[1])
    return n_differing


def digest_folder(folder: Path) -> dict[str, str]:
    """Return the digest of each file below a folder, by its path in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def count_differences(first: dict, second: dict) -> int:
    """Return the number of files that differ or are on one side only."""
    return len(set(first.items()) ^ set(second.items()))


def list_times(folder: Path) -> dict[Path, int]:
    """Return when each made file was last written."""
    made = [*(folder / "data/processed").rglob("*"), folder / "results/report.html"]
    return {path: path.stat().st_mtime_ns for path in made if path.is_file()}


def find_newcomer(sources: pd.DataFrame, corpus: pd.DataFrame) -> dict[str, str]:
    """Return a source of the corpus that the review does not have."""
    return corpus[~corpus["source_id"].isin(sources["source_id"])].iloc[-1].to_dict()


def count_rows(folder: Path) -> int:
    """Return the number of attempts to capture a source."""
    return len(pd.read_csv(folder / "data/raw/captures.csv"))


def measure_review(corpus: Path, scratch: Path) -> list[Figure]:
    """Return the figures of all runs."""
    archive, sources = corpus / "mirror.warc.gz", pd.read_csv("config/sources.csv", dtype="str", keep_default_na=False)
    first = copy_study(Path(), scratch / "first", sources)
    cold = review(first, archive)
    outcomes = pd.read_csv(first / "data/raw/collection.csv")["outcome"]
    made, times = digest_folder(first / "data/processed"), list_times(first)
    unchanged = review(first, archive)
    n_redone = sum(times[path] != time for path, time in list_times(first).items())
    again = copy_study(Path(), scratch / "again", sources)
    review(again, archive)
    shuffled = copy_study(Path(), scratch / "shuffled", sources.sample(frac=1, random_state=1))
    review(shuffled, archive)
    n_before = count_rows(first)
    swap_source(first, SWAPPED, find_newcomer(sources, read_corpus(corpus)))
    swap = review(first, archive)
    replayed, swapped = copy_study(Path(), scratch / "replayed"), copy_study(Path(), scratch / "swapped")
    for folder in (replayed, swapped):
        shutil.copytree(FOLDER, folder / FOLDER)
    replay_run, is_offline = replay(replayed)
    verdicts = VERDICT.read(replayed / "results/verdict.csv")["verdict"]
    results = [read_results(folder) for folder in (scratch / "again", replayed)]
    newcomer = find_newcomer(sources, read_corpus(corpus))
    swap_source(swapped, SWAPPED, newcomer)
    collected = run_graylit("-C", swapped, "collect", "--no-live", "--archive", archive.resolve())
    reviewed = run_graylit("-C", swapped, "review")
    return [
        Figure("sources", len(sources), "sources"),
        Figure("replay_wall", replay_run.seconds, "s", "<= 60"),
        Figure("replay_peak", replay_run.peak_mb, "MB", "<= 2000"),
        Figure("replay_is_cut_off_from_the_network", int(is_offline), "yes or no"),
        Figure("replay_tables_not_as_released", int((verdicts != "same").sum()), "tables", "== 0"),
        Figure("replay_tables_compared", len(verdicts), "tables"),
        Figure("replayed_and_captured_tables_differing", count_differences(*results), "tables", "== 0"),
        Figure("frozen_swap_wall", collected.seconds + reviewed.seconds, "s", "<= 60"),
        Figure("frozen_swap_captures", count_rows(swapped), "captures", "== 1"),
        Figure(
            "frozen_swap_other_rows_differing",
            count_other_rows(replayed, swapped, {SWAPPED, newcomer["source_id"]}),
            "rows",
            "== 0",
        ),
        Figure("sources_captured", int(outcomes.isin(["captured", "moved"]).sum()), "sources", f"== {len(sources)}"),
        Figure("report_made", int((first / "results/report.html").exists()), "pages", "== 1"),
        Figure("cold_wall", cold.seconds, "s", "<= 90"),
        Figure("cold_peak", cold.peak_mb, "MB", "<= 2000"),
        Figure("unchanged_wall", unchanged.seconds, "s", "<= 6"),
        Figure("unchanged_files_redone", n_redone, "files", "== 0"),
        Figure("swapped_wall", swap.seconds, "s", "<= 45"),
        Figure("swapped_captures", count_rows(first) - n_before, "captures", "== 1"),
        Figure("second_run_files_differing", _differing(made, again), "files", "== 0"),
        Figure("shuffled_run_files_differing", _differing(made, shuffled), "files", "== 0"),
        Figure("files_compared", len(made), "files"),
    ]


def measure_light_steps(scratch: Path) -> list[Figure]:
    """Return how long a light step takes in a replay on one core, where no other step slows it down."""
    folder = copy_study(Path(), scratch / "light")
    shutil.copytree(FOLDER, folder / FOLDER)
    run_graylit("-C", folder, "review", "--cores", "1")
    seconds = [
        pd.read_csv(path, sep="\t")["s"].iloc[0]
        for path in sorted((folder / "results/logs").glob("*.benchmark.tsv"))
        if path.name.partition(".")[0] not in HEAVY
    ]
    return [
        Figure("light_steps", len(seconds), "steps"),
        Figure("light_step_median", statistics.median(seconds), "s", "<= 0.35"),
    ]


def _differing(made: dict[str, str], folder: Path) -> int:
    return count_differences(made, digest_folder(folder / "data/processed"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True)
    corpus = parser.parse_args().corpus
    if not (corpus / "mirror.warc.gz").exists():
        sys.exit(f"{corpus}/mirror.warc.gz is missing; name a folder with sources.csv and a WARC file: CORPUS=folder")
    with tempfile.TemporaryDirectory() as scratch:
        figures = [*measure_review(corpus, Path(scratch)), *measure_light_steps(Path(scratch))]
        is_met = write_figures("review", figures)
    sys.exit(0 if is_met else 1)
