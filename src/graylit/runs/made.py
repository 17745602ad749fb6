"""What the steps of a review made, by content: a record of digests that every later step and every reader goes by.

Dates decide nothing. A folder that was put back from a backup has old dates, a table that was cut off has a new one, a
clock can be wrong, and a change of branches dates files anew. So each step that ends writes down the digests of what it
read and of what it made. The record lies beside what Snakemake remembers, apart from the tables themselves: whoever
puts back older tables does not put back an older record with them.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import IO

from graylit.tables.faults import Fault, InputError, name_command

RECORD = Path(".snakemake/graylit_made")  # a line of JSON for each step that ended; a later line counts
RUN = Path(".snakemake/graylit_run")  # the id of the last run
RUN_VARIABLE = "GRAYLIT_RUN"  # in the environment of a step: the id of the run that it belongs to
TIMESTAMP = ".snakemake_timestamp"  # Snakemake puts it into a folder that a step made
MADE = Path("data/processed")


class OverrunError(Exception):
    """Another run has begun since the run of a step: the step may write nothing any more."""


@dataclass(frozen=True)
class Making:
    """A step that ended: its benchmark, and the digests of what it read and of what it made, by path."""

    benchmark: str
    inputs: dict[str, str]
    outputs: dict[str, str]


def digest_file(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def digest_path(path: Path) -> str:
    """Return the digest of a file, or one of all files in a folder; '' if there is nothing."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.is_file() and file.name != TIMESTAMP)
        lines = (f"{digest_file(file)}  {file.relative_to(path).as_posix()}\n" for file in files)
        return hashlib.sha256("".join(lines).encode()).hexdigest()
    return digest_file(path) if path.exists() else ""


def remember_digests(folder: Path) -> Callable[[str], str]:
    """Return a function that digests paths in a folder, each of them once."""
    return cache(lambda path: digest_path(folder / path))


def start_run(folder: Path) -> None:
    """Begin a run: from now on, steps of earlier runs that are still at work write nothing any more."""
    (folder / RUN).parent.mkdir(exist_ok=True)
    with (folder / RUN).open("a") as run:
        _lock(run, fcntl.LOCK_EX)
        run.truncate(0)
        os.environ[RUN_VARIABLE] = uuid.uuid4().hex
        run.write(os.environ[RUN_VARIABLE])


@contextlib.contextmanager
def hold_run() -> Iterator[None]:
    """Keep another run from beginning while a step puts its files in place. Raises OverrunError if one has begun."""
    with RUN.open() as run:
        _lock(run, fcntl.LOCK_SH)
        if run.read() != os.environ.get(RUN_VARIABLE):
            raise OverrunError
        yield


def is_overrun() -> bool:
    """Return whether another run has begun since the one that this step belongs to."""
    return RUN.read_text(encoding="utf-8") != os.environ.get(RUN_VARIABLE)


def _lock(file: IO[str], kind: int) -> None:
    with contextlib.suppress(OSError):  # a folder without locks: two runs at the same moment are not kept apart there
        fcntl.flock(file, kind)


def read_record(folder: Path) -> dict[str, Making]:
    """Return the last step that made each file, by the file's path; none if no run has made anything."""
    makers: dict[str, Making] = {}
    try:
        lines = (folder / RECORD).read_bytes().splitlines()
    except FileNotFoundError:
        return {}
    for line in lines:
        with contextlib.suppress(ValueError, TypeError):  # cut off by a kill or a full disk: what it told is made anew
            making = Making(**json.loads(line))
            makers |= dict.fromkeys(making.outputs, making)
    return makers


def write_making(making: Making) -> None:
    """Add a step that ended to the record."""
    with RECORD.open("a", encoding="utf-8") as record:
        _lock(record, fcntl.LOCK_EX)
        record.write(_format_making(making))


def write_record(folder: Path, makers: dict[str, Making]) -> None:
    """Write a record anew, with the steps that made these files."""
    distinct = {id(making): making for making in makers.values()}
    beside = (folder / RECORD).with_suffix(".new")
    beside.write_text("".join(map(_format_making, distinct.values())), encoding="utf-8")
    beside.replace(folder / RECORD)


def _format_making(making: Making) -> str:
    return f"\n{json.dumps(asdict(making))}"  # the line end comes first, so that it also ends a line that was cut off


def list_altered(folder: Path) -> list[str]:
    """Return the made files of a study that are not as a step of its last runs made them."""
    makers = read_record(folder)
    tables = {path.relative_to(folder).as_posix() for path in (folder / MADE).glob("*.csv")}
    present = tables | {path for path in makers if (folder / path).exists()}
    return [
        path
        for path in sorted(present)
        if path not in makers or digest_path(folder / path) != makers[path].outputs[path]
    ]


def fault_altered(folder: Path) -> list[Fault]:
    """Return a fault for each made file of a study that is not as its last runs made it."""
    problem, expected = "is not as a run here made it", "the content that its step wrote"
    altered = list_altered(folder)
    if len(altered) > 1 and not read_record(folder):
        altered, problem = [str(MADE)], "is of no run that is known here"
    remedy = f"run `{name_command('review')}`, which makes it again"
    return [Fault(path, problem, expected, remedy) for path in altered]


def require_unaltered(folder: Path) -> None:
    """Raise InputError if made files of a study are not as its last runs made them."""
    if faults := fault_altered(folder):
        raise InputError(faults)


def list_outdated(folder: Path) -> list[str]:
    """Return the files of a study that are not as they were when the steps that read them made what is there now."""
    digest = remember_digests(folder)
    read = {(path, was) for making in read_record(folder).values() for path, was in making.inputs.items()}
    return sorted({path for path, was in read if not Path(path).is_absolute() and digest(path) != was})


def explain_outdated(folder: Path) -> str:
    """Return one line that says that what a study's runs made is not of what it holds now; '' if it is."""
    changed = list_outdated(folder) or list_altered(folder)
    if not changed:
        return ""
    which = f"{changed[0]} and {len(changed) - 1} more files have" if len(changed) > 1 else f"{changed[0]} has"
    return f"The last review is not of the present state: {which} changed since; run: {name_command('review')}"


def warn_outdated(folder: Path) -> None:
    """Say on the error output if what a study's runs made is not of what it holds now."""
    if remark := explain_outdated(folder):
        print(remark, file=sys.stderr)
