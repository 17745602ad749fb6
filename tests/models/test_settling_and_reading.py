"""A model settles what models coded differently, never what a person coded; and it reads claims as a reader does."""

import re

import pytest

from claim_desks import write_claimed
from conftest import read_table, write_table
from desks import assert_no_fault, list_makers, list_people, write_readable
from graylit.models.asking import Budget
from graylit.models.replaying import replay_log
from graylit.models.running import Asked, Run
from graylit.study.people import name_awaited
from graylit.study.writing import read_clock
from graylit.synthesis.readings import leave_outranked
from graylit.tables.claims import CLAIM_READINGS
from graylit.tables.faults import InputError
from model_disputes import write_disputes
from model_servers import Say, list_calls, read_page, read_schema, serve_model, write_settings

WORDS = "keeps leaves out"


def ask(folder, task, say, decider="M1", **settings):
    with serve_model(say) as server:
        write_settings(folder, server, decider, **settings)
        ended = Run(folder, Asked(task, decider), Budget(), read_clock).ask(lambda *_: None)
    return ended, server


def give(code_id):
    coding = {"memo": f"Says {code_id}.", "quote": WORDS, "code_id": code_id, "confidence": "high"}
    return lambda _, page: Say({"reason": "r", "codings": [coding] if WORDS in page else []})


def rule(asked, page):
    """Let stand what the codebook calls a mesh, and recode the rest to it."""
    schema, said = read_schema(asked)["properties"], asked["messages"][0]["content"]
    codes = dict(re.findall(r"- (coding_\d) gave (C\d\d)", said))
    verdicts = {
        letter: {"reason": "r", "verdict": "stands", "code_id": ""}
        if codes[letter] == "C01"
        else {"reason": "r", "verdict": "recoded", "code_id": "C01"}
        for letter in schema
    }
    return Say(verdicts)


@pytest.fixture
def disputed(tmp_path):
    folder = write_readable(tmp_path)
    ask(folder, "code", give("C01"), "M1")
    ask(folder, "code", give("C02"), "M2")
    write_disputes(folder, ("M1", "M2"))
    return folder


def test_a_model_settles_what_models_coded_differently(disputed):
    ended, server = ask(disputed, "settle", rule, "M3")
    rows = {row["coding_ids"]: row for row in read_table(disputed / "config/coding/adjudications.csv")}
    assert ended.n_units == 1 and len(rows) == 2 and {row["decided_by"] for row in rows.values()} == {"M3"}
    assert (rows["M1-0001"]["verdict"], rows["M2-0001"]["verdict"]) == ("stands", "recoded")
    assert rows["M2-0001"]["code_id"] == "C01"
    assert all(one.is_same for one in replay_log(disputed)["M3"])
    assert_no_fault(disputed)
    said = str(server.asked)
    assert "M1" not in said and "M2" not in said, "names are not shown"


def test_what_a_person_coded_is_no_models_to_settle(disputed):
    path = disputed / "config/people.csv"
    rows = read_table(path)
    person = dict.fromkeys(rows[0], "") | {"decider": "M2", "kind": "person", "roles": "coder"}
    write_table(path, [row for row in rows if row["decider"] != "M2"] + [person])
    ended, server = ask(disputed, "settle", rule, "M3")
    assert ended.n_units == 0 and server.asked == []


def test_what_somebody_has_settled_is_left_to_them(disputed):
    (disputed / "config/coding/adjudications.csv").write_text(
        "adjudication_id,coding_ids,verdict,code_id,reason,decided_by,decided_at\nJ1,M2-0001,falls,,No,A,2026-01-03\n"
    )
    ended, _ = ask(disputed, "settle", rule, "M3")
    assert ended.n_units == 0


def test_claims_are_read_as_a_reader_reads_them(tmp_path):
    folder = write_claimed(tmp_path, A="coder", B="coder", DORA="synthesizer")

    def say(asked, page):
        claim = re.search(r"^Claim: (.*)$", asked["messages"][0]["content"], re.MULTILINE)[1]
        reading = "supports" if "leaves out" in claim and "keeps leaves out" in page else "not_about"
        return Say({"reason": "It says so: A mesh over the inlet keeps leaves out.", "reading": reading})

    ended, server = ask(folder, "check-claims", say)
    rows = read_table(folder / "config/synthesis/claim_readings.csv")
    assert ended.n_units == len(rows) == 5 and {row["reader"] for row in rows} == {"M1"}
    (one,) = [row for row in rows if row["reading"] == "supports"]
    assert (one["claim_id"], one["coding_id"]) == ("L01", "A-1") and "mesh over the inlet" not in one["reason"]
    assert len(one["wording_sha256"]) == 64 and all(read_page(asked) for asked in server.asked)
    assert all(one.is_same for one in replay_log(folder)["M1"])
    assert read_table(folder / "config/people.csv")[-1]["roles"] == "reader"
    assert_no_fault(folder)


def test_readings_without_a_majority_are_refused(tmp_path):
    folder = write_claimed(tmp_path, A="coder", B="coder", DORA="synthesizer")

    def say(asked, page):
        return Say({"reason": "r", "reading": "supports" if asked["seed"] < 1_000 else "against"})

    ask(folder, "check-claims", say, samples=2)
    rows = read_table(folder / "config/models/asked.csv")
    assert {row["outcome"] for row in rows} == {"refused"} and len(list_calls(folder)) == 10
    assert not (folder / "config/synthesis/claim_readings.csv").exists()


def test_a_model_joins_no_table_of_people_in_which_others_are_missing(tmp_path):
    folder = write_claimed(tmp_path, ANN="reader")
    list_people(folder)
    with pytest.raises(InputError, match="who made rows"):
        ask(folder, "check-claims", lambda *_: Say({"reason": "r", "reading": "supports"}))
    list_makers(folder)
    assert ask(folder, "check-claims", lambda *_: Say({"reason": "r", "reading": "supports"}))[0].n_units


def test_a_persons_reading_outranks_a_models_and_nobody_waits_for_a_model():
    def read(reading_id, reader, reading, coding_id="A-1"):
        cells = {"reading_id": reading_id, "claim_id": "L01", "coding_id": coding_id, "reader": reader}
        return dict.fromkeys(CLAIM_READINGS.names, "") | cells | {"reading": reading}

    rows = [read("R1", "ANN", "against"), read("R2", "M1", "supports"), read("R3", "M1", "supports", "A-2")]
    kept = leave_outranked(rows, {"M1"})
    assert [row["reading_id"] for row in kept] == ["R1", "R3"]
    people = {"ANN": {"roles": "reader", "kind": "person"}, "M1": {"roles": "reader", "kind": "model"}}
    assert name_awaited(people, "reader") == ["ANN"] and name_awaited({"M1": people["M1"]}, "reader") == ["M1"]
