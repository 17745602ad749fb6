"""What clocks, disks and folders do to a study, and what the next run makes again (docs/misbehaviours.md)."""

import errno
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from snakemake.cli import get_argument_parser

from archives import REPOSITORY
from conftest import run_snakemake
from graylit.runs.made import list_altered, read_record, start_run
from graylit.runs.settling import OUTDATED, settle_made
from graylit.runs.steps import Step, _show_error
from graylit.runs.workflow import Machine, list_command
from running import call_graylit

NOW = 1_800_000_000.0
TABLES = "data/processed"
LOCATED, TEXTS, MODEL = f"{TABLES}/located_codings.csv", f"{TABLES}/texts", f"{TABLES}/topic_model.npz"
CODINGS = "config/coding/codings/A.csv"


def list_files(folder, top=""):
    return sorted(path for path in (folder / top).rglob("*") if path.is_file())


def date_all(folder, date):
    for path in list_files(folder):
        os.utime(path, (date, date))


def date_at_random(folder):
    dates = random.Random(20260302)
    for path in list_files(folder):
        date_all(path.parent, NOW + dates.uniform(-9e8, 9e8))


def rewrite(folder):
    for path in list_files(folder, "config"):
        path.write_bytes(path.read_bytes())


def move(folder):
    shutil.move(folder, folder.with_name("moved"))
    folder.symlink_to(folder.with_name("moved"))


def copy_without_dates(folder):
    shutil.copytree(folder, folder.with_name("copied"), copy_function=shutil.copyfile)
    shutil.rmtree(folder)
    folder.with_name("copied").rename(folder)


def change_decision(folder):
    with (folder / CODINGS).open("a", encoding="utf-8") as table:
        table.write("\n")


def change_before(folder):
    change_decision(folder)
    os.utime(folder / CODINGS, (1e9, 1e9))


def change_after_clock_was_ahead(folder):
    date_all(folder, NOW + 9e8)
    change_decision(folder)


def cut_off(folder):
    os.truncate(folder / LOCATED, 1000)


def cut_off_keeping_the_date(folder):
    date = (folder / LOCATED).stat().st_mtime
    cut_off(folder)
    os.utime(folder / LOCATED, (date, date))


def put_back(folder):
    lines = (folder / LOCATED).read_bytes().splitlines(keepends=True)
    (folder / LOCATED).write_bytes(b"".join(lines[:-1]))
    date_all(folder / TABLES, 1.7e9)


KEPT = ("graylit_made", "graylit_run", "graylit_checked")  # what runs know of one another
CASES = [  # what happens; how; what the next run makes again at least: nothing, or these files
    ("every file is dated in 2055", lambda folder: date_all(folder, NOW + 9e8), []),
    ("every file is dated 1970", lambda folder: date_all(folder, 0), []),
    ("every file has a date of its own, before or after now", date_at_random, []),
    ("a branch is left and taken again, so that the tables people write are new", rewrite, []),
    ("the study's folder is moved", move, []),
    ("the study's folder is copied without the dates of its files", copy_without_dates, []),
    ("a decision changes", change_decision, [LOCATED]),
    ("a decision changes in a file with an old date, as files have that are put back", change_before, [LOCATED]),
    ("the clock was ahead, is set right, and a decision changes", change_after_clock_was_ahead, [LOCATED]),
    ("a made table is cut off, and so has a new date", cut_off, [LOCATED]),
    ("a made table is cut off, and has its old date", cut_off_keeping_the_date, [LOCATED]),
    ("a made table is put back from an older run", put_back, [LOCATED]),
    ("a text is removed", lambda folder: next((folder / TEXTS).glob("*.txt")).unlink(), [TEXTS]),
    ("the model of the topics is an empty file", lambda folder: os.truncate(folder / MODEL, 0), [MODEL]),
]  # fmt: skip
MACHINES = [  # what happens; what is said or done; the test of it
    (
        "the disk is full",
        "the step ends in one line and leaves nothing; the next run goes on from there",
        "runs/test_clocks_and_folders.py::test_a_step_on_a_full_disk_leaves_what_was_there_and_says_why",
    ),
    (
        "the folder may not be written to",
        "what only reads works; all else says which file it could not write, and nothing is run",
        "runs/test_clocks_and_folders.py::test_a_folder_that_may_only_be_read_is_read_and_nothing_is_run_in_it",
    ),
    (
        "a run only looks: a dry run, or the check of the style",
        "nothing in the study changes; a dry run names what a run would make again",
        "runs/test_clocks_and_folders.py::test_a_run_that_only_looks_at_the_study_changes_nothing_in_it",
    ),
    (
        "another run is at work in the folder",
        "nothing is run",
        "test_review.py::test_a_second_run_in_the_same_folder_says_so_and_stops",
    ),
    (
        "a step outlives its run, which was killed",
        "it writes nothing once another run has begun",
        "runs/test_made.py::test_a_step_that_outlives_its_run_writes_nothing_into_the_next",
    ),
    (
        "a collection outlives its run, which was killed",
        "what it captured is kept; how the sources stand is for the next run to write",
        "collection/test_killed_runs.py::test_a_collection_that_outlives_its_run_leaves_the_standings_to_the_next",
    ),
]


def settle(folder):
    """Return what a run would make again, as Snakemake is told it."""
    patterns = set(read_record(folder))
    read = [path.relative_to(folder).as_posix() for path in list_files(folder, "config")]
    altered = settle_made(folder, patterns, read, NOW)
    outdated = [path for path in patterns if (folder / path).exists() and date_of(folder / path) == OUTDATED]
    return {*altered, *outdated}


def date_of(path):
    stamp = path / ".snakemake_timestamp"
    return (stamp if stamp.exists() else path).stat().st_mtime


def list_disordered(folder):
    """Return the files that Snakemake would take for older than what they were made of."""
    return [
        path
        for path, making in read_record(folder).items()
        if any(date_of(folder / read) > date_of(folder / path) for read in making.inputs if (folder / read).exists())
    ]


@pytest.mark.parametrize(("happen", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_next_run_makes_again_what_changed_by_content_and_nothing_else(built_copy, happen, expected):
    happen(built_copy)
    again = settle(built_copy)
    assert set(expected) <= again
    if not expected:
        assert again == set() and list_disordered(built_copy) == []
        assert max(path.stat().st_mtime for path in list_files(built_copy, "config")) <= NOW


def test_a_run_with_dates_of_all_kinds_redoes_nothing_and_one_after_damages_of_all_kinds_makes_the_same(built_copy):
    tables = [path for path in list_files(built_copy, TABLES) if path.suffix == ".csv"]
    before = {path: path.read_bytes() for path in tables}
    date_at_random(built_copy)
    done = run_snakemake(built_copy, "--config", "shards=2")
    assert (done.returncode, " in, " in done.stderr) == (0, False), done.stderr
    for damage in (cut_off, put_back):
        damage(built_copy)
    os.truncate(built_copy / MODEL, 0)
    done = run_snakemake(built_copy, "--config", "shards=2")
    assert done.returncode == 0 and "not as a run here made" in done.stderr, done.stderr
    assert {path: path.read_bytes() for path in tables} == before
    assert list_altered(built_copy) == []


def read_state(folder):
    """Return the bytes and the date of each file, but of what Snakemake and the imports' digests keep to themselves."""
    kept = [path for path in list_files(folder) if ".snakemake" not in path.parts or path.name in KEPT]
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in kept}


@pytest.mark.parametrize("look", [["--dry-run"], ["--lint"], ["--dry-run", "--config", "collect=True"]], ids=" ".join)
def test_a_run_that_only_looks_at_the_study_changes_nothing_in_it(built_copy, look):
    date_at_random(built_copy)
    cut_off(built_copy)
    os.truncate(built_copy / MODEL, 0)
    for name in (".gitignore", ".gitattributes"):
        (built_copy / name).unlink()
    with (built_copy / "config/config.yaml").open("a", encoding="utf-8") as config:
        config.write("# a comment\n")
    before = read_state(built_copy)
    done = run_snakemake(built_copy, "--workflow-profile", "none", *look)
    assert done.returncode == 0, done.stdout + done.stderr
    assert read_state(built_copy) == before


def test_a_dry_run_names_what_a_run_would_make_again(built_copy):
    assert "whatever its date" not in run_snakemake(built_copy, "--dry-run").stderr
    cut_off_keeping_the_date(built_copy)
    said = run_snakemake(built_copy, "--dry-run").stderr
    assert re.search(f"A run makes again, whatever its date: .*{LOCATED}", said), said


@pytest.fixture
def full_disk(tmp_path):
    """Return a folder on a file system of 100 KB."""
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", tmp_path], capture_output=True)
    if mounted.returncode:
        pytest.skip("file systems cannot be mounted here")
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


def test_a_step_on_a_full_disk_leaves_what_was_there_and_says_why(full_disk, monkeypatch, capsys):
    class Job:
        rule, wildcards, log = "count", [], ["count.log"]
        input, output = {}, {"counts": f"{TABLES}/counts.csv"}

    (full_disk / TABLES).mkdir(parents=True)
    monkeypatch.chdir(full_disk)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setenv("GRAYLIT_RUN", "")
    start_run(full_disk)
    step = Step(Job())
    with pytest.raises(OSError) as raised:
        Path(step.output.counts).write_bytes(b"0" * 200_000)
    assert raised.value.errno == errno.ENOSPC and not (full_disk / TABLES / "counts.csv").exists()
    _show_error(OSError, raised.value, None)
    assert capsys.readouterr().err == "What this step made could not be written: No space left on device\n"
    assert settle_made(full_disk, [f"{TABLES}/counts.csv"], [], NOW) == []
    step = Step(Job())
    Path(step.output.counts).write_bytes(b"0" * 20_000)
    step.close("1 row", "1 row")
    assert list_altered(full_disk) == []


@pytest.fixture
def read_only(built_copy):
    """Return a copy of the built study in a folder that nobody may write to: rights alone do not bind root."""
    bound = subprocess.run(["mount", "--bind", built_copy, built_copy], capture_output=True).returncode == 0
    if not bound and os.geteuid() == 0:
        pytest.skip("rights do not bind root, and folders cannot be mounted here")
    if bound:
        subprocess.run(["mount", "-o", "remount,ro,bind", built_copy], check=True)
    else:
        subprocess.run(["chmod", "-R", "a-w", built_copy], check=True)
    yield built_copy
    if bound:
        subprocess.run(["umount", "-l", built_copy], check=True)
    else:
        subprocess.run(["chmod", "-R", "u+w", built_copy], check=True)


def test_a_folder_that_may_only_be_read_is_read_and_nothing_is_run_in_it(read_only):
    before = read_state(read_only)
    for verb in ("check", "trace", "verify"):
        assert call_graylit("-C", read_only, verb).returncode == 0
    for verb in ("anchor", "seal", "clean", "export codings"):
        ended = call_graylit("-C", read_only, *verb.split())
        assert (ended.returncode, str(read_only) in ended.stderr) == (1, True), ended.stderr
    done = run_snakemake(read_only)
    assert done.returncode == 4 and ".graylit.lock: cannot be opened for a lock" in done.stderr, done.stderr
    assert read_state(read_only) == before


def test_a_folder_whose_name_begins_with_a_dash_is_taken_for_a_folder():
    command = list_command(Path("-dash"), ["review"], Machine())
    asked = get_argument_parser().parse_args(command[command.index("snakemake") + 1 :])
    assert (str(asked.directory), list(asked.targets)) == ("-dash", ["review"])


def describe_case(what, again):
    made = ", ".join(f"`{path}`" for path in again)
    return f"| {what} | {f'{made} is made again, and what rests on it' if again else 'nothing is made again'} |\n"


def test_the_page_on_misbehaviours_lists_what_happens_to_folders():
    page = (REPOSITORY / "docs/misbehaviours.md").read_text(encoding="utf-8")
    told = [describe_case(what, again) for what, _, again in CASES]
    assert "".join([*told, *(f"| {what} | {said} (`{test}`) |\n" for what, said, test in MACHINES)]) in page


@pytest.mark.parametrize("test", [test for *_, test in MACHINES])
def test_each_test_that_the_page_names_is_there(test):
    file, _, name = test.partition("::")
    assert f"\ndef {name}(" in (REPOSITORY / "tests" / file).read_text(encoding="utf-8")
