"""Records of WARC and ARC files written by hand, for shapes that no writer makes."""

import gzip
from dataclasses import dataclass, field
from pathlib import Path

URL = "http://a.example/guides/page"
PAGE = (
    b"<html><head><title>Water</title></head><body><p>" + b"Bees drink from wet gravel. " * 60 + b"</p></body></html>"
)
DATE = "2026-03-02T08:15:30Z"


def make_answer(body: bytes = PAGE, status: str = "200 OK", *headers: str) -> bytes:
    """Return a server's answer; its length is stated unless `headers` say something of it."""
    stated = "Content-Length" in "".join(headers) or "Transfer-Encoding" in "".join(headers)
    length = [] if stated else [f"Content-Length: {len(body)}"]
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", *length, *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@dataclass(frozen=True)
class Made:
    """A WARC record: its type, its block, its address and date, and fields besides those that every record has."""

    kind: str
    block: bytes
    url: str = URL
    date: str = DATE
    fields: dict[str, str] = field(default_factory=dict)
    version: str = "1.1"
    line_end: str = "\r\n"

    def format(self, number: int) -> bytes:
        stated = {
            "WARC-Type": self.kind,
            "WARC-Record-ID": make_id(number),
            "WARC-Date": self.date,
            "WARC-Target-URI": self.url,
            "Content-Type": "text/html" if self.kind == "resource" else "application/http",
            "Content-Length": str(len(self.block)),
        }
        lines = [f"WARC/{self.version}", *(f"{name}: {value}" for name, value in (stated | self.fields).items())]
        return self.line_end.join([*lines, "", ""]).encode() + self.block + (self.line_end * 2).encode()


def make_id(number: int) -> str:
    """Return the id of the record that stands at a place in its file, counted from 0."""
    return f"<urn:uuid:00000000-0000-4000-8000-{number:012d}>"


def write_warc(path: Path, *records: Made) -> Path:
    """Write records as a WARC file, each a gzip member of its own if the name ends in .gz."""
    members = [record.format(number) for number, record in enumerate(records)]
    path.write_bytes(b"".join(map(gzip.compress, members) if path.suffix == ".gz" else members))
    return path


def write_arc(path: Path, answer: bytes, date: str = "20260302081530", url: str = URL) -> Path:
    """Write an ARC file that holds one answer."""
    head = b"1 0 Tests\nURL IP-address Archive-date Content-type Archive-length\n"
    records = [
        b"filedesc://tests.arc 127.0.0.1 20260302081530 text/plain %d\n%s\n" % (len(head), head),
        f"{url} 127.0.0.1 {date} text/html {len(answer)}\n".encode() + answer + b"\n",
    ]
    path.write_bytes(b"".join(map(gzip.compress, records) if path.suffix == ".gz" else records))
    return path
