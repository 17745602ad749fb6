"""Bundles of captures: a colleague's collection has the same attempts and records, or is told why not."""

import datetime
import gzip
import ipaddress
import json
import shutil

import pytest
from collect_captures import Asked, collect

from capture_records import list_warcs, read_captures
from conftest import make_study, read_table, write_table
from graylit.captures.choosing import read_rows
from graylit.captures.groups import read_capture
from graylit.captures.verifying import verify_file
from graylit.collection.attempts import take_rendered
from graylit.collection.bundles import SAME, list_groups, read_bundle, write_bundle
from graylit.collection.capture_files import CaptureWriter
from graylit.collection.capture_table import CaptureTable
from graylit.collection.gate import Gate
from graylit.collection.rendering import Rendered
from graylit.collection.web import fetch_page, open_web
from graylit.study.checking import require_study
from graylit.tables.faults import InputError
from loopback import format_page, serve_site
from running import call_graylit
from warc_records import DATE, PAGE, URL, Made, make_answer, write_warc

PATHS = {
    "S001": "/page/plain",
    "S002": "/redirect/2",
    "S003": "/gzip/packed",
    "S004": "/status/404",  # has a pinned copy
    "S005": "/shell/app",  # a browser renders it
    "S006": "/status/500",  # is lost
}
NOW = datetime.datetime(2026, 3, 9, tzinfo=datetime.UTC)
RENDERED = format_page("rendered")


def run_collection(folder, *archives, web=None, refresh=""):
    """Collect a study, without asking the web if there is none."""
    table = CaptureTable(folder / "data/raw/captures.csv")
    collect(require_study(folder), table, web, Asked([str(path) for path in archives], refresh), NOW)
    return table.read()


@pytest.fixture(scope="module")
def sender(tmp_path_factory):
    """Return a study whose pages came from their addresses, a pinned copy and a browser; S001 was asked twice."""
    with serve_site() as site:
        urls = {source_id: site.url(path) for source_id, path in PATHS.items()}
        folder = make_study(tmp_path_factory.mktemp("sender") / "study", urls, timegate="")
        sources = read_table(folder / "config/sources.csv")
        sources[3]["pinned_url"] = site.url("/page/pinned")
        write_table(folder / "config/sources.csv", sources)
        gate = Gate((ipaddress.ip_network("127.0.0.0/8"),), resolve=lambda host, port: ["127.0.0.1"])
        limits = require_study(folder).config["collection"]
        run_collection(folder, web=open_web(limits, gate))
        run_collection(folder, web=open_web(limits, gate), refresh="S001")
        shell = fetch_page(open_web(limits, gate), urls["S005"])
        attempt = take_rendered(sources[4], Rendered(shell, RENDERED, "Chromium 1"), "2026-03-10T00:00:00Z")
        writer = CaptureWriter(folder / "data/raw", NOW)
        row = writer.add({"capture_id": "S005-9"} | attempt.row, attempt.records)
        CaptureTable(folder / "data/raw/captures.csv").add(row)
        writer.close()
    return folder


@pytest.fixture(scope="module")
def bundle(sender, tmp_path_factory):
    """Return a bundle of all sources of the sender."""
    target = tmp_path_factory.mktemp("bundle") / "all.warc.gz"
    sources = require_study(sender).sources.cells
    write_bundle(target, sender / "data/raw", sources, read_rows(sender / "data/raw/captures.csv"))
    return target


@pytest.fixture
def colleague(sender, tmp_path):
    """Return the same study as a clone has it: without captures."""
    shutil.copytree(sender / "config", tmp_path / "colleague/config")
    return tmp_path / "colleague"


def list_attempts(rows):
    return [{name: cell for name, cell in row.items() if not name.startswith("warc_")} for row in rows]


def test_a_colleague_has_every_attempt_and_every_body_as_it_was_captured(sender, bundle, colleague):
    theirs, ours = read_captures(sender), run_collection(colleague, bundle)
    by_id = {row["capture_id"]: row for row in ours}
    assert list_attempts(sorted(ours, key=lambda row: row["capture_id"])) == list_attempts(
        sorted(theirs, key=lambda row: row["capture_id"])
    )
    for row in (row for row in theirs if row["warc_file"] and row["outcome"] != "unchanged"):
        assert read_capture(by_id[row["capture_id"]], colleague / "data/raw") == read_capture(row, sender / "data/raw")
    assert read_capture(by_id["S005-9"], colleague / "data/raw").body == RENDERED
    assert {row["outcome"] for row in ours} >= {"captured", "moved", "unchanged", "gone", "http_error", "needs_browser"}


def test_what_a_colleague_took_verifies_and_is_taken_once(bundle, colleague):
    rows = run_collection(colleague, bundle)
    (path,) = list_warcs(colleague)
    assert verify_file(path, rows)[1] == []
    assert any(row.get("final_url", "").endswith("/robots.txt") for row, _ in list_groups(path))
    assert run_collection(colleague, bundle) == rows
    assert list_warcs(colleague) == [path]


def test_attempts_of_ones_own_stay_and_those_of_the_bundle_get_free_numbers(sender, bundle, colleague):
    own = {"capture_id": "S001-1", "source_id": "S001", "url": read_captures(sender)[0]["url"], "origin": "live"}
    table = CaptureTable(colleague / "data/raw/captures.csv")
    table.read()
    table.add(own | {"outcome": "unreachable", "attempted_at": "2026-03-01T00:00:00Z"})
    rows = [row for row in run_collection(colleague, bundle) if row["source_id"] == "S001"]
    assert [(row["capture_id"], row["outcome"]) for row in rows] == [
        ("S001-1", "unreachable"),
        ("S001-2", "captured"),
        ("S001-3", "unchanged"),
    ]
    assert rows[2]["note"] == "as in S001-2"
    assert verify_file(list_warcs(colleague)[0], table.read())[1] == []


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99, 0.999])
@pytest.mark.parametrize("damage", ["cut", "letter"])
def test_a_bundle_that_was_cut_off_or_changed_is_refused_and_nothing_is_lost(bundle, colleague, damage, share):
    content = bundle.read_bytes()
    at = int(len(content) * share)
    changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    damaged = colleague / "damaged.warc.gz"
    damaged.write_bytes(content[:at] if damage == "cut" else changed)
    with pytest.raises(InputError, match=r"cut off or changed on its way|cannot be read as WARC"):
        run_collection(colleague, damaged)
    assert list_warcs(colleague) == []
    assert len(run_collection(colleague, bundle)) == len(read_bundle(bundle).rows)


def test_bytes_behind_the_seal_and_a_record_left_out_are_refused_too(bundle, colleague, tmp_path):
    damaged = tmp_path / "damaged.warc.gz"
    members = bundle.read_bytes().split(b"\x1f\x8b\x08")
    for content in (bundle.read_bytes() + b"x", b"\x1f\x8b\x08".join(members[:5] + members[6:])):
        damaged.write_bytes(content)
        with pytest.raises(InputError, match="cut off or changed"):
            read_bundle(damaged)


def test_a_bundle_that_was_unpacked_is_not_taken_for_any_archive(bundle, tmp_path):
    (tmp_path / "bundle.warc").write_bytes(gzip.decompress(bundle.read_bytes()))
    with pytest.raises(InputError, match="was unpacked on its way"):
        read_bundle(tmp_path / "bundle.warc")


def test_other_archives_are_no_bundles(sender, tmp_path):
    found = [*list_warcs(sender), write_warc(tmp_path / "other.warc", Made("response", make_answer(PAGE)))]
    assert [read_bundle(path) for path in found] == [None] * len(found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("S003,", "s003,", "'S003' is no source here (did you mean 's003'?)"),
        ("/gzip/packed", "/gzip/other", "'S003' is http://127.0.0.1"),
    ],
)
def test_sources_that_the_study_lacks_or_that_are_other_pages_are_refused(bundle, colleague, old, new, said):
    path = colleague / "config/sources.csv"
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(InputError) as raised:
        run_collection(colleague, bundle)
    assert said in str(raised.value) and "git pull" in str(raised.value)
    assert list_warcs(colleague) == []


def test_a_bundle_has_neither_cookies_nor_passwords_that_an_earlier_version_kept(tmp_path):
    raw = tmp_path / "raw"
    raw.mkdir()
    answer = make_answer(PAGE, "200 OK", "Set-Cookie: id=SECRET")
    write_warc(raw / "captures-1.warc.gz", Made("response", answer))
    row = {"capture_id": "S001-1", "source_id": "S001", "url": URL, "final_url": URL, "sha256": "", "note": ""}
    rows = [row | {"warc_file": "captures-1.warc.gz", "warc_offset": "0", "outcome": "captured", "captured_at": DATE}]
    write_bundle(tmp_path / "b.warc.gz", raw, [{"source_id": "S001", "url": URL}], rows)
    assert b"SECRET" not in gzip.decompress((tmp_path / "b.warc.gz").read_bytes())
    assert [len(records) for _, records in list_groups(tmp_path / "b.warc.gz")] == [0, 1, 0]


def test_a_bundle_of_some_sources_holds_nothing_of_others(sender, tmp_path):
    said = call_graylit("-C", sender, "share", "S002", "S006", "--to", tmp_path / "two.warc.gz")
    assert "3 attempts on 2 sources" in said.stdout and "of S006 no page was captured" in said.stdout
    assert "never publish it" in said.stdout and "collect --no-live --archive two.warc.gz" in said.stdout
    found = read_bundle(tmp_path / "two.warc.gz")
    assert ([row["source_id"] for row in found.sources], len(found.rows)) == (["S002", "S006"], 3)
    assert b"/gzip/packed" not in gzip.decompress((tmp_path / "two.warc.gz").read_bytes())


def test_what_cannot_be_shared_is_named_and_nothing_is_written(sender, tmp_path):
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    for arguments, said in [
        (["S01"], "'S01' is no source (did you mean 'S001'?)"),
        (["S001", "--to", other], "is there already, and no bundle"),
    ]:
        asked = call_graylit("-C", sender, "share", *arguments)
        assert (asked.returncode, said in asked.stderr) == (1, True)
    assert other.read_text() == "mine"
    assert not (sender / "results/exchange").exists()


def test_a_record_that_is_damaged_is_not_shared(sender, tmp_path):
    study = shutil.copytree(sender, tmp_path / "study")
    (path, *_) = list_warcs(study)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    asked = call_graylit("-C", study, "share", "--to", tmp_path / "b.warc.gz")
    assert (asked.returncode, "restore the file from a copy" in asked.stderr) == (1, True)
    assert not (tmp_path / "b.warc.gz").exists()


def test_an_attempt_is_known_by_what_it_was(bundle):
    opening = json.loads(next(iter(list_groups(bundle)))[0]["bundle"])
    assert set(SAME) <= set(opening["rows"][0])
