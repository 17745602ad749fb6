"""Work on one source after another in a process of its own, which bounds what one source may cost.

No code of Python ends a regular expression or a library in C that does not come back. The kernel ends a process: the
source it worked on has that outcome, and a new process goes on with the next one.
"""

from __future__ import annotations

import math
import multiprocessing
import resource
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TypeVar, cast

import psutil

from graylit.runs.seams import Mishap, StopError, try_apart
from graylit.tables.collection import OVER_LIMIT, PROGRAM_ERROR
from graylit.tables.faults import InputError

Item = TypeVar("Item")
Result = TypeVar("Result")
# `fork` shares what is loaded and read; the steps that work by source have no threads.
PROCESSES = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Limits:
    """What work on one source may take: seconds of processor time, and megabytes beyond what was taken before.

    Processor time, since an outcome must not depend on what else the machine does. Of the sources of the default
    study the slowest takes less than two seconds; the limits leave room for a book.
    """

    processor_s: int = 600
    memory_mb: int = 4_000


def work_apart(
    work: Callable[[Item], Result], items: Sequence[Item], limits: Limits = Limits()
) -> Iterator[Result | Mishap]:
    """Yield what work on each item returns, in order, or the mishap in which it ended, such as a limit.

    Faults of the input and of the machine are raised, as by `try_apart`. Results must be picklable.
    """
    n_done = 0
    while n_done < len(items):
        ours, theirs = PROCESSES.Pipe(duplex=False)
        process = PROCESSES.Process(target=_work_on, args=(work, items[n_done:], limits, theirs), daemon=True)
        process.start()
        theirs.close()
        for result in _receive(ours):
            if isinstance(result, Exception):
                raise result
            n_done += 1
            yield cast("Result | Mishap", result)
        process.join()
        if n_done < len(items):
            n_done += 1
            yield _describe_end(process.exitcode or 0, limits)


def _receive(connection: Connection) -> Iterator[object]:
    with connection:
        while True:
            try:
                yield connection.recv()
            except EOFError:
                return


def _work_on(work: Callable[[Item], Result], items: Sequence[Item], limits: Limits, connection: Connection) -> None:
    """Send what work on each item returns; of an error that ends the step, the error itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the step, which ends this process
    _limit(resource.RLIMIT_AS, psutil.Process().memory_info().vms + limits.memory_mb * 1_000_000)
    for item in items:
        _limit(resource.RLIMIT_CPU, math.ceil(time.process_time()) + limits.processor_s)
        try:
            connection.send(try_apart(work, item))
        except BrokenPipeError:
            return
        except (InputError, StopError, OSError) as error:
            connection.send(error)
            return


def _limit(kind: int, most: int) -> None:
    """Set what this process may have of something, or leave the lower limit that it has."""
    soft, hard = resource.getrlimit(kind)
    allowed = [limit for limit in (most, hard) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min(allowed), hard))


def _describe_end(exit_code: int, limits: Limits) -> Mishap:
    if exit_code == -signal.SIGXCPU:
        note = f"took more than {limits.processor_s} seconds of processor time"
        return Mishap(note, note, OVER_LIMIT)
    name = signal.Signals(-exit_code).name if exit_code < 0 else f"exit code {exit_code}"
    note = f"its process ended with {name}"
    return Mishap(note, note, PROGRAM_ERROR)
