"""Words that say little, by language, and which language a text is in.

English has scikit-learn's list, 57 further languages that of Stopwords ISO. Both are read only when they are needed.
"""

from __future__ import annotations

import importlib.util
import math
import re
import runpy
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path

from graylit.languages.words import list_words

ENGLISH = "en"
# What a page says of its language is often that of its template. It counts unless the words of another language are so
# many times as frequent: no right label of 209 texts in 46 languages is overruled, and every label "en" on another one.
OVERRULING_FACTOR = 2.0
SHOWN_CHARACTERS = 10_000  # of a text, from its beginning: more told nothing more of the same 209 texts
_WHOLE_VOWELS = (("\u0e4d\u0e32", "\u0e33"), ("\u0ecd\u0eb2", "\u0eb3"))  # am of Thai and of Lao
_LATER_CODES = {"iw": "he", "in": "id", "nb": "no", "nn": "no"}  # ISO 639-1 as it was, and written forms of Norwegian


@cache
def list_stop_words(language: str) -> frozenset[str]:
    """Return the folded stop words of a language (ISO 639-1, such as 'de'); none if it has no list."""
    if language == ENGLISH:
        return _read_english()
    import stopwordsiso

    return frozenset(map(fold_word, stopwordsiso.stopwords(language)))


def _read_english() -> frozenset[str]:
    """Return scikit-learn's English stop words, from the file that holds them: importing the package takes a second."""
    package = importlib.util.find_spec("sklearn")
    if package is None or package.origin is None:
        raise ImportError("scikit-learn is not installed")
    found = runpy.run_path(str(Path(package.origin).parent / "feature_extraction/_stop_words.py"))
    return found["ENGLISH_STOP_WORDS"]


@lru_cache(maxsize=200_000)
def fold_word(word: str) -> str:
    """Return a word as it is compared with stop words: vowels and accents written as one sign or two are the same."""
    for vowel in _WHOLE_VOWELS:
        word = word.replace(*vowel)
    return unicodedata.normalize("NFC", word.lower())


def tell_language(text: str, stated: str = "") -> str:
    """Return the language of a text: the one it states, unless its words are clearly those of another one.

    Words are compared with the stop words of each language; a text that has none is in the stated one, else English.
    """
    stated = _read_code(stated)
    scores = _score_languages(text)
    best = max(sorted(scores), key=lambda language: scores[language], default=ENGLISH)
    is_overruled = stated in _list_languages() and scores.get(stated, 0.0) * OVERRULING_FACTOR < scores.get(best, 0.0)
    return best if not stated or is_overruled else stated


def _read_code(stated: str) -> str:
    """Return the language of a tag such as 'zh-Hans-CN'."""
    code = re.split(r"[-_]", stated.strip().lower())[0]
    return _LATER_CODES.get(code, code)


def _score_languages(text: str) -> dict[str, float]:
    """Return how often the stop words of each language occur, a long list of them counting for less."""
    counts: Counter[str] = Counter()
    for word, n in Counter(map(fold_word, list_words(text[:SHOWN_CHARACTERS]))).items():
        counts.update(dict.fromkeys(_index_stop_words().get(word, ()), n))
    return {language: n / math.log(len(list_stop_words(language))) for language, n in counts.items()}


@cache
def _index_stop_words() -> dict[str, list[str]]:
    """Return the languages that each stop word belongs to."""
    languages_of: dict[str, list[str]] = {}
    for language in _list_languages():
        for word in list_stop_words(language):
            languages_of.setdefault(word, []).append(language)
    return languages_of


@cache
def _list_languages() -> frozenset[str]:
    import stopwordsiso

    return stopwordsiso.langs()
