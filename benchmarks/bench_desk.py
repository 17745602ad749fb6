"""Screen the corpus through the real page, with kills; and decide ten thousand times in a row.

Two seeded scripted screeners decide on every page of the corpus in Chromium, each on a desk of their own that is killed
(SIGKILL) while it saves, and started anew; a third one settles what they differ on. No decision that the page called
saved may be lost, and none may stand twice. An adjudicator settles 200 disputes of coders in the same way, by two keys
each at most beside the reason. Then a screener decides on ten thousand candidates over HTTP, beside the ten thousand
rows of another one: the time from a decision to the next candidate.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from desk_trials import read_corpus, screen_whole, soak
from figures import Figure, start_afresh, write_figures
from settling_trials import settle_whole

sys.path.insert(0, "tests")
from browser.conftest import ARGUMENTS, NAMES

N_DISPUTES = 200


def main(corpus: Path, n_kills: int, n_soaked: int, work: Path) -> bool:
    """Return whether nothing was lost, nothing stands twice, and the next candidate came in time."""
    start_afresh(work)
    path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        seen = screen_whole(browser, read_corpus(corpus), work / "screened", n_kills)
        settled = settle_whole(browser, work / "settled", N_DISPUTES, n_kills)
        browser.close()
    goals = {"lost": "<= 0", "twice": "<= 0", "missing": "<= 0", "kills": f">= {n_kills}"}
    figures = [Figure(f"screened_{name}", n, "decisions", goals.get(name, "")) for name, n in seen.items()]
    goals |= {"disputes": f">= {N_DISPUTES}", "most_keys": "<= 2"}
    units = {"most_keys": "keys"}
    figures += [
        Figure(f"settled_{name}", n, units.get(name, "decisions"), goals.get(name, "")) for name, n in settled.items()
    ]
    if n_soaked:
        seconds, n_wrong = soak(work / "soaked", n_soaked)
        median, high = statistics.median(seconds) * 1000, sorted(seconds)[int(0.99 * len(seconds))] * 1000
        figures += [
            Figure("soaked_decisions", len(seconds), "decisions", f">= {n_soaked}"),
            Figure("soaked_lost_or_twice", n_wrong, "decisions", "<= 0"),
            Figure("next_candidate_median", median, "ms", "<= 100"),
            Figure("next_candidate_p99", high, "ms"),
        ]
    return write_figures("desk", figures)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder with sources.csv of real pages")
    parser.add_argument("--kills", type=int, default=20, help="kills, shared by two screeners (20)")
    parser.add_argument("--soak", type=int, default=10_000, help="decisions in a row (10000)")
    parser.add_argument("--work", type=Path, default=Path("results/bench/desk"), help="folder for the studies")
    asked = parser.parse_args()
    sys.exit(not main(asked.corpus, asked.kills, asked.soak, asked.work))
