"""`graylit import qda`, `graylit export qda` and `graylit export codings`."""

import pytest

from graylit.study.locks import hold_study
from made_rows import record_made
from qda_projects import add, add_code, digest_folder, edit_project, export, plan, write_coded
from running import call_graylit


@pytest.fixture
def study(tmp_path):
    """Return the coded study."""
    return write_coded(tmp_path / "study")


def import_qda(study, path, *arguments):
    return call_graylit("-C", study, "import", "qda", path, "--as", "B", *arguments)


def test_the_command_writes_only_when_told_to(study):
    path = edit_project(export(study), add_code)
    before = digest_folder(study)
    shown = import_qda(study, path)
    assert digest_folder(study) == before
    assert "new code    C04  Dust" in shown.stdout and "Nothing was written" in shown.stdout, shown.stderr
    done = import_qda(study, path, "--yes")
    assert "Rows added to config/coding/codebook.csv, config/coding/codings/B.csv" in done.stdout, done.stderr
    assert "Nothing to add" in import_qda(study, path, "--yes").stdout


def test_the_command_says_a_fault_and_fails(study, tmp_path):
    (tmp_path / "x.qdpx").write_bytes(b"no")
    ended = import_qda(study, tmp_path / "x.qdpx", "--yes")
    assert ended.returncode == 1
    assert ended.stderr.startswith("1 fault found, nothing was run:") and "Traceback" not in ended.stderr


def test_the_command_waits_for_nobody(study):
    path = edit_project(export(study), add)
    with hold_study(study):
        ended = import_qda(study, path, "--yes")
    assert "is in use by another run" in ended.stderr
    assert plan(study, path).files


def test_a_folder_without_study_is_refused_and_stays_as_it_is(study, tmp_path):
    ended = import_qda(tmp_path / "no", export(study), "--yes")
    assert "no is no study" in ended.stderr and not (tmp_path / "no").exists()


def test_the_exports_are_written_by_their_commands(study):
    record_made(study)
    assert call_graylit("-C", study, "export", "qda").returncode == 0
    assert call_graylit("-C", study, "export", "codings").returncode == 0
    names = {path.name for path in (study / "results/exchange").iterdir()}
    assert names == {"review.qdpx", "codebook.qdc", "annotations.jsonld", "codings.csv"}
