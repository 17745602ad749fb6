"""The terms of segments, and the vocabulary of topics."""

import pandas as pd

from graylit.preparation.terms import choose_vocabulary, count_sources, count_terms, read_terms, write_terms


def list_vocabulary(quotes, source_ids, min_sources):
    ids = [f"{source_id}-{number}" for number, source_id in enumerate(source_ids)]
    table = pd.DataFrame({"segment_id": ids, "terms": [write_terms(count_terms(quote)) for quote in quotes]})
    n_sources = count_sources([table], dict(zip(ids, source_ids, strict=True)))
    return list(choose_vocabulary(n_sources, min_sources))


def test_words_of_enough_sources_are_the_vocabulary():
    quotes = ["barrel tap", "barrel lid", "lid pump"]
    assert list_vocabulary(quotes, ["S1", "S2", "S3"], min_sources=2) == ["barrel", "lid"]


def test_a_word_often_in_one_source_counts_once():
    assert list_vocabulary(["tap tap", "tap", "lid", "lid"], ["S1", "S1", "S1", "S2"], min_sources=2) == ["lid"]


def test_stop_words_are_not_in_the_vocabulary():
    assert list_vocabulary(["the barrel and its tap"] * 2, ["S1", "S2"], min_sources=2) == ["barrel", "tap"]


def test_words_of_two_letters_are_not_in_the_vocabulary():
    assert list_vocabulary(["go barrel"] * 2, ["S1", "S2"], min_sources=2) == ["barrel"]


def test_numbers_are_not_in_the_vocabulary():
    assert list_vocabulary(["2024 barrel 300l"] * 2, ["S1", "S2"], min_sources=2) == ["barrel"]


def test_a_word_with_a_hyphen_is_one_word():
    assert list_vocabulary(["leaf-proof mesh"] * 2, ["S1", "S2"], min_sources=2) == ["leaf-proof", "mesh"]


def test_the_case_of_a_word_does_not_matter():
    assert list_vocabulary(["Barrel", "BARREL"], ["S1", "S2"], min_sources=2) == ["barrel"]


def test_a_vocabulary_of_words_that_no_two_sources_share_is_empty():
    assert list_vocabulary(["barrel", "tap"], ["S1", "S2"], min_sources=2) == []


def test_texts_of_stop_words_only_have_an_empty_vocabulary():
    assert list_vocabulary(["to be or not to be", "1 2 3"], ["S1", "S2"], min_sources=1) == []


def test_counts_of_terms_are_one_cell_and_back():
    counts = count_terms("The lid, the lid and a leaf-proof mesh.")
    assert write_terms(counts) == "leaf-proof:1 lid:2 mesh:1"
    assert read_terms(write_terms(counts)) == counts
    assert read_terms("") == {}
