"""`graylit clean`: away with what the review made."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from graylit.runs.folders import with_study

MADE = ("data/processed", "results")
KEPT = "README.md"


def remove_made(folder: Path) -> None:
    """Remove what the review made of a study: data/processed, results, and what Snakemake remembers."""
    made = [path for name in MADE if (folder / name).is_dir() for path in (folder / name).iterdir()]
    for path in [*made, folder / ".snakemake"]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != KEPT:
            path.unlink(missing_ok=True)


@click.command("clean")
@with_study
def command(folder: Path) -> None:
    """Remove what the review made; captures and tables stay."""
    remove_made(folder)
