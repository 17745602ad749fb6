"""What git has of a study: files with words of the sources are named, and patterns keep them out."""

import shutil

import pytest

from graylit.runs.places import NEW_STUDY
from graylit.study.tracking import complete_gitignore, list_tracked, remark_tracked
from repositories import git, needs_git
from tiny_study import write_study

TEMPLATE = (NEW_STUDY / "gitignore").read_text()
FOREIGN = ["data/raw/captures-1.warc.gz", "data/processed/texts/S001.txt", "results/audit/index.html", "old/Pages.WACZ",
           "results/exchange/review.qdpx"]  # fmt: skip


def write_files(folder, *files, words="words"):
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(words)


@pytest.fixture
def study(tmp_path):
    """Return the tiny study, under git from its first day and without patterns."""
    git(write_study(tmp_path), "init")
    return tmp_path


@needs_git
def test_captures_texts_and_pages_that_are_staged_are_named_with_what_to_do(study):
    write_files(study, *FOREIGN, "results/export/sources.bib", "results/sealed/A.csv", "data/raw/README.md")
    git(study, "add", "-A")
    (remark,) = remark_tracked(study)
    assert f"git tracks {len(FOREIGN)} files with words of the sources" in remark.problem
    assert "git rm -r --cached -- ':(icase)*.wacz' data/processed/ data/raw/ results/" in remark.remedy


@needs_git
def test_the_command_that_a_remark_names_takes_them_out_of_git_and_leaves_them_on_disk(study):
    write_files(study, "old/Pages.WACZ", "data/raw/captures.csv")
    git(study, "add", "-A")
    git(study, "rm", "-r", "--cached", "--", ":(icase)*.wacz", "data/raw/")
    assert (remark_tracked(study), (study / "old/Pages.WACZ").exists()) == ([], True)


@needs_git
def test_tables_that_quote_the_sources_are_named_once_git_tracks_them(study):
    table = study / "config/coding/codings/A.csv"
    git(study, "add", "-A")
    assert remark_tracked(study) == []
    table.write_text("coding_id,source_id,exact,code_id\nA-1,S001,a mesh keeps leaves out,C01\n")
    (remark,) = remark_tracked(study)
    assert "1 file with quoted words of the sources: config/coding/codings/A.csv" in remark.problem


@needs_git
def test_files_of_a_study_within_the_folder_are_its_own(study):
    write_files(study, "tests/mini/config/config.yaml", "tests/mini/data/raw/pages.warc.gz", "lost/pages.warc.gz")
    git(study, "add", "-A")
    assert [file for file in list_tracked(study) if file.endswith("gz")] == ["lost/pages.warc.gz"]


@needs_git
def test_a_study_within_a_larger_repository_is_asked_about_alone(study):
    write_files(study, "papers/one/data/raw/x.warc", "papers/pages.warc")
    git(study, "add", "-A")
    assert list_tracked(study / "papers/one") == ["data/raw/x.warc"]


def test_outside_a_repository_and_without_git_nothing_is_tracked(tmp_path, monkeypatch):
    assert list_tracked(tmp_path) == []
    monkeypatch.setenv("PATH", str(tmp_path))
    assert (shutil.which("git"), list_tracked(tmp_path)) == (None, [])


def test_a_study_without_patterns_gets_those_of_a_new_one(tmp_path):
    assert complete_gitignore(tmp_path) == []
    assert (tmp_path / ".gitignore").read_text() == TEMPLATE


def test_patterns_that_an_older_study_lacks_are_added_below_its_own(tmp_path):
    (tmp_path / ".gitignore").write_text("notes/\n/data/raw/*\n!/data/raw/README.md\n*.qdpx")
    added = complete_gitignore(tmp_path)
    assert "*.wacz" in added and "/data/raw/" not in added and "*.qdpx" not in added
    written = (tmp_path / ".gitignore").read_text()
    assert written.startswith("notes/\n/data/raw/*\n!/data/raw/README.md\n*.qdpx\n\n# Added by Graylit")
    assert complete_gitignore(tmp_path) == []


def test_a_pattern_that_was_put_behind_a_sign_of_comments_stays_there(tmp_path):
    (tmp_path / ".gitignore").write_text(TEMPLATE.replace("/results/", "# /results/"))
    assert complete_gitignore(tmp_path) == []


@needs_git
def test_after_patterns_were_added_git_takes_nothing_that_holds_words(study):
    complete_gitignore(study)
    write_files(study, *[file for file in FOREIGN if file != "old/Pages.WACZ"])
    git(study, "add", "-A")
    assert remark_tracked(study) == []
