"""WARC and WACZ files: finding pages in archives, reading responses back."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader

from graylit.captures.archive_parts import list_parts, open_part, read_to_end
from graylit.captures.bodies import PackedBodyError, TooLargeError, unpack_body
from graylit.captures.page_keys import page_key
from graylit.tables.faults import Fault, InputError
from graylit.tables.kinds import KINDS

MAX_REDIRECTS = 10  # of a chain in archives: chosen, not measured; browsers give up after 20
PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")  # what gzip and zstd start with


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


@dataclass(frozen=True)
class Before:
    """An earlier capture that a new answer is compared with: its row, its headers, the digest of its payload."""

    row: Mapping[str, str]
    headers: dict[str, str]
    payload_digest: str


@dataclass
class ArchiveIndex:
    """The responses of local archives by page key; of several captures of a page, the latest counts.

    `undated` are pages of records whose date is none: nobody could say when they were captured, so they are not used.
    """

    pages: dict[str, Held] = field(default_factory=dict)
    undated: set[str] = field(default_factory=set)

    def find(self, url: str) -> list[Held]:
        """Return the chain of responses for an address, redirects followed; empty if the archives lack it."""
        chain: list[Held] = []
        while len(chain) <= MAX_REDIRECTS:
            response = self.pages.get(page_key(url))
            if response is None or response in chain:
                return []
            chain.append(response)
            if not (300 <= response.status < 400 and response.location):
                return chain
            url = urljoin(response.url, response.location)
        return []


def index_archives(paths: Iterable[Path]) -> ArchiveIndex:
    """Return an index of the responses in WARC and WACZ files.

    Raises InputError if a file cannot be read to its end.
    """
    index = ArchiveIndex()
    for path in paths:
        try:
            for start, size in list_parts(path):
                _index_part(index, path, start, size)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile, ArchiveLoadFailed) as error:
            problem = f"cannot be read as WARC ({' '.join(str(error).split())})"
            remedy = "fetch it again, or name another file"
            raise InputError([Fault(str(path), problem, "a whole .warc, .warc.gz or .wacz file", remedy)]) from error
    return index


class _Readable(Protocol):
    """What warcio gives out: it reads to the end if no size is asked for."""

    def read(self, size: int | None, /) -> bytes: ...


def _index_part(index: ArchiveIndex, path: Path, start: int, size: int) -> None:
    read_to_end(path, start, size)
    n_records = 0
    with open_part(path, start, size) as stream:
        # HTTP headers are parsed here: in a record whose own headers were cut off, warcio fails to.
        iterator, loader = ArchiveIterator(stream, no_record_parse=True), ArcWarcRecordLoader(verify_http=False)
        for record in iterator:
            n_records += 1
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            record.http_headers = loader.load_http_headers(record.rec_type, url, record.raw_stream, record.length)
            offset = start + iterator.get_record_offset()  # reads the record to its end
            has_length = (record.rec_headers.get_header("Content-Length") or "").isdigit()
            if not has_length or record.raw_stream.limit:
                raise ArchiveLoadFailed(f"the record at byte {offset} is not whole")
            if record.rec_type == "response" and record.http_headers:
                _remember(index, path, offset, record)
    if not n_records:
        raise ArchiveLoadFailed("it holds no records")


def _remember(index: ArchiveIndex, path: Path, offset: int, record: ArcWarcRecord) -> None:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if not url.startswith(("http://", "https://")):
        return
    captured_at = to_second(record.rec_headers.get_header("WARC-Date") or "")
    if not KINDS["time"].is_valid(captured_at):
        index.undated.add(page_key(url))
        return
    location = record.http_headers.get_header("Location") or ""
    found = Held(path, offset, url, captured_at, _status_of(record), location)
    known = index.pages.get(page_key(url))
    # A good answer beats an error, and the later of two equals wins: last week's 404 does not hide the page.
    if known is None or (found.status < 400, found.captured_at) >= (known.status < 400, known.captured_at):
        index.pages[page_key(url)] = found


def to_second(warc_date: str) -> str:
    """Return a WARC-Date without fractions of a second: 2026-08-24T00:00:00Z."""
    return warc_date[:19] + "Z"


def read_response(path: Path, offset: int, max_bytes: int | None = None) -> Response:
    """Return the response whose record starts at `offset` of a WARC file, or the page rendered from one.

    A body whose packing is damaged counts as empty. Raises TooLargeError if it is more than `max_bytes`, packed or
    unpacked; no more than that is read.
    """
    with path.open("rb") as stream:
        stream.seek(offset)
        record = next(iter(ArchiveIterator(stream)))
        if record.http_headers is None:
            headers = {"content-type": record.rec_headers.get_header("Content-Type") or ""}
            return Response(200, headers, record.raw_stream.read())
        headers = {name.lower(): value for name, value in record.http_headers.headers}
        return Response(_status_of(record), headers, _read_body(record, headers, max_bytes))


def _status_of(record: ArcWarcRecord) -> int:
    found = record.http_headers.get_statuscode() or ""
    return int(found) if found.isdigit() else 0


def _read_body(record: ArcWarcRecord, headers: Mapping[str, str], max_bytes: int | None) -> bytes:
    is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    body = _read_within(record.raw_stream, max_bytes and max_bytes * (2 if is_chunked else 1))  # lengths of chunks
    if is_chunked:
        body = _read_within(ChunkedDataReader(BufferedReader(io.BytesIO(body))), max_bytes)
    try:
        return unpack_body(body, headers.get("content-encoding", ""), max_bytes)
    except PackedBodyError:
        return b"" if body.startswith(PACKED) else body  # some archives unpack bodies and leave the header


def _read_within(stream: _Readable, max_bytes: int | None) -> bytes:
    body = stream.read(None if max_bytes is None else max_bytes + 1)
    if max_bytes is not None and len(body) > max_bytes:
        raise TooLargeError(f"more than {max_bytes} bytes")
    return body


def digest_body(body: bytes) -> str:
    """Return the SHA-256 of a decoded body."""
    return hashlib.sha256(body).hexdigest()
