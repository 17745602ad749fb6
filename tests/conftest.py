"""What tests share: a copy of the mini study, runs of the workflow, and a site on the loopback interface."""

import csv
import fcntl
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from archives import MINI, REPOSITORY
from loopback import Site, serve_site
from snakemake_runs import run_forked
from tiny_study import write_hostile

pytest_plugins = ("frozen_studies", "published_studies")  # its fixtures serve several rooms

MADE = shutil.ignore_patterns("processed", "results", ".snakemake", ".graylit*", ".git*")
CORES = 2


def copy_mini(folder: Path) -> Path:
    """Copy the mini study, without what a run made of it, to a folder."""
    return Path(shutil.copytree(MINI, folder, ignore=MADE))


def list_arguments(folder: Path, *arguments: str, cores: int = CORES) -> list[str]:
    """Return the arguments of Snakemake for a run of the workflow in a folder."""
    snakefile = REPOSITORY / "workflow" / "Snakefile"
    return ["--snakefile", str(snakefile), "--directory", str(folder), "--cores", str(cores), *arguments]


def list_command(folder: Path, *arguments: str, cores: int = CORES) -> list[str]:
    """Return the command that runs the workflow in a folder."""
    return [sys.executable, "-m", "snakemake", *list_arguments(folder, *arguments, cores=cores)]


def clean_environment(**more: str) -> dict[str, str]:
    """Return the environment without proxies and passwords of whoever runs the tests."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return kept | {"NO_PROXY": "*", "NETRC": os.devnull} | more


def run_snakemake(
    folder: Path, *arguments: str, cores: int = CORES, cwd: Path = REPOSITORY, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the workflow in a folder; return how it ended and what it said."""
    return run_forked(list_arguments(folder, *arguments, cores=cores), cwd, clean_environment(**environment))


def list_collection_arguments(*archives: Path, live: bool, refresh: str = "") -> list[str]:
    """Return the arguments that `graylit collect` gives."""
    asked = ["collect=True", f"live={live}", f"archives={','.join(map(str, archives))}", f"refresh={refresh}"]
    return ["collect", "--forcerun", "collect_captures", "--config", *asked]


def collect_archived(folder: Path, *archives: Path) -> subprocess.CompletedProcess[str]:
    """Collect the sources of a study from archives only."""
    return run_snakemake(folder, *list_collection_arguments(*archives, live=False))


def collect_live(folder: Path, refresh: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Collect the sources of a study from their addresses."""
    return run_snakemake(folder, *list_collection_arguments(live=True, refresh=refresh), **environment)


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write_table(path: Path, rows: list[dict[str, str]]) -> None:
    """Write rows as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        table = csv.DictWriter(lines, rows[0], lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def read_times(folder: Path) -> dict[str, int]:
    """Return when each file below a folder was last changed, in nanoseconds."""
    return {str(p.relative_to(folder)): p.stat().st_mtime_ns for p in sorted(folder.rglob("*")) if p.is_file()}


def change_config(folder: Path, section: str | None = None, **values: object) -> None:
    """Change values of a study's config, in a section or at the top."""
    path = folder / "config/config.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    (config[section] if section else config).update(values)
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")


def make_study(folder: Path, urls: dict[str, str], **collection: object) -> Path:
    """Copy the mini study with other sources, none of them captured or coded."""
    copy_mini(folder)
    shutil.rmtree(folder / "data")
    coded = (folder / "config/coding/codings").glob("*.csv")
    for path in [*coded, folder / "config/synthesis/impacts.csv", folder / "config/quality.csv"]:
        path.unlink()
    first = read_table(folder / "config/sources.csv")[0]
    rows = [first | {"source_id": source_id, "url": url} for source_id, url in urls.items()]
    write_table(folder / "config/sources.csv", rows)
    change_config(folder, "collection", **collection)
    return folder


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """Return a copy of the mini study, its captures included, in which nothing has run yet."""
    return copy_mini(tmp_path / "mini")


@pytest.fixture
def site() -> Iterator[Site]:
    """Return a site on the loopback interface."""
    with serve_site() as served:
        yield served


def share_folder(tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder that the first process that needs it makes for all processes of this run of the tests."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    with (base / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / name).exists():
            make(base / f"{name}.part")
            (base / f"{name}.part").rename(base / name)
    return base / name


def run_review(folder: Path) -> None:
    """Run the whole review of a study."""
    done = run_snakemake(folder)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the mini study after `graylit review`; tests read it and change nothing in it."""
    return share_folder(tmp_path_factory, "built", lambda folder: run_review(copy_mini(folder)))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the tiny study without texts, its cells hostile, after `graylit review`; tests read it only."""
    return share_folder(tmp_path_factory, "hostile", lambda folder: run_review(write_hostile(folder)))


@pytest.fixture
def built_copy(built: Path, tmp_path: Path) -> Path:
    """Return a copy of the built study, times of files included, in which a test may change things."""
    return Path(shutil.copytree(built, tmp_path / "copy"))


@pytest.fixture(scope="session")
def exported(frozen: Path) -> dict[str, bytes]:
    """Return the files of the mini study's export by name."""
    from graylit.exports.writing import make_export  # takes a second to import, and few tests need it

    return make_export(frozen)


@pytest.fixture(scope="session")
def package(exported: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files of the replication package by path."""
    with zipfile.ZipFile(io.BytesIO(exported["replication-package.zip"])) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}
