"""The log of what models were asked and said: a line of JSON for each call, each with the digest of the one before.

A line ends in the digest of all that stands before it, so a changed byte is found in the line that it is in; the digest
of the line before shows lines that were taken out, put in or moved. Lines are only added.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from graylit.tables.faults import Fault, InputError, name_command

LOG = "config/models/log.jsonl"
START = "0" * 64  # stands for the line before the first one
EXPECTED = "the line as `graylit ask` wrote it"
REMEDY = "put the log back as it was, from git or a copy; what it said then is what was decided on"
SYNC_EVERY_S = 0.25  # chosen: what a loss of power can take; a kill takes nothing
_SEAL = re.compile(rb',"sha256":"([0-9a-f]{64})"}\Z')
Call = dict[str, Any]


def seal_call(call: Mapping[str, Any], previous: str) -> tuple[bytes, str]:
    """Return a call as a line of the log, without its end, and the digest of the line."""
    fields = {**call, "previous": previous}
    body = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    digest = hashlib.sha256(body).hexdigest()
    return body[:-1] + f',"sha256":"{digest}"}}'.encode(), digest


def read_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a log without their ends, if there is one; a line that a kill left unfinished is left out."""
    if not path.exists():
        return
    with path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield line[:-1]


def check_line(line: bytes, previous: str) -> tuple[str, str]:
    """Return the digest of a line, and what is wrong with it; '' if it is sound. `previous` is '' if not known."""
    seal = _SEAL.search(line)
    digest = hashlib.sha256(line[: seal.start()] + b"}").hexdigest() if seal else ""
    if not seal or seal[1].decode() != digest:
        return "", "is not as it was written: its digest is of another line"
    if previous and f'"previous":"{previous}"'.encode() not in line:
        return digest, "does not follow the line before it: lines were taken out, put in or moved"
    return digest, ""


def check_log(path: Path, file: str = LOG) -> list[Fault]:
    """Return a fault for each line that is not as it was written, or does not follow the one before it."""
    faults, previous = [], START
    for number, line in enumerate(read_lines(path), start=1):
        previous, problem = check_line(line, previous)
        if problem:
            faults.append(Fault(file, problem, EXPECTED, REMEDY, number))
    return faults


def read_calls(path: Path, file: str = LOG) -> Iterator[Call]:
    """Yield the calls of a log in their order. Raises InputError at the first line that is not sound."""
    previous = START
    for number, line in enumerate(read_lines(path), start=1):
        previous, problem = check_line(line, previous)
        if problem:
            raise InputError([Fault(file, problem, EXPECTED, REMEDY, number)])
        yield json.loads(line)


class GrowingLog:
    """A log to which calls are added; what a kill left unfinished at its end is cut off first.

    Whoever opens it holds the lock of the models (`graylit.study.locks.hold_models`).
    """

    def __init__(self, path: Path, previous: str) -> None:
        """Take the digest of the last whole line, as `read_calls` shows it; `START` if there is none."""
        self._previous = previous
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lines = path.open("ab+")
        self._lines.seek(0)
        whole = _find_whole(self._lines)
        self._lines.truncate(whole)
        self._synced_at = 0.0

    def __enter__(self) -> GrowingLog:
        """Return the log."""
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file; all calls are on disk then."""
        os.fsync(self._lines.fileno())
        self._lines.close()

    def add(self, calls: Iterable[Call]) -> list[Call]:
        """Add calls to the log; at return the system has them, and soon the disk. Return them as a reader has them."""
        added: list[Call] = []
        for call in calls:
            line, self._previous = seal_call(call, self._previous)
            added.append(json.loads(line))
            self._lines.write(line + b"\n")
            self._lines.flush()  # what the system has, a kill of this program does not take
        if time.monotonic() - self._synced_at > SYNC_EVERY_S:
            os.fsync(self._lines.fileno())
            self._synced_at = time.monotonic()
        return added


def _find_whole(lines: Iterable[bytes]) -> int:
    return sum(len(line) for line in lines if line.endswith(b"\n"))


def remark_unfinished(path: Path, file: str = LOG) -> list[Fault]:
    """Return a remark if the last line of a log is not whole, as a kill in the middle of writing leaves it."""
    if not path.exists() or path.stat().st_size == 0:
        return []
    with path.open("rb") as content:
        content.seek(-1, os.SEEK_END)
        if content.read(1) == b"\n":
            return []
    problem, remedy = "ends in an unfinished line", f"run `{name_command('ask')}` again: it cuts the line off"
    return [Fault(file, problem, "whole lines", remedy)]
