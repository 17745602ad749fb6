"""The replication package: complete, with its digests and licences, and without words of the sources."""

import hashlib
import json

import pytest

from conftest import REPOSITORY, read_table, write_table
from graylit.exports.replication import collect_program, collect_study
from graylit.study.checking import accept_rows, require_study
from graylit.tables.faults import InputError
from hostile_words import read_rows
from leaks import find_foreign_words, list_titles

CORPUS = REPOSITORY.parent / "shared/corpus/text"
A = "config/coding/codings/A.csv"


def test_the_package_has_what_a_replay_needs(package):
    wanted = {"README.md", "CITATION.cff", "LICENSE", "licences.csv", "SHA256SUMS", "Makefile", "uv.lock"}
    wanted |= {"config/sources.csv", "config/config.yaml", "workflow/Snakefile", "scripts/preparation/gather_texts.py"}
    assert wanted | {"tables/datapackage.json", "ro-crate-metadata.json"} <= set(package)
    assert [
        name for name in package if "__pycache__" in name or name.startswith(("data/raw/captures", "results/r"))
    ] == []


def test_the_digests_of_the_package_are_those_of_its_files(package):
    listed = dict(line.split("  ")[::-1] for line in package["SHA256SUMS"].decode().splitlines())
    files = {name: hashlib.sha256(content).hexdigest() for name, content in package.items() if name != "SHA256SUMS"}
    assert listed == files


def test_the_crate_names_every_file_of_the_package(package):
    graph = {one["@id"]: one for one in json.loads(package["ro-crate-metadata.json"])["@graph"]}
    parts = {part["@id"] for part in graph["./"]["hasPart"]}
    assert parts == set(package) - {"ro-crate-metadata.json"}
    assert parts <= set(graph)
    assert graph["./"]["mainEntity"] == {"@id": "workflow/Snakefile"}
    assert "ComputationalWorkflow" in graph["workflow/Snakefile"]["@type"]


def test_the_run_leads_from_decisions_to_tables(package):
    graph = {one["@id"]: one for one in json.loads(package["ro-crate-metadata.json"])["@graph"]}
    run = next(one for one in graph.values() if one["@type"] == "CreateAction")
    assert {"@id": "config/coding/codings/A.csv"} in run["object"]
    assert {"@id": "tables/evidence.csv"} in run["result"]


def test_every_source_has_its_licence(built, package):
    rows = read_rows(package["licences.csv"])
    assert {row["source_id"]: row["licence"] for row in rows} == {
        row["source_id"]: row["licence"] for row in read_table(built / "config/sources.csv")
    }


def plant_words(folder):
    """Give the first coding of A quoted words."""
    rows = [{"exact": "", **row} for row in read_table(folder / A)]
    rows[0]["exact"] = "words of a page that nobody may publish"
    write_table(folder / A, rows)
    accept_rows(folder)
    return require_study(folder)


@pytest.mark.parametrize("name", ["config/coding/old/A backup.csv", "config/coding/codings/A.csv.orig", "config/x.txt"])
def test_a_file_that_the_manual_does_not_name_is_not_in_the_package(built_copy, name):
    (built_copy / name).parent.mkdir(exist_ok=True)
    (built_copy / name).write_text("coding_id,exact\nA-1,words of a page that nobody may publish\n")
    files = collect_study(built_copy, require_study(built_copy))
    assert name not in files
    assert not any(b"nobody may publish" in content for content in files.values())


def test_quoted_words_are_not_in_the_package(built_copy):
    study = plant_words(built_copy)
    files = collect_study(built_copy, study)
    assert "exact" not in read_rows(files[A])[0]
    assert not any(b"nobody may publish" in content for content in files.values())
    assert [row["fingerprint"] for row in read_rows(files[A])] == [
        row["fingerprint"] for row in read_table(built_copy / A)
    ]


def test_quoted_words_without_place_are_refused(built_copy):
    rows = [{"exact": "", **row} for row in read_table(built_copy / A)]
    rows[0] |= {"exact": "Bees", "fingerprint": "", "start": "", "end": "", "exact_sha256": "", "normal_sha256": ""}
    write_table(built_copy / A, rows)
    accept_rows(built_copy)
    with pytest.raises(InputError, match="run `graylit anchor`, which names what it cannot place; withdraw it"):
        collect_study(built_copy, require_study(built_copy))


def test_quoted_words_of_a_coding_that_was_withdrawn_need_no_place(built_copy):
    rows = [{"exact": "", "replaces": "", **row} for row in read_table(built_copy / A)]
    rows.append({**dict.fromkeys(rows[0], ""), "coding_id": "A-8001", "source_id": rows[0]["source_id"]})
    rows[-1] |= {"exact": "No such words", "code_id": rows[0]["code_id"]}
    rows.append({**dict.fromkeys(rows[0], ""), "coding_id": "A-8002", "source_id": rows[0]["source_id"]})
    rows[-1] |= {"replaces": "A-8001"}
    write_table(built_copy / A, rows)
    assert b"No such words" not in collect_study(built_copy, require_study(built_copy))[A]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real pages is not beside the repository")
def test_the_package_of_the_default_study_holds_no_words_of_real_pages():
    study = require_study(REPOSITORY)
    files = collect_program() | collect_study(REPOSITORY, study)
    frozen = REPOSITORY / "data/frozen/texts.csv"
    named = list_titles(study.sources.cells, study.candidates.cells, read_table(frozen) if frozen.exists() else [])
    texts = [path.read_text("utf-8") for path in sorted(CORPUS.glob("*.txt"))]
    assert find_foreign_words(files, texts, named) == set()
