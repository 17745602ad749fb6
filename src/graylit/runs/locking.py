"""Locks that end with the process that holds them, and what is said if one cannot be had: by whom, and why.

A lock is never the file but what the system knows of it (flock), so a file that a killed run left blocks nobody.
"""

from __future__ import annotations

import contextlib
import datetime
import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from graylit.tables.faults import Fault, InputError

TAKEN = (errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES)  # by which systems say that somebody else holds a lock
LONGEST = 200  # bytes read of a lock file, which may be anybody's: chosen, more than a holder needs


@contextlib.contextmanager
def hold_lock(path: Path, taken: Fault) -> Iterator[None]:
    """Hold the lock of a file until the block ends or the process dies.

    Raises InputError: `taken`, with who holds it, if another one does; else why there can be no lock.
    """
    descriptor = open_lock(path)
    try:
        if not lock_now(descriptor, path):
            raise InputError([replace(taken, problem=f"{taken.problem}{name_holder(descriptor)}")])
        sign_lock(descriptor)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def await_lock(path: Path) -> Iterator[None]:
    """Hold the lock of a file until the block ends, as soon as nobody else does. Raises InputError if none can be."""
    descriptor = open_lock(path)
    try:
        _lock(descriptor, path, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def open_lock(path: Path) -> int:
    """Return a lock file, open; one of somebody else is only read. Raises InputError if there can be none."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except PermissionError as error:
        with contextlib.suppress(OSError):
            return os.open(path, os.O_RDONLY)
        raise _refuse(path, error) from error
    except OSError as error:
        raise _refuse(path, error) from error


def lock_now(descriptor: int, path: Path) -> bool:
    """Lock an open file or folder; return whether nobody else holds it. Raises InputError if it cannot be locked."""
    return _lock(descriptor, path, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lock(descriptor: int, path: Path, how: int) -> bool:
    try:
        fcntl.flock(descriptor, how)
    except OSError as error:
        if error.errno in TAKEN:
            return False
        problem = f"cannot be locked here ({error.strerror}), so that two runs could not be kept apart"
        expected, remedy = "a disk that keeps locks (flock)", "move the study to a disk of this machine"
        raise InputError([Fault(str(path), problem, expected, remedy)]) from error
    return True


def _refuse(path: Path, error: OSError) -> InputError:
    problem, expected = f"cannot be opened for a lock ({error.strerror})", "a folder that you may write to"
    remedy = f"have its owner let you write to {path.parent}, or copy the study"
    return InputError([Fault(str(path), problem, expected, remedy)])


def sign_lock(descriptor: int) -> None:
    """Write down who holds a lock, for whoever finds it taken; in a file of somebody else nothing is written."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()} since {now}\n".encode(), 0)


def name_holder(descriptor: int) -> str:
    """Return ' (process 12 on host since …)' as the holder wrote it; '' if it wrote nothing that can be read."""
    try:
        said = os.pread(descriptor, LONGEST, 0).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return f" ({said})" if said.startswith("process ") and said.isprintable() else ""
