"""`graylit lint`: the checks of style and types, in a clone of Graylit."""

from __future__ import annotations

import subprocess
import sys

import click

from graylit.runs.endings import EndingError
from graylit.runs.places import HOUSE

PYTHON = ("src", "scripts", "benchmarks", "tests")
CHECKS = (
    ("ruff", "check", *PYTHON),
    ("ruff", "format", "--check", *PYTHON),
    ("mypy",),
    ("snakefmt", "--check", "workflow"),
    ("snakemake", "--workflow-profile", "none", "--lint"),
    ("snakemake", "--workflow-profile", "none", "--lint", "--config", "collect=True"),
)


def run_module(*check: str) -> int:
    """Run a module of Python in the clone; return its exit code."""
    return subprocess.run([sys.executable, "-m", *check], cwd=HOUSE, check=False).returncode


@click.command("lint")
def command() -> None:
    """Check the style and the types of the program."""
    failed = [check for check in CHECKS if run_module(*check)]
    if failed:
        raise EndingError("Not clean: " + ", ".join(" ".join(check) for check in failed))
