"""Freezing a study: the same bytes each time, and nothing lost if it cannot be frozen."""

import re
import shutil
from pathlib import Path

import pytest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from conftest import read_table
from frozen_studies import freeze
from graylit.anchors.fingerprints import Words
from graylit.exports.frozen_corpus import freeze_corpus, replace_folder
from graylit.study.frozen import FOLDER, list_files, restore_frozen
from graylit.study.locks import hold_study
from graylit.tables.faults import InputError
from running import call_graylit
from tiny_study import replace_once, write_study


def test_freezing_twice_gives_the_same_bytes(frozen, tmp_path):
    folder = Path(shutil.copytree(frozen, tmp_path / "again"))
    freeze(folder)
    for name in ("SHA256SUMS", *list_files(frozen / FOLDER)):
        assert (folder / FOLDER / name).read_bytes() == (frozen / FOLDER / name).read_bytes(), name


def test_freezing_a_replay_keeps_what_was_frozen(frozen, clone):
    freeze(clone)
    for name in list_files(frozen / FOLDER):
        if name != "released.csv":
            assert (clone / FOLDER / name).read_bytes() == (frozen / FOLDER / name).read_bytes(), name


def test_freezing_before_a_review_says_what_to_do_and_leaves_the_old_corpus(clone):
    (clone / "data/processed/segments.csv").unlink()
    before = (clone / FOLDER / "SHA256SUMS").read_bytes()
    with pytest.raises(InputError, match=r"data/processed/segments\.csv: is missing.*run: graylit review"):
        freeze_corpus(clone)
    assert (clone / FOLDER / "SHA256SUMS").read_bytes() == before


def test_a_study_without_texts_has_nothing_to_freeze_and_nothing_is_run(tmp_path):
    folder = write_study(tmp_path)
    replace_once(folder, "config/config.yaml", "has_texts: true", "has_texts: false")
    ended = call_graylit("-C", folder, "freeze")
    assert "config.yaml, column has_texts: 'false' means that there is nothing to freeze" in ended.stderr
    assert "export paper" in ended.stderr and "graylit freeze" not in ended.stderr
    assert not (folder / ".snakemake").exists()


def test_a_folder_takes_the_place_of_an_old_one_and_of_one_left_aside(tmp_path):
    for name in ("new", "old", "old.old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text(name)
    replace_folder(tmp_path / "new", tmp_path / "old")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old/file").read_text() == "new"


def test_a_corpus_that_a_killed_program_set_aside_is_put_back(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/frozen.old").mkdir()
    (tmp_path / "data/frozen.old/file").write_text("kept")
    restore_frozen(tmp_path)
    restore_frozen(tmp_path)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["frozen"]
    assert (tmp_path / "data/frozen/file").read_text() == "kept"


def test_at_no_moment_of_a_switch_is_there_no_corpus(tmp_path, monkeypatch):
    (tmp_path / "new").mkdir()
    (tmp_path / "old").mkdir()
    seen = []
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda path, to: seen.append((tmp_path / "old").exists()) or rename(path, to))
    replace_folder(tmp_path / "new", tmp_path / "old")
    assert (seen, (tmp_path / "old").exists()) == ([True], True)


def test_a_corpus_is_not_frozen_while_a_run_writes_its_tables(clone):
    with hold_study(clone), pytest.raises(InputError, match="in use by another run"):
        freeze_corpus(clone)


def list_runs(words, length):
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_no_three_words_of_a_text_stand_together_in_the_frozen_corpus(built, frozen):
    runs = set()
    for path in (built / "data/processed/texts").glob("*.txt"):
        runs |= list_runs(Words(path.read_text(encoding="utf-8")).words, 3)
    for name in ("segments.csv", "term_counts.csv", "vocabulary.csv", "anchors.csv"):
        words = re.findall(r"[^\W\d]+", (frozen / FOLDER / name).read_text(encoding="utf-8").lower())
        found = list_runs(words, 3) & runs
        assert not {run for run in found if list(run) != sorted(run)}, name  # terms are listed in their own order


def test_the_vocabulary_has_no_stop_word_and_no_word_of_a_single_source(frozen):
    rows = read_table(frozen / FOLDER / "vocabulary.csv")
    assert len(rows) > 50
    assert min(int(row["n_sources"]) for row in rows) >= 2
    assert not {row["term"] for row in rows} & ENGLISH_STOP_WORDS


def test_terms_of_a_segment_are_terms_of_the_vocabulary(frozen):
    vocabulary = {row["term"] for row in read_table(frozen / FOLDER / "vocabulary.csv")}
    counts = [row["terms"].split() for row in read_table(frozen / FOLDER / "term_counts.csv")]
    assert {term.split(":")[0] for cell in counts for term in cell} == vocabulary
    assert all(cell == sorted(cell) for cell in counts)
