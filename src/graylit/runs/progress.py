"""How far a run is: one line on the terminal that rewrites itself, "n of m steps"; nothing where no terminal is."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

_CLEAR = "\r\x1b[K"  # back to the start of the line, and away with what stands there


def clear_line() -> None:
    """Take the line of progress off the terminal, so that what is said next has a line of its own."""
    if sys.stderr.isatty():
        print(_CLEAR, end="", file=sys.stderr, flush=True)


def leave_closed_pipes() -> None:
    """Let go of pipes that nobody reads, as in `| head -1`; Python would complain of them again when it ends."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BrokenPipeError:
                os.dup2(nowhere.fileno(), stream.fileno())


def say_line(line: str) -> None:
    """Print a line of a run for whoever looks on; a run goes on if nobody reads it any more."""
    try:
        clear_line()
        print(line, file=sys.stderr, flush=True)
    except BrokenPipeError:
        leave_closed_pipes()


class StepCounter(logging.Handler):
    """Shows how many steps of a run are done, as the events of the workflow's log tell it.

    Steps say their closing lines from processes of their own. Each takes the counter away first, and the event that
    the step has ended brings it back below.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Rewrite the counter at an event that tells the number of steps; make room for anything worse."""
        n_done, n_total = count_steps(record)
        if record.levelno >= logging.WARNING or n_done == n_total > 0:
            clear_line()
        elif n_total:
            print(f"{_CLEAR}  {n_done} of {n_total} steps", end="", file=sys.stderr, flush=True)


def count_steps(record: logging.LogRecord) -> tuple[int, int]:
    """Return how many steps are done, and of how many; (0, 0) for an event that does not tell."""
    fields = vars(record)
    if "total" in fields and "done" in fields:
        return int(fields["done"]), int(fields["total"])
    stats = fields.get("stats")
    return (0, int(stats["total"])) if isinstance(stats, dict) and "total" in stats else (0, 0)


def show_steps(logger: logging.Logger) -> None:
    """Have a run show how far it is, if anybody looks at it on a terminal."""
    if sys.stderr.isatty():
        logger.handlers.insert(0, StepCounter())  # before those that print, to make room for them
