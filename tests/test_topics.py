"""Topics that hold still: how little the groups of segments depend on seed, threads and processor."""

import itertools

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from glr.grouping import find_centres
from glr.partitions import mean_rand

N_GROUPS = 20

# Groups that hold still -----------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def one_thread():
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="module")
def vectors():
    """Vectors around 20 directions."""
    generator = np.random.default_rng(4)
    directions = normalize(generator.normal(size=(N_GROUPS, 20)))
    noise = generator.normal(scale=0.2, size=(600, 20))
    return np.round(normalize(directions[np.arange(600) % N_GROUPS] + noise), 5)


def group_with(centres, vectors):
    return (vectors @ centres.T).argmax(axis=1).tolist()


def test_centres_are_as_many_as_asked_for_and_of_length_one(vectors):
    centres = find_centres(vectors, N_GROUPS, seed=1)
    assert centres.shape == (N_GROUPS, 20)
    np.testing.assert_allclose(np.linalg.norm(centres, axis=1), 1)


def test_another_seed_gives_nearly_the_same_groups_where_one_run_of_k_means_does_not(vectors):
    many = [group_with(find_centres(vectors, N_GROUPS, seed), vectors) for seed in (0, 1000, 2000)]
    once = [KMeans(N_GROUPS, n_init=1, random_state=seed).fit_predict(vectors).tolist() for seed in range(3)]
    assert mean_rand(many) > 0.95 > 0.9 > mean_rand(once)


def test_one_thread_and_two_and_noise_in_the_last_digits_give_the_same_groups(vectors):
    noise = np.random.default_rng(2).normal(scale=1e-13, size=vectors.shape)
    found = []
    for n_threads, given in itertools.product((1, 2), (vectors, vectors + noise)):
        with threadpool_limits(limits=n_threads):
            found.append(group_with(find_centres(given, N_GROUPS, seed=1, n_runs=3), vectors))
    assert found.count(found[0]) == 4
