"""What an archived answer is taken for: its packing and what it sends its reader to, as on the live web."""

import gzip

import pytest

from archives import format_record
from graylit.captures.archive_index import index_archives
from graylit.collection.archives import take_from_archive
from loopback import format_page

URL = "http://hives.example/guides/page"
NOW = "2026-03-02T09:00:00Z"
GOOD = format_page("A good page")


def answer(body, *fields, media_type="text/html"):
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {media_type}", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def take(folder, *answers):
    """Return the row of the page at URL, from an archive of answers: of that page, then of /guides/1, /guides/2 …"""
    urls = [URL, *(f"http://hives.example/guides/{number}" for number in range(1, len(answers)))]
    records = [format_record(url, content) for url, content in zip(urls, answers, strict=True)]
    (folder / "pages.warc").write_bytes(b"".join(records))
    index = index_archives([folder / "pages.warc"])
    return take_from_archive({"source_id": "S001", "url": URL}, index, 100_000, NOW).row


@pytest.mark.parametrize(
    ("body", "coding", "outcome"),
    [
        (GOOD, "none", "captured"),
        (GOOD, "utf-8", "captured"),
        (GOOD, "gzip", "captured"),
        (gzip.compress(GOOD, mtime=0), "gzip, chunked", "captured"),
        (gzip.compress(GOOD, mtime=0), "none", "captured"),
        (gzip.compress(GOOD, mtime=0)[:-20], "gzip", "bad_answer"),
        (gzip.compress(GOOD, mtime=0)[:-20], "none", "bad_answer"),
    ],
)
def test_packing_is_judged_as_on_the_live_web(tmp_path, body, coding, outcome):
    row = take(tmp_path, answer(body, f"Content-Encoding: {coding}"))
    assert (row["outcome"], row["n_bytes"]) == (outcome, str(len(GOOD)) if outcome == "captured" else "0")


@pytest.mark.parametrize(
    ("head", "field", "number"),
    [
        ('<meta http-equiv="Refresh" content="0; url=/guides/1">', "", 1),
        ("", "Refresh: 0; url=/guides/1", 1),
        ('<base href="/guides/"><meta http-equiv="Refresh" content="0; url=1">', "", 1),
        ('<noscript><meta http-equiv="refresh" content="0; url=/guides/1"></noscript>', "", 0),
    ],
)
def test_refreshes_are_followed_as_on_the_live_web(tmp_path, head, field, number):
    opening = GOOD.replace(b"<head>", f"<head>{head}".encode())
    row = take(tmp_path, answer(opening, field or "X-A: 1"), answer(GOOD))
    assert row["final_url"] == (f"http://hives.example/guides/{number}" if number else URL)
    assert row["outcome"] == ("moved" if number else "captured")
