"""Every task is asked of a real llama.cpp server, whose model of random weights can only say what the schema allows."""

import os
import subprocess
from pathlib import Path

import pytest
import yaml

from archives import REPOSITORY
from claim_desks import write_claimed
from conftest import read_table, write_table
from desks import assert_no_fault, write_readable
from graylit.study.model_log import LOG, check_log
from model_disputes import write_disputes
from model_servers import SETTINGS, list_calls
from running import call_graylit
from screening_desks import list_candidates, write_screened

PYTHON = REPOSITORY / ".venv/rivals/llama/bin/python"
SERVER = Path(__file__).with_name("serve_tiny.py")
N_SPECIAL = 3  # tokens before those of bytes
# Random weights make long strings of any bytes: none beyond ASCII, and quotes and brackets that end soon.
BIAS = [[N_SPECIAL + byte, False] for byte in range(128, 256)]
BIAS += [[N_SPECIAL + ord(sign), 6.0] for sign in '"]']


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    assert PYTHON.exists(), "run `make test-models`, which installs llama.cpp's server"
    command = [PYTHON, SERVER, tmp_path_factory.mktemp("tiny") / "tiny.gguf"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        try:
            yield f"{process.stdout.readline().strip()}/v1"
        finally:
            process.kill()


def describe_model(folder: Path, endpoint: str, name: str, **changed: object) -> None:
    path = folder / f"config/models/{name}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    keys = {"temperature": 1.0, "asks": 6, "max_tokens": 2000, "timeout_s": 60, "at_once": 2}
    further = {"logit_bias": BIAS}
    path.write_text(yaml.safe_dump({**SETTINGS, **keys, "endpoint": endpoint, "further": further, **changed}))


def ask(folder: Path, endpoint: str, task: str, name: str = "M1", **changed: object) -> list[dict]:
    """Ask for a task; return the calls of its log, after the check of the study and the replay of its rows."""
    describe_model(folder, endpoint, name, **changed)
    ended = call_graylit("-C", folder, "ask", task, "--as", name)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert_no_fault(folder)
    assert check_log(folder / LOG) == []
    replayed = call_graylit("-C", folder, "ask", "--replay")
    assert replayed.returncode == 0, replayed.stdout
    calls = [call for call in list_calls(folder) if call["task"] == task]
    assert calls and {call["outcome"] for call in calls} <= {"answered", "refused"}
    assert {(call["returned_model"], bool(call["fingerprint"])) for call in calls} == {("tiny", True)}
    return calls


def outcomes(folder: Path) -> list[str]:
    return [row["outcome"] for row in read_table(folder / "config/models/asked.csv")]


def test_candidates_are_screened(tmp_path, endpoint):
    folder = write_screened(tmp_path, list_candidates(12))
    ask(folder, endpoint, "screen")
    rows = read_table(folder / "config/screening/screenings.csv")
    assert len(outcomes(folder)) == 12 and outcomes(folder).count("decided") == len(rows) > 6
    assert {row["decision"] for row in rows} <= {"include", "exclude", "unsure"}


def test_sources_are_appraised(tmp_path, endpoint):
    folder = write_readable(tmp_path)
    calls = ask(folder, endpoint, "appraise")
    rows = read_table(folder / "config/quality.csv")
    assert len(rows) == 20 * outcomes(folder).count("decided") > 0 and calls[-1]["tokens_in"] > 1_000


def test_segments_are_coded_and_what_the_model_settles_is_what_models_coded(tmp_path, endpoint):
    folder = write_readable(tmp_path)
    ask(folder, endpoint, "code")
    assert "decided" in outcomes(folder)
    people = read_table(folder / "config/people.csv")
    for name, code_id in (("M8", "C01"), ("M9", "C02")):  # a model of random weights quotes nothing
        header = "coding_id,source_id,start,end,code_id,round,coded_at\n"
        (folder / f"config/coding/codings/{name}.csv").write_text(
            f"{header}{name}-1,S001,60,90,{code_id},1,2026-01-05\n"
        )
        people.append(people[-1] | {"decider": name, "decided_at": "2026-01-05"})
    write_table(folder / "config/people.csv", people)
    write_disputes(folder, ("M8", "M9"))
    ask(folder, endpoint, "settle", "M2")
    rows = read_table(folder / "config/coding/adjudications.csv")
    assert {row["decided_by"] for row in rows} == {"M2"} and {row["coding_ids"] for row in rows} <= {"M8-1", "M9-1"}


def test_claims_are_checked(tmp_path, endpoint):
    folder = write_claimed(tmp_path, A="coder", B="coder", DORA="synthesizer")
    ask(folder, endpoint, "check-claims")
    rows = read_table(folder / "config/synthesis/claim_readings.csv")
    assert len(rows) == outcomes(folder).count("decided") == 5


def test_without_a_schema_the_answers_of_the_server_are_refused_one_by_one(tmp_path, endpoint):
    folder = write_screened(tmp_path, list_candidates(4))
    calls = ask(folder, endpoint, "screen", answers="text", asks=2, max_tokens=60)
    assert {call["outcome"] for call in calls} == {"refused"}
    assert outcomes(folder) == ["refused"] * 4 and {call["why"] for call in calls} <= {"not_json", "cut_off", "empty"}
