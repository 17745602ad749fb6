"""Subtitle files as people and programs write them, and what is said in them."""

import pytest

from graylit.preparation.transcripts import LONG_WORDS, is_transcript, read_transcript

VTT = "WEBVTT\n\n"


def test_each_voice_of_a_cue_says_its_own_words():
    cue = "00:01.000 --> 00:04.000\n<v Ada>Open it?</v>\n<v.loud Ben Low>Not in\nwinter.</v> <v Ada>Why?"
    assert read_transcript(VTT + cue) == "Ada: Open it?\n\nBen Low: Not in winter.\n\nAda: Why?\n"


def test_what_another_voice_repeats_is_said_again():
    cues = "00:01.000 --> 00:04.000\n<v Ada>Yes.\n\n00:04.000 --> 00:06.000\n<v Ben>Yes."
    assert read_transcript(VTT + cues) == "Ada: Yes.\n\nBen: Yes.\n"


def test_what_is_repeated_after_a_pause_is_said_again():
    first, second, third = ("00:01.000 --> 00:04.000", "00:04.000 --> 00:06.000", "00:10.000 --> 00:12.000")
    assert read_transcript(VTT + "\n\n".join(f"{timing}\nNo." for timing in (first, second, third))) == "No. No.\n"


def test_words_after_a_voice_go_on_in_its_paragraph():
    assert read_transcript(VTT + "00:01.000 --> 00:04.000\n<v O&#39;Hara>Open it.</v> Then wait.") == (
        "O'Hara: Open it. Then wait.\n"
    )


TIMINGS = [
    "00:00:01,000 --> 00:00:04,000",
    "00:00:01,000-->00:00:04,000",
    "00:01.000 --> 00:04.000",
    "00:00:01 --> 00:00:04",
    "0:0:1,5 --> 0:0:4,25",
    "  00:00:01,000  -->  00:00:04,000  ",
    "100:00:01.000\t-->\t100:00:04.000",
    "00:00:01:000 --> 00:00:04:000",
    "00:00:01,000 -> 00:00:04,000",
    "00: 00: 01, 000 -> 00: 00: 04, 000",
    "00:00:01,000 –> 00:00:04,000",
    "00:00:01,000 ==> 00:00:04,000",
    "00:00:01;000 --> 00:00:04;000",
    "-00:00:01,000 --> 00:00:04,-500",
    "00:00:01,000 -->",
    "0:00:01.000,0:00:04.000",
    "[00:00:01.000 --> 00:00:04.000]",
    "00:00:01,000 --> 00:00:04,000 X1:10 X2:20 Y1:30 Y2:40",
    "00:01.000 --> 00:04.000 position:10%,line-left align:left size:35%",
]


@pytest.mark.parametrize("timing", TIMINGS)
@pytest.mark.parametrize("before", ["", "1\n", "\ufeff1\n", "\n\n1\n"])
def test_every_usual_timing_is_one(timing, before):
    words = f"{before}{timing}\nOpen it.\n\n2\n{timing}\nThen wait.\n"
    assert is_transcript(words)
    assert read_transcript(words) == "Open it. Then wait.\n"


@pytest.mark.parametrize("between", ["", "\n", "\n\n\n", "2\n", "\n2\n"])
def test_a_timing_ends_a_cue_with_and_without_a_blank_line(between):
    words = f"1\n{TIMINGS[0]}\nOpen it.\n{between}{TIMINGS[1]}\nThen wait.\n"
    assert read_transcript(words) == "Open it. Then wait.\n"


def test_words_behind_a_timing_are_said():
    assert read_transcript("00:00:01,000 --> 00:00:04,000 Open it.\n\n") == "Open it.\n"


def test_a_file_may_begin_with_other_lines_and_they_are_kept():
    words = "A talk on hives\nby Ada\n\n1\n00:00:01,000 --> 00:00:04,000\nOpen it.\n"
    assert is_transcript(words)
    assert read_transcript(words) == "A talk on hives by Ada\n\nOpen it.\n"


def test_a_blank_line_in_a_cue_loses_no_words():
    words = (
        "1\n00:00:01,000 --> 00:00:04,000\nOpen it.\n\nThen wait.\n\n2\n00:00:05,000 --> 00:00:06,000\nIn 1999\n42\n"
    )
    assert read_transcript(words) == "Open it. Then wait. In 1999 42\n"


def test_notes_styles_regions_names_and_the_header_are_not_said():
    words = (
        "WEBVTT - hives\nKind: captions\nLanguage: en\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\n\n"
        "NOTE\nby hand\n\nNOTE of 2026\n\nintro\n00:01.000 --> 00:04.000\nOpen it.\n\nNOTE more\nof it\n\n"
        "8f/12-0\n00:05.000 --> 00:06.000\nWait.\n"
    )
    assert read_transcript(words) == "Open it. Wait.\n"


def test_breaks_cut_words_and_signs_of_comparison_hide_none():
    cue = "Open<br>it<br/>now\\Nand if a<b and c>d then <3 it."
    assert read_transcript(f"1\n{TIMINGS[0]}\n{cue}\n") == "Open it now and if a<b and c>d then <3 it.\n"


def test_blank_lines_may_stand_before_the_header():
    assert read_transcript("\ufeff\n\n" + VTT + "00:01.000 --> 00:04.000\nOpen it.\n") == "Open it.\n"


def test_a_header_right_above_a_timing_ends_there():
    assert read_transcript("WEBVTT\n00:01.000 --> 00:04.000\nOpen it.\n") == "Open it.\n"


def test_marks_are_no_words_and_signs_of_comparison_are():
    cue = "{\\an8}<i>Open</i> <font color='red'>it</font><00:01.500><c.x> now</c>: 3 < 5 &amp; 7 > 5 &lt;b&gt;"
    assert read_transcript(f"1\n{TIMINGS[0]}\n{cue}\n") == "Open it now: 3 < 5 & 7 > 5 <b>\n"


def test_a_paragraph_ends_with_the_sentence_when_it_gets_long():
    sentence = "word " * (LONG_WORDS - 1) + "end."
    cues = "\n\n".join(f"{number}\n{TIMINGS[0]}\n{sentence} {number}." for number in range(3))
    assert read_transcript(cues).count("\n\n") == 2


def test_a_paragraph_without_blanks_gets_long_too():
    sentence = "冬天请不要打开蜂箱因为蜜蜂会受冻。" * 20
    cues = "\n\n".join(f"{number}\n{TIMINGS[0]}\n{number}{sentence}" for number in range(3))
    assert read_transcript(cues).count("\n\n") == 2


@pytest.mark.parametrize(
    "words",
    [
        "From 10:00 --> 11:00 we smoke.\n\nThen we wait.",
        "# How subtitles work\n\nA file looks so:\n\n```\n1\n00:00:01,000 --> 00:00:04,000\nHi.\n```\n"
        + "\nMore words.\n" * 40,
        "WEBVTTX\n\nwords",
        "",
    ],
)
def test_a_text_that_speaks_of_subtitles_is_none(words):
    assert not is_transcript(words)
