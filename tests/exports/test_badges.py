"""The list of badges claims what was measured, and says what is not met."""

import hashlib
import json
from dataclasses import replace

import pytest

from graylit.exports import replay, trying
from graylit.exports.badges import IN_PART, MET, NOT_MET, Packed, fill_badges, format_badges
from graylit.exports.opening import read_verdict
from graylit.exports.writing import describe_study, pack_replication
from graylit.study.checking import require_study
from graylit.tables.comparison import REPLAYS, VERDICT

TRIAL = {
    "replayed_at": "2026-03-01T10:00:00Z", "package": "0" * 64, "python": "python3.12", "machine": "Linux-6.1-x86_64",
    "set_up_s": "30", "review_s": "60", "n_tables": "55", "n_same": "55", "exit_code": "0",
}  # fmt: skip


@pytest.fixture(scope="module")
def packed(frozen, package):
    study = require_study(frozen)
    return Packed(study, describe_study(study), package, read_verdict(frozen), {})


def judge(packed, **changed):
    return {one.asked: one for one in fill_badges(replace(packed, **changed))}


def test_without_a_doi_nothing_is_archived_and_with_one_it_is_named(packed):
    asked = "in a public archive for good"
    assert judge(packed)[asked].standing == NOT_MET
    archived = judge(packed, about=replace(packed.about, doi="10.5281/zenodo.12"))[asked]
    assert (archived.standing, "10.5281/zenodo.12" in archived.shown) == (MET, True)


def test_a_package_that_was_not_tried_is_not_said_to_run(packed):
    assert judge(packed)["exercisable"].standing == IN_PART
    tried = judge(packed, trial=TRIAL)["exercisable"]
    assert tried.standing == MET
    assert "55 of 55 tables the same after 1.5 minutes (30 s of set-up, 60 s of review), exit code 0" in tried.shown
    assert judge(packed, trial=TRIAL | {"exit_code": "3", "n_same": "54"})["exercisable"].standing == NOT_MET


def test_tables_that_differ_from_the_release_are_not_consistent(packed):
    row = dict.fromkeys(VERDICT.names, "") | {
        "stage": "coding",
        "table": "code_counts",
        "n_rows": "2",
        "n_released": "1",
    }
    same, differs = row | {"verdict": "same"}, row | {"verdict": "differs", "cause": "A.csv", "is_explained": "yes"}
    asked = "consistent with what is published"
    assert [judge(packed, verdict=rows)[asked].standing for rows in ([], [same], [same, differs])] == [
        NOT_MET, MET, NOT_MET
    ]  # fmt: skip


def test_what_is_not_in_the_package_makes_it_complete_in_part_only(packed):
    complete = judge(packed)["complete, as far as possible"]
    assert complete.standing == IN_PART
    assert "the texts of 10 sources (their publishers')" in complete.shown


def test_nobody_reproduced_it_by_being_its_author(packed):
    standings = judge(packed, trial=TRIAL)
    assert standings["by others than the authors, with these artifacts"].standing == NOT_MET
    assert "## Results Reproduced: 0 of 1 met\n" in format_badges(packed)


def test_every_column_of_the_data_package_is_counted_by_its_meaning(packed, package):
    resources = json.loads(package["tables/datapackage.json"])["resources"]
    n_columns = sum(len(resource["schema"]["fields"]) for resource in resources)
    assert f"the meaning of {n_columns:,} of {n_columns:,} columns" in judge(packed)["documented"].shown


def test_a_trial_is_of_the_package_that_differs_in_what_it_says_of_the_trial_only(frozen, package, tmp_path):
    for file, content in package.items():
        (tmp_path / "package" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "package" / file).write_bytes(content)
    digest = replay.require_unchanged(tmp_path / "package", False)
    (tmp_path / "study/results").mkdir(parents=True)
    trying.keep_trial(tmp_path / "study", TRIAL | {"package": digest})
    assert trying.find_trial(tmp_path / "study", digest)["set_up_s"] == "30"
    assert trying.find_trial(tmp_path / "study", "1" * 64) == {}
    described = require_study(frozen)
    tables = {file.removeprefix("tables/"): content for file, content in package.items() if file.startswith("tables/")}
    again = pack_replication(frozen, described, describe_study(described), tables)
    lines = [line for line in again["SHA256SUMS"].splitlines(keepends=True) if b"  BADGES.md" not in line]
    assert hashlib.sha256(b"".join(lines)).hexdigest() == digest


def test_a_trial_has_an_empty_home_and_what_leads_to_the_network_and_nothing_else(monkeypatch, tmp_path):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("SECRET_KEY", "hidden")
    environment = trying.make_environment(tmp_path)
    assert environment["HTTPS_PROXY"] == "http://127.0.0.1:3128"
    assert environment["HOME"] == str(tmp_path)
    assert {"PYTHONPATH", "SECRET_KEY"}.isdisjoint(environment)


def test_the_record_of_replays_has_the_columns_that_a_replay_writes():
    assert REPLAYS.names == list(replay.COLUMNS)
    assert trying.RECORD == replay.RECORD
