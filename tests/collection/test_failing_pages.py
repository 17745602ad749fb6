"""One page stops no other: wherever a library fails at one, that page has an outcome, and the others are captured.

Libraries are made to fail at a page that has "cursed" in its address or body; the pages say their addresses.
"""

import datetime
import struct
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import lxml.html
import protego
import pytest
import requests
from warcio.warcwriter import WARCWriter

from archives import Page, write_archive
from conftest import read_table
from graylit.captures.verifying import verify_file
from graylit.collection import mementos
from graylit.collection.attempts import Attempt, start_row
from graylit.collection.capture_files import CaptureWriter
from graylit.collection.capture_table import CaptureTable
from graylit.collection.keeper import Keeper
from graylit.collection.origins import Search, look_everywhere
from graylit.collection.turns import end_in_time
from graylit.collection.web import open_web
from graylit.tables.faults import InputError
from loopback import ANSWERS, WAIT_S, Site, format_page, serve_site

STARTED = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
NOBODY = "http://127.0.0.1:9"
SETTINGS = {
    "taken_as_is": [],
    "contact": "http://127.0.0.1/tests",
    "allowed_addresses": ["127.0.0.0/8"],
    "hosts_at_once": 4,
    "delay_s": 0,
    "n_retries": 0,
    "timeout_s": WAIT_S,
    "source_limit_s": WAIT_S,
    "run_limit_s": 600,
    "max_bytes": 100_000,
    "timegate": "",
}


@dataclass
class Collected:
    """A collection: its rows by source and origin, what its log holds, and the folder."""

    keeper: Keeper
    raw: Path
    said: list[str] = field(default_factory=list)

    def rows(self, source_id: str) -> dict[str, dict[str, str]]:
        found = read_table(self.raw / "captures.csv")
        return {row["origin"]: row for row in found if row["source_id"] == source_id}


@pytest.fixture(scope="module")
def web_site():
    with serve_site() as site:
        yield site


def collect(folder: Path, sources: list[dict[str, str]], archives: tuple[str, ...] = (), **more: object) -> Collected:
    """Look everywhere for sources; `more` are settings, and whether a browser is asked for."""
    raw, said = folder / "raw", []
    table, writer = CaptureTable(raw / "captures.csv"), CaptureWriter(raw, STARTED)
    keeper = Keeper(table, writer, table.read(), sources, served={}, note=said.append)
    search = Search(SETTINGS | more, [], raw, lambda source: STARTED, archives, bool(more.get("browser")))
    web = open_web(SETTINGS | more)
    with end_in_time(web.turns, SETTINGS["run_limit_s"]):
        look_everywhere(keeper, search, web)
    writer.close()
    return Collected(keeper, raw, said)


def name_sources(base: str, **more: str) -> list[dict[str, str]]:
    """Return a source whose page is cursed, and two that are fine."""
    names = {"S001": "cursed", "S002": "fine", "S003": "good"}
    return [
        {"source_id": source_id, "url": f"{base}/{name}"} | {key: f"{value}/{name}" for key, value in more.items()}
        for source_id, name in names.items()
    ]


def fail_at(original: Callable, error: Exception, find: Callable[..., object]) -> Callable:
    """Return a function that fails when what `find` picks of its arguments is cursed."""

    def act(*arguments, **named):
        if "cursed" in str(find(*arguments, **named)):
            raise error
        return original(*arguments, **named)

    return act


Patch = tuple[object, str, Exception, Callable[..., object]]
SEE: Patch = (lxml.html, "document_fromstring", RecursionError("deep"), lambda page, *_, **__: page)
SEND: Patch = (requests.Session, "prepare_request", AttributeError("no such part"), lambda _, request: request.url)
WRITE: Patch = (
    WARCWriter,
    "write_record",
    struct.error("odd"),
    lambda _, r: r.rec_headers.get_header("WARC-Target-URI"),
)
LINKS: Patch = (mementos, "parse_header_links", IndexError("no link"), lambda _: "cursed")


def curse(monkeypatch, patch: Patch) -> None:
    library, name, error, find = patch
    monkeypatch.setattr(library, name, fail_at(getattr(library, name), error, find))


@pytest.fixture
def shelf(tmp_path):
    """Return the path of an archive of the three pages."""
    pages = [Page(f"{NOBODY}/{name}", body=format_page(name)) for name in ("cursed", "fine", "good")]
    return str(write_archive(tmp_path / "shelf.warc.gz", pages))


def check(collected: Collected, origin: str, kind: str) -> dict[str, str]:
    """Check that one page failed, and no other; return its row."""
    row = collected.rows("S001")[origin]
    assert (row["outcome"], row["note"].partition(" at ")[0]) == ("program_error", kind)
    assert row["note"].partition(" at ")[2].partition(".py:")[2].isdecimal()
    assert [collected.rows(other)[origin]["outcome"] for other in ("S002", "S003")] == ["captured", "captured"]
    assert collected.keeper.failed == {"S001"}
    assert any("Traceback" in line and kind in line and "S001" in line for line in collected.said)
    (path,) = collected.raw.glob("*.warc.gz")
    assert verify_file(path, read_table(collected.raw / "captures.csv"))[1] == []
    return row


@pytest.mark.parametrize(
    ("patch", "kind"), [(SEE, "RecursionError"), (WRITE, "struct.error")], ids=["judging", "keeping"]
)
def test_a_page_of_an_archive_fails_alone(tmp_path, monkeypatch, shelf, patch, kind):
    curse(monkeypatch, patch)
    check(collect(tmp_path, name_sources(NOBODY), (shelf,)), "archive", kind)


@pytest.mark.parametrize(
    ("patch", "kind", "is_kept"),
    [(SEND, "AttributeError", False), (SEE, "RecursionError", True), (WRITE, "struct.error", False)],
    ids=["asking", "judging", "keeping"],
)
def test_a_live_page_fails_alone(tmp_path, monkeypatch, web_site: Site, patch, kind, is_kept):
    curse(monkeypatch, patch)
    row = check(collect(tmp_path, name_sources(web_site.url("/page"))), "live", kind)
    assert bool(row["warc_file"]) is is_kept  # what came is kept, if it can be


def test_a_pinned_copy_fails_alone(tmp_path, monkeypatch, web_site):
    curse(monkeypatch, SEE)
    sources = name_sources(NOBODY, pinned_url=web_site.url("/page/pinned"))
    check(collect(tmp_path, sources), "pinned", "RecursionError")


@pytest.mark.parametrize("patch", [SEND, SEE], ids=["asking", "judging"])
def test_a_copy_of_a_web_archive_fails_alone(tmp_path, monkeypatch, web_site, patch):
    curse(monkeypatch, patch)
    collected = collect(tmp_path, name_sources(NOBODY), timegate=web_site.url("/gate/"))
    assert collected.rows("S001")["memento"]["outcome"] == "program_error"
    assert [collected.rows(other)["memento"]["outcome"] for other in ("S002", "S003")] == ["captured", "captured"]


def test_a_host_whose_rules_cannot_be_read_fails_alone(tmp_path, monkeypatch, web_site):
    def rules(handler, site) -> None:
        kind = "cursed" if handler.headers["Host"].startswith("127.") else "fine"
        handler.answer(f"User-agent: *\nDisallow: /{kind}\n".encode())

    monkeypatch.setitem(ANSWERS, "robots.txt", rules)
    curse(monkeypatch, (protego.Protego, "parse", KeyError("no such field"), lambda text: text))
    sources = [
        {"source_id": source_id, "url": web_site.url("/page/a", host)}
        for source_id, host in (("S001", "127.0.0.1"), ("S002", "localhost"))
    ]
    collected = collect(tmp_path, sources, allowed_addresses=["127.0.0.0/8", "::1"])
    row = collected.rows("S001")["live"]
    assert (row["outcome"], row["note"].partition(" at ")[0]) == ("program_error", "KeyError")
    assert collected.rows("S002")["live"]["outcome"] == "captured"


def test_what_fails_at_every_page_ends_no_run(tmp_path, monkeypatch, web_site):
    curse(monkeypatch, LINKS)
    collected = collect(tmp_path, name_sources(NOBODY), timegate=web_site.url("/gate/"))
    outcomes = [collected.rows(source_id)["memento"]["outcome"] for source_id in ("S001", "S002", "S003")]
    assert outcomes == ["program_error"] * 3


def test_a_page_that_a_browser_renders_fails_alone(tmp_path, monkeypatch, web_site):
    """Chromium is not needed to see that: its library fails before it is asked for anything."""
    library = types.ModuleType("playwright.sync_api")
    library.Error = type("Error", (Exception,), {})
    library.TimeoutError = type("TimeoutError", (library.Error,), {})
    library.sync_playwright = lambda: _Broken()
    monkeypatch.setitem(sys.modules, "playwright", types.ModuleType("playwright"))
    monkeypatch.setitem(sys.modules, "playwright.sync_api", library)
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/chromium")
    collected = collect(tmp_path, [{"source_id": "S001", "url": web_site.url("/shell/a")}], browser=True)
    row = collected.rows("S001")["live"]
    assert (row["outcome"], row["note"].partition(" at ")[0]) == ("program_error", "LookupError")


class _Broken:
    """Stands for Playwright and Chromium, both broken."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    @property
    def chromium(self):
        return self

    def launch(self, **_):
        return self

    def new_context(self, **_):
        raise LookupError("no context")

    def close(self):
        return None


def test_a_row_that_no_file_can_hold_fails_alone(tmp_path):
    table, sources, said = CaptureTable(tmp_path / "captures.csv"), name_sources(NOBODY), []
    keeper = Keeper(table, CaptureWriter(tmp_path, STARTED), table.read(), sources, served={}, note=said.append)
    notes = ["half a sign: \ud800", "no such page", "no such page"]
    rows = [start_row(source, "live", "2026-03-02T09:00:00Z") for source in sources]
    keeper.keep_copies(
        Attempt(row | {"outcome": "gone", "note": note}, []) for row, note in zip(rows, notes, strict=True)
    )
    assert [row["outcome"] for row in read_table(table.path)] == ["program_error", "gone", "gone"]
    assert "UnicodeEncodeError" in said[0]


def test_a_page_that_failed_is_asked_for_again(tmp_path, monkeypatch, web_site):
    with monkeypatch.context() as patch:
        curse(patch, SEE)
        collect(tmp_path, name_sources(web_site.url("/page")))
    again = collect(tmp_path, name_sources(web_site.url("/page"))[:1])
    assert again.rows("S001")["live"]["outcome"] == "captured"
    assert again.keeper.failed == set()


def test_a_full_disk_still_ends_the_run(tmp_path, monkeypatch, web_site):
    monkeypatch.setattr("os.fsync", fail_at(lambda _: None, OSError(28, "No space left on device"), lambda _: "cursed"))
    with pytest.raises(InputError, match="make room"):
        collect(tmp_path, name_sources(web_site.url("/page")))
