"""`graylit freeze --to-archive`: keys from the environment, a kill in between, one program at a time."""

import datetime
import os
import signal
import subprocess
import sys
import time

import pytest

from conftest import read_table
from graylit.commands.freeze import KEY_NAMES
from graylit.study.locks import hold_offers
from running import call_graylit
from save_page_now_server import ACCESS, SECRET, serve_archive
from tiny_study import write_study

OFFER = """
import os, sys
from pathlib import Path
from graylit.commands.freeze import offer_sources, read_keys
from graylit.runs.endings import end_plainly
with end_plainly():
    offer_sources(Path(sys.argv[1]), sys.argv[2], read_keys(sys.argv[2]), 30)
"""
WAIT_S = 60


@pytest.fixture
def archive():
    with serve_archive() as (served, other):
        served.read_now = lambda: datetime.datetime.now(datetime.UTC).strftime("%Y%m%d%H%M%S")
        served.polls = 0
        yield served
        assert other.asked == []


@pytest.fixture
def keys(monkeypatch):
    monkeypatch.setenv(KEY_NAMES[0], ACCESS)
    monkeypatch.setenv(KEY_NAMES[1], SECRET)


def start(folder, archive):
    """Start what the command does once the study is frozen."""
    command = [sys.executable, "-c", OFFER, str(folder), archive.url()]
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "env": environment}
    return subprocess.Popen(command, start_new_session=True, **pipes)


def list_outcomes(folder):
    return [(row["source_id"], row["outcome"]) for row in read_table(folder / "data/mementos.csv")]


def test_without_keys_nothing_is_run_and_nobody_asked(tmp_path, archive, monkeypatch):
    for name in KEY_NAMES:
        monkeypatch.delenv(name, raising=False)
    folder = write_study(tmp_path / "study")
    ended = call_graylit("-C", folder, "freeze", "--to-archive", "--archive-at", archive.url())
    assert ended.returncode == 1
    assert all(f"{name}: is not set" in ended.stderr for name in KEY_NAMES)
    assert archive.asked == []


@pytest.mark.slow
def test_a_killed_offer_goes_on_and_offers_nothing_twice(tmp_path, archive, keys):
    folder = write_study(tmp_path / "study")
    run = start(folder, archive)
    deadline = time.monotonic() + WAIT_S
    while len(archive.offers()) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.2)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate(timeout=WAIT_S)
    assert [outcome for _, outcome in list_outcomes(folder)] == ["asked"] * 3
    with hold_offers(folder):
        beside = start(folder, archive)
        said = beside.communicate(timeout=WAIT_S)[0]
        assert (beside.returncode, "is being written by another program" in said) == (1, True)
    run = start(folder, archive)
    said = run.communicate(timeout=3 * WAIT_S)[0]
    assert run.returncode == 0, said
    assert "3 confirmed: data/mementos.csv" in said
    assert len(archive.offers()) == 3
    assert sorted(list_outcomes(folder))[::2] == [(f"S00{n}", "asked") for n in (1, 2, 3)]
    assert SECRET not in said + (folder / "data/mementos.csv").read_text()


@pytest.mark.slow
def test_keys_that_are_refused_are_said_to_be(tmp_path, archive, keys, monkeypatch):
    monkeypatch.setenv(KEY_NAMES[1], "wrong-secret")
    run = start(write_study(tmp_path / "study"), archive)
    said = run.communicate(timeout=WAIT_S)[0]
    assert run.returncode == 1
    assert f"{' and '.join(KEY_NAMES)}: were not taken by the archive" in said
    assert "wrong-secret" not in said
