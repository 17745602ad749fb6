"""Before a run: which made files are as they would be made now, by content, said in the way that Snakemake hears.

Snakemake goes by dates. So what is not as it was made is removed, what was made of something else than there is now is
dated before everything else, and what is right is dated no earlier than what it was made of.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graylit.runs.made import TIMESTAMP, Making, read_record, remember_digests, write_record
from graylit.tables.faults import Fault, InputError

PART = ".part-"  # how folders begin in which steps write before their files are whole
OUTDATED = 1.0  # in seconds since 1970: older than anything that is read


@dataclass(frozen=True)
class Standing:
    """What stands in a study's folder: files not as they were made, files made of something else, and the others."""

    altered: set[str]
    outdated: set[str]
    right: dict[str, Making]


NOTHING_MADE = Standing(set(), set(), {})


def settle_made(folder: Path, patterns: Iterable[str], read: Iterable[str], now: float) -> list[str]:
    """Remove and date made files so that Snakemake makes again what has to be; return those that nobody expects to be.

    `patterns` are the paths that the workflow makes, with * for what varies, and `read` files that it reads. What it
    would not make any more is removed. Raises InputError if a file is dated later than `now` and cannot be dated.
    """
    patterns, makers = set(patterns), read_record(folder)
    _remove(folder, {path for pattern in patterns for path in _find(folder, f"{Path(pattern).parent}/{PART}*")})
    present = {path for pattern in patterns for path in _find(folder, pattern)}
    _remove(folder, {path for path in makers.keys() - present if (folder / path).exists()})
    standing = judge_made(present, makers, remember_digests(folder))
    _remove(folder, standing.altered)
    settle_dates(folder, read, now, standing)
    kept = {path: making for path, making in makers.items() if path in present - standing.altered}
    if kept != makers:
        write_record(folder, kept)
    return sorted(standing.altered)


def list_again(folder: Path, patterns: Iterable[str]) -> list[str]:
    """Return the made files that a run would make again, and change nothing."""
    present = {path for pattern in patterns for path in _find(folder, pattern)}
    standing = judge_made(present, read_record(folder), remember_digests(folder))
    return sorted(standing.altered | standing.outdated)


def judge_made(present: set[str], makers: Mapping[str, Making], digest: Callable[[str], str]) -> Standing:
    """Return how made files stand to what made them."""
    altered = {path for path in present if path not in makers or digest(path) != makers[path].outputs[path]}
    kept = {path: makers[path] for path in present - altered}
    outdated = {
        path for path, making in kept.items() if any(digest(name) != was for name, was in making.inputs.items())
    }
    return Standing(altered, outdated, {path: making for path, making in kept.items() if path not in outdated})


def explain_altered(altered: list[str]) -> str:
    """Return one line on made files that were not as they were made; '' if all were."""
    if not altered:
        return ""
    which = f"{altered[0]} and {len(altered) - 1} more are" if len(altered) > 1 else f"{altered[0]} is"
    return f"{which} not as a run here made it: made again."


def settle_dates(folder: Path, read: Iterable[str], now: float, standing: Standing = NOTHING_MADE) -> None:
    """Date what is outdated before all else, what is right no earlier than what it was made of, and nothing after now.

    Snakemake ends a step that read a file dated later than its own, as files are after a clock was set back.
    """
    makings = list({id(making): making for making in standing.right.values()}.values())
    paths = {path for making in makings for path in [making.benchmark, *making.inputs, *making.outputs]}
    before = {path: date for path in {*read, *paths} if (date := _read_date(folder / path)) is not None}
    dates = {path: date if OUTDATED < date <= now else now for path, date in before.items()}
    dates = order_dates(makings, dates) | dict.fromkeys(standing.outdated, OUTDATED)
    _set_dates(folder, {path: date for path, date in sorted(dates.items()) if date != before.get(path)})


def order_dates(makings: Sequence[Making], dates: Mapping[str, float]) -> dict[str, float]:
    """Return dates in which nothing that a step made is older than anything it read."""
    ordered = dict(dates)
    while older := [making for making in makings if _is_older(making, ordered)]:
        for making in older:
            newest = max(ordered[path] for path in making.inputs if path in ordered)
            made = {path for path in [making.benchmark, *making.outputs] if path in ordered}
            ordered |= {path: max(newest, ordered[path]) for path in made}
    return ordered


def _find(folder: Path, pattern: str) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.glob(pattern)]


def _remove(folder: Path, paths: Iterable[str]) -> None:
    for path in paths:
        if (folder / path).is_dir() and not (folder / path).is_symlink():
            shutil.rmtree(folder / path)
        else:
            (folder / path).unlink()


def _is_older(making: Making, dates: Mapping[str, float]) -> bool:
    """Return whether something that a step made is older than something it read."""
    made = [dates[path] for path in [making.benchmark, *making.outputs] if path in dates]
    return bool(made) and any(dates[path] > min(made) for path in making.inputs if path in dates)


def _find_dated(path: Path) -> Path:
    """Return the file whose date Snakemake takes for that of a path."""
    return path / TIMESTAMP if (path / TIMESTAMP).exists() else path


def _read_date(path: Path) -> float | None:
    """Return the date of a path; None if there is nothing."""
    with contextlib.suppress(OSError):
        return _find_dated(path).stat().st_mtime
    return None


def _set_dates(folder: Path, dates: Mapping[str, float]) -> None:
    """Date paths. Raises InputError if a file is somebody else's."""
    faults = []
    for path, date in dates.items():
        dated = _find_dated(folder / path)
        try:
            os.utime(dated, (date, date))
        except PermissionError:
            shown = datetime.datetime.fromtimestamp(dated.stat().st_mtime, datetime.UTC).date().isoformat()
            problem = "is its date, which no step can follow, and the file is not yours to date"
            faults.append(
                Fault(path, problem, "a date that has passed", f"run as its owner: touch {path}", value=shown)
            )
    if faults:
        raise InputError(faults)
