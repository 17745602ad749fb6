"""Bytes become the characters that a browser shows: by mark, header, the page's own statement, or a guess."""

import pytest

from graylit.captures.characters import decode_body, prescan

QUIET = "It’s “quiet” in the hive – yes, says Zoë."


def read(body, media_type="text/html", kind="html"):
    return decode_body(body, {"content-type": media_type}, kind)


def page(words, head=""):
    return f"<!DOCTYPE html><html><head>{head}<title>Hives</title></head><body><p>{words}</p></body></html>"


@pytest.mark.parametrize("kind", ["html", "text"])
@pytest.mark.parametrize("media_type", ["text/html; charset=utf-8", "text/plain", "text/vtt; charset=utf8", ""])
@pytest.mark.parametrize("stray", [b"\xe9", b"\xe2\x80", b"\xff", b"\xed\xa0\x80"])
def test_a_stray_byte_in_utf_8_becomes_one_unknown_character_and_the_rest_stays(kind, media_type, stray):
    words = read(QUIET.encode() + b" A caf" + stray + b" nearby. " + QUIET.encode(), media_type, kind)
    before, unknown, after = words.partition(" A caf")
    assert before == QUIET
    assert after.strip("\ufffd") == f" nearby. {QUIET}"
    assert after.startswith("\ufffd")


def test_a_page_that_calls_itself_utf_8_and_is_all_windows_1252_is_read_as_that():
    body = page(QUIET, "<meta charset=utf-8>").encode("cp1252")
    assert QUIET in read(body, "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("label", "codec", "words"),
    [
        ("latin1", "cp1252", "“Café” – 5 €"),
        ("ISO-8859-1", "cp1252", "“Café” – 5 €"),
        ("us-ascii", "cp1252", "“Café”"),
        ("iso-8859-9", "cp1254", "Arıların “kışı” – sessiz"),
        ("tis-620", "cp874", "“ผึ้ง”"),
        ("gb2312", "gb18030", "国际 镕 € 㐂"),
        ("GBK", "gb18030", "国际 镕 € 㐂"),
        ("shift_jis", "cp932", "髙橋①～"),
        ("x-sjis", "cp932", "髙橋①～"),
        ("ks_c_5601-1987", "cp949", "똠방각하 펲"),
        ("euc-kr", "cp949", "똠방각하 펲"),
        ("big5", "big5hkscs", "啫喱 嘅 咗"),
        ("koi8-r", "koi8-r", "Пчёлы"),
        ("macintosh", "mac-roman", "“Café”"),
        ("hz-gb-2312", "hz", "蜂箱"),
    ],
)
def test_a_label_stands_for_what_browsers_read_it_as(label, codec, words):
    body = page(words).encode(codec)
    assert words in read(body, f"text/html; charset={label}")
    assert words in read(page(words, f"<meta charset='{label}'>").encode(codec))


@pytest.mark.parametrize(
    ("label", "body", "words"),
    [
        ("euc-jp", b"\xad\xa1\xa1\xc1\xb9\xe2\xfc\xe2 \x8e\xb1 \x8f\xb0\xa1 \xe9", "①～高髙 ｱ 丂 \ufffd"),
        ("iso-2022-jp", b"a \x1b$B-!!A\x1b(J b \x1b(I1\x1b(B", "a ①～ b ｱ"),
        ("big5", b"\xa1\x45 \xa1\xe3 \xa2\x44", "‧ ～ ￥"),
        ("gb18030", b"\xa3\xa0\xa8\xbc", "\u3000ḿ"),
        ("koi8-u", b"\xae\xbe", "ўЎ"),
    ],
)
def test_codes_are_read_by_the_tables_of_the_standard(label, body, words):
    assert read(body, f"text/plain; charset={label}", "text") == words


@pytest.mark.parametrize(("codec", "mark"), [("utf-8", b""), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")])
def test_a_byte_order_mark_counts_before_header_and_page(codec, mark):
    body = (mark or b"\xef\xbb\xbf") + page(QUIET, "<meta charset=utf-8>").encode(codec)
    assert read(body, "text/html; charset=iso-8859-2") == page(QUIET, "<meta charset=utf-8>")


@pytest.mark.parametrize(
    "media_type",
    [
        'text/html; charset="iso-8859-2"',
        "text/html;CHARSET= ISO-8859-2 ;x=y",
        "text/html; charset=iso-8859-2, text/html",
    ],
)
def test_a_header_is_read_in_the_forms_that_servers_send(media_type):
    assert "Ťukání" in read("Ťukání".encode("iso-8859-2"), media_type)


@pytest.mark.parametrize(
    ("opening", "charset"),
    [
        (b"<meta charset=windows-1251>", "windows-1251"),
        (b"<META\nCharSet = 'windows-1251' />", "windows-1251"),
        (b"<meta name=a charset='windows-1251' charset=utf-8>", "windows-1251"),
        (b'<meta content="text/html; charset=windows-1251" http-equiv="Content-Type">', "windows-1251"),
        (b"<meta http-equiv=content-type content='charset=\"windows-1251\"'>", "windows-1251"),
        (b"<meta name=description content='charset=windows-1251'>", ""),
        (b"<!-- <meta charset=windows-1251> --><meta charset=utf-8>", "utf-8"),
        (b"<!--><meta charset=windows-1251>-->", "windows-1251"),
        (b"<!-- <meta charset=windows-1251>", ""),
        (b"<!-- a long comment " + b"<meta charset=windows-1251>" * 40, ""),
        (b"<p title='<meta charset=windows-1251>'><meta charset=utf-8>", "utf-8"),
        (b'<a b="><meta charset=windows-1251>" ', ""),
        (b"<metacharset=windows-1251>", ""),
        (b"<meta charset=nobody-knows><meta charset=windows-1251>", "windows-1251"),
        (b"<meta charset=utf-16>", "utf-8"),
        (b"<meta charset=x-user-defined>", "windows-1252"),
        (b"<?xml version='1.0' encoding='windows-1251'?><html>", "windows-1251"),
        (b"<?xml version='1.0' encoding='windows-1251'?><meta charset=utf-8>", "utf-8"),
        (b"<?xml version='1.0' encoding='utf-16'?>", "utf-8"),
        (b"<\x00?\x00x\x00m\x00l\x00", "utf-16le"),
        (b"\x00<\x00?\x00x\x00m\x00l", "utf-16be"),
        (b"<meta charset=windows-1251", ""),
    ],
)
def test_the_opening_of_a_page_is_scanned_as_the_html_standard_says(opening, charset):
    assert prescan(opening) == charset


@pytest.mark.parametrize(
    "head",
    [
        "<script>s = '<meta charset=koi8-r>'</script><meta charset=utf-8>",
        "<title>How <meta charset=koi8-r> works</title><meta charset=utf-8>",
    ],
)
def test_an_element_that_states_a_set_counts_more_than_words_that_look_like_one(head):
    page = f"<html><head>{head}</head><body><p>café</p></body></html>"
    assert "<p>café</p>" in decode_body(page.encode("utf-8"), {"content-type": "text/html"}, "html")


def test_a_statement_far_down_the_head_counts_and_one_in_a_script_does_not():
    head = f"<script>s = \"<meta charset='koi8-r'>\"</script><style>{'a' * 2000}</style><meta charset=windows-1251>"
    assert "Пчёлы" in read(page("Пчёлы", "<style></style>" * 80 + head).encode("cp1251"))


def test_a_statement_in_an_example_of_plain_text_does_not_count():
    words = "# Charsets\n\nWrite `<meta charset=iso-8859-2>`. It’s old."
    assert read(words.encode(), "text/markdown", "text") == words


@pytest.mark.parametrize(
    ("codec", "words"),
    [
        ("utf-8", QUIET),
        ("utf-16-le", QUIET),
        ("utf-16-be", QUIET),
        ("cp1252", "La ruche est posée à l’est du toit, et le soleil du matin éclaire l’entrée. " * 3),
        ("cp1251", "Улей стоит на восточной стороне крыши, и утреннее солнце освещает леток. " * 3),
        ("cp932", "巣箱は屋根の東側に置き、朝の光が入り口に当たるようにします。" * 3),
        ("gb18030", "蜂箱放在屋顶的东边，早晨的太阳先照到入口。打开之前先喷一点烟。" * 3),
        ("cp949", "벌통은 지붕의 동쪽에 두고 아침 해가 입구를 비추게 합니다. " * 3),
    ],
)
@pytest.mark.parametrize("media_type", ["text/html", "text/html; charset=utf-8"])
def test_what_states_nothing_or_wrongly_utf_8_is_read_by_its_content(codec, words, media_type):
    assert read(page(words).encode(codec), media_type) == page(words)


def test_the_escapes_of_iso_2022_jp_tell_it_from_ascii():
    words = page("巣箱は屋根の東側に置き、朝の光が入り口に当たるようにします。")
    assert read(words.encode("iso2022_jp")) == words


def test_a_page_in_utf_16_that_is_called_utf_8_is_read():
    assert read(page("quiet").encode("utf-16-le"), "text/html; charset=utf-8") == page("quiet")


@pytest.mark.parametrize("label", ["utf-16", "unicode", "utf-16le", "utf-16be"])
def test_a_page_in_utf_8_that_is_called_utf_16_is_read(label):
    assert read(page(QUIET).encode(), f"text/html; charset={label}") == page(QUIET)


def test_a_name_with_one_accent_in_an_english_page_keeps_it():
    words = page(QUIET, "<meta charset=utf-8>").replace("<html>", "<html lang=en>")
    assert read(words.encode("cp1252")) == words


def test_a_language_that_the_bytes_speak_against_counts_for_nothing():
    words = "Улей стоит на восточной стороне крыши, и утреннее солнце освещает леток. " * 3
    assert words in read(page(words).replace("<html>", "<html lang=en>").encode("cp1251"))


def test_the_language_of_a_page_tells_sets_apart_that_look_alike():
    words = "Açmadan önce biraz duman verin ve bekleyin; güneş girişi aydınlatır. " * 3
    assert words in read(page(words).replace("<html>", '<html lang="tr-TR">').encode("cp1254"))


@pytest.mark.parametrize("controls", [bytes(range(9)), b"\x0e\x0f\x10", b"\x1c\x1d\x1e"])
def test_more_control_characters_than_a_text_has_make_no_text(controls):
    assert read(b"<html>" + controls * 5 + b"a" * 500, "text/html; charset=utf-8") is None


@pytest.mark.parametrize(
    "opening",
    [b"<meta " * 200, b"<a" + b" b=c" * 400, b"<!--" * 300, b"<a '" * 300, b"<script " * 150, b"<html \xff" * 150],
)
def test_a_hostile_opening_costs_little(opening):
    body = opening * 2000
    assert read(body, "text/html; charset=" + "charset=" * 10_000) is not None
