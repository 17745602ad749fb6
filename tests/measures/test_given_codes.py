"""Agreement on all codes at once is that on each code alone, whatever the coders gave."""

import numpy as np
import pytest

from graylit.measures import given_codes
from graylit.measures.agreement import (
    make_ratings,
    measure_cohen,
    measure_fleiss,
    measure_nominal_alpha,
    share_agreed,
)
from graylit.measures.given_codes import measure_given


def some_sets(seed, n_coders):
    """Return ratings of sets and the codes of each: codes that all gave, that nobody gave, and that are rare."""
    generator = np.random.default_rng(seed)
    n_units, n_sources = int(generator.integers(2, 60)), int(generator.integers(1, 12))
    members = generator.random((8, 6)) < [1.0, 0.0, 0.05, 0.3, 0.5, 0.9]
    truth = generator.integers(0, 8, n_units)
    other = generator.integers(0, 8, (n_coders, n_units))
    values = np.where(generator.random(other.shape) < 0.6, truth, other)
    values[generator.random(values.shape) < generator.choice([0, 0.2, 0.6])] = -1
    return make_ratings(values, generator.integers(0, n_sources, n_units), 8, seed=3), members


@pytest.mark.parametrize("n_coders", [2, 3, 7])
@pytest.mark.parametrize("seed", range(12))
def test_codes_together_are_measured_as_each_alone(seed, n_coders):
    ratings, members = some_sets(seed, n_coders)
    kappa = ("cohen_kappa", measure_cohen) if n_coders == 2 else ("fleiss_kappa", measure_fleiss)
    together = measure_given(ratings, members)
    for name, measure in (("share_agreed", share_agreed), kappa, ("alpha_nominal", measure_nominal_alpha)):
        for code in range(members.shape[1]):
            alone = measure(ratings.recode(members[:, code].astype(int), 2))
            found = together[name]
            assert [found.value[code], found.low[code], found.high[code]] == pytest.approx(
                [alone.value, alone.low, alone.high], abs=1e-12, nan_ok=True
            )
            assert found.n_units == alone.n_units


def test_how_many_codes_are_measured_at_once_changes_nothing(monkeypatch):
    ratings, members = some_sets(seed=1, n_coders=3)
    all_at_once = measure_given(ratings, members)
    monkeypatch.setattr(given_codes, "N_CODES_AT_ONCE", 1)
    for name, one_by_one in measure_given(ratings, members).items():
        np.testing.assert_array_equal(vars(one_by_one)["low"], all_at_once[name].low)
