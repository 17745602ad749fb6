"""The last line of a step's log."""

import pytest

from graylit.runs.steps import say_one


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1 sources (1 pages to capture) in, 1 rows out", "1 source (1 page to capture) in, 1 row out"),
        ("11 sources, 0.1 seconds, 1 same_words, 1,001 rows", "11 sources, 0.1 seconds, 1 same_words, 1,001 rows"),
        ("1 disputed units, 1 codes exact enough", "1 disputed unit, 1 code exact enough"),
        ("1 searches, 1 hits in", "1 search, 1 hit in"),
    ],
)
def test_one_thing_is_told_in_the_singular(line, said):
    assert say_one(line) == said
