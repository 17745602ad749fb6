"""Partitions of things: how far two agree, and clusters cut from merges."""

import math
import random
from fractions import Fraction

import numpy as np
import pytest
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import squareform
from sklearn.metrics import adjusted_rand_score

from graylit.measures.partitions import cut_merges, mean_rand, measure_rand, merge_clusters, order_leaves


def test_the_rand_index_of_a_worked_example():
    # pairs together in both 1, in the first 2, in the second 2, of 10: (1 - 0.4) / (2 - 0.4)
    assert measure_rand("aabbc", "xxyzz") == pytest.approx(0.6 / 1.6)


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [("ab", "xy", 1.0), ("aa", "xx", 1.0), ("aabb", "yyxx", 1.0), ("aaaa", "wxyz", 0.0), ("aabb", "xyxy", -0.5)],
)
def test_the_rand_index_at_its_edges(first, second, value):
    assert measure_rand(first, second) == pytest.approx(value)


@pytest.mark.parametrize("few", ["", "a"])
def test_the_rand_index_of_fewer_than_two_things_is_no_number(few):
    assert math.isnan(measure_rand(few, few))


def test_the_rand_index_is_that_of_scikit_learn():
    generator = random.Random(5)
    for _ in range(40):
        one, other = ([generator.randrange(4) for _ in range(15)] for _ in range(2))
        assert measure_rand(one, other) == pytest.approx(adjusted_rand_score(one, other))


def test_the_mean_rand_index_is_over_pairs_and_none_for_one_partition():
    assert mean_rand(["aabb", "xxyy", "wxwx"]) == pytest.approx((1 - 0.5 - 0.5) / 3)
    assert math.isnan(mean_rand(["aabb"]))


def test_merges_are_those_of_scipy_where_distances_differ():
    generator = np.random.default_rng(2)
    for _ in range(10):
        counts = np.triu(generator.permutation(10**6)[: 8 * 8].reshape(8, 8), 1)
        together = counts + counts.T + 10**6 * np.eye(8, dtype=int)
        ours = [float(merge.distance) for merge in merge_clusters(together, 10**6)]
        theirs = linkage(squareform(1 - together / 10**6, checks=False), method="average")[:, 2]
        assert ours == pytest.approx(list(theirs))


def test_of_equal_distances_the_first_cards_are_merged_first():
    merges = merge_clusters(np.eye(4, dtype=int), 1)
    assert [(merge.left, merge.right) for merge in merges] == [((0,), (1,)), ((0, 1), (2,)), ((0, 1, 2), (3,))]
    assert {merge.distance for merge in merges} == {Fraction(1)}


def test_distances_of_merges_never_decrease():
    generator = np.random.default_rng(8)
    for _ in range(20):
        piles = generator.integers(0, 3, size=(3, 9))
        merges = merge_clusters(sum((row[:, None] == row[None, :]).astype(int) for row in piles), 3)
        assert [m.distance for m in merges] == sorted(m.distance for m in merges)


@pytest.mark.parametrize("n_things", [0, 1])
def test_nothing_is_merged_with_fewer_than_two_things(n_things):
    assert merge_clusters(np.eye(n_things, dtype=int), 2) == []
    assert order_leaves([], n_things) == list(range(n_things))


def test_merges_are_cut_into_as_many_clusters_as_asked_for_and_never_more_than_things():
    merges = merge_clusters(np.eye(4, dtype=int), 1)
    assert [cut_merges(merges, 4, n) for n in (1, 2, 4, 9)] == [[1, 1, 1, 1], [1, 1, 1, 2], [1, 2, 3, 4], [1, 2, 3, 4]]
