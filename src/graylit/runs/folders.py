"""Which study a command is about: the one around the working directory, or the one that `-C` names."""

from __future__ import annotations

import difflib
import functools
import os
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

from graylit.tables.faults import name_study

CONFIG = "config/config.yaml"
# Chosen, not measured: close enough for a slip of the finger, as in command names.
MIN_LIKENESS = 0.6
P = ParamSpec("P")
R = TypeVar("R")


def find_study(start: Path) -> Path | None:
    """Return the folder of the study that `start` is in, relative to it; None if it is in no study."""
    above = next((folder for folder in (start, *start.parents) if (folder / CONFIG).is_file()), None)
    return None if above is None else Path(os.path.relpath(above, start))


def choose_study(asked: str, start: Path) -> Path:
    """Return the study's folder: `asked`, or the one that `start` is in. Raises UsageError if there is none."""
    if not asked:
        found = find_study(start)
        if found is None:
            raise click.UsageError(
                f"{start} is in no study: neither it nor a folder above it holds {CONFIG}. Name one with -C FOLDER, "
                "or start one: graylit new FOLDER"
            )
        return found
    folder = start / asked
    if not (folder / "config").is_dir():
        raise click.UsageError(f"{asked} is no study, since it has no folder config{suggest_study(folder, asked)}.")
    return Path(asked)


def suggest_study(folder: Path, asked: str) -> str:
    """Return ' (did you mean …?)' with a study in, around or beside a folder, else how to start one."""
    if folder.is_dir():
        within = [Path(asked) / path.name for path in list_studies(folder)]
        around = find_study(folder)
        close = [os.path.normpath(path) for path in [*within, *([Path(asked) / around] if around else [])]][:1]
    else:
        beside = [path.name for path in list_studies(folder.parent)]
        likely = difflib.get_close_matches(folder.name, beside, n=1, cutoff=MIN_LIKENESS)
        close = [str(Path(asked).with_name(name)) for name in likely]
    return f" (did you mean {close[0]!r}?)" if close else f"; to start one there: graylit new {shlex.quote(asked)}"


def list_studies(folder: Path) -> list[Path]:
    """Return the studies directly in a folder; none if it cannot be looked into."""
    try:
        return sorted(path for path in folder.iterdir() if (path / CONFIG).is_file())
    except OSError:
        return []


def with_study(command: Callable[Concatenate[Path, P], R]) -> Callable[P, R]:
    """Have a command called with the study's folder as its first argument."""

    @click.pass_context
    @functools.wraps(command)
    def call(context: click.Context, *arguments: P.args, **options: P.kwargs) -> R:
        asked = context.find_object(str) or ""
        folder = choose_study(asked, Path.cwd())
        with name_study("" if is_around(folder, Path.cwd()) else asked):
            return command(folder, *arguments, **options)

    return call


def is_around(folder: Path, start: Path) -> bool:
    """Return whether a study is the one that commands in `start` find by themselves."""
    found = find_study(start)
    return found is not None and (start / found).samefile(start / folder)
