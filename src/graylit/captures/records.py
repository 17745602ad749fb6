"""Records of WARC and ARC files as they state themselves: what each answers, when it was made, whether it is whole."""

from __future__ import annotations

import datetime
import hashlib
import re
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders

from graylit.captures.archive_parts import open_part, read_to_end
from graylit.captures.record_loading import INTERIM, RecordLoader, open_records, strip_brackets
from graylit.tables.kinds import KINDS

ANSWERS = ("response", "resource", "revisit")
# A date with as much of it as is known, and an offset (W3CDTF, which WARC 1.1, 5.4 refers to); older crawlers leave
# the Z out.
DATE = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::([0-5]\d|60)(?:[.,]\d+)?)?(?:Z|([+-])(\d\d):?(\d\d))?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
ARC_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)", re.ASCII)
HEAD_END = re.compile(rb"\r?\n\r?\n")
INTERIM_HEAD = re.compile(rb"HTTP/\S+ +" + INTERIM.pattern.encode() + rb"\s")
NO_ARCHIVE = "it begins neither as a WARC nor as an ARC file"
SHARED_MEMBER = "several records share a gzip member; unpack the file (gzip -d) and name the .warc file"
Fields = dict[str, str]  # of a record's head, by lower-case name


class Reference(NamedTuple):
    """What a revisit refers to: the record's id, or its address and date; and whether the server said 304."""

    record_id: int
    url: str
    date: str
    is_unmodified: bool


class Stated(NamedTuple):
    """What a record says of itself; `cut` says why its content is not whole, '' if it is.

    Ids and digests are hashes of those stated, 0 if there is none: an archive of a million records has as many.
    """

    kind: str
    url: str
    offset: int
    date: str
    record_id: int
    concurrent_to: tuple[int, ...]
    digest: int
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
        iterator, loader = open_records(stream, no_record_parse=True), RecordLoader()
        iterator.INC_RECORD, iterator.GZIP_ERR_MSG = "", SHARED_MEMBER  # what warcio would print, and raise
        for n_records, record in enumerate(iterator, start=1):
            offset = start + iterator.offset
            fields = _read_fields(record, offset, is_first=n_records == 1)
            url = fields["warc-target-uri"]
            record.http_headers = loader.load_http_headers(record.rec_type, url, record.raw_stream, record.length)
            n_left, n_errors = record.raw_stream.limit, iterator.err_count
            iterator.read_to_end()
            if record.raw_stream.limit:
                raise ArchiveLoadFailed(f"the record at byte {offset} is not whole")
            if record.rec_type == "request":
                yield _describe_request(record, fields)
            else:
                yield _describe_answer(record, fields, offset, n_left, goes_on=iterator.err_count > n_errors)
    if not n_records:
        raise ArchiveLoadFailed("it holds no records")


def _read_fields(record: ArcWarcRecord, offset: int, *, is_first: bool) -> Fields:
    """Return the fields of a record's head; those of an ARC record under their names in WARC files."""
    fields = {name.lower(): value.strip() for name, value in reversed(record.rec_headers.headers)}
    if record.format == "arc":
        if is_first and record.rec_type != "arc_header":  # any five words are the head of an ARC record to warcio
            raise ArchiveLoadFailed(NO_ARCHIVE)
        url, date, length = (fields.get(name, "") for name in ("uri", "archive-date", "length"))
        fields = {"warc-target-uri": url.replace(" ", "%20"), "warc-date": date, "content-length": length}
    if not re.fullmatch(r"\d{1,18}", fields.get("content-length", "")):
        raise ArchiveLoadFailed(f"the record at byte {offset} states no length")
    return {"warc-target-uri": ""} | fields


def _describe_request(record: ArcWarcRecord, fields: Fields) -> Stated:
    """Return what a request states; its address and date only if it does not name its answer."""
    named, method = _read_concurrent(record, fields), _read_method(record.http_headers)
    date = "" if named else read_date(fields.get("warc-date", ""))
    record_id = hash(fields.get("warc-record-id", ""))
    return Stated(
        "request", fields["warc-target-uri"] if date else "", 0, date, record_id, named, 0, 0, "", "", method, None
    )


def _describe_answer(record: ArcWarcRecord, fields: Fields, offset: int, n_left: int, *, goes_on: bool) -> Stated:
    http, kind = record.http_headers, record.rec_type or ""
    longer = "more follows than its Content-Length says" if goes_on else ""
    return Stated(
        kind=kind,
        url=fields["warc-target-uri"],
        offset=offset,
        date=read_date(fields.get("warc-date", "")),
        record_id=hash(fields.get("warc-record-id", "")),
        concurrent_to=_read_concurrent(record, fields),
        digest=hash(fields.get("warc-payload-digest", "").lower()),
        status=200 if kind == "resource" else read_status(http),
        location=(http.get_header("Location") or "") if http else "",
        cut="" if kind == "revisit" else longer or _explain_cut(fields, http, n_left),  # a revisit is cut by nature
        method="",
        reference=_read_reference(fields) if kind == "revisit" else None,
    )


def _read_concurrent(record: ArcWarcRecord, fields: Fields) -> tuple[int, ...]:
    """Return what a record was made together with; the field may be there several times."""
    if "warc-concurrent-to" not in fields:
        return ()
    pairs = record.rec_headers.headers
    return tuple(hash(value.strip()) for name, value in pairs if name.lower() == "warc-concurrent-to")


def _read_method(http: StatusAndHeaders | None) -> str:
    """Return the method of a request; '' if it states none: some archives begin requests as if they were answers."""
    method = http.protocol.upper() if http else ""
    return method if method.isascii() and method.isalpha() else ""


def _read_reference(fields: Fields) -> Reference:
    return Reference(
        hash(fields.get("warc-refers-to", "")),
        strip_brackets(fields.get("warc-refers-to-target-uri", "")),
        read_date(fields.get("warc-refers-to-date", "")),
        fields.get("warc-profile", "").endswith("server-not-modified"),
    )


def _explain_cut(fields: Fields, http: StatusAndHeaders | None, n_left: int) -> str:
    """Return why the content of a record is not all that the server sent; '' if nothing says so."""
    if reason := fields.get("warc-truncated"):
        return f"its record was cut off (WARC-Truncated: {reason})"
    if "warc-segment-number" in fields:
        return "its record is the first of several segments (WARC-Segment-Number)"
    return _explain_shortness(http, n_left) if http else ""


def _explain_shortness(http: StatusAndHeaders, n_left: int) -> str:
    """Return why an HTTP answer is not whole, by its own headers; '' if it is."""
    stated, coding = http.get_header("Content-Length") or "", http.get_header("Transfer-Encoding") or ""
    if part := explain_part(read_status(http), http.get_header("Content-Range") or ""):
        return part
    if re.fullmatch(r"\d{1,18}", stated) and n_left < int(stated) and "chunked" not in coding.lower():
        return f"its record holds {n_left} of {stated} bytes"
    return ""


def explain_part(status: int, content_range: str) -> str:
    """Return that an answer is a part of a page, if it says so of itself (RFC 9110, 15.3.7); else ''."""
    is_part = status == 206 and not _is_full_range(content_range)
    return "the answer is a part of the page (status 206)" if is_part else ""


def _is_full_range(stated: str) -> bool:
    """Return whether a part is the whole: bytes 0-983/984."""
    found = re.fullmatch(r"bytes 0-(\d{1,18})/(\d{1,18})", stated.strip(), re.IGNORECASE | re.ASCII)
    return found is not None and int(found[1]) + 1 == int(found[2])


def read_status(http: StatusAndHeaders | None) -> int:
    """Return the status of an HTTP answer; 0 if it states none."""
    found = (http.get_statuscode() or "") if http else ""
    return int(found) if re.fullmatch(r"\d{3}", found) else 0


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
    """Return what follows the heads of an HTTP message; its lines end as its server ended them."""
    end = HEAD_END.search(block)
    rest = block[end.end() :] if end else b""
    return find_payload(rest) if INTERIM_HEAD.match(block) and rest.startswith(b"HTTP/") else rest


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
        record = next(iter(open_records(stream, no_record_parse=True, arc2warc=True)))
        return record, record.raw_stream.read()
