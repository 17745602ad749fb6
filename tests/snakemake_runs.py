"""Runs of Snakemake, and their steps, in processes of their own that share one import of what they need.

The imports take longer than most runs, and than nearly all steps of small studies. Run as a script, it waits for what
to run: each line of its input is a run, each line of its output an exit code. The steps of a run are forks of a second
process, which waits at a socket. Tests of the command itself start it as people do.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import importlib
import json
import os
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from snakemake.script import ScriptBase

FIXED = ("PYTHONHASHSEED", "PYTHONPATH", "PYTHONUTF8")  # what a running Python cannot take over any more
STEPS = ""  # the address at which steps are asked for
LIMIT_S = 600  # against hanging only: a busy machine takes its time


@functools.cache
def start_server() -> subprocess.Popen[str]:
    """Return the process that is forked for each run of this process of the tests."""
    pipe = subprocess.PIPE
    server = subprocess.Popen([sys.executable, __file__], stdin=pipe, stdout=pipe, text=True)
    atexit.register(server.communicate)  # which closes its input, and so ends it
    return server


def run_forked(arguments: list[str], cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run Snakemake with arguments in a folder; return how it ended and what it said."""
    server = start_server()
    with tempfile.TemporaryDirectory() as folder:
        said = [Path(folder) / name for name in ("stdout", "stderr")]
        asked = {"arguments": arguments, "cwd": str(cwd), "env": env, "said": [str(path) for path in said]}
        print(json.dumps(asked), file=server.stdin, flush=True)
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess(arguments, code, *(path.read_text(encoding="utf-8") for path in said))


def become(cwd: str, env: dict[str, str], files: list[int], arguments: list[str]) -> None:
    """Make this process one that was started in a folder with an environment, its input and output led to files."""
    for number, file in enumerate(files):
        os.dup2(file, number)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = arguments


def load_libraries() -> None:
    """Import what each run needs: Snakemake with its plugins, and what the Snakefile names."""
    for name in ("graylit.comparison.release", "graylit.study.checking", "jsonschema", "pandas", "snakemake.cli"):
        importlib.import_module(name)
    sys.modules["snakemake.cli"].get_argument_parser()


def serve_runs() -> None:
    """Fork for each line of the input; a fork runs Snakemake and ends with it."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run_snakemake_here(**json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def run_snakemake_here(arguments: list[str], cwd: str, env: dict[str, str], said: list[str]) -> NoReturn:
    """Become a run of Snakemake, whose steps are forks as long as they need no other Python than this one."""
    files = [os.open(path, os.O_RDWR | os.O_CREAT) for path in (os.devnull, *said)]
    if all(env.get(name) == os.environ.get(name) for name in FIXED):
        sys.modules["snakemake.script"].PythonScript.execute_script = ask_for_step
    become(cwd, env, files, ["snakemake", *arguments])
    signal.alarm(LIMIT_S)
    end_with(lambda: sys.exit(sys.modules["snakemake.cli"].main()))


def end_with(work: Callable[[], object]) -> NoReturn:
    """Do the work of this process and end it as Python does, but without taking apart what it shares with others."""
    try:
        work()
    finally:
        kind, error, trace = sys.exc_info()
        said = error.code if isinstance(error, SystemExit) else None
        if isinstance(said, str):
            print(said, file=sys.stderr)
        if kind and not isinstance(error, SystemExit):
            sys.excepthook(kind, error, trace)
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        is_failed = isinstance(said, str) or not isinstance(error, SystemExit | None)
        os._exit(said if isinstance(said, int) else int(is_failed))


def ask_for_step(step: ScriptBase, script: str, edit: bool = False) -> None:
    """Run the script of a step as `PythonScript.execute_script` of Snakemake does, but in a fork."""
    benchmarked = sys.modules["snakemake.benchmark"].benchmarked
    asked = json.dumps({"script": script, "cwd": str(Path.cwd()), "env": dict(os.environ)}).encode()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(STEPS)
        socket.send_fds(line, [len(asked).to_bytes(8)], [0, 1, 2])
        line.sendall(asked)
        number = int.from_bytes(line.recv(8))
        with benchmarked(number, step.bench_record) if step.bench_record else contextlib.nullcontext():
            code = int(line.recv(16) or -signal.SIGKILL)
    if code:
        raise subprocess.CalledProcessError(code, [sys.executable, script])


def serve_steps(listening: socket.socket, server: int) -> NoReturn:
    """Fork for each step that a run asks for, until the server has ended."""
    for name in ("lxml.html", "scipy.sparse", "sklearn.feature_extraction.text"):
        importlib.import_module(name)
    gc.freeze()  # else each fork's first collection would copy all that is shared
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listening.settimeout(1)
    while os.getppid() == server:
        with contextlib.suppress(TimeoutError):
            line = listening.accept()[0]
            if os.fork() == 0:
                answer_step(line)
            line.close()
    os._exit(0)


def answer_step(line: socket.socket) -> NoReturn:
    """Run the step that a message asks for, and answer with its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    line.setblocking(True)
    size, files = socket.recv_fds(line, 8, 3)[:2]
    with line.makefile("rb") as message:
        asked = json.loads(message.read(int.from_bytes(size)))
    child = os.fork()
    if child == 0:
        line.close()
        become(asked["cwd"], asked["env"], files, [asked["script"]])
        end_with(lambda: runpy.run_path(asked["script"], run_name="__main__"))
    line.sendall(child.to_bytes(8))
    end = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    line.sendall(str(end.si_status if end.si_code == os.CLD_EXITED else -end.si_status).encode())
    line.recv(1)  # the process is there until the run has measured it
    os._exit(0)


def serve() -> None:
    """Serve runs and steps until the input ends."""
    global STEPS
    load_libraries()
    server, folder = os.getpid(), tempfile.mkdtemp()
    STEPS = f"{folder}/steps"
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(STEPS)
        listening.listen()
        if os.fork() == 0:
            serve_steps(listening, server)
    gc.freeze()
    serve_runs()
    shutil.rmtree(folder)  # not by a context, which every fork would leave at its end


if __name__ == "__main__":
    serve()
