"""What a step says while it works: one log file, one closing line with rows in, rows out and what was dropped."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import SimpleNamespace, TracebackType
from typing import Protocol

from graylit.runs.made import (
    RUN_VARIABLE,
    Making,
    OverrunError,
    digest_path,
    hold_run,
    is_overrun,
    read_record,
    write_making,
)
from graylit.runs.progress import clear_line, say_line
from graylit.runs.settling import PART
from graylit.tables.faults import Fault, InputError, name_command


def name_interpreter() -> None:
    """Have scripts called by the interpreter's name instead of its path, which Snakemake does not quote.

    Without it no step runs where the path of the environment holds a space.
    """
    path = Path(sys.executable)
    os.environ["PATH"] = os.pathsep.join([str(path.parent), os.environ.get("PATH", "")])
    sys.executable = path.name


def say_one(line: str) -> str:
    """Return a line of counts with one thing in the singular: '1 sources in, 12 rows out' is '1 source in, …'."""
    thing = r"([a-z]+ch(?=es\b)|[a-z]+(?=s\b))e?s\b(?!_)"
    return re.sub(rf"(?<![\w.,-])1 ((?:read|sorted|disputed) )?{thing}", r"1 \1\2", line)


def _show_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Show faults of the input and of the machine for people to read, and mistakes of ours with their traceback."""
    from graylit.runs.endings import OF_THE_MACHINE  # with click, which steps do without otherwise

    if issubclass(kind, InputError):
        clear_line()
        print(error, file=sys.stderr)
    elif issubclass(kind, OverrunError):
        print("A step of a run that was killed has ended; another run has begun, so it wrote nothing.", file=sys.stderr)
    elif isinstance(error, OSError) and error.errno in OF_THE_MACHINE:
        say_line(f"{error.filename or 'What this step made'} could not be written: {error.strerror}")
    elif not issubclass(kind, KeyboardInterrupt):  # of a run by Snakemake itself, in which Ctrl+C reaches every step
        sys.__excepthook__(kind, error, trace)


class StepLog:
    """A step's log. Lines go to its file; the closing line also goes to the terminal."""

    def __init__(self, path: str | Path, step: str) -> None:
        self.step = step
        self._path = Path(path)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text("", encoding="utf-8")
        sys.excepthook = _show_error

    def note(self, line: str) -> None:
        """Write a line to the log."""
        with self._path.open("a", encoding="utf-8") as log:
            log.write(line + "\n")

    def close(self, rows_in: str, rows_out: str, dropped: str = "") -> None:
        """Write the last line: rows in, rows out, dropped by reason."""
        line = say_one(f"{rows_in} in, {rows_out} out" + (f"; {dropped}" if dropped else ""))
        self.note(line)
        say_line(f"  {self.step:<22} {line}")


class NamedPaths(Protocol):
    """Paths of a rule by name, as Snakemake gives them to a script."""

    def items(self) -> Iterable[tuple[str, str | Iterable[str]]]:
        """Yield each name with its path or paths."""
        ...


class Job(Protocol):
    """What Snakemake gives to a script."""

    rule: str
    wildcards: Iterable[str]
    log: Sequence[str]
    input: NamedPaths
    output: NamedPaths


class Step(StepLog):
    """A step of a run, with its log: what it reads is as it was made, what it makes is there as soon as it is whole.

    It writes to the paths in `output`, which are put in the place of the rule's own when the step closes, unless
    another run has begun since: a step can outlive a run that was killed.
    """

    def __init__(self, job: Job, unwatched: Iterable[str] = ()) -> None:
        """Take the object that Snakemake gives to a script; inputs `unwatched` are in a digest among its params.

        Raises InputError if something that the step reads is not as another step made it.
        """
        super().__init__(job.log[0], " ".join([job.rule, *job.wildcards]))
        self._inputs = {name: _list_paths(paths) for name, paths in job.input.items()}
        self._read = check_made([path for paths in self._inputs.values() for path in paths])
        self._unwatched = {path for name in unwatched for path in self._inputs[name]}
        paths = {name: Path(path) for name, path in job.output.items() if isinstance(path, str)}
        self._places = {name: (place_part(path), path) for name, path in paths.items()}
        self.output = SimpleNamespace(**{name: str(part) for name, (part, _) in self._places.items()})

    def note(self, line: str) -> None:
        """Write a line to the log, which may be that of another run by now."""
        if not is_overrun():
            super().note(line)

    def close(self, rows_in: str, rows_out: str, dropped: str = "") -> None:
        """Put what the step made in its place, and write the last line.

        Raises OverrunError if another run has begun.
        """
        made = {str(path): digest_path(part) for part, path in self._places.values()}
        read = {path: digest for path, digest in self._read.items() if path not in self._unwatched}
        with hold_run():
            for part, path in self._places.values():
                _put_in_place(part, path)
            write_making(Making(str(self._path.with_suffix(".benchmark.tsv")), read, made))
        super().close(rows_in, rows_out, dropped)


def check_made(paths: Iterable[str]) -> dict[str, str]:
    """Return the digests of what a step is about to read. Raises InputError if one is not as another step made it."""
    makers, digests = read_record(Path()), {path: digest_path(Path(path)) for path in paths}
    altered = [path for path in digests if path in makers and makers[path].outputs[path] != digests[path]]
    if altered:
        problem, remedy = "has changed since its step made it", f"run `{name_command('review')}` again"
        raise InputError([Fault(path, problem, "what its step wrote", remedy) for path in altered])
    return digests


def place_part(path: Path) -> Path:
    """Return where a file or folder is written before it is whole: beside its place, in a folder of this process."""
    part = path.parent / f"{PART}{os.environ.get(RUN_VARIABLE, '')[:8]}-{os.getpid()}" / path.name
    part.parent.mkdir(parents=True, exist_ok=True)
    return part


def _list_paths(paths: str | Iterable[str]) -> list[str]:
    return [paths] if isinstance(paths, str) else list(paths)


def _put_in_place(part: Path, path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    part.rename(path)
    if not any(part.parent.iterdir()):
        part.parent.rmdir()


class Progress:
    """A counter on the terminal for long steps; silent where nobody looks (no terminal)."""

    def __init__(self, step: str, n_total: int) -> None:
        self._step, self._n_total, self._n_done = step, n_total, 0

    def advance(self, what: str) -> None:
        """Count one more, and show what it was."""
        self._n_done += 1
        if sys.stderr.isatty():
            line = f"  {self._step:<22} {self._n_done} of {self._n_total}  {what}"
            print(f"\r{line[:110]:<110}", end="", file=sys.stderr, flush=True)
            if self._n_done == self._n_total:
                print("\r" + " " * 110, end="\r", file=sys.stderr, flush=True)
