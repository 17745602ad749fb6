"""Replay the review of this package and say whether it gives the published tables: `python3 replay.py`.

It needs Linux or macOS, Python 3.11, 3.12 or 3.13, and pypi.org for the first run; no make, no git, no captures. It
writes into this folder only. `--into FOLDER` works in a copy, `--as-is` goes on though files were changed.

The file stands alone, and older versions of Python can read it, so that they can say what is needed.
"""

import argparse
import contextlib
import csv
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

SUMS = "SHA256SUMS"
PYTHONS = ((3, 11), (3, 12), (3, 13))
VENV, STAMP, LOCK = ".venv", ".venv/.replays", ".replay.lock"
RELEASED, MADE, RECORD = "data/frozen/released.csv", "data/processed", "results/replays.csv"
COLUMNS = ("replayed_at", "package", "python", "machine", "set_up_s", "review_s", "n_tables", "n_same", "exit_code")
BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")
SPOKEN: dict = {}
SILENT: dict = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
N_SHOWN = 10
# What a shell may have set for other projects must not reach this one.
FOREIGN = {"VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "CONDA_PREFIX", "PYTHONDONTWRITEBYTECODE", "PIP_TARGET",
           "PIP_PREFIX", "PIP_USER", "UV_PROJECT_ENVIRONMENT", "UV_PYTHON"}  # fmt: skip
OFFLINE = """
The set-up failed. It downloads the packages that uv.lock names, about 200 MB, from pypi.org and files.pythonhosted.org,
and needs no other network; a proxy is taken from HTTPS_PROXY. Once it is through, replays need no network at all.
The same command goes on from here."""
NOT_AS_PACKED = """Not as packed: {} of {} files. Unzip the package anew, into an empty folder.
If you changed them on purpose, to see what changes, run: python3 replay.py --as-is"""
NO_PYTHON = """This package needs Python 3.11, 3.12 or 3.13. This is {}, and none of those is on the path.
Install one of them and run: python3.12 replay.py
With uv, which fetches a Python of its own, run: uv run --no-project --python 3.12 replay.py"""
NO_VENV = "{} makes no virtual environments, and uv is not on the path. On Debian or Ubuntu: apt install python3-venv"
NO_PLACE = "{} cannot be written in ({}). Name a new folder to work in: python3 replay.py --into FOLDER"


def read_sums(folder: Path) -> dict:
    """Return the digest of each packed file by path."""
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    return {line[66:]: line[:64] for line in lines}


def digest(path: Path) -> str:
    """Return the SHA-256 digest of a file; '' if it is missing."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def find_changed(folder: Path, sums: dict) -> list:
    """Return what became of the packed files that are not as they were packed, a line each."""
    changed = [(file, digest(folder / file)) for file in sorted(sums) if digest(folder / file) != sums[file]]
    return [f"{file}: {'has other bytes than were packed' if found else 'is missing'}" for file, found in changed]


def require_unchanged(folder: Path, is_as_is: bool) -> str:
    """Return the digest that names the package, once its files are as they were packed."""
    if not (folder / SUMS).is_file():
        sys.exit(f"{folder} has no {SUMS}, so it is not a whole package; unzip it anew")
    sums = read_sums(folder)
    changed = find_changed(folder, sums)
    for line in [*changed[:N_SHOWN], *([f"and {len(changed) - N_SHOWN} more"] if changed[N_SHOWN:] else [])]:
        print(f"  {line}")
    if changed and not is_as_is:
        sys.exit(NOT_AS_PACKED.format(len(changed), len(sums)))
    print(f"1 Files: {len(sums) - len(changed):,} of {len(sums):,} are as they were packed ({SUMS}).", flush=True)
    named = [line for line in (folder / SUMS).read_bytes().splitlines(keepends=True) if b"  BADGES.md" not in line]
    return hashlib.sha256(b"".join(named)).hexdigest()  # without the page that tells of replays


def find_python() -> str:
    """Return a Python that Graylit runs on: this one, or another on the path."""
    if sys.version_info[:2] in PYTHONS:
        return sys.executable
    for major, minor in reversed(PYTHONS):
        path = shutil.which(f"python{major}.{minor}")
        # What stands on the path may be a link that leads to no such version, as those of pyenv do.
        if path and subprocess.run([path, "-c", "import venv"], check=False, **SILENT).returncode == 0:
            return path
    return sys.exit(NO_PYTHON.format(platform.python_version()))


def run(command: list, folder: Path, streams: dict = SPOKEN) -> int:
    """Run a command in a folder, with nothing of other projects; return its exit code."""
    return subprocess.run(command, cwd=str(folder), env=make_environment(folder), check=False, **streams).returncode


def make_environment(folder: Path) -> dict:
    """Return the environment of what is run: nothing of other projects, and caches inside the folder."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    caches = {"XDG_CACHE_HOME": str(folder / VENV / "caches"), "UV_NO_CACHE": "1", "PIP_NO_CACHE_DIR": "1"}
    # uv brings its own certificates; those of the machine know what stands between many networks and the world, too.
    trusted = {"UV_SYSTEM_CERTS": "1"} if any(map(os.path.exists, BUNDLES)) else {}
    path = os.pathsep.join([kept.get("PATH", ""), os.defpath])  # steps are started by a shell
    return {**caches, **trusted, **kept, "PATH": path, "PYTHONHASHSEED": "0", "UV_PYTHON_DOWNLOADS": "never"}


@contextlib.contextmanager
def hold_folder(folder: Path) -> Iterator:
    """Keep a second replay out of the folder, which ends if it cannot be written in; the lock ends with the process."""
    import fcntl  # not on Windows, which is refused before

    try:
        lock = (folder / LOCK).open("w")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"Another process replays in {folder} just now; wait until it has ended")
    except OSError as error:
        sys.exit(NO_PLACE.format(folder, error.strerror))
    with lock:
        yield


def pin_uv(lock: str) -> str:
    """Return the requirement of uv with its digests, as pip reads it, from the text of uv.lock."""
    part = next(part for part in lock.split("[[package]]\n") if part.startswith('name = "uv"\n'))
    versions, digests = (re.findall(pattern, part) for pattern in ('\nversion = "(.*)"', 'hash = "(sha256:[0-9a-f]+)"'))
    return " ".join([f"uv=={versions[0]}", *(f"--hash={one}" for one in digests)])


def set_up(folder: Path, python: str) -> float:
    """Build the environment in .venv from uv.lock, unless it is there; return the seconds that it took."""
    stamp, start = folder / STAMP, time.monotonic()
    # An environment holds for its place and its packages only.
    made_for = f"{folder}\n{digest(folder / 'uv.lock')}\n"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == made_for:
        print("2 Set-up: done before, in .venv.", flush=True)
        return 0.0
    print("2 Set-up: the packages of uv.lock into .venv, once, about a minute ...", flush=True)
    shutil.rmtree(str(folder / VENV), ignore_errors=True)
    sync = [*make_venv(folder, python), "sync", "--frozen", "--no-dev", "--inexact", "--compile-bytecode", "--quiet"]
    if run(sync, folder):
        sys.exit(OFFLINE)
    stamp.write_text(made_for, encoding="utf-8")
    return time.monotonic() - start


def make_venv(folder: Path, python: str) -> list:
    """Make an empty environment; return the command of uv: the version of uv.lock, or that on the path."""
    own = str(folder / VENV / "bin/python")
    if run([python, "-m", "venv", VENV], folder, SILENT) == 0:
        pip = [own, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps", "--retries", "2"]
        pinned = pin_uv((folder / "uv.lock").read_text(encoding="utf-8")).encode("utf-8")
        if run([*pip, "--require-hashes", "-r", "/dev/stdin"], folder, {"input": pinned}):
            sys.exit(OFFLINE)
        return [own, "-m", "uv"]
    uv = shutil.which("uv")
    if not uv:
        sys.exit(NO_VENV.format(python))
    shutil.rmtree(str(folder / VENV), ignore_errors=True)
    if run([uv, "venv", "--quiet", "--python", python, VENV], folder):
        sys.exit(OFFLINE)
    return [uv]


def review(folder: Path) -> tuple:
    """Run the review from the frozen corpus; return its exit code and the seconds that it took."""
    print("3 Review: from the frozen corpus, without captures and without a network ...", flush=True)
    start = time.monotonic()
    program = "import sys; from graylit.cli import main; sys.argv[0] = 'graylit'; main()"
    return run([str(folder / VENV / "bin/python"), "-c", program, "review"], folder), time.monotonic() - start


def compare_tables(folder: Path) -> tuple:
    """Return how many tables were released, and the names of those that the review made otherwise, by their bytes."""
    lines = (folder / RELEASED).read_text(encoding="utf-8").splitlines() if (folder / RELEASED).exists() else []
    released = {row["name"]: row["value"] for row in csv.DictReader(lines) if row["kind"] == "table"}
    differing = [name for name in sorted(released) if digest(folder / MADE / f"{name}.csv") != released[name]]
    return len(released), differing


def record_replay(folder: Path, measured: list) -> None:
    """Add what was measured to the record of replays in this folder."""
    with (folder / RECORD).open("a", encoding="utf-8", newline="") as lines:
        table = csv.writer(lines, lineterminator="\n")
        if not lines.tell():
            table.writerow(COLUMNS)
        table.writerow([time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), *measured])


def conclude(n_tables: int, differing: list, exit_code: int) -> tuple:
    """Return the exit code of the replay and the line that gives its verdict."""
    if exit_code not in (0, 3):
        return exit_code, "VERDICT: NONE. The review did not end; what it said last says why."
    if not n_tables:
        return exit_code, "VERDICT: NONE. No tables were released with this study to hold it against."
    if differing or exit_code:
        named = ", ".join(differing[:N_SHOWN]) or "see above"
        return 3, f"VERDICT: DIFFERENT. {len(differing)} of {n_tables} released tables differ: {named}"
    return 0, f"VERDICT: SAME. All {n_tables} released tables were made again, byte for byte ({RELEASED})."


def replay(folder: Path, is_as_is: bool) -> int:
    """Replay the package in a folder; return 0 if it gives the released tables, 3 if it gives others."""
    package = require_unchanged(folder, is_as_is)
    python = find_python()
    with hold_folder(folder):
        set_up_s = set_up(folder, python)
        ended, review_s = review(folder)
        python = next((folder / VENV / "lib").glob("python*")).name
        n_tables, differing = compare_tables(folder)
        exit_code, verdict = conclude(n_tables, differing, ended)
        measured = package, python, platform.platform(), round(set_up_s), round(review_s)
        record_replay(folder, [*measured, n_tables, n_tables - len(differing), exit_code])
    print(f"\n{verdict}")
    minutes, parts = (set_up_s + review_s) / 60, f"set-up {set_up_s / 60:.1f}, review {review_s / 60:.1f}"
    print(f"Minutes: {minutes:.1f} ({parts}); noted in {RECORD}. To read on, open results/report.html")
    return exit_code


def copy_package(folder: Path, target: Path) -> None:
    """Copy the packed files to a new folder, or to one that has the same package already."""
    if target.exists() and any(target.iterdir()):
        if not (target / SUMS).is_file() or (target / SUMS).read_bytes() != (folder / SUMS).read_bytes():
            sys.exit(f"{target} is not empty and holds another thing than this package; name a new folder")
        return
    for file in [*read_sums(folder), SUMS]:
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        if (folder / file).is_file():  # what is missing is told as missing
            shutil.copyfile(str(folder / file), str(target / file))


def main() -> None:
    """Replay the package that this file lies in."""
    parser = argparse.ArgumentParser(description="Replay this package; exit code 0: the same tables, 3: others.")
    parser.add_argument("--into", metavar="FOLDER", type=Path, help="work in a copy there, as from a read-only folder")
    parser.add_argument("--as-is", action="store_true", help="go on though packed files were changed on purpose")
    asked = parser.parse_args()
    if os.name != "posix":
        sys.exit("This package is replayed on Linux or macOS; on Windows, in WSL (Windows Subsystem for Linux)")
    folder = Path(__file__).resolve().parent
    try:
        if asked.into:
            copy_package(folder, asked.into)
            folder = asked.into.resolve()
        sys.exit(replay(folder, asked.as_is))
    except KeyboardInterrupt:
        sys.exit("\nBroken off. The same command goes on from here.")
