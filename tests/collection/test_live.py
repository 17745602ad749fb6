"""Captures from a live site on the loopback: every answer and every failure is a row, every record holds."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import pytest

from capture_records import check_warc, list_warcs, read_body, read_captures, read_records
from conftest import (
    collect_live,
    make_study,
    read_table,
    write_table,
)
from graylit.captures.warcs import digest_body
from graylit.tables.collection import CAPTURES
from loopback import Site, format_page, serve_site


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
    captured = {LIVE_PATHS[source_id] for source_id, outcome in EXPECTED.items() if outcome in ("captured", "moved")}
    assert captured.isdisjoint(live.second.paths)
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
