"""Lines of a PDF become paragraphs, headings, lists and tables, in the order in which they are read."""

import re
from collections import Counter

import pytest

from graylit.captures.pdfs import open_pdf
from graylit.preparation.pdf_texts import read_pdf
from pdfs import Placed, place_lines, write_pages

FIRST = (
    "When the whole team looks at the same board every morning, then you can",
    "make sure, before anything else is started, that the stories which are",
    "called done are those that the customer has asked for. Nobody needs a",
    "meeting for that, and nobody has to write a report about it.",
)
SECOND = (
    "A board that only one person looks at is a list. It says what this person",
    "wants to know, and it is out of date as soon as somebody else finishes a",
    "task without telling. Put the board where everybody walks past it.",
)
HEADER, FOOTER = [Placed("The board handbook", base=780, size=9)], 20


def read(*pages, **more):
    return read_pdf(write_pages(*pages, **more))


def read_blocks(*pages, **more):
    return read(*pages, **more).words.strip("\n").split("\n\n")


def join(lines):
    return " ".join(lines)


# Paragraphs -----------------------------------------------------------------------------------------------------


def test_a_sentence_goes_on_over_the_end_of_a_page():
    pages = [place_lines(*SECOND, *FIRST[:2], top=200), place_lines(*FIRST[2:], *SECOND, top=700)]
    assert read_blocks(*pages) == [join(SECOND), join(FIRST), join(SECOND)]


def test_a_sentence_that_ends_with_its_page_ends_its_paragraph():
    assert read_blocks(place_lines(*FIRST), place_lines(*SECOND)) == [join(FIRST), join(SECOND)]


def test_paragraphs_end_with_a_gap_or_before_an_indented_line():
    gap = place_lines(*FIRST) + place_lines(*SECOND, top=636)
    indented = place_lines(*FIRST) + [Placed(SECOND[0], 65, 644), *place_lines(*SECOND[1:], top=630)]
    assert read_blocks(gap) == read_blocks(indented) == [join(FIRST), join(SECOND)]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("The whole team looks at the same custo-", "mer board."), "The whole team looks at the same customer board."),
        (
            ("We wait for the next release of GPT-", "4 and its board."),
            "We wait for the next release of GPT-4 and its board.",
        ),
        (
            ("A well-known board is a well-known thing for a well-", "known team."),
            "A well-known board is a well-known thing for a well-known team.",
        ),
        (("The whole team looks at the cus\xadtomer\xad", "board."), "The whole team looks at the cus-tomerboard."),
    ],
    ids=["broken word", "number", "word with a hyphen elsewhere", "soft hyphens"],
)
def test_words_broken_at_the_ends_of_lines_are_whole(lines, words):
    assert read_blocks(place_lines(*lines)) == [words]


def test_a_note_at_the_foot_of_a_page_breaks_no_paragraph():
    note = place_lines("1 Of paper or of cork, both will do, as said in the first chapter of the book.", top=60, size=8)
    assert read_blocks(place_lines(*FIRST[:2], top=100) + note, place_lines(*FIRST[2:])) == [join(FIRST), note[0].words]


def test_a_figure_in_the_middle_breaks_no_sentence_and_keeps_its_caption():
    caption = place_lines("Figure 2: A board of cork with three lists on it.", top=500)
    page = place_lines(*FIRST[:2]) + caption + place_lines(*FIRST[2:], top=450)
    assert read_blocks(page) == [join(FIRST), caption[0].words]


# Columns --------------------------------------------------------------------------------------------------------


def narrow(words, width=38):
    return re.findall(rf".{{1,{width}}}(?:\s|$)", words)


LEFT, RIGHT = narrow(join(FIRST + SECOND)), narrow(join(SECOND + FIRST))
COLUMNS = place_lines(*LEFT, top=600), place_lines(*RIGHT, left=320, top=600)


def flow(*blocks):
    return re.sub(r"\s+", " ", " ".join(blocks)).strip()


@pytest.mark.parametrize("is_across", [False, True], ids=["column by column", "line by line"])
def test_columns_are_read_one_after_the_other_however_the_file_writes_them(is_across):
    left, right = COLUMNS
    page = [part for row in zip(left, right, strict=False) for part in row] if is_across else left + right
    rest = (left + right)[2 * min(len(left), len(right)) :] if is_across else []
    blocks = read_blocks([Placed("Boards", 200, 700, 20), *page, *rest])
    assert blocks[0] == "# Boards"
    assert flow(*blocks[1:]) == flow(*LEFT, *RIGHT)


def test_a_line_over_both_columns_is_read_between_what_is_above_and_below():
    left, right = COLUMNS
    across = place_lines(*FIRST, top=400, size=13)
    below = place_lines(*LEFT, top=300), place_lines(*RIGHT, left=320, top=300)
    blocks = read_blocks(left + right + across + below[0] + below[1])
    assert flow(*blocks) == flow(*LEFT, *RIGHT, *FIRST, *LEFT, *RIGHT)


def test_a_caption_beside_a_paragraph_is_not_read_with_its_lines():
    left = place_lines(*LEFT, top=600)
    caption = place_lines(
        "Figure 1: A board of cork with",
        "three lists on it, of which",
        "two are for one team",
        "only.",
        left=320,
        top=572,
    )
    blocks = read_blocks(left[:2] + caption + left[2:])
    assert blocks == [flow(*LEFT), flow(*(part.words for part in caption))]


def test_three_columns_are_read_in_order():
    columns = [narrow(join(part), 24) for part in (FIRST, SECOND, FIRST)]
    page = [placed for n, lines in enumerate(columns) for placed in place_lines(*lines, left=40 + 185 * n, size=10)]
    assert flow(*read_blocks(page)) == flow(*(line for lines in columns for line in lines))


def test_three_columns_that_the_file_writes_line_by_line_are_read_in_order():
    columns = [narrow(join(part), 24) for part in (FIRST + SECOND, SECOND + FIRST, FIRST + SECOND)]
    placed = [place_lines(*lines, left=40 + 185 * n, top=700 - n, size=10) for n, lines in enumerate(columns)]
    page = sorted((part for parts in placed for part in parts), key=lambda part: -part.base)
    assert flow(*read_blocks(page)) == flow(*(line for lines in columns for line in lines))


def test_cells_of_several_lines_are_not_read_as_columns():
    rows = [(FIRST, SECOND[:2]), (SECOND, FIRST[:2]), (FIRST[1:], SECOND[1:])]
    page, base = [], 700
    for cells in rows:
        for n, cell in enumerate(cells):
            page += place_lines(*(narrow(join(cell))), left=50 + 270 * n, top=base)
        base -= 14 * 12
    assert flow(*read_blocks(page)).index(FIRST[0][:30]) < flow(*read_blocks(page)).index(SECOND[0][:30])


def test_rows_of_a_table_stay_rows():
    rows = [("Board", "Team", "Since"), ("Cork", "Blue", "2021"), ("Paper", "Red", "2022"), ("Screen", "Green", "2023")]
    page = [Placed(cell, 50 + 150 * n, 700 - 14 * i) for i, row in enumerate(rows) for n, cell in enumerate(row)]
    assert read_blocks(page) == ["\n".join(" | ".join(row) for row in rows)]


# Headings and lists -----------------------------------------------------------------------------------------------


def test_headings_are_what_is_larger_or_bolder_than_the_text():
    page = [
        Placed("All about boards", base=750, size=24),
        Placed("Where they hang", base=710, size=16),
        *place_lines(*FIRST, top=680),
        Placed("Who looks at them", base=610, font="bold"),
        *place_lines(*SECOND, top=590),
    ]
    assert read_blocks(page) == [
        "# All about boards",
        "## Where they hang",
        join(FIRST),
        "### Who looks at them",
        join(SECOND),
    ]


def test_a_name_in_other_letters_leaves_a_heading_one():
    heading = [Placed("What everybody knows about the", base=730, font="bold"), Placed("XYZ", 248, 730, font="code")]
    assert read_blocks(heading + place_lines(*FIRST))[0].startswith("# What everybody knows about the XYZ")


def test_a_heading_in_capitals_may_have_two_lines():
    heading = place_lines("II. WHAT EVERYBODY KNOWS ABOUT BOARDS THAT HANG IN", "ROOMS", top=750)
    assert read_blocks(heading + place_lines(*FIRST))[0] == f"# {flow(*(part.words for part in heading))}"


@pytest.mark.parametrize("words", ["Chapter one ........ 12", "x = 3 boards", "Figure 1 The board"])
def test_lines_of_contents_formulas_and_captions_are_no_headings(words):
    assert "#" not in read(place_lines(*FIRST) + [Placed(words, base=600, font="bold")]).words


def test_a_sentence_that_begins_in_bold_letters_is_no_heading():
    page = [Placed("Boards.", font="bold"), Placed(FIRST[0], 100), *place_lines(*FIRST[1:], top=686)]
    assert read_blocks(page) == [join(["Boards.", *FIRST])]


@pytest.mark.parametrize(
    ("marks", "written"), [(("\u2022", "\u2022"), "--"), (("1.", "2."), ("1.", "2.")), (("-", "-"), "--")]
)
def test_items_of_a_list_lie_below_one_another(marks, written):
    items = [("hang it where everybody walks past it and where", "there is light"), ("ask who looks at it",)]
    page, base = place_lines("A board needs three things:", top=700), 686
    for mark, lines in zip(marks, items, strict=True):
        page += [Placed(mark, 60, base), *place_lines(*lines, left=75, top=base)]
        base -= 14 * len(lines)
    wanted = [f"{mark} {join(item)}" for mark, item in zip(written, items, strict=True)]
    assert read_blocks(page) == ["A board needs three things:", "\n".join(wanted)]


def test_code_keeps_its_lines_and_is_told_as_such():
    code = place_lines("for board in boards:", top=640, font="code") + place_lines(
        "look(board)", left=78.8, top=626, font="code"
    )
    assert read_blocks(place_lines(*FIRST) + code)[1] == "```\nfor board in boards:\n    look(board)\n```"


def test_words_that_would_be_read_as_a_heading_are_none():
    assert read_blocks(place_lines("# of boards that hang in a room"))[0] == "\\# of boards that hang in a room"


# Headers and footers ----------------------------------------------------------------------------------------------


def number(n, words="{}"):
    return [Placed(words.format(n), 290, 20, 9)]


def test_running_headers_and_page_numbers_are_left_out_and_counted():
    found = read(
        *(HEADER + place_lines(*lines) + number(n, "Page {} of 3") for n, lines in enumerate((FIRST, SECOND, FIRST), 1))
    )
    assert found.words.split("\n\n") == [join(FIRST), join(SECOND), join(FIRST) + "\n"]
    assert sorted(found.running) == ["Page 1 of 3", "Page 2 of 3", "Page 3 of 3", *3 * ["The board handbook"]]


def test_headers_of_left_and_right_pages_are_left_out():
    sides = ["{} The board handbook", "Chapter One {}"]
    bodies = (place_lines(f"{n * n} boards hang here.", *FIRST, f"{n * n} do not.") for n in range(10, 16))
    pages = (body + [Placed(sides[n % 2].format(n), 50, 780, 9)] for n, body in enumerate(bodies, 10))
    assert len(read(*pages).running) == 6


def test_words_that_all_pages_have_on_their_margin_are_left_out():
    stamp = Placed("Boards 10 (2020)", 30, 300, 20, matrix="0 1 -1 0")
    found = read(*([*place_lines(*lines), stamp] for lines in (FIRST, SECOND, FIRST)))
    assert (found.words.count("Boards"), len(found.running)) == (0, 3)


def test_roman_page_numbers_are_left_out():
    bodies = (place_lines(f"{n * n} boards hang here.", *FIRST, f"{n * n} do not.") for n in range(4))
    pages = (body + number(n) for n, body in zip(("ii", "iii", "iv", "v"), bodies, strict=True))
    assert read(*pages).running == ("ii", "iii", "iv", "v")


def test_titles_of_slides_and_numbers_in_the_text_are_no_page_numbers():
    pages = (
        [Placed(f"Step {n}", 50, 770, 30), *place_lines(*FIRST), Placed(f"{n * n} boards", 50, 60)] for n in (3, 4, 5)
    )
    assert read(*pages).running == ()


def test_the_same_words_in_the_middle_of_pages_are_text():
    pages = (place_lines(f"{n * n} boards", *FIRST, "It is the same.", *SECOND) for n in range(4))
    assert read(*pages).running == ()


@pytest.mark.parametrize("lines", [("Boards are closed.",), (*FIRST, *SECOND)])
def test_pages_that_are_all_alike_keep_their_words(lines):
    assert read(*4 * [place_lines(*lines)]).running == ()


# Directions -------------------------------------------------------------------------------------------------------


def test_a_page_on_its_side_is_read_as_it_is_shown():
    # A page whose letters run upwards and which is shown turned by a quarter.
    page = [Placed(words, 300 + 14 * n, 100, matrix="0 1 -1 0") for n, words in enumerate(FIRST)]
    assert read_blocks(page, page="/Rotate 90") == [join(FIRST)]


def test_words_on_the_margin_break_no_paragraph():
    stamp = Placed("Draft of the board handbook, not to be copied", 30, 300, matrix="0 1 -1 0")
    pages = [[*place_lines(*FIRST[:2], top=80), stamp], place_lines(*FIRST[2:])]
    assert read_blocks(*pages) == [join(FIRST), stamp.words]


# No word is lost --------------------------------------------------------------------------------------------------


def count_signs(words):
    return Counter(re.sub(r"[\s\x00-\x02\ufffe\xad#|`•-]", "", words))


def list_layouts():
    left, right = COLUMNS
    yield left + right
    yield [part for row in zip(left, right, strict=False) for part in row]
    yield place_lines(*FIRST, leading=3)  # lines over one another
    yield place_lines(*FIRST, leading=-14)  # upwards
    yield place_lines(*FIRST, left=-400)  # beside the page
    yield [Placed(word, 37 * n % 500, 91 * n % 700, 5 + n % 17) for n, word in enumerate(join(FIRST + SECOND).split())]
    yield HEADER + place_lines(*FIRST) + number(1)


@pytest.mark.parametrize("n_pages", [1, 3])
@pytest.mark.parametrize("layout", list(list_layouts()))
def test_every_sign_of_the_text_layer_is_in_the_text_or_left_out_as_running(layout, n_pages):
    body = write_pages(*[layout] * n_pages)
    found = read_pdf(body)
    layer = "".join(page.get_textpage().get_text_range() for page in open_pdf(body))
    assert count_signs(found.words + "".join(found.running)) == count_signs(layer)
