"""Our own WARC files as they are written: each attempt a group of records, on disk before the next one.

A group is one metadata record, which holds the attempt's row of captures.csv, followed by the requests and
responses that it counts. So the files alone tell which captures there are, and a run that is killed between a
group and its row loses nothing.
"""

from __future__ import annotations

import datetime
import io
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

from graylit.captures.archive_index import Held
from graylit.captures.records import find_payload, is_digest_of, read_block
from graylit.captures.secrets import clean_block
from graylit.captures.warcs import Before, digest_body
from graylit.collection.asking import Hop
from graylit.collection.capture_table import explain_full_disk
from graylit.tables.addresses import hide_users
from graylit.tables.rows import Row

RENDERED_TYPE = "text/html; charset=utf-8"
GROUP = "urn:graylit:attempt:"
SAME_BODY = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


class CaptureWriter:
    """The WARC 1.1 file of one collection run; what was added is on disk when `sync` returns."""

    def __init__(self, folder: Path, started: datetime.datetime, kind: str = "captures") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.began_at = f"{started:%Y-%m-%dT%H:%M:%SZ}"
        self.path = folder / f"{kind}-{started:%Y%m%dT%H%M%SZ}.warc.gz"
        number = 1
        while self.path.exists():
            number += 1
            self.path = folder / f"{kind}-{started:%Y%m%dT%H%M%SZ}-{number}.warc.gz"
        self._stream: BinaryIO | None = None

    def add(self, row: Row, records: list[ArcWarcRecord]) -> Row:
        """Write an attempt and its records, and return its row with the place of the last response."""
        row = row | {"warc_file": self.path.name}
        buffer = io.BytesIO()
        writer = _start_writer(buffer)
        if self._stream is None:
            writer.write_record(_describe_file(writer, self.path.name))
        writer.write_record(_describe_group(writer, row, len(records)))
        last = 0
        for record in records:
            if record.rec_headers.get_header("WARC-Type") != "request":
                last = buffer.tell()
            writer.write_record(record)
        return row | {"warc_offset": str(self._append(buffer.getvalue()) + last)}

    def _append(self, content: bytes) -> int:
        """Write at the end of the file, and return the offset; a write that fails leaves nothing behind.

        Raises InputError if the disk takes no more.
        """
        if self._stream is None:
            self._stream = self.path.open("xb", buffering=0)
        start = self._stream.tell()
        try:
            view = memoryview(content)
            while view:
                view = view[self._stream.write(view) :]
        except OSError as error:
            self._stream.truncate(start)
            raise explain_full_disk(self.path, error) from error
        return start

    def sync(self) -> None:
        """Have everything on disk. Raises InputError if the disk takes no more."""
        if self._stream is not None:
            try:
                os.fsync(self._stream.fileno())
            except OSError as error:
                raise explain_full_disk(self.path, error) from error

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()


def _start_writer(stream: BinaryIO) -> WARCWriter:
    return WARCWriter(stream, gzip=True, warc_version="1.1")


def _describe_file(writer: WARCWriter, name: str) -> ArcWarcRecord:
    return writer.create_warcinfo_record(name, {"software": "Graylit", "format": "WARC File Format 1.1"})


def _describe_group(writer: WARCWriter, row: Row, n_records: int) -> ArcWarcRecord:
    content = json.dumps({"row": row, "n_records": n_records}, ensure_ascii=True, sort_keys=True).encode()
    name = row.get("capture_id") or row.get("final_url", "")
    return writer.create_warc_record(
        f"{GROUP}{name}", "metadata", io.BytesIO(content), len(content), warc_content_type="application/json"
    )


def make_records(hops: Iterable[Hop], date: str) -> list[ArcWarcRecord]:
    """Return a request and a response for each hop."""
    records = []
    for hop in hops:
        digest = f"sha256:{digest_body(hop.body)}"
        records += _make_pair(hop, "response", hop.response + hop.body, {"WARC-Date": date}, digest)
    return records


def make_revisit(hop: Hop, date: str, before: Before) -> list[ArcWarcRecord]:
    """Return the request and a record that says: as it was in an earlier capture (WARC 1.1, 6.7)."""
    headers = {
        "WARC-Date": date,
        "WARC-Refers-To-Target-URI": before.row["final_url"],
        "WARC-Refers-To-Date": before.row["captured_at"],
        "WARC-Profile": NOT_MODIFIED if hop.status == 304 else SAME_BODY,
    }
    return _make_pair(hop, "revisit", hop.response, headers, before.payload_digest)


def _make_pair(hop: Hop, kind: str, block: bytes, headers: dict[str, str], digest: str) -> list[ArcWarcRecord]:
    writer = _start_writer(io.BytesIO())
    answer = _make_record(writer, hop.url, kind, block, headers, digest)
    nothing = f"sha256:{digest_body(b'')}"
    question = _make_record(writer, hop.url, "request", hop.request, {"WARC-Date": headers["WARC-Date"]}, nothing)
    question.rec_headers.add_header("WARC-Concurrent-To", answer.rec_headers.get_header("WARC-Record-ID"))
    return [question, answer]


def _make_record(
    writer: WARCWriter, url: str, kind: str, block: bytes, headers: dict[str, str], digest: str
) -> ArcWarcRecord:
    """Return a record with a block as it is.

    To warcio it stays a resource: it writes HTTP heads in a form of its own, and of a revisit the length of its block
    without the block.
    """
    content_type = f"application/http; msgtype={'request' if kind == 'request' else 'response'}"
    record = writer.create_warc_record(
        hide_users(url),
        "resource",
        io.BytesIO(block),
        len(block),
        warc_content_type=content_type,
        warc_headers_dict=headers,
    )
    record.rec_headers.replace_header("WARC-Type", kind)
    record.rec_headers.replace_header("WARC-Payload-Digest", digest)
    return record


def make_rendered(url: str, page: bytes, date: str, software: str) -> ArcWarcRecord:
    """Return a page as a browser rendered it: a conversion of the response before it (WARC 1.1, 6.8)."""
    writer = _start_writer(io.BytesIO())
    headers = {"WARC-Date": date, "WARC-Rendered-With": software}
    return writer.create_warc_record(
        hide_users(url),
        "conversion",
        io.BytesIO(page),
        len(page),
        warc_content_type=RENDERED_TYPE,
        warc_headers_dict=headers,
    )


def copy_record(answer: Held) -> ArcWarcRecord:
    """Return an answer of another archive as it is, with digests of its content and its payload.

    Cookies and passwords are left out, and so is a digest that is not that of what is there. An ARC record becomes that
    of a WARC file; a date with an offset, or of less precision, a time in UTC; a revisit names the address and the date
    of its original.
    """
    record, read = read_block(answer.path, answer.offset)
    block = clean_block(read)
    if block != read:
        record.length = len(block)
    is_bare = record.rec_type == "resource" and not (record.content_type or "").startswith("application/http")
    headers, payload = record.rec_headers, block if is_bare else find_payload(block)
    record.raw_stream = io.BytesIO(block)
    record.rec_type = "resource"  # to warcio, as in _make_record: it leaves the blocks of revisits out
    headers.headers = [(name, hide_users(value)) for name, value in headers.headers]
    if not (headers.get_header("WARC-Date") or "").endswith("Z"):
        headers.replace_header("WARC-Date", answer.captured_at)
    if not is_digest_of(headers.get_header("WARC-Block-Digest") or "", block):
        headers.remove_header("WARC-Block-Digest")
    if answer.original is None and not is_digest_of(headers.get_header("WARC-Payload-Digest") or "", payload):
        headers.remove_header("WARC-Payload-Digest")
    if not headers.get_header("WARC-Payload-Digest"):
        headers.add_header("WARC-Payload-Digest", _state_digest(answer, payload))
    if answer.original and not headers.get_header("WARC-Refers-To-Target-URI"):
        headers.add_header("WARC-Refers-To-Target-URI", answer.original.url)  # without it pywb finds no other address
        headers.replace_header("WARC-Refers-To-Date", answer.original.captured_at)
    return record


def _state_digest(answer: Held, payload: bytes) -> str:
    """Return the digest of a record's payload; that of a revisit is its original's."""
    if answer.original is None:
        return f"sha256:{digest_body(payload)}"
    return str(copy_record(answer.original).rec_headers.get_header("WARC-Payload-Digest"))


def find_damage(answer: Held) -> str:
    """Return what is wrong with the record of an answer by its own digest; '' if nothing is."""
    record, block = read_block(answer.path, answer.offset)
    stated = record.rec_headers.get_header("WARC-Block-Digest") or ""
    return "" if is_digest_of(stated, block) else "its content is not what WARC-Block-Digest says"
