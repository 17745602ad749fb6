"""Cookies and passwords are not kept, whichever way a page came."""

import datetime
import gzip

import pytest

from graylit.captures.archive_index import index_archives
from graylit.captures.choosing import list_pages
from graylit.captures.records import find_payload
from graylit.captures.secrets import clean_block
from graylit.captures.verifying import verify_file
from graylit.collection.archives import take_from_archive
from graylit.collection.capture_files import CaptureWriter
from graylit.collection.capture_table import CaptureTable
from graylit.collection.keeper import Keeper
from warc_records import PAGE, URL, Made, make_answer, write_warc

WITH_PASSWORD = URL.replace("http://", "http://ada:SECRET@")
FIELDS = [
    "Set-Cookie: id=SECRET",
    "set-cookie2: id=SECRET; Version=1",
    "X-Archive-Orig-Set-Cookie: id=SECRET",
    "Set-Cookie: a=b;\r\n\tid=SECRET",
    "Cookie: id=SECRET",
    "Proxy-Authorization: Basic SECRET",
    "Authentication-Info: nextnonce=SECRET",
    f"Content-Location: {WITH_PASSWORD}",
    f"Link: <{WITH_PASSWORD}>; rel=canonical",
]


@pytest.mark.parametrize("field", FIELDS)
def test_a_head_is_kept_without_what_is_secret(field):
    block = make_answer(PAGE, "200 OK", field, "X-Kept: yes")
    cleaned = clean_block(block)
    assert b"SECRET" not in cleaned
    assert b"\r\nX-Kept: yes\r\n\r\n<html>" in cleaned.replace(b"Content-Length", b"Length")
    assert find_payload(cleaned) == PAGE


def test_an_interim_head_is_cleaned_too():
    block = b"HTTP/1.1 103 Early Hints\r\nSet-Cookie: id=SECRET\r\n\r\n" + make_answer(PAGE)
    assert clean_block(block) == block.replace(b"Set-Cookie: id=SECRET\r\n", b"")


def test_a_block_without_secrets_and_a_body_that_speaks_of_cookies_stay_as_they_are():
    for block in (make_answer(PAGE), make_answer(b"Set-Cookie: id=1\r\nhttp://ada:word@a.example/"), PAGE, b""):
        assert clean_block(block) is block


def keep(folder, source, archive):
    """Keep what an archive has for a source, and return its row and the files of the folder, unpacked."""
    folder.mkdir()
    table, writer = CaptureTable(folder / "captures.csv"), CaptureWriter(folder, datetime.datetime(2026, 3, 2))
    table.read()
    keeper = Keeper(table, writer, [], list_pages(source), {})
    keeper.keep_copies(
        take_from_archive(page, index_archives([archive]), 1_000_000, "2026-03-03T00:00:00Z") for page in keeper.left
    )
    writer.close()
    (row,) = table.read()
    records = gzip.decompress(writer.path.read_bytes()) if row["warc_file"] else b""
    return row, records + table.path.read_bytes(), verify_file(writer.path, [row])[1] if records else []


def test_a_copy_of_an_archive_has_neither_cookies_nor_passwords_and_verifies(tmp_path):
    target = "http://ada:SECRET@a.example/there"
    archive = write_warc(
        tmp_path / "old.warc.gz",
        Made("response", make_answer(b"", "302 Found", f"Location: {target}", "Set-Cookie: id=SECRET"), WITH_PASSWORD),
        Made("response", make_answer(PAGE, "200 OK", *FIELDS), target),
    )
    row, kept, faults = keep(tmp_path / "raw", {"source_id": "S001", "url": WITH_PASSWORD}, archive)
    assert (row["outcome"], row["url"], row["final_url"]) == ("moved", URL, "http://a.example/there")
    assert b"SECRET" not in kept
    assert faults == []


def test_a_redirect_that_leads_nowhere_is_noted_without_its_password(tmp_path):
    leads = make_answer(b"", "302 Found", "Location: http://ada:SECRET@a.example/gone")
    row, kept, _ = keep(
        tmp_path / "raw",
        {"source_id": "S001", "url": URL},
        write_warc(tmp_path / "old.warc.gz", Made("response", leads)),
    )
    assert row["outcome"] == "not_in_archive"
    assert "http://a.example/gone" in row["note"]
    assert b"SECRET" not in kept
