"""The line that says how far a run is: rewritten on a terminal, out of the way of everything else, silent elsewhere."""

import io
import logging
import os
import pty
import sys

import pytest

from conftest import clean_environment, copy_mini
from graylit.runs.progress import StepCounter, count_steps, show_steps
from graylit.runs.steps import StepLog
from running import list_graylit


class Terminal(io.StringIO):
    def isatty(self):
        return True


def take_terminal(monkeypatch):
    """Return a terminal that takes what is said from here on; pytest has its own until a test begins."""
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    return shown


def tell(level=logging.INFO, **fields):
    record = logging.LogRecord("snakemake", level, "", 0, None, None, None)
    vars(record).update(fields)
    return record


@pytest.mark.parametrize(
    ("fields", "counts"),
    [({"done": 3, "total": 27}, (3, 27)), ({"stats": {"review": 1, "total": 27}}, (0, 27)), ({"jobid": 4}, (0, 0))],
)
def test_the_number_of_steps_is_taken_from_the_events_of_a_run(fields, counts):
    assert count_steps(tell(**fields)) == counts


def test_the_counter_rewrites_its_line_and_is_gone_after_the_last_step(monkeypatch):
    terminal = take_terminal(monkeypatch)
    counter = StepCounter()
    for n_done in range(3):
        counter.emit(tell(done=n_done, total=2))
    assert terminal.getvalue() == "\r\x1b[K  0 of 2 steps\r\x1b[K  1 of 2 steps\r\x1b[K"


def test_a_warning_gets_a_line_of_its_own(monkeypatch):
    terminal = take_terminal(monkeypatch)
    StepCounter().emit(tell(level=logging.ERROR))
    assert terminal.getvalue() == "\r\x1b[K"


def test_the_closing_line_of_a_step_takes_the_counter_away_first(monkeypatch, tmp_path):
    terminal = take_terminal(monkeypatch)
    StepCounter().emit(tell(done=1, total=2))
    StepLog(tmp_path / "log", "count_codes").close("3 rows", "2 codes")
    assert terminal.getvalue().endswith("\r\x1b[K  count_codes            3 rows in, 2 codes out\n")


def test_nothing_is_counted_where_no_terminal_is(monkeypatch):
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    logger = logging.Logger("run")
    show_steps(logger)
    assert logger.handlers == []


def test_a_run_on_a_terminal_counts_its_steps_and_shows_their_lines(tmp_path):
    folder = copy_mini(tmp_path / "mini")
    child, terminal = pty.fork()
    if child == 0:
        command = list_graylit("-C", folder, "review", "--until", "segments", "--cores", 2)
        os.execve(command[0], command, clean_environment())
    shown = b""
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # the terminal is closed, as the run has ended
            break
        if not part:
            break
        shown += part
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown
    words = shown.decode()
    assert "\r\x1b[K  0 of " in words and "\r\x1b[K  1 of " in words
    assert "\r\x1b[K  gather_texts " in words


def test_an_interrupted_step_says_nothing_and_a_mistake_of_ours_its_traceback(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    StepLog(tmp_path / "log", "count_codes")
    for error in (KeyboardInterrupt(), KeyError("x")):
        sys.excepthook(type(error), error, None)
    assert capsys.readouterr().err == "KeyError: 'x'\n"
