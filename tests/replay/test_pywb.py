"""Our WARC files in pywb: captured pages replay with the bytes captured; and pywb stands for a web archive."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests

from archives import REPOSITORY, Page, write_archive
from conftest import (
    collect_archived,
    collect_live,
    make_study,
    read_table,
    write_table,
)
from graylit.captures.verifying import verify_file
from graylit.captures.warcs import digest_body, read_response
from loopback import format_page, serve_site
from warc_records import DATE, PAGE, URL, Made, make_answer, write_arc, write_warc

PYWB = REPOSITORY / ".venv/rivals/pywb/bin"
MIRROR = Path(os.environ.get("CORPUS") or REPOSITORY.parent / "shared/corpus").resolve() / "mirror.warc.gz"
WAIT_S = 60
PATHS = (
    "/page/plain",
    "/gzip/packed",
    "/chunked/in-parts",
    "/redirect/3",
    "/status/404",
    "/sized/1/90000",
    "/query?b=2&a=1",
)


def run_manager(folder: Path, *arguments: str) -> None:
    subprocess.run([PYWB / "wb-manager", *arguments], cwd=folder, check=True, capture_output=True, timeout=WAIT_S)


@contextlib.contextmanager
def serve_pywb(folder: Path, warcs: list[Path]) -> Iterator[str]:
    """Serve WARC files by pywb as the collection `web`; yield the start of its addresses."""
    folder.mkdir()
    run_manager(folder, "init", "web")
    run_manager(folder, "add", "web", *map(str, warcs))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = (folder / "pywb.log").open("wb")
    server = subprocess.Popen([PYWB / "pywb", "-b", "127.0.0.1", "-p", str(port)], cwd=folder, stdout=log, stderr=log)
    try:
        base, ends_at = f"http://127.0.0.1:{port}", time.monotonic() + WAIT_S
        while True:
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(base, timeout=WAIT_S).ok:
                    break
            assert server.poll() is None and time.monotonic() < ends_at, (folder / "pywb.log").read_text()
        yield f"{base}/web/"
    finally:
        server.kill()
        server.wait()
        log.close()


def replay(base: str, row: dict[str, str]) -> requests.Response:
    """Return what pywb replays for the last answer of a row, as it was captured."""
    stamp = "".join(sign for sign in row["captured_at"] if sign.isdigit())
    return requests.get(f"{base}{stamp}id_/{row['final_url']}", timeout=WAIT_S, allow_redirects=False)


def list_warcs(folder: Path) -> list[Path]:
    return sorted((folder / "data/raw").glob("*.warc.gz"))


@pytest.fixture(scope="module")
def captured(tmp_path_factory) -> Iterator[tuple[str, Path]]:
    """Return pywb over the captures of a live site, each source captured once, then asked again."""
    base = tmp_path_factory.mktemp("captured")
    with serve_site() as site:
        urls = {f"S{number:03d}": site.url(path) for number, path in enumerate(PATHS)}
        folder = make_study(base / "study", urls)
        for refresh in ("", "all"):
            done = collect_live(folder, refresh)
            assert done.returncode == 0, done.stderr
    with serve_pywb(base / "pywb", list_warcs(folder)) as replayed:
        yield replayed, folder


def test_every_captured_page_replays_with_its_bytes(captured):
    base, folder = captured
    rows = [row for row in read_table(folder / "data/raw/captures.csv") if row["sha256"]]
    assert len(rows) >= 2 * len(PATHS) - 2
    for row in rows:
        answer = replay(base, row)
        assert (str(answer.status_code), digest_body(answer.content)) == (row["status"], row["sha256"]), row


def test_a_page_that_was_unchanged_replays_from_its_first_record(captured):
    base, folder = captured
    unchanged = [row for row in read_table(folder / "data/raw/captures.csv") if row["outcome"] == "unchanged"]
    assert len(unchanged) >= 5
    for row in unchanged:
        assert digest_body(replay(base, row).content) == row["sha256"]


def test_captures_and_refreshes_that_replay_verify_too(captured):
    _, folder = captured
    rows = read_table(folder / "data/raw/captures.csv")
    assert [fault for path in list_warcs(folder) for fault in verify_file(path, rows)[1]] == []


def test_redirects_replay_hop_by_hop(captured):
    base, folder = captured
    row = next(row for row in read_table(folder / "data/raw/captures.csv") if row["outcome"] == "moved")
    url, hops = row["url"], []
    while len(hops) < 9:
        hops.append(replay(base, row | {"final_url": url}))
        if "Location" not in hops[-1].headers:
            break
        url = urljoin(url, hops[-1].headers["Location"])
    assert [hop.status_code for hop in hops] == [302, 302, 302, 200]
    assert digest_body(hops[-1].content) == row["sha256"]


@pytest.mark.skipif(not MIRROR.exists(), reason="the corpus is not here")
def test_every_source_of_the_study_replays_with_its_bytes(tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(REPOSITORY / "config", folder / "config")
    done = collect_archived(folder, MIRROR)
    assert done.returncode == 0, done.stderr
    rows = read_table(folder / "data/raw/captures.csv")
    with serve_pywb(tmp_path / "pywb", list_warcs(folder)) as base:
        replayed = {row["source_id"]: digest_body(replay(base, row).content) for row in rows}
    assert replayed == {row["source_id"]: row["sha256"] for row in rows}
    assert len(replayed) == len(read_table(folder / "config/sources.csv"))


def test_pages_of_resources_revisits_and_arc_files_replay_with_their_bytes(tmp_path):
    other = PAGE.replace(b"gravel", b"stones")
    digest = {"WARC-Payload-Digest": f"sha256:{digest_body(other)}"}
    revisit = digest | {"WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"}
    head = make_answer(b"", "200 OK", f"Content-Length: {len(other)}")
    records = [
        Made("resource", PAGE, url="http://a.example/resource"),
        Made("response", make_answer(other), url="http://a.example/original", fields=digest),
        Made("revisit", head, "http://a.example/again", "2026-05-02T00:30:00+02:00", revisit),
    ]
    archives = write_warc(tmp_path / "a.warc.gz", *records), write_arc(tmp_path / "b.arc.gz", make_answer())
    urls = {"S001": records[0].url, "S002": records[2].url, "S003": URL}
    folder = make_study(tmp_path / "study", urls)
    done = collect_archived(folder, *archives)
    assert done.returncode == 0, done.stderr
    rows = read_table(folder / "data/raw/captures.csv")
    assert [row["captured_at"] for row in rows] == [DATE, "2026-05-01T22:30:00Z", DATE]
    with serve_pywb(tmp_path / "pywb", list_warcs(folder)) as base:
        assert [replay(base, row).content for row in rows] == [PAGE, other, PAGE]


# pywb as a web archive ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def substituted(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """Return a study whose addresses have all died, collected from an archive by Memento."""
    base = tmp_path_factory.mktemp("substituted")
    old, near, late = "2024-01-05T00:00:00Z", "2026-02-20T10:11:12Z", "2026-09-01T00:00:00Z"
    url = "http://127.0.0.1:9/guides/{}"
    pages = [Page(url.format("one"), body=format_page(when), archived_at=when) for when in (old, near, late)] + [
        Page(url.format("two"), status="301 Moved", headers=(("Location", url.format("new")),), archived_at=near),
        Page(url.format("new"), body=format_page("new"), archived_at=near),
        Page(url.format("gone"), status="404 Not Found", body=b"<h1>404</h1>", archived_at=near),
    ]
    archive = write_archive(base / "archive.warc.gz", pages)
    urls = {
        "S001": url.format("one"),
        "S002": url.format("two"),
        "S003": url.format("never"),
        "S004": url.format("gone"),
    }
    with serve_pywb(base / "pywb", [archive]) as gate:
        folder = make_study(base / "study", urls, timegate=gate, timeout_s=20)
        coding = {"coding_id": "A-1", "source_id": "S001", "code_id": "C01", "coded_at": "2026-03-02"}
        write_table(folder / "config/coding/codings/A.csv", [coding])
        done = collect_live(folder)
        assert done.returncode == 0, done.stderr
        yield folder, gate


def rows_by_origin(folder: Path, source_id: str) -> dict[str, dict[str, str]]:
    rows = read_table(folder / "data/raw/captures.csv")
    return {row["origin"]: row for row in rows if row["source_id"] == source_id}


def test_the_copy_nearest_to_the_coding_is_taken_without_the_archives_markup(substituted):
    folder, gate = substituted
    rows = rows_by_origin(folder, "S001")
    assert (rows["live"]["outcome"], rows["memento"]["outcome"]) == ("unreachable", "captured")
    assert rows["memento"]["captured_at"] == "2026-02-20T10:11:12Z"
    assert rows["memento"]["final_url"] == f"{gate}20260220101112id_/{rows['live']['url']}"
    memento = rows["memento"]
    body = read_response(folder / "data/raw" / memento["warc_file"], int(memento["warc_offset"])).body
    assert body == format_page("2026-02-20T10:11:12Z")


def test_an_archived_redirect_is_followed_in_the_archive(substituted):
    folder, _ = substituted
    memento = rows_by_origin(folder, "S002")["memento"]
    assert memento["outcome"] == "captured"
    assert memento["final_url"].endswith("id_/http://127.0.0.1:9/guides/new")


def test_what_the_archive_does_not_hold_is_lost(substituted):
    folder, _ = substituted
    assert rows_by_origin(folder, "S003")["memento"]["outcome"] == "not_in_archive"
    assert rows_by_origin(folder, "S004")["memento"]["outcome"] == "gone"
    states = {row["source_id"]: row["state"] for row in read_table(folder / "data/raw/collection.csv")}
    assert states == {"S001": "archived_only", "S002": "archived_only", "S003": "lost", "S004": "lost"}


def test_a_copy_of_an_archive_is_marked_as_a_substitution(substituted):
    folder, _ = substituted
    rows = {row["source_id"]: row for row in read_table(folder / "data/raw/collection.csv")}
    assert (rows["S001"]["origin"], rows["S001"]["is_substitution"]) == ("memento", "yes")
    assert rows["S001"]["captured_at"] == "2026-02-20T10:11:12Z"
