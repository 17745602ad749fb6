"""What git has of a study: files with words of the sources are named, and patterns keep them out."""

import shutil

import pytest

from graylit.runs.places import NEW_STUDY
from graylit.study.tracking import (
    UNION,
    complete_gitattributes,
    complete_gitignore,
    list_tracked,
    remark_merging,
    remark_tracked,
)
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


@needs_git
def test_a_study_whose_rows_would_be_conflicts_is_told_which_lines_keep_them(study):
    (remark,) = remark_merging(study)
    assert (remark.file, UNION in remark.expected) == (".gitattributes", True)
    assert "config/coding/adjudications.csv" in remark.problem and "config/**/*.csv merge=union" in remark.remedy


@needs_git
def test_only_lines_that_are_missing_are_named_and_those_of_another_folder_count(study):
    (study / ".gitattributes").write_text("config/coding/*.csv   merge=union\nconfig/screening/*.csv merge=union\n")
    (remark,) = remark_merging(study)
    assert "config/coding/passes.csv" not in remark.problem and "config/checklist.csv" in remark.problem
    (study / "config/.gitattributes").write_text("*.csv merge=union\n")
    assert remark_merging(study) == []


@needs_git
def test_a_line_that_is_overridden_is_a_remark_too(study):
    complete_gitattributes(study)
    assert remark_merging(study) == []
    (study / "config/.gitattributes").write_text("quality.csv -merge\n")
    (remark,) = remark_merging(study)
    assert "add some: config/quality.csv" in remark.problem and "remove what overrides" in remark.remedy


@needs_git
def test_attributes_that_others_do_not_have_are_a_remark(study):
    complete_gitattributes(study)
    git(study, "add", "config")
    (remark,) = remark_merging(study)
    assert remark.remedy == "run: git add .gitattributes"
    git(study, "add", ".gitattributes")
    assert remark_merging(study) == []


def test_outside_git_nothing_is_said_of_merging_and_a_run_writes_the_lines_all_the_same(tmp_path):
    assert (remark_merging(write_study(tmp_path)), complete_gitattributes(tmp_path)) == ([], [])
    assert (tmp_path / ".gitattributes").read_text() == (NEW_STUDY / "gitattributes").read_text()


def test_lines_that_an_older_study_lacks_are_added_and_those_put_behind_a_sign_of_comments_are_not(tmp_path):
    (tmp_path / ".gitattributes").write_text("data/frozen/** -text\n# config/**/*.csv   merge=union\n")
    added = complete_gitattributes(tmp_path)
    assert "data/frozen/** -text -merge" in added and "config/**/*.csv merge=union" not in added
    assert complete_gitattributes(tmp_path) == []
