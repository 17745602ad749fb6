"""Bodies are unpacked as browsers do, by one rule for the live web and for archives."""

import gzip
import zlib

import brotli
import pytest
import zstandard

from graylit.captures.bodies import PackedBodyError, TooLargeError, unpack_body

PAGE = "<!DOCTYPE html><title>Hives</title><p>It’s quiet.</p>".encode()
PACKED = gzip.compress(PAGE, mtime=0)


def unpack(body, coding="", media_type="text/html", max_bytes=None):
    return unpack_body(body, {"content-encoding": coding, "content-type": media_type}, max_bytes)


@pytest.mark.parametrize(
    "coding", ["", "none", "identity", "utf-8", "binary", "chunked", "aws-chunked", "sdch", ",", "*"]
)
def test_what_is_no_coding_leaves_a_body_as_it_is(coding):
    assert unpack(PAGE, coding) == PAGE


@pytest.mark.parametrize(
    "coding",
    [
        "gzip",
        "GZIP",
        "x-gzip",
        "gzip, chunked",
        "chunked, gzip",
        "gzip,",
        "utf-8, gzip",
        "gzip, gzip",
        "gzip;q=1",
        "deflate",
    ],
)
def test_a_coding_counts_in_any_spelling_and_company(coding):
    assert unpack(PACKED, coding) == PAGE


@pytest.mark.parametrize("body", [PACKED, gzip.compress(PACKED, mtime=0), zstandard.compress(PAGE)])
@pytest.mark.parametrize("coding", ["", "none", "identity"])
def test_a_body_packed_without_saying_so_is_unpacked(body, coding):
    assert unpack(body, coding) == PAGE


@pytest.mark.parametrize(
    "media_type", ["application/gzip", "application/x-gzip", "application/x-tar", "application/zstd"]
)
def test_a_packed_file_that_a_page_offers_stays_packed(media_type):
    assert unpack(PACKED, "", media_type) == PACKED
    assert unpack(gzip.compress(PACKED), "gzip", media_type) == PACKED


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, br"])
@pytest.mark.parametrize("body", [PAGE, b"%PDF-1.7\n%\x00\x01"])
def test_a_coding_that_was_not_applied_or_is_undone_leaves_a_body_as_it_is(body, coding):
    assert unpack(body, coding) == body


@pytest.mark.parametrize(
    ("body", "coding"),
    [
        (PACKED[:-12], "gzip"),
        (PACKED[:-12], ""),
        (PACKED[:20] + b"\xff\xff\xff" + PACKED[23:], "gzip"),
        (zstandard.compress(PAGE)[:-6], "zstd"),
        (brotli.compress(PAGE)[:-6], "br"),
        (zlib.compress(PAGE)[:-12], "deflate"),
    ],
)
def test_a_damaged_body_is_said_so(body, coding):
    with pytest.raises(PackedBodyError):
        unpack(body, coding)


@pytest.mark.parametrize("coding", ["gzip", ""])
def test_a_bomb_is_noticed_also_if_it_does_not_say_so(coding):
    with pytest.raises(TooLargeError):
        unpack(gzip.compress(bytes(3_000_000)), coding, max_bytes=100_000)


def test_a_file_that_unpacks_to_itself_comes_to_an_end():
    body = PAGE
    for _ in range(6):
        body = gzip.compress(body)
    assert unpack(body).startswith(b"\x1f\x8b")
