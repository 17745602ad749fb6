"""Captures as a collection left them: rows, bodies and records; and waiting for one at work."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator

from conftest import (
    read_table,
)
from graylit.captures.warcs import read_response
from loopback import WAIT_S


def read_captures(folder: Path) -> list[dict[str, str]]:
    return read_table(folder / "data/raw/captures.csv")


def read_outcomes(folder: Path) -> dict[str, str]:
    """Return the outcome of each source's last attempt."""
    return {row["source_id"]: row["outcome"] for row in read_captures(folder)}


def read_body(folder: Path, row: dict[str, str]) -> bytes:
    """Return the body that a row of captures.csv points at."""
    return read_response(folder / "data/raw" / row["warc_file"], int(row["warc_offset"])).body


@dataclass(frozen=True)
class Record:
    """A record of a WARC file as warcio reads it."""

    kind: str
    url: str
    concurrent_to: str
    record_id: str
    headers: dict[str, str]
    raw_body: bytes


def read_records(path: Path) -> list[Record]:
    with path.open("rb") as stream:
        return [
            Record(
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI") or "",
                record.rec_headers.get_header("WARC-Concurrent-To") or "",
                record.rec_headers.get_header("WARC-Record-ID"),
                {n.lower(): v for n, v in record.http_headers.headers} if record.http_headers else {},
                record.raw_stream.read(),
            )
            for record in ArchiveIterator(stream)
        ]


def check_warc(path: Path) -> subprocess.CompletedProcess[str]:
    """Let warcio check every digest of a file."""
    command = [sys.executable, "-c", "import warcio.cli; warcio.cli.main()", "check", "-v", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return as soon as a condition holds."""
    deadline = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < deadline
        os.sched_yield()


def list_warcs(folder: Path) -> list[Path]:
    return sorted((folder / "data/raw").glob("*.warc.gz"))
