"""Versions side by side on the site: the release, folders and revisions beside what is now."""

import shutil
from pathlib import Path

import pytest

from conftest import read_table, write_table
from graylit.comparison.states import read_side
from graylit.site.versions import describe_versions
from graylit.study.checking import accept_rows
from running import call_graylit, run_graylit


@pytest.fixture
def changed(republished, tmp_path):
    """Return a copy of the published study in which a guideline is worded anew and one has other support."""
    folder = Path(shutil.copytree(republished, tmp_path / "changed"))
    guidelines = folder / "config/synthesis/guidelines.csv"
    rows = read_table(guidelines)
    rows[0]["statement"] = "Have the load reckoned before anything goes up there."
    write_table(guidelines, rows)
    support = folder / "data/processed/guideline_support.csv"
    counted = read_table(support)
    counted[2]["n_sources"] = "9"
    write_table(support, counted)
    accept_rows(folder)
    return folder


def side(folder):
    return read_side(folder.name, folder, is_checked=False)


def test_a_study_as_it_was_released_has_no_version_beside_it(republished):
    assert describe_versions(republished, side(republished), []) == []


def test_the_release_stands_beside_tables_that_are_no_longer_the_same(changed):
    now, released = describe_versions(changed, side(changed), [])
    assert (now["name"], released["name"]) == ("now", "the release")
    assert ("guideline", "support", 1) in released["changes"]
    assert now["counts"]["guidelines"] == released["counts"]["guidelines"] == 5


def test_guidelines_of_another_version_stand_beside_those_of_now(changed, republished):
    *_, before = describe_versions(changed, side(changed), [("v1", side(republished), ["a remark"])])
    assert before["name"] == "v1" and before["remarks"] == ["a remark"]
    first = before["guidelines"][0]
    assert first["is_reworded"] and first["then"]["statement"] != first["now"]["statement"]
    assert not any(row["is_reworded"] for row in before["guidelines"][1:])
    assert any(change == "edited" for _, change, _ in before["changes"])


def test_a_guideline_that_is_new_or_gone_stands_alone(changed, republished):
    guidelines = changed / "config/synthesis/guidelines.csv"
    rows = read_table(guidelines)
    write_table(guidelines, [*rows, rows[0] | {"guideline_id": "G09", "name": "Keep a log"}])
    *_, before = describe_versions(changed, side(changed), [("v1", side(republished), [])])
    (added,) = [row for row in before["guidelines"] if row["guideline_id"] == "G09"]
    assert added["then"] is None and added["now"]["name"] == "Keep a log"


def test_the_command_writes_the_site_with_another_folder_beside_it(republished, tmp_path):
    study, other = (Path(shutil.copytree(republished, tmp_path / name)) for name in ("study", "first edition"))
    ended = run_graylit("-C", study, "export", "site", "--beside", other)
    assert ended.returncode == 0, ended.stderr
    assert "results/site" in ended.stdout and "works wherever it is put" in ended.stdout
    page = (study / "results/site/versions.html").read_text("utf-8")
    assert "<bdi>first edition</bdi>" in page and str(tmp_path) not in page


def test_a_site_is_made_one_at_a_time(republished, tmp_path):
    from graylit.study.locks import hold_study

    study = Path(shutil.copytree(republished, tmp_path / "study"))
    with hold_study(study):
        ended = run_graylit("-C", study, "export", "site")
    assert ended.returncode != 0 and "Another run is at work" in ended.stderr
    assert not (study / "results/site").exists()


@pytest.mark.parametrize(
    "arguments", [("paper", "--beside", "v1"), ("site", "--as", "EVE"), ("site", "--without-words")]
)
def test_options_of_other_exports_are_refused(republished, arguments):
    ended = call_graylit("-C", str(republished), "export", *arguments)
    assert ended.returncode == 2


def test_a_version_that_is_neither_folder_nor_revision_is_refused(republished, tmp_path):
    study = Path(shutil.copytree(republished, tmp_path / "study"))
    ended = run_graylit("-C", study, "export", "site", "--beside", "v9")
    assert ended.returncode != 0 and "neither a folder nor a git revision" in ended.stderr


def test_a_site_that_was_not_made_yet_is_made_by_a_command_that_is_named(republished):
    ended = call_graylit("-C", str(republished), "open", "site")
    assert ended.returncode != 0 and "export site" in ended.stderr
