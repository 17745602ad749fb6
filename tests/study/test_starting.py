"""A study just started: what it is made of, what is left to fill in, and what of it git takes."""

import csv

import pytest
import yaml

from graylit.study.checking import read_study
from graylit.study.config import load_defaults
from graylit.study.remarks import list_remarks
from graylit.study.starting import PROTOCOL, draft_study, list_unfilled, start_study
from graylit.study.study import ALL_TABLES
from graylit.tables.faults import InputError
from graylit.tables.screening import OF_DESK
from repositories import git, needs_git
from tiny_study import write_study

SOURCE = {"source_id": "S001", "url": "https://example.org/barrels", "title": "Barrels", "publisher": "Ann",
          "source_type": "blog-post"}  # fmt: skip


def fill_in(folder):
    """Fill in what is in brackets in the config, and list a source."""
    config = folder / "config/config.yaml"
    config.write_text(config.read_text().replace("(title of your review)", "Mine").replace("(your e-mail", "e-mail"))
    with (folder / "config/sources.csv").open("a", newline="") as table:
        csv.DictWriter(table, ALL_TABLES["sources"][1].names, restval="", lineterminator="\n").writerow(SOURCE)


@pytest.fixture
def started(tmp_path):
    start_study(tmp_path / "my study", "A")
    return tmp_path / "my study"


def test_every_table_is_there_with_its_header(started):
    headers = {file: (started / file).read_text().splitlines() for file, _ in ALL_TABLES.values()}
    expected = {file: contract.names for file, contract in ALL_TABLES.values()}
    file = ALL_TABLES["screenings"][0]
    expected[file] = [name for name in expected[file] if name not in OF_DESK]
    assert headers == {file: [",".join(names)] for file, names in expected.items()}
    assert len((started / "config/coding/codings/A.csv").read_text().splitlines()) == 1


def test_the_manuals_come_along_and_their_links_to_each_other_hold(started):
    assert "(TABLES.md)" in (started / "config/README.md").read_text()
    assert "(README.md)" in (started / "config/TABLES.md").read_text()


def test_a_new_study_is_faultless_once_what_is_in_brackets_and_the_sources_are_filled_in(started):
    fill_in(started)
    assert read_study(started)[1] == []


def test_a_study_without_sources_and_candidates_is_told_how_to_bring_in_a_search(tmp_path):
    start_study(tmp_path / "study", "ANNA")
    (fault,) = [one for one in read_study(tmp_path / "study")[1] if one.problem == "holds no sources"]
    assert "graylit find FILES" in fault.remedy


def test_the_protocol_that_is_not_filled_in_is_a_remark_with_its_first_open_line(started):
    fill_in(started)
    (remark,) = list_remarks(read_study(started)[0], started)
    assert (remark.file, remark.row) == (PROTOCOL, 7)
    assert "is the first of 7 lines still to be filled in" in remark.problem


def test_brackets_of_the_authors_own_are_not_taken_for_open_lines(started):
    protocol = (started / PROTOCOL).read_text().splitlines()
    filled = ["(as in our pilot)" if line.startswith("(") else line for line in protocol]
    assert list_unfilled("\n".join(filled)) == []


def test_the_contact_of_a_study_without_texts_may_stay_open(started):
    fill_in(started)
    config = started / "config/config.yaml"
    config.write_text(
        config.read_text().replace("contact: e-mail", "contact: (your e-mail").replace("ts: true", "ts: no")
    )
    assert read_study(started)[1] == []


def test_the_config_of_a_new_study_has_the_defaults():
    assert yaml.safe_load(draft_study("A")["config/config.yaml"]) == load_defaults()


def test_optional_tables_of_headers_only_find_no_fault_with_a_study(tmp_path):
    folder = write_study(tmp_path)
    without = read_study(folder)[0]
    for file, content in draft_study("A").items():
        if file.endswith(".csv") and not (folder / file).exists():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(content)
    study, faults = read_study(folder)
    assert faults == []
    assert list_remarks(study, folder) == list_remarks(without, folder)


def test_a_folder_that_holds_something_is_left_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds something already"):
        start_study(tmp_path, "A")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_file_is_no_place_for_a_study(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds something already"):
        start_study(tmp_path / "notes.txt", "A")


@pytest.mark.parametrize("place", ["notes.txt/study", "lost/study", "a" * 300])
def test_a_place_that_no_folder_can_have_is_refused_in_words(tmp_path, place):
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="cannot be written"):
        start_study(tmp_path / place, "A")


def test_a_link_that_leads_nowhere_is_no_place_for_a_study(tmp_path):
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError, match="holds something already"):
        start_study(tmp_path / "lost", "A")


@pytest.mark.parametrize("name", ["", "sub"])
def test_an_empty_folder_and_one_just_put_under_git_are_free(tmp_path, name):
    (tmp_path / name / ".git").mkdir(parents=True)
    start_study(tmp_path / name, "A")
    assert (tmp_path / name / "config/config.yaml").exists()


def test_a_name_that_cannot_be_that_of_a_table_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(InputError, match="cannot be the name of a coder"):
        start_study(tmp_path / "study", "../x")
    assert list(tmp_path.iterdir()) == []


def test_the_name_of_the_models_suggestions_is_nobodys(tmp_path):
    with pytest.raises(InputError, match="stands for the model's suggestions"):
        start_study(tmp_path / "study", "Model")


def test_a_name_that_a_keyboard_wrote_apart_is_composed(tmp_path):
    start_study(tmp_path / "study", "Jo\u0308rg")
    assert (tmp_path / "study/config/coding/codings/J\u00f6rg.csv").exists()


# Git ------------------------------------------------------------------------------------------------------------


@needs_git
def test_adding_everything_to_git_adds_nothing_that_holds_words_of_sources(started):
    kept = ["config/sources.csv", "config/coding/codings/A.csv", "config/README.md", ".gitignore", ".gitattributes"]
    frozen = ["data/frozen/segments.csv", "data/frozen/released/texts.csv"]
    foreign = ["data/raw/captures.csv", "data/raw/captures-1.warc.gz", "data/processed/texts/S001.txt",
               "results/report.html", "results/exchange/review.qdpx", "pages.warc.gz", "old/pages.wacz",
               "from Ben.qdpx", ".snakemake/log", ".graylit.lock", ".graylit.A.lock",
               "data/frozen.new/texts.csv", "config/coding/codings/A.csv.new"]  # fmt: skip
    for file in [*frozen, *foreign]:
        (started / file).parent.mkdir(parents=True, exist_ok=True)
        (started / file).write_text("words")
    git(started, "init")
    git(started, "add", "-A")
    added = git(started, "ls-files").splitlines()
    assert set(added) >= {*kept, *frozen}
    assert set(added) & set(foreign) == set()
    assert {file.split("/")[0] for file in added} == {
        *("config", "data", "docs", "schedule", ".gitignore", ".gitattributes")
    }


@needs_git
def test_rows_that_two_coders_add_at_the_same_time_are_both_kept(started):
    shared = ["config/coding/adjudications.csv", "config/coding/codings/A.csv", "config/screening/screenings.csv",
              "config/synthesis/themes.csv", "config/quality.csv"]  # fmt: skip
    git(started, "init")
    git(started, "add", "-A")
    git(started, "commit", "-m", "start")
    for branch in ("ann", "ben"):
        git(started, "checkout", "-b", branch, "main")
        for file in shared:
            with (started / file).open("a") as table:
                table.write(f"{branch}\n")
        git(started, "commit", "-am", branch)
    git(started, "merge", "ann")
    assert {file: sorted((started / file).read_text().splitlines()[1:]) for file in shared} == {
        file: ["ann", "ben"] for file in shared
    }
