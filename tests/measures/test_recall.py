"""Recall told by a sample of what is left, beside a published worked example and scipy's distribution."""

import itertools

import pytest
from scipy.stats import hypergeom

from graylit.measures.recall import (
    Sample,
    count_needed,
    estimate_recall,
    plan_sample,
    reject_below,
    reject_by_order,
    sum_hypergeometric,
)

# 20 relevant ones, then 70 others, of 100 in all, and a target of .9: what the authors print for their method
# (github.com/mcallaghan/rapid-screening, analysis/hyper_criteriaR.md).
PUBLISHED = [True] * 20 + [False] * 70


def test_the_p_value_of_an_order_is_the_one_that_its_authors_print():
    assert reject_by_order(PUBLISHED, 100, 0.9) == pytest.approx(0.00146056475170399, rel=1e-9)
    assert reject_below(Sample(20, 80, 70, 0), 0.9) == pytest.approx(0.00146056475170399, rel=1e-9)


def test_six_must_be_missing_if_95_were_found_and_recall_is_below_95_percent():
    assert count_needed(Sample(95, 1000, 100, 0), 0.95) == 6


def test_recall_at_the_target_is_not_below_it():
    assert count_needed(Sample(19, 1000, 0, 0), 0.95) == 2
    assert count_needed(Sample(57, 1000, 0, 0), 0.95) == 4


@pytest.mark.parametrize("n_all, n_relevant, n_drawn", [(10, 3, 4), (100, 3, 70), (1000, 40, 333), (10_000, 5, 9_999)])
def test_the_distribution_is_that_of_scipy(n_all, n_relevant, n_drawn):
    found = range(min(n_relevant, n_drawn) + 1)
    ours = [sum_hypergeometric(k, n_all, n_relevant, n_drawn) for k in found]
    assert ours == pytest.approx([hypergeom.cdf(k, n_all, n_relevant, n_drawn) for k in found], abs=1e-9)


def test_the_interval_holds_the_truth_as_often_as_it_says_for_every_truth():
    n_left, n_drawn, confidence = 40, 15, 0.9
    for n_relevant in range(n_left + 1):
        held = 0.0
        for k in range(n_drawn + 1):
            estimate = estimate_recall(Sample(10, n_left, n_drawn, k), confidence)
            recall = (10 + k) / (10 + n_relevant)
            if estimate.low - 1e-12 <= recall <= estimate.high + 1e-12:
                held += hypergeom.pmf(k, n_left, n_relevant, n_drawn)
        assert held >= confidence - 1e-9


def test_the_estimate_is_the_share_of_the_sample_carried_over_to_the_rest():
    estimate = estimate_recall(Sample(n_before=30, n_left=100, n_drawn=50, n_found=2), 0.95)
    assert estimate.value == pytest.approx(32 / 34)
    assert estimate.n_missed == pytest.approx(2)
    assert estimate.low < estimate.value < estimate.high <= 1


def test_a_sample_of_all_that_was_left_leaves_nothing_unknown():
    estimate = estimate_recall(Sample(5, 20, 20, 3), 0.95)
    assert (estimate.low, estimate.value, estimate.high, estimate.n_missed_most) == (1, 1, 1, 0)


@pytest.mark.parametrize("sample", [Sample(5, 20, 0, 0), Sample(0, 20, 10, 0)])
def test_there_is_no_estimate_without_a_sample_or_without_anything_relevant(sample):
    assert estimate_recall(sample, 0.95) is None


def test_looking_after_every_draw_stops_too_early_hardly_more_often_than_once_in_twenty():
    """Followed draw by draw, for every number of relevant ones that could be left."""
    n_before, n_left, target = 20, 60, 0.9
    worst = 0.0
    for n_relevant in range(n_left // 2):
        ways, wrong = {0: 1.0}, 0.0
        for drawn in range(1, n_left + 1):
            after: dict[int, float] = {}
            for k, chance in ways.items():
                share = (n_relevant - k) / (n_left - drawn + 1)
                for more, part in ((1, share), (0, 1 - share)):
                    after[k + more] = after.get(k + more, 0.0) + chance * part
            ways = {}
            for k, chance in after.items():
                if chance and reject_below(Sample(n_before, n_left, drawn, k), target) <= 0.05:
                    wrong += chance * ((n_before + k) / (n_before + n_relevant) < target)
                elif chance:
                    ways[k] = chance
        worst = max(worst, wrong)
    assert worst < 0.08


def test_the_order_is_tried_from_every_start_as_its_authors_do():
    marks = [bool(int(sign)) for sign in "1101001000100000010000000000"]
    p_values = []
    for start in range(len(marks)):
        n_found = sum(marks[start:])
        sample = Sample(sum(marks) - n_found, 50 - start, len(marks) - start, n_found)
        p_values.append(reject_below(sample, 0.8))
    assert reject_by_order(marks, 50, 0.8) == pytest.approx(min(p_values), abs=1e-12)


def test_nothing_is_shown_by_an_order_without_anything_relevant():
    assert reject_by_order([False] * 40, 50, 0.95) == 1
    assert reject_by_order([], 50, 0.95) == 1


@pytest.mark.parametrize("n_before, n_left", list(itertools.product((1, 15, 45, 200), (1, 100, 1000))))
def test_the_planned_sample_is_the_smallest_that_can_show_it(n_before, n_left):
    n_drawn = plan_sample(Sample(n_before, n_left, 0, 0), 0.95, 0.05)
    assert reject_below(Sample(n_before, n_left, n_drawn, 0), 0.95) <= 0.05
    assert n_drawn == 0 or reject_below(Sample(n_before, n_left, n_drawn - 1, 0), 0.95) > 0.05
