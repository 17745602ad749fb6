"""A row that is corrected where it stands: every other row stays as it was written, byte for byte."""

import pytest

from graylit.study.correcting import correct_row
from graylit.tables.faults import InputError
from graylit.tables.sources import SOURCES

FILE = "config/sources.csv"
HEADER = "source_id,url,title,publisher,source_type\n"
ROWS = (
    'S001,https://example.org/a,"A ""wide"", long title",Ann,blog-post\n',
    "S002,https://example.org/b,Plain,not stated,not stated\n",
    'S003,https://example.org/c,"Two\nlines",Ben,talk\n',
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config").mkdir()
    (tmp_path / FILE).write_text(HEADER + "".join(ROWS), encoding="utf-8")
    return tmp_path


def read(folder):
    return (folder / FILE).read_text(encoding="utf-8")


def test_one_row_is_written_anew_and_the_others_stay(folder):
    correct_row(folder, FILE, SOURCES, "S002", {"publisher": "Garden, Club", "source_type": "blog-post"})
    assert read(folder) == (HEADER + ROWS[0] + 'S002,https://example.org/b,Plain,"Garden, Club",blog-post\n' + ROWS[2])


def test_a_column_is_added_if_a_cell_needs_it(folder):
    correct_row(folder, FILE, SOURCES, "S003", {"published": "2026-02", "licence": ""})
    lines = read(folder).splitlines(keepends=True)
    assert lines[0] == HEADER.strip() + ",published\n"
    assert lines[2] == "S002,https://example.org/b,Plain,not stated,not stated,\n"
    assert lines[-1] == 'lines",Ben,talk,2026-02\n'


def test_a_row_that_is_gone_is_no_row(folder):
    with pytest.raises(LookupError):
        correct_row(folder, FILE, SOURCES, "S009", {"publisher": "x"})
    assert read(folder) == HEADER + "".join(ROWS)


def test_a_table_in_another_form_is_left_as_it_is(folder):
    content = (HEADER + "".join(ROWS)).replace(",", ";")
    (folder / FILE).write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match="tidy"):
        correct_row(folder, FILE, SOURCES, "S001", {"publisher": "x"})
    assert read(folder) == content
