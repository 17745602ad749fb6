"""WARC files: finding pages in archives, keeping responses byte for byte, reading them back."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urljoin

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from glr.faults import Fault, InputError
from glr.urls import page_key

MAX_REDIRECTS = 10
CHUNK_BYTES = 65_536


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
    """Return an index of the responses in WARC files. Raises InputError where a file is no whole, readable WARC."""
    index = ArchiveIndex()
    for path in paths:
        try:
            _index_archive(index, path)
        except (OSError, EOFError, zlib.error, ArchiveLoadFailed) as error:
            problem = f"cannot be read as WARC ({' '.join(str(error).split())})"
            remedy = "fetch it again, or name another file"
            raise InputError([Fault(str(path), problem, "a whole .warc or .warc.gz file", remedy)]) from error
    return index


def _index_archive(index: ArchiveIndex, path: Path) -> None:
    _read_to_end(path)
    n_records = 0
    with path.open("rb") as stream:
        # HTTP headers are parsed here: in a record whose own headers were cut off, warcio fails to.
        iterator, loader = ArchiveIterator(stream, no_record_parse=True), ArcWarcRecordLoader(verify_http=False)
        for record in iterator:
            n_records += 1
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            record.http_headers = loader.load_http_headers(record.rec_type, url, record.raw_stream, record.length)
            offset = iterator.get_record_offset()  # reads the record to its end
            has_length = (record.rec_headers.get_header("Content-Length") or "").isdigit()
            if not has_length or record.raw_stream.limit:
                raise ArchiveLoadFailed(f"the record at byte {offset} is not whole")
            if record.rec_type == "response" and record.http_headers:
                _remember(index, path, offset, record)
    if not n_records:
        raise ArchiveLoadFailed("it holds no records")


def _read_to_end(path: Path) -> None:
    """Read a packed file to its end: warcio takes one that is cut off for one that ends."""
    with path.open("rb") as stream:
        is_packed = stream.read(2) == b"\x1f\x8b"
    if is_packed:
        with gzip.open(path) as stream:
            while stream.read(CHUNK_BYTES):
                pass


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
            # Not parsed: warcio would write the HTTP headers in a form of its own, which the digests do not fit.
            record = next(iter(ArchiveIterator(stream, no_record_parse=True)))
            block = record.raw_stream.read()
        record.raw_stream = io.BytesIO(block)
        if not record.rec_headers.get_header("WARC-Payload-Digest"):
            digest = digest_body(block.partition(b"\r\n\r\n")[2])
            record.rec_headers.add_header("WARC-Payload-Digest", f"sha256:{digest}")
        return self._write(record)

    def keep(self, url: str, request: StatusAndHeaders, response: StatusAndHeaders, body: bytes, date: str) -> int:
        """Write a request and its response, and return the offset of the response."""
        writer = self._open()
        dated = {"WARC-Date": date}
        answer = writer.create_warc_record(
            url, "response", io.BytesIO(body), length=len(body), http_headers=response, warc_headers_dict=dated
        )
        question = writer.create_warc_record(
            url, "request", io.BytesIO(), length=0, http_headers=request, warc_headers_dict=dated
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
