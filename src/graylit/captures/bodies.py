"""Bodies of responses: unpacked within a limit."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import brotli
import zstandard

STEP_BYTES = 1 << 20  # unpacked at a time, so that a bomb is noticed before it fills memory: chosen, not measured


class PackedBodyError(ValueError):
    """A body that cannot be unpacked: cut off, damaged or packed in an unknown way."""


class TooLargeError(ValueError):
    """A body that exceeds the limit of bytes once it is unpacked."""


def unpack_body(body: bytes, encoding: str, max_bytes: int | None = None) -> bytes:
    """Return a body with its content encodings undone, last one first.

    Raises PackedBodyError if that fails, TooLargeError if the result exceeds `max_bytes`.
    """
    for name in reversed([part.strip().lower() for part in encoding.split(",")]):
        if name in ("", "identity") or not body:
            continue
        if name not in _UNPACK:
            raise PackedBodyError(f"packed as {name[:40]!r}")
        unpacked = bytearray()
        try:
            for chunk in _UNPACK[name](body):
                unpacked += chunk
                if max_bytes is not None and len(unpacked) > max_bytes:
                    raise TooLargeError(f"more than {max_bytes} bytes once unpacked")
        except (zlib.error, brotli.error, zstandard.ZstdError, EOFError) as error:
            raise PackedBodyError(f"{name}: {error}") from error
        body = bytes(unpacked)
    return body


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
    "x-gzip": _unpack_gzip,
    "deflate": _unpack_deflate,
    "br": _unpack_brotli,
    "zstd": _unpack_zstd,
}
