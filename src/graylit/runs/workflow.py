"""Runs of the workflow: Snakemake in a process of its own, in the folder of a study."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psutil

from graylit.runs.endings import FAULTY, INTERRUPTED, EndingError
from graylit.runs.places import SNAKEFILE

# What the shell may have set for other projects must not reach the steps.
UNSET = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX")
STOP = signal.SIGUSR1  # what the Snakefile takes for Ctrl+C; until it is read, this ends Snakemake without a word
REFUSED = 4  # Snakemake's exit code if the Snakefile ran nothing and said why; its own are 0, 1 and 2
CHECK_S = 0.1  # how often an interrupted run is looked at until it has ended; chosen, not measured
DEFAULT_PROFILE = "default"
Choice = bool | int | str | list[str]


@dataclass(frozen=True)
class Machine:
    """How the workflow runs on this machine or on a cluster; nothing of it changes a result."""

    cores: str = "all"
    profile: str = DEFAULT_PROFILE
    is_loud: bool = False


def clean_environment() -> dict[str, str]:
    """Return the environment of a run: hashes in one order, and nothing of other projects."""
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    return kept | {"PYTHONHASHSEED": "0"}


def list_command(folder: Path, targets: Iterable[str], machine: Machine, *more: str) -> list[str]:
    """Return the command that makes targets of the study in a folder."""
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(SNAKEFILE), *list_settings(machine)]
    return [*command, f"--directory={folder}", *targets, *more]  # a name may begin with a dash


def list_settings(machine: Machine) -> list[str]:
    """Return how Snakemake is told of a machine: a cluster by its profile, this one by what its profile says.

    Snakemake names every profile it is given before it can be told to be quiet.
    """
    profile = SNAKEFILE.parent / "profiles" / machine.profile
    quiet = ["--quiet", "host"] if machine.is_loud else []
    if machine.profile != DEFAULT_PROFILE:
        return ["--workflow-profile", str(profile), *quiet]
    said = read_profile(profile / "config.yaml")
    return ["--workflow-profile", "none", *said, "--cores", machine.cores, *quiet]


def read_profile(path: Path) -> list[str]:
    """Return the options that a profile stands for."""
    import yaml  # only a run needs it

    said: dict[str, bool | str | list[str]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    options: list[str] = []
    for name, value in said.items():
        if value is not False:
            words = [] if value is True else value if isinstance(value, list) else [str(value)]
            options += [f"--{name}", *words]
    return options


def list_choices(choices: Mapping[str, Choice]) -> list[str]:
    """Return choices as Snakemake takes them; it reads lists as YAML, and other words as they are."""
    written = {
        name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)
        for name, value in choices.items()
    }
    return ["--config", *(f"{name}={value}" for name, value in written.items())]


def run_workflow(folder: Path, targets: Iterable[str], machine: Machine, *more: str, **choices: Choice) -> None:
    """Make targets of the study in a folder; the steps say how it goes. Raises EndingError if one fails."""
    command = list_command(folder, targets, machine, *more, *list_choices(choices))
    code = wait_for(command)
    if code == INTERRUPTED:
        raise EndingError("\nStopped. Run the same command again: it goes on from here.", INTERRUPTED)
    if code == REFUSED:
        raise EndingError("", FAULTY)
    if code:
        raise EndingError(describe_stop(folder), code)


def wait_for(command: list[str]) -> int:
    """Run a command to its end; return 0 if all is well, 1 if not, 4 if it ran nothing, 130 if it was interrupted.

    The command and its steps do not hear Ctrl+C, which each of them would answer with a traceback: we end them.
    """
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # the command and its steps inherit it
    before = signal.getsignal(signal.SIGINT)
    with subprocess.Popen(command, env=clean_environment()) as process:
        try:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            code = process.wait()
            return code if code == REFUSED else min(abs(code), 1)
        except KeyboardInterrupt:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            end_run(process)
            return INTERRUPTED
        finally:
            signal.signal(signal.SIGINT, before)


def end_quietly(_number: int, _frame: FrameType | None) -> NoReturn:
    """End Snakemake at STOP, wherever it is; the scheduler cancels its jobs on the way.

    What it says from now on reaches nobody, since it answers most interruptions with a traceback or an error.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    sys.exit(INTERRUPTED)


def refuse_run(reason: object) -> NoReturn:
    """End Snakemake while it reads the Snakefile: nothing is run, for a reason that its user is told."""
    print(reason, file=sys.stderr)
    sys.exit(REFUSED)


def end_run(process: subprocess.Popen[bytes]) -> None:
    """End Snakemake and its steps, and wait until none of them is left."""
    steps: set[psutil.Process] = set()
    process.send_signal(STOP)
    while process.poll() is None or any(step.is_running() for step in steps):
        with contextlib.suppress(psutil.NoSuchProcess):
            steps.update(psutil.Process(process.pid).children(recursive=True))
        for step in steps:
            with contextlib.suppress(psutil.NoSuchProcess):
                step.terminate()
        steps = set(psutil.wait_procs(steps, timeout=CHECK_S)[1])
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=CHECK_S)


def describe_stop(folder: Path) -> str:
    """Return what is said after a run that stopped."""
    logs = folder / "results/logs"
    where = f" What the steps said is in {logs}." if logs.is_dir() else ""
    return f"Stopped.{where} With --loud Snakemake says more."


def collect_archives(folder: Path, archives: list[str], machine: Machine) -> None:
    """Capture the sources without a text from archives, without asking the web; nothing to do without archives."""
    if archives:
        run_workflow(folder, ["collect"], machine, collect=True, live=False, archives=archives, refresh="")
