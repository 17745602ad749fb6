"""Parts of archives: the WARC files that a WACZ holds, each read in place as a file of its own."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from warcio.exceptions import ArchiveLoadFailed

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # what a zip file starts with; an empty one has only its end
ENDINGS = (".warc", ".warc.gz", ".arc", ".arc.gz")
# What other ways of packing start with, and what unpacks them. Zstandard's second is a frame that holds a dictionary.
PACKED = {
    b"\x28\xb5\x2f\xfd": "zstd -d",
    b"\x5d\x2a\x4d\x18": "a program that knows .warc.zst",
    b"\x04\x22\x4d\x18": "lz4 -d",
    b"BZh": "bzip2 -d",
    b"\xfd7zXZ": "xz -d",
}
CHUNK_BYTES = 65_536  # read at once: chosen, not measured; larger than most records' heads


def list_parts(path: Path) -> list[tuple[int, int]]:
    """Return where WARC files lie in a file (start, size): the whole file, or those that a WACZ holds.

    A WACZ stores them as they are (its specification asks for that), so a record is read in place. What a file starts
    with tells what it is: a WARC file may end with the record of a zip file, and then look like one from its end.
    """
    with path.open("rb") as stream:
        opening = stream.read(8)
        if unpack := next((command for sign, command in PACKED.items() if opening.startswith(sign)), ""):
            raise ArchiveLoadFailed(f"it is packed in a way that is not read; unpack it ({unpack}), and name that file")
        if not opening.startswith(ZIP):
            return [(0, path.stat().st_size)]
        with zipfile.ZipFile(stream) as package:
            members = [member for member in package.infolist() if _is_archive(member)]
            if not members:
                raise ArchiveLoadFailed("it is a zip file that holds no WARC file")
            for member in members:
                if member.compress_type != zipfile.ZIP_STORED:
                    raise ArchiveLoadFailed(f"{member.filename} is packed once more; unpack it and name the WARC file")
            return [(_find_content(stream, member), member.file_size) for member in members]


def _is_archive(member: zipfile.ZipInfo) -> bool:
    """Return whether a member is a WARC file: no empty one that a crawler left, nor what macOS notes of another."""
    name = member.filename.rpartition("/")[2].lower()
    return name.endswith(ENDINGS) and not name.startswith("._") and member.file_size > 0


def _find_content(stream: BinaryIO, member: zipfile.ZipInfo) -> int:
    """Return where the content of a stored member starts: after its local header, whose names may differ in length."""
    stream.seek(member.header_offset + 26)
    n_name, n_extra = struct.unpack("<HH", stream.read(4))
    return member.header_offset + 30 + n_name + n_extra


class _Part(io.RawIOBase):
    """A part of a file, read as a file of its own."""

    def __init__(self, path: Path, start: int, size: int) -> None:
        self._stream = path.open("rb")
        self._stream.seek(start)
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        read = self._stream.read(min(len(view), self._left))
        view[: len(read)] = read
        self._left -= len(read)
        return len(read)

    def close(self) -> None:
        self._stream.close()
        super().close()


def open_part(path: Path, start: int, size: int) -> io.BufferedReader:
    """Return a part of a file, to be read from its start."""
    return io.BufferedReader(_Part(path, start, size), CHUNK_BYTES)


def read_to_end(path: Path, start: int, size: int) -> None:
    """Read a packed part to its end, which fails if it is cut off: warcio would take the cut for the end."""
    with open_part(path, start, size) as stream:
        if stream.peek(2)[:2] == b"\x1f\x8b":
            with gzip.open(stream) as unpacked:
                while unpacked.read(CHUNK_BYTES):
                    pass
