"""What segments give away of their words: terms of the vocabulary and a sketch, and nothing of short segments."""

import random

from graylit.anchors.fingerprints import Words
from graylit.preparation.terms import MIN_HIDDEN_WORDS, hide_words
from graylit.tables.preparation import SEGMENTS, TERM_COUNTS


def test_the_sketch_of_a_segment_is_that_of_its_words_in_any_order(built):
    chance = random.Random(1)
    for path in (built / "data/processed/texts").glob("*.txt"):
        words = Words(path.read_text(encoding="utf-8"))
        shuffled = Words(" ".join(chance.sample(words.words, len(words))))
        assert words.sketch(0, len(words)) == shuffled.sketch(0, len(shuffled))


def hide(n_words, terms, vocabulary):
    segment = {"segment_id": "S1-001", "n_words": str(n_words), "sha256": "a" * 64}
    tables = SEGMENTS.to_frame([segment]), TERM_COUNTS.to_frame([{"segment_id": "S1-001", "terms": terms}])
    segments, counts = hide_words(*tables, dict.fromkeys(vocabulary, 5))
    return segments["sha256"][0], counts["terms"][0]


def test_a_segment_gives_the_terms_of_the_vocabulary_away_and_no_others():
    assert hide(20, "barrel:2 rare:1 tap:3", ["barrel", "tap"]) == ("a" * 64, "barrel:2 tap:3")


def test_a_segment_of_few_hidden_words_gives_nothing_away():
    few = 5 + MIN_HIDDEN_WORDS - 1
    assert hide(few, "barrel:2 tap:3", ["barrel", "tap"]) == ("", "")
    assert hide(few + 1, "barrel:2 tap:3", ["barrel", "tap"]) == ("a" * 64, "barrel:2 tap:3")
