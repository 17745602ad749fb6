"""Texts in seven languages, written for these tests: segments, terms and anchors as for a page in English."""

import random
from pathlib import Path

import pytest

from anchor_trials import choose_anchors, edit_text, is_right, is_wrong
from graylit.anchors.fingerprints import Words
from graylit.anchors.locating import resolve_anchor
from graylit.languages.stop_words import list_stop_words, tell_language
from graylit.languages.words import list_words
from graylit.preparation.segments import tabulate_segments
from graylit.preparation.terms import read_terms

TEXTS = Path(__file__).parent / "texts"
LANGUAGES = sorted(path.name for path in TEXTS.iterdir())
N_PARAGRAPHS = 5
every_language = pytest.mark.parametrize("language", LANGUAGES)


def read_texts(language):
    return [path.read_text(encoding="utf-8") for path in sorted((TEXTS / language).glob("*.md"))]


@every_language
def test_each_paragraph_is_a_segment(language):
    for text in read_texts(language):
        assert len(tabulate_segments("S001", text, 15, language)) == N_PARAGRAPHS


@every_language
def test_terms_are_words_of_the_text_and_no_stop_words(language):
    for text in read_texts(language):
        assert tell_language(text) == language
        terms = {t for row in tabulate_segments("S001", text, 15, language) for t in read_terms(row["terms"])}
        assert len(terms) > 40
        assert {part for term in terms for part in term.split("-")} <= set(list_words(text.lower()))
        assert not terms & list_stop_words(language)


@every_language
def test_anchors_are_found_in_edited_texts_and_never_elsewhere(language):
    n_survive = n_found = n_wrong = n = 0
    for text in read_texts(language):
        anchors = choose_anchors("S001", text, 20, random.Random(1))
        for trial in edit_text(text, anchors, "1"):
            new = Words(trial.text)
            places = [resolve_anchor(new, anchor.start, anchor.end, anchor.mark) for anchor in anchors]
            for place, (survives, spans) in zip(places, trial.truths, strict=True):
                n, n_survive = n + 1, n_survive + survives
                n_found += survives and is_right(place, spans)
                n_wrong += is_wrong(place, spans)
    assert n_found >= 0.98 * n_survive
    assert n_wrong <= 0.01 * n
