"""What a file is told by: its first bytes, whatever it ends with; and the dates of its records."""

import zipfile

import pytest

from graylit.captures.archive_index import index_archives
from graylit.captures.records import read_date
from graylit.tables.faults import InputError
from warc_records import PAGE, URL, Made, make_answer, write_warc


def write_zip(path, *names):
    with zipfile.ZipFile(path, "w") as package:
        for name in names:
            package.writestr(name, "words")
    return path


@pytest.mark.parametrize("name", ["a.warc", "a.WARC", "a.wacz"])
def test_an_archive_that_ends_with_a_zip_file_is_a_warc_file(tmp_path, name):
    download = write_zip(tmp_path / "tools.zip", "tools.txt").read_bytes()
    last = Made("response", make_answer(download), url="http://a.example/tools.zip")
    path = write_warc(tmp_path / name, Made("response", make_answer(PAGE)), last)
    assert zipfile.is_zipfile(path)
    assert len(index_archives([path]).pages) == 2


@pytest.mark.parametrize("names", [(), ("word/document.xml",), ("archive/notes.txt", "pages/pages.jsonl")])
def test_a_zip_file_that_holds_no_warc_file_is_refused(tmp_path, names):
    path = write_zip(tmp_path / "a.wacz", *names)
    with pytest.raises(InputError, match=r"a.wacz: .*it is a zip file that holds no WARC file"):
        index_archives([path])


def test_empty_members_and_notes_of_macos_are_no_archives(tmp_path):
    warc = write_warc(tmp_path / "a.warc", Made("response", make_answer(PAGE)))
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as package:
        package.writestr("archive/0.warc.gz", b"")
        package.writestr("__MACOSX/archive/._1.warc", b"\0\5\x16\7")
        package.write(warc, "archive/1.warc")
    assert len(index_archives([tmp_path / "a.wacz"]).pages) == 1


@pytest.mark.parametrize("content", [b"\x1b[2J\0 page", b"<html>" * 500, "WARC/1.1".encode("utf-16")])
def test_what_a_file_holds_instead_is_not_printed(tmp_path, content):
    (tmp_path / "a.warc").write_bytes(content)
    with pytest.raises(InputError, match="WARC \\(it begins neither as a WARC nor as an ARC file\\)"):
        index_archives([tmp_path / "a.warc"])


def test_what_follows_the_records_is_not_printed(tmp_path):
    path = write_warc(tmp_path / "a.warc", Made("response", make_answer(PAGE)))
    path.write_bytes(path.read_bytes() + bytes(512))
    with pytest.raises(InputError, match="cannot be read as WARC") as caught:
        index_archives([path])
    assert caught.value.faults[0].problem.isprintable()


@pytest.mark.parametrize(
    ("opening", "command"),
    [
        (b"\x28\xb5\x2f\xfd", "zstd -d"),
        (b"\x5d\x2a\x4d\x18", "warc.zst"),
        (b"\x04\x22\x4d\x18", "lz4 -d"),
        (b"BZh9", "bzip2 -d"),
        (b"\xfd7zXZ\0", "xz -d"),
    ],
)
def test_an_archive_packed_in_another_way_is_refused_with_what_unpacks_it(tmp_path, opening, command):
    (tmp_path / "a.warc.zst").write_bytes(opening + bytes(100))
    with pytest.raises(InputError, match=f"unpack it .*{command}"):
        index_archives([tmp_path / "a.warc.zst"])


def test_lines_of_five_words_are_no_arc_file(tmp_path):
    (tmp_path / "notes.txt").write_text("http://a.example/ is where it stands 0\n")
    with pytest.raises(InputError, match="begins neither as a WARC nor as an ARC file"):
        index_archives([tmp_path / "notes.txt"])


DATES = {
    "2026": "2026-01-01T00:00:00Z",
    "2026-03": "2026-03-01T00:00:00Z",
    "2026-03-02": "2026-03-02T00:00:00Z",
    "2026-03-02T08:15Z": "2026-03-02T08:15:00Z",
    "2026-03-02T08:15:30Z": "2026-03-02T08:15:30Z",
    "2026-03-02T08:15:30": "2026-03-02T08:15:30Z",
    "2026-03-02T08:15:30.1Z": "2026-03-02T08:15:30Z",
    "2026-03-02T08:15:30.123456789Z": "2026-03-02T08:15:30Z",
    "2026-03-02T08:15:30,5Z": "2026-03-02T08:15:30Z",
    "2026-03-02 08:15:30": "2026-03-02T08:15:30Z",
    "2026-03-02T00:30:00+02:00": "2026-03-01T22:30:00Z",
    "2026-03-02T00:30:00.5-0530": "2026-03-02T06:00:00Z",
    "2026-12-31T23:59:60Z": "2026-12-31T23:59:59Z",
    "20260302081530": "2026-03-02T08:15:30Z",
    "2026-02-30": "",
    "2008-10-294T05:21:46-0700": "",
    "2026-03-02T25:00:00Z": "",
    "20269902081530": "",
    "202603": "",
    "0001-01-01T00:00:00+02:00": "",
    "26-03-02": "",
    "yesterday": "",
    "": "",
}


@pytest.mark.parametrize("stated", DATES)
def test_dates_of_any_precision_stand_for_times_in_utc(stated):
    assert read_date(stated) == DATES[stated]


def test_a_date_with_an_offset_is_that_of_its_page(tmp_path):
    path = write_warc(tmp_path / "a.warc", Made("response", make_answer(), date="2026-03-02T00:30:00+02:00"))
    assert [held.captured_at for answers in index_archives([path]).pages.values() for held in answers] == [
        "2026-03-01T22:30:00Z"
    ]
    assert URL.removeprefix("http:") in next(iter(index_archives([path]).pages))
