"""A run that was killed: what it kept, and what the next one makes of it."""

import fcntl
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from collect_captures import write_standings

from capture_records import read_body, read_captures, wait_until
from conftest import (
    clean_environment,
    collect_live,
    list_collection_arguments,
    list_command,
    make_study,
    run_snakemake,
)
from graylit.collection.capture_table import CaptureTable
from graylit.runs.made import RUN_VARIABLE, OverrunError, start_run
from graylit.study.study import read_captures as read_captures_of_study
from graylit.tables.collection import CAPTURES, COLLECTION
from loopback import WAIT_S, format_page, serve_site


@dataclass(frozen=True)
class Killed:
    """A collection killed while it waited for the third of four pages, what ran beside it, and the next one."""

    kept: list[dict[str, str]]
    bodies: list[bytes]
    beside: subprocess.CompletedProcess[str]
    beside_orphan: subprocess.CompletedProcess[str]
    after: list[dict[str, str]]
    later_paths: list[str]


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    with serve_site() as site:
        urls = {"S001": "/page/1", "S002": "/page/2", "S003": "/held/3", "S004": "/page/4"}
        urls = {source_id: site.url(path) for source_id, path in urls.items()}
        folder = make_study(tmp_path_factory.mktemp("killed") / "study", urls, hosts_at_once=1, timeout_s=WAIT_S)
        run = subprocess.Popen(
            list_command(folder, *list_collection_arguments(live=True)),
            env=clean_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        site.await_visit("/held/3")
        wait_until(lambda: len(read_captures(folder)) == 2)
        beside = run_snakemake(folder)
        run.kill()
        run.wait(WAIT_S)
        beside_orphan = collect_live(folder)  # Snakemake is dead, its script still waits for the third page
        os.killpg(run.pid, signal.SIGKILL)
        hold_when_free(folder / "data/raw")
        kept = read_captures(folder)
        bodies = [read_body(folder, row) for row in kept]
        site.gate.set()
        n_visits = len(site.visits)
        done = collect_live(folder)
        assert done.returncode == 0, done.stderr
        yield Killed(kept, bodies, beside, beside_orphan, read_captures(folder), site.paths()[n_visits:])


def hold_when_free(path: Path) -> None:
    """Return as soon as no other process holds a folder."""
    folder = os.open(path, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    os.close(folder)


def test_a_killed_run_keeps_the_rows_it_had(killed):
    assert [(row["source_id"], row["outcome"]) for row in killed.kept] == [("S001", "captured"), ("S002", "captured")]


def test_a_killed_run_keeps_readable_records(killed):
    assert killed.bodies == [format_page("/page/1"), format_page("/page/2")]


def test_the_run_after_a_killed_one_fetches_only_the_rest(killed):
    assert killed.later_paths == ["/robots.txt", "/held/3", "/page/4"]
    assert killed.after[:2] == killed.kept
    assert [row["capture_id"] for row in killed.after] == ["S001-1", "S002-1", "S003-1", "S004-1"]
    assert {row["outcome"] for row in killed.after} == {"captured"}


def test_a_run_beside_a_collection_says_so_and_stops(killed):
    assert killed.beside.returncode != 0
    assert "Another run is at work" in killed.beside.stderr


def test_a_collection_beside_one_whose_run_was_killed_says_so_and_stops(killed):
    assert killed.beside_orphan.returncode != 0
    assert "data/raw/captures.csv: is in use by another collection" in killed.beside_orphan.stderr
    assert "Traceback" not in killed.beside_orphan.stderr


@pytest.mark.parametrize("n_lost", [1, 2, 60, 200])
def test_a_last_row_that_was_cut_off_is_removed_before_others_are_added(tmp_path, n_lost):
    path = tmp_path / "captures.csv"
    table = CaptureTable(path)
    table.read()
    rows = [dict.fromkeys(CAPTURES.names, "") | {"capture_id": f"S001-{i}", "note": 'a, "b"' * 60} for i in (1, 2)]
    for row in rows:
        table.add(row)
    path.write_bytes(path.read_bytes()[:-n_lost])
    assert table.read() == rows[:1]
    table.add(rows[1])
    assert table.read() == rows


@pytest.mark.parametrize("content", [b"", b"capture_id,sour"])
def test_a_header_that_was_cut_off_is_written_again(tmp_path, content):
    path = tmp_path / "captures.csv"
    path.write_bytes(content)
    row = dict.fromkeys(CAPTURES.names, "") | {"capture_id": "S001-1"}
    table = CaptureTable(path)
    assert table.read() == []
    table.add(row)
    assert table.read() == [row]


@pytest.mark.parametrize("rest", ["", "S0", "S001-2,S001", "S001-2,S001,http://a.example/,live,captured"])
def test_the_steps_after_collection_leave_a_row_that_was_cut_off_out(tmp_path, rest):
    path = tmp_path / "captures.csv"
    table = CaptureTable(path)
    table.read()
    row = dict.fromkeys(CAPTURES.names, "") | {"capture_id": "S001-1", "url": "http://a.example/"}
    table.add(row)
    with path.open("a", encoding="utf-8") as captures:
        captures.write(rest)
    assert read_captures_of_study(path) == [row]


def test_a_collection_that_outlives_its_run_leaves_the_standings_to_the_next(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(RUN_VARIABLE, "")
    start_run(tmp_path)
    row = dict.fromkeys(COLLECTION.names, "") | {"source_id": "S001", "state": "lost"}
    write_standings([row], "collection.csv")
    before, mine = Path("collection.csv").read_bytes(), os.environ[RUN_VARIABLE]
    start_run(tmp_path)
    monkeypatch.setenv(RUN_VARIABLE, mine)
    with pytest.raises(OverrunError):
        write_standings([], "collection.csv")
    assert Path("collection.csv").read_bytes() == before
