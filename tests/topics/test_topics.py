"""Topics that hold still: how little the groups of segments depend on seed, threads and processor."""

import itertools

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from conftest import REPOSITORY
from graylit.measures.partitions import mean_rand, measure_rand
from graylit.tables.preparation import TERM_COUNTS, VOCABULARY
from graylit.topics.grouping import find_centres
from graylit.topics.projection import fit_projection
from graylit.topics.representation import count_matrix
from topic_paths import Segments, _sum_windows
from topic_trials import LEFT_OUT, compare_fits, measure_pairs, read_segments, write_segments

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
    for n_threads, noisy in itertools.product((1, 2), (vectors, vectors + noise)):
        with threadpool_limits(limits=n_threads):
            found.append(group_with(find_centres(noisy, N_GROUPS, seed=1, n_runs=3), vectors))
    assert found.count(found[0]) == 4


def test_another_seed_keeps_most_of_the_study_in_its_topics():
    frozen = REPOSITORY / "data" / "frozen"
    terms = VOCABULARY.read(frozen / "vocabulary.csv")["term"].tolist()
    counts = count_matrix(TERM_COUNTS.read(frozen / "term_counts.csv")["terms"], terms)
    vectors = fit_projection(counts, n_dimensions=50, seed=1).embed(counts)  # half of the study's: faster
    groups = [group_with(find_centres(vectors, 40, seed), vectors) for seed in (1, 1001)]
    assert measure_rand(*groups) > 0.7  # k-means, the best of five runs: about .6


# Trials and how fits are compared -------------------------------------------------------------------------------

FIRST = np.array([0, 0, 0, 1, 1, 1, -1, LEFT_OUT])
WORDS = [["rain", "tap"], ["bee", "hive"]]


def make_tables(sources, counts):
    counts = csr_matrix(np.array(counts))
    terms = np.array([f"term{number}" for number in range(counts.shape[1])])
    return Segments(counts, terms, np.array(sources), np.zeros((0, 0)))


def test_a_fit_agrees_with_itself_under_other_numbers():
    second = np.array([1, 1, 1, 0, 0, 0, -1, 0])
    same = {"ari": 1, "ari_placed": 1, "recur": 1, "words": 1}
    assert compare_fits(FIRST, second, (WORDS, WORDS[::-1])) == pytest.approx(same)


def test_a_topic_that_is_split_does_not_recur_and_keeps_half_of_its_words():
    second = np.array([0, 0, 0, 1, 2, 3, -1, 0])
    found = compare_fits(FIRST, second, (WORDS, [["rain", "tap"], ["bee", "lid"], ["oak", "elm"], ["pump", "pipe"]]))
    assert found["recur"] == 0.5 and found["words"] == 0.75


def test_segments_that_become_outliers_count_against_the_rand_index_and_not_among_the_placed():
    found = compare_fits(FIRST, np.array([0, 0, -1, 1, 1, -1, -1, 0]), (WORDS, WORDS))
    assert found["ari_placed"] == 1 > found["ari"]


def test_pairs_of_one_source_do_not_count_for_the_agreement_with_codes():
    topics, codes = np.array([0, 0, 1, 1]), np.array(["C1", "C1", "C2", "C2"])
    assert measure_pairs(topics, codes, np.array(["S1", "S2", "S1", "S2"])) == 1
    # Within S1 and S2 topic and code agree; across they never do.
    assert measure_pairs(np.array([0, 0, 1, 1]), np.array(["C1", "C1", "C1", "C1"]), np.array(list("1122"))) == 0


def test_a_source_left_out_takes_the_terms_with_it_that_too_few_others_hold():
    segments = make_tables(["S1", "S2", "S3", "S3"], [[1, 0, 0], [2, 3, 1], [0, 1, 0], [0, 0, 0]])
    rows, rest = segments.leave_out("S3", min_sources=2)
    assert rows.tolist() == [0, 1]
    assert rest.terms.tolist() == ["term0", "term2"]  # term2 is in one source less than the vocabulary took it to be


def test_segments_written_for_another_process_are_read_as_they_were(tmp_path):
    segments = make_tables(["S1", "S2"], [[1, 0, 4], [0, 0, 3]])
    write_segments(segments, tmp_path / "segments.npz")
    read = read_segments(tmp_path / "segments.npz")
    assert read.counts.toarray().tolist() == segments.counts.toarray().tolist()
    assert [read.terms.tolist(), read.sources.tolist()] == [segments.terms.tolist(), segments.sources.tolist()]


def test_windows_reach_over_segments_of_the_same_source_only():
    sums = _sum_windows(np.array(["S1", "S1", "S1", "S2"]), reach=2).toarray()
    assert sums.tolist() == [[0, 1, 1, 0], [1, 0, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]]
