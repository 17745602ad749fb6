"""What is in a file that somebody saved: its text, its tree if it is HTML, its values if it is JSON."""

from __future__ import annotations

import email
import functools
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html

from graylit.captures.page_trees import read_tree
from graylit.tables.charsets import decode_windows
from graylit.tables.faults import Fault, InputError
from graylit.tables.files import row_at

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
WORKBOOK_SIGNS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_HTML = re.compile(
    r"\s*+(?:<!--(?>.*?-->)\s*+)*+<(?:!doctype|html|head|body|title|meta|div|dl|h1|\?xml)\b", re.I | re.S
)
_CHARSET = re.compile(rb"<meta[^<>]+charset=[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_HEADER = re.compile(rb"[A-Za-z-]{2,40}:")
MOST_BYTES = 300_000_000  # of a file: chosen, far more than hits of a review


@dataclass(frozen=True)
class Content:
    """A file, by the name that it is shown with, and its bytes."""

    file: str
    body: bytes

    @functools.cached_property
    def digest(self) -> str:
        """The digest of the file."""
        return hashlib.sha256(self.body).hexdigest()

    @property
    def is_workbook(self) -> bool:
        """Whether it is a workbook (xlsx, ods, xls), by its first bytes."""
        return self.body.startswith(WORKBOOK_SIGNS)

    @functools.cached_property
    def text(self) -> str:
        """The text of the file, with Unix line ends. Raises InputError if its characters cannot be told."""
        return _decode(unpack_page(self.body), self.file).replace("\r\n", "\n").replace("\r", "\n")

    @property
    def is_json(self) -> bool:
        """Whether it begins like JSON."""
        start = self.text[:10_000].lstrip()
        return start[:1] == "{" or re.match(r"\[\s*(?:[\[{\"\]]|$)", start) is not None

    @property
    def is_html(self) -> bool:
        """Whether it begins like HTML."""
        return _HTML.match(self.text[:20_000]) is not None

    @functools.cached_property
    def values(self) -> list[Any]:
        """The values of a JSON file: one, or one a line. Raises InputError if it is cut off or no JSON."""
        try:
            return [json.loads(self.text)]
        except json.JSONDecodeError as error:
            lines = [line for line in self.text.splitlines() if line.strip()]
            if len(lines) > 1 and all(line.lstrip()[:1] == "{" for line in lines):
                return self._read_lines()
            raise InputError([self._fault_json(error, error.lineno)]) from error
        except (ValueError, RecursionError) as error:
            raise InputError([self._fault_odd()]) from error

    def _read_lines(self) -> list[Any]:
        values = []
        for number, line in enumerate(self.text.splitlines(), start=1):
            try:
                values += [json.loads(line)] if line.strip() else []
            except json.JSONDecodeError as error:
                raise InputError([self._fault_json(error, number)]) from error
            except (ValueError, RecursionError) as error:
                raise InputError([self._fault_odd(number)]) from error
        return values

    def _fault_odd(self, row: int | None = None) -> Fault:
        problem = "is nested too deeply, or holds a number of thousands of digits"
        return Fault(self.file, problem, "an answer of an engine", "save or export it again; nothing was written", row)

    def _fault_json(self, error: json.JSONDecodeError, row: int) -> Fault:
        is_cut = error.pos >= len(self.text.rstrip()) - 1 or error.msg.startswith("Unterminated string")
        problem = "is cut off, so that its JSON does not end" if is_cut else f"is no JSON ({error.msg})"
        return Fault(self.file, problem, "a whole JSON file", "save or download it again; nothing was written", row)

    @functools.cached_property
    def tree(self) -> lxml.html.HtmlElement | None:
        """The tree of a HTML file; None if it holds no element."""
        return read_tree(self.text)


def read_content(path: Path) -> Content:
    """Return a file that hits are to be read from. Raises InputError if it cannot be read, or holds nothing."""
    file, remedy = path.name, "name a file that was saved or exported"
    try:
        body = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except FileNotFoundError as error:
        raise InputError([Fault(str(path), "is missing", "a file of hits", "correct the name")]) from error
    except OSError as error:
        raise InputError([Fault(str(path), f"cannot be read ({error.strerror})", "a file of hits", remedy)]) from error
    if body is None:
        raise InputError([Fault(file, f"is larger than {MOST_BYTES:,} bytes", "a file of hits", "split it")])
    if not body.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise InputError([Fault(file, "is empty", "hits", "save or export it again; nothing was written")])
    return Content(file, body)


def unpack_page(body: bytes) -> bytes:
    """Return the page of HTML in an archive of one page (MHTML), with where it was saved; any other body as it is."""
    if not _HEADER.match(body) or b"multipart/related" not in body[:5_000]:
        return body
    message = email.message_from_bytes(body)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    held = page.get_payload(decode=True) if page is not None else None
    if not isinstance(held, bytes) or page is None:
        return body
    place = message.get("Snapshot-Content-Location") or page.get("Content-Location") or ""
    text = held.decode(page.get_content_charset("utf-8"), errors="replace")
    return f"<!DOCTYPE html>\n<!-- saved from url=(0000){''.join(place.split())} -->\n{text}".encode()


def _decode(body: bytes, file: str) -> str:
    """Return the text of a file: by its mark, else UTF-8, else as its HTML says, else Windows-1252 if that is sure."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body.decode(encoding, errors="replace")
    if body.startswith(b"\x1f\x8b"):
        raise InputError([Fault(file, "is packed (gzip)", "text, JSON or HTML", "unpack it, and name what comes out")])
    if b"\0" in body:
        problem, row = "is no text, nor a workbook that can be read", row_at(body, body.index(b"\0"))
        raise InputError([Fault(file, problem, "text, JSON, HTML, .xlsx or .ods", "save it in one of these", row)])
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        if declared := _CHARSET.search(body[:5_000]):
            try:
                return body.decode(declared[1].decode("ascii"), errors="replace")
            except LookupError:
                pass
        if body.count(b"\xef\xbf\xbd") or _is_mostly_utf8(body):
            return body.decode("utf-8", errors="replace")
        found = decode_windows(body)
        if isinstance(found, str):
            return found
        problem = "is not UTF-8, and its characters cannot be told for sure"
        row = row_at(body, error.start)
        raise InputError([Fault(file, problem, "UTF-8", "save it again as UTF-8", row)]) from error


def _is_mostly_utf8(body: bytes) -> bool:
    """Return whether a text is UTF-8 but for a few bytes, as one cut within a sign is."""
    lost = body.decode("utf-8", errors="replace").count("�")
    return lost <= 3 and not body.decode("utf-8", errors="ignore").isascii()
