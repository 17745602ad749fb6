"""The log of models: a chain that shows every change, rows that can be made again from it, kills that lose nothing."""

import json
import os
import random
import shutil
import signal
import subprocess
import time

import pytest

from conftest import read_table
from desks import write_readable
from graylit.models.replaying import replay_log
from graylit.study.checking import read_study
from graylit.study.model_log import LOG, START, GrowingLog, check_log, read_calls
from graylit.study.remarks import list_remarks
from graylit.tables.faults import InputError
from model_servers import Say, list_calls, serve_model, write_settings
from running import call_graylit, list_graylit
from screening_desks import SCREENINGS_FILE, list_candidates, write_screened

GOOD = {"reason": "It speaks of barrels.", "decision": "include", "criterion_id": ""}
CODED = {
    "reason": "Meshes.",
    "codings": [{"memo": "It keeps.", "quote": "keeps leaves out", "code_id": "C01", "confidence": "high"}],
}


def write_log(folder, n_calls):
    path = folder / "log.jsonl"
    with GrowingLog(path, START) as log:
        log.add([{"call": i, "answer": f"Nr. {i}"} for i in range(1, n_calls + 1)])
    return path


def test_a_log_is_read_as_it_was_written(tmp_path):
    path = write_log(tmp_path, 5)
    assert check_log(path) == [] and [call["answer"] for call in read_calls(path)] == [f"Nr. {i}" for i in range(1, 6)]


def test_any_changed_byte_is_named_by_its_line(tmp_path):
    path = write_log(tmp_path, 4)
    content = path.read_bytes()
    for at in range(len(content)):
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        line = content[:at].count(b"\n") + 1
        faults = [fault.row for fault in check_log(path)]
        is_last_end = at == len(content) - 1  # without its end, the last line counts as unfinished
        assert faults[:1] == ([] if is_last_end else [line]), at


@pytest.mark.parametrize(
    "change", [lambda lines: lines[1:], lambda lines: [lines[0], *lines[2:]], lambda lines: lines[::-1]]
)
def test_lines_taken_out_or_moved_are_named(tmp_path, change):
    path = write_log(tmp_path, 4)
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    assert "does not follow the line before it" in check_log(path)[0].problem
    with pytest.raises(InputError):
        list(read_calls(path))


def test_an_unfinished_line_is_cut_off_by_whoever_goes_on(tmp_path):
    path = write_log(tmp_path, 3)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"call":4,"ans')
    last = list(read_calls(path))[-1]
    with GrowingLog(path, last["sha256"]) as log:
        log.add([{"call": 4, "answer": "whole"}])
    assert path.read_bytes().startswith(whole) and check_log(path) == [] and len(list(read_calls(path))) == 4


@pytest.fixture
def asked(tmp_path):
    folder = write_screened(tmp_path, list_candidates(10))
    with serve_model(lambda *_: Say(GOOD)) as server:
        write_settings(folder, server)
        assert call_graylit("-C", folder, "ask", "screen", "--as", "M1").returncode == 0
    return folder


def test_the_check_names_a_changed_line_and_a_run_refuses_to_go_on(asked):
    path = asked / LOG
    path.write_text(path.read_text().replace("It speaks of barrels", "It speaks of weirds", 1))
    (fault,) = read_study(asked)[1]
    assert fault.file == LOG and fault.row == 1
    assert call_graylit("-C", asked, "ask", "screen", "--as", "M1").returncode == 1


def test_an_unfinished_line_is_a_remark(asked):
    with (asked / LOG).open("a") as log:
        log.write('{"call":')
    study, faults = read_study(asked)
    assert not faults and [fault.problem for fault in list_remarks(study, asked) if fault.file == LOG] == [
        "ends in an unfinished line"
    ]


def test_rows_are_made_again_from_the_log_byte_for_byte_with_the_endpoint_gone(asked):
    tables = {file: (asked / file).read_bytes() for file in (SCREENINGS_FILE, "config/models/asked.csv")}
    people = read_table(asked / "config/people.csv")[-1]
    for file in tables:
        (asked / file).unlink()
    ended = call_graylit("-C", asked, "ask", "--replay")
    assert ended.returncode == 0, ended.stderr
    assert {file: (asked / file).read_bytes() for file in tables} == tables
    assert read_table(asked / "config/people.csv")[-1]["to"] == people["to"]
    assert "byte for byte" in call_graylit("-C", asked, "ask", "--replay").stdout


def test_a_coder_is_replayed_without_texts(tmp_path):
    folder = write_readable(tmp_path)
    with serve_model(lambda _, page: Say(CODED if "leaves out" in page else {"reason": "", "codings": []})) as server:
        write_settings(folder, server)
        call_graylit("-C", folder, "ask", "code", "--as", "M1")
    file = folder / "config/coding/codings/M1.csv"
    before = file.read_bytes()
    assert b"C01" in before
    file.unlink()
    shutil.rmtree(folder / "data/processed")
    assert call_graylit("-C", folder, "ask", "--replay").returncode == 0
    assert file.read_bytes() == before


def test_a_replay_names_rows_that_the_log_does_not_give(asked):
    path = asked / SCREENINGS_FILE
    path.write_text(path.read_text().replace(",include,", ",unsure,", 1))
    ended = call_graylit("-C", asked, "ask", "--replay")
    assert ended.returncode == 3 and "decision is 'unsure', and 'include' by the log" in ended.stdout


def test_a_log_that_lost_its_end_shows_in_the_rows(asked):
    path = asked / LOG
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-2]))
    assert check_log(path) == []
    ended = call_graylit("-C", asked, "ask", "--replay")
    assert ended.returncode == 3 and "2 more that the log does not give" in ended.stdout


def test_no_key_is_written_anywhere(tmp_path, monkeypatch):
    folder, key = write_screened(tmp_path / "study", list_candidates(4)), "sk-verysecret-4711"
    monkeypatch.setenv("MODEL_KEY", key)
    with serve_model(lambda *_: Say(GOOD)) as server:
        write_settings(folder, server, key_from="MODEL_KEY")
        ended = call_graylit("-C", folder, "ask", "screen", "--as", "M1")
    assert ended.returncode == 0 and {headers["Authorization"] for headers in server.headers} == {f"Bearer {key}"}
    assert key not in ended.stdout + ended.stderr
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 10
    assert [path for path in files if key.encode() in path.read_bytes() or b"Bearer" in path.read_bytes()] == []


def strip_times(rows):
    return [{name: cell for name, cell in row.items() if not name.endswith("_at")} for row in rows]


N_KILLS, N_UNITS = 30, 60


@pytest.mark.slow
def test_kills_at_any_moment_lose_no_answer_and_give_the_tables_of_a_run_that_was_left_alone(tmp_path):
    """Each run is killed at a moment of its own, until one comes to its end; the server counts what went out whole."""
    alone, killed = (write_screened(tmp_path / name, list_candidates(N_UNITS)) for name in ("alone", "killed"))
    draw = random.Random(11)
    with serve_model(lambda *_: Say(GOOD, delay_s=0.02)) as server:
        write_settings(alone, server, at_once=1)
        assert call_graylit("-C", alone, "ask", "screen", "--as", "M1").returncode == 0
    with serve_model(lambda *_: Say(GOOD, delay_s=0.02)) as server:
        write_settings(killed, server, at_once=1)
        for _ in range(N_KILLS):
            n_before = len(list_calls(killed))
            command = list_graylit("-C", killed, "ask", "screen", "--as", "M1", "--max-calls", "3")
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                n_wanted = draw.randrange(3)
                while process.poll() is None and server.n_answered - n_before <= n_wanted:
                    time.sleep(0.001)
                time.sleep(draw.random() * 0.03)
                os.kill(process.pid, signal.SIGKILL)
            (killed / LOG).touch()
            server.settle()  # an answer to the killed run may still be on its way, and be counted later
            lines = (killed / LOG).read_bytes().count(b"\n")
            lost = server.n_answered - lines
            assert 0 <= lost <= 2, "at most twice at_once: an answer to be written, and one on its way"
            server.n_answered = lines
        assert call_graylit("-C", killed, "ask", "screen", "--as", "M1").returncode == 0
    assert check_log(killed / LOG) == [] and replay_log(killed)["M1"][0].is_same
    for file in (SCREENINGS_FILE, "config/models/asked.csv"):
        assert strip_times(read_table(killed / file)) == strip_times(read_table(alone / file))
    assert json.dumps(list_calls(killed)).count('"answered"') == N_UNITS
