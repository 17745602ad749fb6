"""Commands on a study elsewhere, in whatever folder."""

import os
import subprocess

import pytest

from archives import REPOSITORY
from graylit.study.locks import hold_study
from graylit.tables.faults import name_command
from running import call_graylit, run_graylit
from tiny_study import write_study


def run_make(*arguments):
    return subprocess.run(
        ["make", "--no-print-directory", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )


def test_a_misspelt_folder_is_named_and_nothing_is_made_in_it(tmp_path):
    ended = run_make("review", f"STUDY={tmp_path / 'nosuch'}")
    assert "nosuch is no study" in ended.stderr
    assert ended.returncode != 0
    assert list(tmp_path.iterdir()) == []


def test_the_hint_of_a_study_without_captures_is_for_that_study_and_is_all_that_is_said(tmp_path):
    folder = write_study(tmp_path / "my study")
    ended = run_graylit("-C", folder, "review")
    assert ended.returncode == 1
    assert ended.stderr.startswith("No source has been captured yet") and ended.stderr.count("\n") == 5
    assert f"graylit -C '{folder}' collect" in ended.stderr
    assert not (folder / "results").exists()


@pytest.mark.parametrize("asked", [["review"], ["collect", "--no-live"]])
def test_a_run_that_is_refused_speaks_of_no_steps(tmp_path, asked):
    folder = write_study(tmp_path / "study")
    (folder / "results/logs").mkdir(parents=True)  # of an earlier run
    with hold_study(folder):
        ended = run_graylit("-C", folder, *asked)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1), ended.stderr
    said = f"Another run is at work in {folder}; wait until it has ended. (process {os.getpid()} on "
    assert ended.stderr.startswith(said)


def test_a_run_of_faulty_tables_lists_the_faults_and_speaks_of_no_steps(tmp_path):
    folder = write_study(tmp_path / "study")
    (folder / "config/quality.csv").write_text("source_id\nS9\n")
    ended = run_graylit("-C", folder, "review")
    assert (ended.returncode, ended.stderr) == (1, call_graylit("-C", folder, "check").stderr)


def test_clean_removes_what_was_made_of_the_study_named_and_nothing_else(tmp_path):
    folder = write_study(tmp_path / "my study")
    made = ["data/processed/texts/S001.txt", "results/export/README.md", "results/report.html"]
    kept = ["data/processed/README.md", "results/README.md", "data/raw/captures.csv"]
    before = sorted(REPOSITORY.glob("results/*"))
    for file in [*made, *kept]:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("")
    assert call_graylit("-C", folder, "clean").returncode == 0
    assert [file for file in [*made, *kept] if (folder / file).exists()] == kept
    assert sorted(REPOSITORY.glob("results/*")) == before


def test_a_command_that_is_named_for_the_main_study_names_no_folder(monkeypatch):
    for study in ("", "."):
        monkeypatch.setenv("GRAYLIT_STUDY", study)
        assert name_command("collect") == "graylit collect"
