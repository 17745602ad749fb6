"""Time and memory of `graylit find` on hits made for it."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from figures import Figure, copy_study, run_graylit, write_figures

SIZES = {1_000: (2, 300), 100_000: (60, 500)}  # hits: seconds and MB that they may take


def write_hits(path: Path, n_hits: int) -> None:
    """Write an answer of an engine with so many hits."""
    hits = [
        {
            "title": f"Page {number} of <b>many</b>",
            "url": f"https://site{number % 997}.example/{number - number % 10 // 9}?utm_source=x",
            "content": f"Words of page {number}, made for this benchmark and for nothing else.",
            "engine": "made",
        }
        for number in range(n_hits)
    ]
    path.write_text(json.dumps({"query": "made", "number_of_results": n_hits, "results": hits}), encoding="utf-8")


def measure_find(study: Path, n_hits: int, seconds: float, megabytes: float) -> list[Figure]:
    """Return the time and memory of an import of so many hits, and of a second one that adds nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = copy_study(study, Path(scratch) / "study")
        path = Path(scratch) / "hits.json"
        write_hits(path, n_hits)
        before = os.times()
        first, again = (run_graylit("-C", folder, "find", path) for _ in range(2))
        after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return [
        Figure(f"{n_hits} hits", first.seconds, "s", f"<= {seconds}"),
        Figure(f"{n_hits} hits, memory", first.peak_mb, "MB", f"<= {megabytes}"),
        Figure(f"{n_hits} hits again", again.seconds, "s", f"<= {seconds}"),
        Figure(f"{n_hits} hits, both times, of one processor", used, "s"),
    ]


def main() -> int:
    """Measure, write the figures, and return whether every goal is met, as an exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--study", type=Path, default=Path(), help="the study that hits are added to")
    study = parser.parse_args().study
    figures = [figure for n_hits, goals in SIZES.items() for figure in measure_find(study, n_hits, *goals)]
    return 0 if write_figures("find", figures) else 1


if __name__ == "__main__":
    sys.exit(main())
