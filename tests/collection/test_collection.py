"""Collection: from archives and from a live site, what is kept of each answer, and what a killed run leaves."""

import datetime
import fcntl
import gzip
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from archives import ARCHIVED_AT, PAGES, PUBLIC_ROOFS, Page, format_record, write_archive
from conftest import (
    clean_environment,
    collect_archived,
    collect_live,
    copy_mini,
    list_collection_arguments,
    list_command,
    make_study,
    read_table,
    run_snakemake,
    write_table,
)
from graylit.captures.warcs import digest_body, index_archives, read_response
from graylit.collection.archives import take_from_archive
from graylit.collection.capture_files import CaptureWriter
from graylit.collection.capture_table import CaptureTable
from graylit.collection.turns import spread_over_hosts
from graylit.collection.web import fetch_page, open_web
from graylit.preparation.shards import shard_of
from graylit.study.study import read_captures as read_captures_of_study
from graylit.tables.collection import CAPTURES
from graylit.tables.faults import InputError
from loopback import WAIT_S, Site, format_page, serve_site

SETTINGS = {
    "contact": "http://127.0.0.1/tests",
    "allowed_addresses": ["127.0.0.0/8", "::1"],
    "delay_s": 0,
    "hosts_at_once": 4,
    "n_retries": 0,
    "timeout_s": WAIT_S,
    "source_limit_s": WAIT_S,
    "run_limit_s": 60,
    "max_bytes": 100_000,
}
STARTED = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
NOW = "2026-03-02T09:00:00Z"


def read_captures(folder: Path) -> list[dict[str, str]]:
    return read_table(folder / "data/raw/captures.csv")


def read_outcomes(folder: Path) -> dict[str, str]:
    """Return the outcome of each source's last attempt."""
    return {row["source_id"]: row["outcome"] for row in read_captures(folder)}


def read_body(folder: Path, row: dict[str, str]) -> bytes:
    """Return the body that a row of captures.csv points at."""
    return read_response(folder / "data/raw" / row["warc_file"], int(row["warc_offset"])).body


@dataclass(frozen=True)
class Record:
    """A record of a WARC file as warcio reads it."""

    kind: str
    url: str
    concurrent_to: str
    record_id: str
    headers: dict[str, str]
    raw_body: bytes


def read_records(path: Path) -> list[Record]:
    with path.open("rb") as stream:
        return [
            Record(
                record.rec_type,
                record.rec_headers.get_header("WARC-Target-URI") or "",
                record.rec_headers.get_header("WARC-Concurrent-To") or "",
                record.rec_headers.get_header("WARC-Record-ID"),
                {n.lower(): v for n, v in record.http_headers.headers} if record.http_headers else {},
                record.raw_stream.read(),
            )
            for record in ArchiveIterator(stream)
        ]


def check_warc(path: Path) -> subprocess.CompletedProcess[str]:
    """Let warcio check every digest of a file."""
    command = [sys.executable, "-c", "import warcio.cli; warcio.cli.main()", "check", "-v", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return as soon as a condition holds."""
    deadline = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < deadline
        os.sched_yield()


def list_warcs(folder: Path) -> list[Path]:
    return sorted((folder / "data/raw").glob("*.warc.gz"))


# From archives -------------------------------------------------------------------------------------------------

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
    held = [row for row in read_captures(archived) if row["outcome"] in ("captured", "moved")]
    assert len(held) == 7
    for row in held:
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


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("name", ["pages.warc", "pages.warc.gz"])
def test_archives_of_both_versions_are_read_packed_or_not(tmp_path, name, version):
    index = index_archives([write_archive(tmp_path / name, version=version)])
    for page in PAGES:
        (*_, last) = index.find(page.url)
        assert read_response(last.path, last.offset).body == (page.read() or (PAGES[4].read()))


def test_of_several_archives_the_latest_good_answer_counts(tmp_path):
    url = "http://a.example/page"
    old = Page(url, body=b"old", archived_at="2024-01-01T00:00:00Z")
    new = Page(url, body=b"new", archived_at="2025-01-01T00:00:00Z")
    gone = Page(url, status="404 Not Found", body=b"gone", archived_at="2026-01-01T00:00:00Z")
    paths = [write_archive(tmp_path / f"{i}.warc.gz", [page]) for i, page in enumerate((new, gone, old))]
    for order in (paths, paths[::-1]):
        (held,) = index_archives(order).find(url)
        assert read_response(held.path, held.offset).body == b"new"


def test_redirects_that_turn_in_a_circle_are_not_in_the_archive(tmp_path):
    pages = [
        Page("http://a.example/one", status="302 Found", headers=(("Location", "/two"),)),
        Page("http://a.example/two", status="302 Found", headers=(("Location", "/one"),)),
    ]
    assert index_archives([write_archive(tmp_path / "circle.warc.gz", pages)]).find("http://a.example/one") == []


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


# From a live site ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """A study after a collection: its rows, and the visits of the site in that collection."""

    rows: list[dict[str, str]]
    paths: list[str]


@dataclass(frozen=True)
class Live:
    """Three collections of one study: the first, one more, and one that asks S001 again and finds S002 changed."""

    folder: Path
    site: Site
    first: Stage
    second: Stage
    third: Stage


LIVE_PATHS = {
    "S001": "/page/plain",
    "S002": "/page/with-query?b=2&a=1",
    "S003": "/gzip/packed",
    "S004": "/chunked/in-parts",
    "S005": "/redirect/3",
    "S006": "/status/404",
    "S007": "/status/500",
    "S008": "/stall/for-long",
    "S009": "/large/body",
    "S010": "/cut/in-the-middle",
    "S011": "/loop/for-ever",
}
EXPECTED = {
    "S001": "captured",
    "S002": "captured",
    "S003": "captured",
    "S004": "captured",
    "S005": "moved",
    "S006": "gone",
    "S007": "http_error",
    "S008": "timed_out",
    "S009": "too_large",
    "S010": "cut_off",
    "S011": "too_many_redirects",
    "S012": "unreachable",
}


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    base = tmp_path_factory.mktemp("live")
    netrc = base / "netrc"
    netrc.write_text("machine 127.0.0.1 login reader password secret\n")
    netrc.chmod(0o600)
    with serve_site() as site:
        urls = {source_id: site.url(path) for source_id, path in LIVE_PATHS.items()}
        # Port 9 (discard) of the loopback interface answers nothing.
        folder = make_study(base / "study", urls | {"S012": "http://127.0.0.1:9/nobody"})

        def collect(refresh: str = "") -> Stage:
            n_rows = len(read_captures(folder)) if list_warcs(folder) else 0
            n_visits = len(site.visits)
            done = collect_live(folder, refresh, NETRC=str(netrc))
            assert done.returncode == 0, done.stderr
            return Stage(read_captures(folder)[n_rows:], site.paths()[n_visits:])

        first, second = collect(), collect()
        sources = read_table(folder / "config/sources.csv")
        sources[1]["url"] = site.url("/page/another")
        write_table(folder / "config/sources.csv", sources)
        yield Live(folder, site, first, second, third=collect(refresh="S001"))


def test_every_answer_and_every_failure_is_a_row(live):
    assert {row["source_id"]: row["outcome"] for row in live.first.rows} == EXPECTED
    assert len(live.first.rows) == len(EXPECTED)


def test_rows_say_what_went_wrong(live):
    rows = {row["source_id"]: row for row in live.first.rows}
    assert (rows["S006"]["status"], rows["S007"]["status"]) == ("404", "500")
    assert "timed out" in rows["S008"]["note"]
    assert rows["S009"]["note"] == "more than 100000 bytes"
    assert "IncompleteRead" in rows["S010"]["note"]
    assert rows["S011"]["note"] == "more than 10 redirects"
    assert "refused" in rows["S012"]["note"]


def test_a_redirect_leads_to_the_final_address(live):
    row = next(row for row in live.first.rows if row["source_id"] == "S005")
    assert (row["url"], row["final_url"]) == (live.site.url("/redirect/3"), live.site.url("/page/behind-redirects"))


@pytest.mark.parametrize("source_id", ["S001", "S002", "S003", "S004", "S005"])
def test_the_body_read_back_is_the_one_sent(live, source_id):
    row = next(row for row in live.first.rows if row["source_id"] == source_id)
    path = row["final_url"].removeprefix(live.site.url(""))
    body = format_page(path)
    assert read_body(live.folder, row) == body
    assert (row["sha256"], row["n_bytes"]) == (digest_body(body), str(len(body)))


def test_a_packed_body_is_kept_as_it_was_sent(live):
    (record,) = [
        record
        for record in read_records(list_warcs(live.folder)[0])
        if record.kind == "response" and record.url.endswith("/gzip/packed")
    ]
    assert record.headers["content-encoding"] == "gzip"
    assert record.raw_body == gzip.compress(format_page("/gzip/packed"), mtime=0)


def test_each_response_in_the_warc_has_its_request(live):
    records = read_records(list_warcs(live.folder)[0])
    responses = {record.record_id: record.url for record in records if record.kind == "response"}
    requests = {record.concurrent_to: record.url for record in records if record.kind == "request"}
    assert requests == responses
    urls = list(responses.values())
    assert urls.count(live.site.url("/loop/for-ever")) == 11
    for path in ("/redirect/3", "/redirect/2", "/redirect/1", "/page/behind-redirects", "/status/404"):
        assert urls.count(live.site.url(path)) == 1


def test_no_request_carries_a_password_and_none_is_kept(live):
    assert not any("Authorization" in visit.headers for visit in live.site.visits)  # .netrc has one
    for path in list_warcs(live.folder):
        requests = [record for record in read_records(path) if record.kind == "request"]
        assert requests and all("authorization" not in record.headers for record in requests)
        assert all(record.headers["host"] == f"127.0.0.1:{live.site.port}" for record in requests)


def test_requests_say_who_asks_and_carry_no_cookies(live):
    for visit in live.site.visits:
        assert visit.headers["User-Agent"].startswith("Graylit/")
        assert "http://127.0.0.1/tests" in visit.headers["User-Agent"]
        assert "Cookie" not in visit.headers


def test_warcio_finds_every_digest_right(live):
    for path in list_warcs(live.folder):
        checked = check_warc(path)
        assert checked.returncode == 0, checked.stdout
        assert "fail" not in checked.stdout.lower()


def test_rows_of_captures_keep_their_contract(live):
    rows, faults = CAPTURES.read_rows(live.folder / "data/raw/captures.csv")
    assert [str(fault) for fault in faults] == []
    assert len(rows.cells) == sum(len(stage.rows) for stage in (live.first, live.second, live.third))


def test_a_second_run_asks_only_for_what_it_has_not_got(live):
    held = {LIVE_PATHS[source_id] for source_id, outcome in EXPECTED.items() if outcome in ("captured", "moved")}
    assert held.isdisjoint(live.second.paths)
    assert {row["source_id"] for row in live.second.rows} == {"S006", "S007", "S008", "S009", "S010", "S011", "S012"}
    assert {row["capture_id"] for row in live.second.rows} >= {"S006-2", "S012-2"}


def test_refresh_asks_only_the_named_source_again(live):
    again = [row for row in live.third.rows if row["source_id"] == "S001"]
    assert [(row["capture_id"], row["outcome"]) for row in again] == [("S001-2", "unchanged")]
    assert live.third.paths.count("/page/plain") == 1
    assert {"/gzip/packed", "/chunked/in-parts", "/redirect/3"}.isdisjoint(live.third.paths)


def test_a_source_with_another_address_is_captured_anew(live):
    rows = [row for row in live.third.rows if row["source_id"] == "S002"]
    assert [(row["capture_id"], row["url"], row["outcome"]) for row in rows] == [
        ("S002-2", live.site.url("/page/another"), "captured")
    ]
    assert live.third.paths.count("/page/another") == 1
    assert "/page/with-query?b=2&a=1" not in live.third.paths


def test_the_collection_counts_attempts_of_the_present_address(live):
    rows = {row["source_id"]: row for row in read_table(live.folder / "data/raw/collection.csv")}
    assert len(rows) == len(EXPECTED)
    assert (rows["S001"]["n_attempts"], rows["S002"]["n_attempts"], rows["S006"]["n_attempts"]) == ("2", "1", "3")


# Articles of several pages -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Article:
    """An article of three pages, the last of which is missing at first, beside a source of one page."""

    site: Site
    folder: Path
    stages: list[dict[str, list[dict[str, str]]]]
    shards_redone: set[str]

    def row(self, stage: int, table: str, source_id: str = "S001") -> dict[str, str]:
        """Return the row of a source in a table at a stage."""
        return next(row for row in self.stages[stage][table] if row["source_id"] == source_id)


def write_further(folder: Path, cell: str) -> None:
    """Write the further pages of the first source."""
    sources = read_table(folder / "config/sources.csv")
    cells = [cell, *[""] * (len(sources) - 1)]
    rows = [row | {"further_urls": one} for row, one in zip(sources, cells, strict=True)]
    write_table(folder / "config/sources.csv", rows)


@pytest.fixture(scope="module")
def article(tmp_path_factory):
    stages = []
    with serve_site() as site:
        urls = {"S001": site.url("/page/first"), "S002": site.url("/page/other")}
        folder = make_study(tmp_path_factory.mktemp("article") / "study", urls)

        def collect(third: str, refresh: str = "") -> dict[Path, int]:
            write_further(folder, f"{site.url('/gzip/second')} {site.url(third)}")
            n_before = len(read_captures(folder)) if stages else 0
            done = collect_live(folder, refresh)
            assert done.returncode == 0, done.stderr
            done = run_snakemake(folder, "data/processed/texts.csv")
            assert done.returncode == 0, done.stderr
            names = {"collection": "data/raw/collection.csv", "texts": "data/processed/texts.csv"}
            tables = {name: read_table(folder / path) for name, path in names.items()}
            stages.append(tables | {"captures": read_captures(folder)[n_before:]})
            made = (folder / "data/processed/shards").rglob("texts.csv")
            return {path: path.stat().st_mtime_ns for path in made}

        before, after = collect("/status/404"), collect("/page/third", refresh="S001")
        redone = {path.parent.name for path in after if after[path] != before[path]}
        yield Article(site, folder, stages, redone)


def test_each_page_of_an_article_is_captured_under_its_source(article):
    rows = [row for row in article.stages[0]["captures"] if row["source_id"] == "S001"]
    ends = {row["url"].removeprefix(article.site.url("")): row["outcome"] for row in rows}
    assert ends == {"/page/first": "captured", "/gzip/second": "captured", "/status/404": "gone"}
    assert sorted(row["capture_id"] for row in rows) == ["S001-1", "S001-2", "S001-3"]


def test_an_article_whose_page_is_missing_says_so_and_has_no_text(article):
    standing = article.row(0, "collection")
    assert (standing["outcome"], standing["state"], standing["n_attempts"]) == ("gone", "lost", "3")
    text = article.row(0, "texts")
    assert (text["outcome"], text["capture_outcome"]) == ("not_captured", "gone")
    assert (text["note"], text["n_words"], text["text_sha256"]) == ("page 3 of 3 is not captured", "0", "")


def test_refreshing_an_article_asks_each_page_whether_it_changed(article):
    ends = {row["url"].removeprefix(article.site.url("")): row["outcome"] for row in article.stages[1]["captures"]}
    assert ends == {"/page/first": "unchanged", "/gzip/second": "unchanged", "/page/third": "captured"}


def test_the_text_of_an_article_is_that_of_its_pages_in_order(article):
    words = (article.folder / "data/processed/texts/S001.txt").read_text(encoding="utf-8")
    titles = [line for line in words.splitlines() if line.startswith("# ")]
    assert titles == ["# /page/first", "# /gzip/second", "# /page/third"]
    text = article.row(1, "texts")
    assert (text["outcome"], text["title"]) == ("extracted", "/page/first")
    assert article.row(1, "collection")["state"] == "live"


def test_the_digest_of_an_article_is_that_of_the_digests_of_its_pages(article):
    digests = [digest_body(format_page(path)) for path in ("/page/first", "/gzip/second", "/page/third")]
    assert article.row(1, "texts")["capture_sha256"] == digest_body("\n".join(digests).encode())
    assert article.row(1, "texts", "S002")["capture_sha256"] == digest_body(format_page("/page/other"))


def test_another_page_of_an_article_redoes_its_own_shard_only(article):
    assert article.shards_redone == {f"{shard_of('S001', 2)}-of-2"}


# Politeness ----------------------------------------------------------------------------------------------------


def fetch_sources(site: Site, urls: list[str], delay_s: float) -> None:
    web = open_web(SETTINGS | {"delay_s": delay_s})
    sources = [{"source_id": f"S{number:03d}", "url": url} for number, url in enumerate(urls, start=1)]
    answers = spread_over_hosts(
        sources,
        address=lambda source: source["url"],
        work=lambda source: fetch_page(web, source["url"]),
        turns=web.turns,
    )
    assert {fetch.outcome for _, fetch in answers} <= {"captured", "moved"}


def test_a_host_gets_one_request_at_a_time_and_hosts_do_not_wait_for_each_other(site):
    hosts = ("127.0.0.1", "localhost")
    urls = [site.url(f"/held/{number}", host=host) for number in range(4) for host in hosts]

    def open_gate() -> None:
        with site.changed:
            site.changed.wait_for(lambda: {visit.host for visit in site.held_visits()} == set(hosts), WAIT_S)
        site.gate.set()

    opener = threading.Thread(target=open_gate)
    opener.start()
    fetch_sources(site, urls, delay_s=0)
    opener.join()
    assert len(site.visits) == 10  # each host's robots.txt, and its four pages
    assert [site.most_at_once(host) for host in hosts] == [1, 1]
    first = [next(visit for visit in site.held_visits() if visit.host == host) for host in hosts]
    assert max(visit.began for visit in first) < min(visit.ended for visit in first)


def test_the_delay_between_requests_to_a_host_is_kept(site):
    urls = [site.url(f"/page/{number}", host=host) for number in range(3) for host in ("127.0.0.1", "localhost")]
    fetch_sources(site, urls, delay_s=0.2)
    for host in ("127.0.0.1", "localhost"):
        visits = [visit for visit in site.visits if visit.host == host]
        gaps = [later.began - earlier.began for earlier, later in zip(visits, visits[1:], strict=False)]
        assert len(gaps) == 3 and min(gaps) >= 0.19


# Killed runs ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Killed:
    """A collection killed while it waited for the third of four pages, what ran beside it, and the next one."""

    kept: list[dict[str, str]]
    bodies: list[bytes]
    beside: subprocess.CompletedProcess[str]
    beside_orphan: subprocess.CompletedProcess[str]
    after: list[dict[str, str]]
    later_paths: list[str]


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    with serve_site() as site:
        urls = {"S001": "/page/1", "S002": "/page/2", "S003": "/held/3", "S004": "/page/4"}
        urls = {source_id: site.url(path) for source_id, path in urls.items()}
        folder = make_study(tmp_path_factory.mktemp("killed") / "study", urls, hosts_at_once=1, timeout_s=WAIT_S)
        run = subprocess.Popen(
            list_command(folder, *list_collection_arguments(live=True)),
            env=clean_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        site.await_visit("/held/3")
        wait_until(lambda: len(read_captures(folder)) == 2)
        beside = run_snakemake(folder)
        run.kill()
        run.wait(WAIT_S)
        beside_orphan = collect_live(folder)  # Snakemake is dead, its script still waits for the third page
        os.killpg(run.pid, signal.SIGKILL)
        hold_when_free(folder / "data/raw")
        kept = read_captures(folder)
        bodies = [read_body(folder, row) for row in kept]
        site.gate.set()
        n_visits = len(site.visits)
        done = collect_live(folder)
        assert done.returncode == 0, done.stderr
        yield Killed(kept, bodies, beside, beside_orphan, read_captures(folder), site.paths()[n_visits:])


def hold_when_free(path: Path) -> None:
    """Return as soon as no other process holds a folder."""
    held = os.open(path, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    os.close(held)


def test_a_killed_run_keeps_the_rows_it_had(killed):
    assert [(row["source_id"], row["outcome"]) for row in killed.kept] == [("S001", "captured"), ("S002", "captured")]


def test_a_killed_run_keeps_readable_records(killed):
    assert killed.bodies == [format_page("/page/1"), format_page("/page/2")]


def test_the_run_after_a_killed_one_fetches_only_the_rest(killed):
    assert killed.later_paths == ["/robots.txt", "/held/3", "/page/4"]
    assert killed.after[:2] == killed.kept
    assert [row["capture_id"] for row in killed.after] == ["S001-1", "S002-1", "S003-1", "S004-1"]
    assert {row["outcome"] for row in killed.after} == {"captured"}


def test_a_run_beside_a_collection_says_so_and_stops(killed):
    assert killed.beside.returncode != 0
    assert "Another run is at work" in killed.beside.stderr


def test_a_collection_beside_one_whose_run_was_killed_says_so_and_stops(killed):
    assert killed.beside_orphan.returncode != 0
    assert "data/raw/captures.csv: is in use by another collection" in killed.beside_orphan.stderr
    assert "Traceback" not in killed.beside_orphan.stderr


@pytest.mark.parametrize("n_lost", [1, 2, 60, 200])
def test_a_last_row_that_was_cut_off_is_removed_before_others_are_added(tmp_path, n_lost):
    path = tmp_path / "captures.csv"
    table = CaptureTable(path)
    table.read()
    rows = [dict.fromkeys(CAPTURES.names, "") | {"capture_id": f"S001-{i}", "note": 'a, "b"' * 60} for i in (1, 2)]
    for row in rows:
        table.add(row)
    path.write_bytes(path.read_bytes()[:-n_lost])
    assert table.read() == rows[:1]
    table.add(rows[1])
    assert table.read() == rows


@pytest.mark.parametrize("content", [b"", b"capture_id,sour"])
def test_a_header_that_was_cut_off_is_written_again(tmp_path, content):
    path = tmp_path / "captures.csv"
    path.write_bytes(content)
    row = dict.fromkeys(CAPTURES.names, "") | {"capture_id": "S001-1"}
    table = CaptureTable(path)
    assert table.read() == []
    table.add(row)
    assert table.read() == [row]


@pytest.mark.parametrize("rest", ["", "S0", "S001-2,S001", "S001-2,S001,http://a.example/,live,captured"])
def test_the_steps_after_collection_leave_a_row_that_was_cut_off_out(tmp_path, rest):
    path = tmp_path / "captures.csv"
    table = CaptureTable(path)
    table.read()
    row = dict.fromkeys(CAPTURES.names, "") | {"capture_id": "S001-1", "url": "http://a.example/"}
    table.add(row)
    with path.open("a", encoding="utf-8") as captures:
        captures.write(rest)
    assert read_captures_of_study(path) == [row]
