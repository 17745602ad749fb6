"""WARC files: finding pages in archives, keeping responses byte for byte, reading them back."""

from __future__ import annotations

import datetime
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from glr.faults import Fault, InputError
from glr.urls import page_key

MAX_REDIRECTS = 10


@dataclass(frozen=True)
class Held:
    """One response in an archive: where it is, what it answers and when it was captured."""

    path: Path
    offset: int
    url: str
    captured_at: str
    status: int
    location: str


@dataclass(frozen=True)
class Response:
    """A response read back: its status, headers (lower-case names) and decoded body."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class ArchiveIndex:
    """Where the pages of local archives are, by page key; of several captures the latest counts."""

    pages: dict[str, Held] = field(default_factory=dict)

    def find(self, url: str) -> list[Held]:
        """Return the chain of responses for an address, redirects followed; empty where it is not held."""
        chain: list[Held] = []
        while len(chain) <= MAX_REDIRECTS:
            held = self.pages.get(page_key(url))
            if held is None or held in chain:
                return []
            chain.append(held)
            if not (300 <= held.status < 400 and held.location):
                return chain
            url = urljoin(held.url, held.location)
        return []


def index_archives(paths: Iterable[Path]) -> ArchiveIndex:
    """Return an index of the responses in WARC files. Raises InputError where a file is no readable WARC."""
    index = ArchiveIndex()
    for path in paths:
        try:
            with path.open("rb") as stream:
                iterator = ArchiveIterator(stream)
                for record in iterator:
                    if record.rec_type == "response" and record.http_headers:
                        _remember(index, path, iterator.get_record_offset(), record)
        except (OSError, ArchiveLoadFailed) as error:
            fault = Fault(
                str(path), f"cannot be read as WARC ({error})", "a .warc or .warc.gz file", "name another file"
            )
            raise InputError([fault]) from error
    return index


def _remember(index: ArchiveIndex, path: Path, offset: int, record: ArcWarcRecord) -> None:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if not url.startswith(("http://", "https://")):
        return
    status = int(record.http_headers.get_statuscode() or 0)
    location = record.http_headers.get_header("Location") or ""
    captured_at = record.rec_headers.get_header("WARC-Date") or ""
    held = Held(path, offset, url, to_second(captured_at), status, location)
    known = index.pages.get(page_key(url))
    # A good answer beats an error, then the later one wins: a 404 of last week does not hide the page.
    if known is None or (held.status < 400, held.captured_at) >= (known.status < 400, known.captured_at):
        index.pages[page_key(url)] = held


def to_second(warc_date: str) -> str:
    """Return a WARC-Date without fractions of a second: 2026-08-24T00:00:00Z."""
    return warc_date[:19] + "Z"


def read_response(path: Path, offset: int) -> Response:
    """Return the response whose record starts at `offset` of a WARC file."""
    with path.open("rb") as stream:
        stream.seek(offset)
        record = next(iter(ArchiveIterator(stream)))
        headers = {name.lower(): value for name, value in record.http_headers.headers}
        return Response(int(record.http_headers.get_statuscode()), headers, record.content_stream().read())


class CaptureWriter:
    """The WARC 1.1 file of one collection run; every record is on disk before `keep` or `copy` returns."""

    def __init__(self, folder: Path, started: datetime.datetime) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"captures-{started:%Y%m%dT%H%M%SZ}.warc.gz"
        number = 1
        while self.path.exists():
            number += 1
            self.path = folder / f"captures-{started:%Y%m%dT%H%M%SZ}-{number}.warc.gz"
        self._stream: BinaryIO | None = None
        self._writer: WARCWriter | None = None

    def copy(self, held: Held) -> int:
        """Copy a response from another archive as it is; return its offset."""
        with held.path.open("rb") as stream:
            stream.seek(held.offset)
            record = next(iter(ArchiveIterator(stream)))
            return self._write(record)

    def keep(self, url: str, request: StatusAndHeaders, response: StatusAndHeaders, body: bytes, date: str) -> int:
        """Write a request and its response, and return the offset of the response."""
        writer = self._open()
        answer = writer.create_warc_record(
            url, "response", payload=io.BytesIO(body), http_headers=response, warc_headers_dict={"WARC-Date": date}
        )
        question = writer.create_warc_record(
            url, "request", payload=io.BytesIO(b""), http_headers=request, warc_headers_dict={"WARC-Date": date}
        )
        question.rec_headers.add_header("WARC-Concurrent-To", answer.rec_headers.get_header("WARC-Record-ID"))
        offset = self._write(answer)
        self._write(question)
        return offset

    def _open(self) -> WARCWriter:
        if self._writer is None:
            self._stream = self.path.open("xb")
            self._writer = WARCWriter(self._stream, gzip=True, warc_version="1.1")
            info = {"software": "Graylit", "format": "WARC File Format 1.1"}
            self._writer.write_record(self._writer.create_warcinfo_record(self.path.name, info))
        return self._writer

    def _write(self, record: ArcWarcRecord) -> int:
        writer = self._open()
        offset = self._stream.tell()
        writer.write_record(record)
        self._stream.flush()
        return offset

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()


def digest_body(body: bytes) -> str:
    """Return the SHA-256 of a decoded body."""
    return hashlib.sha256(body).hexdigest()
