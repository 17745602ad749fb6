"""Marks for numbers in Markdown: which pairs are spans, what is wrong with others, and what is left alone."""

import pytest

from graylit.report.marks import digest_block, find_spans, strip_marks

CLOSED = "<!--/-->"


def list_names(text):
    spans, faults, _ = find_spans(text, "page.md")
    assert faults == []
    return [(span.name, span.form, text[span.start : span.end], span.is_block) for span in spans]


def list_faults(text):
    return [(fault.row, fault.value, fault.problem) for fault in find_spans(text, "page.md")[1]]


@pytest.mark.parametrize(
    "text",
    [
        "Of <!--=codes-->34<!--/--> codes",
        "Of <!-- =  codes -->34<!-- / --> codes",
        "| codes | <!--=codes-->34<!--/--> |",
        "\ufeffOf **<!--=codes-->34<!--/-->**",
        "Of <!--=codes-->34<!--/-->\r\n\r\ncodes\r\n",
        "a ` b\n\nOf <!--=codes-->34<!--/--> `c`",
        "```\ncode\n```\nOf <!--=codes-->34<!--/-->",
    ],
)
def test_a_number_between_marks_in_a_line_is_a_span(text):
    assert list_names(text) == [("codes", "", "34", False)]


def test_a_form_is_asked_for_after_as():
    assert list_names("<!--=codes as words-->x<!--/--> <!--=alpha as 3 decimals--><!--/-->") == [
        ("codes", "words", "x", False),
        ("alpha", "3 decimals", "", False),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_marks_with_lines_of_their_own_hold_a_block(end):
    text = end.join(["Before", "  <!--=table.x-->", "", "| a |", "", "  <!--/0123abcd-->", "after"])
    spans, faults, _ = find_spans(text, "page.md")
    assert faults == [] and [(span.is_block, span.digest, span.row) for span in spans] == [(True, "0123abcd", 2)]
    assert list_names(f"<!--=table.x-->{end}<!--/-->")[0][3]


@pytest.mark.parametrize(
    "text",
    [
        "```md\n<!--=codes-->34<!--/-->\n```\n",
        "~~~~\n<!--=codes-->34\n~~~\n<!--/-->\n~~~~",
        "- item\n  ```\n  <!--=codes-->34<!--/-->\n  ```",
        "Write `<!--=codes-->34<!--/-->` so.",
        "Write ``<!--=codes-->`34<!--/-->`` so.",
        "```\n<!--=codes-->",
    ],
)
def test_in_code_no_mark_counts_but_its_name_is_told(text):
    spans, faults, in_code = find_spans(text, "page.md")
    assert (spans, faults) == ([], [])
    assert [name for name, _ in in_code] == ["codes"]


@pytest.mark.parametrize(
    "text", ["<!-- a comment -->", "<!--====-->", "<!--/etc/hosts-->", "a <!--/no--> b", "1 < 2 -->"]
)
def test_other_comments_are_left_alone(text):
    assert find_spans(text, "page.md") == ([], [], [])
    assert strip_marks(text) == text


@pytest.mark.parametrize(
    ("text", "row", "value", "problem"),
    [
        ("a\n<!--=codes-->34", 2, "codes", "is not closed by the end of the page"),
        ("x <!--=a-->1 <!--=b-->2<!--/-->", 1, "a", "is not closed before another one opens in row 1"),
        ("34<!--/--> codes", 1, CLOSED, "closes a mark that is not open"),
        ("\n\nOf <!--=codes 34<!--/\ncodes", 3, "<!--=codes 34<!--/", "is a mark without an end"),
        ("Of <!--=-->34<!--/-->", 1, "<!--=-->", "is a mark that names no number"),
        ("Of <!--=12 codes-->34<!--/-->", 1, "12 codes", "is no name of a number"),
        ("Of <!--=codes-->34\ncodes<!--/-->", 1, "codes", "is closed in row 2 only"),
        ("<!--=table.x-->\n| a |\nb <!--/-->", 1, "table.x", "is closed in row 3 only"),
    ],
)
def test_what_is_wrong_with_a_mark_is_told_with_its_row(text, row, value, problem):
    assert (row, value, problem) in list_faults(text)


def test_marks_that_begin_a_line_are_known():
    text = "<!--=a-->1<!--/--> b\n- <!--=a-->1<!--/-->\n\nOf <!--=a-->1<!--/-->\n| <!--=a-->1<!--/--> |"
    assert [span.starts_line for span in find_spans(text, "page.md")[0]] == [True, True, False, False]


def test_a_page_without_its_marks_reads_as_rendered():
    text = "Of <!--=codes-->34<!--/--> codes `<!--=codes-->`\n\n<!--=table.x-->\n\n| a |\n\n<!--/0123abcd-->\n"
    assert strip_marks(text) == "Of 34 codes `<!--=codes-->`\n\n\n\n| a |\n\n\n"


def test_the_digest_of_a_block_heeds_words_and_not_how_a_program_lays_them_out():
    assert digest_block("| a | b |\n| --- | --: |") == digest_block("\r\n| a   | b |\r\n| ------ | -----: |\r\n")
    assert digest_block("| a | b |") != digest_block("| a | c |")


def test_many_marks_and_backticks_take_no_more_than_their_length():
    text = "a ` b `` c <!--=x-->1<!--/--> " * 3000
    assert len(list_names("Of <!--=x-->1<!--/--> " * 3000)) == 3000
    find_spans(text, "page.md")
