"""Revisit records that an earlier version wrote without their blocks, mended so that no other record moves."""

from __future__ import annotations

import os
import re
import shutil
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from graylit.captures.members import Member, lacks_block, list_members
from graylit.tables.collection import UNCHANGED
from graylit.tables.files import switch_files

HAS_COMMENT = 0x10  # the flag of a gzip member that a comment follows its header (RFC 1952, 2.3.1)
HEADER_BYTES = 10  # of a gzip member, before what is optional


def mend_revisits(folder: Path, captures: Iterable[Mapping[str, str]]) -> list[Path]:
    """Return the files whose revisit records lacked their blocks and now state that they have none.

    The heads of those answers were never written, so a record without a block is all that can be made of them. It is
    as long as before: every offset in the table stays right. A file is switched in one step, so that a run that is
    killed leaves the old one or the new one.
    """
    offsets: dict[str, list[int]] = defaultdict(list)
    for row in captures:
        if row["outcome"] == UNCHANGED and row["warc_file"]:
            offsets[row["warc_file"]].append(int(row["warc_offset"]))
    paths = {folder / name: starts for name, starts in sorted(offsets.items()) if (folder / name).is_file()}
    damaged = [path for path, starts in paths.items() if _was_written_without(path, starts)]
    return [path for path in damaged if _mend_file(path, paths[path])]


def _was_written_without(path: Path, starts: list[int]) -> bool:
    """Return whether a file's revisits lack their blocks: one version wrote all of a file, so the first one tells."""
    members = (member for start in starts for member in _read_member(path, start))
    first = next((member for member in members if member.header("WARC-Type") == "revisit"), None)
    return first is not None and lacks_block(first)


def _read_member(path: Path, start: int) -> list[Member]:
    member = next(list_members(path, start), None)
    return [member] if member else []


def _mend_file(path: Path, starts: list[int]) -> bool:
    """Write the mended file beside the old one, look whether it holds, and put it in its place."""
    members = [member for start in starts for member in _read_member(path, start)]
    patches = {member.start: _state_no_block(member) for member in members if lacks_block(member)}
    fresh = Path(f"{os.path.realpath(path)}.mending")
    shutil.copyfile(path, fresh)
    with fresh.open("rb+") as stream:
        for start, content in patches.items():
            stream.seek(start)
            stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if any(lacks_block(member) for start in starts for member in _read_member(fresh, start)):
        fresh.unlink()
        return False
    switch_files(fresh, Path(os.path.realpath(path)))
    return True


def _state_no_block(member: Member) -> bytes:
    """Return a revisit record of the same size without a block; the record as it is if it does not fit."""
    head = member.record.partition(b"\r\n\r\n")[0]
    head = re.sub(rb"(?im)^content-length:[^\r]*", b"Content-Length: 0", head)
    head = re.sub(rb"(?im)^warc-block-digest:[^\r]*\r\n", b"", head + b"\r\n")  # of the block that is not there
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    packed = packer.compress(head + b"\r\n\r\n\r\n") + packer.flush()
    n_spare = member.end - member.start - len(packed)
    if n_spare <= 0:
        return packed if n_spare == 0 else b""
    flags = bytes([packed[3] | HAS_COMMENT])
    return packed[:3] + flags + packed[4:HEADER_BYTES] + b" " * (n_spare - 1) + b"\0" + packed[HEADER_BYTES:]
