"""The shipped topic model: fitting, placing, writing."""

from dataclasses import replace

import numpy as np
import pytest
from assign_topics import assign_topics
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from graylit.preparation.terms import count_terms, read_terms, write_terms
from graylit.topics.centred_topics import CentredGroups
from graylit.topics.model import fit_model, read_model
from graylit.topics.projection import fit_projection
from graylit.topics.representation import count_matrix
from segment_rows import QUOTES, SETTINGS, WATER, fit_quotes


def place_quotes(quotes=QUOTES):
    model, cells = fit_quotes(quotes)
    return assign_topics(model, count_matrix(cells, model.vocabulary))


def test_segments_about_different_things_are_in_different_topics():
    numbers = place_quotes()[0].reshape(3, 2, 3)
    assert len(set(numbers[:, 0].ravel())) == len(set(numbers[:, 1].ravel())) == 1
    assert numbers[0, 0, 0] != numbers[0, 1, 0]


def test_the_top_words_of_a_topic_are_words_of_its_segments():
    model, cells = fit_quotes()
    numbers, *_ = assign_topics(model, count_matrix(cells, model.vocabulary))
    assert set(model.words[numbers[0]]) <= set(" ".join(WATER).split())


def test_as_many_top_words_are_shown_as_asked_for():
    assert {len(words) for words in fit_quotes()[0].words} == {4}


def test_a_segment_without_words_of_the_vocabulary_is_an_outlier():
    assert place_quotes([*QUOTES[:12], "of 12"])[0][-1] == -1


@pytest.mark.parametrize("n_quotes", [0, 1, 12])
def test_a_model_without_topics_says_why_and_still_embeds(tmp_path, n_quotes):
    cells = [write_terms(count_terms(quote)) for quote in QUOTES[:n_quotes]]
    terms = sorted({term for cell in cells for term in read_terms(cell)})
    fit_model(cells, terms, SETTINGS, lack="too few segments", seed=1).write(tmp_path / "model.npz")
    model = read_model(tmp_path / "model.npz")
    numbers, nearness, vectors = assign_topics(model, count_matrix(cells, model.vocabulary))
    assert (model.words, model.lack) == ([], "too few segments")
    assert numbers.tolist() == [-1] * n_quotes and nearness.tolist() == [0] * n_quotes
    assert vectors.shape == (n_quotes, 4 if n_quotes == 12 else 1)


def test_segments_that_are_not_alike_form_no_topics_and_the_model_says_so():
    model, _ = fit_quotes(min_similarity=1.1)
    assert (model.words, model.lack) == ([], "no segments are alike enough (topics.min_similarity)")


def test_a_single_topic_may_be_asked_for():
    cells = [write_terms(count_terms(quote)) for quote in QUOTES]
    terms = sorted({term for cell in cells for term in read_terms(cell)})
    assert len(fit_model(cells, terms, SETTINGS | {"n_topics": 1}, seed=1).words) == 1


def test_two_fits_give_the_same_model_byte_by_byte(tmp_path):
    for name in ("one", "two"):
        fit_quotes()[0].write(tmp_path / f"{name}.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()


def test_a_model_read_again_places_segments_as_before(tmp_path):
    model, cells = fit_quotes()
    model.write(tmp_path / "model.npz")
    counts = count_matrix(cells, model.vocabulary)
    first, second = (assign_topics(one, counts) for one in (model, read_model(tmp_path / "model.npz")))
    assert [part.tobytes() for part in first] == [part.tobytes() for part in second]


def test_one_thread_and_two_give_the_same_topics():
    with threadpool_limits(limits=1):
        one = place_quotes()
    with threadpool_limits(limits=2):
        two = place_quotes()
    assert [part.tolist() for part in one] == [part.tolist() for part in two]


def test_vectors_do_not_keep_the_digits_in_which_processors_differ():
    model, cells = fit_quotes()
    vectors = model.projection.embed(count_matrix(cells, model.vocabulary))
    noise = np.random.default_rng(1).normal(scale=1e-13, size=model.projection.directions.shape)
    noisy = replace(model.projection, directions=model.projection.directions + noise)
    assert vectors.tobytes() == noisy.embed(count_matrix(cells, model.vocabulary)).tobytes()


def test_a_placed_segment_does_not_depend_on_the_others():
    model, cells = fit_quotes()
    counts = count_matrix(cells, model.vocabulary)
    together, alone = assign_topics(model, counts), assign_topics(model, counts[3:4])
    assert (alone[0][0], alone[1][0]) == (together[0][3], together[1][3])


def test_no_segments_have_no_topics():
    model, _ = fit_quotes()
    numbers, similarities, _ = assign_topics(model, count_matrix([], model.vocabulary))
    assert len(numbers) == len(similarities) == 0


def test_a_term_that_no_fitted_segment_holds_is_not_in_the_model():
    cells = [write_terms(count_terms(quote)) for quote in QUOTES]
    terms = sorted({"zinc", *(term for cell in cells for term in read_terms(cell))})
    model = fit_model(cells, terms, SETTINGS, seed=1)
    assert "zinc" in terms and "zinc" not in model.vocabulary


def test_vectors_are_of_length_one_and_no_longer_than_the_terms_allow():
    # No two directions weigh the same: which of equal ones is left out would depend on the processor.
    counts = csr_matrix(np.array([[3, 0, 0, 0], [0, 2, 1, 0], [0, 1, 2, 2], [1, 0, 0, 4]]))
    vectors = fit_projection(counts, n_dimensions=100, seed=1).embed(counts)
    assert vectors.shape == (4, 3)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


@pytest.mark.parametrize("shape", [(0, 0), (9, 0), (9, 2), (1, 3)])
def test_too_little_text_for_vectors_gives_zeros(shape):
    counts = csr_matrix(np.ones(shape, dtype=int))
    vectors = fit_projection(counts, n_dimensions=10, seed=1).embed(counts)
    assert len(vectors) == shape[0] and not vectors.any()


def test_vectors_far_from_every_centre_are_outliers():
    groups = CentredGroups(n_groups=2, min_similarity=0.9, seed=1).fit(np.array([[1.0, 0], [1, 0], [0, 1], [0, 1]]))
    assert groups.predict(np.array([[0.7, 0.7], [1, 0]])).tolist() == [-1, groups.labels_[0]]
