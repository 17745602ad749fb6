"""Where words begin and end, in scripts with and without spaces."""

import re
import sys

import pytest

from graylit.anchors.fingerprints import Words
from graylit.languages.words import WHOLE, close_lines, count_words, find_words, list_words

PARAGRAPH_OF = {  # a few sentences each, written for these tests
    "zh": "我们先在测试环境里检查模型，再把它部署到生产环境。如果延迟升高，系统会自动回到上一个版本。",
    "ja": "モデルを公開する前に、データの品質を必ず確認します。問題が見つかったら、前の版に戻してください。",
    "th": "ก่อนนำแบบจำลองไปใช้งานจริง เราตรวจสอบคุณภาพของข้อมูลทุกครั้ง หากพบปัญหา ให้กลับไปใช้รุ่นก่อนหน้า",
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("数据质量很重要。", ["数据", "质量", "很", "重要"]),
        ("データの品質を確認", ["データ", "の", "品質", "を", "確認"]),
        ("คุณภาพของข้อมูล", ["คุณภาพ", "ของ", "ข้อมูล"]),
        ("ຄຸນນະພາບຂອງຂໍ້ມູນ", ["ຄຸນນະພາບ", "ຂອງ", "ຂໍ້ມູນ"]),
        ("គុណភាពនៃទិន្នន័យ", ["គុណភាព", "នៃ", "ទិន្នន័យ"]),
        ("အရည်အသွေးကောင်း", ["အရည်အသွေး", "ကောင်း"]),
    ],
    ids=["Chinese", "Japanese", "Thai", "Lao", "Khmer", "Burmese"],
)
def test_dictionaries_cut_scripts_without_spaces(text, words):
    assert list_words(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("मॉडल को तैनात करना", ["मॉडल", "को", "तैनात", "करना"]),
        ("நிரல் வரிகள்", ["நிரல்", "வரிகள்"]),
        ("يَجِبُ نَشْرُ", ["يَجِبُ", "نَشْرُ"]),
        ("שָׁלוֹם עוֹלָם", ["שָׁלוֹם", "עוֹלָם"]),
        ("می\u200cشود خانه", ["می\u200cشود", "خانه"]),
        ("ක්\u200dරමය හොඳ", ["ක්\u200dරමය", "හොඳ"]),
        ("nai\u0308ve cafe\u0301", ["nai\u0308ve", "cafe\u0301"]),
    ],
    ids=["Hindi", "Tamil", "Arabic", "Hebrew", "Persian", "Sinhala", "decomposed Latin"],
)
def test_signs_that_belong_to_a_letter_stay_in_its_word(text, words):
    assert list_words(text) == words
    assert count_words(text) == len(words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("用Kubernetes集群部署3个模型", ["用", "Kubernetes", "集群", "部署", "3", "个", "模型"]),
        ("Webサーバー", ["Web", "サーバー"]),
        ("デプロイメントツール", ["デプロイメントツール"]),  # UAX #29, WB13
        ("𠮷野家で働く", ["𠮷", "野家", "で", "働く"]),
        ("ꦲꦏ꧀ꦱꦫ", ["ꦲ", "ꦏ꧀ꦱ", "ꦫ"]),  # no dictionary
        ("葛\U000e0100城市", ["葛\U000e0100", "城市"]),
    ],
    ids=["Latin and Chinese", "Latin and katakana", "katakana", "an astral sign", "Javanese", "a variant of a sign"],
)
def test_scripts_next_to_each_other_are_cut_apart(text, words):
    assert list_words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "A well-known barrel's tap: e.g. 2,000 taps (see §3) — state-of-the-art, don't; l’eau; snake_case x²",
        "Größe, naïve Ästhetik, Øre; Привет, мир; Καλημέρα; 모델을 배포합니다.",
        "⚠️ warning 1️⃣ first ✔︎ done 👩\u200d🌾 farmer\u200d🌾 so\u00adft",
    ],
)
@pytest.mark.parametrize("shape", [re.compile(r"\w+"), WHOLE], ids=["runs", "whole"])
def test_in_scripts_with_spaces_words_are_what_the_expression_finds(text, shape):
    assert list(find_words(text, shape)) == [found.span() for found in shape.finditer(text)]


@pytest.mark.parametrize("language", PARAGRAPH_OF)
def test_a_paragraph_without_spaces_has_many_short_words(language):
    text = PARAGRAPH_OF[language]
    words = list_words(text)
    assert count_words(text) == len(words) >= 20
    assert max(map(len, words)) <= 8


@pytest.mark.parametrize("language", PARAGRAPH_OF)
def test_a_change_in_a_clause_leaves_the_words_of_the_others(language):
    before = list_words(PARAGRAPH_OF[language])
    first, mark, rest = re.split(r"([，、 ])", PARAGRAPH_OF[language], maxsplit=1)
    assert list_words(f"{first[:-2]}{mark}{rest}")[-10:] == before[-10:]


def test_a_fingerprint_is_made_of_the_same_words():
    assert Words("检查ＧＰＵ的延迟").words == ["检查", "gpu", "的", "延迟"]


def test_dictionaries_are_loaded_for_texts_that_need_them_only(monkeypatch):
    monkeypatch.setitem(sys.modules, "icu4py.breakers", None)
    assert count_words("Größe und Длина, मॉडल") == 4
    with pytest.raises(ImportError):
        count_words("模型")


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("部署到生\n    产环境", "部署到生产环境"),
        ("模型，\n然后", "模型，然后"),
        ("データを\nカタログに", "データをカタログに"),
        ("用\nKubernetes\n集群", "用\nKubernetes\n集群"),
        ("a line\nof English", "a line\nof English"),
        ("모델을\n배포", "모델을\n배포"),
        ("模型 部署", "模型 部署"),
    ],
)
def test_a_line_ends_inside_words_of_chinese_and_japanese_only(text, closed):
    assert close_lines(text) == closed
