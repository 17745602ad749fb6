"""How a command ends: its exit code, and what it says of a mistake that is the user's."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator

import click

from graylit.runs.progress import clear_line, leave_closed_pipes
from graylit.tables.faults import InputError

FAULTY = 1  # the input has faults, or a step of the review failed
MISUSED = 2  # an option, an argument or a folder that cannot be meant; click's own code
DIFFERENT = 3  # the review is not as released, though nothing of the study was changed
NEEDED = 5  # an update found what a person has to look at or decide; Snakemake's own code 4 stays free
INTERRUPTED = 130  # by Ctrl+C, as shells say it
CLOSED_PIPE = 141  # nobody reads on, as in `graylit trace | head -1`; as shells say it
# Other errors of the system are mistakes of ours until shown otherwise, and keep their traceback.
OF_THE_MACHINE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT}


class EndingError(Exception):
    """A command ends here, with a message for its user and an exit code."""

    def __init__(self, message: str, code: int = FAULTY) -> None:
        self.message, self.code = message, code
        super().__init__(message)


def open_streams() -> None:
    """Open what the shell has closed (`>&-`), so that no file that is opened later is taken for the terminal."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    sys.stdout = sys.stdout or os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = sys.stderr or os.fdopen(2, "w", encoding="utf-8", closefd=False)


@contextlib.contextmanager
def end_plainly() -> Iterator[None]:
    """End the program with a message and an exit code if what runs inside ends by a mistake of its user."""
    try:
        with _say_mistakes():
            yield
            sys.stdout.flush()
    except BrokenPipeError:
        leave_closed_pipes()
        sys.exit(CLOSED_PIPE)


@contextlib.contextmanager
def _say_mistakes() -> Iterator[None]:
    try:
        yield
    except InputError as error:
        _end(str(error), FAULTY)
    except EndingError as error:
        _end(error.message, error.code)
    except KeyboardInterrupt:
        _end("\nStopped.", INTERRUPTED)
    except OSError as error:
        if error.errno not in OF_THE_MACHINE:
            raise
        _end(f"{error.filename or 'a file'}: {error.strerror}", FAULTY)


def _end(message: str, code: int) -> None:
    sys.stdout.flush()
    if message:
        clear_line()
        click.echo(message, err=True)
    sys.exit(code)
