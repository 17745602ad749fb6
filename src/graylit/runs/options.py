"""Options that several commands take, each with one meaning."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from graylit.runs.places import SNAKEFILE


def find_archives(asked: Iterable[str]) -> list[str]:
    """Return the whole paths of archives; a name that is no file may be several, separated by commas.

    Raises BadParameter for the first that is missing.
    """
    found: list[str] = []
    for name in asked:
        parts = [name] if Path(name).is_file() else [part.strip() for part in name.split(",") if part.strip()]
        missing = [part for part in parts if not Path(part).is_file()]
        if missing:
            raise click.BadParameter(f"{missing[0]} is missing; expected a WARC or WACZ file.")
        found += [str(Path(part).absolute()) for part in parts]
    return found


def check_cores(cores: str) -> str:
    """Return a number of cores, or 'all'. Raises BadParameter for anything else."""
    if cores == "all" or (cores.isascii() and cores.isdecimal() and int(cores) > 0):
        return cores
    raise click.BadParameter(f"{cores!r} is no number of cores; expected 1, 2, … or all.")


def list_profiles() -> list[str]:
    """Return the names of the workflow's profiles."""
    return sorted(path.parent.name for path in (SNAKEFILE.parent / "profiles").glob("*/config.yaml"))


ARCHIVE = click.option(
    "--archive",
    "archives",
    multiple=True,
    metavar="FILE",
    callback=lambda context, option, asked: find_archives(asked),
    help="A WARC or WACZ file that holds pages; may be repeated.",
)
CORES = click.option(
    "--cores",
    default="all",
    metavar="N",
    callback=lambda context, option, asked: check_cores(asked),
    help="How many cores to use; else all.",
)
PROFILE = click.option(
    "--profile", type=click.Choice(list_profiles()), default="default", help="Where it runs: a cluster, or here."
)
LOUD = click.option("--loud", is_flag=True, help="Show what Snakemake says, too.")
