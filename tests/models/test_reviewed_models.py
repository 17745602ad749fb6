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
    """Return the mini study, reviewed: a model coded all of it, and a person gave nothing in a sample."""
    folder = tmp_path_factory.mktemp("reviewed") / "study"
    shutil.copytree(built, folder)
    list_makers(folder, ANN="coder")
    config = folder / "config/config.yaml"
    config.write_text(config.read_text() + "models:\n  min_agreement: 0.5\n")
    with serve_model(give) as server:
        write_settings(folder, server)
        Run(folder, Asked("code", "M1"), Budget(), read_clock).ask(lambda *_: None)
    run_review(folder)  # so that the draw knows which segments the model coded
    assert call_graylit("-C", folder, "sample", "--size", "30").returncode == 0
    drawn = read_table(folder / "config/models/sample.csv")
    lines = [f"ANN,{row['segment_id']},no_code,,2026-03-01\n" for row in drawn]
    (folder / "config/models/sample_codes.csv").write_text(
        "coder,segment_id,decision,code_ids,decided_at\n" + "".join(lines)
    )
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
def test_a_sample_that_people_coded_says_how_far_the_model_is_trusted(reviewed):
    drawn = read_table(reviewed / "config/models/sample.csv")
    assert {row["stood"] for row in drawn} == {"coded", "uncoded"}
    trust = {row["code_id"]: row for row in read_table(reviewed / "data/processed/model_trust.csv")}
    assert {row["decider"] for row in trust.values()} == {"M1"} and trust["C01"]["standing"] == "below"
    assert float(trust["C01"]["kappa"]) < 0.5 == float(trust["C01"]["floor"]) and int(trust["C01"]["n_units"]) > 0
    located = [row for row in read_table(reviewed / "data/processed/located_codings.csv") if row["coder"] == "M1"]
    assert {row["standing"] for row in located} <= {"outranked", "untrusted"}
    assert {row["is_evidence"] for row in located} == {"no"}
    estimates = {row["code_id"]: row for row in read_table(reviewed / "data/processed/sample_estimates.csv")}
    assert int(estimates["C01"]["n_by_models"]) == len({row["segment_id"] for row in located})
    compared = read_table(reviewed / "data/processed/model_agreement.csv")
    assert {(row["decider"], row["other"]) for row in compared} == {("M1", "people")}
    study, _ = read_study(reviewed)
    assert any("agrees too little with people on C01" in one.problem for one in list_remarks(study, reviewed))


@pytest.mark.slow
def test_the_report_tells_of_people_and_models(reviewed):
    page = (reviewed / "results/report.html").read_text()
    assert "decisions by models" in page and "decisions by people" in page
    assert "M1 (the model tiny, state fp_1;" in page and "fall short of the floor" in page
    assert "audit/tables/model_trust.html" in page
    assert (reviewed / "results/audit/tables/model_trust.html").exists()


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
