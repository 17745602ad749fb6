"""A review holds the rows of models against their log: in two tables, in its verdict, and in a remark."""

import shutil

import pytest

from conftest import read_table, run_review
from desks import list_makers
from graylit.comparison.verdict import describe_models
from graylit.models.asking import Budget
from graylit.models.running import Asked, Run
from graylit.study.checking import read_study
from graylit.study.remarks import list_remarks
from graylit.study.writing import read_clock
from model_servers import Say, serve_model, write_settings
from running import call_graylit


def give(asked, page):
    quote = next((words for words in ("ballast", "hives") if page.count(words) == 1), "")
    coding = {"memo": "m", "quote": quote, "code_id": "C01", "confidence": "low"}
    return Say({"reason": "r", "codings": [coding] if quote else []})


@pytest.fixture(scope="module")
def reviewed(built, tmp_path_factory):
    """Return the mini study with a model that coded all of it, after a review."""
    folder = tmp_path_factory.mktemp("reviewed") / "study"
    shutil.copytree(built, folder)
    list_makers(folder)
    with serve_model(give) as server:
        write_settings(folder, server)
        Run(folder, Asked("code", "M1"), Budget(), read_clock).ask(lambda *_: None)
    run_review(folder)
    return folder


@pytest.mark.slow
def test_the_calls_are_counted_and_the_rows_made_again(reviewed):
    (calls,) = read_table(reviewed / "data/processed/model_calls.csv")
    assert (calls["decider"], calls["task"], calls["sent_words_to"]) == ("M1", "code", "this machine")
    assert int(calls["n_calls"]) == int(calls["n_answered"]) + int(calls["n_refused"]) > int(calls["n_units"]) > 0
    replayed = read_table(reviewed / "data/processed/model_replay.csv")
    assert {row["is_same"] for row in replayed} == {"yes"} and {row["decider"] for row in replayed} == {"M1"}
    assert {row["file"] for row in replayed} >= {"config/coding/codings/M1.csv", "config/models/asked.csv"}
    assert "the same, made again from their log" in describe_models(reviewed)[0]
    located = [row for row in read_table(reviewed / "data/processed/located_codings.csv") if row["coder"] == "M1"]
    assert located and {row["method"] for row in located} == {"same_place"}


@pytest.mark.slow
def test_a_row_that_was_changed_by_hand_is_named_by_the_review(reviewed, tmp_path):
    folder = tmp_path / "changed"
    shutil.copytree(reviewed, folder)
    path = folder / "config/coding/codings/M1.csv"
    path.write_text(path.read_text().replace(",low,", ",high,", 1))
    assert call_graylit("-C", folder, "check", "--accept").returncode == 0
    run_review(folder)
    assert "DIFFERENT FROM THE LOG: M1 in config/coding/codings/M1.csv" in describe_models(folder)[0]
    study, faults = read_study(folder)
    assert not faults
    remarks = [fault for fault in list_remarks(study, folder) if "log of models" in fault.problem]
    assert [fault.file for fault in remarks] == ["config/coding/codings/M1.csv"]
    assert "confidence is 'high', and 'low' by the log" in remarks[0].problem
