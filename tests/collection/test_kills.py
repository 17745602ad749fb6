"""Nothing is lost: collections killed at any moment, disks that are full, files that were cut off or changed."""

import datetime
import ipaddress
import os
import random
import resource
import shutil
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from collect_captures import Asked, collect
from warcio.archiveiterator import ArchiveIterator

from conftest import make_study, read_table
from graylit.captures.choosing import group_captures
from graylit.captures.groups import heal_files, read_groups
from graylit.captures.verifying import verify_file
from graylit.collection.asking import Hop
from graylit.collection.capture_files import CaptureWriter, make_records
from graylit.collection.capture_table import CaptureTable
from graylit.collection.gate import Gate
from graylit.collection.web import open_web
from graylit.comparison.ledger import describe_source
from graylit.study.checking import require_study
from graylit.tables.faults import InputError
from loopback import WAIT_S, Site, serve_site
from running import call_graylit

STARTED = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
N_KILLS = 30
N_SOURCES = 150
N_HOSTS = 12
TOLD_ANEW = ("capture_id", "run", "attempted_at", "captured_at", "warc_file", "warc_offset")


def list_urls(site: Site) -> dict[str, str]:
    """Return sources on a few hosts: pages of all sizes, some of them behind redirects."""
    urls = {}
    for number in range(N_SOURCES):
        kind = "sized" if number % 6 else "hop"
        urls[f"S{number:03d}"] = site.url(f"/{kind}/{number}/{100 + number * 700}", f"host{number % N_HOSTS}.example")
    return urls


def run_collection(folder: Path, refresh: str = "") -> None:
    """Collect a study as `graylit collect` does, with the names of the tests led to the loopback interface."""
    study = require_study(folder)
    gate = Gate((ipaddress.ip_network("127.0.0.0/8"),), resolve=lambda host, port: ["127.0.0.1"])
    table = CaptureTable(folder / "data/raw/captures.csv")
    web, now = open_web(study.config["collection"], gate), datetime.datetime.now(datetime.UTC)
    collect(study, table, web, Asked(refresh=refresh), now)


def start_collection(folder: Path, refresh: str = "") -> int:
    """Run a collection in a process of its own, and return its id."""
    child = os.fork()
    if child == 0:
        try:
            run_collection(folder, refresh)
        finally:
            os._exit(0)
    return child


def list_records(raw: Path) -> Counter[str]:
    """Return how often each address has a whole response in the WARC files, as warcio reads them."""
    counts: Counter[str] = Counter()
    for path in sorted(raw.glob("*.warc.gz")):
        end = max((whole.end for whole in read_groups(path)), default=0)
        whole = path.with_suffix(".whole")
        whole.write_bytes(path.read_bytes()[:end])
        with whole.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response" and "/robots.txt" not in record.rec_headers.get_header(
                    "WARC-Target-URI"
                ):
                    counts[record.rec_headers.get_header("WARC-Target-URI")] += 1
        whole.unlink()
    return counts


def count_rows(folder: Path) -> int:
    path = folder / "data/raw/captures.csv"
    return path.read_bytes().count(b"\n") - 1 if path.exists() else 0


def await_rows(folder: Path, n_rows: int) -> None:
    """Return as soon as the table has so many rows."""
    ends_at = time.monotonic() + WAIT_S
    while count_rows(folder) < n_rows:
        assert time.monotonic() < ends_at
        time.sleep(0.002)


@dataclass(frozen=True)
class Killed:
    """A collection killed many times and then ended, beside one that was not killed."""

    folder: Path
    unkilled: Path
    n_killed: int
    seen: list[Counter[str]]


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    base = tmp_path_factory.mktemp("kills")
    with serve_site() as site:
        settings = {"hosts_at_once": 2, "timeout_s": 20, "max_bytes": 1_000_000, "delay_s": 0.02}
        folder = make_study(base / "killed", list_urls(site), **settings)
        unkilled = Path(shutil.copytree(folder, base / "unkilled"))
        run_collection(unkilled)
        moments = random.Random(20260302)
        n_killed, seen = 0, []
        for _ in range(N_KILLS):
            n_before = count_rows(folder)
            child = start_collection(folder)
            await_rows(folder, n_before + moments.randrange(3))
            time.sleep(moments.uniform(0, 0.02))  # the moment of the kill, not a wait for something
            os.kill(child, signal.SIGKILL)
            n_killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
            if (folder / "data/raw").exists():
                seen.append(list_records(folder / "data/raw"))
        run_collection(folder)
        yield Killed(folder, unkilled, n_killed, seen)


def test_the_collection_was_killed_at_thirty_moments_and_at_different_ones(killed):
    assert killed.n_killed == N_KILLS
    assert len({sum(counts.values()) for counts in killed.seen}) >= N_KILLS / 3


def test_no_whole_record_of_a_killed_run_is_lost(killed):
    at_last = list_records(killed.folder / "data/raw")
    for counts in killed.seen:
        assert counts <= at_last


def test_no_record_is_there_twice(killed):
    counts = list_records(killed.folder / "data/raw")
    assert counts == list_records(killed.unkilled / "data/raw")
    assert {url: n for url, n in counts.items() if n > 1} == {}


def test_each_source_has_one_row(killed):
    rows = read_table(killed.folder / "data/raw/captures.csv")
    assert Counter(row["source_id"] for row in rows) == Counter({f"S{number:03d}": 1 for number in range(N_SOURCES)})


def test_the_tables_are_those_of_an_unkilled_run(killed):
    def read(folder: Path) -> list[dict[str, str]]:
        rows = read_table(folder / "data/raw/captures.csv")
        return sorted(
            ({k: v for k, v in row.items() if k not in TOLD_ANEW} for row in rows), key=lambda r: r["source_id"]
        )

    assert read(killed.folder) == read(killed.unkilled)


def test_the_collection_is_that_of_an_unkilled_run(killed):
    def describe(folder: Path) -> list[dict[str, str]]:
        captures = group_captures(read_table(folder / "data/raw/captures.csv"))
        sources = require_study(folder).sources.cells
        rows = [describe_source(source, captures[source["source_id"]], is_frozen=False) for source in sources]
        return [row | {"captured_at": ""} for row in rows]

    assert describe(killed.folder) == describe(killed.unkilled)


def test_every_record_holds_after_the_kills(killed):
    captures = read_table(killed.folder / "data/raw/captures.csv")
    for path in (killed.folder / "data/raw").glob("*.warc.gz"):
        assert verify_file(path, captures)[1] == []


def test_every_record_holds_after_refreshes_that_were_killed(tmp_path):
    with serve_site() as site:
        urls = {f"S{number:03d}": site.url(f"/page/{number}") for number in range(8)}
        folder = make_study(tmp_path / "study", urls, timeout_s=20)
        run_collection(folder)
        for n_more in (0, 2, 5):
            child = start_collection(folder, refresh="all")
            await_rows(folder, count_rows(folder) + n_more)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        run_collection(folder, refresh="all")
    captures = read_table(folder / "data/raw/captures.csv")
    assert [row["outcome"] for row in captures[-8:]] == ["unchanged"] * 8
    assert [fault for path in (folder / "data/raw").glob("*.gz") for fault in verify_file(path, captures)[1]] == []


# Files that were cut off or changed -----------------------------------------------------------------------------


def make_hop(number: int) -> Hop:
    body = f"<p>page {number}</p>".encode() * 40
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    return Hop(f"http://a.example/{number}", 200, b"GET / HTTP/1.1\r\n\r\n", head, {}, body, body)


def make_row(number: int) -> dict[str, str]:
    return {
        "capture_id": f"S{number:03d}-1",
        "source_id": f"S{number:03d}",
        "url": f"http://a.example/{number}",
        "origin": "live",
        "outcome": "captured",
        "attempted_at": "2026-03-02T09:00:00Z",
    }


@pytest.fixture
def raw(tmp_path):
    """Return a folder of three captures: three groups in one WARC file, and no table."""
    writer = CaptureWriter(tmp_path / "raw", STARTED)
    for number in (1, 2, 3):
        writer.add(make_row(number), make_records([make_hop(number)], "2026-03-02T09:00:00Z"))
    writer.close()
    return tmp_path / "raw"


def test_rows_that_were_not_written_come_from_the_records(raw):
    assert [row["capture_id"] for row in heal_files(raw, [])] == ["S001-1", "S002-1", "S003-1"]
    rows = heal_files(raw, [])
    assert [row["capture_id"] for row in heal_files(raw, rows[:2])] == ["S003-1"]
    assert heal_files(raw, rows) == []


def test_a_file_cut_off_anywhere_keeps_its_whole_groups_and_its_tail(raw):
    (path,) = raw.glob("*.warc.gz")
    content = path.read_bytes()
    ends = [whole.end for whole in read_groups(path)]
    assert len(ends) == 4  # what the file is, and three groups
    for length in range(1, len(content), 37):
        path.write_bytes(content[:length])
        rows = heal_files(raw, [])
        kept = max((end for end in ends if end <= length), default=0)
        assert len(rows) == sum(end <= length for end in ends[1:])
        assert path.read_bytes() == content[:kept]
        aside = list(raw.glob("*.broken-at-*"))
        assert b"".join(tail.read_bytes() for tail in aside) == content[kept:length]
        for tail in aside:
            tail.unlink()


def test_noise_after_a_power_cut_is_set_aside(raw):
    (path,) = raw.glob("*.warc.gz")
    content = path.read_bytes()
    path.write_bytes(content + bytes(4096))
    assert len(heal_files(raw, [])) == 3
    assert path.read_bytes() == content


def verify(folder: Path) -> subprocess.CompletedProcess[str]:
    return call_graylit("-C", folder, "verify")


@pytest.fixture
def kept(killed, tmp_path):
    """Return a copy of the study whose collection was killed."""
    return Path(shutil.copytree(killed.folder, tmp_path / "study"))


def test_verify_finds_every_record_right(kept):
    done = verify(kept)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{N_SOURCES} rows" in done.stdout


def test_verify_names_the_record_of_a_changed_byte(kept):
    row = next(row for row in read_table(kept / "data/raw/captures.csv") if int(row["n_bytes"]) > 50_000)
    path = kept / "data/raw" / row["warc_file"]
    content = bytearray(path.read_bytes())
    content[int(row["warc_offset"]) + 20_000] ^= 0xFF
    path.write_bytes(content)
    done = verify(kept)
    assert done.returncode != 0
    assert row["capture_id"] in done.stdout


def test_verify_names_a_missing_file(kept):
    row = read_table(kept / "data/raw/captures.csv")[0]
    (kept / "data/raw" / row["warc_file"]).unlink()
    done = verify(kept)
    assert done.returncode != 0
    assert f"{row['warc_file']} is missing" in done.stdout


def test_a_full_disk_stops_the_run_and_the_next_one_goes_on(tmp_path):
    with serve_site() as site:
        settings = {"timeout_s": 20, "max_bytes": 1_000_000}
        folder = make_study(tmp_path / "study", list_urls(site), **settings)
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
            status = 1
            try:
                run_collection(folder)
            except InputError as fault:
                (tmp_path / "said").write_text(str(fault))
                status = 7
            finally:
                os._exit(status)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert "make room, then run `graylit collect` again" in (tmp_path / "said").read_text()
        kept = read_table(folder / "data/raw/captures.csv")
        assert 0 < len(kept) < N_SOURCES
        (path,) = (folder / "data/raw").glob("*.warc.gz")
        assert verify_file(path, kept)[1] == []
        run_collection(folder)
    rows = read_table(folder / "data/raw/captures.csv")
    assert rows[: len(kept)] == kept
    assert Counter(row["source_id"] for row in rows).most_common(1)[0][1] == 1
    assert len(rows) == N_SOURCES
