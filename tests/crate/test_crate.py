"""What `graylit export` wrote, judged by others and replayed by a stranger (`make test-crate`)."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from archives import REPOSITORY
from conftest import clean_environment, read_table
from leaks import find_foreign_words, list_titles, read_folder

EXPORT = Path(os.environ.get("STUDY") or REPOSITORY).resolve() / "results/export"
TITLED = ("config/sources.csv", "config/screening/candidates.csv", "data/frozen/texts.csv")
JUDGES = REPOSITORY / ".venv/judges/bin/python"


CORPUS = Path(os.environ.get("CORPUS") or REPOSITORY.parent / "shared/corpus") / "text"


def judge(export):
    """Have rocrate-validator and frictionless judge an export; return how it ended and its last lines."""
    command = [str(JUDGES), str(Path(__file__).with_name("check_crate.py")), str(export)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environment(COLUMNS="120"))
    return ended.returncode, ended.stdout.splitlines()[-3:]


def unpack(folder):
    """Unpack the replication package into a folder."""
    with zipfile.ZipFile(EXPORT / "replication-package.zip") as package:
        package.extractall(folder)
    return folder


def test_the_judges_find_the_export_valid():
    assert judge(EXPORT) == (
        0, ["workflow-run-crate-0.5: passed", "workflow-ro-crate-1.0: passed", "data package: passed"]
    )  # fmt: skip


def test_the_judges_find_what_is_wrong(tmp_path):
    export = Path(shutil.copytree(EXPORT, tmp_path / "export"))
    folder = unpack(tmp_path / "package")
    metadata = json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))
    next(one for one in metadata["@graph"] if one["@id"] == "./").pop("mainEntity")
    with zipfile.ZipFile(export / "replication-package.zip", "w") as package:
        package.writestr("ro-crate-metadata.json", json.dumps(metadata))
        for path in folder.rglob("*"):
            if path.is_file() and path.name != "ro-crate-metadata.json":
                package.write(path, path.relative_to(folder))
    table = export / "data-package/evidence.csv"
    table.write_text(table.read_text("utf-8").replace("G01,", "G99,", 1), encoding="utf-8")
    assert judge(export) == (
        1, ["workflow-run-crate-0.5: FAILED", "workflow-ro-crate-1.0: FAILED", "data package: FAILED"]
    )  # fmt: skip


@pytest.mark.skipif(not CORPUS.exists(), reason="the texts of real pages are not beside the repository (CORPUS=folder)")
def test_no_exported_file_of_the_default_study_holds_words_of_real_pages():
    named = list_titles(*(read_table(REPOSITORY / table) for table in TITLED))
    texts = [path.read_text("utf-8") for path in sorted(CORPUS.glob("*.txt"))]
    files = read_folder(EXPORT)
    assert len(files) > 50
    assert find_foreign_words(files, texts, named) == set()


@pytest.mark.skipif(not shutil.which("unshare"), reason="unshare is needed for a place without network (Linux)")
def test_the_package_replays_in_an_empty_folder_without_network(tmp_path):
    folder = unpack(tmp_path / "somebody else's folder")
    subprocess.run(["make", "setup"], cwd=folder, env=clean_environment(), check=True)
    alone = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    reached = subprocess.run([*alone, "python3", "-c", "import socket; socket.create_connection(('127.0.0.1', 9))"],
                             capture_output=True, text=True, check=False)  # fmt: skip
    assert "unreachable" in reached.stderr, "the place has a network"
    ended = subprocess.run([*alone, "make", "review"], cwd=folder, capture_output=True, text=True, check=False,
                           env=clean_environment())  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "\n  The same as released: " in ended.stdout
