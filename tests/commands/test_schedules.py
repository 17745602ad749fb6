"""The templates by which an update runs by itself: what they start, and whom they tell."""

import os
import re
import subprocess

import pytest
import yaml

from graylit import cli
from running import call_graylit

SAID = "A person is needed: 2 things to look at or decide."


@pytest.fixture
def study(tmp_path):
    folder = tmp_path / "study"
    assert call_graylit("new", folder).returncode == 0
    return folder


def list_jobs(folder):
    """Return the commands of the table for cron, for a study in a folder."""
    lines = (folder / "schedule/update.cron").read_text(encoding="utf-8").splitlines()
    jobs = [re.fullmatch(r"((?:[0-9*]+ ){5}) *(.+)", line) for line in lines if line[:1].isdigit()]
    return [job[2].replace("/home/you/my-review", str(folder)) for job in jobs]


def run_job(folder, job, code, said=SAID):
    """Run a line as cron does, with a program in the place of graylit that ends so; return what would be mailed."""
    program = folder.parent / "bin/graylit"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f'#!/bin/sh\necho "{said}"\necho asked >> "{folder.parent}/asked"\nexit {code}\n')
    program.chmod(0o755)
    environment = {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    return subprocess.run(["/bin/sh", "-c", job], env=environment, capture_output=True, text=True, check=False).stdout


def count_asked(folder):
    path = folder.parent / "asked"
    return len(path.read_text().splitlines()) if path.exists() else 0


@pytest.mark.parametrize(("code", "mailed"), [(5, f"{SAID}\n"), (0, ""), (1, "")])
def test_cron_mails_if_a_person_is_needed_and_only_then(study, code, mailed):
    first, _ = list_jobs(study)
    assert run_job(study, first, code) == mailed
    assert (study / "results/update.log").read_text() == f"{SAID}\n"


@pytest.mark.parametrize(
    ("said", "n_more"), [("Run it again: it goes on from here.", 1), ("Nothing needs a person.", 0)]
)
def test_the_second_line_goes_on_with_what_was_not_answered(study, said, n_more):
    first, second = list_jobs(study)
    run_job(study, first, 1, said)
    assert run_job(study, second, 5, said) == (f"{said}\n" if n_more else "")
    assert count_asked(study) == 1 + n_more


def test_the_workflow_of_a_forge_updates_once_a_month_and_keeps_what_was_found(study):
    workflow = yaml.safe_load((study / "schedule/update.yml").read_text(encoding="utf-8"))
    assert workflow[True] == {"schedule": [{"cron": "17 5 1 * *"}], "workflow_dispatch": None}  # YAML reads `on` so
    steps = workflow["jobs"]["update"]["steps"]
    started = re.findall(r"graylit ([a-z]+)", " ".join(step.get("run", "") for step in steps))
    assert started == ["update"] and set(started) <= set(cli.VERBS)
    after = steps[[step.get("run") for step in steps].index("graylit update") + 1 :]
    assert after and all(step["if"] == "always()" for step in after)  # code 5 ends the step before them
    assert not (study / ".github").exists()  # nothing is on until somebody switches it on
