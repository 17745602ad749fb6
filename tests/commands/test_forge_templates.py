"""The templates by which a forge publishes the site and replays the study: what they run does what they say."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from conftest import clean_environment, read_table, write_table
from graylit.runs.places import NEW_STUDY
from running import call_graylit, run_graylit

VERDICT = "results/verdict.csv"


def read_steps(name):
    """Return the steps of a template by their names."""
    (job,) = yaml.safe_load((NEW_STUDY / name).read_text("utf-8"))["jobs"].values()
    return {step.get("name", step.get("uses")): step for step in job["steps"]}


@pytest.mark.parametrize("name", ["site.yml", "replay.yml"])
def test_a_new_study_has_it_and_it_says_how_to_switch_it_on(tmp_path, name):
    assert run_graylit("new", tmp_path / "study").returncode == 0
    written = (tmp_path / "study/schedule" / name).read_text("utf-8")
    assert written == (NEW_STUDY / name).read_text("utf-8")
    assert f".github/workflows/{name}" in written


@pytest.mark.parametrize("name", ["site.yml", "replay.yml"])
def test_every_command_that_it_gives_is_one(name):
    given = [step["run"].partition("#")[0].split() for step in read_steps(name).values() if "run" in step]
    commands = [words[1:] for words in given if words[0] == "graylit"]
    assert commands
    for words in commands:
        assert call_graylit(*words, "--help").returncode == 0


def test_what_is_published_is_where_the_command_writes_it():
    from graylit.site.writing import FOLDER

    assert read_steps("site.yml")["actions/upload-pages-artifact@v3"]["with"] == {"path": FOLDER}


def hold(folder):
    """Run the step that holds a replay against its release; return its exit code and what it said."""
    script = read_steps("replay.yml")["Hold it against the release"]["run"]
    ended = subprocess.run(["bash", "-ec", script], cwd=folder, capture_output=True, text=True, env=clean_environment())
    return ended.returncode, ended.stdout


def test_a_replay_that_is_as_released_passes(republished):
    assert hold(republished) == (0, "")


def test_a_replay_that_differs_or_says_nothing_fails(republished, tmp_path):
    (tmp_path / "results").mkdir()
    shutil.copyfile(republished / VERDICT, tmp_path / VERDICT)
    rows = read_table(tmp_path / VERDICT)
    rows[3] |= {"verdict": "differs", "cause": "a decision", "first_difference": 'A, "B"'}
    write_table(Path(tmp_path / VERDICT), rows)
    code, said = hold(tmp_path)
    assert code == 1 and rows[3]["table"] in said
    (tmp_path / VERDICT).write_text("", encoding="utf-8")
    assert hold(tmp_path)[0] == 1
