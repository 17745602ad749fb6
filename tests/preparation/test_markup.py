"""From a text to its blocks: what is a heading, a list, a table, code, and what only looks like one."""

import pytest
from lxml import etree

from graylit.preparation.markup import read_blocks
from graylit.preparation.page_markup import write_markup


def blocks(text):
    return [(block.kind, text[block.start : block.end]) for block in read_blocks(text)]


def headings(text):
    return [(block.level, block.title) for block in read_blocks(text) if block.kind == "heading"]


def test_a_list_goes_on_across_blank_lines():
    assert blocks("- Oak\n\n- Pine\n\n  more of pine\n\nWords.") == [
        ("list", "- Oak\n\n- Pine\n\n  more of pine"),
        ("paragraph", "Words."),
    ]


@pytest.mark.parametrize("mark", ["-", "*", "+", "•", "1.", "12)"])
def test_every_usual_mark_makes_an_item(mark):
    assert blocks(f"{mark} Oak\n{mark} Pine") == [("list", f"{mark} Oak\n{mark} Pine")]


def test_a_list_right_under_a_paragraph_is_a_block_of_its_own():
    assert blocks("Woods:\n- Oak\n- Pine") == [("paragraph", "Woods:"), ("list", "- Oak\n- Pine")]


def test_lines_of_a_paragraph_stay_together():
    assert blocks("One line\nand another.\n\nNext.") == [
        ("paragraph", "One line\nand another."),
        ("paragraph", "Next."),
    ]


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_a_fence_holds_everything_up_to_its_end(fence):
    text = f"{fence}sh\n# no heading\n\n- no item\n{fence}\nWords."
    assert blocks(text) == [("listing", f"{fence}sh\n# no heading\n\n- no item\n{fence}"), ("paragraph", "Words.")]


def test_a_fence_that_never_ends_goes_to_the_end_of_the_text():
    assert blocks("Words.\n```\na\nb") == [("paragraph", "Words."), ("listing", "```\na\nb")]


def test_front_matter_is_skipped():
    assert blocks("---\ntitle: Barrels\n---\n\nWords.") == [("paragraph", "Words.")]


def test_a_rule_at_the_start_without_a_second_one_is_no_front_matter():
    assert ("paragraph", "Words.") in blocks("---\n\nWords.")


def test_underlined_lines_are_headings():
    assert headings("Barrels\n=======\n\nLids\n---\n\nWords.") == [(1, "Barrels"), (2, "Lids")]


def test_closing_marks_of_a_heading_are_not_its_title():
    assert headings("## Lids ##\n") == [(2, "Lids")]


def test_a_sharp_at_the_end_of_a_word_belongs_to_the_title():
    assert headings("# Barrels in C#\n\n## F# ##\n") == [(1, "Barrels in C#"), (2, "F#")]


def test_a_hash_without_blank_is_no_heading():
    assert blocks("#barrels are nice") == [("paragraph", "#barrels are nice")]


def test_rows_with_bars_are_a_table():
    assert blocks("Size | Price\nSmall | 30\n\nWords.") == [
        ("table", "Size | Price\nSmall | 30"),
        ("paragraph", "Words."),
    ]


def test_blocks_cut_the_words_also_after_signs_outside_the_basic_plane():
    assert blocks("# 🛢 Barrels\n\nÄpfel 🍏 swim.") == [("heading", "# 🛢 Barrels"), ("paragraph", "Äpfel 🍏 swim.")]


@pytest.mark.parametrize(
    "line", ["```make barrel``` builds it.", "``` ``", "```` ``` ````", "~~Old~~ news.", "    ```", "- ```tap``` opens"]
)
def test_a_line_of_inline_code_opens_no_fence(line):
    assert [kind for kind, _ in blocks(f"{line}\n\n# Lids\n\nWords.")][1:] == ["heading", "paragraph"]


@pytest.mark.parametrize(
    ("opening", "ending"),
    [
        ("```", "```"),
        ("````text", "`````"),
        ("~~~", "~~~~ "),
        ("~~~~ a ``` b", "~~~~"),
        ("  ```", " ```"),
        ("```{x}", "```"),
    ],
)
@pytest.mark.parametrize("inside", ["``` is how", "use ``` here", "``", "~~", "```x", "    ```", "# no heading", ""])
def test_a_fence_ends_at_a_bare_fence_of_its_sign_and_at_least_its_length(opening, ending, inside):
    text = f"Words.\n\n{opening}\n{inside}\n{ending}\n\n# Lids"
    assert [kind for kind, _ in blocks(text)] == ["paragraph", "listing", "heading"]


def test_a_shorter_fence_or_one_of_the_other_sign_ends_none():
    assert [kind for kind, _ in blocks("````\n```\n~~~~\n````\n\nWords.")] == ["listing", "paragraph"]


def test_a_fence_that_never_ends_goes_to_the_end_of_its_item():
    assert blocks("- Open:\n\n  ```\n  tap\n\nWords.") == [
        ("list", "- Open:"),
        ("listing", "  ```\n  tap"),
        ("paragraph", "Words."),
    ]


def test_a_fence_that_begins_an_item_is_a_fence():
    text = "1. ```\n   tap\n   ```\n\n   Words.\n2. More."
    assert [kind for kind, _ in blocks(text)] == ["listing", "paragraph", "list"]


def test_a_fence_may_be_as_deep_as_the_item_it_is_in():
    assert [kind for kind, _ in blocks("10. Open:\n\n    ```\n    # tap\n    ```\n\n11. Close.")] == [
        "list",
        "listing",
        "list",
    ]


@pytest.mark.parametrize("sign", "~^\"'`#*+:.")
def test_every_usual_sign_underlines_headings_of_restructured_text(sign):
    text = f"Barrels\n=======\n\nOne.\n\nLids\n{sign * 4}\n\nTwo.\n\nTaps and\n--------\n\nThree."
    assert headings(text) == [(1, "Barrels"), (2, "Lids"), (3, "Taps and")]
    assert [kind for kind, _ in blocks(text)] == ["heading", "paragraph"] * 3


@pytest.mark.parametrize("sign", "=~*#`")
def test_a_line_above_and_below_makes_a_heading_of_its_own_level(sign):
    text = f".. _top:\n\n{sign * 9}\n Barrels\n{sign * 9}\n\nOne.\n\nLids\n====\n\nTwo."
    assert headings(text) == [(1, "Barrels"), (2, "Lids")]


def test_words_under_an_underline_without_a_blank_line_are_a_paragraph():
    assert blocks("Winter\n~~~~~~\nWords.\n\nMore\n~~~~\nEnd.") == [
        ("heading", "Winter\n~~~~~~"),
        ("paragraph", "Words."),
        ("heading", "More\n~~~~"),
        ("paragraph", "End."),
    ]


def test_an_underline_may_be_short_in_restructured_text_and_a_line_of_signs_is_a_transition():
    text = ".. note:: Drain it.\n\nLids in winter\n~~~~~~\n\nOne.\n\n~~~~~~\n\nTwo."
    assert headings(text) == [(1, "Lids in winter")]
    assert [kind for kind, _ in blocks(text)] == ["paragraph", "heading", "paragraph", "paragraph", "paragraph"]


@pytest.mark.parametrize("mark", ["~~~", "```"])
def test_a_fence_right_under_words_is_a_fence(mark):
    assert [kind for kind, _ in blocks(f"Run this:\n{mark}\ntap\n{mark}\nWords.")] == [
        "paragraph",
        "listing",
        "paragraph",
    ]


@pytest.mark.parametrize("code", ["a\n```\nb", "````", "~~~\n`````x\n", "# a\n\n\n- b"])
def test_kept_code_is_read_back_as_one_block_whatever_it_holds(code):
    tree = etree.Element("body")
    etree.SubElement(tree, "code").text = f"tap\n{code}\nend"
    etree.SubElement(tree, "p").text = "Words."
    text = write_markup(tree, keep_code_blocks=True)
    assert [kind for kind, _ in blocks(text)] == ["listing", "paragraph"]
    assert f"tap\n{code}\nend" in blocks(text)[0][1]


@pytest.mark.parametrize(("opening", "ending"), [("<!--", "-->"), ("<pre class=x>", "</pre>"), ("<STYLE>", "</STYLE>")])
def test_a_fence_inside_an_html_block_is_none(opening, ending):
    html = f"{opening}\n\n```\n\n{ending}"
    assert blocks(f"{html}\n\nWords.\n\n# Winter") == [
        ("paragraph", html),
        ("paragraph", "Words."),
        ("heading", "# Winter"),
    ]


def test_an_html_block_that_never_ends_holds_nothing():
    assert blocks("<!-- x\n\n```\na\n```\n\nWords.") == [
        ("paragraph", "<!-- x"),
        ("listing", "```\na\n```"),
        ("paragraph", "Words."),
    ]


def test_a_title_may_be_longer_than_the_line_of_tildes_below_it():
    text = "How hives are kept\n~~~~~~~\n\nWords.\n\nLid\n~~~~\n\nWords."
    assert [kind for kind, _ in blocks(text)] == ["heading", "paragraph"] * 2
