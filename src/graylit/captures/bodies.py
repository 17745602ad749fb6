"""Bodies of responses: unpacked within a limit."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping

import brotli
import zstandard

from graylit.captures.kinds import has_binary

MARKS = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd"}  # what packed bodies start with (RFC 1952, RFC 8878)
MAX_UNSAID = 2  # how often a body may be packed without saying so, since there are files that unpack to themselves
_PACKED_TYPE = re.compile("zip|zstd|tar|tgz|compress", re.IGNORECASE)  # of a packed file that somebody offers
STEP_BYTES = 1 << 20  # unpacked at a time, so that a bomb is noticed before it fills memory: chosen, not measured


class PackedBodyError(ValueError):
    """A body that cannot be unpacked: cut off, damaged or packed in an unknown way."""


class TooLargeError(ValueError):
    """A body that exceeds the limit of bytes once it is unpacked."""


def unpack_body(body: bytes, headers: Mapping[str, str], max_bytes: int | None = None) -> bytes:
    """Return a body as a browser reads it: its content encodings undone, the last one first.

    What is no coding (none, utf-8, chunked) is passed over. A coding that is named but was not applied, or is undone
    already, leaves the body as it is. A body that is packed and does not say so is unpacked too.

    Raises PackedBodyError if the body is packed and damaged, TooLargeError if the result exceeds `max_bytes`.
    """
    stated = headers.get("content-encoding", "").lower().split(",")
    for name in (part.partition(";")[0].strip().removeprefix("x-") for part in reversed(stated)):
        if name in _UNPACK and body:
            body = _undo(_find_mark(body) or name, body, max_bytes)
    holds_file = _PACKED_TYPE.search(headers.get("content-type", "")) is not None
    for _ in range(0 if holds_file else MAX_UNSAID):
        name = _find_mark(body)
        body = _undo(name, body, max_bytes) if name else body
    return body


def _find_mark(body: bytes) -> str:
    """Return the coding whose mark a body starts with; '' if it is none."""
    return next((name for name, mark in MARKS.items() if body.startswith(mark)), "")


def _undo(name: str, body: bytes, max_bytes: int | None) -> bytes:
    unpacked = bytearray()
    try:
        for chunk in _UNPACK[name](body):
            unpacked += chunk
            if max_bytes is not None and len(unpacked) > max_bytes:
                raise TooLargeError(f"more than {max_bytes} bytes once unpacked")
    except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
        if _is_packed(name, body):
            raise PackedBodyError(f"{name}: {error}") from error
        return body
    return bytes(unpacked)


def _is_packed(name: str, body: bytes) -> bool:
    """Return whether a body that cannot be unpacked is packed: codings without a mark are told by what is no text."""
    if name in MARKS:
        return body.startswith(MARKS[name])
    return not body.startswith(b"%PDF-") and has_binary(body)


def _unpack_zlib(body: bytes, wbits: int) -> Iterator[bytes]:
    while body:
        unpacker = zlib.decompressobj(wbits)
        rest = body
        while not unpacker.eof:
            chunk = unpacker.decompress(rest, STEP_BYTES)
            rest = unpacker.unconsumed_tail
            if not chunk and not rest and not unpacker.eof:
                raise EOFError("it is cut off")
            yield chunk
        body = unpacker.unused_data if wbits == zlib.MAX_WBITS | 16 else b""
        if not body.startswith(b"\x1f\x8b"):
            return  # what follows the packed body is padding, as browsers see it


def _unpack_gzip(body: bytes) -> Iterator[bytes]:
    return _unpack_zlib(body, zlib.MAX_WBITS | 16)


def _unpack_deflate(body: bytes) -> Iterator[bytes]:
    has_header = len(body) > 1 and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    return _unpack_zlib(body, zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS)  # some servers leave the header out


def _unpack_brotli(body: bytes) -> Iterator[bytes]:
    unpacker = brotli.Decompressor()
    chunk = unpacker.process(body, output_buffer_limit=STEP_BYTES)
    while chunk or not unpacker.can_accept_more_data():
        yield chunk
        chunk = unpacker.process(b"", output_buffer_limit=STEP_BYTES)
    if not unpacker.is_finished():
        raise EOFError("it is cut off")


def _unpack_zstd(body: bytes) -> Iterator[bytes]:
    while body:
        # A window of 8 MB is the most a server may ask for (RFC 8878, RFC 9659).
        unpacker, start = zstandard.ZstdDecompressor(max_window_size=8 << 20).decompressobj(), 0
        while not unpacker.eof:
            if start >= len(body):
                raise EOFError("it is cut off")
            yield unpacker.decompress(body[start : start + 1024])  # small bites cannot expand beyond reason
            start += 1024
        body = unpacker.unused_data + body[start:]
        if not body.startswith(b"\x28\xb5\x2f\xfd"):
            return


_UNPACK = {
    "gzip": _unpack_gzip,
    "deflate": _unpack_deflate,
    "br": _unpack_brotli,
    "zstd": _unpack_zstd,
}
