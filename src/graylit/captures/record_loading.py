"""Heads of WARC and ARC records, read as their standards mean them; the rest is left to warcio."""

from __future__ import annotations

import re
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord, ArcWarcRecordLoader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

INTERIM = re.compile("(?!101)1[0-9][0-9]")  # answers before the answer: RFC 9110, 15.2


class _HeadParser(StatusAndHeadersParser):
    """Reads the head of an HTTP message; octets that are no UTF-8 are escaped, as browsers send them on."""

    @staticmethod
    def decode_header(line: bytes) -> str:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            return re.sub(r"[\x80-\xff]", lambda sign: f"%{ord(sign[0]):02X}", line.decode("latin-1"))


class RecordLoader(ArcWarcRecordLoader):
    """Loads records whose type or scheme is written in any case, and answers that come after interim ones."""

    def __init__(self, *, arc2warc: bool = False) -> None:
        super().__init__(verify_http=False, arc2warc=arc2warc)
        self.http_parser = _HeadParser(self.HTTP_TYPES, False)

    def parse_record_stream(
        self,
        stream: BinaryIO,
        statusline: str | None = None,
        known_format: str | None = None,
        no_record_parse: bool = False,
        *options: object,
    ) -> ArcWarcRecord:
        """Return a record; its type is in lower case, as every program reads it."""
        record = super().parse_record_stream(stream, statusline, known_format, no_record_parse, *options)
        kind = (record.rec_type or "").lower()
        if record.rec_type and record.rec_type != kind:
            record.rec_type = kind
            record.rec_headers.replace_header("WARC-Type", kind)
        is_message = (record.content_type or "").lower().startswith("application/http")
        if kind == "resource" and is_message and not no_record_parse:
            record.http_headers = self.load_http_headers("response", self.HTTP_SCHEMES[0], record.raw_stream, -1)
        return record

    def load_http_headers(self, rec_type: str, uri: str, stream: BinaryIO, length: int) -> StatusAndHeaders | None:
        """Return the head of a record's HTTP message, if it holds one: of an answer, that of the final one."""
        kind = (rec_type or "").lower()
        head = super().load_http_headers(kind, (uri or "").lower(), stream, length)
        while kind == "response" and head and INTERIM.fullmatch(head.get_statuscode() or ""):
            try:
                head = self.http_parser.parse(stream)
            except EOFError:  # nothing came after it
                return head
        return head

    def _ensure_target_uri_format(self, rec_headers: StatusAndHeaders) -> str | None:
        """Return the address without its angle brackets and with its blanks escaped; warcio would print a warning."""
        stated = rec_headers.get_header("WARC-Target-URI")
        if stated is None:
            return None
        url = strip_brackets(stated).replace(" ", "%20")
        if url != stated:
            rec_headers.replace_header("WARC-Target-URI", url)
        return url


def strip_brackets(stated: str) -> str:
    """Return an address without the angle brackets that the grammar of WARC 1.0 puts around it."""
    is_bracketed = stated.startswith("<") and stated.endswith(">")
    return stated[1:-1] if is_bracketed else stated


def open_records(stream: BinaryIO, *, arc2warc: bool = False, no_record_parse: bool = False) -> ArchiveIterator:
    """Return an iterator over the records of a stream."""
    iterator = ArchiveIterator(stream, arc2warc=arc2warc, no_record_parse=no_record_parse)
    iterator.loader = RecordLoader(arc2warc=arc2warc)
    return iterator
