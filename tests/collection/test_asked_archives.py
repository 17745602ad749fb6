"""The archives that a command line asks for."""

import pytest

from graylit.collection.capture_table import find_archives
from graylit.tables.faults import InputError


def test_archives_are_found_as_seen_from_the_base(tmp_path):
    (tmp_path / "a.warc.gz").touch()
    (tmp_path / "b.warc").touch()
    assert find_archives("a.warc.gz, b.warc,", str(tmp_path)) == [str(tmp_path / "a.warc.gz"), str(tmp_path / "b.warc")]


def test_an_archive_with_a_whole_path_needs_no_base(tmp_path):
    (tmp_path / "a.warc.gz").touch()
    assert find_archives(str(tmp_path / "a.warc.gz"), "/elsewhere") == [str(tmp_path / "a.warc.gz")]


def test_no_archives_asked_for_are_none():
    assert find_archives("", ".") == []


def test_every_missing_archive_is_named(tmp_path):
    with pytest.raises(InputError) as raised:
        find_archives("a.warc.gz,b.warc", str(tmp_path))
    assert [(f.file, f.problem) for f in raised.value.faults] == [
        (str(tmp_path / "a.warc.gz"), "is missing"),
        (str(tmp_path / "b.warc"), "is missing"),
    ]
