"""What a body is: a page, a PDF or plain text, by how it opens and by what its server calls it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping

from graylit.tables.addresses import read_address

OPENING_BYTES = 65_536  # where the first element is looked for behind comments; chosen, not measured
SNIFFED_BYTES = 1445  # what the MIME Sniffing standard looks at for bytes that no text holds
PDF_BYTES = 1024  # in which the header of a PDF may begin for viewers (PDF Reference 1.7, appendix H, note 13)
TEXT_ENDINGS = (".md", ".txt", ".rst", ".vtt", ".srt")
TEXT_TYPES = ("application/markdown", "application/x-subrip")
UNSTATED = ("", "unknown/unknown", "application/unknown", "*/*", "text/*")
DOWNLOADS = ("application/octet-stream", "binary/octet-stream", "application/force-download", "application/download")
_MEDIA_TYPE = re.compile(r"[\w!#$&^.+*-]+/[\w!#$&^.+*-]+")
_NO_PROSE = re.compile(r".*(?:xml|css|javascript|ecmascript)")  # what is called text and has no words to read
_SUBTITLES = re.compile(rb"WEBVTT[\t\n\r ]")  # https://www.w3.org/TR/webvtt1/#file-structure
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_PAGE = re.compile(
    rb"(?:[\t\n\f\r ]+|<!(?=--).*?-->|<\?[^>]*>)*+<(?:!doctype[\t\n\f\r ]*+html|html)(?=[\t\n\f\r >/])", re.I | re.S
)
# What opens a page if nothing says what it is: MIME Sniffing standard, 7.1, and two elements of its head.
_ELEMENT = re.compile(
    rb"<(?:!--|(?:head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link)(?=[\t\n\f\r >/]))", re.I
)


def tell_kind(body: bytes, headers: Mapping[str, str], url: str) -> str:
    """Return 'html', 'pdf' or 'text', else the media type; what the body starts with counts more than its header."""
    stated = re.split("[;,]", headers.get("content-type", ""), maxsplit=1)[0].strip().lower()
    media_type = stated if _MEDIA_TYPE.fullmatch(stated) else ""
    opening = _read_opening(body)
    if _is_pdf(body, opening, media_type):
        return "pdf"
    if _SUBTITLES.match(opening):
        return "text"
    if "html" in media_type or _PAGE.match(opening):
        return "html"
    if "pdf" in media_type:
        return "pdf"  # one that cannot be read
    if media_type in UNSTATED + DOWNLOADS:
        return _tell_unstated(body, opening, media_type, url)
    is_text = media_type in TEXT_TYPES or (media_type.startswith("text/") and not _NO_PROSE.match(media_type))
    return "text" if is_text else media_type


def _tell_unstated(body: bytes, opening: bytes, media_type: str, url: str) -> str:
    """Return what a body is whose server does not say."""
    address = read_address(url)
    if address and address.path.lower().endswith(TEXT_ENDINGS):
        return "text"
    if opening.startswith(b"<?xml"):
        return "text/xml"
    if _ELEMENT.match(opening):
        return "html"
    return media_type or "unknown" if media_type in DOWNLOADS or has_binary(body) else "text"


def _is_pdf(body: bytes, opening: bytes, media_type: str) -> bool:
    """Return whether a body is a PDF: at once, or behind other bytes if it is called one or ends as one."""
    start = find_pdf(body)
    if start < 0 or not body[:start].strip(b"\xef\xbb\xbf\x00\t\n\f\r "):
        return start >= 0
    return not _PAGE.match(opening) and ("pdf" in media_type or b"%%EOF" in body[-PDF_BYTES:])


def find_pdf(body: bytes) -> int:
    """Return where a PDF begins in a body, -1 if it holds none."""
    return body.find(b"%PDF-", 0, PDF_BYTES + len(b"%PDF-"))


def _read_opening(body: bytes) -> bytes:
    """Return how a body opens, without byte order mark and blanks; UTF-16 as UTF-8."""
    opening = body[:OPENING_BYTES]
    for mark, charset in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if opening.startswith(mark):
            opening = opening[len(mark) :].decode(charset, "replace").encode()
    return opening.removeprefix(codecs.BOM_UTF8).lstrip(b"\t\n\f\r ")


def has_binary(body: bytes) -> bool:
    """Return whether a body opens with bytes that no text holds."""
    is_marked = body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return not is_marked and _BINARY.search(body[:SNIFFED_BYTES]) is not None
