"""Time `graylit --help` and the help of every command, as a shell sees them: `graylit bench command`."""

import statistics
import subprocess
import sys
import time
from collections.abc import Iterable

from figures import Figure, list_graylit, write_figures
from graylit.cli import VERBS

N_RUNS = 20
# Chosen, not measured: what still feels immediate. Shells that complete a word start the command each time, too.
GOAL = "<= 0.3"


def time_help(verb: str) -> float:
    """Return the seconds that a new process takes to show the help of a verb; '' is that of the command itself."""
    command = list_graylit(*filter(None, [verb]), "--help")
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def measure_helps(verbs: Iterable[str], n_runs: int) -> dict[str, float]:
    """Return the median seconds of the help of each verb; all are timed in turn, so that a busy moment hits all."""
    verbs = list(verbs)
    times = {verb: [] for verb in verbs}
    for _ in range(n_runs):
        for verb in verbs:
            times[verb].append(time_help(verb))
    return {verb: statistics.median(seconds) for verb, seconds in times.items()}


if __name__ == "__main__":
    medians = measure_helps(["", *VERBS], N_RUNS)
    figures = [
        Figure(f"help_{verb}" if verb else "help", seconds, "s", GOAL) for verb, seconds in sorted(medians.items())
    ]
    sys.exit(0 if write_figures("command", figures) else 1)
