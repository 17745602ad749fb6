"""`graylit bench`: the benchmarks, in a clone of Graylit."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import click

from graylit.runs.endings import EndingError
from graylit.runs.places import HOUSE
from graylit.tables.faults import suggest_name

# What benchmarks need unless it is said: real material beside the clone, the default study, rivals.
MATERIAL = {
    "--corpus": "../shared/corpus",
    "--wcxb": "../shared/wcxb",
    "--articles": "../shared/article-extraction-benchmark",
    "--studies": "../shared/studies",
    "--packages": "results/packages",
    "--formats": "../shared/formats",
    "--peers": "../shared/peers",
    "--screening": "../shared/screening",
    "--study": ".",
    "--rival": ".venv-rivals/bin/python",
    "--scratch": "results/bench/scale",
}
# Libraries of rivals stand in an environment of their own: they are large, and hold other versions of ours.
RIVALS = {"UV_PROJECT_ENVIRONMENT": ".venv-rivals"}
SYNC = ("-m", "uv", "sync", "--frozen", "--quiet")


def list_benchmarks() -> list[str]:
    """Return the names of the benchmarks."""
    return sorted(path.stem.removeprefix("bench_") for path in (HOUSE / "benchmarks").glob("bench_*.py"))


def list_sizes(sources: Path) -> str:
    """Return the numbers of sources that growth is measured at: those of a study, ten times and a hundred times."""
    with sources.open(encoding="utf-8", newline="") as lines:
        n_sources = sum(1 for _ in csv.DictReader(lines))
    return ",".join(str(n_sources * times) for times in (1, 10, 100))


def fill_in(script: str, arguments: tuple[str, ...]) -> list[str]:
    """Return the arguments of a benchmark with the material that its script asks for; make's variables name other."""
    known = MATERIAL | {"--sizes": list_sizes(HOUSE / "config/sources.csv")}
    asked = [option for option in known if f'"{option}"' in script and option not in arguments]
    values = {option: os.environ.get(option.removeprefix("--").upper(), known[option]) for option in asked}
    return [*arguments, *(part for option, value in values.items() for part in (option, value))]


def run_python(*arguments: str, python: str = sys.executable, **environment: str) -> None:
    """Run a Python in the clone, which has a folder for figures. Raises EndingError if it fails."""
    (HOUSE / "results/bench").mkdir(parents=True, exist_ok=True)
    ended = subprocess.run([python, *arguments], cwd=HOUSE, env=os.environ | environment, check=False)
    if ended.returncode:
        raise EndingError("", 1)


@click.command("bench", context_settings={"ignore_unknown_options": True})
@click.argument("name")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(name: str, arguments: tuple[str, ...]) -> None:
    """Run a benchmark.

    Its figures go to results/bench. ARGUMENTS are those of benchmarks/bench_NAME.py.
    """
    if name not in (known := list_benchmarks()):
        raise click.UsageError(f"No such benchmark {name!r}{suggest_name(name, known)}; there are {', '.join(known)}.")
    script = HOUSE / f"benchmarks/bench_{name}.py"
    if name in ("topics", "scale"):
        click.echo("Setting up the rivals in .venv-rivals (1 GB) ...", err=True)
        run_python(*SYNC, "--no-dev", "--group", "rivals", **RIVALS)
    if name in ("pages", "desk"):
        run_python(*SYNC, "--inexact", "--group", "browser")
    python = MATERIAL["--rival"] if name == "topics" else sys.executable
    run_python(str(script), *fill_in(script.read_text(encoding="utf-8"), arguments), python=python)
