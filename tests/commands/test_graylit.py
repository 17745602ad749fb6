"""The command: what it offers, how it finds its study, what it refuses, and how it ends."""

import contextlib
import os
import re
import signal
import subprocess
import sys

import click
import psutil
import pytest

from archives import REPOSITORY
from conftest import clean_environment
from graylit import cli
from graylit.commands import bench, review
from graylit.runs.endings import EndingError, end_plainly
from graylit.runs.folders import choose_study, find_study
from graylit.runs.made import RUN
from graylit.runs.steps import StepLog
from running import call_graylit, list_graylit, run_graylit
from tiny_study import write_study

VERBS = sorted(cli.VERBS)
HEAVY = ("pandas", "numpy", "yaml", "snakemake", "lxml", "jinja2", "starlette", "jsonschema", "requests")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Return an empty folder that is the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Help -----------------------------------------------------------------------------------------------------------


def test_the_help_groups_the_verbs_by_stage_of_a_review():
    shown = call_graylit("--help").stdout
    headings = re.findall(r"^([A-Z][a-z ]+):$", shown, re.MULTILINE)
    assert headings == ["Options", "Begin", "Find", "Decide", "Make", "Publish", "Keep", "In a clone"]
    begin = shown.partition("Begin:\n")[2].partition("\n\n")[0]
    assert [line.split()[0] for line in begin.splitlines()] == ["new", "check", "completion"]


def test_outside_a_clone_nothing_is_offered_that_needs_one(tmp_path, monkeypatch):
    monkeypatch.setattr(cli, "HOUSE", tmp_path)
    shown = call_graylit("--help").stdout
    assert "In a clone" not in shown and "lint" not in shown
    assert call_graylit("lint").returncode == 2


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_a_command_begins_with_its_line_in_the_list(verb):
    ended = call_graylit(verb, "--help")
    assert ended.returncode == 0
    assert cli.VERBS[verb].help in " ".join(ended.stdout.split())
    loaded = cli.graylit.get_command(click.Context(cli.graylit), verb)
    assert (loaded.help or "").splitlines()[0] == cli.VERBS[verb].help


def test_the_list_of_commands_loads_none_of_them():
    script = "import sys; from running import call_graylit; call_graylit('--help'); print(*sys.modules)"
    path = {"PYTHONPATH": os.pathsep.join(["tests"])}
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ | path
    )
    assert [name for name in ended.stdout.split() if name.startswith("graylit.commands")] == []


HELP_OF_ALL = f"""
import contextlib, io, sys
from graylit.cli import graylit

for verb in {["", *VERBS]!r}:
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        graylit([verb, "--help"] if verb else ["--help"])
    print(verb, *sorted(sys.modules.keys() & {set(HEAVY)!r}), sep=",")
"""


def test_help_loads_nothing_heavy():
    ended = subprocess.run([sys.executable, "-c", HELP_OF_ALL], capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines() == ["", *VERBS]  # a verb whose help loads something has it beside its name


def test_the_version_is_that_of_the_package():
    assert re.fullmatch(r"graylit \d+\.\d+\.\d+\n", call_graylit("--version").stdout)


@pytest.mark.parametrize(
    ("shell", "sign"), [("bash", "complete -o nosort"), ("zsh", "#compdef graylit"), ("fish", "complete --no-files")]
)
def test_a_shell_is_told_how_to_complete(shell, sign):
    ended = call_graylit("completion", shell)
    assert ended.returncode == 0 and sign in ended.stdout and "_GRAYLIT_COMPLETE" in ended.stdout


def test_a_shell_is_told_commands_and_names(tmp_path):
    asked = {"_GRAYLIT_COMPLETE": "bash_complete", "COMP_WORDS": "graylit export ", "COMP_CWORD": "2"}
    ended = run_graylit(cwd=tmp_path, **asked)
    assert ended.stdout.split() == [
        "plain,paper",
        "plain,package",
        "plain,qda",
        "plain,codings",
        "plain,sort",
        "plain,site",
    ]


# Refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["reveiw"], "No such command 'reveiw' (did you mean 'review'?)"),
        (["review", "--refti"], "--refit"),
        (["check", "study=x"], "unexpected extra argument (study=x)"),
        (["export", "papr"], "'paper', 'package', 'qda', 'codings', 'sort'"),
        (["review", "--cores", "many"], "'many' is no number of cores"),
        (["review", "--shards", "0"], "0 is not in the range"),
        (["review", "--until", "segmentz"], "(did you mean 'segments'?)"),
        (["review", "--until", "data/processed/../raw/x"], "no path under data/processed"),
        (["review", "--archive", "nowhere.warc.gz"], "nowhere.warc.gz is missing"),
        (["review", "--profile", "slrum"], "'slurm'"),
        (["import", "tabels"], "No such command 'tabels' (did you mean 'tables'?)"),
        (["bench", "colect"], "(did you mean 'collect'?)"),
        (["export", "paper", "--without-words"], "--without-words is for"),
        (["export", "paper", "--try"], "--try is for: export package."),
        (["desk"], "Missing option '--as'"),
        (["compare"], "Missing argument 'BASE'"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_what_was_meant_is_named(arguments, said):
    ended = call_graylit(*arguments)
    assert (ended.returncode, said in ended.stderr) == (2, True), ended.stderr


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--as", "../x"], "'../x' cannot be the name of a coder"),
        (["--as", "model"], "'model' stands for the model's suggestions"),
        (["--as", "a"], "'a' differs from 'A' in upper and lower case only"),
        (["--as", "A", "--round", "two"], "'two' is no round"),
    ],
)
def test_a_desk_refuses_a_name_before_it_makes_any_text(mini, asked, said):
    ended = call_graylit("-C", mini, "desk", *asked)
    assert (ended.returncode, said in ended.stderr) == (1, True), ended.stderr
    assert not (mini / "data/processed").exists() and not (mini / ".snakemake").exists()


# Which study ----------------------------------------------------------------------------------------------------


def test_a_study_is_found_by_walking_up(here):
    study = write_study(here / "review")
    (study / "data/raw").mkdir(parents=True, exist_ok=True)
    assert find_study(study) == choose_study("", study)
    assert str(find_study(study / "data/raw")) == "../.."
    assert find_study(here) is None


def test_a_command_works_from_a_folder_in_the_study(here, monkeypatch):
    study = write_study(here / "review")
    monkeypatch.chdir(study / "config/coding")
    assert "no faults" in call_graylit("check").stdout


def test_a_folder_in_no_study_is_told_how_to_start_one(here):
    ended = call_graylit("check")
    assert ended.returncode == 2
    assert "is in no study" in ended.stderr and "graylit new FOLDER" in ended.stderr


def test_a_misspelt_study_is_named_and_nothing_is_made(here):
    write_study(here / "bees")
    ended = call_graylit("-C", "beees", "check")
    assert (ended.returncode, "beees is no study" in ended.stderr) == (2, True)
    assert "(did you mean 'bees'?)" in ended.stderr
    assert [path.name for path in here.iterdir()] == ["bees"]


def test_a_study_inside_the_folder_is_suggested(here):
    write_study(here / "reviews/bees")
    assert "(did you mean 'reviews/bees'?)" in call_graylit("-C", "reviews", "check").stderr


def test_the_study_around_the_folder_is_suggested(here):
    write_study(here / "bees")
    assert "(did you mean 'bees'?)" in call_graylit("-C", "bees/config/coding", "check").stderr


@pytest.mark.parametrize("name", ["it's", "a $HOME b", 'say "bees"', "tab\tend", "ümläut 🐝", "x;y&z", "--all"])
def test_a_study_may_have_any_name(here, name):
    write_study(here / name)
    assert "no faults" in call_graylit("-C", name, "check").stdout
    ended = call_graylit("-C", name, "trace")
    hint = ended.stderr.partition("run: ")[2].strip()
    typed = subprocess.run(
        ["sh", "-c", hint.replace("graylit", "printf '%s\\n'", 1)], capture_output=True, text=True, check=True
    )
    assert typed.stdout == f"-C\n{name}\nreview\n"


def test_a_hint_for_the_study_around_names_no_folder(here):
    write_study(here)
    for asked in ([], ["-C", "."], ["-C", str(here)]):
        assert call_graylit(*asked, "trace").stderr.endswith("run: graylit review\n")


# Endings --------------------------------------------------------------------------------------------------------


def test_faults_of_the_input_end_in_1(here):
    write_study(here)
    (here / "config/sources.csv").write_text("source_id\nS1\n")
    ended = call_graylit("check")
    assert ended.returncode == 1 and "nothing was run" in ended.stderr


def test_a_review_that_differs_from_its_release_ends_in_3(here, monkeypatch):
    monkeypatch.setattr("graylit.comparison.verdict.describe_verdict", lambda folder: (3, ["  DIFFERS"]))
    with pytest.raises(SystemExit) as ended, end_plainly():
        review.show_verdict(here)
    assert ended.value.code == 3


def test_a_folder_that_may_not_be_written_is_named(here):
    with pytest.raises(SystemExit) as ended, end_plainly():
        raise PermissionError(13, "Permission denied", "results")
    assert ended.value.code == 1


def test_a_mistake_of_ours_keeps_its_traceback():
    with pytest.raises(KeyError), end_plainly():
        raise KeyError("x")


def end_unread(*command, cwd):
    """Run a command whose output nobody reads; return its exit code and what it complains of."""
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False, cwd=cwd)
    os.close(write)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("verb", VERBS)
def test_the_help_of_every_command_ends_quietly_if_nobody_reads_it(here, verb):
    assert end_unread(*list_graylit(verb, "--help"), cwd=here) == (141, "")


@pytest.mark.parametrize(
    "asked",
    ["check", "completion bash", "new other", "state --at 2026-01-01 --to then"],
)
def test_a_command_that_nobody_reads_ends_quietly(here, asked):
    write_study(here)
    assert end_unread(*list_graylit(*asked.split()), cwd=here) == (141, "")


@pytest.mark.parametrize("asked", ["--help", "--version"])
def test_what_click_itself_says_ends_quietly_if_nobody_reads_it(here, asked):
    assert end_unread(*list_graylit(asked), cwd=here) == (1, "")  # click's own exit code


@pytest.mark.parametrize(
    "asked", ["trace", "verify", "compare .", "export codings", "export qda", "seal --to {}/sealed", "anchor"]
)
def test_a_command_on_a_built_study_that_nobody_reads_ends_quietly(built_copy, asked):
    assert end_unread(*list_graylit("-C", built_copy, *asked.format(built_copy).split()), cwd=REPOSITORY) == (141, "")


@pytest.mark.parametrize("asked", ["help", "house"])
def test_a_list_of_make_that_nobody_reads_ends_quietly(asked):
    code, said = end_unread("make", asked, cwd=REPOSITORY)
    assert (code in (0, -signal.SIGPIPE), said) == (True, "")  # whether make or what it runs writes last


@pytest.fixture
def unread():
    """Return a stream into a pipe that nobody reads."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w", encoding="utf-8") as stream:
        yield stream


def test_a_command_that_ends_in_a_fault_after_what_nobody_reads_ends_quietly(capfd, unread, monkeypatch):
    monkeypatch.setattr(sys, "stdout", unread)
    with pytest.raises(SystemExit) as ended, end_plainly():
        print("a broken chain")
        raise EndingError("1 link is broken")
    unread.flush()  # as Python does at its end
    assert (ended.value.code, capfd.readouterr().err) == (141, "")


def test_a_step_goes_on_though_nobody_reads_what_it_says(unread, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "stderr", unread)
    StepLog(tmp_path / "log", "count_codes").close("1 codings", "1 codes")
    unread.flush()
    assert (tmp_path / "log").read_text() == "1 coding in, 1 code out\n"


def test_a_command_whose_output_the_shell_has_closed_ends_as_ever(here):
    write_study(here)
    command = ["sh", "-c", 'exec "$0" "$@" >&-', *list_graylit("check")]
    ended = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False, cwd=here)
    assert (ended.returncode, ended.stderr) == (0, "")


def start_review(folder, *arguments):
    command = list_graylit("-C", folder, "review", "--cores", 1, *arguments)
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command,
        stdout=pipe,
        stderr=pipe,
        text=True,
        start_new_session=True,
        env=clean_environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests that run in the background ignore it
    )


def wait_for_run(process, moment, folder):
    """Wait until Snakemake starts, plans the run, or starts a step, or until the first step has ended."""
    if moment == "step ended":
        process.stderr.readline()
        return
    reached = {
        "start": lambda: len(psutil.Process(process.pid).children(recursive=True)) >= 1,
        "plan": lambda: (folder / RUN).exists(),
        "step": lambda: len(psutil.Process(process.pid).children(recursive=True)) >= 2,
    }[moment]
    while not reached():
        with contextlib.suppress(subprocess.TimeoutExpired):  # it runs on, while this process takes none of its time
            pytest.fail(f"ended with {process.wait(0.01)}")


def list_at_work(folder):
    """Return the command lines of the processes that work in a folder or name it."""
    lines = []
    for other in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            line = " ".join(other.cmdline())
            if str(folder) in line or other.cwd() == str(folder):
                lines.append(line)
    return lines


def test_an_interrupted_run_ends_with_one_line_and_nothing_left_and_goes_on_later(mini):
    for moment in ("start", "plan", "step", "step ended"):
        process = start_review(mini)  # the whole review, which cannot end before it is interrupted
        wait_for_run(process, moment, mini)
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=120)[1]
        assert process.returncode == 130, said
        assert said.splitlines()[-1] == "Stopped. Run the same command again: it goes on from here."
        assert "Traceback" not in said and "KeyboardInterrupt" not in said and "Error" not in said, said
        assert list_at_work(mini) == []
    process = start_review(mini, "--until", "segments")
    said = process.communicate(timeout=120)[1]
    assert process.returncode == 0, said


def test_a_study_without_git_is_compared_with_no_revision(here):
    write_study(here)
    ended = call_graylit("compare", "HEAD")
    assert ended.returncode == 2 and "is neither a folder nor a git revision here" in ended.stderr


# make -----------------------------------------------------------------------------------------------------------


def run_make(*arguments):
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(command, cwd=cli.HOUSE, capture_output=True, text=True, check=False)


def test_make_adds_nothing_to_what_the_check_says(here):
    write_study(here / "it's")
    (here / "it's/config/sources.csv").write_text("source_id\nS1\n")
    ended = run_make("check", f"STUDY={here}/it's")
    assert ended.returncode == 1
    assert "nothing was run" in ended.stderr and "***" not in ended.stderr


def test_make_takes_a_study_whatever_its_folder_is_called(here):
    folder = write_study(here / """it's "so" $b $(shell date) `date` \\ # % ( * [ & ; | {x}\nz""")
    ended = run_make("check", f"STUDY={folder}")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("no faults: 3 sources")


def test_a_benchmark_on_a_fresh_clone_has_a_folder_for_its_figures(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "HOUSE", tmp_path)
    bench.run_python("-c", "open('results/bench/x.csv', 'w').close()")
    assert (tmp_path / "results/bench/x.csv").exists()


def test_make_install_links_the_command_and_says_how_to_find_it(here):
    ended = run_make("install", f"PREFIX={here}/own")
    assert ended.returncode == 0, ended.stderr
    assert f"{here}/own/bin is not on your PATH" in ended.stdout
    shown = subprocess.run([here / "own/bin/graylit", "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("graylit ")
