"""From a response to a text, and from a text to its segments, on small pages of our own."""

import pytest
from lxml.html import document_fromstring

from graylit.anchors.words import digest_words
from graylit.captures.characters import decode_body
from graylit.captures.warcs import Response
from graylit.languages.words import count_words
from graylit.preparation.page_texts import find_canonical_url
from graylit.preparation.segments import MAX_JOINED_WORDS, segment_text, tabulate_segments
from graylit.preparation.source_texts import (
    Text,
    extract_text,
    join_pages,
)

URL = "https://example.org/barrels"
CAPTURED_AT = "2026-03-01T12:00:00Z"
SENTENCES = (
    "A rain barrel stands under the gutter and fills itself in a single stormy night. "
    "Paint the wood every second spring, and keep the tap a hand above the ground."
)


# Articles of several pages --------------------------------------------------------------------------------------


def part(words, outcome="extracted", **more):
    return Text(outcome, words=words, extractor="as it is", **more)


def test_pages_are_joined_by_a_blank_line_and_a_title_repeated_stands_once():
    pages = [part("# Barrels\n\nOne.\n", title="Barrels"), part("# Barrels\n\nTwo.\n"), part("# Lids\n\nThree.\n")]
    joined = join_pages(pages)
    assert joined.words == "# Barrels\n\nOne.\n\nTwo.\n\n# Lids\n\nThree.\n"
    assert (joined.title, joined.extractor) == ("Barrels", "as it is")


def test_a_first_line_that_is_no_title_is_kept_on_every_part():
    assert join_pages([part("Note.\n\nOne.\n"), part("Note.\n\nTwo.\n")]).words == "Note.\n\nOne.\n\nNote.\n\nTwo.\n"


def test_the_only_page_is_left_as_it_is():
    assert join_pages([part("\n\nOne.")]) == part("\n\nOne.")


def test_an_article_with_a_page_that_has_no_text_has_none_and_says_which():
    joined = join_pages([part("# Barrels\n\nOne.\n"), part("", "empty_text", note="fewer than 20 words")])
    assert (joined.outcome, joined.words) == ("empty_text", "")
    assert joined.note == "page 2 of 2 gave no text; fewer than 20 words"


# Segments -------------------------------------------------------------------------------------------------------


def segments(text, min_words=3):
    return [(segment.kind, text[segment.start : segment.end]) for segment in segment_text(text, min_words)]


def test_every_paragraph_is_a_segment():
    assert segments("One two three.\n\nFour five six.") == [
        ("paragraph", "One two three."),
        ("paragraph", "Four five six."),
    ]


def test_a_list_is_one_segment():
    assert segments("- one two\n- three four") == [("list", "- one two\n- three four")]


def test_a_table_is_one_segment():
    assert segments("Size | Price\nSmall | 30\nLarge | 90") == [("table", "Size | Price\nSmall | 30\nLarge | 90")]


def test_headings_are_no_segments():
    assert segments("# Barrels\n\nOne two three.") == [("paragraph", "One two three.")]


def test_a_small_fragment_joins_the_next_segment():
    assert segments("Note.\n\nOne two three.") == [("paragraph", "Note.\n\nOne two three.")]


def test_a_last_small_fragment_joins_the_segment_before():
    assert segments("One two three.\n\nNote.") == [("paragraph", "One two three.\n\nNote.")]


def test_a_small_fragment_does_not_cross_a_heading():
    assert segments("Note.\n\n# Lids\n\nOne two three.") == [("paragraph", "Note."), ("paragraph", "One two three.")]


def test_an_introduction_that_ends_in_a_colon_joins_its_list():
    text = "There are three good woods for this:\n\n- oak of old trees\n- pine of young trees"
    assert segments(text) == [("list", text)]


def test_an_introduction_that_ends_in_a_colon_joins_its_table():
    text = "These are the prices of last year:\n\nSmall | 30\nLarge | 90"
    assert segments(text) == [("table", text)]


def test_a_paragraph_that_ends_in_a_full_stop_does_not_join_the_list():
    text = "There are three good woods.\n\n- oak of old trees\n- pine of young trees"
    assert [kind for kind, _ in segments(text)] == ["paragraph", "list"]


def test_an_introduction_does_not_join_a_paragraph():
    text = "There are three good woods:\n\nOak is the best of them."
    assert [kind for kind, _ in segments(text)] == ["paragraph", "paragraph"]


def test_small_fragments_do_not_join_code():
    assert [kind for kind, _ in segments("Note.\n\n```\none two three four\n```")] == ["paragraph", "listing"]


def test_a_heap_of_fragments_does_not_grow_into_one_segment():
    text = "\n\n".join(f"label {number}" for number in range(400))
    assert max(segment.n_words for segment in segment_text(text, min_words=12)) < MAX_JOINED_WORDS + 12


def test_the_heading_path_holds_the_headings_above_outermost_first():
    text = "# Barrels\n\n## Lids\n\nOne two three.\n\n## Taps\n\nFour five six.\n\n# Pumps\n\nSeven eight nine."
    assert [segment.heading_path for segment in segment_text(text, min_words=3)] == [
        ("Barrels", "Lids"),
        ("Barrels", "Taps"),
        ("Pumps",),
    ]


def test_a_skipped_level_leaves_no_hole_in_the_heading_path():
    assert segment_text("# Barrels\n\n#### Lids\n\nOne two three.", 3)[0].heading_path == ("Barrels", "Lids")


def test_signs_without_words_are_no_segment():
    assert segments("One two three.\n\n# Next\n\n* * *") == [("paragraph", "One two three.")]


def test_an_empty_text_has_no_segments():
    assert segments("") == []


TEXT = "# Barrels\n\nOne 🛢 two three.\n\nFour  five\nsix.\n"


def test_segments_are_numbered_in_the_order_of_the_text():
    assert [row["segment_id"] for row in tabulate_segments("S001", TEXT, 3)] == ["S001-001", "S001-002"]


def test_offsets_cut_exactly_the_words():
    rows = tabulate_segments("S001", TEXT, 3)
    assert [TEXT[row["start"] : row["end"]] for row in rows] == ["One 🛢 two three.", "Four  five\nsix."]


def test_the_digest_of_a_segment_is_that_of_its_words_with_blanks_folded():
    assert tabulate_segments("S001", TEXT, 3)[1]["sha256"] == digest_words("Four five six.")


def test_words_with_hyphen_or_apostrophe_count_once():
    assert count_words("A well-known barrel's tap, 2 taps") == 6


# Responses ------------------------------------------------------------------------------------------------------


def response(body, media_type="text/html"):
    body = body.encode("utf-8") if isinstance(body, str) else body
    return Response(200, {"content-type": media_type} if media_type else {}, body)


# Transcripts ----------------------------------------------------------------------------------------------------

TALK = [
    ("Ann Brook", "Smoke the entrance a little,"),
    ("Ann Brook", "wait, and lift the lid &amp; the cover with <i>both</i> hands."),
    ("Bo", "How long do you wait?"),
    ("Ann Brook", "As long as it takes the guards to go in, which is a minute or so in summer."),
]
SAID = (
    "Ann Brook: Smoke the entrance a little, wait, and lift the lid & the cover with both hands.\n\n"
    "Bo: How long do you wait?\n\n"
    "Ann Brook: As long as it takes the guards to go in, which is a minute or so in summer.\n"
)


def test_a_webvtt_file_is_what_is_said():
    cues = [
        f"{n}\n00:0{n}.000 --> 00:0{n + 1}.500 align:start\n<v {who}>{words}" for n, (who, words) in enumerate(TALK)
    ]
    body = "\ufeffWEBVTT - a talk\n\nNOTE made by hand\n\nSTYLE\n::cue { color: red }\n\n" + "\n\n".join(cues)
    text = extract(body.encode(), "text/vtt")
    assert (text.outcome, text.words, text.extractor) == ("extracted", SAID, "transcript")


def test_a_subrip_file_is_what_is_said_and_lines_that_stay_count_once():
    lines = [
        "Smoke the entrance a little,",
        "wait, and lift the lid with both hands;",
        "then read what the frames tell you.",
    ]
    shown = [lines[:1], lines[:2], lines[1:]]
    cues = [
        f"{n}\r\n00:00:0{n},000 --> 00:00:0{n + 1},500\r\n" + "\r\n".join(lines) for n, lines in enumerate(shown, 1)
    ]
    text = extract("\r\n\r\n".join(cues).encode(), "application/x-subrip")
    assert text.words == " ".join(lines) + "\n"


def test_a_text_that_speaks_of_arrows_is_no_transcript():
    body = f"From 10:00 --> 11:00 we smoke.\n\n{SENTENCES}"
    assert extract(body.encode(), "text/plain").words == body


# HTML -----------------------------------------------------------------------------------------------------------


def extract(body, media_type="text/html", url=URL, keep_code_blocks=False):
    return extract_text(response(body, media_type), url, CAPTURED_AT, keep_code_blocks)


def page(words, head=""):
    return f"<html lang='en-GB'><head>{head}</head><body><article><p>{words} {SENTENCES}</p></article></body></html>"


def test_a_page_gives_its_words():
    text = extract(page("Hello."))
    assert (text.outcome, text.words) == ("extracted", f"Hello. {SENTENCES}\n")


def test_a_page_of_words_beside_its_headings_gives_them_all():
    months = "".join(f"<h2>Month {number}</h2>Words{number}. {SENTENCES}<br><br>" for number in range(5))
    words = extract(f"<html><body><article>{months}</article></body></html>").words
    assert [f"## Month {number}\n\nWords{number}. {SENTENCES}" in words for number in range(5)] == [True] * 5


def test_menus_are_no_words_of_a_page():
    body = page("Hello.").replace("<article>", "<nav><a href='/x'>All our offers</a></nav><article>")
    assert "offers" not in extract(body).words


def test_a_page_that_leaves_400_elements_open_gives_the_words_of_all():
    entries = "".join(f"<div><p>Entry {number}. {SENTENCES}</p>" for number in range(400))
    words = extract(f"<html><body><article>{entries}</article></body></html>").words
    assert [number for number in range(400) if f"Entry {number}." not in words] == []


def test_a_reference_to_a_control_character_costs_no_words():
    assert extract(page("The export left a mark&#1; here.")).words == f"The export left a mark here. {SENTENCES}\n"


def test_text_called_html_is_no_page():
    assert extract(f'{{"words": "{SENTENCES} {SENTENCES}"}}').outcome == "unreadable"


def test_a_page_gives_its_metadata():
    head = (
        "<title>Rain barrels</title><meta name='author' content='Ann Brook'>"
        "<meta property='article:published_time' content='2024-05-06T10:00:00Z'>"
        "<meta property='og:site_name' content='Wet Gardens'><link rel='canonical' href='https://example.org/b'>"
    )
    text = extract(page("Hello.", head))
    assert (text.title, text.author, text.published, text.site, text.language, text.canonical_url) == (
        "Rain barrels",
        "Ann Brook",
        "2024-05-06",
        "Wet Gardens",
        "en",
        "https://example.org/b",
    )


def test_a_date_after_the_capture_is_not_believed():
    head = "<meta property='article:published_time' content='2022-05-06T10:00:00Z'>"
    text = extract_text(response(page("Hello.", head)), URL, captured_at="2021-01-01T00:00:00Z", keep_code_blocks=False)
    assert text.published == ""


def test_the_same_page_gives_the_same_text_each_time():
    assert extract(page("Hello.")) == extract(page("Hello."))


def test_the_charset_of_the_header_counts():
    assert extract(page("Käfer.").encode("latin-1"), "text/html; charset=iso-8859-1").words.startswith("Käfer.")


def test_the_charset_of_the_page_counts_if_the_header_names_none():
    body = page("Ťukání.", "<meta charset='iso-8859-2'>").encode("iso-8859-2")
    assert extract(body).words.startswith("Ťukání.")


def test_the_charset_of_the_header_counts_before_that_of_the_page():
    body = page("Käfer.", "<meta charset='iso-8859-2'>").encode("utf-8")
    assert extract(body, "text/html; charset=UTF-8").words.startswith("Käfer.")


def test_a_header_that_the_bytes_contradict_is_not_believed():
    body = page("Käfer.", "<meta charset='iso-8859-1'>").encode("latin-1")
    assert extract(body, "text/html; charset=utf-8").words.startswith("Käfer.")


def test_a_charset_that_nobody_knows_is_not_believed():
    assert extract(page("Käfer."), "text/html; charset=utf-88").words.startswith("Käfer.")


@pytest.mark.parametrize("media_type", ["text/html; charset=ISO-8859-1", "text/html"])
def test_quotation_marks_of_windows_in_a_latin_1_page_are_quotation_marks(media_type):
    body = page("“Käfer”", "<meta charset='iso-8859-1'>").encode("cp1252")
    assert extract(body, media_type).words.startswith("“Käfer”")


def test_a_page_in_utf_16_is_read():
    assert extract(("\ufeff" + page("Käfer.")).encode("utf-16-le")).words.startswith("Käfer.")


def test_bytes_that_are_no_text_are_no_characters():
    assert decode_body(b"\x00\x01\x02" * 200, {"content-type": "text/plain; charset=utf-8"}, "text") is None


def test_a_binary_body_called_html_is_unreadable():
    assert extract(b"\x00\x01\x02" * 200, "text/html; charset=utf-8").outcome == "unreadable"


@pytest.mark.parametrize(
    "body", [b"", b" \n", b"<html><body></body></html>", b"<html><body><p>Not found</p></body></html>"]
)
def test_a_page_without_running_text_is_empty(body):
    text = extract(body)
    assert (text.outcome, text.words) == ("empty_text", "")


def test_a_canonical_url_must_be_an_address():
    assert find_canonical_url(document_fromstring("<link rel='canonical' href='http://[hives/'>"), URL) == ""
    assert find_canonical_url(document_fromstring("<link rel='canonical' href='javascript:alert(1)'>"), URL) == ""
    assert find_canonical_url(document_fromstring("<link rel='canonical' href=''>"), URL) == ""


def test_a_canonical_url_is_read_from_the_page_or_its_base():
    assert find_canonical_url(document_fromstring("<link rel='Canonical' href='/b'>"), URL) == "https://example.org/b"
    based = "<base href='//example.com/a/'><link rel='canonical' href='b'>"
    assert find_canonical_url(document_fromstring(based), URL) == "https://example.com/a/b"


def test_a_canonical_url_with_a_line_break_is_none():
    assert find_canonical_url(document_fromstring("<link rel='canonical' href='https://example.org/\nb'>"), URL) == ""


def test_the_canonical_url_is_found_in_any_order_of_attributes():
    page_head = (
        "<link href='https://example.org/x' rel='stylesheet'><link href=' https://example.org/b ' rel='canonical'>"
    )
    assert find_canonical_url(document_fromstring(page_head), URL) == "https://example.org/b"


# Markdown and plain text ----------------------------------------------------------------------------------------


def test_markdown_is_kept_as_it_is():
    words = f"# Rain barrels\r\n\r\n{SENTENCES}\r\n"
    text = extract(words, "text/markdown")
    assert (text.words, text.title, text.extractor) == (f"# Rain barrels\n\n{SENTENCES}\n", "Rain barrels", "as it is")


def test_an_underlined_line_is_the_title_of_markdown():
    assert extract(f"Rain barrels\n===\n\n{SENTENCES}", "text/markdown").title == "Rain barrels"


def test_a_comment_in_front_matter_or_code_is_no_title():
    words = f"---\n# made by hand\n---\n\n```\n# install\n```\n\n# Rain barrels\n\n{SENTENCES}"
    assert extract(words, "text/markdown").title == "Rain barrels"


def test_plain_text_without_heading_has_no_title():
    assert extract(SENTENCES, "text/plain").title == ""


def test_plain_text_has_no_byte_order_mark():
    assert extract(b"\xef\xbb\xbf" + SENTENCES.encode(), "text/plain").words == SENTENCES


def test_a_type_that_the_review_does_not_read_is_said_so():
    text = extract(b"\x89PNG", "image/png")
    assert (text.outcome, text.note) == ("unsupported_type", "media type image/png")


SOFT = SENTENCES.replace("barrel", "bar\u00adrel").replace("stormy", "stor\u200bmy")


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (page("Hello.").replace(SENTENCES, SOFT), "text/html"),
        (f"\ufeff# Hello\u00ad\n\n{SOFT}\x01\n", "text/markdown"),
        (f"WEBVTT\n\n00:01.000 --> 00:02.000\n{SOFT}\n", "text/vtt"),
    ],
    ids=["page", "markdown", "transcript"],
)
def test_signs_that_nobody_sees_cut_no_words_of_any_kind_of_text(body, media_type):
    assert SENTENCES in extract(body, media_type).words


def test_signs_that_nobody_sees_cut_no_words_of_a_title():
    head = "<title>Rain bar&shy;rels</title><meta name='author' content='Ann&#8203;abel Brook'>"
    text = extract(page("Hello.", head))
    assert (text.title, text.author) == ("Rain barrels", "Annabel Brook")


def test_a_line_of_a_page_ends_inside_no_chinese_word():
    body = page("在生产环境里监测模型，再把它部署到生\n    产环境。<b>系统</b>会自动回到\n上一个版本。")
    assert "再把它部署到生产环境。系统会自动回到上一个版本。" in extract(body).words
