"""Measure ranking and stopping on screenings of published reviews, beside ASReview's default in the same run.

Each review is screened by a script that decides as its authors did, after one included and one excluded record that
are drawn for each seed and given to both programs. Records come in a seeded order, since one of the files lists the
included ones first. Both programs learn anew after every decision.
"""

from __future__ import annotations

import argparse
import csv
import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import numpy as np

from figures import Figure, Run, time_command, write_figures
from graylit.screening.ranking import CandidateWords, Ranker
from screening_runs import Screening, measure_loss, measure_saved, screen_ranked, stop_by_order, stop_by_rule

ASREVIEW = "asreview==3.0.8"
ORDER_SEED = 7  # of the order in which both programs get the records
RECALL = 0.95  # the share at which work saved is measured, and the rule's


class Outcome(NamedTuple):
    """How one program ranked one review: ASReview's loss, work saved, and its run."""

    loss: float
    saved: float
    run: Run


def read_screening(path: Path) -> Screening:
    """Return the records of a review and which of them were included, in a seeded order."""
    csv.field_size_limit(10**9)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    order = np.random.default_rng(ORDER_SEED).permutation(len(rows))
    # Ids follow the seeded order, so that equal scores tell nothing.
    texts = [
        CandidateWords(f"R{place:06d}", rows[at]["title"], rows[at]["abstract"], "") for place, at in enumerate(order)
    ]
    return Screening(path.stem, texts, [rows[at]["included"] == "1" for at in order])


def draw_priors(screening: Screening, seed: int) -> tuple[int, int]:
    """Return an included and an excluded record, drawn with the seed."""
    chance, included = np.random.default_rng(seed), np.array(screening.included)
    return int(chance.choice(np.flatnonzero(included))), int(chance.choice(np.flatnonzero(~included)))


def run_graylit(screening: Screening, priors: tuple[int, int], seed: int, scratch: Path) -> Outcome:
    """Return how Graylit ranks a review, in a process of its own."""
    given = scratch / "given.json"
    given.write_text(json.dumps([screening, priors, seed]), encoding="utf-8")
    run = time_command([sys.executable, __file__, "--one", str(given)])
    marks = json.loads(given.with_suffix(".out").read_text(encoding="utf-8"))
    return judge(marks, screening, run)


def run_one(given: Path) -> None:
    """Screen one review in ranked order until all included records are found, and write which were relevant."""
    (name, texts, included), priors, seed = json.loads(given.read_text(encoding="utf-8"))
    screening = Screening(name, [CandidateWords(*text) for text in texts], included)
    order = screen_ranked(screening, Ranker(screening.texts, seed), priors)
    given.with_suffix(".out").write_text(json.dumps([included[at] for at in order]), encoding="utf-8")


def run_asreview(screening: Screening, priors: tuple[int, int], seed: int, scratch: Path) -> Outcome:
    """Return how ASReview's own command ranks a review."""
    table, project = scratch / "records.csv", scratch / "simulated.asreview"
    with table.open("w", encoding="utf-8", newline="") as lines:
        written = csv.writer(lines, lineterminator="\n")
        written.writerow(["record_id", "title", "abstract", "included"])
        for at, text in enumerate(screening.texts):
            written.writerow([at, text.title, text.words, int(screening.included[at])])
    project.unlink(missing_ok=True)
    program = str(Path(".venv/rivals/asreview/bin/asreview").absolute())
    command = [program, "simulate", str(table), "--prior-idx", *map(str, priors)]
    inside = ["sh", "-c", f'cd {scratch} && exec "$@"', "sh"]  # it leaves a file of its own where it is started
    run = time_command([*inside, *command, "--seed", str(seed), "--output", str(project)])
    with zipfile.ZipFile(project) as archive:
        results = archive.extract("results.db", scratch)
    asked = "SELECT label FROM results WHERE training_set IS NOT NULL ORDER BY rowid"
    with sqlite3.connect(results) as rows:
        marks = [bool(label) for (label,) in rows.execute(asked)]
    return judge(marks, screening, run)


def judge(marks: Sequence[bool], screening: Screening, run: Run) -> Outcome:
    """Return the figures of an order, which ends with the last relevant record; priors are no part of it."""
    rest = len(screening.texts) - 2 - len(marks)
    whole = [*marks, *[False] * rest]
    return Outcome(measure_loss(whole), measure_saved(whole, RECALL), run)


def compare(screenings: Sequence[Screening], n_seeds: int, scratch: Path) -> list[Figure]:
    """Return the figures of both programs, review by review and on average."""
    figures: list[Figure] = []
    means: dict[str, dict[str, list[float]]] = {}
    for screening in screenings:
        for program, start in (("graylit", run_graylit), ("asreview", run_asreview)):
            outcomes = [start(screening, draw_priors(screening, seed), seed, scratch) for seed in range(n_seeds)]
            measured = {
                "loss": fmean(outcome.loss for outcome in outcomes),
                "wss95": fmean(outcome.saved for outcome in outcomes),
                "seconds": fmean(outcome.run.seconds for outcome in outcomes),
                "peak": max(outcome.run.peak_mb for outcome in outcomes),
            }
            units = {"loss": "", "wss95": "", "seconds": "s", "peak": "MB"}
            figures += [
                Figure(f"{screening.name}_{program}_{key}", value, units[key]) for key, value in measured.items()
            ]
            for key, value in measured.items():
                means.setdefault(program, {}).setdefault(key, []).append(value)
    own, other = ({key: fmean(values) for key, values in means[name].items()} for name in ("graylit", "asreview"))
    return [
        *figures,
        Figure("mean_graylit_wss95", own["wss95"], "", f">= {other['wss95'] + 0.02:.4f}"),
        Figure("mean_asreview_wss95", other["wss95"], ""),
        Figure("mean_graylit_loss", own["loss"], "", f"<= {other['loss']:.4f}"),
        Figure("mean_asreview_loss", other["loss"], ""),
        Figure("mean_graylit_seconds", own["seconds"], "s"),
        Figure("mean_asreview_seconds", other["seconds"], "s"),
    ]


def measure_stops(screenings: Sequence[Screening], n_runs: int) -> list[Figure]:
    """Return recall where the rule stops, how often it is too low, and the share screened, over seeded runs."""
    stops: dict[str, list[tuple[float, float]]] = {"rule": [], "order": []}
    figures = []
    for screening in screenings:
        mine: dict[str, list[tuple[float, float]]] = {"rule": [], "order": []}
        for seed in range(n_runs // len(screenings)):
            ranker = Ranker(screening.texts, seed)
            priors = draw_priors(screening, seed)
            order = screen_ranked(screening, ranker, priors, is_slow=False)
            mine["rule"].append(stop_by_rule(screening, ranker, [*priors, *order], RECALL))
            mine["order"].append(stop_by_order(screening, ranker, [*priors, *order], RECALL))
        for name, found in mine.items():
            figures.append(Figure(f"{screening.name}_{name}_recall", fmean(recall for recall, _ in found), "share"))
            figures.append(Figure(f"{screening.name}_{name}_screened", fmean(read for _, read in found), "share"))
            stops[name] += found
    for name, found in stops.items():
        kept = fmean(recall >= RECALL for recall, _ in found)
        figures.append(Figure(f"{name}_runs", len(found), "runs"))
        figures.append(Figure(f"{name}_recall_kept", kept, "share of runs", ">= 0.95"))
        figures.append(Figure(f"{name}_recall", fmean(recall for recall, _ in found), "share"))
        figures.append(Figure(f"{name}_screened", fmean(read for _, read in found), "share"))
    return figures


def prepare_rivals() -> None:
    """Make ASReview's environment."""
    home = Path(".venv/rivals/asreview")
    if not (home / "bin/asreview").exists():
        subprocess.run([sys.executable, "-m", "uv", "venv", "-q", str(home)], check=True)
        asked = ["pip", "install", "-q", "--python", str(home), ASREVIEW]
        subprocess.run([sys.executable, "-m", "uv", *asked], check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--screening", type=Path)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        run_one(asked.one)
        sys.exit(0)
    prepare_rivals()
    reviews = [read_screening(path) for path in sorted(asked.screening.glob("*.csv"))]
    with tempfile.TemporaryDirectory() as folder:
        listed = [*compare(reviews, asked.seeds, Path(folder)), *measure_stops(reviews, asked.runs)]
    sys.exit(0 if write_figures("ranking", listed) else 1)
