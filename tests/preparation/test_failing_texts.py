"""One page stops no shard: wherever a library fails at one, its row says so, and the others have their texts.

Libraries are made to fail at pages that have "cursed" in them.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import trafilatura
from extract_texts import extract_sources
from gather_texts import choose_texts, copy_texts
from segment_texts import segment_all

from archives import LEAFLET, Page, format_pdf, write_archive
from conftest import read_table
from graylit.captures import characters, pdfs
from graylit.captures.choosing import choose_pages
from graylit.collection.capture_files import CaptureWriter
from graylit.collection.capture_table import CaptureTable
from graylit.collection.keeper import Keeper
from graylit.collection.origins import Search, look_everywhere
from graylit.preparation.text_rows import describe_failed
from graylit.runs.steps import StepLog
from graylit.tables.preparation import FROZEN_TEXTS, SEGMENTS, TEXTS
from graylit.tables.sources import SOURCES
from loopback import format_page

STARTED = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
PLACE = "https://hives.example"
WORDS = "Smoke the entrance a little, wait, and lift the lid with both hands; cursed bees, blüten. " * 5
PAGES = {
    "html": Page(f"{PLACE}/html", body=format_page("cursed")),
    "pdf": Page(f"{PLACE}/pdf", body=format_pdf("cursed", LEAFLET), media_type="application/pdf"),
    "text": Page(f"{PLACE}/text", body=WORDS.encode("latin-1"), media_type="text/plain"),
    "fine": Page(f"{PLACE}/fine", body=format_page("fine")),
    "good": Page(f"{PLACE}/good", body=format_page("good")),
}
SOURCE_ROWS = [{"source_id": f"S-{name}", "url": page.url} for name, page in PAGES.items()]


@pytest.fixture(scope="module")
def captured(tmp_path_factory):
    """Return a folder in which all pages are captured."""
    folder = tmp_path_factory.mktemp("captured")
    archive = write_archive(folder / "shelf.warc.gz", PAGES.values())
    raw = folder / "data/raw"
    table, writer = CaptureTable(raw / "captures.csv"), CaptureWriter(raw, STARTED)
    keeper = Keeper(table, writer, table.read(), SOURCE_ROWS, served={})
    settings = {"max_bytes": 100_000, "taken_as_is": []}
    look_everywhere(keeper, Search(settings, [], raw, lambda source: STARTED, [str(archive)]), web=None)
    writer.close()
    assert {row["outcome"] for row in read_table(table.path)} == {"captured"}
    return folder


@dataclass
class Shard:
    """A shard that was extracted: its rows by source, its folder and its log."""

    rows: dict[str, dict[str, str]]
    folder: Path
    log: Path


def extract(captured: Path, folder: Path) -> Shard:
    """Extract the texts of all pages."""
    folder.mkdir()
    log = StepLog(folder.with_suffix(".log"), "extract_texts")
    chosen = choose_pages(SOURCE_ROWS, read_table(captured / "data/raw/captures.csv"))
    rows = [row for row, _ in extract_sources(SOURCE_ROWS, chosen, folder, False, log)]
    TEXTS.write_rows(rows, folder / "texts.csv")
    return Shard(
        {row["source_id"]: row for row in read_table(folder / "texts.csv")}, folder, folder.with_suffix(".log")
    )


def fail_at(original: Callable, error: Exception, find: Callable[..., object]) -> Callable:
    def act(*arguments, **named):
        if "cursed" in str(find(*arguments, **named)):
            raise error
        return original(*arguments, **named)

    return act


PATCHES = {
    "html": (trafilatura, "bare_extraction", RecursionError("deep"), lambda tree, **_: tree.text_content()),
    "pdf": (pdfs, "PdfDocument", MemoryError("large"), lambda body: body),
    "text": (characters, "from_bytes", KeyError("no such set"), lambda body, *_, **__: bytes(body)),
}


@pytest.mark.parametrize("kind", PATCHES)
def test_a_page_that_fails_leaves_the_others_their_texts(captured, tmp_path, monkeypatch, kind):
    library, name, error, find = PATCHES[kind]
    monkeypatch.chdir(captured)
    monkeypatch.setattr(library, name, fail_at(getattr(library, name), error, find))
    shard = extract(captured, tmp_path / "shard")
    row = shard.rows.pop(f"S-{kind}")
    outcome = "over_limit" if isinstance(error, MemoryError) else "program_error"
    assert (row["outcome"], row["note"].partition(" at ")[0]) == (outcome, type(error).__name__)
    assert (row["origin"], row["capture_outcome"], row["n_words"]) == ("archive", "captured", "0")
    assert {row["outcome"] for row in shard.rows.values()} == {"extracted"}
    assert not (shard.folder / f"S-{kind}.txt").exists()
    assert "Traceback" in shard.log.read_text()


@pytest.fixture
def shard(captured, tmp_path, monkeypatch):
    monkeypatch.chdir(captured)
    return extract(captured, tmp_path / "shard")


def test_without_a_failure_all_pages_have_texts(shard):
    assert {row["outcome"] for row in shard.rows.values()} == {"extracted"}
    assert describe_failed(shard.rows.values(), "a.log") == ""


def test_a_text_that_cannot_be_cut_leaves_the_others_their_segments(shard, tmp_path):
    (shard.folder / "S-html.txt").write_bytes(b"\xff\xfe no UTF-8")
    log = StepLog(tmp_path / "segments.log", "segment_texts")
    rows, segments = segment_all(list(shard.rows.values()), shard.folder, {}, 20, log)
    failed = next(row for row in rows if row["source_id"] == "S-html")
    assert (failed["outcome"], failed["n_words"], failed["text_sha256"]) == ("program_error", "0", "")
    assert failed["note"].startswith("UnicodeDecodeError at segment_texts.py:")
    assert failed["capture_sha256"] == shard.rows["S-html"]["capture_sha256"]
    assert [row for row in rows if row is not failed] == [
        row for row in shard.rows.values() if row["source_id"] != "S-html"
    ]
    assert {row["source_id"] for row in segments} == {"S-pdf", "S-text", "S-fine", "S-good"}
    assert set(SEGMENTS.names) <= set(segments[0])
    assert "at 1 source Graylit itself failed" in describe_failed(rows, "a.log")
    assert "Traceback" in (tmp_path / "segments.log").read_text()


def test_a_text_that_failed_is_not_served(shard, tmp_path):
    rows = [row | {"outcome": "program_error"} if row["source_id"] == "S-html" else row for row in shard.rows.values()]
    served = choose_texts(SOURCES.to_frame(SOURCE_ROWS), TEXTS.to_frame(rows), FROZEN_TEXTS.to_frame([]))
    found = dict(zip(served["source_id"], zip(served["served_by"], served["outcome"], strict=True), strict=True))
    assert found["S-html"] == ("none", "program_error")
    assert found["S-fine"] == ("captured", "extracted")
    copy_texts([str(shard.folder)], {"S-fine", "S-good"}, tmp_path / "texts")
    assert sorted(path.name for path in (tmp_path / "texts").iterdir()) == ["S-fine.txt", "S-good.txt"]
