"""Measures of how well the words of topics fit together."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from graylit.topics.measures import measure_diversity, measure_npmi

# Segments by words: rain in 1, 2 and 3, barrel in 1 and 2, bee in 4, water in all.
OCCURS = csr_matrix(np.array([[1.0, 1, 0, 1], [1, 1, 0, 1], [1, 0, 0, 1], [0, 0, 1, 1]]))
COLUMN_OF = {"rain": 0, "barrel": 1, "bee": 2, "water": 3}


def npmi(*words):
    return measure_npmi(list(words), OCCURS, COLUMN_OF)


def test_npmi_is_the_one_computed_by_hand():
    # p(rain) 3/4, p(barrel) 1/2, p(both) 1/2: ln(0.5 / 0.375) / -ln(0.5)
    assert npmi("rain", "barrel") == pytest.approx(0.4150375)


def test_npmi_of_words_that_never_meet_is_minus_one():
    assert npmi("barrel", "bee") == -1


def test_npmi_of_words_that_meet_by_chance_is_zero():
    assert npmi("barrel", "water") == pytest.approx(0)


def test_npmi_of_words_that_are_everywhere_is_one():
    assert npmi("water", "water") == 1


def test_npmi_of_a_topic_is_the_mean_over_pairs():
    assert npmi("rain", "barrel", "bee") == pytest.approx((0.4150375 - 1 - 1) / 3)


def test_npmi_of_a_single_word_is_zero():
    assert npmi("rain") == 0


def test_diversity_is_the_share_of_different_top_words():
    assert measure_diversity([["rain", "tap"], ["rain", "bee"]]) == 0.75


def test_diversity_without_topics_is_zero():
    assert measure_diversity([]) == 0
