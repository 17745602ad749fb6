"""A damaged frozen corpus: every change of its files is noticed before anything runs."""

import random
import shutil
import subprocess
from pathlib import Path

import pytest

from conftest import run_snakemake
from frozen_studies import copy_frozen
from graylit.study.checking import read_study
from graylit.study.frozen import FOLDER, check_frozen, list_files


def flip_bit(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(bytes(content))


@pytest.fixture
def corpus(frozen, tmp_path):
    """Return a study with nothing but a copy of the frozen corpus."""
    shutil.copytree(frozen / FOLDER, tmp_path / FOLDER)
    return tmp_path


def test_an_undamaged_corpus_has_no_faults(corpus):
    assert check_frozen(corpus) == []


@pytest.mark.parametrize("seed", range(3))
def test_a_flipped_bit_in_any_file_is_noticed_and_the_file_named(corpus, seed):
    chance = random.Random(seed)
    names = ["SHA256SUMS", *list_files(corpus / FOLDER)]
    assert len(names) > 30
    for name in names:
        path = corpus / FOLDER / name
        content = path.read_bytes()
        flip_bit(path, chance)
        assert [fault.file for fault in check_frozen(corpus)] == [f"{FOLDER}/{name}"]
        path.write_bytes(content)


def test_a_missing_file_and_an_added_one_are_named(corpus):
    (corpus / FOLDER / "anchors.csv").unlink()
    (corpus / FOLDER / "more.csv").write_text("a\n")
    assert [(f.file, f.problem) for f in check_frozen(corpus)] == [
        (f"{FOLDER}/anchors.csv", "is missing"),
        (f"{FOLDER}/more.csv", "is not in SHA256SUMS"),
    ]


def test_sums_that_are_missing_are_a_fault(corpus):
    (corpus / FOLDER / "SHA256SUMS").unlink()
    assert [fault.file for fault in check_frozen(corpus)] == [f"{FOLDER}/SHA256SUMS"]


def test_the_sums_are_those_of_sha256sum(corpus):
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=corpus / FOLDER, capture_output=True, check=False
    )
    assert done.returncode == 0


def test_a_damaged_corpus_stops_the_run_before_anything_is_written(frozen, tmp_path):
    folder = copy_frozen(frozen, tmp_path / "damaged")
    flip_bit(folder / FOLDER / "term_counts.csv", random.Random(5))
    done = run_snakemake(folder)
    assert done.returncode != 0
    assert "1 fault found, nothing was run:" in done.stderr
    assert f"{FOLDER}/term_counts.csv" in done.stderr and "git checkout" in done.stderr
    assert not (folder / "data/processed").exists()


def test_a_source_swapped_out_of_a_frozen_study_is_no_fault(swapped):
    _, faults = read_study(swapped)
    assert faults == []
