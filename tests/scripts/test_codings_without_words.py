"""Codings of sources whose words are not at hand: the place they had when the corpus was frozen."""

import re
import shutil
from pathlib import Path

import pytest
from locate_codings import recall_places

from conftest import read_table, write_table
from frozen_studies import review
from running import call_graylit

ROW = {"coding_id": "A-1", "start": "3", "end": "9", "exact_sha256": "e", "exact": "", "segment_id": ""}


ANCHOR = {
    "coding_id": "A-1",
    "exact_sha256": "e",
    "start": "5",
    "end": "11",
    "method": "sketch",
    "score": "0.9",
    "note": "",
}


def recall(row, anchors=(ANCHOR,)):
    place = recall_places([row], {one["coding_id"]: one for one in anchors})["A-1"]
    return place.start, place.end, place.method


def test_a_coding_has_the_place_it_had_when_the_corpus_was_frozen():
    assert recall(ROW) == (5, 11, "sketch")


def test_a_coding_given_or_changed_since_stands_where_it_says_unchecked():
    assert recall(ROW | {"exact_sha256": "other"}) == (3, 9, "unchecked")
    assert recall(ROW, anchors=()) == (3, 9, "unchecked")


def test_a_coding_of_a_whole_source_needs_no_words():
    assert recall(ROW | {"start": "", "end": "", "exact_sha256": ""}, anchors=()) == (None, None, "whole_source")


@pytest.fixture(scope="session")
def coded_since(replayed, tmp_path_factory):
    """Return the replayed study with a coding that was given after it was frozen."""
    folder = Path(shutil.copytree(replayed, tmp_path_factory.mktemp("coded since") / "mini"))
    path = folder / "config/coding/codings/A.csv"
    rows = read_table(path)
    digests = {"exact_sha256": "e" * 64, "normal_sha256": "f" * 64, "fingerprint": "2-1/1/0-00000000-00000000-00000000"}
    added = {"coding_id": "A-0999", "source_id": "S001", "start": "3", "end": "9", "code_id": "C01", **digests}
    write_table(path, [*rows, dict.fromkeys(rows[0], "") | added])
    return review(folder, "data/processed/evidence.csv", cores=1)


def test_a_coding_given_since_the_freeze_is_evidence_that_cannot_be_checked_here(coded_since):
    done = call_graylit("-C", coded_since, "trace", "A-0999")
    assert "A-0999 S001 S001-001 3-9 (unchecked)" in done.stdout
    assert "NOT CHECKED: coded after the corpus was frozen" in done.stdout
    assert "BROKEN" not in done.stdout
    assert done.returncode == 0, done.stdout


def test_a_trace_counts_what_could_not_be_checked_and_does_not_call_it_found(coded_since, replayed):
    before, after = (call_graylit("-C", folder, "trace").stdout for folder in (replayed, coded_since))
    counts = [int(re.search(r"(\d+) to their place in the frozen corpus", words)[1]) for words in (before, after)]
    assert counts[0] == counts[1]
    assert "1 could not be checked here" in after
    assert "could not be checked" not in before
