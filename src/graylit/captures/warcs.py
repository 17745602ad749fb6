"""Responses read back from WARC files: of ours, and of archives that somebody else wrote."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from warcio.recordloader import ArcWarcRecord

from graylit.captures.bodies import PackedBodyError, TooLargeError, unpack_body
from graylit.captures.record_loading import open_records
from graylit.captures.records import read_status

CHUNK_SIZE = re.compile(rb"\r?\n?[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?(?:\r?\n|\Z)")


@dataclass(frozen=True)
class Response:
    """A response read back: its status, headers (lower-case names) and decoded body.

    `damage` says what is wrong with its packing; the body is empty then. `cut` says why the body is not whole.
    """

    status: int
    headers: dict[str, str]
    body: bytes
    damage: str = ""
    cut: str = ""


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
        record = next(iter(open_records(stream, arc2warc=True)))
        if record.http_headers is None:
            headers = {"content-type": record.rec_headers.get_header("Content-Type") or ""}
            return _unpack(Response(200, headers, _read_within(record.raw_stream, max_bytes)), max_bytes)
        headers = {name.lower(): value for name, value in record.http_headers.headers}
        return _read_body(Response(read_status(record.http_headers), headers, b""), record, max_bytes)


def _read_body(head: Response, record: ArcWarcRecord, max_bytes: int | None) -> Response:
    codings = [value for name, value in record.http_headers.headers if name.lower() == "transfer-encoding"]
    is_chunked, cut = "chunked" in ",".join(codings).lower(), ""
    body = _read_within(record.raw_stream, max_bytes and max_bytes * (2 if is_chunked else 1))  # lengths of chunks
    if is_chunked:
        body, is_whole = _undo_chunks(body)
        body, cut = (
            _read_within(io.BytesIO(body), max_bytes),
            "" if is_whole else "its record ends before the last chunk",
        )
    return _unpack(replace(head, body=body, cut=cut), max_bytes)


def _unpack(packed: Response, max_bytes: int | None) -> Response:
    try:
        return replace(packed, body=unpack_body(packed.body, packed.headers, max_bytes))
    except PackedBodyError as error:
        return replace(packed, body=b"", damage=str(error))


def _undo_chunks(body: bytes) -> tuple[bytes, bool]:
    """Return what was sent in chunks, and whether it comes to its last one, of size 0 (RFC 9112, 7.1).

    A body without any chunk is whole: some archives undo the chunks and leave the header. What ends lines by LF, or
    stops short of the empty line at the end, is read all the same; warcio leaves the sizes among the words there.
    """
    chunks: list[bytes] = []
    start = 0
    while size := CHUNK_SIZE.match(body, start):
        if int(size[1], 16) == 0:
            return b"".join(chunks), True
        start = size.end() + int(size[1], 16)
        chunks.append(body[size.end() : start])
    return (b"".join(chunks), False) if chunks else (body, True)


def _read_within(stream: _Readable, max_bytes: int | None) -> bytes:
    body = stream.read(None if max_bytes is None else max_bytes + 1)
    if max_bytes is not None and len(body) > max_bytes:
        raise TooLargeError(f"more than {max_bytes} bytes")
    return body


def digest_body(body: bytes) -> str:
    """Return the SHA-256 of a decoded body."""
    return hashlib.sha256(body).hexdigest()
