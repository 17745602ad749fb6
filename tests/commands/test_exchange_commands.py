"""`graylit import qda`, `graylit export qda` and `graylit export codings`."""

import shutil

import pytest

from graylit.exchange.review import read_review
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


def list_exports(folder):
    """Return how the exports that need words and the one that needs none ended, and what they said."""
    asked = (["qda"], ["codings"], ["codings", "--without-words"])
    ended = [call_graylit("-C", folder, "export", *names) for names in asked]
    return [(one.returncode, one.stderr.replace(f"-C {folder} ", "")) for one in ended]


def test_exports_that_need_words_say_what_a_fresh_clone_lacks_and_how_to_get_it(study):
    shutil.rmtree(study / "data/processed")
    qda, codings, wordless = list_exports(study)
    for code, said in (qda, codings):
        assert code == 1
        assert "data/processed/texts: holds the words of none of the 3 sources (S001 has no text yet" in said
        assert "its page was not captured); expected the texts of captured pages; run `graylit collect`" in said
    assert "then `graylit review` and `graylit export qda`" in qda[1]
    assert wordless[0] == 1 and "located_codings.csv: is missing" in wordless[1]


def test_codings_that_the_frozen_corpus_serves_are_exported_without_words(study):
    (study / "data/processed/texts/S001.txt").unlink()
    record_made(study)
    before, (qda, codings, wordless) = read_review(study), list_exports(study)
    assert (qda, codings, wordless) == ((0, ""), (0, ""), (0, ""))
    left = read_review(study, "export qda").left_out["no_text"] - before.left_out["no_text"]
    assert left == sum(bool(row["start"]) and row["source_id"] == "S001" for row in before.codings) > 0
