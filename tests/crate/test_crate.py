"""What `graylit export` wrote, judged by others and replayed by a stranger (`make test-crate`)."""

import itertools
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from archives import REPOSITORY
from conftest import change_config, clean_environment, read_table, run_review, write_table
from graylit.exports.frozen_corpus import freeze_corpus
from graylit.exports.trying import try_package
from graylit.exports.writing import FOLDER, PARTS, make_export, replace_export
from hostile_words import HOSTILE
from leaks import find_foreign_words, list_titles, read_folder

EXPORT = Path(os.environ.get("STUDY") or REPOSITORY).resolve() / "results/export"
TITLED = ("config/sources.csv", "config/screening/candidates.csv", "data/frozen/texts.csv")
JUDGES = REPOSITORY / ".venv/judges/bin/python"
CITERS = REPOSITORY / ".venv/citers/bin/python"
CORPUS = Path(os.environ.get("CORPUS") or REPOSITORY.parent / "shared/corpus") / "text"


def judge(export):
    """Have rocrate-validator and frictionless judge an export; return how it ended and its last lines."""
    command = [str(JUDGES), str(Path(__file__).with_name("check_crate.py")), str(export)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environment(COLUMNS="120"))
    return ended.returncode, ended.stdout.splitlines()[-3:]


def judge_citations(export):
    """Have cffconvert and citeproc-py judge an export; return how it ended and its last lines."""
    command = [str(CITERS), str(Path(__file__).with_name("check_citations.py")), str(export)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environment())
    return ended.returncode, ended.stdout.splitlines()[-2:]


@pytest.fixture(scope="module")
def hostile_export(frozen, tmp_path_factory):
    """Return the export of a study whose title, authors, publishers and sources want to be more than words."""
    folder = Path(shutil.copytree(frozen, tmp_path_factory.mktemp("hostile") / "study"))
    worded = [words for words in HOSTILE if words.isprintable() and words[0] not in "=@"]
    named = {"name": f"O'Brien, Seán {worded[2]}", "affiliation": f"<Uni> & Co {worded[3]} {'long ' * 200}".strip()}
    others = [{"name": name} for name in ("null", "2024-01-01", "- yes", "王小明", *worded, worded[0])]
    title = f"A {{title}} 你好 {' '.join(worded)} {'very long ' * 200}".strip()
    change_config(folder, title=title, licence="cc-by-sa-4.0", authors=[named, *others], version="1.0-{x}")
    rows = read_table(folder / "config/sources.csv")
    for row, words in zip(rows, itertools.cycle([*worded, "not stated", "and others", "P" * 600]), strict=False):
        row |= {"title": f"T {words}", "publisher": words, "published": "" if row["source_id"] < "S005" else "2024"}
    write_table(folder / "config/sources.csv", rows)
    run_review(folder)
    freeze_corpus(folder)
    replace_export(folder / FOLDER, make_export(folder), PARTS)
    return folder / FOLDER


@pytest.fixture(scope="module")
def mini_export(exported, tmp_path_factory):
    """Return the folder of the mini study's export."""
    folder = tmp_path_factory.mktemp("mini export")
    replace_export(folder, exported, PARTS)
    return folder


def unpack(folder):
    """Unpack the replication package into a folder."""
    with zipfile.ZipFile(EXPORT / "replication-package.zip") as package:
        package.extractall(folder)
    return folder


VALID = (0, ["workflow-run-crate-0.5: passed", "workflow-ro-crate-1.0: passed", "data package: passed"])
CITED = (0, ["CITATION.cff: passed", "CSL: passed"])


def test_the_judges_find_the_export_valid():
    assert judge(EXPORT) == VALID
    assert judge_citations(EXPORT) == CITED


def test_the_judges_find_the_export_of_the_mini_study_valid(mini_export):
    assert judge(mini_export) == VALID
    assert judge_citations(mini_export) == CITED


def test_the_judges_find_an_export_of_hostile_words_valid(hostile_export):
    assert judge(hostile_export) == VALID
    assert judge_citations(hostile_export) == CITED


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


def test_a_trial_replays_the_package_in_an_empty_folder_and_notes_the_minutes(mini_export):
    code, trial = try_package(mini_export / "replication-package.zip")
    assert (code, trial["exit_code"], trial["n_same"]) == (0, "0", trial["n_tables"])
    assert int(trial["set_up_s"]) > 0 < int(trial["n_tables"])


@pytest.mark.skipif(not shutil.which("unshare"), reason="unshare is needed for a place without network (Linux)")
def test_the_package_replays_in_an_empty_folder_without_network(tmp_path):
    folder = unpack(tmp_path / "somebody else's folder")
    subprocess.run(["python3", "replay.py"], cwd=folder, env=clean_environment(), check=False)  # sets up
    alone = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--map-root-user", "--net"]
    reached = subprocess.run([*alone, "python3", "-c", "import socket; socket.create_connection(('127.0.0.1', 9))"],
                             capture_output=True, text=True, check=False)  # fmt: skip
    assert "unreachable" in reached.stderr, "the place has a network"
    ended = subprocess.run([*alone, "python3", "replay.py"], cwd=folder, capture_output=True, text=True, check=False,
                           env=clean_environment())  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "\nVERDICT: SAME. " in ended.stdout
