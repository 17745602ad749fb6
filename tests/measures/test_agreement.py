"""Agreement: published worked examples, what must hold for any table, and intervals."""

import krippendorff
import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from graylit.measures import resampling
from graylit.measures.agreement import (
    jaccard_distances,
    make_ratings,
    masi_distances,
    measure_cohen,
    measure_fleiss,
    measure_linear_cohen,
    measure_nominal_alpha,
    measure_ordinal_alpha,
    measure_set_alpha,
    share_agreed,
)

MEASURES = [share_agreed, measure_cohen, measure_linear_cohen, measure_fleiss, measure_nominal_alpha]
MEASURES += [measure_ordinal_alpha]
PAIRED = {measure_cohen, measure_linear_cohen}


def by_name(measures):
    return pytest.mark.parametrize("measure", measures, ids=lambda measure: measure.__name__)


def rate(*coders, n_categories=None, clusters=None):
    """Return ratings from a row of categories per coder, -1 for not seen; each unit is a source unless told."""
    values = np.array(coders)
    clusters = np.arange(values.shape[1]) if clusters is None else np.array(clusters)
    return make_ratings(values, clusters, n_categories or int(values.max()) + 1, seed=3)


def some_ratings(n_coders=2, n_categories=3, n_units=60, n_sources=12, missing=0.0, seed=5):
    """Return ratings of coders who agree on about two units of three."""
    generator = np.random.default_rng(seed)
    truth = generator.integers(0, n_categories, n_units)
    other = generator.integers(0, n_categories, (n_coders, n_units))
    values = np.where(generator.random((n_coders, n_units)) < 0.67, truth, other)
    values[generator.random(values.shape) < missing] = -1
    return make_ratings(values, generator.integers(0, n_sources, n_units), n_categories, seed=3)


# Published examples ---------------------------------------------------------------------------------------------

KRIPPENDORFF_2011 = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
FLEISS_1971 = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""


def krippendorff_2011():
    lines = KRIPPENDORFF_2011.strip().splitlines()
    return rate(*[[-1 if cell == "." else int(cell) - 1 for cell in line.split()] for line in lines])


@pytest.mark.parametrize(("measure", "published"), [(measure_nominal_alpha, 0.743), (measure_ordinal_alpha, 0.815)])
def test_alpha_of_four_observers_with_missing_values_is_that_of_krippendorff_2011(measure, published):
    assert measure(krippendorff_2011()).value == pytest.approx(published, abs=0.0005)


def test_units_that_one_observer_saw_are_not_counted():
    assert measure_nominal_alpha(krippendorff_2011()).n_units == 11


def test_kappa_of_six_raters_is_that_of_fleiss_1971():
    counts = [[int(digit) for digit in unit] for unit in FLEISS_1971.split()]
    assert len(counts) == 30
    coders = np.array([np.repeat(np.arange(5), count) for count in counts]).T
    assert measure_fleiss(rate(*coders)).value == pytest.approx(0.430, abs=0.0005)


def test_kappa_of_two_judges_is_that_of_cohen_1960():
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    pairs = [(a, b) for a, row in enumerate(table) for b, n in enumerate(row) for _ in range(n)]
    ratings = rate(*np.array(pairs).T)
    assert measure_cohen(ratings).value == pytest.approx(0.492, abs=0.0005)
    assert share_agreed(ratings).value == pytest.approx(0.70)


def members(*sets):
    return np.array([[code in held for code in "abcde"] for held in sets])


@pytest.mark.parametrize(
    ("one", "other", "masi", "jaccard"),
    [
        ("ab", "ab", 0, 0),  # identical: M = 1
        ("ab", "abcd", 1 - 1 / 2 * 2 / 3, 1 / 2),  # one within the other: M = 2/3
        ("abc", "bcd", 1 - 1 / 2 * 1 / 3, 1 / 2),  # they share something: M = 1/3
        ("abc", "cde", 1 - 1 / 5 * 1 / 3, 4 / 5),
        ("ab", "cd", 1, 1),  # they share nothing: M = 0
        ("", "a", 1, 1),
        ("", "", 0, 0),
    ],
)
def test_the_distance_of_two_sets_is_that_of_passonneau_2006(one, other, masi, jaccard):
    assert masi_distances(members(one, other))[0, 1] == pytest.approx(masi)
    assert jaccard_distances(members(one, other))[0, 1] == pytest.approx(jaccard)


# What holds for any table ---------------------------------------------------------------------------------------


@by_name(MEASURES)
def test_a_measure_is_the_same_for_coders_in_any_order(measure):
    ratings = some_ratings()
    swapped = make_ratings(ratings.values[::-1], ratings.sources, 3, seed=3)
    assert vars(measure(swapped)) == pytest.approx(vars(measure(ratings)))


@by_name(MEASURES)
def test_a_measure_is_the_same_for_units_in_any_order(measure):
    ratings = some_ratings()
    order = np.random.default_rng(1).permutation(60)
    shuffled = make_ratings(ratings.values[:, order], ratings.sources[order], 3, seed=3)
    assert vars(measure(shuffled)) == pytest.approx(vars(measure(ratings)))


@by_name([share_agreed, measure_cohen, measure_fleiss, measure_nominal_alpha])
def test_a_nominal_measure_is_the_same_under_other_labels(measure):
    ratings = some_ratings()
    assert vars(measure(ratings.recode(np.array([2, 0, 1]), 3))) == pytest.approx(vars(measure(ratings)))


@by_name([measure_linear_cohen, measure_ordinal_alpha])
def test_an_ordered_measure_is_the_same_with_the_order_turned_round(measure):
    ratings = some_ratings()
    assert vars(measure(ratings.recode(np.array([2, 1, 0]), 3))) == pytest.approx(vars(measure(ratings)))


@by_name(MEASURES)
def test_full_agreement_is_1(measure):
    assert measure(rate([0, 1, 2, 1], [0, 1, 2, 1])).value == pytest.approx(1)


@by_name(MEASURES)
def test_full_agreement_without_variation_is_undefined_except_for_per_cent(measure):
    found = measure(rate([1, 1, 1], [1, 1, 1]))
    assert np.isnan([found.value, found.low, found.high]).all() != (measure is share_agreed)
    assert found.n_units == 3


@by_name(MEASURES)
def test_nothing_to_compare_is_undefined(measure):
    found = measure(rate([0, -1], [-1, 1]))
    assert np.isnan([found.value, found.low, found.high]).all()
    assert found.n_units == 0


@by_name(MEASURES)
def test_units_that_one_coder_has_not_seen_change_nothing(measure):
    first, second, sources = [0, 1, 1, 0, 2], [0, 1, 0, 0, 2], [1, 1, 2, 3, 3]
    more = rate([*first, 1, -1], [*second, -1, -1], clusters=[*sources, 9, 1])
    assert vars(measure(more)) == pytest.approx(vars(measure(rate(first, second, clusters=sources))))


@by_name([measure for measure in MEASURES if measure not in PAIRED])
def test_a_third_coder_who_has_seen_nothing_changes_nothing(measure):
    ratings = some_ratings()
    values = np.vstack([ratings.values, np.full(60, -1)])
    if measure is measure_fleiss:
        assert measure(make_ratings(values, ratings.sources, 3, seed=3)).n_units == 0  # it needs all coders
    else:
        assert measure(make_ratings(values, ratings.sources, 3, seed=3)).value == measure(ratings).value


def test_linear_weights_forgive_neighbours():
    near = rate([0, 0, 1, 1, 2, 2, 0], [0, 0, 1, 1, 2, 2, 1])
    far = rate([0, 0, 1, 1, 2, 2, 0], [0, 0, 1, 1, 2, 2, 2])
    assert measure_linear_cohen(near).value > measure_cohen(near).value
    assert measure_linear_cohen(near).value > measure_linear_cohen(far).value


# Intervals ------------------------------------------------------------------------------------------------------

ONCE = np.ones((1, 12))


def test_sums_over_all_sources_give_what_the_libraries_give():
    pair, many = some_ratings(), some_ratings(n_coders=4, n_categories=4)
    steps = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    cells = np.eye(9)[pair.values[0] * 3 + pair.values[1]]
    confusion = resampling.sum_by_source(cells, pair.sources, 12)
    kappa, weighted = (cohen_kappa_score(*pair.values, weights=weights) for weights in (None, "linear"))
    assert resampling.replicate_cohen(confusion, steps > 0, ONCE) == pytest.approx([kappa], abs=1e-12)
    assert resampling.replicate_cohen(confusion, steps, ONCE) == pytest.approx([weighted], abs=1e-12)
    assert measure_cohen(pair).value == pytest.approx(kappa, abs=1e-12)
    assert measure_linear_cohen(pair).value == pytest.approx(weighted, abs=1e-12)
    fleiss = resampling.replicate_fleiss(many.count_values(), many.sources, ONCE)
    assert fleiss == pytest.approx([measure_fleiss(many).value])


@pytest.mark.parametrize("n_coders", [2, 3, 5])
@pytest.mark.parametrize(("measure", "level"), [(measure_nominal_alpha, "nominal"), (measure_ordinal_alpha, "ordinal")])
def test_alpha_is_that_of_the_library_with_missing_values(measure, level, n_coders):
    ratings = some_ratings(n_coders=n_coders, n_categories=4, missing=0.3)
    expected = krippendorff.alpha(value_counts=ratings.count_values(), level_of_measurement=level)
    assert measure(ratings).value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("distances_of", [jaccard_distances, masi_distances])
def test_alpha_of_sets_is_that_of_the_library_with_the_same_distances(distances_of):
    ratings = some_ratings(n_coders=3, n_categories=6, missing=0.2)
    distances = distances_of(members("", "a", "ab", "abc", "cd", "e"))

    def look_up(v1, v2, i1, i2, n_v, dtype=float):
        return distances[i1, i2]

    expected = krippendorff.alpha(value_counts=ratings.count_values(), level_of_measurement=look_up)
    assert measure_set_alpha(ratings, distances).value == pytest.approx(expected, abs=1e-12)


@by_name(MEASURES)
def test_an_interval_holds_its_estimate_and_is_the_same_twice(measure):
    found = measure(some_ratings())
    assert found.low < found.value < found.high
    assert found == measure(some_ratings())


def test_another_seed_gives_another_interval_and_the_same_estimate():
    ratings = some_ratings()
    other = make_ratings(ratings.values, ratings.sources, 3, seed=4)
    assert measure_cohen(other).value == measure_cohen(ratings).value
    assert measure_cohen(other).low != measure_cohen(ratings).low


def test_sources_are_drawn_whole():
    # Ten sources of ten like units each say as much as ten units, not as a hundred.
    first, second = np.tile([0, 1], 5), np.array([0, 1, 0, 1, 0, 1, 0, 1, 1, 0])
    few = rate(first, second)
    many = rate(np.repeat(first, 10), np.repeat(second, 10), clusters=np.repeat(np.arange(10), 10))
    alone = rate(np.repeat(first, 10), np.repeat(second, 10))
    assert vars(measure_cohen(many)) == pytest.approx({**vars(measure_cohen(few)), "n_units": 100})
    assert measure_cohen(alone).high - measure_cohen(alone).low < measure_cohen(many).high - measure_cohen(many).low


@pytest.mark.parametrize("n_undefined", [0, 1, 30, 50, 51])
def test_an_interval_is_that_of_numpy_over_the_replicates_that_are_defined(n_undefined):
    replicates = np.random.default_rng(2).random(1000)
    replicates[:n_undefined] = np.nan
    expected = np.nanquantile(replicates, [0.025, 0.975]) if n_undefined <= 50 else [np.nan, np.nan]
    assert resampling.find_interval(replicates, n_sources=9) == pytest.approx(expected, abs=1e-15, nan_ok=True)


def test_draws_are_the_same_as_bytes_and_as_numbers(monkeypatch):
    few = resampling.draw_sources.__wrapped__(40, 200, 7)
    monkeypatch.setattr(resampling, "N_AT_ONCE", 100)
    many = resampling.draw_sources.__wrapped__(40, 200, 7)
    assert (few.dtype, many.dtype) == (float, np.uint8)
    np.testing.assert_array_equal(few, many)
    sums = np.random.default_rng(2).integers(0, 9, (40, 3))
    np.testing.assert_array_equal(resampling.sum_draws(many, sums), few @ sums)


def test_a_single_source_has_no_interval():
    found = share_agreed(rate([0, 1, 1], [0, 1, 0], clusters=[7, 7, 7]))
    assert found.value == pytest.approx(2 / 3)
    assert np.isnan([found.low, found.high]).all()


def test_a_code_of_one_source_has_no_interval():
    found = measure_cohen(rate([1, 1, *[0] * 20], [1, 0, *[0] * 20], clusters=[0, 0, *range(1, 21)]))
    assert found.value > 0.6
    assert np.isnan([found.low, found.high]).all()
