"""Records of WARC and ARC files as they state themselves: what each answers, when it was made, whether it is whole."""

from __future__ import annotations

import datetime
import hashlib
import re
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders

from graylit.captures.archive_parts import open_part, read_to_end
from graylit.tables.kinds import KINDS

ANSWERS = ("response", "resource", "revisit")
# A date with as much of it as is known, and an offset (W3CDTF, which WARC 1.1, 5.4 refers to); older crawlers leave
# the Z out.
DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::([0-5]\d|60)(?:\.\d+)?)?(?:Z|([+-])(\d\d):?(\d\d))?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
ARC_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)


HEAD_END = re.compile(rb"\r?\n\r?\n")
SHARED_MEMBER = "several records share a gzip member; unpack the file (gzip -d) and name the .warc file"


class Reference(NamedTuple):
    """What a revisit refers to: the record's id, or its address and date; and whether the server said 304."""

    record_id: str
    url: str
    date: str
    is_unmodified: bool


class Stated(NamedTuple):
    """What a record says of itself; `cut` says why its content is not whole, '' if it is."""

    kind: str
    url: str
    offset: int
    date: str
    record_id: str
    concurrent_to: tuple[str, ...]
    digest: str
    status: int
    location: str
    cut: str
    method: str
    reference: Reference | None


def list_records(path: Path, start: int, size: int) -> Iterator[Stated]:
    """Yield what the records of a part of a file state.

    Raises ArchiveLoadFailed if one is not whole or if there are none, OSError, EOFError or zlib.error if the part is
    cut off or damaged.
    """
    read_to_end(path, start, size)
    n_records = 0
    with open_part(path, start, size) as stream:
        # HTTP headers are parsed here: in a record whose own headers were cut off, warcio fails to.
        iterator, loader = ArchiveIterator(stream, no_record_parse=True), ArcWarcRecordLoader(verify_http=False)
        iterator.INC_RECORD, iterator.GZIP_ERR_MSG = "", SHARED_MEMBER  # what warcio would print, and raise
        for record in iterator:
            n_records += 1
            url = _read(record, "WARC-Target-URI") or _read(record, "uri").replace(" ", "%20")
            record.http_headers = loader.load_http_headers(record.rec_type, url, record.raw_stream, record.length)
            has_length = (_read(record, "Content-Length") or _read(record, "length")).isdigit()
            n_left = record.raw_stream.limit if has_length else 0
            n_errors = iterator.err_count
            offset = start + iterator.get_record_offset()  # reads the record to its end
            if not has_length or record.raw_stream.limit:
                raise ArchiveLoadFailed(f"the record at byte {offset} is not whole")
            yield _describe(record, url, offset, n_left, goes_on=iterator.err_count > n_errors)
    if not n_records:
        raise ArchiveLoadFailed("it holds no records")


def _read(record: ArcWarcRecord, name: str) -> str:
    return (record.rec_headers.get_header(name) or "").strip()


def _describe(record: ArcWarcRecord, url: str, offset: int, n_left: int, *, goes_on: bool) -> Stated:
    http = record.http_headers
    kind = (record.rec_type or "").lower()
    named = [value.strip() for name, value in record.rec_headers.headers if name.lower() == "warc-concurrent-to"]
    longer = "more follows than its Content-Length says" if goes_on else ""
    return Stated(
        kind,
        url,
        offset,
        read_date(_read(record, "WARC-Date") or _read(record, "archive-date")),
        _read(record, "WARC-Record-ID"),
        tuple(named),
        _read(record, "WARC-Payload-Digest").lower(),
        200 if kind == "resource" else read_status(http),
        (http.get_header("Location") or "") if http else "",
        "" if kind == "revisit" else longer or _explain_cut(record, n_left),  # a revisit is cut by its nature
        _read_method(http) if kind == "request" else "",
        _read_reference(record) if kind == "revisit" else None,
    )


def _read_method(http: StatusAndHeaders | None) -> str:
    """Return the method of a request; '' if it states none: some archives begin requests as if they were answers."""
    method = http.protocol.upper() if http else ""
    return method if method.isascii() and method.isalpha() else ""


def _read_reference(record: ArcWarcRecord) -> Reference:
    return Reference(
        _read(record, "WARC-Refers-To"),
        _read(record, "WARC-Refers-To-Target-URI"),
        read_date(_read(record, "WARC-Refers-To-Date")),
        _read(record, "WARC-Profile").endswith("server-not-modified"),
    )


def _explain_cut(record: ArcWarcRecord, n_left: int) -> str:
    """Return why the content of a record is not all that the server sent; '' if nothing says so."""
    if reason := _read(record, "WARC-Truncated"):
        return f"its record was cut off (WARC-Truncated: {reason})"
    if _read(record, "WARC-Segment-Number"):
        return "its record is the first of several segments (WARC-Segment-Number)"
    if record.http_headers is None:
        return ""
    return _explain_part(record.http_headers, n_left)


def _explain_part(http: StatusAndHeaders, n_left: int) -> str:
    """Return why an HTTP answer is not whole, by its own headers; '' if it is."""
    stated, coding = http.get_header("Content-Length") or "", http.get_header("Transfer-Encoding") or ""
    if read_status(http) == 206 and not _is_full_range(http.get_header("Content-Range") or ""):
        return "the answer is a part of the page (status 206)"
    if stated.isdigit() and n_left < int(stated) and "chunked" not in coding.lower():
        return f"its record holds {n_left} of {stated} bytes"
    return ""


def _is_full_range(stated: str) -> bool:
    """Return whether a part is the whole: bytes 0-983/984."""
    found = re.fullmatch(r"bytes 0-(\d+)/(\d+)", stated.strip(), re.IGNORECASE | re.ASCII)
    return found is not None and int(found[1]) + 1 == int(found[2])


def read_status(http: StatusAndHeaders | None) -> int:
    """Return the status of an HTTP answer; 0 if it states none."""
    found = (http.get_statuscode() or "") if http else ""
    return int(found) if found.isdigit() else 0


def read_date(stated: str) -> str:
    """Return the time that a date of a WARC or ARC record stands for, as 2026-08-24T00:00:00Z; '' if it is none.

    A date of less precision stands for its beginning, one with an offset is turned into UTC.
    """
    found = ARC_DATE.fullmatch(stated) or DATE.fullmatch(stated)
    if not found:
        return ""
    parts = zip(found.groups()[:6], "011000", strict=True)
    year, month, day, hour, minute, second = (int(part or default) for part, default in parts)
    sign, hours, minutes = found.groups()[6:] or (None, None, None)
    offset = datetime.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        moment = datetime.datetime(year, month, day, hour, minute, min(second, 59))  # no leap second
        time = (moment + offset if sign == "-" else moment - offset).isoformat() + "Z"
    except (ValueError, OverflowError):
        return ""
    return time if KINDS["time"].is_valid(time) else ""


def find_payload(block: bytes) -> bytes:
    """Return what follows the head of an HTTP message; its lines end as its server ended them."""
    end = HEAD_END.search(block)
    return block[end.end() :] if end else b""


def is_digest_of(stated: str, content: bytes) -> bool:
    """Return whether a digest such as sha256:… or sha1:… (hexadecimal, base32 or base64) is that of the content.

    One that names no known algorithm says nothing against the content.
    """
    name, _, value = stated.partition(":")
    algorithm = name.lower().replace("sha-", "sha")
    if not value or algorithm not in hashlib.algorithms_available:
        return True
    digest = hashlib.new(algorithm, content, usedforsecurity=False).digest()
    as_written = (b64encode(digest).decode(), urlsafe_b64encode(digest).decode())
    return value.lower() in (digest.hex(), b32encode(digest).decode().lower()) or value in as_written


def read_block(path: Path, offset: int) -> tuple[ArcWarcRecord, bytes]:
    """Return the record that starts at an offset, an ARC record as one of a WARC file, and its content."""
    with path.open("rb") as stream:
        stream.seek(offset)
        record = next(iter(ArchiveIterator(stream, no_record_parse=True, arc2warc=True)))
        return record, record.raw_stream.read()
