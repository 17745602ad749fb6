"""Origin by origin: archives, the live web, web archives, pinned copies, frozen corpus; what serves is marked."""

import datetime
import os
import shutil
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.warcwriter import WARCWriter

from archives import REPOSITORY, Page, write_archive
from conftest import (
    change_config,
    collect_live,
    list_collection_arguments,
    make_study,
    read_table,
    run_snakemake,
    write_table,
)
from graylit.captures.archive_index import index_archives
from graylit.captures.warcs import read_response
from graylit.collection.origins import LOCAL_ORIGINS, WEB_ORIGINS
from graylit.tables.collection import ORIGINS
from loopback import format_page
from proxies import Proxy, Said, serve_proxy

TIMEGATE = "https://archive.example/web/"
URLS = {
    "S001": "https://one.example/guides/archived",
    "S002": "https://two.example/guides/live",
    "S003": "https://three.example/guides/remembered",
    "S004": "https://four.example/guides/pinned",
    "S005": "https://five.example/guides/lost",
    "S006": "http://six.example/guides/moved",
    "S007": "https://seven.example/guides/walled",
}
PINNED = "https://raw.example/owner/repository/0123abc/guide.md"
MARKDOWN = b"# A guide\n\nSmoke the entrance a little, wait, and lift the lid; then read what the frames tell.\n" * 3
NOT_FOUND = Said("404 Not Found", b"<h1>404</h1>")


def answer(url: str, fields: dict[str, str]) -> Said:
    """Stand for the web of these sources."""
    wall = b"<html><title>Sign in</title><form><input type='password'></form></html>"
    said = {
        URLS["S002"]: Said("200 OK", format_page("live"), ("Content-Type: text/html", 'ETag: "1"')),
        URLS["S004"]: Said("410 Gone", b"<h1>Gone</h1>"),
        URLS["S006"]: Said("301 Moved Permanently", b"", ("Location: https://six.example/new/place",)),
        "https://six.example/new/place": Said("200 OK", format_page("moved")),
        URLS["S007"]: Said("200 OK", wall),
        PINNED: Said("200 OK", MARKDOWN, ("Content-Type: text/plain; charset=utf-8",)),
        TIMEGATE + URLS["S003"]: Said("302 Found", b"", (f"Location: {TIMEGATE}20260220101112/{URLS['S003']}",)),
        f"{TIMEGATE}20260220101112id_/{URLS['S003']}": Said(
            "200 OK", format_page("remembered"), ("Memento-Datetime: Fri, 20 Feb 2026 10:11:12 GMT",)
        ),
    }.get(url, NOT_FOUND)
    is_known = '"1"' in said.fields[-1] and fields.get("if-none-match") == '"1"'
    return Said("304 Not Modified", b"", ('ETag: "1"',)) if is_known else said


@dataclass(frozen=True)
class Chain:
    """A study collected origin by origin, then asked again, with the proxy that stood for the web."""

    folder: Path
    proxy: Proxy
    first: list[dict[str, str]]
    second: list[dict[str, str]]

    def state_of(self, source_id: str) -> dict[str, str]:
        """Return how a source stands after the first collection."""
        rows = {row["source_id"]: row for row in read_table(self.folder / "first.csv")}
        return rows[source_id]


@pytest.fixture(scope="module")
def chain(tmp_path_factory):
    base = tmp_path_factory.mktemp("chain")
    archive = write_archive(base / "pages.warc.gz", [Page(URLS["S001"], body=format_page("archived"))])
    folder = make_study(base / "study", URLS, timegate=TIMEGATE, timeout_s=20, allowed_addresses=[])
    sources = read_table(folder / "config/sources.csv")
    for row in sources:
        row["pinned_url"] = PINNED if row["source_id"] in ("S004", "S007") else ""
    write_table(folder / "config/sources.csv", sources)
    coding = {"coding_id": "A-1", "source_id": "S003", "code_id": "C01", "coded_at": "2026-03-02"}
    write_table(folder / "config/coding/codings/A.csv", [coding])
    with serve_proxy(base, answer) as proxy:
        done = run_snakemake(folder, *list_collection_arguments(archive, live=True), **proxy.environment())
        assert done.returncode == 0, done.stderr
        shutil.copy(folder / "data/raw/collection.csv", folder / "first.csv")
        first = read_table(folder / "data/raw/captures.csv")
        done = collect_live(folder, "S002 S006", **proxy.environment())
        assert done.returncode == 0, done.stderr
    yield Chain(folder, proxy, first, read_table(folder / "data/raw/captures.csv")[len(first) :])


NOT_THERE = ("archive", "not_in_archive")
EXPECTED = {
    "S001": [("archive", "captured")],
    "S002": [NOT_THERE, ("live", "captured")],
    "S003": [NOT_THERE, ("live", "gone"), ("memento", "captured")],
    "S004": [NOT_THERE, ("live", "gone"), ("memento", "not_in_archive"), ("pinned", "captured")],
    "S005": [NOT_THERE, ("live", "gone"), ("memento", "not_in_archive")],
    "S006": [NOT_THERE, ("live", "moved")],
    "S007": [
        NOT_THERE,
        ("live", "login_wall"),
        ("memento", "not_in_archive"),
        ("pinned", "captured"),
    ],
}


@pytest.mark.parametrize("source_id", URLS)
def test_each_source_is_looked_for_origin_by_origin_until_one_has_it(chain, source_id):
    rows = [row for row in chain.first if row["source_id"] == source_id]
    assert [(row["origin"], row["outcome"]) for row in rows] == EXPECTED[source_id]


STANDS = {
    "S001": ("archive", "archived", "no"),
    "S002": ("live", "live", "no"),
    "S003": ("memento", "archived_only", "yes"),
    "S004": ("pinned", "pinned", "yes"),
    "S005": ("memento", "lost", "no"),
    "S006": ("live", "moved", "no"),
    "S007": ("pinned", "pinned", "yes"),
}


@pytest.mark.parametrize("source_id", URLS)
def test_a_substitution_is_marked_and_the_state_is_told(chain, source_id):
    row = chain.state_of(source_id)
    assert (row["origin"], row["state"], row["is_substitution"]) == STANDS[source_id]


def test_the_proxy_is_recorded_and_every_request_went_through_it(chain):
    rows = [row for row in chain.first if row["origin"] != "archive"]
    assert {row["via"] for row in rows} == {chain.proxy.address}
    asked = {url for url, _ in chain.proxy.asked}
    assert set(URLS.values()) - asked == {URLS["S001"]}


def test_a_web_archive_is_asked_for_the_day_of_the_coding(chain):
    fields = next(fields for url, fields in chain.proxy.asked if url == TIMEGATE + URLS["S003"])
    assert fields["accept-datetime"] == "Mon, 02 Mar 2026 00:00:00 GMT"
    row = next(row for row in chain.first if row["source_id"] == "S003" and row["origin"] == "memento")
    assert (row["captured_at"], row["final_url"]) == (
        "2026-02-20T10:11:12Z",
        f"{TIMEGATE}20260220101112id_/{URLS['S003']}",
    )


def test_a_pinned_copy_keeps_its_bytes(chain):
    row = next(row for row in chain.first if row["origin"] == "pinned")
    assert read_response(chain.folder / "data/raw" / row["warc_file"], int(row["warc_offset"])).body == MARKDOWN
    assert row["final_url"] == PINNED


def test_a_page_that_is_unchanged_is_asked_for_by_its_mark_and_referred_to(chain):
    row = next(row for row in chain.second if row["source_id"] == "S002")
    assert (row["outcome"], row["status"], row["note"]) == ("unchanged", "304", "as in S002-2")
    fields = [fields for url, fields in chain.proxy.asked if url == URLS["S002"]]
    assert [sent.get("if-none-match") for sent in fields] == [None, '"1"']
    with (chain.folder / "data/raw" / row["warc_file"]).open("rb") as stream:
        record = next(record for record in ArchiveIterator(stream) if record.rec_type == "revisit")
    assert record.rec_headers.get_header("WARC-Refers-To-Target-URI") == URLS["S002"]
    assert record.rec_headers.get_header("WARC-Profile").endswith("/revisit/server-not-modified")


def test_a_page_with_the_same_bytes_is_referred_to(chain):
    row = next(row for row in chain.second if row["source_id"] == "S006")
    assert (row["outcome"], row["note"]) == ("unchanged", "as in S006-2")
    with (chain.folder / "data/raw" / row["warc_file"]).open("rb") as stream:
        records = [record for record in ArchiveIterator(stream) if record.rec_type == "revisit"]
    profiles = {r.rec_headers.get_header("WARC-Target-URI"): r.rec_headers.get_header("WARC-Profile") for r in records}
    assert profiles["https://six.example/new/place"].endswith("/revisit/identical-payload-digest")


def test_robots_files_are_kept_among_the_records(chain):
    urls = set()
    for path in (chain.folder / "data/raw").glob("*.warc.gz"):
        with path.open("rb") as stream:
            urls |= {record.rec_headers.get_header("WARC-Target-URI") for record in ArchiveIterator(stream)}
    assert {"https://one.example/robots.txt", "https://two.example/robots.txt"} & urls == {
        "https://two.example/robots.txt"
    }


def test_a_page_taken_as_it_is_serves_its_source(chain, tmp_path):
    folder = Path(shutil.copytree(chain.folder, tmp_path / "study"))
    shutil.rmtree(folder / "data")
    change_config(folder, "collection", taken_as_is=["S007"])
    with serve_proxy(tmp_path, answer) as proxy:
        assert collect_live(folder, **proxy.environment()).returncode == 0
    row = next(row for row in read_table(folder / "data/raw/captures.csv") if row["source_id"] == "S007")
    assert (row["origin"], row["outcome"]) == ("live", "captured")
    assert row["note"].startswith("taken as it is; looks like login_wall")


def test_the_ledger_tells_every_attempt_and_the_link_rot(chain):
    done = run_snakemake(chain.folder, "results/ledger.html")
    assert done.returncode == 0, done.stderr
    rows = read_table(chain.folder / "results/ledger.csv")
    listed = [(row["source_id"], row["origin"], row["outcome"]) for row in rows]
    assert sorted(listed) == sorted((r["source_id"], r["origin"], r["outcome"]) for r in chain.first + chain.second)
    assert {row["served_by"] for row in rows if row["source_id"] == "S005"} == {"none"}
    overall = next(row for row in read_table(chain.folder / "results/link_rot.csv") if row["variable"] == "all")
    figures = {name: overall[name] for name in ("n_sources", "n_asked", "n_live", "n_moved", "n_gone", "n_shut")}
    assert figures == {"n_sources": "7", "n_asked": "6", "n_live": "2", "n_moved": "1", "n_gone": "3", "n_shut": "1"}
    page = (chain.folder / "results/ledger.html").read_text(encoding="utf-8")
    assert "6 were asked: 2 answered with the page" in page
    assert "login wall" in page and "as in S006-2" in page


# WACZ -----------------------------------------------------------------------------------------------------------


def write_wacz(path: Path, compression: int) -> Path:
    warc = write_archive(path.with_suffix(".warc.gz"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("datapackage.json", "{}" * 500)
        package.write(warc, "archive/pages.warc.gz", compress_type=compression)
    return path


def test_pages_in_a_wacz_file_are_read_in_place(tmp_path):
    index = index_archives([write_wacz(tmp_path / "pages.wacz", zipfile.ZIP_STORED)])
    (record,) = index.list_answers("http://lindenstreet.example/first-year/", datetime.datetime.now(datetime.UTC))
    expected = (REPOSITORY / "tests/mini/pages/first-year.html").read_bytes()
    assert (record.path.name, read_response(record.path, record.offset).body) == ("pages.wacz", expected)


def test_a_wacz_file_whose_archive_is_packed_once_more_is_refused(tmp_path):
    path = write_wacz(tmp_path / "pages.wacz", zipfile.ZIP_DEFLATED)
    with pytest.raises(Exception, match="pages.wacz: cannot be read as WARC .*unpack it"):
        index_archives([path])


# The study's own sources ----------------------------------------------------------------------------------------

CORPUS = Path(os.environ.get("CORPUS") or REPOSITORY.parent / "shared/corpus").resolve()
N_ARCHIVED = 40


def copy_records(archive: Path, urls: set[str], to: Path) -> Path:
    """Copy the records of some addresses of an archive."""
    with archive.open("rb") as stream, to.open("wb") as copy:
        writer = WARCWriter(copy, gzip=True)
        for record in ArchiveIterator(stream):
            if record.rec_headers.get_header("WARC-Target-URI") in urls:
                writer.write_record(record)
    return to


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not here")
def test_every_source_of_the_study_is_served_although_its_address_refuses(tmp_path):
    folder = tmp_path / "study"
    for part in ("config", "data/frozen"):
        shutil.copytree(REPOSITORY / part, folder / part)
    change_config(folder, "collection", delay_s=0, n_retries=0)
    sources = read_table(folder / "config/sources.csv")
    corpus = {row["id"]: row for row in read_table(CORPUS / "sources.csv")}
    archived = {row["source_id"]: row["url"] for row in sources[:N_ARCHIVED]}
    archive = copy_records(CORPUS / "mirror.warc.gz", set(archived.values()), tmp_path / "part.warc.gz")
    # Of these the corpus has the bytes of the pinned file; those of the others are on the web only.
    real = [row for row in sources if corpus[row["source_id"]]["origin"] == "real-html"]
    pinned = {row["pinned_url"]: (CORPUS / f"pages/{row['source_id']}.html").read_bytes() for row in real}

    def refuse(url: str, fields: dict[str, str]) -> Said:
        if url in pinned:
            return Said("200 OK", pinned[url], ("Content-Type: text/plain; charset=utf-8",))
        is_known_host = url.startswith(("https://raw.githubusercontent.com/", "https://web.archive.org/"))
        return NOT_FOUND if is_known_host or url.endswith("/robots.txt") else Said("403 Forbidden", b"<p>No.</p>")

    with serve_proxy(tmp_path, refuse) as proxy:
        done = run_snakemake(folder, *list_collection_arguments(archive, live=True), **proxy.environment())
    assert done.returncode == 0, done.stderr
    rows = {row["source_id"]: row for row in read_table(folder / "data/raw/collection.csv")}
    expected = {}
    for row in sources:
        is_pinned = row["pinned_url"] in pinned
        outer = ("pinned", "pinned", "yes") if is_pinned else ("frozen", "frozen_only", "yes")
        expected[row["source_id"]] = ("archive", "archived", "no") if row["source_id"] in archived else outer
    assert {key: (row["origin"], row["state"], row["is_substitution"]) for key, row in rows.items()} == expected
    assert min(Counter(expected.values()).values()) > 10
    attempts = Counter((row["origin"], row["outcome"]) for row in read_table(folder / "data/raw/captures.csv"))
    assert attempts["live", "refused"] == len(sources) - N_ARCHIVED


def test_every_origin_has_one_word_and_one_function():
    assert (*LOCAL_ORIGINS, *WEB_ORIGINS) == ORIGINS
