"""Responses read back from WARC files: of ours, and of archives that somebody else wrote."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.recordloader import ArcWarcRecord

from graylit.captures.bodies import PackedBodyError, TooLargeError, unpack_body
from graylit.captures.records import read_status


@dataclass(frozen=True)
class Response:
    """A response read back: its status, headers (lower-case names) and decoded body.

    `damage` says what is wrong with its packing; the body is empty then.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    damage: str = ""


@dataclass(frozen=True)
class Before:
    """An earlier capture that a new answer is compared with: its row, its headers, the digest of its payload."""

    row: Mapping[str, str]
    headers: dict[str, str]
    payload_digest: str


class _Readable(Protocol):
    """What warcio gives out: it reads to the end if no size is asked for."""

    def read(self, size: int | None, /) -> bytes: ...


def read_response(path: Path, offset: int, max_bytes: int | None = None) -> Response:
    """Return the response whose record starts at `offset` of a file, or what a record without HTTP holds: a page.

    Raises TooLargeError if its body is more than `max_bytes`, packed or unpacked; no more than that is read.
    """
    with path.open("rb") as stream:
        stream.seek(offset)
        record = next(iter(ArchiveIterator(stream, arc2warc=True)))
        if record.http_headers is None:
            headers = {"content-type": record.rec_headers.get_header("Content-Type") or ""}
            return Response(200, headers, _read_within(record.raw_stream, max_bytes))
        headers = {name.lower(): value for name, value in record.http_headers.headers}
        body, damage = _read_body(record, headers, max_bytes)
        return Response(read_status(record.http_headers), headers, body, damage)


def _read_body(record: ArcWarcRecord, headers: Mapping[str, str], max_bytes: int | None) -> tuple[bytes, str]:
    is_chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    body = _read_within(record.raw_stream, max_bytes and max_bytes * (2 if is_chunked else 1))  # lengths of chunks
    if is_chunked:
        body = _read_within(ChunkedDataReader(BufferedReader(io.BytesIO(body))), max_bytes)
    try:
        return unpack_body(body, headers, max_bytes), ""
    except PackedBodyError as error:
        return b"", str(error)


def _read_within(stream: _Readable, max_bytes: int | None) -> bytes:
    body = stream.read(None if max_bytes is None else max_bytes + 1)
    if max_bytes is not None and len(body) > max_bytes:
        raise TooLargeError(f"more than {max_bytes} bytes")
    return body


def digest_body(body: bytes) -> str:
    """Return the SHA-256 of a decoded body."""
    return hashlib.sha256(body).hexdigest()
