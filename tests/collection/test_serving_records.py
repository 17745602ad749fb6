"""Which record of an archive serves a page: whole answers to GET come first, the nearest to the wanted date of them."""

import datetime
import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from graylit.captures.archive_index import index_archives
from graylit.captures.verifying import verify_file
from graylit.captures.warcs import digest_body, read_response
from graylit.collection.archives import take_from_archive
from graylit.collection.attempts import Attempt
from graylit.collection.capture_files import CaptureWriter
from warc_records import DATE, PAGE, URL, Made, make_answer, make_id, write_arc, write_warc

NOW = "2026-11-01T00:00:00Z"
LATER = "2026-03-02T08:15:39Z"
STARTED = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
OTHER = "http://b.example/copy"
HELD = Made("response", make_answer())
OLDER = PAGE.replace(b"gravel", b"stones")
DIGEST = f"sha256:{digest_body(PAGE)}"


def take(*archives: Path, url: str = URL, coded_at: datetime.datetime | None = None) -> Attempt:
    return take_from_archive({"source_id": "S001", "url": url}, index_archives(archives), 100_000, NOW, coded_at)


def later(kind: str, block: bytes, **fields: str) -> Made:
    """Return a record of the page that was made after it."""
    return Made(kind, block, date=LATER, fields={f"WARC-{name.replace('_', '-')}": v for name, v in fields.items()})


def ask(method: str, **fields: str) -> Made:
    return later("request", f"{method} /guides/page HTTP/1.1\r\nHost: a.example\r\n\r\n".encode(), **fields)


JSON = make_answer(b'{"ok": true}')
BARE = make_answer(b"", "200 OK", "Content-Length: 1735")  # as servers answer HEAD
RANGE = make_answer(PAGE[:120], "206 Partial Content", f"Content-Range: bytes 0-119/{len(PAGE)}")
WALL = make_answer(b"<html><head><title>Just a moment...</title></head><body>Checking</body></html>")
IN_CHUNKS = b"%x\r\n%s\r\n%x;name=value\r\n%s\r\n0\r\n\r\n" % (700, PAGE[:700], len(PAGE) - 700, PAGE[700:])
CHUNKED = make_answer(IN_CHUNKS, "200 OK", "Transfer-Encoding: chunked")
# What an archive holds for the page beside the page itself, all of it made later.
BESIDE = {
    "not modified": [later("response", b"HTTP/1.1 304 Not Modified\r\n\r\n")],
    "HEAD, the request after it": [later("response", BARE), ask("HEAD")],
    "HEAD, no request": [later("response", BARE)],
    "OPTIONS": [later("response", b"HTTP/1.1 204 No Content\r\n\r\n"), ask("OPTIONS")],
    "POST, named by the request": [later("response", JSON), ask("POST", Concurrent_To=make_id(1))],
    "POST, named by the answer": [ask("POST"), later("response", JSON, Concurrent_To=make_id(1))],
    "POST, unnamed before it": [ask("POST"), later("response", JSON)],
    "POST, beside a GET of the same second": [
        later("response", WALL),
        ask("GET"),
        later("response", JSON),
        ask("POST"),
    ],
    "a resource of another kind asked for by PUT": [ask("PUT"), later("response", JSON)],
    "a part": [later("response", RANGE)],
    "a wall": [later("response", WALL)],
    "an error": [later("response", make_answer(b"<h1>Sorry</h1>", "503 Service Unavailable"))],
    "a redirect that leads nowhere": [later("response", make_answer(b"", "302 Found", "Location: /login"))],
    "a redirect to another form of its address": [
        replace(later("response", make_answer(b"", "301 Moved", f"Location: {URL}")), url=URL + "/")
    ],
    "a redirect to an odd address": [later("response", make_answer(b"", "302 Found", "Location: http://[::1"))],
    "a redirect to a part": [
        later("response", make_answer(b"", "302 Found", f"Location: {OTHER}")),
        replace(later("response", RANGE), url=OTHER),
    ],
    "cut off": [later("response", make_answer(PAGE)[:600], Truncated="length")],
    "cut off without a word": [later("response", make_answer(PAGE)[:600])],
    "cut off in a chunk": [later("response", CHUNKED[:-900])],
    "cut off before the last chunk": [later("response", CHUNKED[:-5])],
    "the first segment": [later("response", make_answer(PAGE)[:600], Segment_Number="1")],
    "a continuation": [later("continuation", PAGE[600:], Segment_Number="2", Segment_Origin_ID=make_id(0))],
    "metadata": [later("metadata", b"fetchTimeMs: 655\r\n")],
    "a conversion": [later("conversion", b"<p>Rendered.</p>")],
    "a revisit of what nobody holds": [later("revisit", b"", Refers_To=make_id(99), Profile="x/identical")],
    "a record whose content has changed": [later("response", make_answer(OLDER), Block_Digest=DIGEST)],
    "an undated record": [replace(later("response", WALL), date="yesterday")],
}


@pytest.mark.parametrize("beside", BESIDE)
def test_a_page_that_is_held_whole_serves_whatever_else_there_is(tmp_path, beside):
    attempt = take(write_warc(tmp_path / "a.warc.gz", HELD, *BESIDE[beside]))
    assert (attempt.row["outcome"], attempt.row["captured_at"]) == ("captured", DATE)
    assert attempt.row["sha256"] == digest_body(PAGE)


# What an archive says of a page that it does not hold whole, by the same records.
ALONE = {
    "not modified": ("http_error", "status 304"),
    "HEAD, the request after it": ("not_in_archive", "answers HEAD, not GET"),
    "HEAD, no request": ("cut_off", "0 of 1735 bytes"),
    "POST, unnamed before it": ("not_in_archive", "answers POST, not GET"),
    "a part": ("cut_off", "status 206"),
    "a wall": ("bot_check", ""),
    "an error": ("busy", "status 503"),
    "a redirect that leads nowhere": ("not_in_archive", "it leads to http://a.example/login, which no archive holds"),
    "a redirect to another form of its address": ("not_in_archive", f"it leads to {URL}, which no archive holds"),
    "cut off": ("cut_off", "WARC-Truncated: length"),
    "cut off without a word": ("cut_off", "bytes"),
    "cut off in a chunk": ("cut_off", "before the last chunk"),
    "cut off before the last chunk": ("cut_off", "before the last chunk"),
    "the first segment": ("cut_off", "WARC-Segment-Number"),
    "metadata": ("not_in_archive", ""),
    "a revisit of what nobody holds": ("not_in_archive", "revisit"),
    "a record whose content has changed": ("bad_answer", "WARC-Block-Digest"),
    "an undated record": ("not_in_archive", "no valid WARC-Date"),
}


@pytest.mark.parametrize("beside", ALONE)
def test_what_is_no_whole_page_says_what_it_is(tmp_path, beside):
    row = take(write_warc(tmp_path / "a.warc.gz", *BESIDE[beside])).row
    outcome, words = ALONE[beside]
    assert row["outcome"] == outcome
    assert words in row["note"]


def test_the_answer_nearest_to_the_last_coding_serves_else_the_latest(tmp_path):
    dates = ["2024-01-05T00:00:00Z", "2026-02-20T10:11:12Z", "2026-09-01T00:00:00Z"]
    archive = write_warc(tmp_path / "a.warc.gz", *(Made("response", make_answer(), date=date) for date in dates))
    coded = [datetime.datetime(year, 3, 2, tzinfo=datetime.UTC) for year in (2020, 2026)]
    assert [take(archive, coded_at=when).row["captured_at"] for when in [*coded, None]] == dates


def test_a_redirect_to_a_held_page_counts_as_its_answer(tmp_path):
    records = [
        Made("response", make_answer(OLDER), date="2024-01-05T00:00:00Z"),
        later("response", make_answer(b"", "301 Moved", f"Location: {OTHER}")),
        replace(later("response", make_answer()), url=OTHER),
    ]
    attempt = take(write_warc(tmp_path / "a.warc", *records))
    assert (attempt.row["outcome"], attempt.row["final_url"]) == ("moved", OTHER)
    assert attempt.row["sha256"] == digest_body(PAGE)
    assert len(attempt.records) == 2


@pytest.mark.parametrize("body", [IN_CHUNKS, IN_CHUNKS[:-2], IN_CHUNKS.replace(b"\r\n", b"\n"), PAGE])
def test_a_body_in_chunks_is_whole_with_its_last_one_or_without_any(tmp_path, body):
    answer = make_answer(body, "200 OK", "Transfer-Encoding: chunked")
    row = take(write_warc(tmp_path / "a.warc", Made("response", answer))).row
    assert (row["outcome"], row["sha256"]) == ("captured", digest_body(PAGE))


def test_a_whole_answer_in_parts_of_one_is_whole(tmp_path):
    whole = make_answer(PAGE, "206 Partial Content", f"Content-Range: bytes 0-{len(PAGE) - 1}/{len(PAGE)}")
    assert take(write_warc(tmp_path / "a.warc", Made("response", whole))).row["outcome"] == "captured"


ODDLY_WRITTEN = {
    "type in another case": Made("Response", make_answer()),
    "scheme in capitals": Made("response", make_answer(), url=URL.replace("http", "HTTP")),
    "early hints before the answer": Made("response", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + HELD.block),
    "continue before the answer": Made("response", b"HTTP/1.1 100 Continue\r\n\r\n" + make_answer()),
    "no version of HTTP": Made("response", make_answer().replace(b"HTTP/1.1", b"HTTP")),
}


@pytest.mark.parametrize("written", ODDLY_WRITTEN)
def test_an_answer_is_one_however_its_record_is_written(tmp_path, written):
    attempt = take(write_warc(tmp_path / "a.warc.gz", ODDLY_WRITTEN[written]))
    row, path = keep(attempt, tmp_path / "raw")
    assert (row["outcome"], row["status"], row["sha256"]) == ("captured", "200", digest_body(PAGE))
    assert read_response(path, int(row["warc_offset"])).body == PAGE


def test_an_address_with_blanks_prints_nothing(tmp_path, capfd):
    path = write_warc(tmp_path / "a.warc.gz", Made("response", make_answer(), url=f"<{URL} b>"))
    assert take(path, url=f"{URL}%20b").row["outcome"] == "captured"
    assert capfd.readouterr() == ("", "")


def test_octets_of_a_redirect_that_are_no_utf_8_lead_on_as_they_are(tmp_path):
    there = b"HTTP/1.1 302 Found\r\nLocation: /caf\xe9\r\nContent-Length: 0\r\n\r\n"
    target = Made("response", make_answer(), url="http://a.example/caf%E9")
    assert take(write_warc(tmp_path / "a.warc", Made("response", there), target)).row["outcome"] == "moved"


# Records without HTTP, and revisits -----------------------------------------------------------------------------


def keep(attempt: Attempt, folder: Path) -> tuple[dict[str, str], Path]:
    """Write an attempt as a collection does; every record of it must hold."""
    writer = CaptureWriter(folder, STARTED)
    row = writer.add({"capture_id": "S001-1"} | attempt.row, attempt.records)
    writer.close()
    assert verify_file(writer.path, [row])[1] == []
    return row, writer.path


def test_a_resource_record_is_a_page(tmp_path):
    attempt = take(write_warc(tmp_path / "a.warc.gz", Made("resource", PAGE)))
    row, path = keep(attempt, tmp_path / "raw")
    assert (row["outcome"], row["media_type"], row["status"]) == ("captured", "text/html", "200")
    assert read_response(path, int(row["warc_offset"])).body == PAGE


def test_a_resource_record_is_unpacked_as_an_answer_is(tmp_path):
    attempt = take(write_warc(tmp_path / "a.warc.gz", Made("resource", gzip.compress(PAGE))))
    assert (attempt.row["outcome"], attempt.row["sha256"]) == ("captured", digest_body(PAGE))


def test_a_resource_record_that_holds_an_answer_is_read_as_one(tmp_path):
    record = Made("resource", make_answer(), fields={"Content-Type": "application/http; msgtype=response"})
    row, path = keep(take(write_warc(tmp_path / "a.warc.gz", record)), tmp_path / "raw")
    assert (row["outcome"], row["media_type"]) == ("captured", "text/html; charset=utf-8")
    copy = read_response(path, int(row["warc_offset"]))
    assert (copy.body, copy.headers["content-length"]) == (PAGE, str(len(PAGE)))


def test_chunks_are_undone_whatever_else_names_a_coding(tmp_path):
    answer = make_answer(IN_CHUNKS, "200 OK", "Transfer-Encoding: chunked", "Transfer-Encoding: identity")
    assert take(write_warc(tmp_path / "a.warc", Made("response", answer))).row["sha256"] == digest_body(PAGE)


def test_a_resource_record_is_read_no_further_than_asked(tmp_path):
    assert take(write_warc(tmp_path / "a.warc", Made("resource", b"x" * 100_001))).row["outcome"] == "too_large"


SAME, UNMODIFIED = (
    f"http://netpreserve.org/warc/1.1/revisit/{name}" for name in ("identical-payload-digest", "server-not-modified")
)
EMPTY = f"sha256:{digest_body(b'')}"
ORIGINAL = Made("response", make_answer(), url=OTHER, fields={"WARC-Payload-Digest": DIGEST})
REVISITS = {
    "by id": (ORIGINAL, later("revisit", b"", Profile=SAME, Refers_To=make_id(0))),
    "by address and date": (
        ORIGINAL,
        later("revisit", b"", Profile=SAME, Refers_To_Target_URI=OTHER, Refers_To_Date=DATE),
    ),
    "by its address in another form": (
        ORIGINAL,
        later("revisit", b"", Profile=SAME, Refers_To_Target_URI="<HTTP://B.example:80/copy>", Refers_To_Date=DATE),
    ),
    "by digest, of another address": (ORIGINAL, later("revisit", b"", Profile=SAME, Payload_Digest=DIGEST)),
    "with the head of its answer, cut off by its nature": (
        ORIGINAL,
        later("revisit", make_answer(b"", "200 OK", "Content-Length: 9999"), Payload_Digest=DIGEST, Truncated="length"),
    ),
    "not modified, which says no more": (HELD, later("revisit", b"", Profile=UNMODIFIED)),
    "not modified, with the digest of nothing": (
        HELD,
        later("revisit", b"HTTP/1.1 304 Not Modified\r\n\r\n", Profile=UNMODIFIED, Payload_Digest=EMPTY),
    ),
}


@pytest.mark.parametrize("how", REVISITS)
def test_a_revisit_has_the_body_of_the_record_it_refers_to(tmp_path, how):
    first, revisit = REVISITS[how]
    archives = write_warc(tmp_path / "a.warc.gz", first), write_warc(tmp_path / "b.warc.gz", HELD, revisit)
    attempt = take(*archives if first is ORIGINAL else archives[1:])
    row, path = keep(attempt, tmp_path / "raw")
    assert (row["outcome"], row["captured_at"], row["final_url"]) == ("captured", LATER, URL)
    assert read_response(path, int(row["warc_offset"])).body == PAGE


def test_a_copied_revisit_names_its_original(tmp_path):
    revisit = later("revisit", b"", Profile=SAME, Payload_Digest=DIGEST)
    copied = take(write_warc(tmp_path / "a.warc", ORIGINAL, revisit)).records[0].rec_headers
    assert copied.get_header("WARC-Refers-To-Target-URI") == OTHER
    assert copied.get_header("WARC-Refers-To-Date") == DATE


def test_a_revisit_of_a_redirect_leads_on(tmp_path):
    away = make_answer(b"", "301 Moved", f"Location: {OTHER}")
    records = [Made("response", away), later("revisit", b"", Profile=SAME, Refers_To=make_id(0)), ORIGINAL]
    attempt = take(write_warc(tmp_path / "a.warc", *records))
    assert (attempt.row["outcome"], attempt.row["final_url"]) == ("moved", OTHER)


# ARC files, and odd WARC files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.arc", "a.arc.gz"])
@pytest.mark.parametrize("answer", [make_answer(), make_answer().replace(b"\r\n", b"\n")], ids=["CRLF", "LF"])
def test_an_arc_file_is_read_and_its_record_kept_as_one_of_warc(tmp_path, name, answer):
    row, path = keep(take(write_arc(tmp_path / name, answer)), tmp_path / "raw")
    assert (row["outcome"], row["captured_at"]) == ("captured", DATE)
    assert read_response(path, int(row["warc_offset"])).body == PAGE


def test_an_address_with_a_space_in_an_arc_file_is_found(tmp_path):
    archive = write_arc(tmp_path / "a.arc", make_answer(), url="http://a.example/two words")
    assert take(archive, url="http://a.example/two%20words").row["outcome"] == "captured"


def test_an_arc_record_with_an_odd_date_is_not_used(tmp_path):
    row = take(write_arc(tmp_path / "a.arc", make_answer(), date="20269902081530")).row
    assert (row["outcome"], row["note"]) == ("not_in_archive", "its record has no valid WARC-Date")


@pytest.mark.parametrize("version", ["0.17", "0.18", "1.0", "1.1"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_records_of_all_versions_and_line_ends_are_read(tmp_path, version, line_end, name):
    record = replace(HELD, version=version, line_end=line_end)
    assert take(write_warc(tmp_path / name, record)).row["sha256"] == digest_body(PAGE)


def test_names_of_fields_are_read_in_any_case(tmp_path):
    path = tmp_path / "a.warc"
    content = HELD.format(0)
    head, block = content.split(b"\r\n\r\n", 1)
    path.write_bytes(b"WARC/1.1" + head.removeprefix(b"WARC/1.1").lower() + b"\r\n\r\n" + block)
    assert take(path).row["outcome"] == "captured"


def test_a_record_that_goes_on_after_its_stated_length_is_cut(tmp_path):
    short = replace(HELD, block=make_answer(), fields={"Content-Length": "600"})
    row = take(write_warc(tmp_path / "a.warc.gz", short)).row
    assert (row["outcome"], "Content-Length" in row["note"]) == ("cut_off", True)


@pytest.mark.parametrize("stated", ["sha1:2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "sha-256:00", "sha1:AAAA", "md5000:1"])
def test_a_wrong_digest_of_the_payload_is_not_handed_on(tmp_path, stated):
    record = replace(HELD, fields={"WARC-Payload-Digest": stated})
    row, _ = keep(take(write_warc(tmp_path / "a.warc", record)), tmp_path / "raw")
    assert row["outcome"] == "captured"


def test_a_request_that_states_no_method_says_nothing_against_its_answer(tmp_path):
    odd = later("request", b"HTTP/1.1 200 OK\r\nHost: a.example\r\n\r\n", Concurrent_To=make_id(0))
    assert take(write_warc(tmp_path / "a.warc", HELD, odd)).row["outcome"] == "captured"


def test_an_answer_that_a_get_names_is_one_to_get_whatever_else_names_it(tmp_path):
    asked = [ask(method, Concurrent_To=make_id(0)) for method in ("GET", "POST")]
    assert take(write_warc(tmp_path / "a.warc", HELD, *asked)).row["outcome"] == "captured"
