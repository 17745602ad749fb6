"""Sources swapped in a frozen study: only what they touch is made again."""

import re
import shutil
from pathlib import Path

import pytest

from archives import Page, write_archive
from conftest import collect_archived, read_table, read_times, run_snakemake, write_table
from frozen_studies import review
from graylit.comparison.topics import OUTLIERS
from graylit.preparation.shards import shard_of
from graylit.topics.model import read_model


def test_only_the_new_source_is_captured(swapped):
    held = {row["source_id"] for row in read_table(swapped / "data/raw/captures.csv") if row["outcome"] == "captured"}
    assert held == {"S011"}
    assert [path.name for path in (swapped / "data/processed/texts").glob("*.txt")] == ["S011.txt"]


@pytest.mark.parametrize("name", ["texts.csv", "segments.csv", "term_counts.csv", "topic_segments.csv"])
def test_rows_of_the_other_sources_are_the_same_byte_by_byte(swapped, built, name):
    def lines(folder):
        content = (folder / "data/processed" / name).read_bytes().splitlines()
        return {line for line in content if not re.match(rb"S0(03|09|11)", line)}

    assert lines(swapped) == lines(built)
    assert len(lines(swapped)) > 8


def test_topics_keep_their_ids_and_words_when_sources_are_swapped(swapped, built):
    words = [{r["topic_id"]: r["words"] for r in read_table(f / "data/processed/topics.csv")} for f in (swapped, built)]
    assert words[0] | {OUTLIERS: ""} == words[1]  # S003, which was swapped out, had the only outlier
    assert any(
        row["segment_id"].startswith("S011") for row in read_table(swapped / "data/processed/topic_segments.csv")
    )


def test_a_captured_source_redoes_the_texts_and_topics_of_its_own_shard_only(swapped, tmp_path):
    folder, shards = Path(shutil.copytree(swapped, tmp_path / "mini")), "data/processed/shards"
    new, sources = (
        Page("http://lindenstreet.example/map/", "first-year.html"),
        read_table(folder / "config/sources.csv"),
    )
    write_table(folder / "config/sources.csv", [*sources, sources[0] | {"source_id": "S012", "url": new.url}])
    done = collect_archived(folder, write_archive(tmp_path / "new.warc.gz", [new]))
    assert done.returncode == 0, done.stderr
    before = read_times(folder / shards)
    review(folder, "data/processed/topics.csv")
    after = read_times(folder / shards)
    changed = {path.partition("/")[0] for path in after if after[path] != before.get(path)}
    assert changed == {f"{shard_of('S012', 2)}-of-2"}
    assert {path.partition("/")[0] for path in before} == {"1-of-2", "2-of-2", "frozen"}
    assert any(row["segment_id"].startswith("S012") for row in read_table(folder / "data/processed/topic_segments.csv"))


def test_topics_are_fitted_anew_when_asked(swapped, tmp_path):
    folder = Path(shutil.copytree(swapped, tmp_path / "refit"))
    done = run_snakemake(folder, "data/processed/topic_model.npz", "--config", "refit=True")
    assert done.returncode == 0, done.stderr
    before, after = (read_model(f / "data/processed/topic_model.npz") for f in (swapped, folder))
    assert before.words != after.words
