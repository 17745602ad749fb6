"""The terms of segments, and the vocabulary of topics."""

import pandas as pd
import pytest

from graylit.languages.words import list_words
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


CLAUSE_OF = {
    "zh": "我们在生产环境里持续监测模型的延迟和准确率",
    "ja": "本番環境でモデルの遅延と精度を継続的に監視します",
    "th": "เราตรวจสอบความล่าช้าและความแม่นยำของแบบจำลองอย่างต่อเนื่อง",
}


@pytest.mark.parametrize("language", CLAUSE_OF)
def test_a_term_is_a_word_and_no_clause(language):
    clause = CLAUSE_OF[language]
    terms = count_terms(clause, language)
    assert len(terms) >= 5
    assert set(terms) <= set(list_words(clause))


def test_a_word_of_two_syllables_is_a_term_if_a_sign_is_a_syllable():
    assert set(count_terms("模型的性能", "zh")) == {"模型", "性能"}
    assert set(count_terms("モデルの性能", "ja")) == {"モデル", "性能"}
    assert set(count_terms("모델 성능", "ko")) == {"모델", "성능"}


def test_numbers_of_other_scripts_are_no_terms():
    assert set(count_terms("รุ่น ๒๕๖๗ ที่", "th")) == {"รุ่น"}


def test_vowel_signs_stay_in_their_term():
    assert set(count_terms("मॉडल को तैनात करना", "hi")) == {"मॉडल", "तैनात"}


def test_stop_words_are_those_of_the_language():
    words = "Die Daten und die Modelle werden geprüft"
    assert set(count_terms(words, "de")) == {"daten", "modelle", "geprüft"}
    assert set(count_terms(words)) == {"die", "daten", "und", "modelle", "werden", "geprüft"}


def test_a_vowel_of_two_signs_is_the_same_stop_word():
    composed, apart = "ทำ", "ท\u0e4d\u0e32"
    assert count_terms(f"{composed} {apart}", "th") == {}


def test_counts_of_terms_are_one_cell_and_back():
    counts = count_terms("The lid, the lid and a leaf-proof mesh.")
    assert write_terms(counts) == "leaf-proof:1 lid:2 mesh:1"
    assert read_terms(write_terms(counts)) == counts
    assert read_terms("") == {}
