"""The seam between one source and the run: whatever fails at a source is that source's outcome, and the others go on.

This is the one place that may catch every exception. A page can bring down any library that reads it, and nobody can
list beforehand in which ways.
"""

from __future__ import annotations

import linecache
import re
import sysconfig
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from graylit.runs.endings import OF_THE_MACHINE
from graylit.tables.collection import OVER_LIMIT, PROGRAM_ERROR
from graylit.tables.faults import InputError

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
PACKAGE = str(Path(__file__).resolve().parents[1])
LIBRARIES = tuple(sysconfig.get_paths()[name] for name in ("stdlib", "platstdlib", "purelib", "platlib"))
MAX_FRAMES = 40  # of a trace in the log, the last ones: chosen, so that endless recursion fills no log


class StopError(Exception):
    """Ends the run, whichever source it happens at."""


@dataclass(frozen=True)
class Mishap:
    """A failure of the program at one source: its kind and place as a note, and all of it for the log."""

    note: str
    trace: str
    outcome: str = PROGRAM_ERROR  # or OVER_LIMIT


def try_apart(
    work: Callable[Parameters, Result], *arguments: Parameters.args, **named: Parameters.kwargs
) -> Result | Mishap:
    """Return what work on one source returns, or the mishap in which it ended.

    Faults of the input, a disk that is full or may not be written to, and the end of the run are nobody's mishap:
    they are raised.
    """
    try:
        return work(*arguments, **named)
    except (InputError, StopError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno in OF_THE_MACHINE:
            raise
        return describe_mishap(error)


def describe_mishap(error: Exception) -> Mishap:
    """Return a failure's kind and place; its message, which may quote a page, stays in the log."""
    kind = type(error).__qualname__
    module = type(error).__module__
    name = kind if module == "builtins" else f"{module}.{kind}"
    trace = "".join(traceback.format_exception(error, limit=-MAX_FRAMES)).rstrip()
    outcome = OVER_LIMIT if isinstance(error, MemoryError) else PROGRAM_ERROR
    return Mishap(f"{name} at {_find_place(error)}", trace, outcome)


def _find_place(error: Exception) -> str:
    """Return the last place in our own files that a failure came through, such as page_signs.py:186."""
    places = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    path, line = ([place for place in places if _is_ours(place[0])] or places)[-1]
    return f"{re.sub(r'^tmp[a-z0-9_]{8}[.]', '', Path(path).name)}:{line - _count_preamble(path)}"


def _is_ours(path: str) -> bool:
    return path.startswith(PACKAGE) or not path.startswith((*LIBRARIES, "<"))


def _count_preamble(path: str) -> int:
    """Return the number of lines that Snakemake put before a script when it copied it."""
    lines = enumerate(linecache.getlines(path), start=1)
    return next((number for number, line in lines if line.startswith("######## snakemake preamble end")), 0)


def explain_mishaps(n_sources: int, log: str | Path) -> str:
    """Return what to do about sources that the program failed at; '' if there are none."""
    if not n_sources:
        return ""
    which = f"{n_sources} sources" if n_sources > 1 else "1 source"
    return f"at {which} Graylit itself failed: please report it with {log}, which says where"
