"""Captures from local archives: WARC files of both versions, packed or not, whole or damaged."""

import datetime
import gzip
import shutil
from pathlib import Path

import pytest

from archives import ARCHIVED_AT, PAGES, PUBLIC_ROOFS, Page, format_record, write_archive
from capture_records import check_warc, list_warcs, read_body, read_captures, read_outcomes, read_records
from conftest import (
    collect_archived,
    copy_mini,
    read_table,
)
from graylit.captures.archive_index import index_archives
from graylit.captures.warcs import digest_body, read_response
from graylit.collection.archives import Look, take_from_archive
from graylit.collection.capture_files import CaptureWriter
from graylit.tables.collection import CAPTURES
from graylit.tables.faults import InputError
from loopback import format_page

STARTED = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
NOW = "2026-03-02T09:00:00Z"


ERROR_PAGE = Page("http://noravelt.example/honig.html", status="404 Not Found", body=b"<p>Gone.</p>")


PLAIN_URLS = ("http://apiary-society.example/reports/swarms-2023.txt", "http://lindenstreet.example/map/")


@pytest.fixture(scope="module")
def archived(tmp_path_factory) -> Path:
    """Collect the mini study from two archives, WARC 1.1 with gzip and 1.0 without; one page is in neither."""
    base = tmp_path_factory.mktemp("archived")
    folder = copy_mini(base / "study")
    for path in (folder / "data/raw").iterdir():
        path.unlink()
    left_out = "http://hivewall.example/checklists/inspection.md"
    first = [page for page in PAGES if page.url not in (*PLAIN_URLS, left_out)]
    second = [*(page for page in PAGES if page.url in PLAIN_URLS), ERROR_PAGE]
    archives = write_archive(base / "first.warc.gz", first), write_archive(base / "second.warc", second, version="1.0")
    done = collect_archived(folder, *archives)
    assert done.returncode == 0, done.stderr
    return folder


def test_each_source_has_one_row_with_its_outcome(archived):
    captured = dict.fromkeys(("S001", "S002", "S003", "S005", "S007", "S008"), "captured")
    others = {"S004": "moved", "S006": "not_in_archive", "S009": "needs_browser", "S010": "gone"}
    assert read_outcomes(archived) == captured | others
    assert len(read_captures(archived)) == 10


def test_the_collection_says_how_each_source_stands(archived):
    rows = read_table(archived / "data/raw/collection.csv")
    assert {row["source_id"]: row["outcome"] for row in rows} == read_outcomes(archived)
    assert {(row["origin"], row["n_attempts"]) for row in rows} == {("archive", "1")}


def test_rows_name_the_archive_its_date_and_the_last_address(archived):
    rows = {row["source_id"]: row for row in read_captures(archived)}
    assert rows["S001"]["note"] == "first.warc.gz"
    assert rows["S007"]["note"] == "second.warc"
    assert rows["S001"]["captured_at"] == ARCHIVED_AT
    assert rows["S004"]["final_url"] == PUBLIC_ROOFS
    assert rows["S010"]["status"] == "404"


def test_bodies_from_archives_are_those_of_the_pages(archived):
    pages = {page.url: page.read() for page in PAGES}
    with_body = [row for row in read_captures(archived) if row["outcome"] in ("captured", "moved")]
    assert len(with_body) == 7
    for row in with_body:
        body = read_body(archived, row)
        assert body == pages[row["final_url"]]
        assert (row["sha256"], row["n_bytes"]) == (digest_body(body), str(len(body)))


def test_the_whole_chain_of_a_redirect_is_kept(archived):
    urls = [record.url for path in list_warcs(archived) for record in read_records(path)]
    assert {"http://city-garden.example/bees", PUBLIC_ROOFS} <= set(urls)


def test_the_digests_of_our_copy_hold(archived):
    (path,) = list_warcs(archived)
    checked = check_warc(path)
    assert checked.returncode == 0, checked.stdout
    assert "fail" not in checked.stdout.lower()


def test_a_second_collection_asks_only_for_what_is_missing_and_heals_a_cut_row(archived, tmp_path):
    folder = Path(shutil.copytree(archived, tmp_path / "study"))
    path = folder / "data/raw/captures.csv"
    whole = path.read_bytes()
    path.write_bytes(whole + b'S001-2,S001,"http://linden')
    archive = write_archive(tmp_path / "third.warc.gz", [page for page in PAGES if page.file == "inspection.md"])
    done = collect_archived(folder, archive)
    assert done.returncode == 0, done.stderr
    assert path.read_bytes().startswith(whole)
    added = read_captures(folder)[10:]
    assert [(row["capture_id"], row["outcome"]) for row in added] == [
        ("S006-2", "captured"),
        ("S009-2", "not_in_archive"),
        ("S010-2", "not_in_archive"),
    ]


def read_first(archives: list[Path], url: str) -> bytes | None:
    """Return the body of the best answer for an address."""
    answers = Look(index_archives(archives), STARTED, max_bytes=100_000).list_answers(url)
    return next((answer.response.body for answer in answers if answer.response), None)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_archives_of_both_versions_are_read_packed_or_not(tmp_path, name, version):
    archive = write_archive(tmp_path / name, version=version)
    for page in PAGES:
        assert read_first([archive], page.url) == (page.read() or PAGES[4].read())


def test_of_several_archives_the_latest_good_answer_counts(tmp_path):
    url = "http://a.example/page"
    old = Page(url, body=b"old", archived_at="2024-01-01T00:00:00Z")
    new = Page(url, body=b"new", archived_at="2025-01-01T00:00:00Z")
    gone = Page(url, status="404 Not Found", body=b"gone", archived_at="2026-01-01T00:00:00Z")
    paths = [write_archive(tmp_path / f"{i}.warc.gz", [page]) for i, page in enumerate((new, gone, old))]
    for order in (paths, paths[::-1]):
        assert read_first(order, url) == b"new"


def test_redirects_that_turn_in_a_circle_are_not_in_the_archive(tmp_path):
    pages = [
        Page("http://a.example/one", status="302 Found", headers=(("Location", "/two"),)),
        Page("http://a.example/two", status="302 Found", headers=(("Location", "/one"),)),
    ]
    assert read_first([write_archive(tmp_path / "circle.warc.gz", pages)], "http://a.example/one") is None


ODD_ANSWER = b"HTTP/1.1 200 OK\r\nContent-type:text/html\r\nX-Odd:   three spaces\r\n\r\n" + format_page("odd")


CHUNKED_ANSWER = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n7\r\n second\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "body"), [(ODD_ANSWER, format_page("odd")), (CHUNKED_ANSWER, b"first second")], ids=["odd", "chunked"]
)
@pytest.mark.parametrize("has_digest", [True, False], ids=["with digest", "without"])
def test_a_record_is_copied_as_it_is(tmp_path, answer, body, has_digest):
    url = "http://a.example/odd"
    record = format_record(url, answer)
    if has_digest:
        digest = b"WARC-Block-Digest: sha256:" + digest_body(answer).encode() + b"\r\nContent-Type: application/http"
        payload = answer.partition(b"\r\n\r\n")[2]
        digest = b"WARC-Payload-Digest: sha256:" + digest_body(payload).encode() + b"\r\n" + digest
        record = record.replace(b"Content-Type: application/http", digest, 1)
    (tmp_path / "odd.warc").write_bytes(record)
    writer = CaptureWriter(tmp_path / "raw", STARTED)
    index = index_archives([tmp_path / "odd.warc"])
    attempt = take_from_archive({"source_id": "S001", "url": url}, index, 100_000, NOW)
    row = writer.add(attempt.row, attempt.records)
    writer.close()
    assert row["outcome"] == "captured"
    assert read_response(writer.path, int(row["warc_offset"])).body == body
    assert answer in gzip.decompress(writer.path.read_bytes())
    checked = check_warc(writer.path)
    assert checked.returncode == 0, checked.stdout


def _cut(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


def _spoil(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes(255 - byte for byte in content[middle : middle + 40]) + content[middle + 40 :]


def _pack_as_one(content: bytes) -> bytes:
    return gzip.compress(gzip.decompress(content))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("pages.warc.gz", _cut),
        ("pages.warc", _cut),
        ("pages.warc.gz", _spoil),
        ("pages.warc.gz", _pack_as_one),
        ("pages.warc.gz", lambda content: b"<html>not an archive</html>"),
        ("pages.warc.gz", lambda content: b""),
    ],
    ids=["cut gz", "cut plain", "spoiled gz", "packed as one", "no archive", "empty"],
)
def test_a_damaged_archive_is_refused(tmp_path, name, damage):
    path = write_archive(tmp_path / name)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(InputError, match=f"{name}.*cannot be read as WARC"):
        index_archives([path])


@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_an_archive_cut_off_anywhere_inside_a_record_is_refused(tmp_path, name):
    whole = write_archive(tmp_path / name, [Page("http://a.example/page", body=b"<p>A few words.</p>")])
    content = whole.read_bytes()
    cut = tmp_path / f"cut-{name}"
    accepted = []
    for length in range(1, len(content)):
        cut.write_bytes(content[:length])
        try:
            index_archives([cut])
        except InputError:
            continue
        accepted.append(length)
    # What lacks only the empty lines after a record, or ends where a record ends, is whole.
    bounds = [content.index(b"\x1f\x8b", 2)] if name.endswith("gz") else [content.index(b"WARC/1.1", 9), len(content)]
    assert accepted and all(any(0 <= bound - length <= 4 for bound in bounds) for length in accepted)


def test_the_run_names_a_damaged_archive_and_keeps_no_row(tmp_path):
    folder = copy_mini(tmp_path / "study")
    captures = folder / "data/raw/captures.csv"
    captures.write_text(",".join(CAPTURES.names) + "\n")
    damaged = tmp_path / "damaged.warc.gz"
    damaged.write_bytes(b"<html>not an archive</html>")
    done = collect_archived(folder, write_archive(tmp_path / "good.warc.gz"), damaged)
    assert done.returncode != 0
    assert f"{damaged}: cannot be read as WARC" in done.stderr
    assert "Traceback" not in done.stderr
    assert read_captures(folder) == []


def test_an_archive_that_is_not_there_is_named(tmp_path):
    done = collect_archived(copy_mini(tmp_path / "study"), tmp_path / "none.warc.gz")
    assert done.returncode != 0
    assert f"{tmp_path / 'none.warc.gz'}: is missing" in done.stderr
