"""What runs made is known by content: steps write whole files or none, and what is not as it was made is made again."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from graylit.runs import made
from graylit.runs.made import (
    OverrunError,
    explain_outdated,
    list_altered,
    list_outdated,
    read_record,
    require_unaltered,
    start_run,
)
from graylit.runs.settling import OUTDATED, settle_dates, settle_made
from graylit.runs.steps import Step
from graylit.tables.faults import InputError

TABLE, FOLDER, LATER = "data/processed/counts.csv", "data/processed/texts", "data/processed/ranks.csv"
DECIDED = "config/codings.csv"
PATTERNS = [TABLE, FOLDER, LATER]
NOW = 1_790_000_000.0


@pytest.fixture
def study(tmp_path, monkeypatch):
    """Return the folder of a study in which two steps have run, and in which a run may begin."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(made.RUN_VARIABLE, "")
    (tmp_path / "config").mkdir()
    (tmp_path / DECIDED).write_text("coding_id\nA-001\n")
    start_run(tmp_path)
    count(tmp_path)
    rank(tmp_path)
    return tmp_path


def open_step(rule, inputs, outputs):
    for path in outputs.values():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Step(
        SimpleNamespace(rule=rule, wildcards=[], log=[f"results/logs/{rule}.log"], input=inputs, output=outputs)
    )


def count(study, words="one text\n"):
    step = open_step("count", {"codings": DECIDED}, {"counts": TABLE, "folder": FOLDER})
    fill(step, words)
    step.close("1 row", "1 row")


def fill(step, words="one text\n"):
    Path(step.output.counts).write_text("n\n" + "1\n" * 1000)
    Path(step.output.folder).mkdir()
    Path(step.output.folder, "S001.txt").write_text(words)


def rank(study):
    step = open_step("rank", {"counts": TABLE, "templates": [DECIDED]}, {"ranks": LATER})
    Path(step.output.ranks).write_text("rank\n1\n")
    step.close("1 row", "1 row")


def settle(study, patterns=PATTERNS, now=NOW):
    return settle_made(study, patterns, [DECIDED], now)


def read_dates(study, paths):
    return {path: (study / path).stat().st_mtime for path in paths}


def test_a_file_is_there_when_it_is_whole(study):
    step = open_step("count", {"codings": DECIDED}, {"counts": "data/processed/other.csv", "folder": "results/pages"})
    fill(step)
    assert not (study / "data/processed/other.csv").exists() and not (study / "results/pages").exists()
    step.close("1 row", "1 row")
    assert (study / "data/processed/other.csv").exists() and (study / "results/pages/S001.txt").exists()
    assert not [path for path in study.rglob("*") if path.name.startswith(".part-")]


def test_a_step_that_outlives_its_run_writes_nothing_into_the_next(study):
    before = (study / TABLE).read_bytes(), (study / made.RECORD).read_bytes()
    orphan = open_step("count", {"codings": DECIDED}, {"counts": TABLE, "folder": FOLDER})
    mine, _ = os.environ[made.RUN_VARIABLE], fill(orphan, "another text\n")
    start_run(study)
    log = open_step("count", {"codings": DECIDED}, {"counts": TABLE, "folder": FOLDER})
    log.note("the next run")
    os.environ[made.RUN_VARIABLE] = mine
    orphan.note("the old run")
    with pytest.raises(OverrunError):
        orphan.close("1 row", "1 row")
    assert ((study / TABLE).read_bytes(), (study / made.RECORD).read_bytes()) == before
    assert (study / "results/logs/count.log").read_text() == "the next run\n"


def test_what_a_killed_step_left_is_removed(study):
    fill(open_step("count", {"codings": DECIDED}, {"counts": TABLE, "folder": FOLDER}))
    assert list((study / "data/processed").glob(".part-*"))
    assert settle(study) == []
    assert not list((study / "data/processed").glob(".part-*"))


def test_what_is_as_it_was_made_stays_as_it_is(study):
    before = read_dates(study, PATTERNS)
    assert settle(study, now=max(before.values()) + 1) == []
    assert read_dates(study, PATTERNS) == before
    assert list_altered(study) == list_outdated(study) == []
    assert explain_outdated(study) == ""


def cut_off(path):
    path.write_bytes(path.read_bytes()[:10])


def cut_off_keeping_the_date(path):
    dates = path.stat().st_atime_ns, path.stat().st_mtime_ns
    cut_off(path)
    os.utime(path, ns=dates)


def change_at_equal_size(path):
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut_off, cut_off_keeping_the_date, change_at_equal_size, empty])
def test_a_made_table_that_is_not_as_it_was_made_is_noticed_and_made_again(study, damage):
    damage(study / TABLE)
    assert list_altered(study) == [TABLE]
    with pytest.raises(InputError, match="counts.csv"):
        require_unaltered(study)
    with pytest.raises(InputError, match="has changed since its step made it"):
        rank(study)
    assert settle(study) == [TABLE]
    assert not (study / TABLE).exists()


@pytest.mark.parametrize(
    "alter",
    [
        lambda texts: (texts / "S001.txt").unlink(),
        lambda texts: (texts / "S002.txt").write_text("of somebody else"),
        lambda texts: (texts / "S001.txt").rename(texts / "S003.txt"),
    ],
)
def test_a_text_that_was_removed_added_or_renamed_has_the_texts_made_again(study, alter):
    alter(study / FOLDER)
    assert settle(study) == [FOLDER]


def test_the_timestamp_that_snakemake_leaves_in_a_folder_is_no_part_of_it(study):
    (study / FOLDER / made.TIMESTAMP).touch()
    assert list_altered(study) == []


def test_tables_put_back_from_an_older_run_are_made_again(study):
    old = (study / TABLE).read_bytes(), (study / LATER).read_bytes()
    (study / DECIDED).write_text("coding_id\nA-001\nA-002\n")
    step = open_step("count", {"codings": DECIDED}, {"counts": TABLE})
    Path(step.output.counts).write_text("n\n2\n")
    step.close("2 rows", "1 row")
    rank(study)
    (study / TABLE).write_bytes(old[0])
    os.utime(study / TABLE, (1e9, 1e9))
    assert settle(study) == [TABLE]


def test_a_study_that_was_put_back_as_a_whole_but_for_its_decisions_is_outdated(study):
    (study / DECIDED).write_text("coding_id\nA-001\nA-002\n")
    assert list_outdated(study) == [DECIDED]
    assert "config/codings.csv has changed since" in explain_outdated(study)
    assert settle(study) == []
    assert read_dates(study, PATTERNS) == dict.fromkeys(PATTERNS, OUTDATED)


def test_a_decision_that_was_put_back_makes_the_tables_right_again(study):
    before = (study / DECIDED).read_bytes()
    (study / DECIDED).write_text("coding_id\n")
    settle(study)
    (study / DECIDED).write_bytes(before)
    os.utime(study / DECIDED, (NOW - 50, NOW - 50))
    assert settle(study) == []
    assert read_dates(study, PATTERNS) == dict.fromkeys(PATTERNS, NOW)


def test_a_table_that_no_run_here_made_is_made_again(study):
    (study / made.RECORD).unlink()
    assert settle(study) == sorted(PATTERNS)
    assert [fault.file for fault in made.fault_altered(study)] == []


def test_tables_without_any_record_are_one_fault(study):
    (study / made.RECORD).unlink()
    assert [fault.problem for fault in made.fault_altered(study)] == ["is of no run that is known here"]


def test_what_the_workflow_would_not_make_any_more_is_removed(study):
    assert settle(study, patterns=[TABLE, FOLDER]) == []
    assert not (study / LATER).exists()
    assert read_record(study).keys() == {TABLE, FOLDER}


@pytest.mark.parametrize("rest", ['{"benchmark": "results/lo', "\x00" * 40, "[1, 2]\n", "nonsense\n", '{"a": 1}\n'])
def test_a_line_of_the_record_that_was_cut_off_or_damaged_only_has_its_step_run_again(study, rest):
    *lines, _ = (study / made.RECORD).read_text().split("\n")
    (study / made.RECORD).write_text("\n".join([*lines, rest]))
    assert settle(study) == [LATER]
    assert (study / TABLE).exists()
    rank(study)
    assert list_altered(study) == []


def test_dates_beyond_now_are_set_to_now(study):
    ahead = NOW + 9e8
    for path in [DECIDED, *PATTERNS]:
        os.utime(study / path, (ahead, ahead))
    assert settle(study) == []
    assert read_dates(study, [DECIDED, *PATTERNS]) == dict.fromkeys([DECIDED, *PATTERNS], NOW)


@pytest.mark.parametrize("date", [0.0, 1.0, NOW - 5])
def test_other_dates_of_the_same_decisions_make_nothing_again(study, date):
    os.utime(study / DECIDED, (date, date))
    for path in PATTERNS:
        os.utime(study / path, (NOW - 100, NOW - 100))
    assert settle(study) == []
    dates = read_dates(study, [DECIDED, *PATTERNS])
    assert max(dates.values()) <= NOW and all(dates[path] >= dates[DECIDED] > OUTDATED for path in PATTERNS)


def test_a_date_that_cannot_be_set_is_a_fault(study, monkeypatch):
    os.utime(study / DECIDED, (NOW + 1, NOW + 1))

    def refuse(path, times):
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    with pytest.raises(InputError, match="config/codings.csv.*run as its owner: touch"):
        settle_dates(study, [DECIDED], now=NOW)


def test_a_moved_study_is_still_known(study, tmp_path_factory):
    moved = study.rename(tmp_path_factory.mktemp("elsewhere") / "study")
    assert list_altered(moved) == list_outdated(moved) == settle(moved) == []
