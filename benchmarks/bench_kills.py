"""Kill runs at random moments, each kind of process, and compare what the next run makes with an unkilled run.

`collect`, `review`, `freeze` and `export` of the mini study, and the desk while it saves decisions. Of each killed run
one process is killed with SIGKILL, or all at once; the one that takes the run's place starts at once, so that a step
that outlived its run meets the next one. Processes that were not killed may live on.
"""

import argparse
import csv
import hashlib
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from desk_kills import kill_desk
from figures import Figure, list_graylit, start_afresh, write_figures
from graylit.tables.rows import Cells

MINI = Path("tests/mini")
ARCHIVE = str(next(MINI.glob("data/raw/*.warc.gz")).resolve())
CODER_TABLE = "config/coding/codings/A.csv"
MADE = ("data/processed", "data/frozen", "results", "config")
# When and where a page was stored differs from run to run; so does what tells how a run went.
OF_THE_RUN = ("capture_id", "run", "attempted_at", "warc_file", "warc_offset")
KINDS = ("graylit", "snakemake", "step", "all")
LIMIT_S = 900
IS_HELD = "wait until it has ended"  # what a run says that meets another


@dataclass(frozen=True)
class Job:
    """A command whose runs are killed: how its study is laid out, and its arguments."""

    lay_out: Callable[[Path, Path], None]
    arguments: tuple[str, ...]


def copy_from(name: str) -> Callable[[Path, Path], None]:
    """Return what lays out a study like one of the bases."""
    return lambda bases, folder: shutil.copytree(bases / name, folder, symlinks=True) and None


def change_codings(name: str) -> Callable[[Path, Path], None]:
    """Return what lays out a study like one of the bases, with a coding taken away."""

    def lay_out(bases: Path, folder: Path) -> None:
        shutil.copytree(bases / name, folder, symlinks=True)
        path = folder / CODER_TABLE
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join([*lines[:-3], *lines[-2:]]), encoding="utf-8")
        subprocess.run(list_graylit("-C", folder, "check", "--accept"), check=True, capture_output=True)

    return lay_out


JOBS = {
    "collect": Job(copy_from("config"), ("collect", "--no-live", "--archive", ARCHIVE)),
    "review": Job(copy_from("collected"), ("review",)),
    "review of changed codings": Job(change_codings("reviewed"), ("review",)),
    "freeze": Job(copy_from("reviewed"), ("freeze",)),
    "freeze anew": Job(change_codings("frozen"), ("freeze",)),
    "export": Job(copy_from("frozen"), ("export",)),
}


def lay_out_bases(bases: Path) -> None:
    """Make the studies that jobs start from."""
    shutil.copytree(MINI / "config", bases / "config/config")
    for name, before in (("collected", None), ("reviewed", ("review",)), ("frozen", ("freeze",))):
        if before is None:
            shutil.copytree(MINI / "config", bases / name / "config")
            shutil.copytree(MINI / "data/raw", bases / name / "data/raw")
        else:
            shutil.copytree(bases / {"reviewed": "collected", "frozen": "reviewed"}[name], bases / name, symlinks=True)
            subprocess.run(list_graylit("-C", bases / name, *before), check=True, capture_output=True)


def digest_study(folder: Path) -> dict[str, str]:
    """Return the digest of every file of a study that says what was found, and one of its captures."""
    digests = {}
    for path in sorted(path for part in MADE for path in (folder / part).rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if not name.startswith("results/logs/"):
            digests[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    captures = folder / "data/raw/captures.csv"
    if captures.exists():
        with captures.open(encoding="utf-8", newline="") as lines:
            last = {
                row["url"]: row for row in csv.DictReader(lines)
            }  # a second run asks again for what was not to be had
        rows = [{name: cell for name, cell in row.items() if name not in OF_THE_RUN} for row in last.values()]
        digests["captures"] = json.dumps(sorted(rows, key=lambda row: row["url"]))
    return digests


def tell_kind(process: psutil.Process) -> str:
    """Return what a process of a run is: the command, Snakemake, or a step."""
    words = " ".join(process.cmdline())
    if ".snakemake/scripts" in words or "--mode" in words:
        return "step"
    return "snakemake" if "snakemake" in words else "graylit"


def kill_process(run: psutil.Popen, kind: str, moments: random.Random) -> str:
    """Kill a process of a kind, or all of the run; return what was killed."""
    with suppress(psutil.Error):
        processes = [run, *run.children(recursive=True)]
        fitting = [process for process in processes if kind == "all" or tell_kind(process) == kind]
        chosen = fitting if kind == "all" else [moments.choice(fitting)] if fitting else processes
        for process in chosen:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        return kind if fitting else "all"
    return "none"


def run_job(folder: Path, arguments: tuple[str, ...]) -> tuple[int, str]:
    """Run a command; return how it ended, and the end of what it said."""
    command = list_graylit("-C", folder, *arguments)
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT_S)
    return ended.returncode, ended.stderr[-300:]


def measure_runs(work: Path, bases: Path) -> tuple[dict[str, dict[str, str]], dict[str, float]]:
    """Return the digests of each job's study after a run that nobody killed, and the seconds it took."""
    digests, seconds = {}, {}
    for name, job in JOBS.items():
        folder = work / "unkilled"
        job.lay_out(bases, folder)
        began = time.monotonic()
        code, said = run_job(folder, job.arguments)
        seconds[name] = time.monotonic() - began
        if code:
            raise RuntimeError(f"{name} ended with {code}: {said}")
        digests[name] = digest_study(folder)
        shutil.rmtree(folder)
    return digests, seconds


def kill_run(folder: Path, job: Job, kind: str, after: float, moments: random.Random) -> tuple[str, list]:
    """Start a job, kill a process of it after some seconds; return what was killed, and which processes live on."""
    command = list_graylit("-C", folder, *job.arguments)
    with (folder.parent / "killed.log").open("w") as output:
        run = psutil.Popen(command, stdout=output, stderr=output, start_new_session=True)
    with suppress(psutil.TimeoutExpired):
        run.wait(after)
    with suppress(psutil.NoSuchProcess):
        processes = [run, *run.children(recursive=True)]
        return kill_process(run, kind, moments), processes
    return "none", [run]


def list_differences(folder: Path, expected: dict[str, str]) -> list[str]:
    """Return the names of files that are not as after an unkilled run."""
    return sorted({name for name, _ in digest_study(folder).items() ^ expected.items()})


def try_job(number: int, name: str, work: Path, bases: Path, expected: dict[str, str], seconds: float) -> Cells:
    """Kill a run of a job, run it again at once and, when nothing lives on, once more; return what was seen."""
    moments, folder, job = random.Random(number), work / "killed", JOBS[name]
    shutil.rmtree(folder, ignore_errors=True)
    job.lay_out(bases, folder)
    kind, after = KINDS[number % len(KINDS)], moments.uniform(0, 0.9 * seconds)
    killed, processes = kill_run(folder, job, kind, after, moments)
    code, said = run_job(folder, job.arguments)
    _, alive = psutil.wait_procs(processes, timeout=LIMIT_S)
    if code and IS_HELD in said:  # the command was killed, and its run lives on: it is met, and waited for
        code, said = run_job(folder, job.arguments)
    differing = list_differences(folder, expected)
    again, _ = run_job(folder, job.arguments)
    differing += [] if again else list_differences(folder, expected)
    print(
        f"{number} {name}: {killed} killed after {after:.1f} s; {code}, {len(alive)} alive, {differing} {said}",
        flush=True,
    )
    return {"killed": killed, "ended": str(code or again), "differing": " ".join(differing)}


def main(n_kills: int, work: Path) -> bool:
    """Kill as many runs as asked, in turn of each job; return whether each was followed by what was expected."""
    start_afresh(work)
    bases = work / "bases"
    lay_out_bases(bases)
    expected, seconds = measure_runs(work, bases)
    names, rows = [*JOBS, "desk"], []
    for number in range(n_kills):
        name = names[number % len(names)]
        row = kill_desk(number, work) if name == "desk" else try_job(
            number, name, work, bases, expected[name], seconds[name]
        )  # fmt: skip
        rows.append({"job": name, **row})
    n_of = {kind: sum(row["killed"] == kind for row in rows) for kind in (*KINDS, "desk")}
    return write_figures(
        "kills",
        [
            *(Figure(f"killed_{kind}", n_of[kind], "runs") for kind in n_of),
            Figure("ended_in_error", sum(row["ended"] != "0" for row in rows), "runs", "<= 0"),
            Figure("differing", sum(bool(row["differing"]) for row in rows), "runs", "<= 0"),
        ],
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=42, help="runs to kill (42)")
    parser.add_argument("--work", type=Path, default=Path("results/bench/kills"), help="folder for the studies")
    asked = parser.parse_args()
    sys.exit(0 if main(asked.kills, asked.work.resolve()) else 1)
