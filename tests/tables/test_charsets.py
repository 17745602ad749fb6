"""Bytes that are not UTF-8: read as Windows-1252 if they can be nothing else, and never otherwise."""

import pytest

from graylit.tables.charsets import CHARSETS, UNDEFINED, Doubt, decode_windows, restore_words

SURE = [
    "Müller GmbH, Größe",
    "Über uns; Straße — lang",
    "What’s new",
    "Don’t – 2019–2020",
    "“Hello” world",
    "C’est la vie",
    "Modèle de données; Être à l’heure",
    "Ångström",
    "ação e reação",
    "résumé",
    "è vero",
    "5 €, 20 m²",
]
IN_DOUBT = ["très", "smørrebrød", "El Niño", "naïve", "Docker™ tips", "Wait…", "a\xa0b"]
OTHERS = [
    ("Příliš žluťoučký kůň", "cp1250"),
    ("Łódź", "cp1250"),
    ("Привет, мир", "cp1251"),
    ("ελληνικά", "cp1253"),
    ("Türkiye şehir", "cp1254"),
    ("5 € und mehr", "iso8859_15"),
    ("Müller", "mac_roman"),
    ("schön", "mac_roman"),
    ("Größe", "mac_roman"),
    ("país", "mac_roman"),
    ("ção", "mac_roman"),
    ("Müller", "cp850"),
    ("Größe", "cp437"),
    ("中文", "gbk"),
    ("日本", "cp932"),
    ("한국어", "euc_kr"),
    ("MÃ¼ller", "utf-8"),
]


@pytest.mark.parametrize("words", SURE)
def test_words_that_can_be_nothing_else_are_read(words):
    assert decode_windows(words.encode("cp1252")) == words


@pytest.mark.parametrize("words", IN_DOUBT)
def test_words_that_are_others_elsewhere_are_in_doubt_and_both_are_shown(words):
    found = decode_windows(f"plain,{words}".encode("cp1252"))
    assert isinstance(found, Doubt)
    assert found.start == len("plain,")
    assert found.readings[CHARSETS["cp1252"]] == words
    assert len(found.readings) > 1


def test_words_in_doubt_are_read_if_others_of_the_file_settle_it():
    content = "Très grand; Être; à la carte; déjà vu"
    assert decode_windows(content.encode("cp1252")) == content


@pytest.mark.parametrize(("words", "charset"), OTHERS)
def test_words_of_another_character_set_are_never_read_as_something_else(words, charset):
    assert isinstance(decode_windows(words.encode(charset)), Doubt)


def test_a_file_of_two_character_sets_is_in_doubt():
    assert isinstance(decode_windows("Grün".encode() + ";grün".encode("cp1252")), Doubt)


def misread(words):
    """Return what words look like if their UTF-8 is read as Windows-1252."""
    return "".join(chr(byte) if chr(byte) in UNDEFINED else bytes([byte]).decode("cp1252") for byte in words.encode())


MISREAD = [
    "Müller",
    "don’t stop",
    "Über uns",
    "café",
    "“Hello” world",
    "5 £",
    "Łódź",
    "Привет, мир",
    "日本語の本",
    "a → b",
]
WRITTEN = [
    "IRMÃ…",
    "développé\xa0»",
    "voilà\xa0»",
    "Úšovice",
    "CAFÉ™",
    "AMANHÃ®",
    "MAÇÃ",
    "“À”",
    "São Paulo",
    "Müller",
    "Â",
]


@pytest.mark.parametrize("words", MISREAD)
def test_words_that_were_read_as_windows_1252_are_restored_however_often_it_happened(words):
    assert restore_words(misread(words)) == words
    assert restore_words(misread(misread(words))) == words


@pytest.mark.parametrize("words", [*WRITTEN, "MÃ¼ller – Zürich"])
def test_words_as_people_write_them_are_left_as_they_are(words):
    assert restore_words(words) == ""
