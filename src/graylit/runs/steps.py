"""What a step says while it works: one log file, one closing line with rows in, rows out and what was dropped."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from types import TracebackType

from graylit.runs.progress import clear_line, say_line
from graylit.tables.faults import InputError


def name_interpreter() -> None:
    """Have scripts called by the interpreter's name instead of its path, which Snakemake does not quote.

    Without it no step runs where the path of the environment holds a space.
    """
    path = Path(sys.executable)
    os.environ["PATH"] = os.pathsep.join([str(path.parent), os.environ.get("PATH", "")])
    sys.executable = path.name


def say_one(line: str) -> str:
    """Return a line of counts with one thing in the singular: '1 sources in, 12 rows out' is '1 source in, …'."""
    return re.sub(r"(?<![\w.,-])1 ((?:read|sorted|disputed) )?([a-z]+)s\b(?!_)", r"1 \1\2", line)


def _show_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Show faults of the input as they are for people to read, and mistakes of ours with their traceback."""
    if issubclass(kind, InputError):
        clear_line()
        print(error, file=sys.stderr)
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
