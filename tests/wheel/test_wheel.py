"""A wheel in an environment of its own, outside any clone: from an empty folder to a package (`make test-wheel`).

The environment and the study stand in folders with a space and an apostrophe in their names, as people have them.
"""

import os
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

import pytest
import yaml

from archives import REPOSITORY, write_archive
from conftest import clean_environment, read_table
from graylit.exports.writing import FOLDER, REPLICATION, make_export
from graylit.study.study import ALL_TABLES

SOURCES = {
    "S001": "http://lindenstreet.example/first-year/",
    "S002": "http://apiary-society.example/guides/4",
}


def run_uv(*arguments: object) -> None:
    """Run uv in the clone."""
    subprocess.run([sys.executable, "-m", "uv", "--quiet", *map(str, arguments)], cwd=REPOSITORY, check=True)


class Place:
    """A folder outside any clone, with Graylit installed from a wheel."""

    def __init__(self, root: Path) -> None:
        self.root, self.wheels, self.study = root, root / "wheels", root / "it's here" / "my-review"
        self.python, self.graylit = root / "the env/bin/python", root / "the env/bin/graylit"
        self.study.parent.mkdir()

    def install(self) -> None:
        """Build the wheel, and install it with the locked versions of what it needs."""
        subprocess.run(["make", "wheel", f"DIST={self.wheels}"], cwd=REPOSITORY, check=True)
        run_uv("venv", "--python", sys.executable, self.root / "the env")
        install = ("pip", "install", "--python", self.python, "--no-deps")
        run_uv(*install, "--require-hashes", "--requirement", self.wheels / "requirements.txt")
        run_uv(*install, *self.wheels.glob("*.whl"))

    def environment(self) -> dict[str, str]:
        """Return an environment that has nothing of the clone, nor of whoever runs the tests."""
        return {"PATH": os.defpath, "HOME": str(self.root / "home"), "LANG": "C.UTF-8", "NO_PROXY": "*"}

    def run(self, *arguments: object, cwd: Path) -> str:
        """Run the command in a folder; return what it printed."""
        command = [str(self.graylit), *map(str, arguments)]
        ended = subprocess.run(command, cwd=cwd, env=self.environment(), capture_output=True, text=True, check=False)
        assert ended.returncode == 0, f"{arguments}: exit {ended.returncode}\n{ended.stdout}{ended.stderr}"
        return ended.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = Place(tmp_path_factory.mktemp("somebody's computer"))
    place.install()
    return place


@pytest.fixture(scope="module")
def started(place):
    place.run("new", "my-review", cwd=place.study.parent)
    config = place.study / "config/config.yaml"
    words = config.read_text("utf-8").replace("(title of your review)", "Bees on city roofs")
    words = words.replace("(your e-mail address or page)", "ann@example.org").replace("(your name)", "Ann Brook")
    kept = [line for line in words.splitlines(keepends=True) if "leave the line out" not in line]
    config.write_text(re.sub(r'licence: ".*?"', "licence: CC-BY-4.0", "".join(kept)), "utf-8")
    header = (place.study / "config/sources.csv").read_text("utf-8").strip().split(",")
    rows = [{"source_id": source_id, "url": url, "title": source_id, "publisher": url.split("/")[2],
             "source_type": "blog-post"} for source_id, url in SOURCES.items()]  # fmt: skip
    with (place.study / "config/sources.csv").open("a", encoding="utf-8") as table:
        table.writelines(",".join(row.get(name, "") for name in header) + "\n" for row in rows)
    return place


@pytest.fixture(scope="module")
def reviewed(started):
    archive = write_archive(started.root / "the pages.warc.gz")
    started.run("collect", "--archive", archive, "--no-live", cwd=started.study)
    started.run("review", cwd=started.study / "config/coding")
    return started


@pytest.fixture(scope="module")
def exported(reviewed):
    reviewed.run("-C", "my-review", "freeze", cwd=reviewed.study.parent)
    reviewed.run("-C", "my-review", "export", cwd=reviewed.study.parent)
    return reviewed


@pytest.fixture
def stranger(exported, tmp_path):
    """Return the folder in which a stranger has unpacked the replication package."""
    folder = tmp_path / "a stranger's folder"
    with zipfile.ZipFile(exported.study / FOLDER / REPLICATION) as package:
        package.extractall(folder)
    return folder


def test_the_package_is_that_of_the_wheel(place):
    where = "import graylit.runs.places as p; print(p.PACKAGE); print(p.HOUSE)"
    printed = subprocess.run([place.python, "-c", where], cwd=place.root, env=place.environment(), check=True,
                             capture_output=True, text=True).stdout.splitlines()  # fmt: skip
    assert [Path(line).is_relative_to(place.root) for line in printed] == [True, True]
    version = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text("utf-8"))["version"]
    assert place.run("--version", cwd=place.root).strip() == f"graylit {version}"


def test_the_wheel_has_the_licence_and_no_file_of_the_study_or_the_tests(place):
    with zipfile.ZipFile(next(place.wheels.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    tables = {name for name in names if name.endswith((".csv", ".pyc"))}
    assert [name for name in names if "/tests/" in name] == []
    assert {Path(name).name for name in tables} == {"block_weights.csv", "kind_weights.csv"}


def test_a_new_study_has_every_table_and_passes_its_check_once_it_is_filled_in(started):
    assert [file for file, _ in ALL_TABLES.values() if not (started.study / file).exists()] == []
    assert "no faults: 2 sources" in started.run("-C", "my-review", "check", cwd=started.study.parent)


def test_pages_are_collected_from_an_archive(reviewed):
    rows = read_table(reviewed.study / "data/raw/captures.csv")
    assert {(row["source_id"], row["origin"], row["outcome"]) for row in rows} == {
        (source_id, "archive", "captured") for source_id in SOURCES
    }


def test_the_review_makes_texts_topics_a_report_and_audit_pages(reviewed):
    texts = read_table(reviewed.study / "data/processed/texts.csv")
    assert {row["source_id"]: row["outcome"] for row in texts} == dict.fromkeys(SOURCES, "extracted")
    assert read_table(reviewed.study / "data/processed/topics.csv") != []
    assert "Bees on city roofs" in (reviewed.study / "results/report.html").read_text("utf-8")
    assert (reviewed.study / "results/audit/index.html").exists()


def test_the_report_is_served(reviewed):
    command = [str(reviewed.graylit), "-C", "my-review", "open", "report", "--no-show"]
    with subprocess.Popen(command, cwd=reviewed.study.parent, env=reviewed.environment(), text=True,
                          stdout=subprocess.PIPE) as server:  # fmt: skip
        try:
            address = server.stdout.readline().split("at ", 1)[1].split(";")[0]
            page = build_opener(ProxyHandler({})).open(address, timeout=60).read().decode("utf-8")
        finally:
            server.send_signal(signal.SIGINT)
    assert "Bees on city roofs" in page


def test_the_installed_program_exports_what_a_clone_does_byte_for_byte(exported):
    with zipfile.ZipFile(exported.study / FOLDER / REPLICATION) as package:
        installed = {name: package.read(name) for name in package.namelist()}
    files = make_export(exported.study, ["package"])
    (exported.root / "of the clone.zip").write_bytes(files[REPLICATION])
    with zipfile.ZipFile(exported.root / "of the clone.zip") as package:
        cloned = {name: package.read(name) for name in package.namelist()}
    assert {name for name in {*installed, *cloned} if installed.get(name) != cloned.get(name)} == set()


def test_the_package_replays_by_the_installed_program(exported, stranger):
    assert not (stranger / "data/raw/captures.csv").exists()
    assert "The same as released: " in exported.run("review", cwd=stranger)


def test_the_package_replays_by_make_in_an_environment_of_its_own(stranger):
    ended = subprocess.run(["make", "review"], cwd=stranger, env=clean_environment(), capture_output=True, text=True,
                           check=False)  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "\n  The same as released: " in ended.stdout
