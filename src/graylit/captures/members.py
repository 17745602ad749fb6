"""The packed records of our own WARC files, one by one, until one is not whole."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CHUNK_BYTES = 1 << 20  # read at a time: chosen, not measured


@dataclass(frozen=True)
class Member:
    """One packed record of a WARC file: where it starts and ends, and what it holds."""

    start: int
    end: int
    record: bytes

    def header(self, name: str) -> str:
        """Return a field of the record's own head, or '' if it has none."""
        head = self.record.partition(b"\r\n\r\n")[0].decode("utf-8", errors="replace")
        found = re.search(rf"^{re.escape(name)}:(.*)$", head, re.IGNORECASE | re.MULTILINE)
        return found[1].strip() if found else ""

    @property
    def block(self) -> bytes:
        """Return the content of the record."""
        return self.record.partition(b"\r\n\r\n")[2][: int(self.header("Content-Length") or 0)]


def list_members(path: Path, start: int = 0) -> Iterator[Member]:
    """Yield the whole records of a packed WARC file from an offset on, until a record is not whole."""
    with path.open("rb") as stream:
        stream.seek(start)
        rest = b""
        while rest or (rest := stream.read(CHUNK_BYTES)):
            unpacker, record, n_read = zlib.decompressobj(zlib.MAX_WBITS | 16), bytearray(), 0
            try:
                while rest and not unpacker.eof:
                    record += unpacker.decompress(rest)
                    n_read += len(rest) - len(unpacker.unused_data)
                    rest = unpacker.unused_data or stream.read(CHUNK_BYTES)
            except zlib.error:
                return
            if not unpacker.eof:
                return
            yield Member(start, start + n_read, bytes(record))
            start += n_read


def lacks_block(member: Member) -> bool:
    """Return whether a revisit record states a length and ends after its head, as an earlier version wrote them."""
    stated = member.header("Content-Length")
    return member.header("WARC-Type") == "revisit" and stated.isdecimal() and len(member.block) < int(stated)
