"""Sources beside their frozen selves: how they stand, how like they are, how many codings still hold."""

import pytest
from compare_sources import measure_similarity, tell_standing

from conftest import read_table
from frozen_studies import by_source
from graylit.anchors.fingerprints import Words, digest_sequence

PLAIN = {"outcome": "extracted", "text_sha256": "1", "capture_outcome": "captured", "words_sha256": "w"}


ASKED = {"outcome": "gone", "note": "404"}


@pytest.mark.parametrize(
    ("now", "served_by", "frozen_row", "words", "last", "standing"),
    [
        ({}, "captured", PLAIN, "w", {}, "same"),
        ({"capture_outcome": "moved"}, "captured", PLAIN, "w", {}, "moved"),
        ({"text_sha256": "2"}, "captured", PLAIN, "w", {}, "reformatted"),
        ({"text_sha256": "2"}, "captured", PLAIN, "x", {}, "changed"),
        ({}, "frozen", PLAIN, "", {}, "frozen_only"),
        ({}, "frozen", PLAIN, "", ASKED, "gone"),
        ({}, "captured", None, "w", {}, "new"),
        ({"outcome": "not_captured"}, "none", None, "", {}, "no_text"),
        ({"outcome": "empty_text"}, "none", PLAIN, "", {}, "no_text"),
    ],
)
def test_how_a_source_stands_to_its_frozen_self(now, served_by, frozen_row, words, last, standing):
    assert tell_standing(PLAIN | now, served_by, frozen_row, words, last) == standing


def make_segments(*texts):
    rows = []
    for number, text in enumerate(texts):
        words = Words(text)
        row = {"segment_id": f"S1-{number:03d}", "n_words": str(len(words)), "sha256": digest_sequence(text)}
        rows.append(row | {"sketch": f"{words.sketch(0, len(words)):08x}"})
    return rows


LONG = "When it rains the barrel fills up to the rim and the rest runs down the wall into the cellar of the house"


OTHER = "Bees find their way home by the sun and by the smell that their sisters fan into the wind at the door"


def test_similarity_is_the_share_of_words_in_segments_still_there():
    assert measure_similarity(make_segments(LONG, OTHER), make_segments(OTHER, LONG)) == 1
    n_long, n_other = len(Words(LONG)), len(Words(OTHER))
    assert measure_similarity(make_segments(LONG, OTHER), make_segments(OTHER)) == n_other / (n_long + n_other)
    assert measure_similarity(make_segments(LONG), make_segments(OTHER)) == 0


def test_a_segment_with_a_word_more_is_still_there():
    assert measure_similarity(make_segments(LONG), make_segments(f"{LONG} again")) == 1


def test_each_source_is_compared_with_its_frozen_self(recollected):
    states = {k: row["state"] for k, row in by_source(recollected / "results/source_changes.csv").items()}
    assert states == {
        **dict.fromkeys(("S001", "S004", "S006", "S007", "S008"), "same"),
        "S002": "reformatted",
        "S003": "changed",
        "S005": "frozen_only",
        "S009": "no_text",
        "S010": "no_text",
    }


def test_a_changed_source_says_how_much_of_it_and_how_many_codings_still_hold(recollected):
    rows = by_source(recollected / "results/source_changes.csv")
    assert 0.5 < float(rows["S003"]["similarity"]) < 1
    assert float(rows["S002"]["similarity"]) == 1
    located = read_table(recollected / "data/processed/located_codings.csv")
    n_orphans = sum(row["source_id"] == "S003" and row["method"] == "orphan" for row in located)
    assert int(rows["S003"]["n_codings"]) - int(rows["S003"]["n_held"]) == n_orphans
    assert rows["S002"]["n_held"] == rows["S002"]["n_codings"] != "0"


def test_a_source_that_cannot_be_had_stays_in_the_study_as_it_was_frozen(recollected, built):
    name = "data/processed/segments.csv"
    rows = ([row for row in read_table(folder / name) if row["source_id"] == "S005"] for folder in (recollected, built))
    now, before = rows
    assert now == before and now
