"""Revisit records: written with their blocks, and mended if an earlier version left the blocks out."""

import datetime
from pathlib import Path

import pytest
from warcio.recordloader import ArcWarcRecord

from graylit.captures.groups import heal_files, list_members, read_groups
from graylit.captures.mending import mend_revisits
from graylit.captures.verifying import verify_file
from graylit.captures.warcs import Before, digest_body
from graylit.collection.asking import Hop
from graylit.collection.capture_files import CaptureWriter, make_records, make_revisit

STARTED = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)
NOW = "2026-03-02T09:00:00Z"
NOT_MODIFIED = b'HTTP/1.1 304 Not Modified\r\nETag: "b-7"\r\n\r\n'
PAGE = b"<p>Bees drink from wet gravel.</p>" * 40


def make_hop(number: int, is_same: bool) -> Hop:
    head, body = (NOT_MODIFIED, b"") if is_same else (b"HTTP/1.1 200 OK\r\n\r\n", PAGE)
    return Hop(f"http://a.example/{number}", 304 if is_same else 200, b"GET / HTTP/1.1\r\n\r\n", head, {}, body, body)


def leave_block_out(records: list[ArcWarcRecord]) -> list[ArcWarcRecord]:
    """Have warcio write the last record as a revisit of its own making, as an earlier version did."""
    records[-1].rec_type = "revisit"
    return records


def write_refreshed(raw: Path, is_old: bool) -> list[dict[str, str]]:
    """Write captures of three pages, and a refresh that finds each as it was; return the rows."""
    first, again = CaptureWriter(raw, STARTED), CaptureWriter(raw, STARTED + datetime.timedelta(days=1))
    rows = []
    for number in (1, 2, 3):
        url = f"http://a.example/{number}"
        row = {"capture_id": f"S{number:03d}-1", "source_id": f"S{number:03d}", "url": url, "outcome": "captured"}
        row |= {"final_url": url, "captured_at": NOW, "sha256": digest_body(PAGE), "n_bytes": str(len(PAGE))}
        before = first.add(row, make_records([make_hop(number, is_same=False)], NOW))
        revisit = make_revisit(make_hop(number, is_same=True), NOW, Before(before, {}, f"sha256:{digest_body(PAGE)}"))
        row |= {"capture_id": f"S{number:03d}-2", "outcome": "unchanged"}
        rows += [before, again.add(row, leave_block_out(revisit) if is_old else revisit)]
    first.close()
    again.close()
    return rows


def list_faults(raw: Path, rows: list[dict[str, str]]) -> list[str]:
    return [fault for path in sorted(raw.glob("captures-*.warc.gz")) for fault in verify_file(path, rows)[1]]


def test_a_revisit_holds_the_head_of_its_answer(tmp_path):
    rows = write_refreshed(tmp_path, is_old=False)
    assert list_faults(tmp_path, rows) == []
    last = next(list_members(tmp_path / rows[-1]["warc_file"], int(rows[-1]["warc_offset"])))
    assert (last.header("WARC-Type"), last.block) == ("revisit", NOT_MODIFIED)
    assert mend_revisits(tmp_path, rows) == []


@pytest.fixture
def damaged(tmp_path):
    """Return a folder whose revisits an earlier version wrote, and the rows of its table."""
    rows = write_refreshed(tmp_path, is_old=True)
    faults = list_faults(tmp_path, rows)
    assert len(faults) == 3 and all("the next `graylit collect` mends it" in fault for fault in faults)
    return tmp_path, rows


def test_revisits_without_their_blocks_are_mended_and_no_record_moves(damaged):
    raw, rows = damaged
    path = raw / rows[1]["warc_file"]
    before = list(list_members(path))
    assert mend_revisits(raw, rows) == [path]
    assert list_faults(raw, rows) == []
    after = list(list_members(path))
    assert [(member.start, member.end) for member in after] == [(member.start, member.end) for member in before]
    kept = ("WARC-Type", "WARC-Record-ID", "WARC-Target-URI", "WARC-Payload-Digest", "WARC-Refers-To-Date")
    for old, new in zip(before, after, strict=True):
        assert [new.header(name) for name in kept] == [old.header(name) for name in kept]
        assert new.record == old.record or (new.header("WARC-Type"), new.block) == ("revisit", b"")
    assert mend_revisits(raw, rows) == []


def test_what_a_killed_run_left_beside_the_file_is_written_anew(damaged):
    raw, rows = damaged
    path = raw / rows[1]["warc_file"]
    path.with_name(f"{path.name}.mending").write_bytes(path.read_bytes()[:300])
    mend_revisits(raw, rows)
    assert list_faults(raw, rows) == []
    assert {found.suffix for found in raw.iterdir()} == {".gz"}


def test_mended_files_give_back_every_row_and_no_part_is_set_aside(damaged):
    raw, rows = damaged
    mend_revisits(raw, rows)
    assert [row["capture_id"] for row in heal_files(raw, [])] == [
        row["capture_id"] for row in sorted(rows, key=lambda row: (row["warc_file"], int(row["warc_offset"])))
    ]
    assert not list(raw.glob("*.broken-at-*"))
    assert sum(1 for path in raw.glob("*.gz") for whole in read_groups(path) if whole.row) == len(rows)


def test_a_damaged_record_beside_the_revisits_stays_as_it_is(damaged):
    raw, rows = damaged
    path = raw / rows[1]["warc_file"]
    content = bytearray(path.read_bytes())
    second = int(rows[3]["warc_offset"])
    content[second : second + 8] = bytes(8)
    path.write_bytes(content)
    mend_revisits(raw, rows)
    assert path.read_bytes()[second : second + 8] == bytes(8)
    assert all(rows[3]["capture_id"] in fault or "no whole record" in fault for fault in list_faults(raw, rows))
