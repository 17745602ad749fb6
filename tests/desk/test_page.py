"""The coding page as a server: this machine alone, its token, its policy, and two tabs."""

import contextlib
import http.client
import itertools
import json
import os
import signal
import subprocess
import threading

import psutil
import pytest

from archives import REPOSITORY
from conftest import clean_environment
from desks import Clock, Server, assert_no_fault, list_makers, list_page_command, rows_of, serve_page, write_readable
from graylit.desk.adjudicating.room import CodingRoom
from graylit.desk.coding.desk import Desk
from graylit.desk.coding.task import CodingTask
from graylit.desk.tasks import Visit
from graylit.study.checking import require_study
from graylit.study.locks import hold_table
from made_rows import record_made
from running import call_graylit, list_graylit


@pytest.fixture
def study(tmp_path):
    return write_readable(tmp_path / "study")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Return a running page of coder B; tests of it decide nothing."""
    with serve_page(write_readable(tmp_path_factory.mktemp("served") / "study"), "B") as server:
        yield server


def test_the_page_listens_to_this_machine_alone(served):
    port = int(served.origin.rpartition(":")[2])
    listening = [one.laddr for one in psutil.Process(served.process.pid).net_connections() if one.status == "LISTEN"]
    assert listening == [("127.0.0.1", port)]


@pytest.mark.parametrize("path", ["", "code/", "code/code.js", "code/study", "code/sources/S001", "desk.js", "left"])
def test_what_the_pages_need_is_there_with_its_policy(served, path):
    status, headers, _ = served.turn_to("").ask(path)
    assert status == 200
    assert (
        "script-src 'self';" in headers["content-security-policy"]
        and "unsafe" not in headers["content-security-policy"]
    )
    assert (headers["referrer-policy"], headers["cache-control"]) == ("no-referrer", "no-store")


@pytest.mark.parametrize("path", ["", "left", "code/study", "wrong/code/study", "code/sources/S001"])
def test_without_the_token_there_is_nothing(served, path):
    without = Server(served.process, f"{served.origin}/")
    assert without.ask(path)[0] == 404


def test_another_name_for_this_machine_is_refused(served):
    assert served.ask("study", Host="rebound.example")[0] == 400


@pytest.mark.parametrize(
    "origin", [{}, {"Origin": "null"}, {"Origin": "http://other.example"}, {"Origin": "http://127.0.0.1:1"}]
)
def test_a_decision_from_another_page_is_refused(served, origin):
    assert served.send("sources/S001", {"kind": "leave"}, **origin)[0] == 403


def test_a_form_cannot_decide(served):
    headers = {"Origin": served.origin, "Content_Type": "text/plain"}
    assert served.send("sources/S001", {"kind": "leave"}, **headers)[0] == 415


def test_too_much_is_refused(served):
    assert served.send("sources/S001", {"memo": "x" * 200_000}, Origin=served.origin)[0] == 413


@pytest.mark.parametrize(("content", "status"), [([], 422), ({"kind": "give"}, 409), ({"kind": ["give"]}, 422)])
def test_what_is_no_decision_is_refused(served, content, status):
    assert served.send("sources/S001", content, Origin=served.origin)[0] == status


def test_an_unknown_source_is_refused(served):
    status, _, body = served.ask("sources/S999")
    assert (status, "no source 'S999'" in body) == (422, True)


def test_a_second_page_for_the_same_coder_says_so_and_stops(served):
    folder = served.process.args[2]
    ended = subprocess.run(list_page_command(folder, "B"), capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1 and ended.stdout == ""
    assert "decisions of B: are being written by another program" in ended.stderr and "Traceback" not in ended.stderr


def test_of_two_tabs_the_one_that_saw_less_is_told_and_overwrites_nothing(study):
    with serve_page(study, "B") as server:
        seen = server.look("S001")["version"]
        status, first = server.decide("S001", seen, kind="give", code_id="C01", segment_id="S001-001")
        assert status == 200
        status, second = server.decide("S001", seen, kind="give", code_id="C02", segment_id="S001-001")
        assert (status, "was changed elsewhere" in second["message"]) == (409, True)
        assert server.look("S001")["version"] == first["decisions"]["version"]
    assert [row["code_id"] for row in rows_of(study)] == ["C01"]


def test_the_first_page_counts_what_is_left(study):
    with serve_page(study, "B") as server:
        first = json.loads(server.turn_to("").ask("left")[2])
        assert (first["person"], first["is_read_only"]) == ("B", False)
        code = next(task for task in first["tasks"] if task["name"] == "code")
        assert (code["name"], code["n_left"], code["n_done"], code["last_at"]) == ("code", 2, 0, "")
        server.decide("S001", server.look("S001")["version"], kind="finish")
        tasks = json.loads(server.turn_to("").ask("left")[2])["tasks"]
        code = next(task for task in tasks if task["name"] == "code")
        assert (code["n_left"], code["n_done"], bool(code["last_at"])) == (1, 1, True)


def test_a_desk_that_only_shows_decides_nothing_and_keeps_nobody_out(served):
    with serve_page(served.process.args[2], "B", "--read-only") as server:
        version = server.look("S001")["version"]
        status, _, _ = server.send("sources/S001", {"kind": "finish", "version": version}, Origin=server.origin)
        assert status == 405


def test_a_killed_server_has_lost_nothing_that_was_called_saved(study):
    kept = []
    with serve_page(study, "C") as server:
        killer = threading.Timer(0.02, server.process.kill)  # somewhere within a decision
        version, number = server.look("S001")["version"], 0
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            while True:
                number += 1
                kind = {"kind": "give", "code_id": "C01", "memo": str(number)} if number % 2 else {"kind": "undo"}
                status, answer = server.decide("S001", version, segment_id="S001-002", **kind)
                assert status == 200, answer
                version = answer["decisions"]["version"]
                kept.append(number)
                if number == 10:
                    killer.start()
        killer.join()
        assert server.process.wait(20) == -signal.SIGKILL
    rows = rows_of(study, "C")
    assert len(kept) >= 10 and len(rows) in (len(kept), len(kept) + 1)
    assert [row["memo"] for row in rows if row["code_id"]][: len(kept[::2])] == [str(n) for n in kept[::2]]
    assert_no_fault(study)
    with serve_page(study, "C") as again:
        assert len(again.look("S001")["codings"]) == sum(1 if row["code_id"] else -1 for row in rows)


def test_the_command_asks_whose_table():
    ended = call_graylit("desk")
    assert ended.returncode == 2 and "Missing option '--as'" in ended.stderr


def test_the_command_opens_a_study_that_was_captured(built_copy):
    list_makers(built_copy, C="coder")
    command = list_graylit("-C", built_copy, "desk", "--as", "C")
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    with subprocess.Popen(
        command, cwd=REPOSITORY, start_new_session=True, env=clean_environment(), **output
    ) as process:
        try:
            said = list(itertools.takewhile(lambda line: not line.startswith("Every"), process.stdout))
        finally:
            os.killpg(process.pid, signal.SIGKILL)
    assert said[0].startswith("Keeping bees on city roofs: coder C, round 1, 8 of 10 sources with text")


def test_rows_are_not_anchored_while_a_page_writes_them(study):
    record_made(study)
    with hold_table(study, "B"):
        ended = call_graylit("-C", study, "anchor")
    assert ended.returncode == 1 and "decisions of B: are being written by another program" in ended.stderr


def test_an_interrupted_server_ends_without_a_fault(study):
    with serve_page(study, "B") as server:
        server.ask("study")
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(20) == 0
        assert server.process.stderr.read() == ""


def test_the_terminal_says_which_texts_are_missing_and_how_to_get_them(study):
    desk = Desk(study, "B", "", Clock())
    room = CodingRoom(Visit(study, "B", Clock()), require_study(study))
    said = " ".join(CodingTask(desk, room).list_lines())
    assert (
        "2 of 3 sources with text" in said
        and "Without text here: S003. To get it: graylit collect --all, or name a file with --archive" in said
    )


def test_a_port_that_is_taken_is_named(study, site):
    command = list_page_command(study, "B", "--port", str(site.port))
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1 and "--port: " in ended.stderr and "cannot be used" in ended.stderr
