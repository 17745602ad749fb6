"""The review on a real Slurm of one node (`make test-slurm`): the same tables as here, also after a job was killed.

Logs and digests of all tables are kept in results/bench/slurm. The pages are those of CORPUS, an archive.
"""

import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from archives import REPOSITORY
from conftest import CORES, clean_environment, collect_archived, list_command

ARCHIVE = Path(os.environ.get("CORPUS") or REPOSITORY / "../shared/corpus").resolve() / "mirror.warc.gz"
KEPT = REPOSITORY / "results/bench/slurm"
SCRIPT = Path(__file__).with_name("cluster.sh")
# A cluster of a minute: no accounting to ask, and no point in waiting long between questions.
HERE = ["--slurm-no-account", "--slurm-status-command", "squeue", "--jobs", "4"]
HERE += ["--slurm-init-seconds-before-status-checks", "2", "--seconds-between-status-checks", "2"]


def digest_tables(folder: Path) -> dict[str, str]:
    """Return the digest of each made file below data/processed, by its path there."""
    files = sorted(path for path in (folder / "data/processed").rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def keep_digests(name: str, digests: dict[str, str]) -> dict[str, str]:
    """Write digests as sha256sum does, and return them."""
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name}.sha256").write_text("".join(f"{digest}  {path}\n" for path, digest in digests.items()))
    return digests


class Cluster:
    """A running Slurm, and what is needed to use it."""

    def __init__(self, folder: Path) -> None:
        path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        self.environment = clean_environment(SLURM_CONF=str(folder / "slurm.conf"), PATH=path)

    def ask(self, *command: str) -> str:
        """Return what a command of Slurm says."""
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True).stdout

    def review(self, folder: Path, log: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start the review of a folder on the cluster; what it says goes to results/bench/slurm/<log>.log."""
        command = [REPOSITORY / ".venv/bin/python", "-m", "snakemake", "review", "--directory", folder]
        command += ["--workflow-profile", "workflow/profiles/slurm", *HERE, "--config", f"shards={CORES}", *arguments]
        KEPT.mkdir(parents=True, exist_ok=True)
        with (KEPT / f"{log}.log").open("wb") as said:
            return subprocess.Popen(command, cwd=REPOSITORY, env=self.environment, stdout=said, stderr=said)

    def await_running(self, comment: str) -> str:
        """Return the id of the first running job whose comment names a step."""
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline:
            lines = self.ask("squeue", "--noheader", "--states=RUNNING", "--format=%i %k").splitlines()
            if found := [line.split()[0] for line in lines if comment in line]:
                return found[0]
            time.sleep(0.2)
        raise AssertionError(f"no job of {comment} ran within four minutes")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cluster")
    subprocess.run([SCRIPT, "start", folder], check=True)
    yield Cluster(folder)
    subprocess.run([SCRIPT, "stop", folder], check=True)


@pytest.fixture(scope="module")
def captured(tmp_path_factory):
    """Return the study with its captures, nothing else made yet."""
    folder = tmp_path_factory.mktemp("captured") / "study"
    shutil.copytree(REPOSITORY / "config", folder / "config")
    done = collect_archived(folder, ARCHIVE)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def local(captured, tmp_path_factory):
    """Return the digests of the tables that a run on this machine makes."""
    folder = Path(shutil.copytree(captured, tmp_path_factory.mktemp("local") / "study"))
    subprocess.run(list_command(folder, "review"), cwd=REPOSITORY, env=clean_environment(), check=True, timeout=900)
    return keep_digests("local", digest_tables(folder))


@pytest.fixture(scope="module")
def killed(cluster, captured, tmp_path_factory):
    """Return (folder, exit status, state of the job) of a run whose first shard was killed with scancel at work."""
    folder = Path(shutil.copytree(captured, tmp_path_factory.mktemp("slurm") / "study"))
    run = cluster.review(folder, "killed", "--retries", "0")
    job = cluster.await_running("extract_texts")
    cluster.ask("scancel", job)
    status = run.wait(timeout=600)
    return folder, status, cluster.ask("squeue", "--noheader", "--states=all", "--format=%T", f"--jobs={job}").strip()


@pytest.fixture(scope="module")
def rerun(cluster, killed):
    """Return the folder after the same command was given again, with too little memory for the topics at first."""
    folder, _, _ = killed
    run = cluster.review(folder, "rerun", "--set-resources", "fit_topics:mem_mb=40 * attempt ** 5")
    assert run.wait(timeout=900) == 0, (KEPT / "rerun.log").read_text()
    jobs = cluster.ask("squeue", "--noheader", "--states=all", "--format=%i %T %M %C %m %k")
    (KEPT / "jobs.txt").write_text(jobs)
    return folder


def test_a_run_whose_job_is_killed_stops_and_says_so(killed):
    folder, status, state = killed
    assert state == "CANCELLED"
    assert status != 0
    assert not (folder / "results/report.html").exists()


def test_the_rerun_after_a_killed_job_makes_the_same_tables_as_a_local_run(rerun, local):
    assert len(local) > 30
    assert keep_digests("slurm", digest_tables(rerun)) == local


def test_a_job_that_ran_out_of_memory_is_tried_again_with_more(rerun, cluster):
    tried = [line.split() for line in (KEPT / "jobs.txt").read_text().splitlines() if "fit_topics" in line]
    assert [(memory, state) for _, state, _, _, memory, *_ in tried] == [("1280M", "COMPLETED"), ("40M", "FAILED")]


def test_small_steps_go_to_the_cluster_as_one_job(rerun):
    comments = [line.split()[5] for line in (KEPT / "jobs.txt").read_text().splitlines()]
    assert len([one for one in comments if "locate_codings" in one]) == 1
    assert not [one for one in comments if one == "rule_link_evidence"]


@pytest.mark.parametrize("refit", [False, True])
@pytest.mark.parametrize("has_captures", [False, True])
def test_a_study_with_a_frozen_corpus_can_be_planned_in_groups_of_steps(captured, tmp_path, has_captures, refit):
    for part in ("config", "data/frozen"):
        shutil.copytree(REPOSITORY / part, tmp_path / part)
    if has_captures:
        shutil.copytree(captured / "data/raw", tmp_path / "data/raw")
    command = [REPOSITORY / ".venv/bin/python", "-m", "snakemake", "review", "--directory", tmp_path, "--dry-run"]
    command += ["--workflow-profile", "workflow/profiles/slurm", "--config", f"refit={refit}"]
    done = subprocess.run(command, cwd=REPOSITORY, env=clean_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
