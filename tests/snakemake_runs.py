"""Runs of Snakemake in processes of their own that share one import of it, which takes longer than most runs.

Run as a script, it waits for what to run: each line of its input is a run, each line of its output an exit code.
"""

import atexit
import functools
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

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


def become_run(arguments: list[str], cwd: str, env: dict[str, str], said: list[str]) -> None:
    """Make this process one that was started in a folder with an environment, its output led to files."""
    for number, path in enumerate([os.devnull, *said]):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["snakemake", *arguments]
    signal.alarm(LIMIT_S)


def load_libraries() -> None:
    """Import what each run needs: Snakemake with its plugins, and what the Snakefile names."""
    for name in ("graylit.comparison.release", "graylit.study.checking", "jsonschema", "pandas", "snakemake.cli"):
        importlib.import_module(name)
    sys.modules["snakemake.cli"].get_argument_parser()


def serve() -> None:
    """Fork for each line of the input; a fork runs Snakemake and ends with it."""
    load_libraries()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become_run(**json.loads(line))
            sys.exit(sys.modules["snakemake.cli"].main())
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()
