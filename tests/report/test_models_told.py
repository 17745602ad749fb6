"""The report says which models decided, what they were asked, and how far they were held against people."""

import pandas as pd

from graylit.report.models import describe_model_threat, describe_models
from graylit.tables.models import MODEL_CALLS, MODEL_REPLAY, MODEL_TRUST

CALLS = {
    "decider": "M1",
    "task": "code",
    "asked_model": "tiny",
    "returned_model": "tiny-2026-01-31",
    "fingerprint": "fp_1",
    "settings": "temperature 0; seed 7",
    "template_sha256": "0" * 64,
    "sent_words_to": "this machine",
    "n_calls": "120",
    "n_answered": "118",
    "n_refused": "2",
    "n_failed": "0",
    "n_again": "0",
    "n_units": "100",
    "tokens_in": "1000",
    "tokens_out": "500",
    "cost": "0.5",
    "currency": "EUR",
    "first_at": "2026-03-01T10:00:00Z",
    "last_at": "2026-03-02T10:00:00Z",
}
REPLAY = {"decider": "M1", "file": "config/coding/codings/M1.csv", "n_rows": "90", "is_same": "yes"}
REPLAY |= {"n_missing": "0", "n_differing": "0", "n_unknown": "0", "first_difference": ""}


def judge(code_id, standing, n_units="40"):
    row = {
        "decider": "M1",
        "code_id": code_id,
        "n_codings": "9",
        "n_units": n_units,
        "kappa": "0.5",
        "standing": standing,
    }
    return row | {"low": "", "high": "", "floor": "0.7", "reason": ""}


def frame(calls=(), replay=(), trust=()):
    tables = ((MODEL_CALLS, calls), (MODEL_REPLAY, replay), (MODEL_TRUST, trust))
    return {table.name: table.to_frame([dict(row) for row in rows]) for table, rows in tables}


def test_a_model_is_told_as_it_was_asked_and_returned():
    (words,) = describe_models(frame([CALLS], [REPLAY]))
    assert "M1 (the model tiny, returned as tiny-2026-01-31, state fp_1; temperature 0; seed 7) coded segments" in words
    assert "100 units in 120 calls from 2026-03-01 to 2026-03-02, one unit a call" in words
    assert "2 answers could not be used, at a cost of 0.5 EUR. Words of sources went to this machine." in words
    assert "all 90 rows of models are the same" in words


def test_rows_that_the_log_does_not_give_are_told():
    (words,) = describe_models(frame([CALLS], [REPLAY | {"is_same": "no"}]))
    assert "rows differ: M1 in config/coding/codings/M1.csv" in words


def test_the_sample_is_told_by_standing():
    trust = [judge("C01", "trusted"), judge("C02", "below"), judge("C03", "untested")]
    (words,) = describe_models(frame([CALLS], [REPLAY], trust))
    assert "a sample of 40 segments" in words and "1 can be trusted, 1 fall short of the floor" in words
    threat = describe_model_threat(frame(trust=trust))
    assert threat.startswith("1 of 3 codes that models gave was never held against people")
    assert threat.endswith("1 is below the floor, and no evidence")


def test_without_models_nothing_is_told():
    assert describe_models(frame()) == [] and describe_model_threat(frame()) == ""
    assert isinstance(frame()["model_calls"], pd.DataFrame)
