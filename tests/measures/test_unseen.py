"""How many things searches left unseen, beside worked examples that others published."""

import math

import pytest

from graylit.measures.unseen import Estimate, estimate_chao, estimate_chapman

# Spiders of two forests, as the documentation of iNEXT (Introduction.Rmd) prints them; its samples are single animals.
SPIDERS = {
    "girdled": ((26, 12, 4, 168), (43.893, 30.511, 96.971)),
    "logged": ((37, 14, 4, 252), (61.403, 43.502, 128.583)),
}


@pytest.mark.parametrize("forest", SPIDERS)
def test_the_estimate_of_chao_and_its_interval_are_those_that_inext_prints(forest):
    (n_seen, n_once, n_twice, n_samples), expected = SPIDERS[forest]
    estimate = estimate_chao(n_seen, n_once=n_once, n_twice=n_twice, n_samples=n_samples)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx(expected, abs=0.0006)


def test_without_a_thing_found_twice_the_bias_corrected_form_is_taken():
    estimate = estimate_chao(8, n_once=5, n_twice=0, n_samples=4)
    assert estimate.value == pytest.approx(8 + 3 / 4 * 5 * 4 / 2)
    assert 8 < estimate.low < estimate.value < estimate.high


def test_nothing_is_unseen_if_every_thing_was_found_twice_or_oftener():
    assert estimate_chao(8, n_once=0, n_twice=3, n_samples=4) == Estimate(8)
    assert estimate_chao(8, n_once=0, n_twice=0, n_samples=4) == Estimate(8)
    assert estimate_chao(8, n_once=1, n_twice=0, n_samples=4) == Estimate(8)


def test_the_estimate_of_chapman_is_that_of_the_turtles():
    """Ten turtles marked, fifteen caught later, five of them marked: 28.3 in all (Wikipedia, Mark and recapture)."""
    estimate = estimate_chapman(10, 15, n_both=5)
    assert estimate.value == pytest.approx(28.333, abs=0.001)
    assert 20 < estimate.low < estimate.value < estimate.high


def test_the_interval_of_chapman_rests_on_the_variance_of_seber():
    """With 200 and 200 things, 100 of them the same, the standard error is 19.705 (by hand)."""
    estimate = estimate_chapman(200, 200, n_both=100)
    assert estimate.value == pytest.approx(201 * 201 / 101 - 1)
    unseen = estimate.value - 300
    assert (estimate.low - 300) * (estimate.high - 300) == pytest.approx(unseen**2)
    width = math.exp(1.96 * math.sqrt(math.log(1 + 19.705**2 / unseen**2)))
    assert estimate.low == pytest.approx(300 + unseen / width, abs=0.001)


def test_two_searches_of_which_one_holds_the_other_leave_nothing_unseen():
    assert estimate_chapman(12, 5, n_both=5) == Estimate(12)
