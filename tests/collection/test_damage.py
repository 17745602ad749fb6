"""Damaged captures: the table and its WARC files are refused with their reasons and stay; archives are taken warily."""

import datetime
import io
import re
import tracemalloc
import zlib
from pathlib import Path

import pytest

from archives import PAGES, REPOSITORY, Page, write_archive
from conftest import collect_archived, list_collection_arguments, read_table, run_snakemake, write_table
from graylit.captures.archive_index import index_archives
from graylit.captures.choosing import MOST_FAULTS, choose_pages
from graylit.captures.groups import heal_files, read_before, read_capture
from graylit.captures.verifying import verify_file
from graylit.collection.archives import take_from_archive
from graylit.collection.attempts import Attempt
from graylit.collection.capture_files import CaptureWriter
from graylit.collection.capture_table import CaptureTable
from graylit.study.checking import read_study, require_study
from graylit.study.study import read_captures
from graylit.tables.collection import CAPTURES
from graylit.tables.faults import InputError
from graylit.tables.kinds import is_file_name
from running import call_graylit

TABLE = "data/raw/captures.csv"
MADE = (REPOSITORY / "tests/mini" / TABLE).read_bytes()
WARC = b"captures-20261123T153534Z.warc.gz"
HEAD, FIRST, REST = MADE.split(b"\n", 2)
PAGE = Page("http://hivewall.example/notes/water.html", "water.html", "text/html")


def change_first(old: bytes, new: bytes) -> bytes:
    """Return the table with another cell in its first row."""
    assert FIRST.count(old) == 1
    return b"\n".join([HEAD, FIRST.replace(old, new), REST])


OFFSET = WARC + b"," + FIRST.split(WARC + b",")[1].split(b",")[0]
FOREIGN = b"\n".join(line + (b",colour" if line == HEAD else b",") for line in MADE.splitlines()) + b"\n"
# What stands in captures.csv, and a part of the fault that says so.
DAMAGED = {
    "byte order mark": (b"\xef\xbb\xbf" + MADE, "row 1: starts with a byte order mark"),
    "foreign column": (FOREIGN, "row 1, column colour: is not a column of captures"),
    "semicolons": (MADE.replace(b",", b";"), "row 1: separates cells by ';'"),
    "tabs": (MADE.replace(b",", b"\t"), "row 1: separates cells by '\\t'"),
    "column twice": (MADE.replace(b"note", b"media_type", 1), "row 1, column media_type: stands in the header twice"),
    "Windows line ends": (MADE.replace(b"\n", b"\r\n"), "has Windows line ends"),
    "old Macintosh line ends": (MADE.replace(b"\n", b"\r"), "has Windows line ends"),
    "header of another table": (b"title,author\n" + REST, "row 1: column 'capture_id' is missing"),
    "no line end at all": (b"title,author", "row 1: column 'capture_id' is missing"),
    "Latin-1": (change_first(b"text/html", b"t\xe9xt"), "row 2: is not UTF-8 (byte 0xe9"),
    "UTF-16": (MADE.decode().encode("utf-16"), "is not UTF-8 (it looks like UTF-16"),
    "huge cell": (change_first(b"text/html", b"x" * 11_000_000), "cannot be read as CSV"),
    "open quote": (change_first(b"text/html", b'"text/html'), "cannot be read as CSV"),
    "two cells": (b"\n".join([HEAD, b"S001-1,S001", REST]), "row 2: has 2 cells where the header has 15"),
    "repeated id": (b"\n".join([HEAD, FIRST, FIRST, REST]), "row 3, column capture_id: 'S001-1' stands in row 2"),
    "path from the root": (change_first(OFFSET, b"/etc/passwd,0"), "row 2, column warc_file: '/etc/passwd' is not"),
    "path upwards": (change_first(WARC, b"../x"), "row 2, column warc_file: '../x' is not valid"),
    "offset of letters": (change_first(OFFSET, WARC + b",abc"), "row 2, column warc_offset: 'abc' is not valid"),
    "offset without a file": (change_first(WARC, b""), "row 2, column warc_offset:"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_table_is_refused_with_its_reason_and_stays_as_it_is(tmp_path, damage):
    path, (content, reason) = tmp_path / "captures.csv", DAMAGED[damage]
    path.write_bytes(content)
    with pytest.raises(InputError) as refused:
        CaptureTable(path).read()
    assert f"{path}" in str(refused.value)
    assert reason in str(refused.value)
    assert "graylit collect --no-live" in str(refused.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_check_of_the_study_names_a_damaged_table(mini, damage):
    content, reason = DAMAGED[damage]
    (mini / TABLE).write_bytes(content)
    _, faults = read_study(mini)
    assert any(reason in str(fault) for fault in faults)
    assert {fault.file for fault in faults} == {TABLE}


def test_a_folder_in_the_place_of_the_table_is_named(mini):
    (mini / TABLE).unlink()
    (mini / TABLE).mkdir()
    with pytest.raises(InputError, match="cannot be read"):
        CaptureTable(mini / TABLE).read()
    with pytest.raises(InputError, match="cannot be read"):
        require_study(mini)


def test_of_many_faults_with_one_cause_the_first_are_shown_and_the_rest_counted(mini):
    rows = [dict.fromkeys(CAPTURES.names, "x") | {"capture_id": f"S{number}"} for number in range(50)]
    write_table(mini / TABLE, rows)
    _, faults = read_study(mini)
    assert len(faults) == MOST_FAULTS + 1
    assert "more faults" in faults[-1].problem


def test_the_check_sees_a_cell_that_a_spreadsheet_changed(mini):
    when = read_table(mini / TABLE)[0]["attempted_at"]
    (mini / TABLE).write_bytes(change_first(when.encode(), b"23/11/2026 15:35"))
    (fault,) = read_study(mini)[1]
    assert (fault.row, fault.column, fault.value) == (2, "attempted_at", "23/11/2026 15:35")


def test_a_table_of_an_earlier_version_gets_the_columns_it_lacks_and_keeps_every_row(mini):
    before = read_table(mini / TABLE)
    rows = CaptureTable(mini / TABLE).read()
    assert list(before[0]) != CAPTURES.names == list(read_table(mini / TABLE)[0])
    assert rows == read_table(mini / TABLE) == [dict.fromkeys(CAPTURES.names, "") | row for row in before]


@pytest.mark.parametrize("sign", ["\r", "\n", "\r\n", "\0"])
def test_what_a_server_sent_breaks_no_line_of_the_table(tmp_path, sign):
    row = dict.fromkeys(CAPTURES.names, "") | {"capture_id": "S001-1", "media_type": f"text/html{sign}x"}
    table = CaptureTable(tmp_path / "captures.csv")
    table.read()
    table.add(row)
    assert [row["media_type"].split() for row in table.read()] == [["text/html", "x"]]


@pytest.mark.parametrize("name", ["", ".", "..", "/etc/passwd", "../x", "a/b", "a\\b", "a\0b"])
def test_a_way_to_another_folder_is_no_file_name(name):
    assert not is_file_name(name)


# The commands ---------------------------------------------------------------------------------------------------


def test_every_command_says_what_is_wrong_with_the_table_and_changes_nothing(mini):
    content, reason = DAMAGED["byte order mark"]
    (mini / TABLE).write_bytes(content)
    asked = [call_graylit("-C", mini, verb) for verb in ("check", "verify")]
    for done in [*asked, run_snakemake(mini), collect_archived(mini)]:
        assert done.returncode != 0
        assert f"{TABLE}, {reason}" in done.stderr
        assert "Traceback" not in done.stderr
    assert (mini / TABLE).read_bytes() == content


def test_a_table_moved_away_is_written_again_from_the_warc_files(mini, tmp_path):
    for path in (mini / "data/raw").iterdir():
        path.unlink()
    done = collect_archived(mini, write_archive(tmp_path / "a.warc.gz"))
    assert done.returncode == 0, done.stderr
    before = [row for row in read_captures(mini / TABLE) if row["warc_file"]]
    (mini / TABLE).unlink()
    healed = heal_files(mini / "data/raw", CaptureTable(mini / TABLE).read())
    assert [dict.fromkeys(CAPTURES.names, "") | row for row in healed] == before != []


# WARC files -----------------------------------------------------------------------------------------------------


def serving(folder: Path, source_id: str) -> dict[str, str]:
    (row,) = choose_pages(
        [row for row in read_table(folder / "config/sources.csv") if row["source_id"] == source_id],
        read_captures(folder / TABLE),
    )[source_id]
    return dict(row)


def damage_file(path: Path, row: dict[str, str], how: str) -> None:
    """Damage the record of a row."""
    content, place = bytearray(path.read_bytes()), int(row["warc_offset"])
    if how == "start":
        content[place : place + 2] = b"xx"
    elif how == "middle":
        content[place + 600] ^= 0xFF
    elif how == "cut off":
        del content[place + 600 :]
    elif how == "zeros":
        content[place : place + 400] = bytes(400)
    path.unlink()
    if how != "missing":
        path.write_bytes(content)


def test_an_offset_at_which_no_record_starts_sets_nothing_of_a_whole_file_aside(mini):
    rows = read_captures(mini / TABLE)
    last = max((row for row in rows if row["warc_file"]), key=lambda row: int(row["warc_offset"]))
    path = mini / "data/raw" / last["warc_file"]
    content = path.read_bytes()
    last["warc_offset"] = str(int(last["warc_offset"]) + 7)
    assert heal_files(mini / "data/raw", rows) == []
    assert path.read_bytes() == content


@pytest.mark.parametrize("how", ["start", "middle", "cut off", "zeros", "missing"])
def test_a_damaged_record_is_named_with_its_source_and_its_file(mini, how):
    row = serving(mini, "S001")
    damage_file(mini / "data/raw" / row["warc_file"], row, how)
    with pytest.raises(InputError, match=r"captures-.*\.warc\.gz: the body at byte .* source S001, .* --refresh "):
        read_capture(row, mini / "data/raw")
    assert read_before(row, mini / "data/raw") is None


def test_verify_names_a_damaged_record_and_no_whole_one(mini):
    row = serving(mini, "S003")
    damage_file(mini / "data/raw" / row["warc_file"], row, "zeros")
    _, faults = verify_file(mini / "data/raw" / row["warc_file"], read_captures(mini / TABLE))
    gap, fault = faults
    assert f"byte {row['warc_offset']}: no whole record up to byte " in gap
    assert fault.startswith(f"captures.csv, S003-1: no record starts at byte {row['warc_offset']}")


STATED = ("source_id", "url", "status", "final_url", "captured_at", "media_type", "n_bytes", "sha256", "warc_offset")


@pytest.mark.parametrize("said", ["=cmd|' /C calc'!A0", "+1", "@x", "-", "\t=1", "'=1", "'a"])
def test_what_a_server_sent_is_no_formula_in_the_table_and_is_read_as_it_was(tmp_path, said):
    table = CaptureTable(tmp_path / "captures.csv")
    table.read()
    row = dict.fromkeys(CAPTURES.names, "") | {"capture_id": "S001-1", "source_id": "S001", "media_type": said}
    table.add(row)
    assert table.read() == [row]
    assert not re.search(r',"?[=+@\t-]', table.path.read_text().splitlines()[1])


@pytest.mark.parametrize("name", STATED)
def test_verify_names_a_cell_that_is_not_what_its_record_states(mini, name):
    rows = read_captures(mini / TABLE)
    before = rows[0][name]
    rows[0][name] = f"{before[:2]}{'8' if before[2] == '7' else '7'}{before[3:]}"
    _, faults = verify_file(mini / "data/raw" / rows[0]["warc_file"], rows)
    assert [fault for fault in faults if fault.startswith("captures.csv, S001-1:")]


@pytest.mark.parametrize("name", [name for name in CAPTURES.names if name not in ("capture_id", "warc_file")])
def test_verify_names_a_cell_that_is_not_what_its_group_states(tmp_path, name):
    writer = CaptureWriter(tmp_path, datetime.datetime(2026, 3, 2))
    index = index_archives([write_archive(tmp_path / "old.warc.gz", [PAGE])])
    attempt = take_from_archive({"source_id": "S001", "url": PAGE.url}, index, 1_000_000, "2026-03-03T00:00:00Z")
    row = writer.add(dict.fromkeys(CAPTURES.names, "") | attempt.row | {"capture_id": "S001-1"}, attempt.records)
    writer.close()
    assert verify_file(writer.path, [row])[1] == []
    changed = row | {name: f"{row[name][:-1]}{'8' if row[name][-1:] == '7' else '7'}"}
    named = f"captures.csv, S001-1: {name} is {changed[name]!r}, but {writer.path.name} has {row[name]!r} for it"
    assert name == "warc_offset" or named in verify_file(writer.path, [changed])[1]


def test_a_row_that_points_at_another_file_shows_nothing_of_it(mini):
    (mini / "data/raw/secret").write_text("root:x:0:0:root\n", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_capture(serving(mini, "S001") | {"warc_file": "secret", "warc_offset": "0"}, mini / "data/raw")
    assert "root" not in str(refused.value).replace(str(mini), "")


def test_the_review_names_a_damaged_record(mini):
    row = serving(mini, "S001")
    damage_file(mini / "data/raw" / row["warc_file"], row, "middle")
    done = run_snakemake(mini)
    assert done.returncode != 0
    assert f"data/raw/{row['warc_file']}: the body at byte {row['warc_offset']}, capture S001-1" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_capture_stands_for_a_damaged_one_under_an_id_that_was_free(mini, tmp_path):
    # A table that was written again from its WARC files lacks the numbers of attempts that brought nothing.
    write_table(mini / TABLE, [row | {"capture_id": f"{row['source_id']}-2"} for row in read_table(mini / TABLE)])
    row = serving(mini, "S001")
    damage_file(mini / "data/raw" / row["warc_file"], row, "middle")
    archive = write_archive(tmp_path / "again.warc.gz")
    done = run_snakemake(mini, *list_collection_arguments(archive, live=False, refresh="S001"))
    assert done.returncode == 0, done.stderr
    served = serving(mini, "S001")
    assert served["capture_id"] == "S001-3"
    assert read_capture(served, mini / "data/raw").body == PAGES[0].read()


# Archives -------------------------------------------------------------------------------------------------------


def take(path: Path, page: Page, max_bytes: int = 1_000_000) -> Attempt:
    """Return the attempt to find a page in an archive."""
    return take_from_archive({"source_id": "S001", "url": page.url}, index_archives([path]), max_bytes, "2026-03-02")


@pytest.mark.parametrize("date", ["yesterday", "9999-99-99T99:99:99Z", "2026-02-30", "26-03-02", ""])
def test_a_record_without_a_valid_date_is_not_used(tmp_path, date):
    undated = Page(PAGE.url, PAGE.file, PAGE.media_type, archived_at=date)
    attempt = take(write_archive(tmp_path / "a.warc.gz", [undated]), PAGE)
    assert (attempt.row["outcome"], attempt.records) == ("not_in_archive", [])
    assert "WARC-Date" in attempt.row["note"]


def test_a_record_without_a_valid_date_hides_no_dated_one(tmp_path):
    undated = Page(PAGE.url, "", PAGE.media_type, body=b"<p>Other words.</p>", archived_at="yesterday")
    attempt = take(write_archive(tmp_path / "a.warc.gz", [PAGE, undated]), PAGE)
    assert (attempt.row["outcome"], attempt.row["n_bytes"]) == ("captured", str(len(PAGE.read())))


CHUNKED = (("Transfer-Encoding", "chunked"),)


def chunk(body: bytes, size: int) -> bytes:
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize(("n_more", "outcome"), [(0, "captured"), (1, "too_large")])
def test_a_plain_body_of_more_bytes_than_asked_for_is_too_large(tmp_path, is_chunked, n_more, outcome):
    body = b"<html><body><p>" + b"Bees drink from wet gravel. " * 100 + b"x" * n_more
    sent = chunk(body, 100) if is_chunked else body
    page = Page(PAGE.url, "", "text/html", headers=CHUNKED if is_chunked else (), body=sent)
    attempt = take(write_archive(tmp_path / "a.warc.gz", [page]), page, max_bytes=len(body) - n_more)
    assert attempt.row["outcome"] == outcome
    assert bool(attempt.records) == (outcome == "captured")


def test_a_redirect_with_too_large_a_body_is_too_large(tmp_path):
    large = Page("http://a.example/", "", status="301 Moved", headers=(("Location", PAGE.url),), body=b"x" * 200_000)
    attempt = take(write_archive(tmp_path / "a.warc.gz", [large, PAGE]), large, max_bytes=100_000)
    assert (attempt.row["outcome"], attempt.records) == ("too_large", [])


def write_bomb(path: Path, n_mb: int) -> None:
    """Write an archive with one record whose plain body is of that many megabytes, packed as a gzip member."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {PAGE.url}\r\nWARC-Date: 2026-03-02T08:15:30Z\r\n"
        "WARC-Record-ID: <urn:uuid:7d2c6a52-0d4e-4c0a-9d0c-0d9a3b1e5f01>\r\nContent-Type: application/http; "
        f"msgtype=response\r\nContent-Length: {len(answer) + n_mb * 1_000_000}\r\n\r\n"
    )
    packer, packed = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16), io.BytesIO()
    packed.write(packer.compress(head.encode() + answer))
    for _ in range(n_mb):
        packed.write(packer.compress(b"x" * 1_000_000))
    packed.write(packer.compress(b"\r\n\r\n") + packer.flush())
    path.write_bytes(packed.getvalue())


def test_a_huge_body_in_a_small_archive_takes_little_memory(tmp_path):
    write_bomb(tmp_path / "bomb.warc.gz", n_mb=100)
    assert (tmp_path / "bomb.warc.gz").stat().st_size < 100_000
    tracemalloc.start()
    attempt = take(tmp_path / "bomb.warc.gz", PAGE, max_bytes=100_000)
    _, n_most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert attempt.row["outcome"] == "too_large"
    assert n_most < 80_000_000  # warcio unpacks 16 kB at a time, to 16 MB at most
