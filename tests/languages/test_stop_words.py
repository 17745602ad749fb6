"""Which language a text is in, and which of its words say little."""

import pytest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from graylit.languages.stop_words import list_stop_words, tell_language

TEXT_OF = {  # written for these tests
    "en": "We check the data before a model goes live, and we go back to the last version if it fails.",
    "de": "Wir prüfen die Daten, bevor ein Modell in Betrieb geht, und kehren sonst zur letzten Version zurück.",
    "fr": "Nous vérifions les données avant de mettre un modèle en service, et nous revenons à la version précédente.",
    "zh": "在模型上线之前，我们先检查数据；如果出现问题，就回到上一个版本。",
    "ja": "モデルを公開する前に、データを確認します。問題があれば、前の版に戻します。",
    "th": "ก่อนนำแบบจำลองไปใช้งาน เราจะตรวจสอบข้อมูล และหากมีปัญหา ก็จะกลับไปใช้รุ่นก่อน",
    "ar": "نتحقق من البيانات قبل أن يدخل النموذج إلى الخدمة، ثم نعود إلى الإصدار السابق إذا فشل.",
}


@pytest.mark.parametrize("language", TEXT_OF)
def test_the_language_of_a_text_is_told_by_its_stop_words(language):
    assert tell_language(TEXT_OF[language]) == language


@pytest.mark.parametrize("language", TEXT_OF)
def test_a_language_stated_by_a_template_is_overruled(language):
    assert tell_language(TEXT_OF[language], "en" if language != "en" else "fr") == language


@pytest.mark.parametrize(
    ("stated", "language"), [("zh-Hant-TW", "zh"), ("ZH_cn", "zh"), ("nb", "no"), ("sr", "sr"), ("", "en")]
)
def test_a_text_without_stop_words_is_in_the_language_it_states(stated, language):
    assert tell_language("model: 12, 13", stated) == language


def test_close_languages_are_not_overruled():
    assert tell_language(TEXT_OF["de"], "nl") == "de"
    assert tell_language("Vi kontrollerer data før en model går i drift.", "da") == "da"
    assert tell_language("Vi kontrollerer data før en model går i drift.", "no") == "no"


def test_english_stop_words_are_those_of_scikit_learn():
    assert list_stop_words("en") == ENGLISH_STOP_WORDS


def test_a_language_without_a_list_has_no_stop_words():
    assert list_stop_words("km") == frozenset()
    assert {"die", "und", "der"} <= list_stop_words("de")
