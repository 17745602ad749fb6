"""What the workflow needs of a study, and when a study is checked again."""

import pytest

from graylit.study.checking import require_study
from graylit.study.outline import (
    STAMP,
    digest_checked,
    read_outline,
    read_stamp,
    write_stamp,
)
from graylit.study.study import CODINGS_FOLDER, list_written
from graylit.tables.faults import InputError
from tiny_study import replace_once, write_study

SOURCES = "config/sources.csv"


@pytest.fixture
def folder(tmp_path):
    return write_study(tmp_path)


def open_study(folder):
    """Return the outline of a study as the workflow does at its start (common.smk)."""
    checked = digest_checked(folder)
    if checked != read_stamp(folder):
        require_study(folder)
        write_stamp(folder, checked)
    return read_outline(folder)


def test_the_workflow_sees_the_sources_and_the_coders_of_a_checked_study(folder):
    study = require_study(folder)
    for _ in range(2):
        outline = open_study(folder)
        assert (outline.config, outline.sources) == (study.config, study.sources)
        assert list(outline.codings) == sorted(study.codings)


def test_a_checked_study_is_checked_again_when_a_file_changes(folder):
    open_study(folder)
    replace_once(folder, SOURCES, "https://garden.example/Filters", "ftp://garden.example/Filters")
    with pytest.raises(InputError, match="ftp://garden.example/Filters"):
        open_study(folder)


def test_a_study_with_faults_is_never_taken_for_checked(folder):
    replace_once(folder, SOURCES, "https://garden.example/Filters", "ftp://garden.example/Filters")
    for _ in range(2):
        with pytest.raises(InputError):
            open_study(folder)


def test_a_checked_study_is_not_checked_again(folder):
    open_study(folder)
    replace_once(folder, SOURCES, "https://garden.example/Filters", "ftp://garden.example/Filters")
    write_stamp(folder, digest_checked(folder))
    assert "ftp://garden.example/Filters" in {row["url"] for row in open_study(folder).sources.cells}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"", b"0" * 64, b"nonsense\n"])
def test_a_damaged_stamp_means_another_check(folder, content):
    open_study(folder)
    (folder / STAMP).write_bytes(content)
    before = {path: path.stat().st_mtime_ns for path in (folder / "config").rglob("*")}
    open_study(folder)
    assert read_stamp(folder) == digest_checked(folder)
    assert {path: path.stat().st_mtime_ns for path in (folder / "config").rglob("*")} == before


def test_a_table_behind_a_linked_folder_is_checked_when_it_changes(folder, tmp_path):
    (folder / CODINGS_FOLDER).rename(tmp_path / "shared")
    (folder / CODINGS_FOLDER).symlink_to(tmp_path / "shared")
    open_study(folder)
    table = tmp_path / "shared/A.csv"
    table.write_text(table.read_text().replace("C01", "C99"))
    with pytest.raises(InputError, match="C99"):
        open_study(folder)


def test_other_files_below_config_are_not_what_people_decided(folder):
    before = list_written(folder)
    (folder / "config/old").mkdir()
    for name in ("config/old/sources.csv", "config/sources (copy).csv", "config/coding/notes.csv", "config/other.yaml"):
        (folder / name).write_text("source_id\nS001\n")
    assert list_written(folder) == before
    assert {path.name for path in before} >= {"config.yaml", "sources.csv", "codebook.csv", "A.csv"}
